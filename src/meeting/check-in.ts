import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Answer, Reply } from '../bot/message.ts'
import { spellMoment, timeOf } from '../clock.ts'
import { lateMinutes } from '../domain/attendance.ts'
import { blankAttendance, checkInWindow } from '../domain/meeting.ts'
import { membershipIn } from '../domain/roster.ts'
import { UnknownIdError, UserError } from '../errors.ts'
import { type Attendance, attendances, type Meeting, meetings } from '../store/collections.ts'
import { timeFrom, titleOf } from './words.ts'

/** One check-in, under the lock of its meeting. Hundreds come in the same minute, so it reads two records and writes one. */

const WRONG_CODES_ALLOWED = 5

export const isOpen = (meeting: Meeting, now: Date): boolean => {
  const { opens, closes } = checkInWindow(meeting)
  return meeting.state === 'open' && opens <= now && now < closes
}

/** What shows that somebody is in the room: the four digits, or a scan of the venue screen. */
export interface Proof {
  code?: string | undefined
  scanned?: true
}

export async function checkIn(
  ctx: CommandContext,
  tx: CommandTx,
  meetingId: string,
  { code, scanned }: Proof,
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
  if (meeting.codeWanted && !scanned && (shut || code !== meeting.code)) return refuseCode(record, code, save)

  // How many are there now, the paper list included. After an undo a number is told again: it says how full the room is, and
  // one that never came twice would cost every check-in a second write.
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
