import { z } from 'zod'
import type { CommandContext, CommandTx, Published } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { spellMoment } from '../clock.ts'
import { UserError } from '../errors.ts'
import { previewOfChange } from '../meeting/change.ts'
import { TOWNSHIP_PLACE } from '../meeting/drafts.ts'
import { reachWords } from '../meeting/published.ts'
import { type Draft, type Notice, notices } from '../store/collections.ts'
import { concernedBy } from './concerned.ts'
import { noticeById } from './pick.ts'
import { noPhoneNames, refuseUntimely } from './plan.ts'

/** Changing a notice that waits for its time: shown before it is done, since it reaches many. */

const amendment = z.object({ noticeId: z.string(), dueAt: z.string().nullable(), text: z.string().nullable() })
export type Amendment = Omit<z.infer<typeof amendment>, 'noticeId'>

export async function previewAmendment(
  ctx: CommandContext,
  tx: CommandTx,
  notice: Notice,
  change: Amendment,
): Promise<Answer> {
  const { noticeId, branchId } = notice
  const at = await refuseUnchangeable(tx, notice, change)
  const told = await concernedBy(tx.township, notice)
  const content = { noticeId, ...change }
  const draftId = await tx.draft({
    command: 'notice-change',
    branchId: branchId ?? TOWNSHIP_PLACE,
    by: ctx.person.personId,
    content,
  })
  return previewOfChange(draftId, [
    `改 ${noticeId}`,
    ...(change.dueAt ? [`原定 ${spellMoment(new Date(notice.dueAt))}`] : []),
    `${spellMoment(at)} 发`,
    reachWords(told),
    ...noPhoneNames(ctx, notice, told),
    change.text ?? notice.text,
  ])
}

export async function publishAmendment(ctx: CommandContext, tx: CommandTx, draft: Draft): Promise<Published> {
  const { noticeId, ...change } = amendment.parse(draft.content)
  const before = await noticeById(ctx, tx, noticeId)
  const at = await refuseUnchangeable(tx, before, change)
  const after = { ...before, dueAt: at.toISOString(), text: change.text ?? before.text }
  await tx.put(notices, after)
  const { branchId } = before
  const told = ({ dueAt, text }: Notice) => ({ dueAt, text })
  const by = ctx.person.personId
  await tx.audit({ by, branchId, what: 'change-notice', about: noticeId, before: told(before), after: told(after) })
  const text = `已改 ${noticeId}，${spellMoment(at)} 发。不发了请发：通知 收回 ${noticeId}`
  return { answer: { text, outcome: `已改 ${noticeId}` }, became: noticeId }
}

/** Returns when it goes from now on. */
async function refuseUnchangeable(tx: CommandTx, notice: Notice, change: Amendment): Promise<Date> {
  const { noticeId, state, picture, urgent } = notice
  if (state === 'cancelled') throw new UserError(`${noticeId} 已经取消。要发请重新定：通知 定时 时间 内容`)
  if (state !== 'scheduled') throw new UserError(`${noticeId} 已经发出，改不了。要收回请发：通知 收回 ${noticeId}`)
  return refuseUntimely(tx, { dueAt: change.dueAt ?? notice.dueAt, picture }, urgent !== null)
}
