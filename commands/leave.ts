import { z } from 'zod'
import {
  type CommandContext,
  type CommandReadTx,
  defineCommand,
  fold,
  freeText,
  meetingId,
} from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { dayOf, timeOf } from '../src/clock.ts'
import { UserError } from '../src/errors.ts'
import { askLeave, meetingOf, nameFor, needlessLeave, recordOf } from '../src/meeting/leave.ts'
import { readLeaveFor, type SaidForLeave } from '../src/meeting/leave-for.ts'
import { openMeetingsOf } from '../src/meeting/leave-requests.ts'
import { rowOf } from '../src/meeting/roll.ts'
import { meetingLine, startOf, titleOf } from '../src/meeting/words.ts'
import type { Meeting, Person } from '../src/store/collections.ts'

const CODE = /^\d{4}$/

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
    const { asker, reason, found } = await ctx.store.read(async tx => {
      const said = await readLeaveFor(ctx, tx, args.reason)
      return { ...said, found: await choose(ctx, tx, said, args) }
    })
    if ('text' in found) return found
    // The card he may just have pressed is about himself: what he says for another settles nothing there.
    const settled = (answer: Answer) => (asker.personId === ctx.person.personId ? answer : { text: answer.text })
    if (reason && CODE.test(fold(reason)))
      throw new UserError(`“${reason}”像是签到码。签到请发：签到 ${fold(reason)}；请假要写事由。`)
    // Whoever copies '请假17 事由' as it stands has not said why; nor has a digit.
    if (!reason || reason === '事由' || /^\d+$/.test(fold(reason))) {
      const needless = await ctx.store.read(tx => needlessLeave(ctx, tx, found, asker))
      return needless ? settled(needless) : askReason(found, asker.personId === ctx.person.personId ? null : asker)
    }
    const { meetingId } = found
    return ctx.store.update(`meeting:${meetingId}`, async tx =>
      settled(await askLeave(ctx, tx, { meetingId, asker, reason })),
    )
  },
})

const askReason = (meeting: Meeting, other: Person | null): Answer => ({
  text: `${other?.name ?? ''}什么事由？请直接发过来。\n${titleOf(meeting)}\n${startOf(meeting)}`,
  awaits: ['/请假', meeting.meetingId, other?.personId ?? ''].join(' ').trim(),
})

/** The meeting meant, or the answer where none or several can be. */
async function choose(
  ctx: CommandContext,
  tx: CommandReadTx,
  said: SaidForLeave,
  words: { meetingId?: string | undefined; reason?: string | undefined },
): Promise<Meeting | Answer> {
  const { asker } = said
  const meetingId = words.meetingId ?? said.meetingId
  if (meetingId) return meetingOf(tx, meetingId, asker)
  const ahead = (await openMeetingsOf(ctx, tx, asker)).filter(meeting => new Date(meeting.endsAt) > ctx.now)
  const due = ahead.filter(meeting => rowOf(meeting, asker)?.standing === 'expected')
  const [first] = due
  if (!first) return ahead[0] ?? { text: `现在没有要${nameFor(ctx, asker)}参加的会议，不用请假。` }
  const absent: Meeting[] = []
  // Who sits in one meeting and asks for leave means another.
  for (const meeting of due) if (!(await recordOf(tx, meeting, asker))?.presence) absent.push(meeting)
  if (absent.length > 1) return askWhich(absent, words.reason)
  return absent[0] ?? first
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
