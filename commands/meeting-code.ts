import { z } from 'zod'
import { defineCommand, meetingId } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { CONVENERS } from '../src/domain/roster.ts'
import { refuseSettledMeeting } from '../src/meeting/change.ts'
import { meetingById, pickOpenMeeting } from '../src/meeting/pick.ts'
import { screenLines } from '../src/meeting/venue-screen.ts'
import { meetingLine, shortId } from '../src/meeting/words.ts'
import { type Meeting, meetings } from '../src/store/collections.ts'

export default defineCommand({
  name: 'meeting-code',
  aliases: ['会议 签到码', '签到码', '大屏', 'meeting code'],
  summary: '看签到码和会场屏幕，定要不要签到码',
  moment: '会中',
  examples: ['/会议 签到码', '/会议 签到码 m-17 开', '/会议 签到码 关'],
  allow: CONVENERS,
  args: z.object({ meetingId: meetingId().optional(), wanted: z.enum(['开', '关']).optional() }),

  async run(ctx, args) {
    const picked = await ctx.store.read(async tx => {
      const meeting = await pickOpenMeeting(ctx, tx, args.meetingId)
      refuseSettledMeeting(meeting, ctx.now)
      return { meeting, screen: await screenLines(ctx, tx, meeting.meetingId) }
    })
    const { meeting, screen } = picked
    if (!args.wanted) return codeAnswer(meeting, screen)
    const codeWanted = args.wanted === '开'
    return ctx.store.update(`meeting:${meeting.meetingId}`, async tx => {
      const before = await meetingById(ctx, tx, meeting.meetingId)
      refuseSettledMeeting(before, ctx.now)
      if (before.codeWanted === codeWanted) return codeAnswer(before, screen)
      const after = await tx.put(meetings, { ...before, codeWanted })
      await tx.audit({
        by: ctx.person.personId,
        branchId: before.branchId,
        what: 'want-code',
        about: before.meetingId,
        before: { codeWanted: before.codeWanted },
        after: { codeWanted },
      })
      return codeAnswer(after, screen)
    })
  },
})

/** The code comes first: it is read out in the room. */
function codeAnswer(meeting: Meeting, screen: readonly string[]): Answer {
  const { code, codeWanted, meetingId } = meeting
  const [state, other] = codeWanted ? ['要求', '关'] : ['不要求', '开']
  const change = `${codeWanted ? '不要了' : '要求'}请发：会议 签到码 ${shortId(meetingId)} ${other}`
  const lines = [`签到码 ${code}`, meetingLine(meeting), ...screen, `签到时${state}这个码。${change}`]
  return { text: lines.join('\n') }
}
