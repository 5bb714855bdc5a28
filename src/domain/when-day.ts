import { addDays, dayOf, daysBetween, instantAt, isDay, weekdayOf } from '../clock.ts'

/** Days as people say them: '11-26', '26号', '下周五', '后天', '2026年11月26日(周四)' (folded by when.ts). */

export interface SaidDay {
  day: string
  /** True where this week's such day is over, so that next week's is meant: '周三' said on a Friday. */
  weekdayPassed: boolean
}

export interface Around {
  now: Date
  /** The hour said with the day: '周三19:00' on a Wednesday is today only if 19:00 is ahead. */
  start: string | null
  /** A part of the day follows, so that 今 and 明 alone are days: 今晚, 明早. */
  beforePart: boolean
}

/** A date without a year that lies further back than this means the next year's (COMMANDS.md, 已过). */
const ROLLS_AFTER_DAYS = 60

const WEEK = '(?:周|星期|礼拜)'
const WEEKDAY = `${WEEK}([1-7一二三四五六日天])`
const FULL = /^((?:19|20)\d{2})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?$/
const EIGHT_DIGITS = /^((?:19|20)\d{2})(\d{2})(\d{2})$/
const OF_YEAR = /^(?:([去今明])年\s*)?(\d{1,2})\s*[-/月]\s*(\d{1,2})\s*[日号]?$/
/** '11.26' may be a time as well (7.30): a day only with another time beside it. */
const DOTTED = /^(\d{1,2})\.(\d{1,2})$/
const OF_MONTH = /^(?:([上本这下])个?月\s*)?(\d{1,2})\s*[日号]$/
const OF_WEEK = new RegExp(`^(?:(上|本|这|下下|下)个?)?${WEEKDAY}$`)
const RELATIVE = /^(大后|[前昨今明后])([天日]?)$/
const WITH_WEEKDAY = new RegExp(`^(.*[^上本这下个\\s(])\\s*(?:${WEEKDAY}|\\(\\s*${WEEKDAY}\\s*\\))$`)

const WEEKS: Readonly<Record<string, number>> = { 上: -1, 本: 0, 这: 0, 下: 1, 下下: 2 }
const MONTHS: Readonly<Record<string, number>> = { 上: -1, 本: 0, 这: 0, 下: 1 }
const YEARS: Readonly<Record<string, number>> = { 去: -1, 今: 0, 明: 1 }
const DAYS: Readonly<Record<string, number>> = { 前: -2, 昨: -1, 今: 0, 明: 1, 后: 2, 大后: 3 }

export function readDay(text: string, around: Around): SaidDay | null {
  const plain = readPlainDay(text, around)
  if (plain !== null) return plain
  const [, date, bare, bracketed] = WITH_WEEKDAY.exec(text) ?? []
  const weekday = bare ?? bracketed
  if (date === undefined || weekday === undefined) return null
  const said = readPlainDay(date, around)
  // A weekday beside a date must be that date's: which of the two was meant is not ours to guess.
  return said !== null && placeInWeek(said.day) === numberOfWeekday(weekday) ? said : null
}

/** True for a day said with its year, after which four digits cannot be the year. */
export const namesYear = (text: string): boolean => /^(?:19|20)\d{2}|^[去今明]年/.test(text)

const readPlainDay = (text: string, around: Around): SaidDay | null =>
  readWeekday(text, around) ?? unflagged(readDate(text, around))

const unflagged = (day: string | null): SaidDay | null =>
  day === null || !isDay(day) ? null : { day, weekdayPassed: false }

function readDate(text: string, around: Around): string | null {
  const today = dayOf(around.now)
  const [, year, month, day] = FULL.exec(text) ?? EIGHT_DIGITS.exec(text) ?? []
  if (year !== undefined) return dayFrom(Number(year), month, day)
  return readOfYear(text, today, around.start !== null) ?? readOfMonth(text, today) ?? readRelative(text, around)
}

function readOfYear(text: string, today: string, hourSaid: boolean): string | null {
  const thisYear = Number(today.slice(0, 4))
  const [, year, month, date] = OF_YEAR.exec(text) ?? []
  if (year !== undefined) return dayFrom(thisYear + (YEARS[year] ?? 0), month, date)
  const [, dottedMonth, dottedDate] = (hourSaid ? DOTTED.exec(text) : null) ?? []
  const day = dayFrom(thisYear, month ?? dottedMonth, date ?? dottedDate)
  if (!isDay(day) || daysBetween(day, today) <= ROLLS_AFTER_DAYS) return isDay(day) ? day : null
  return dayFrom(thisYear + 1, month ?? dottedMonth, date ?? dottedDate)
}

/** '26号' is this month's, or next month's where that has passed. Today's stays today's. */
function readOfMonth(text: string, today: string): string | null {
  const [, which, date] = OF_MONTH.exec(text) ?? []
  if (date === undefined) return null
  if (which !== undefined) return dayInMonth(today, MONTHS[which] ?? 0, date)
  const day = dayInMonth(today, 0, date)
  return isDay(day) && day < today ? dayInMonth(today, 1, date) : day
}

function dayInMonth(today: string, monthsAhead: number, date: string): string {
  const months = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1 + monthsAhead
  return dayFrom(Math.floor(months / 12), String((months % 12) + 1), date)
}

function readRelative(text: string, { now, beforePart }: Around): string | null {
  const [, word, suffix] = RELATIVE.exec(text) ?? []
  if (word === undefined || (suffix === '' && (!beforePart || word === '大后'))) return null
  return addDays(dayOf(now), DAYS[word] ?? 0)
}

/** Weeks begin on Monday. Without 本 or 下 the next such day is meant. */
function readWeekday(text: string, { now, start }: Around): SaidDay | null {
  const [, which, weekday] = OF_WEEK.exec(text) ?? []
  if (weekday === undefined) return null
  const today = dayOf(now)
  const ofThisWeek = addDays(today, numberOfWeekday(weekday) - placeInWeek(today))
  if (which !== undefined) return { day: addDays(ofThisWeek, 7 * (WEEKS[which] ?? 0)), weekdayPassed: false }
  const passed = start === null ? ofThisWeek < today : instantAt(ofThisWeek, start).getTime() <= now.getTime()
  return { day: passed ? addDays(ofThisWeek, 7) : ofThisWeek, weekdayPassed: passed }
}

/** 1 = Monday … 7 = Sunday. */
function numberOfWeekday(said: string): number {
  if (said === '日' || said === '天') return 7
  const place = '一二三四五六'.indexOf(said) + 1
  return place > 0 ? place : Number(said)
}

const placeInWeek = (day: string): number => weekdayOf(instantAt(day, '12:00')) || 7

/** Not checked: '2026-02-30' comes out as it was said. */
const dayFrom = (year: number, month = '', date = ''): string =>
  `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
