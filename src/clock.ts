import dayjs from 'dayjs'
import utc from 'dayjs/plugin/utc.js'

dayjs.extend(utc)

/**
 * The only place that reads the clock or knows the zone. Everything is Beijing time (UTC+8, no daylight saving since
 * 1991), whatever the host says. A `day` is 'YYYY-MM-DD', a `month` 'YYYY-MM', a `time` 'HH:mm'.
 */
const BEIJING_MINUTES = 480
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'] as const

let offsetMs = 0
const movedListeners = new Set<() => void>()

export const now = (): Date => new Date(Date.now() + offsetMs)
export const nowMs = (): number => Date.now() + offsetMs

/** Years whose days are written with four digits, with room for what is counted from them. */
export function canMoveTo(to: Date): boolean {
  return to.getTime() >= Date.UTC(2000, 0, 1) && to.getTime() < Date.UTC(9999, 0, 1)
}

/**
 * Sets the clock to an instant; it runs on from there at normal speed. Whoever waits for a due time is woken. Throws
 * RangeError, changing nothing, for no instant or one outside the years 2000 to 9998.
 */
export function moveClock(to: Date): void {
  if (!canMoveTo(to)) throw new RangeError('the clock goes from 2000 to 9998')
  offsetMs = to.getTime() - Date.now()
  for (const listener of movedListeners) listener()
}

/** Back to the host's clock. */
export function resetClock(): void {
  offsetMs = 0
  for (const listener of movedListeners) listener()
}

/** Calls the listener each time the clock is moved; returns what ends that. */
export function onClockMoved(listener: () => void): () => void {
  movedListeners.add(listener)
  return () => movedListeners.delete(listener)
}

/**
 * Shifted and read as UTC: what a library does through the host's zone errs where that has daylight saving, and these run
 * for every record that is written.
 */
const inBeijing = (at: Date): Date => new Date(at.getTime() + BEIJING_MINUTES * 60_000)

export const dayOf = (at: Date): string => inBeijing(at).toISOString().slice(0, 10)
export const monthOf = (at: Date): string => inBeijing(at).toISOString().slice(0, 7)
export const yearOf = (at: Date): string => inBeijing(at).toISOString().slice(0, 4)
export const timeOf = (at: Date): string => inBeijing(at).toISOString().slice(11, 16)
/** 0 = Sunday … 6 = Saturday, in Beijing. */
export const weekdayOf = (at: Date): number => inBeijing(at).getUTCDay()

/** The instant of a Beijing day and time. */
export const instantAt = (day: string, time: string): Date => new Date(`${day}T${time}:00+08:00`)
export const addDays = (day: string, days: number): string => dayjs.utc(day).add(days, 'day').format('YYYY-MM-DD')
export const addMinutes = (at: Date, minutes: number): Date => new Date(at.getTime() + minutes * 60_000)
/** Whole minutes from one instant to another, rounded down. */
export const minutesBetween = (from: Date, to: Date): number => Math.floor((to.getTime() - from.getTime()) / 60_000)
/** Calendar days from one day to another: 1 is tomorrow. */
export const daysBetween = (from: string, to: string): number => dayjs.utc(to).diff(dayjs.utc(from), 'day')
/** True for a day that exists: '2026-02-30' does not. */
export const isDay = (day: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(day) && dayjs.utc(day).isValid() && dayjs.utc(day).format('YYYY-MM-DD') === day

/** '11月26日 周四 19:00'; the year stands in front where it is not this year's. */
export function spellMoment(at: Date): string {
  return `${spellDay(dayOf(at))} ${timeOf(at)}`
}

/** '11月26日 周四'; the year stands in front where it is not this year's. */
export function spellDay(day: string): string {
  const date = dayjs.utc(day)
  const year = day.slice(0, 4) === yearOf(now()) ? '' : `${day.slice(0, 4)}年`
  return `${year}${date.month() + 1}月${date.date()}日 ${WEEKDAYS[date.day()]}`
}
