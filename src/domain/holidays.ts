import lists from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import { z } from 'zod'
import { addDays, instantAt, isDay, monthOf, weekdayOf, yearOf } from '../clock.ts'

/**
 * Which days are worked. The State Council says each November what the next year is like; until a library knows it, or
 * where it is wrong, a holidays.json says it, which comes before the library: the one that is shipped, then the township's own.
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

const NO_DAY = { error: (issue: { input?: unknown }) => `${String(issue.input)} 不是日期，要写成 2027-01-01 的样子` }
const day = z.string(NO_DAY).refine(isDay, NO_DAY)
const days = (name: string) => z.array(day, `${name} 要写成一列日期，用方括号括起来`)
/** `workdays`: Saturdays and Sundays that are worked (调休). New Year's arrangement may begin in December before. */
const year = z
  .strictObject(
    { holidays: days('holidays'), workdays: days('workdays') },
    '里面要有 holidays 和 workdays 两项，不能有别的',
  )
  .superRefine(({ holidays, workdays }, check) => {
    const both = holidays.find(each => workdays.includes(each))
    if (both) check.addIssue(`${both} 又写成放假，又写成上班`)
  })
const YEAR = /^20\d{2}$/
const years = z.record(z.string().regex(YEAR), year, '要写成 {"2027": {…}} 的样子').superRefine((said, check) => {
  for (const [name, { holidays, workdays }] of Object.entries(said)) {
    const stray = [...holidays, ...workdays].find(
      each => !each.startsWith(name) && !each.startsWith(`${Number(name) - 1}-12`),
    )
    if (stray) check.addIssue({ code: 'custom', path: [name], message: `${stray} 不是这一年的` })
  }
})
export type Years = z.infer<typeof years>

/** A place in a file of holidays that is left out of the calendar; in the operator's words. */
export interface HolidayFault {
  /** The path of the file. */
  file: string
  /** null: the whole file. */
  year: string | null
  what: string
}

/** The years of a file that are as they should be. One that is not is left out, and told: it holds up none of the others. */
export function readYears(file: string, text: string): { years: Years; faults: HolidayFault[] } {
  const said = parsed(text)
  if (said.fault !== null) return { years: {}, faults: [{ file, year: null, what: said.fault }] }
  const shape = z.record(z.string(), z.unknown()).safeParse(said.json)
  const whole = shape.success ? Object.entries(shape.data) : []
  const read = whole.map(([name, value]) => ({ name, result: years.safeParse({ [name]: value }) }))
  const faults: HolidayFault[] = read.flatMap(({ name, result }) =>
    result.success ? [] : [{ file, year: name, what: YEAR.test(name) ? wordsOf(result.error) : '不是年份' }],
  )
  if (!shape.success) faults.push({ file, year: null, what: wordsOf(years.safeParse(said.json).error) })
  return { years: Object.assign({}, ...read.map(({ result }) => result.data ?? {})), faults }
}

const wordsOf = (error: z.ZodError | undefined): string => error?.issues[0]?.message ?? '写得不对'

/** Notepad begins a file with a mark that is no JSON. */
function parsed(text: string): { json: unknown; fault: string | null } {
  try {
    return { json: JSON.parse(text.replace(/^\uFEFF/, '')), fault: null }
  } catch (error) {
    const at = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
    const line = at === undefined ? '' : `，在第 ${text.slice(0, Number(at)).split('\n').length} 行附近`
    return { json: undefined, fault: `不是正确的 JSON${line}：多半是少了或多了逗号、引号、括号` }
  }
}

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

export function calendarOf(years: Years): Calendar {
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

let current = calendarOf({})
let found: readonly HolidayFault[] = []

/** The calendar of this process: the library's until files are read. */
export const calendar: Calendar = {
  isWorkday: day => current.isWorkday(day),
  isKnownYear: name => current.isKnownYear(name),
  firstWorkdayOf: month => current.firstWorkdayOf(month),
  nextWorkday: day => current.nextWorkday(day),
}

export function setCalendar(years: Years, faults: readonly HolidayFault[]): void {
  current = calendarOf(years)
  found = faults
}

export const holidayFaults = (): readonly HolidayFault[] => found

/** Years that begin soon, or have begun, and that nobody knows: said from December on, when the State Council has spoken. */
export function unknownYears(now: Date, by: Calendar = calendar): string[] {
  const current = yearOf(now)
  const next = String(Number(current) + 1)
  return [current, ...(monthOf(now).endsWith('-12') ? [next] : [])].filter(name => !by.isKnownYear(name))
}
