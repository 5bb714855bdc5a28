import { z } from 'zod'
import { defineCommand, meetingId } from '../src/bot/command.ts'
import { CONVENERS } from '../src/domain/roster.ts'
import { UserError } from '../src/errors.ts'
import { sendPaper } from '../src/meeting/paper.ts'
import { meetingById, pickMeetingToPrint } from '../src/meeting/pick.ts'
import { SHEET_REPORT, type SheetOrder } from '../src/meeting/print-sheet.ts'
import { keepRows } from '../src/meeting/roll.ts'
import { meetingLine } from '../src/meeting/words.ts'

/** For who has no phone, and for the wall in case the network fails. */
export default defineCommand({
  name: 'sheet',
  aliases: ['签到表', '打印签到表', 'sheet'],
  summary: '打印签到表，行号和名单一样',
  moment: '会前',
  examples: ['/签到表', '/签到表 m-17'],
  allow: CONVENERS,
  privateOnly: true,
  once: true,
  args: z.object({ meetingId: meetingId().optional() }),

  async run(ctx, args) {
    const { meetingId } = await ctx.store.read(tx => pickMeetingToPrint(ctx, tx, args.meetingId))
    return ctx.store.update([`person:${ctx.person.personId}`, `meeting:${meetingId}`], async tx => {
      const meeting = await meetingById(ctx, tx, meetingId)
      if (meeting.state === 'cancelled') throw new UserError(`${meetingLine(meeting)} 已取消，没有签到表。`)
      await keepRows(tx, meeting)
      await sendPaper(ctx, tx, {
        report: SHEET_REPORT,
        args: { meetingId } satisfies SheetOrder,
        says: `签到表：${meetingLine(meeting)}`,
        note: '打印出来签名，会后照序号补签。',
        branchId: meeting.branchId,
        audited: 'print-sheet',
        about: meetingId,
      })
      return { text: `签到表在做，做好就发给您。\n${meetingLine(meeting)}` }
    })
  },
})
