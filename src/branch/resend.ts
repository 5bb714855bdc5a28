import type { CommandContext, CommandTx } from '../bot/command.ts'
import { timeOf } from '../clock.ts'
import { UserError } from '../errors.ts'
import { TOWNSHIP_PLACE } from '../meeting/drafts.ts'
import { resendKey, resendsOf } from '../notice/progress.ts'
import { type Meeting, meetings, notices, outbox } from '../store/collections.ts'
import { lastIncomplete, type Matter, matterSent } from './sent-log.ts'

/** Sending once more to those whom a message did not reach, and who may be reached now. */

/** What is over is not announced again. */
export async function refuseUseless(ctx: CommandContext, tx: CommandTx, about: string): Promise<void> {
  const meeting = about.startsWith('m-') ? await tx.get(meetings, about) : undefined
  if (meeting && !isAhead(meeting, ctx.now)) throw new UserError(`${about} 已经结束或取消，不用再发。`)
  const notice = about.startsWith('n-') ? await tx.get(notices, about) : undefined
  if (notice && notice.state !== 'sent') throw new UserError(`${about} 已经收回或停发，不用再发。`)
}

const isAhead = (meeting: Meeting, now: Date): boolean => meeting.state === 'open' && new Date(meeting.endsAt) > now

/** Whose it is: of a notice to all branches the township's, or, of its people in one branch, that branch's. */
export function branchOfResend({ reach }: CommandContext, { branchId, branchIds }: Matter): string | null {
  if (branchId !== null || reach.township) return branchId
  return reach.places.find(place => branchIds.includes(place.branchId))?.branchId ?? null
}

/** Where a draft of it lies. */
export const placeOfResend = (ctx: CommandContext, matter: Matter): string =>
  branchOfResend(ctx, matter) ?? TOWNSHIP_PLACE

export interface Resend {
  about: string
  outgoingId: string
  personIds: readonly string[]
}

/**
 * The same words with their time, since WeCom drops what it saw already; to those of the preview who are missed still: another
 * officer may have been first. Returns how many it goes to.
 */
export async function resend(ctx: CommandContext, tx: CommandTx, plan: Resend): Promise<number> {
  const { about, outgoingId } = plan
  const matter = await matterSent(ctx, tx, about)
  const first = await tx.township.get(outbox, outgoingId)
  if (!matter || !first || first.about !== about) throw new UserError('原来的消息已不在了，不能重发。')
  const left = lastIncomplete(matter, plan.personIds)
  const to = (left?.people ?? []).map(({ personId }) => personId)
  if (to.length === 0) return 0
  if (left?.sent.outgoing.outgoingId !== outgoingId) {
    throw new UserError(`${about} 后来又发过新的，这个没有发。要重发请发：发送记录 ${about} 重发`)
  }
  const earlier = resendsOf(first, await tx.township.find(outbox, 'about', about))
  const message = { ...first.message, text: `${first.message.text}\n${timeOf(tx.now)} 重发` }
  const sentAs = await tx.send(message, to, { about, key: resendKey(outgoingId, earlier.length + 1) })
  if (sentAs) await noteInNotice(tx, about, sentAs)
  const by = ctx.person.personId
  const branchId = branchOfResend(ctx, matter)
  await tx.audit({ by, branchId, what: 'resend', about, after: { people: to.length } })
  return to.length
}

/** A recall takes back what the notice knows of. Under the lock `notice:n-17`. */
async function noteInNotice(tx: CommandTx, about: string, outgoingId: string): Promise<void> {
  const notice = await tx.get(notices, about)
  if (notice) await tx.put(notices, { ...notice, outgoingIds: [...notice.outgoingIds, outgoingId] })
}
