import { monthOf } from '../clock.ts'
import { monthsFrom, readMonths } from './month-words.ts'

/** What a report of dues is about: single months, a year, or years beside each other. */
export type DuesPeriod =
  | { kind: 'year'; year: string }
  | { kind: 'months'; months: readonly string[] }
  | { kind: 'years'; years: readonly string[] }

const YEARS = /^(20\d{2})年?\s*[-–—~至到]\s*(20\d{2})年?$/
const YEAR = /^(20\d{2})年?$/
/** A sheet of paper has no room for more beside each other. */
const MOST_YEARS = 6

/** '' is this year; '本月' '2026-11' '四季度' months; '2026' '去年' a year; '2021-2026' years. Null: not understood. */
export function readDuesPeriod(said: string, now: Date): DuesPeriod | { refused: string } | null {
  const text = said.normalize('NFKC').trim()
  if (text === '') return { kind: 'year', year: monthOf(now).slice(0, 4) }
  const [, from, to] = YEARS.exec(text) ?? []
  if (from && to) return yearsFrom(Number(from), Number(to))
  const year = YEAR.exec(text)?.[1]
  if (year) return { kind: 'year', year }
  const read = readMonths(text, now)
  if (!read || 'refused' in read) return read
  const [first = ''] = read.months
  const whole = monthsFrom(`${first.slice(0, 4)}-01`, `${first.slice(0, 4)}-12`)
  const isYear = read.months.join() === whole.join()
  return isYear ? { kind: 'year', year: first.slice(0, 4) } : { kind: 'months', months: read.months }
}

function yearsFrom(from: number, to: number): DuesPeriod | { refused: string } {
  if (to < from) return { refused: `开始的年份在后面，请写成 ${to}-${from}` }
  if (to - from >= MOST_YEARS) return { refused: `一次最多 ${MOST_YEARS} 年，请写成 ${to - MOST_YEARS + 1}-${to}` }
  return { kind: 'years', years: Array.from({ length: to - from + 1 }, (_, at) => String(from + at)) }
}
