import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Reply } from '../bot/message.ts'
import { addMinutes, spellMoment } from '../clock.ts'
import { clientOf } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { groupPost } from '../meeting/group-post.ts'
import { waitsWords } from '../meeting/quiet.ts'
import { chores, type Notice, notices, people } from '../store/collections.ts'
import { branchesOf, canConfirm } from './concerned.ts'
import { isWaiting, postsOf } from './pick.ts'
import { callsBegun, recordsOf, type SentCall } from './progress.ts'
import { copiedTo } from './sending.ts'
import { senderOf } from './words.ts'

/** 收回: what WeCom still takes back, and a correction to those whom that does not reach (WECOM.md 5.2). */

const RECALL_MINUTES = 24 * 60

export async function recall(ctx: CommandContext, tx: CommandTx, notice: Notice): Promise<Reply> {
  const { noticeId, state } = notice
  if (state === 'cancelled') throw new UserError(`${noticeId} 已经取消，没有发给任何人。`)
  if (state === 'scheduled') return cancel(ctx, tx, notice)
  for (const outgoingId of notice.outgoingIds) await tx.stopSending(outgoingId)
  const began = await callsBegun(tx.township, notice)
  const posted = await callOffPosts(tx, notice)
  const held = (await recordsOf(tx.township, notice)).length > 0
  if (held && began.length === 0 && posted.length === 0) return cancel(ctx, tx, notice)
  const recallable = began.filter(call => mayRecall(call, tx.now))
  for (const msgid of recallable.flatMap(call => call.msgids ?? [])) {
    const work = { does: 'recall', msgid } as const
    const { branchId } = notice
    await tx.chore({
      lane: `notice:${noticeId}`,
      branchId,
      by: ctx.person.personId,
      what: work,
      key: `recall:${msgid}`,
    })
  }
  if (state === 'recalled') return { text: `${noticeId} 已经收回过了。` }
  const corrected = await whomToCorrect(tx, notice, held ? began : null)
  const groups = await correct(ctx, tx, notice, corrected, posted)
  const forgotten = !held && (await anyGroup(tx, notice))
  await settle(ctx, tx, notice, 'recalled')
  const young = began.filter(call => isYoung(call, tx.now)).length
  const inTime = young === 0 ? 'none' : young < began.length ? 'some' : 'all'
  const waits = await waitsOf(tx, notice)
  return { text: recalledWords(noticeId, { inTime, corrected: corrected.length, groups, forgotten, waits }) }
}

/** Which of them had a copy is kept no longer than the sending itself. */
const anyGroup = async (tx: CommandTx, notice: Notice): Promise<boolean> =>
  (await branchesOf(tx.township, notice)).some(({ branchId, chat }) => chat && copiedTo(notice).includes(branchId))

const waitsOf = (tx: CommandTx, { urgent }: Notice) => waitsWords(tx.township, tx.now, urgent !== null)

async function cancel(ctx: CommandContext, tx: CommandTx, notice: Notice): Promise<Reply> {
  await settle(ctx, tx, notice, 'cancelled')
  return { text: `已收回 ${notice.noticeId}，没有发给任何人。` }
}

async function settle(ctx: CommandContext, tx: CommandTx, before: Notice, state: 'cancelled' | 'recalled') {
  await tx.put(notices, { ...before, state })
  const { noticeId: about, branchId } = before
  const by = ctx.person.personId
  await tx.audit({ by, branchId, what: 'recall-notice', about, before: { state: before.state }, after: { state } })
}

const isYoung = ({ markedAt }: SentCall, now: Date): boolean =>
  markedAt !== undefined && addMinutes(new Date(markedAt), RECALL_MINUTES) > now

const mayRecall = (call: SentCall, now: Date): boolean => call.msgids !== undefined && isYoung(call, now)

/** Takes back the copies for groups that still wait. Returns the branches whose group has one, or a part. */
async function callOffPosts(tx: CommandTx, notice: Notice): Promise<string[]> {
  const posts = await postsOf(tx, notice)
  for (const post of posts.filter(isWaiting)) {
    await tx.put(chores, { ...post, state: 'failed', why: '没有发：通知已收回' })
  }
  return posts.flatMap(({ done, branchId }) => (branchId && done > 0 ? [branchId] : []))
}

/** Who is not known to see cards may read it in WeChat, where the copy stays. null: nobody knows any more who got it. */
async function whomToCorrect(tx: CommandTx, notice: Notice, began: readonly SentCall[] | null): Promise<string[]> {
  const seen = began && new Set(began.flatMap(call => call.userIds))
  const late = began?.filter(call => !mayRecall(call, tx.now))
  const tooLate = late && new Set(late.flatMap(call => call.userIds))
  const corrected: string[] = []
  for (const personId of notice.to) {
    const person = await tx.township.get(people, personId)
    if (!person?.userId || !canConfirm(person) || (seen && !seen.has(person.userId))) continue
    if (!tooLate || tooLate.has(person.userId) || clientOf(person, 'text') === 'text') corrected.push(personId)
  }
  return corrected
}

/** Returns how many groups get the correction. */
async function correct(
  ctx: CommandContext,
  tx: CommandTx,
  notice: Notice,
  personIds: readonly string[],
  posted: readonly string[],
): Promise<number> {
  const { noticeId, dueAt } = notice
  const by = ctx.person.personId
  const urgent = notice.urgent !== null
  const sender = await senderOf(tx.township, notice)
  const text = `更正：${sender} ${spellMoment(new Date(dueAt))} 的通知 ${noticeId} 已收回，请不要照它办。`
  await tx.send({ text }, personIds, { about: noticeId, urgent })
  let groups = 0
  for (const branchId of posted) {
    const post = await groupPost(tx, { branchId, text, by, urgent })
    if (post && (await tx.chore(post))) groups += 1
  }
  return groups
}

interface Recalled {
  /** Which of the calls WeCom still takes back: a 催办 may be younger than the notice. */
  inTime: 'all' | 'some' | 'none'
  corrected: number
  groups: number
  /** Nobody knows any more which groups had a copy. */
  forgotten: boolean
  waits: string | undefined
}

const IN_TIME: Readonly<Record<Recalled['inTime'], string>> = {
  all: '企业微信里的正在撤回',
  some: '24 小时以内发的正在撤回，更早的收不回',
  none: '已过 24 小时，企业微信里的收不回',
}

function recalledWords(noticeId: string, { inTime, corrected, groups, forgotten, waits }: Recalled): string {
  const when = waits ? `${waits}更正` : '已发更正'
  const facts = [
    IN_TIME[inTime],
    ...(corrected > 0 ? [`${inTime === 'all' ? '微信里的收不回，' : ''}${when}给 ${corrected} 人`] : []),
    ...(groups > 0 ? [`群里的收不回，${waits ? '到时也发更正' : '已在群里更正'}`] : []),
    ...(forgotten ? ['发得太久，群里的没有更正，请到群里说一声'] : []),
  ]
  return `已收回 ${noticeId}：${facts.join('；')}。`
}
