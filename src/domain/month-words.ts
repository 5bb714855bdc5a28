import { monthOf } from '../clock.ts'
import { foldTime } from './when.ts'

/**
 * Months as people say them: '11月', '10-12月', '2026-10至2026-12', '上个月', '四季度'. Plain strings 'YYYY-MM' and no zone, so
 * the arithmetic stands here and not in clock.ts.
 */

export type Months = { months: string[] } | { refused: string }

/** Longer texts are no months; the limit keeps the work small whatever is pasted. */
const LONGEST = 64
/** More is a slip: nobody pays or reports on more at once. */
const MOST_MONTHS = 24
/** A month without a year that lies further ahead is last year's: dues look back, and go ahead by 6 months at most (DOMAIN.md 2.4). */
export const MOST_AHEAD = 6

const SHIFTS: Readonly<Record<string, number>> = { 上: -1, 本: 0, 这: 0, 当: 0, 下: 1 }
const YEARS: Readonly<Record<string, number>> = { 去: -1, 今: 0, 本: 0, 明: 1 }

const YEAR = '(?:19|20)\\d{2}'
const POINT = `(?:${YEAR}[-./年]|[去今明]年)?\\d{1,2}(?:月份?)?|${YEAR}\\d{2}|[上本这当下]个?月`
const RANGE = new RegExp(`^(${POINT})(?:[-到](${POINT}))?$`)
const OF_YEAR = new RegExp(`^(?:(${YEAR})[-./年]|([去今明])年)?(\\d{1,2})(月份?)?$`)
const QUARTER = new RegExp(`^(?:(${YEAR})年?\\s*|([去今明])年\\s*)?第?\\s*([1-4])\\s*季度$`)
const THIS_QUARTER = /^([上本这下])个?季度?$/
const WHOLE_YEAR = new RegExp(`^(?:(${YEAR})年|([去今本明])年|全年)(?:全年)?$`)

/** Null: not meant as months ('11', '11-24', '王五'). Sorted, each once. What may be of two years is refused: never a guess. */
export function readMonths(said: string, now: Date): Months | null {
  if (said.length > LONGEST) return null
  const text = foldTime(said)
  const period = readPeriod(text, now)
  if (period !== null) return { months: period }
  const ranges = readRanges(text, now)
  if (ranges === null) return null
  const wrong = ranges.flat().find(({ month }) => month < 1 || month > 12)
  return wrong === undefined ? monthsOf(ranges, now) : { refused: `没有 ${wrong.month} 月，请写 1 到 12 月，如 11月` }
}

/**
 * '10、11、12月', from four in a row on '1-9月'; with their years where one is not this year's: '2025年12月、2026年1月'. `now`: the
 * month or the year that it is.
 */
export function spellMonths(months: readonly string[], now: string): string {
  const thisYear = now.slice(0, 4)
  const sorted = [...new Set(months)].sort()
  const withYear = sorted.some(month => !month.startsWith(thisYear))
  const years = [...new Set(sorted.map(month => month.slice(0, 4)))]
  return years
    .map(year => {
      const own = sorted.filter(month => month.startsWith(year)).map(month => Number(month.slice(5)))
      return `${withYear ? `${year}年` : ''}${spellRuns(own)}月`
    })
    .join('、')
}

/** '2026-11', 2 → '2027-01' */
export function addMonths(month: string, n: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + n
  return monthAt(Math.floor(count / 12), (count % 12) + 1)
}

/** Both ends included; none where it ends before it begins. */
export function monthsFrom(from: string, to: string): string[] {
  const months: string[] = []
  for (let month = from; month <= to; month = addMonths(month, 1)) months.push(month)
  return months
}

/** The three months of the quarter that the month lies in. */
export function quarterOf(month: string): string[] {
  const first = addMonths(month, -((Number(month.slice(5)) - 1) % 3))
  return [first, addMonths(first, 1), addMonths(first, 2)]
}

/** The last month of the quarter that the month lies in. */
export const quarterEnd = (month: string): string => addMonths(month, 2 - ((Number(month.slice(5)) - 1) % 3))

const monthAt = (year: number, month: number): string => `${year}-${String(month).padStart(2, '0')}`

/** '四季度', '去年', '全年' */
function readPeriod(text: string, now: Date): string[] | null {
  const current = monthOf(now)
  const thisYear = Number(current.slice(0, 4))
  const [, which] = THIS_QUARTER.exec(text) ?? []
  if (which !== undefined) return quarterOf(addMonths(current, 3 * (SHIFTS[which] ?? 0)))
  const [, year, relative, quarter] = QUARTER.exec(text) ?? []
  if (quarter !== undefined) {
    const month = Number(quarter) * 3 - 2
    return quarterOf(monthAt(saidYear(year, relative, now) ?? likelyYear(month, now), month))
  }
  const [whole, wholeYear, relativeYear] = WHOLE_YEAR.exec(text) ?? []
  if (whole === undefined) return null
  const of = saidYear(wholeYear, relativeYear, now) ?? thisYear
  return monthsFrom(monthAt(of, 1), monthAt(of, 12))
}

const saidYear = (year: string | undefined, relative: string | undefined, now: Date): number | null => {
  if (year !== undefined) return Number(year)
  return relative === undefined ? null : Number(monthOf(now).slice(0, 4)) + (YEARS[relative] ?? 0)
}

/** '12月' said in January is the month before, not eleven months ahead. */
function likelyYear(month: number, now: Date): number {
  const current = monthOf(now)
  const thisYear = Number(current.slice(0, 4))
  return month - Number(current.slice(5)) > MOST_AHEAD ? thisYear - 1 : thisYear
}

interface Point {
  year: number | null
  month: number
  /** False for a bare number, which is a month only before one that says so: '10、11、12月'. */
  complete: boolean
  saysMonth: boolean
}

function readRanges(text: string, now: Date): Point[][] | null {
  const spaced = text.replace(/\s*([、,;和及到-])\s*/g, '$1').replace(/\s*年\s*|\s+(?=月)/g, found => found.trim())
  const ranges: Point[][] = []
  for (const part of spaced.split(/[、,;和及\s]+/)) {
    const ends = RANGE.exec(part)
      ?.slice(1)
      .filter(end => end !== undefined)
    const points = ends?.map(end => readPoint(end, now)).filter(point => point !== null)
    if (points === undefined || points.length === 0 || points.length !== ends?.length) return null
    ranges.push(points)
  }
  const all = ranges.flat()
  const bareMayBe = all.at(-1)?.saysMonth === true && !/\d\s/.test(spaced)
  return all.every(({ complete }) => complete || bareMayBe) ? ranges : null
}

function readPoint(text: string, now: Date): Point | null {
  const [, which] = /^([上本这当下])个?月$/.exec(text) ?? []
  const plain = which === undefined ? sixDigits(text) : addMonths(monthOf(now), SHIFTS[which] ?? 0)
  if (plain !== null) {
    return {
      year: Number(plain.slice(0, 4)),
      month: Number(plain.slice(5)),
      complete: true,
      saysMonth: which !== undefined,
    }
  }
  const [, year, relative, month, unit] = OF_YEAR.exec(text) ?? []
  if (month === undefined) return null
  // 2026.50 is money rather than a month.
  if (/^\d{4}\./.test(text) && unit === undefined && !isMonthNumber(month)) return null
  const of = saidYear(year, relative, now)
  return { year: of, month: Number(month), complete: of !== null || unit !== undefined, saysMonth: unit !== undefined }
}

const isMonthNumber = (said: string): boolean => Number(said) >= 1 && Number(said) <= 12

function sixDigits(text: string): string | null {
  const [, year, month] = /^(\d{4})(\d{2})$/.exec(text) ?? []
  return year !== undefined && month !== undefined && isMonthNumber(month) ? `${year}-${month}` : null
}

/**
 * A year holds for what stands behind it ('2026年10、11月'), and a range may run over New Year ('12月到1月'). A list that falls
 * back without naming a year ('12月、1月') may mean either year.
 */
function monthsOf(ranges: readonly (readonly Point[])[], now: Date): Months {
  const months = new Set<string>()
  let last: { year: number; month: number } | null = null
  for (const [from, to = from] of ranges) {
    if (from === undefined || to === undefined) continue
    if (from.year === null && last !== null && from.month < last.month) return { refused: whichYear(now) }
    const year: number = from.year ?? last?.year ?? likelyYear(from.month, now)
    const end = { year: to.year ?? (to.month < from.month ? year + 1 : year), month: to.month }
    const run = monthsFrom(monthAt(year, from.month), monthAt(end.year, end.month))
    if (run.length === 0) return { refused: `开始的月份在结束的月份后面，请写成 ${year}-10至${year}-12 这样` }
    for (const month of run) months.add(month)
    last = end
  }
  return months.size > MOST_MONTHS
    ? { refused: `一共 ${months.size} 个月，一次最多 ${MOST_MONTHS} 个月，请分几次写，如 10-12月` }
    : { months: [...months].sort() }
}

function whichYear(now: Date): string {
  const year = Number(monthOf(now).slice(0, 4))
  return `看不出是哪一年的，请写上年份，如 ${year}年12月、${year + 1}年1月`
}

/** [1, 2, 3, 4, 9] → '1-4、9' */
function spellRuns(numbers: readonly number[]): string {
  const runs: number[][] = []
  for (const number of numbers) {
    const run = runs.at(-1)
    if (run?.at(-1) === number - 1) run.push(number)
    else runs.push([number])
  }
  return runs.map(run => (run.length > 3 ? `${run[0]}-${run.at(-1)}` : run.join('、'))).join('、')
}
