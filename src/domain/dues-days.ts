import { addDays } from '../clock.ts'
import type { Calendar } from './holidays.ts'

/** The days of a month on which the bot speaks of dues (DOMAIN.md 2.4): always workdays of that month, so that none is lost. */

const SECOND_REMINDER = 25

/**
 * The township's day, or the first workday after it. Where only days off are left of the month, the last workday before it:
 * moved into the next month it would fall together with that month's own.
 */
export function duesDayIn(month: string, day: number, calendar: Calendar): string {
  const set = dayIn(month, day)
  const moved = workdayFrom(set, 1, calendar)
  return moved.startsWith(month) ? moved : workdayFrom(set, -1, calendar)
}

/** The 25th likewise; null where only days off are left: reminding earlier than said would be too early. */
export function secondReminderDayIn(month: string, calendar: Calendar): string | null {
  const moved = workdayFrom(dayIn(month, SECOND_REMINDER), 1, calendar)
  return moved.startsWith(month) ? moved : null
}

const dayIn = (month: string, day: number): string => `${month}-${String(day).padStart(2, '0')}`

function workdayFrom(day: string, step: 1 | -1, calendar: Calendar): string {
  let at = day
  while (!calendar.isWorkday(at)) at = addDays(at, step)
  return at
}
