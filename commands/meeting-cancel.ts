import { z } from 'zod'
import { defineCommand, freeText, meetingId, URGENT } from '../src/bot/command.ts'
import { CONVENERS } from '../src/domain/roster.ts'
import { changeMeeting, draftChange, refuseSettledMeeting, startsOf } from '../src/meeting/change.ts'
import { meetingById } from '../src/meeting/pick.ts'
import { refuseTooLate } from '../src/meeting/quiet.ts'
import { fullTitleOf, startOf, titleOf } from '../src/meeting/words.ts'

const content = z.object({ meetingId: z.string(), why: z.string() })

export default defineCommand({
  name: 'meeting-cancel',
  aliases: ['会议 取消', '取消会议', 'meeting cancel'],
  summary: '会议不开了，再通知一遍',
  moment: '会前',
  examples: ['/会议 取消 m-17 大雪封路'],
  allow: CONVENERS,
  publishOptions: [URGENT],
  args: z.object({ meetingId: meetingId(), why: freeText(100) }),

  async run(ctx, args) {
    return ctx.store.update(`meeting:${args.meetingId}`, async tx => {
      const meeting = await meetingById(ctx, tx, args.meetingId)
      refuseSettledMeeting(meeting, ctx.now)
      return draftChange(ctx, tx, meeting, {
        command: 'meeting-cancel',
        content: { why: args.why },
        lines: [`取消：${fullTitleOf(meeting)}`, startOf(meeting), `原因：${args.why}`],
      })
    })
  },

  async publish(ctx, tx, draft, { urgent }) {
    const { meetingId, why } = content.parse(draft.content)
    const before = await meetingById(ctx, tx, meetingId)
    refuseSettledMeeting(before, ctx.now)
    const { draftId } = draft
    if (urgent === null) await refuseTooLate(tx.township, ctx.now, { draftId, starts: startsOf(before) })
    const message = { text: `会议取消：${titleOf(before)}\n原定 ${startOf(before)}，${before.place}\n原因：${why}` }
    const after = { ...before, state: 'cancelled' as const, cancelReason: why }
    return {
      answer: await changeMeeting(ctx, tx, {
        before,
        after,
        what: 'cancel-meeting',
        message,
        draftId: draft.draftId,
        urgent,
        why,
      }),
      became: meetingId,
    }
  },
})
