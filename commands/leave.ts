import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, freeText, meetingId } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { dayOf, timeOf } from '../src/clock.ts'
import { askLeave, meetingOfMine, needlessLeave, recordOf } from '../src/meeting/leave.ts'
import { myOpenMeetings } from '../src/meeting/pick.ts'
import { rowOf } from '../src/meeting/roll.ts'
import { meetingLine, startOf, titleOf } from '../src/meeting/words.ts'
import type { Meeting } from '../src/store/collections.ts'

export default defineCommand({
  name: 'leave',
  aliases: ['请假', '不去了', '来不了', '去不了', 'leave'],
  summary: '来不了，会前请假',
  moment: '会前',
  examples: ['/请假 发烧', '/请假 m-17 孙子结婚'],
  allow: 'everyone',
  privateOnly: true,
  args: z.object({ meetingId: meetingId().optional(), reason: freeText(100).optional() }),

  async run(ctx, args) {
    // Whoever copies '请假17 事由' as it stands has not said why.
    const reason = args.reason === '事由' ? undefined : args.reason
    const found = await ctx.store.read(tx => choose(ctx, tx, args.meetingId, reason))
    if ('text' in found) return found
    const { meetingId } = found
    if (!reason) {
      const needless = await ctx.store.read(tx => needlessLeave(ctx, tx, found))
      return needless ?? askReason(found)
    }
    return ctx.store.update(`meeting:${meetingId}`, tx => askLeave(ctx, tx, meetingId, reason))
  },
})

const askReason = (meeting: Meeting): Answer => ({
  text: `什么事由？请直接发过来。\n${titleOf(meeting)}\n${startOf(meeting)}`,
  awaits: `/请假 ${meeting.meetingId}`,
})

/** The meeting meant, or the answer where none or several can be. */
async function choose(
  ctx: CommandContext,
  tx: CommandReadTx,
  meetingId: string | undefined,
  reason: string | undefined,
): Promise<Meeting | Answer> {
  if (meetingId) return meetingOfMine(ctx, tx, meetingId)
  const ahead = (await myOpenMeetings(ctx, tx)).filter(meeting => new Date(meeting.endsAt) > ctx.now)
  const due = ahead.filter(meeting => rowOf(meeting, ctx.person)?.standing === 'expected')
  const [first] = due
  if (!first) return ahead[0] ?? { text: '现在没有要您参加的会议，不用请假。' }
  const absent = await withoutPresence(ctx, tx, due)
  if (absent.length > 1) return askWhich(absent, reason)
  return absent[0] ?? first
}

/** Who sits in one meeting and asks for leave means another. */
async function withoutPresence(
  ctx: CommandContext,
  tx: CommandReadTx,
  due: readonly Meeting[],
): Promise<readonly Meeting[]> {
  const absent: Meeting[] = []
  for (const meeting of due) if (!(await recordOf(tx, meeting, ctx.person))?.presence) absent.push(meeting)
  return absent
}

function askWhich(due: readonly Meeting[], reason: string | undefined): Answer {
  const offered = due.slice(0, 6)
  const labels = offered.map(meeting => `${dayNumber(meeting)}日 ${meeting.kinds[0] ?? ''}`)
  const choices = offered.map((meeting, at) => ({
    label: isUnique(labels, at) ? (labels[at] ?? '') : `${dayNumber(meeting)}日 ${timeOf(new Date(meeting.startsAt))}`,
    line: ['/请假', meeting.meetingId, reason ?? ''].join(' ').trim(),
  }))
  return { text: ['哪一次？', ...offered.map(meetingLine)].join('\n'), choices }
}

const isUnique = (labels: readonly string[], at: number): boolean =>
  labels.indexOf(labels[at] ?? '') === labels.lastIndexOf(labels[at] ?? '')

const dayNumber = (meeting: Meeting): number => Number(dayOf(new Date(meeting.startsAt)).slice(8))
