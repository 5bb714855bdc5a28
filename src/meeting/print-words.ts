import { dayOf, spellDay, spellMoment, timeOf, yearOf } from '../clock.ts'
import type { Tally } from '../domain/attendance.ts'
import type { Meeting } from '../store/collections.ts'

/** How a meeting stands on paper, which is read in other years too. */

const withYear = (at: Date, words: string): string => (words.includes('年') ? words : `${yearOf(at)}年${words}`)

/** '2026年11月26日 周四 19:00—21:00' */
export function spanOnPaper(meeting: Pick<Meeting, 'startsAt' | 'endsAt'>): string {
  const [start, end] = [new Date(meeting.startsAt), new Date(meeting.endsAt)]
  const until = dayOf(start) === dayOf(end) ? timeOf(end) : `${spellDay(dayOf(end))} ${timeOf(end)}`
  return `${withYear(start, spellMoment(start))}—${until}`
}

/** '2026年11月26日 18:02' */
export const printedAt = (at: Date): string => withYear(at, spellMoment(at)).replace(/ 周./u, '')

/** '签到表 2026-11-26 党员大会+党课 m-17.docx' */
export const fileOf = (what: string, { meetingId, kinds, startsAt }: Meeting): string =>
  `${what} ${dayOf(new Date(startsAt))} ${kinds.join('+')} ${meetingId}.docx`

/** A title has one line, or two; a longer topic stands among the fields alone. */
const LONGEST_TOPIC = 40
export const fitsTitle = (topic: string): boolean => [...topic].length <= LONGEST_TOPIC

/** With those who are in no 应到, so that the figures add up for who checks them by hand. */
export const presentOnPaper = ({ present, exemptPresent }: Tally): string =>
  `${present} 人${exemptPresent > 0 ? `（含可免考勤 ${exemptPresent} 人）` : ''}`
