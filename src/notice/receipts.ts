import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { addMinutes, spellMoment } from '../clock.ts'
import { UnknownIdError } from '../errors.ts'
import { gistOf } from '../meeting/words.ts'
import { type Notice, notices, type Receipt, receipts } from '../store/collections.ts'
import { membershipFor } from './concerned.ts'
import { shortNoticeId } from './words.ts'

/** 收到: one record a person and notice, his own alone. */

const CONFIRMED = '已收到'

/** A notice that was not sent to him does not exist for him. */
export async function confirm(ctx: CommandContext, tx: CommandTx, noticeId: string): Promise<Answer> {
  const { personId } = ctx.person
  const notice = await tx.township.get(notices, noticeId)
  const membership = (notice && membershipFor(notice, ctx.person)) ?? ctx.person.memberships[0]
  if (!notice?.to.includes(personId) || !membership) throw new UnknownIdError(noticeId)
  const before = await tx.get(receipts, `${noticeId}:${personId}`)
  if (before && notice.state !== 'recalled')
    return { text: `${CONFIRMED}，${spellMoment(new Date(before.at))} 确认的：${noticeId}`, outcome: CONFIRMED }
  if (notice.state === 'recalled') return { text: `${noticeId} 已经收回，不用确认，请不要照它办。`, outcome: '已收回' }
  if (!notice.receipt) return { text: `${noticeId} 看过就行，不用确认。` }
  const { branchId, group } = membership
  await tx.insert(receipts, { noticeId, personId, branchId, group, at: tx.now.toISOString() })
  return { text: `${CONFIRMED} ${noticeId}：${gistOf(notice.text)}`, outcome: CONFIRMED }
}

const isRecent = ({ at }: Receipt, minutes: number, now: Date): boolean => addMinutes(new Date(at), minutes) >= now

/** His last one, as young as that. */
export async function lastReceipt(
  ctx: CommandContext,
  tx: CommandReadTx,
  minutes: number,
): Promise<Receipt | undefined> {
  const mine = (await tx.find(receipts, 'person', ctx.person.personId)).filter(each => isRecent(each, minutes, ctx.now))
  return [...mine].sort((a, b) => a.at.localeCompare(b.at)).at(-1)
}

export async function undoReceipt(
  ctx: CommandContext,
  tx: CommandTx,
  noticeId: string,
  minutes: number,
): Promise<Answer> {
  const { personId } = ctx.person
  const key = `${noticeId}:${personId}`
  const receipt = await tx.get(receipts, key)
  if (!receipt || !isRecent(receipt, minutes, ctx.now)) {
    return { text: '已经撤回过了。发“通知”可以看还没确认的。' }
  }
  await tx.remove(receipts, key)
  const { branchId, at } = receipt
  await tx.audit({ by: personId, branchId, what: 'undo-receipt', about: noticeId, before: { at } })
  return { text: `已撤回对 ${noticeId} 的确认。看过了再发：收到${shortNoticeId(noticeId)}` }
}

/** personIds of those who confirmed, wherever they belong by now. */
export const confirmedBy = async (tx: CommandReadTx, { noticeId }: Notice): Promise<ReadonlySet<string>> =>
  new Set((await tx.township.find(receipts, 'notice', noticeId)).map(receipt => receipt.personId))
