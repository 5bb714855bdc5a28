import { z } from 'zod'
import { defineCommand, meetingId, URGENT } from '../src/bot/command.ts'
import { addMinutes, minutesBetween } from '../src/clock.ts'
import { closesItselfAt, spanOf } from '../src/domain/meeting.ts'
import { CONVENERS } from '../src/domain/roster.ts'
import { whenWords } from '../src/domain/when-argument.ts'
import { UserError } from '../src/errors.ts'
import { changeMeeting, draftChange, refuseSettledMeeting, startsOf } from '../src/meeting/change.ts'
import { leaveChoice, refuseImpossible, whenWordsOf } from '../src/meeting/convene.ts'
import { moveAttendances, presenceBefore } from '../src/meeting/moved.ts'
import { meetingById } from '../src/meeting/pick.ts'
import { refuseTooLate } from '../src/meeting/quiet.ts'
import { fullTitleOf, startOf, titleOf } from '../src/meeting/words.ts'
import type { Meeting } from '../src/store/collections.ts'

const content = z.object({ meetingId: z.string(), startsAt: z.string(), endsAt: z.string() })

export default defineCommand({
  name: 'meeting-move',
  aliases: ['会议 改期', '改期', 'meeting move'],
  summary: '会议改时间，再通知一遍',
  moment: '会前',
  examples: ['/会议 改期 m-17 后天晚7点'],
  allow: CONVENERS,
  publishOptions: [URGENT],
  args: z.object({ meetingId: meetingId(), when: whenWords() }),

  async run(ctx, args) {
    return ctx.store.update(`meeting:${args.meetingId}`, async tx => {
      const meeting = await meetingById(ctx, tx, args.meetingId)
      refuseSettledMeeting(meeting, ctx.now)
      const span = spanOf(args.when)
      if (!span) throw new UserError(`要写明哪天几点。这样发：会议 改期 ${meeting.meetingId} 后天晚7点`)
      const moved = args.when.end ? span : { ...span, endsAt: sameLength(meeting, span.startsAt) }
      await refuseImpossible(ctx, tx, { ...meeting, ...moved }, meeting.meetingId)
      const again = (await presenceBefore(tx, meeting, moved)).length
      const lines = [
        `改期：${fullTitleOf(meeting)}`,
        `原来 ${startOf(meeting)}`,
        `改到 ${whenWordsOf(moved)}`,
        meeting.place,
        ...(again > 0 ? [`已签到的 ${again} 人到时要重新签到`] : []),
      ]
      return draftChange(ctx, tx, meeting, { command: 'meeting-move', content: moved, lines, movedTo: moved })
    })
  },

  async publish(ctx, tx, draft, { urgent }) {
    const { meetingId, startsAt, endsAt } = content.parse(draft.content)
    const before = await meetingById(ctx, tx, meetingId)
    refuseSettledMeeting(before, ctx.now)
    const closesAt = closesItselfAt(endsAt).toISOString()
    const after: Meeting = { ...before, startsAt, endsAt, closesAt, toldAt: tx.now.toISOString() }
    await refuseImpossible(ctx, tx, after, meetingId)
    const { draftId } = draft
    if (urgent === null) await refuseTooLate(tx.township, ctx.now, { draftId, starts: startsOf(before, after) })
    await moveAttendances(ctx, tx, after)
    const message = {
      text: `会议改期：${titleOf(after)}\n${whenWordsOf(after)}\n${after.place}（原来 ${startOf(before)}）`,
      choices: [leaveChoice(meetingId)],
    }
    const answer = await changeMeeting(ctx, tx, { before, after, what: 'move-meeting', message, draftId, urgent })
    return { answer, became: meetingId }
  },
})

const sameLength = (meeting: Meeting, startsAt: string): string =>
  addMinutes(new Date(startsAt), minutesBetween(new Date(meeting.startsAt), new Date(meeting.endsAt))).toISOString()
