import { z } from 'zod'
import { defineCommand, meetingId } from '../src/bot/command.ts'
import { CONVENERS } from '../src/domain/roster.ts'
import { sendPaper } from '../src/meeting/paper.ts'
import { pickMeetingToRecord } from '../src/meeting/pick.ts'
import { RECORD_REPORT, type RecordOrder } from '../src/meeting/print-record.ts'
import { meetingLine } from '../src/meeting/words.ts'

/** Of a meeting that was cancelled or is still ahead too: the paper says so. */
export default defineCommand({
  name: 'record',
  aliases: ['记录', '会议 记录', '纪要', '会议 纪要', 'record'],
  summary: '打印会议记录，发言和决定手写',
  moment: '会后',
  examples: ['/记录', '/记录 m-17'],
  allow: CONVENERS,
  privateOnly: true,
  once: true,
  args: z.object({ meetingId: meetingId().optional() }),

  run: (ctx, args) =>
    ctx.store.update(`person:${ctx.person.personId}`, async tx => {
      const meeting = await pickMeetingToRecord(ctx, tx, args.meetingId)
      const { meetingId, branchId } = meeting
      await sendPaper(ctx, tx, {
        report: RECORD_REPORT,
        args: { meetingId } satisfies RecordOrder,
        says: `会议记录：${meetingLine(meeting)}`,
        note: '里面有请假原因，请不要转发到群里。',
        branchId,
        audited: 'print-record',
        about: meetingId,
      })
      return { text: `会议记录在做，做好就发给您。\n${meetingLine(meeting)}` }
    }),
})
