import type { Message } from '../bot/message.ts'
import { addDays, addMinutes, dayOf, instantAt, minutesBetween, timeOf } from '../clock.ts'
import { type RowState, sheetRows } from '../domain/attendance.ts'
import { calendar } from '../domain/holidays.ts'
import { checkInWindow } from '../domain/meeting.ts'
import { type Meeting, outbox, type Person } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { leaveChoice, whenWordsOf } from './convene.ts'
import { canBeTold } from './deciders.ts'
import { callersOf } from './heads.ts'
import { namesIn } from './names.ts'
import { type Roll, rollOf } from './roll.ts'
import { fullTitleOf, titleOf } from './words.ts'

/** When people are reminded of a meeting, of whom it is still expected that they come, and in which words. */

/** COMMANDS.md "Rules that hold everywhere". */
const EVENING = '19:00'
const HOUR_BEFORE_MINUTES = 60
/** Later than this “快开会了” would be said to people who sit there. */
const HOUR_REMINDER_LATE_MINUTES = 50

export type ReminderDue = 'evening' | 'hour'

/**
 * What falls due at this minute. Who was called, or told of a new hour, after that minute has just heard of it. On a day off
 * nobody is reminded but of that day's meeting (COMMANDS.md "Rules that hold everywhere").
 */
export function reminderDue(meeting: Meeting, { slot, now }: { slot: Date; now: Date }): ReminderDue | null {
  const startsAt = new Date(meeting.startsAt)
  const toldAt = new Date(meeting.toldAt ?? meeting.calledAt)
  if (meeting.state !== 'open' || startsAt <= now || toldAt > slot) return null
  if (addMinutes(startsAt, -HOUR_BEFORE_MINUTES).getTime() === slot.getTime()) {
    return minutesBetween(slot, now) <= HOUR_REMINDER_LATE_MINUTES ? 'hour' : null
  }
  if (eveningOf(meeting).getTime() !== slot.getTime()) return null
  return hasEvening(meeting) ? 'evening' : null
}

const eveningOf = (meeting: Meeting): Date => instantAt(addDays(dayOf(new Date(meeting.startsAt)), -1), EVENING)

/** Else nobody was told whom to call: the evening before was off, or the meeting was called or moved after it. */
export function hasEvening(meeting: Meeting): boolean {
  const evening = eveningOf(meeting)
  return calendar.isWorkday(dayOf(evening)) && new Date(meeting.toldAt ?? meeting.calledAt) <= evening
}

/** Leave that nobody has decided yet is none. */
const STILL_EXPECTED: readonly RowState[] = ['missing', 'noPhone', 'leaveAsked']

export interface StillExpected {
  roll: Roll
  /** Whom a message reaches. */
  reachable: readonly Person[]
  /** Who has to be told by mouth. */
  byMouth: readonly Person[]
}

/** Of 应到, those without presence, granted or standing leave, to whom nothing is on its way that tells of this meeting. */
export async function stillExpected(tx: ReadTx, meeting: Meeting): Promise<StillExpected> {
  const roll = await rollOf(tx, meeting)
  const rows = sheetRows(roll.rows, roll.attendances, roll.noPhone).filter(
    row => row.standing === 'expected' && STILL_EXPECTED.includes(row.state),
  )
  const expected = rows.flatMap(row => roll.people.get(row.personId) ?? [])
  const hearing = await aboutToHear(tx, meeting)
  return {
    roll,
    reachable: expected.filter(person => canBeTold(person) && !hearing.has(person.personId)),
    byMouth: expected.filter(person => !canBeTold(person)),
  }
}

/** The call, or a new hour, that was published at night comes in the morning, and the reminder would come with it. */
async function aboutToHear(tx: ReadTx, { meetingId }: Meeting): Promise<ReadonlySet<string>> {
  const { line } = leaveChoice(meetingId)
  const waiting = (await tx.find(outbox, 'about', meetingId)).filter(
    record => record.state === 'waiting' && record.message.choices?.some(choice => choice.line === line),
  )
  return new Set(waiting.flatMap(record => record.to))
}

/** The days are spelt out: what waits for the morning must still be true then. */
const whenAndWhere = (meeting: Meeting): string => `${whenWordsOf(meeting)}\n${meeting.place}`

export const eveningReminder = (meeting: Meeting): Message => ({
  text: `会议提醒：${titleOf(meeting)}\n${whenAndWhere(meeting)}`,
  choices: [leaveChoice(meeting.meetingId)],
})

export function hourReminder(meeting: Meeting): Message {
  const opens = timeOf(checkInWindow(meeting).opens)
  return {
    text: `快开会了：${titleOf(meeting)}\n${whenAndWhere(meeting)}\n${opens} 开始签到，到了请发：签到`,
    choices: [leaveChoice(meeting.meetingId)],
  }
}

/** Read by many: leave is asked in private. */
export const groupReminder = (meeting: Meeting): string => {
  const { text, choices = [] } = eveningReminder(meeting)
  return [text, ...choices.map(choice => `${choice.words}（单独发给机器人）`)].join('\n')
}

export const callLists = ({ branchId }: Meeting, { roll, byMouth }: StillExpected) =>
  callersOf([...roll.people.values()], branchId, byMouth)

export function callList(meeting: Meeting, roll: Roll, toCall: readonly Person[]): Message {
  const nameOf = namesIn(roll, meeting.branchId)
  const names = toCall.map(person => nameOf(person.personId))
  return {
    text: [
      `请打电话或当面告知 ${names.length} 人：${names.join('、')}`,
      fullTitleOf(meeting),
      whenAndWhere(meeting),
      `来不了的可以替他请假：请假 ${toCall[0]?.name ?? ''} ${meeting.meetingId} 事由`,
    ].join('\n'),
  }
}
