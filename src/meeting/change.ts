import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Answer, Message } from '../bot/message.ts'
import { timeOf } from '../clock.ts'
import { UserError } from '../errors.ts'
import { branches, type Meeting, meetings, type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { branchLine } from './branch-names.ts'
import { isDue } from './close-due.ts'
import { toldOf } from './convene.ts'
import { meetingPost } from './group-post.ts'
import { publishedAnswer, reachWords } from './published.ts'
import { waitLines, waitsWords } from './quiet.ts'
import { meetingLine, shortId } from './words.ts'

/** Changing a meeting that was called: those told before are told again, so it is previewed like the call itself. */

/** Only an open meeting can be moved or cancelled. */
export function refuseSettledMeeting(meeting: Meeting, now: Date): void {
  if (meeting.state === 'cancelled') throw new UserError(`${meetingLine(meeting)} 已经取消。要另开请发：会议 新建`)
  if (meeting.state === 'open' && !isDue(meeting, now)) return
  const next = `到会的请发：补签 姓名 m-${shortId(meeting.meetingId)}`
  throw new UserError(`${meetingLine(meeting)} 已经结束，不能再改。${next}`)
}

/** Whom the call reached, as the roster stands now. */
async function peopleTold(tx: ReadTx, meeting: Meeting): Promise<readonly Person[]> {
  return toldOf(meeting, await tx.find(people, 'branch', meeting.branchId))
}

/** Keeps the change as a draft and shows it with how many it will reach. */
export async function draftChange(
  ctx: CommandContext,
  tx: CommandTx,
  meeting: Meeting,
  change: { command: string; content: object; lines: readonly string[]; movedTo?: { startsAt: string } },
): Promise<Answer> {
  const { meetingId, branchId, group } = meeting
  const by = ctx.person.personId
  const content = { meetingId, ...change.content }
  const draftId = await tx.draft({ command: change.command, branchId, group, by, content })
  const branch = branchLine(ctx.person, await tx.get(branches, branchId))
  const reach = reachWords(await peopleTold(tx, meeting))
  const waits = await waitLines(tx.township, ctx.now, { draftId, starts: startsOf(meeting, change.movedTo) })
  return previewOfChange(draftId, [...branch, ...change.lines, reach, ...waits])
}

/** When people may set out: at the old hour, who has not heard of the new one. */
export const startsOf = (before: { startsAt: string }, movedTo = before): readonly string[] => [
  before.startsAt,
  movedTo.startsAt,
]

export function previewOfChange(draftId: string, lines: readonly string[]): Answer {
  return {
    text: [`预览 ${draftId}`, ...lines].join('\n'),
    choices: [
      { label: '发布', line: `/发布 ${draftId}` },
      { label: '作罢', line: `/作罢 ${draftId}` },
    ],
    mayAnswerLate: true,
  }
}

export interface Change {
  before: Meeting
  after: Meeting
  what: string
  message: Message
  /** Of the preview it was published from: no two notices of changes are the same. */
  draftId: string
  /** Why it breaks the quiet hours; null: it waits for their end. */
  urgent: string | null
  why?: string
}

/** Writes the changed meeting, the audit entry, the message to everybody who was told of it, and the post in the group. */
export async function changeMeeting(ctx: CommandContext, tx: CommandTx, change: Change): Promise<Answer> {
  const { before, after, what } = change
  const by = ctx.person.personId
  const urgent = change.urgent !== null
  const why = [change.why, change.urgent && `紧急：${change.urgent}`].filter(Boolean).join('；')
  const message = timed(change.message, tx.now, change.draftId)
  await tx.put(meetings, after)
  await tx.audit({
    by,
    branchId: after.branchId,
    what,
    about: after.meetingId,
    before: { startsAt: before.startsAt, endsAt: before.endsAt, state: before.state },
    after: { startsAt: after.startsAt, endsAt: after.endsAt, state: after.state },
    ...(why && { why }),
  })
  const told = await peopleTold(tx, after)
  await tx.send(
    message,
    told.map(person => person.personId),
    { about: after.meetingId, urgent },
  )
  const post = await meetingPost(tx, after, { text: message.text, by, urgent })
  if (post) await tx.chore(post)
  const said = after.state === 'cancelled' ? '，会议取消' : '，会议改期'
  const waits = await waitsWords(tx.township, tx.now, urgent)
  return publishedAnswer(after.meetingId, told, { waits, what: said })
}

/** Moved there and back again: WeCom drops a text that it saw within four hours, so each notice carries its time and a number. */
const timed = (message: Message, now: Date, draftId: string): Message => ({
  ...message,
  text: `${message.text}\n${timeOf(now)} 通知，编号${draftId.replace('d-', '改')}`,
})
