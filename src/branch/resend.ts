import type { CommandContext, CommandTx } from '../bot/command.ts'
import { timeOf } from '../clock.ts'
import { UserError } from '../errors.ts'
import { type Meeting, meetings, notices, outbox, people } from '../store/collections.ts'
import { type Matter, mayTryAgain, resendKey, type Sent } from './sent-log.ts'

/** Sending once more to those whom a message did not reach, and who may be reached now. */

/** The last message of a matter that left somebody out: an earlier one is superseded by it. */
export const lastIncomplete = ({ sends }: Matter): Sent | undefined =>
  sends.findLast(sent => sent.missed.some(mayTryAgain))

/** What is over is not announced again. */
export async function refuseUseless(ctx: CommandContext, tx: CommandTx, about: string): Promise<void> {
  const meeting = about.startsWith('m-') ? await tx.get(meetings, about) : undefined
  if (meeting && !isAhead(meeting, ctx.now)) throw new UserError(`${about} 已经结束或取消，不用再发。`)
  const notice = about.startsWith('n-') ? await tx.get(notices, about) : undefined
  if (notice && notice.state !== 'sent') throw new UserError(`${about} 已经收回或停发，不用再发。`)
}

const isAhead = (meeting: Meeting, now: Date): boolean => meeting.state === 'open' && new Date(meeting.endsAt) > now

/** The same words with their time, since WeCom drops what it saw already. Returns how many it goes to. */
export async function resend(
  ctx: CommandContext,
  tx: CommandTx,
  about: string,
  outgoingId: string,
  to: readonly string[],
) {
  const first = await tx.township.get(outbox, outgoingId)
  if (!first || first.about !== about) throw new UserError('原来的消息已不在了，不能重发。')
  const earlier = (await tx.township.find(outbox, 'about', about)).filter(({ dedupeKey }) =>
    dedupeKey?.startsWith(resendKey(outgoingId, 0).slice(0, -1)),
  )
  const receivers: string[] = []
  for (const personId of to) if (await tx.get(people, personId)) receivers.push(personId)
  const message = { ...first.message, text: `${first.message.text}\n${timeOf(tx.now)} 重发` }
  await tx.send(message, receivers, { about, key: resendKey(outgoingId, earlier.length + 1) })
  const by = ctx.person.personId
  const branchId = ctx.reach.places[0]?.branchId ?? null
  await tx.audit({ by, branchId, what: 'resend', about, after: { people: receivers.length } })
  return receivers.length
}
