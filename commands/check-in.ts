import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, fold } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { minutesBetween } from '../src/clock.ts'
import { checkInWindow } from '../src/domain/meeting.ts'
import { TOKEN } from '../src/domain/screen-token.ts'
import { UnknownIdError } from '../src/errors.ts'
import { branchPrefixes } from '../src/meeting/branch-names.ts'
import { checkIn, isOpen } from '../src/meeting/check-in.ts'
import { recordOf } from '../src/meeting/leave.ts'
import { lastMissed, myOpenMeetings } from '../src/meeting/pick.ts'
import { rowOf } from '../src/meeting/roll.ts'
import { meetingScanned } from '../src/meeting/venue-screen.ts'
import { askWhich } from '../src/meeting/which.ts'
import { startOf, timeFrom, titleOf } from '../src/meeting/words.ts'
import { type Meeting, meetings } from '../src/store/collections.ts'

const CODE = /^\d{4}$/
const ID = /^m-?\d{1,9}$/

const said = z
  .string()
  .transform(fold)
  .pipe(
    z.string().refine(word => [CODE, ID, TOKEN].some(form => form.test(word)), '签到只给自己签，后面只能带四位签到码'),
  )

export default defineCommand({
  name: 'check-in',
  aliases: ['签到', '到', '到了', '来了', '我到了', '我来了', '打卡', 'checkin'],
  summary: '开会时签到',
  moment: '会中',
  examples: ['/签到', '/签到 4821'],
  allow: 'everyone',
  args: z.object({ said: said.optional() }),

  async run(ctx, args) {
    const { said } = args
    if (said && TOKEN.test(said)) {
      const { meetingId } = await ctx.store.read(tx => meetingScanned(ctx, tx, said))
      return ctx.store.update(`meeting:${meetingId}`, tx => checkIn(ctx, tx, meetingId, { scanned: true }))
    }
    const code = said && CODE.test(said) ? said : undefined
    const meetingId = said && !code ? `m-${Number(said.replace(/\D/g, ''))}` : undefined
    const found = await ctx.store.read(tx => choose(ctx, tx, meetingId, code))
    if ('text' in found) return found
    return ctx.store.update(`meeting:${found.meetingId}`, tx => checkIn(ctx, tx, found.meetingId, { code }))
  },
})

/** The meeting meant, or the answer where none can be checked in to. */
async function choose(
  ctx: CommandContext,
  tx: CommandReadTx,
  meetingId: string | undefined,
  code: string | undefined,
): Promise<Meeting | Answer> {
  const mine = await myOpenMeetings(ctx, tx)
  if (meetingId) {
    const named = mine.find(meeting => meeting.meetingId === meetingId) ?? (await tx.get(meetings, meetingId))
    if (!named || !rowOf(named, ctx.person)) throw new UnknownIdError(meetingId)
    return named
  }
  const open = mine.filter(meeting => isOpen(meeting, ctx.now))
  const unsigned = await withoutPresence(ctx, tx, open)
  const [only, another] = code ? meantByCode(open, code) : unsigned.length > 0 ? unsigned : open.slice(-1)
  if (only && !another) return only
  if (only) return askWhich(unsigned, await branchPrefixes(ctx.person, tx))
  const next = mine.find(meeting => checkInWindow(meeting).opens > ctx.now)
  const missed = await lastMissed(ctx, tx)
  // Of two meetings of one evening he means the nearer: minutes before the next, the last is of no interest.
  if (missed && !(next && isNearer(next, missed.meeting, ctx.now))) return missed.answer
  if (!next) return { text: '现在没有要您参加的会议。发“会议”可以看后面的安排。' }
  const opens = timeFrom(checkInWindow(next).opens, ctx.now)
  return { text: `${opens} 开始签到：${titleOf(next)}（${startOf(next)}）。到时候再发：签到` }
}

/** Who sits in two meetings at once has signed one of them already. */
async function withoutPresence(ctx: CommandContext, tx: CommandReadTx, open: readonly Meeting[]): Promise<Meeting[]> {
  const left: Meeting[] = []
  for (const meeting of open) if (!(await recordOf(tx, meeting, ctx.person))?.presence) left.push(meeting)
  return left
}

const isNearer = (next: Meeting, last: Meeting, now: Date): boolean =>
  minutesBetween(now, checkInWindow(next).opens) < minutesBetween(checkInWindow(last).closes, now)

/** The meeting whose code it is; a wrong one counts where a code is wanted, so that nobody tries them through. */
function meantByCode(open: readonly Meeting[], code: string): readonly Meeting[] {
  const wanting = open.filter(meeting => meeting.codeWanted)
  const right = wanting.filter(meeting => meeting.code === code)
  if (right.length > 0) return right
  return wanting.length > 0 ? wanting.slice(0, 1) : open
}
