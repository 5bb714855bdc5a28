import type { Message } from '../bot/message.ts'
import { tally } from '../domain/attendance.ts'
import { checkInWindow } from '../domain/meeting.ts'
import type { Meeting } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { rollOf } from './roll.ts'
import { fullTitleOf, startOf } from './words.ts'

/** What whoever called a meeting gets when its check-in opens. */

const MINUTE_MS = 60_000

/** The minute: of a meeting called, or moved, within its window, the first whole one after that. */
export function opensAt(meeting: Meeting): Date {
  const told = Math.ceil(Date.parse(meeting.toldAt ?? meeting.calledAt) / MINUTE_MS) * MINUTE_MS
  return new Date(Math.max(checkInWindow(meeting).opens.getTime(), told))
}

export async function checkInCard(tx: ReadTx, meeting: Meeting): Promise<Message> {
  const { meetingId, code, codeWanted, place } = meeting
  const roll = await rollOf(tx, meeting)
  const { present, expected } = tally(roll.rows, roll.attendances)
  const lines = [
    `签到中 ${present}/${expected}`,
    `${meetingId} ${fullTitleOf(meeting)}`,
    `${startOf(meeting)}，${place}`,
  ]
  if (codeWanted) lines.push(`签到要现场码 ${code}，请在会场念出来、写出来`)
  return {
    text: lines.join('\n'),
    choices: [
      { label: '名单', line: `/名单 ${meetingId}` },
      { label: '补签', line: `/补签 ${meetingId}` },
      { label: '结束', line: `/会议 结束 ${meetingId}` },
    ],
  }
}
