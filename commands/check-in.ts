import { z } from 'zod'
import { type CommandContext, type CommandReadTx, type CommandTx, defineCommand, fold } from '../src/bot/command.ts'
import type { Answer, Reply } from '../src/bot/message.ts'
import { spellMoment, timeOf } from '../src/clock.ts'
import { lateMinutes } from '../src/domain/attendance.ts'
import { blankAttendance, checkInWindow } from '../src/domain/meeting.ts'
import { membershipIn } from '../src/domain/roster.ts'
import { UnknownIdError, UserError } from '../src/errors.ts'
import { lastMissed, myOpenMeetings } from '../src/meeting/pick.ts'
import { rowOf } from '../src/meeting/roll.ts'
import { startOf, timeFrom, titleOf } from '../src/meeting/words.ts'
import { type Attendance, attendances, type Meeting, meetings } from '../src/store/collections.ts'

const WRONG_CODES_ALLOWED = 5
const CODE = /^\d{4}$/
const ID = /^m-?\d{1,9}$/

const said = z
  .string()
  .transform(fold)
  .pipe(z.string().refine(word => CODE.test(word) || ID.test(word), '签到只给自己签，后面只能带四位签到码'))

export default defineCommand({
  name: 'check-in',
  aliases: ['签到', '到', '到了', '来了', '我到了', '我来了', '打卡', 'checkin'],
  summary: '开会时签到',
  moment: '会中',
  examples: ['/签到', '/签到 4821'],
  allow: 'everyone',
  args: z.object({ said: said.optional() }),

  async run(ctx, args) {
    const code = args.said && CODE.test(args.said) ? args.said : undefined
    const meetingId = args.said && !code ? `m-${Number(args.said.replace(/\D/g, ''))}` : undefined
    const found = await ctx.store.read(tx => choose(ctx, tx, meetingId, code))
    if ('text' in found) return found
    return ctx.store.update(`meeting:${found.meetingId}`, tx => checkIn(ctx, tx, found.meetingId, code))
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
  const byCode = code ? open.filter(meeting => meeting.codeWanted && meeting.code === code) : []
  const [only, another] = byCode.length > 0 ? byCode : open
  if (only && !another) return only
  if (only) return askWhich(open)
  const next = mine.find(meeting => checkInWindow(meeting).opens > ctx.now)
  const missed = await lastMissed(ctx, tx)
  if (missed) return missed
  if (!next) return { text: '现在没有要您参加的会议。发“会议”可以看后面的安排。' }
  const opens = timeFrom(checkInWindow(next).opens, ctx.now)
  return { text: `${opens} 开始签到：${titleOf(next)}（${startOf(next)}）。到时候再发：签到` }
}

const isOpen = (meeting: Meeting, now: Date): boolean => {
  const { opens, closes } = checkInWindow(meeting)
  return meeting.state === 'open' && opens <= now && now <= closes
}

function askWhich(open: readonly Meeting[]): Answer {
  const choices = open.slice(0, 6).map(meeting => ({
    label: `${timeOf(new Date(meeting.startsAt))} ${meeting.kinds[0] ?? ''}`.slice(0, 10),
    line: `/签到 ${meeting.meetingId}`,
  }))
  const lines = open.map(meeting => `${meeting.meetingId} ${titleOf(meeting)}`)
  return { text: ['签哪个会？', ...lines].join('\n'), choices }
}

async function checkIn(
  ctx: CommandContext,
  tx: CommandTx,
  meetingId: string,
  code: string | undefined,
): Promise<Reply> {
  const meeting = await tx.get(meetings, meetingId)
  if (!meeting) throw new UnknownIdError(meetingId)
  const key = `${meetingId}:${ctx.person.personId}`
  const before = await tx.get(attendances, key)
  if (before?.presence) return already(meeting, before)
  const { opens } = checkInWindow(meeting)
  if (ctx.now < opens)
    throw new UserError(`${timeFrom(opens, ctx.now)} 开始签到：${titleOf(meeting)}。到时候再发：签到`)
  if (!isOpen(meeting, ctx.now)) throw new UserError(`${titleOf(meeting)} 的签到已结束。到会了请书记补签。`)
  const group = membershipIn(ctx.person, meeting.branchId)?.group ?? null
  const record = before ?? blankAttendance(meeting, ctx.person.personId, meeting.group ?? group)
  const save = (changed: Attendance) => (before ? tx.put(attendances, changed) : tx.insert(attendances, changed))
  const shut = record.wrongCodes >= WRONG_CODES_ALLOWED
  if (meeting.codeWanted && (shut || code !== meeting.code)) return refuseCode(record, code, save)

  const position = (await tx.count(attendances, 'present', meetingId)) + 1
  const late = lateMinutes(meeting.startsAt, ctx.now)
  const presence = {
    at: ctx.now.toISOString(),
    method: 'self' as const,
    by: null,
    why: null,
    lateMinutes: late,
    position,
    beforeClose: true,
  }
  await save({ ...record, presence })
  const lines = [`签到成功，第 ${position} 位。`, titleOf(meeting)]
  if (late > 0) lines.push(`${timeOf(ctx.now)} 到（迟到 ${late} 分钟）`)
  return { text: lines.join('\n'), outcome: '已签到' }
}

function already(meeting: Meeting, record: Attendance): Answer {
  const at = record.presence ? spellMoment(new Date(record.presence.at)) : ''
  const how = record.presence?.method === 'backfill' ? '由书记补签' : '签的'
  return { text: `已签到，${at} ${how}，不用再签。\n${titleOf(meeting)}`, outcome: '已签到' }
}

/** A wrong code is counted, so that four digits cannot be tried through; no code at all is not held against anybody. */
async function refuseCode(
  record: Attendance,
  code: string | undefined,
  save: (changed: Attendance) => Promise<Attendance>,
): Promise<Reply> {
  if (record.wrongCodes >= WRONG_CODES_ALLOWED) return { text: '签到码错了五次，不能再试。到会了请书记补签。' }
  if (!code) return { text: '这次要签到码，会场上会念、会写出来。请发“签到”加四位数字。' }
  await save({ ...record, wrongCodes: record.wrongCodes + 1 })
  const left = WRONG_CODES_ALLOWED - record.wrongCodes - 1
  return {
    text:
      left > 0
        ? `签到码不对，还可以试 ${left} 次。请看清会场上的四位数字再发。`
        : '签到码错了五次，不能再试。到会了请书记补签。',
  }
}
