import type { CommandContext, CommandTx, Published, PublishSaid } from '../bot/command.ts'
import { spellMoment } from '../clock.ts'
import { hears } from '../meeting/heads.ts'
import { publishedAnswer, reachWords } from '../meeting/published.ts'
import { waitsWords } from '../meeting/quiet.ts'
import { type Draft, type Notice, notices } from '../store/collections.ts'
import { concernedBy } from './concerned.ts'
import { type NoticePlan, noticePlan, RECEIPT, refuseUntimely } from './plan.ts'
import { sendNotice } from './sending.ts'

/** What 发布 makes of a notice's draft: sent at once, or kept for jobs/notice-publisher.ts. */
export async function publishNotice(
  ctx: CommandContext,
  tx: CommandTx,
  draft: Draft,
  said: PublishSaid,
): Promise<Published> {
  const plan = noticePlan.parse(draft.content)
  const at = await refuseUntimely(tx, plan, said.urgent !== null)
  const notice = await keepNotice(ctx, tx, plan, { at, receipt: said.words.has(RECEIPT), urgent: said.urgent })
  const { noticeId } = notice
  if (plan.dueAt) {
    const reach = reachWords(await concernedBy(tx.township, plan))
    const change = `要改请发：通知 改 ${noticeId} 新时间；不发了请发：通知 收回 ${noticeId}`
    const text = `已发布 ${noticeId}，${spellMoment(at)} ${reach}。${change}`
    return { answer: { text, outcome: `已发布 ${noticeId}` }, became: noticeId }
  }
  const told = await sendNotice(tx, tx.township, notice)
  const waits = await waitsWords(tx.township, tx.now, said.urgent !== null)
  const answer = publishedAnswer(noticeId, told, { waits })
  const next = plan.branchId === null ? nextLine(ctx, noticeId) : ''
  return { answer: { ...answer, text: [answer.text, next].join('\n').trim() }, became: noticeId }
}

/** Whom no message reaches (he is not on the roster) gets no report of how it went. */
function nextLine({ person }: CommandContext, noticeId: string): string {
  const unheard = hears(person) && person.memberships.length > 0 ? '' : '发完了没法另外告诉您，'
  return `${unheard}看进度请发：通知 状态 ${noticeId}；停发请发：群发 停 ${noticeId}`
}

async function keepNotice(
  ctx: CommandContext,
  tx: CommandTx,
  { branchId, branchIds, only, text, picture }: NoticePlan,
  how: { at: Date; receipt: boolean; urgent: string | null },
): Promise<Notice> {
  const by = ctx.person.personId
  const { receipt, urgent } = how
  const notice: Notice = {
    noticeId: await tx.nextId('n'),
    branchId,
    branchIds,
    only,
    by,
    text,
    picture,
    state: 'scheduled',
    publishedAt: tx.now.toISOString(),
    dueAt: how.at.toISOString(),
    receipt,
    urgent,
    to: [],
    outgoingIds: [],
    urgedOn: null,
  }
  await tx.insert(notices, notice)
  const { noticeId: about, dueAt } = notice
  const after = { text, dueAt, receipt, picture: picture !== null }
  await tx.audit({ by, branchId, what: 'publish-notice', about, after, ...(urgent && { why: urgent }) })
  return notice
}
