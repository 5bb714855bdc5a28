import lists from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import { z } from 'zod'
import shipped from '../../data/holidays.json' with { type: 'json' }
import { addDays, instantAt, isDay, monthOf, weekdayOf, yearOf } from '../clock.ts'

/**
 * Which days are worked. The State Council says each November what the next year is like; until a library knows it, or
 * where it is wrong, the township writes it into data/holidays.json, which comes before the library.
 */
export interface Calendar {
  /** A Beijing day. Of a year that nobody knows yet: Monday to Friday, but for the holidays with a fixed date. */
  isWorkday(day: string): boolean
  /** False: the holidays of that year are a guess. */
  isKnownYear(year: string): boolean
  /** '2026-11' -> '2026-11-02' */
  firstWorkdayOf(month: string): string
  /** The next one after the day. */
  nextWorkday(day: string): string
}

const days = z.array(z.string().refine(isDay, 'is no day'))
/** `workdays`: Saturdays and Sundays that are worked (调休). New Year's arrangement may begin in December before. */
const year = z
  .strictObject({ holidays: days, workdays: days })
  .refine(
    ({ holidays, workdays }) => !holidays.some(day => workdays.includes(day)),
    'a day is both a holiday and a workday',
  )
const overrides = z
  .record(z.string().regex(/^20\d{2}$/), year)
  .refine(
    years =>
      Object.entries(years).every(([name, { holidays, workdays }]) =>
        [...holidays, ...workdays].every(day => day.startsWith(name) || day.startsWith(`${Number(name) - 1}-12`)),
      ),
    'a day stands under another year',
  )

/** The library's functions read a day by the host's zone, half of the time; its lists are days as they are. */
const listed = z
  .object({ holidays: z.record(z.string(), z.string()), workdays: z.record(z.string(), z.string()) })
  .parse(lists)
const listedIn = (year: string): number => Object.keys(listed.holidays).filter(day => day.startsWith(year)).length

const isWeekend = (day: string): boolean => [0, 6].includes(weekdayOf(instantAt(day, '12:00')))

/** A year has eleven statutory days or more (全国年节及纪念日放假办法); a day or two are the edge of its neighbour's. */
const KNOWN_FROM = 7

/** New Year, Labour Day and National Day, whatever the year's arrangement is (全国年节及纪念日放假办法). */
const ALWAYS_OFF = ['01-01', '05-01', '05-02', '10-01', '10-02', '10-03']

/** Throws ZodError for what is no list of holidays: the start fails rather than a reminder. */
export function calendarOf(said: unknown): Calendar {
  const years = overrides.parse(said)
  const all = Object.values(years)
  const holidays = new Set(all.flatMap(each => each.holidays))
  const workdays = new Set(all.flatMap(each => each.workdays))

  function isWorkday(day: string): boolean {
    if (workdays.has(day)) return true
    if (holidays.has(day)) return false
    if (Object.hasOwn(listed.workdays, day)) return true
    return !Object.hasOwn(listed.holidays, day) && !isWeekend(day) && !ALWAYS_OFF.includes(day.slice(5))
  }
  function workdayFrom(day: string): string {
    let at = day
    while (!isWorkday(at)) at = addDays(at, 1)
    return at
  }
  return {
    isWorkday,
    isKnownYear: name => Object.hasOwn(years, name) || listedIn(name) >= KNOWN_FROM,
    firstWorkdayOf: month => workdayFrom(`${month}-01`),
    nextWorkday: day => workdayFrom(addDays(day, 1)),
  }
}

export const calendar: Calendar = calendarOf(shipped)

/** Years that begin soon, or have begun, and that nobody knows: said from December on, when the State Council has spoken. */
export function unknownYears(now: Date, by: Calendar = calendar): string[] {
  const current = yearOf(now)
  const next = String(Number(current) + 1)
  return [current, ...(monthOf(now).endsWith('-12') ? [next] : [])].filter(name => !by.isKnownYear(name))
}
