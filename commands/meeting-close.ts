import { z } from 'zod'
import {
  type CommandContext,
  type CommandReadTx,
  type CommandTx,
  defineCommand,
  meetingId,
} from '../src/bot/command.ts'
import type { Reply } from '../src/bot/message.ts'
import { addMinutes, spellMoment } from '../src/clock.ts'
import { CONVENERS } from '../src/domain/roster.ts'
import { UserError } from '../src/errors.ts'
import { closeMeeting, type Report, reportOf, reportWords } from '../src/meeting/close.ts'
import { closeByItself, isDue } from '../src/meeting/close-due.ts'
import { isUnderWay, lastClosed, meetingById, pickLatestMeeting, pickOpenMeeting } from '../src/meeting/pick.ts'
import { meetingLine } from '../src/meeting/words.ts'
import { attendances, type Meeting, people } from '../src/store/collections.ts'

const DAY_MINUTES = 24 * 60

export default defineCommand({
  name: 'meeting-close',
  aliases: ['会议 结束', '结束会议', '散会', 'meeting close'],
  summary: '结束会议，看到会人数',
  moment: '会后',
  examples: ['/会议 结束', '/会议 结束 m-17'],
  allow: CONVENERS,
  args: z.object({ meetingId: meetingId().optional() }),

  async run(ctx, args) {
    const { meetingId } = await ctx.store.read(tx => pick(ctx, tx, args.meetingId))
    return ctx.store.update(`meeting:${meetingId}`, async tx => {
      const meeting = await meetingById(ctx, tx, meetingId)
      if (meeting.state === 'cancelled') {
        const why = meeting.cancelReason ? `，原因：${meeting.cancelReason}` : ''
        throw new UserError(`${meetingLine(meeting)} 已取消${why}。不用结束。`, { outcome: '已取消' })
      }
      if (meeting.state === 'closed') return again(tx, meeting)
      const { personId } = ctx.person
      if (isDue(meeting, ctx.now)) {
        return answer(meeting, await closeByItself(tx, tx.township, meeting, personId), '自动结束')
      }
      const early = args.meetingId === undefined && (await isEmptyBeforeStart(tx, meeting, ctx.now))
      if (!isUnderWay(meeting, ctx.now) || early) {
        throw new UserError(`${meetingLine(meeting)} 还没开始。不开了请发：会议 取消 ${meetingId} 原因`)
      }
      return answer(meeting, await closeMeeting(tx, meeting, personId), '已结束')
    })
  },
})

/** Between the opening of check-in and the planned start, while nobody has come: who says no number makes a slip. */
async function isEmptyBeforeStart(tx: CommandTx, meeting: Meeting, now: Date): Promise<boolean> {
  return new Date(meeting.startsAt) > now && (await tx.count(attendances, 'present', meeting.meetingId)) === 0
}

/** The one under way; else the one closed within a day, whose numbers are asked for again; else the next, which is refused. */
async function pick(ctx: CommandContext, tx: CommandReadTx, meetingId: string | undefined): Promise<Meeting> {
  if (meetingId) return meetingById(ctx, tx, meetingId)
  const latest = await pickLatestMeeting(ctx, tx)
  const justClosed = await closedJustBefore(ctx, tx, latest)
  if (justClosed) return justClosed
  const ended = new Date(latest.closed?.at ?? latest.closesAt)
  return addMinutes(ended, DAY_MINUTES) > ctx.now ? latest : pickOpenMeeting(ctx, tx)
}

const JUST_MINUTES = 10

/** A second 会议 结束 means the meeting that was just closed, not the next, which has not begun. */
async function closedJustBefore(ctx: CommandContext, tx: CommandReadTx, next: Meeting): Promise<Meeting | undefined> {
  if (next.state !== 'open' || new Date(next.startsAt) <= ctx.now) return undefined
  const last = await lastClosed(ctx, tx, meeting => meeting.branchId === next.branchId)
  const at = last?.closed?.at
  return at && addMinutes(new Date(at), JUST_MINUTES) > ctx.now ? last : undefined
}

/** The second officer learns who was first, and the numbers as they stand now. */
async function again(tx: CommandTx, meeting: Meeting): Promise<Reply> {
  const { by = null, at } = meeting.closed ?? {}
  const closer = by ? await tx.township.get(people, by) : undefined
  const when = at ? spellMoment(new Date(at)) : ''
  const who = by ? `${when} 由${closer?.name ?? '别人'}结束。` : `${when} 自动结束。`
  const reply = answer(meeting, await reportOf(tx, meeting), by ? '已结束' : '自动结束')
  return { ...reply, text: `${reply.text}\n${who}` }
}

function answer(meeting: Meeting, report: Report, how: '已结束' | '自动结束') {
  return { text: reportWords(meeting, report, how), outcome: '已结束' }
}
