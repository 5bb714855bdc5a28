import { isDay } from '../clock.ts'

/**
 * What one cell of the roster file says. Cells are only text: nothing in them is ever calculated, '=1+1' included.
 * A reader gets a cell that is not blank and answers with the value, or with why it is wrong, in words for people.
 */
export type Cell<T> = { value: T; note?: string } | { why: string }
export type ReadCell<T> = (text: string, today: string) => Cell<T>

/** DOMAIN.md 2.2: more than 1,000 yuan a month is voluntary, so it cannot be a standard. */
const MOST_FEN = 100_000
/** The Party was founded in July 1921: an earlier date is a slip, often Excel's day zero (1900). */
const FIRST_DAY = '1921-07-01'
const LONGEST_TEXT = 64

const INVISIBLE = /[\u200b-\u200f\u2060\ufeff]/g
const HAN_ONLY = /^[\p{Script=Han}〇\s]+$/u
/** What offices write where there is nothing to write (DOMAIN.md 11). */
const NOTHING = /^(?:[-–—―/\\]+|无)$/

export const foldWidth = (text: string): string => text.replace(INVISIBLE, '').normalize('NFKC').trim()

export const isBlank = (text: string): boolean => {
  const folded = foldWidth(text)
  return folded === '' || NOTHING.test(folded)
}

/** Full-width letters and digits become half-width; punctuation stays as it was typed: （ is right in a Chinese name. */
export function tidy(text: string): string {
  const narrow = text.replace(/[０-９Ａ-Ｚａ-ｚ]/g, sign => sign.normalize('NFKC'))
  return narrow.replace(INVISIBLE, '').replace(/\s+/g, ' ').trim()
}

/** Two spellings of one branch or header have one key: width, case and spaces don't count. */
export const nameKey = (text: string): string => foldWidth(text).replace(/\s+/g, '').toLowerCase()

export const readText: ReadCell<string> = text => {
  const value = tidy(text)
  return value.length > LONGEST_TEXT ? { why: `最多 ${LONGEST_TEXT} 个字` } : { value }
}

/** '张　伟' is padding that lines up a printed list, not part of the name. */
export const readName: ReadCell<string> = (text, today) => {
  const name = tidy(text).replace(/[•・‧∙]/g, '·')
  return readText(HAN_ONLY.test(name) ? name.replace(/\s+/g, '') : name, today)
}

/** WeCom: 1 to 64 letters, digits and _ - @ . of which the first is a letter or a digit; compared without case. */
export const readAccount: ReadCell<string> = text => {
  const value = foldWidth(text).toLowerCase()
  if (/^[a-z0-9][a-z0-9_.@-]{0,63}$/.test(value)) return { value }
  return { why: `${quote(text)}不是账号，只能用字母、数字和 _-@. ，以字母或数字开头，最多 64 个` }
}

const DAY_FORMS = [
  /^(\d{4})([-./])(\d{1,2})\2(\d{1,2})(?: 0{1,2}:00(?::00)?)?$/,
  /^(\d{4})(年)(\d{1,2})月(\d{1,2})[日号]$/,
  /^(\d{4})()(\d{2})(\d{2})$/,
] as const
const MONTH_FORMS = [/^(\d{4})[-./](\d{1,2})$/, /^(\d{4})年(\d{1,2})月$/, /^(\d{4})(\d{2})$/] as const

/** A month alone means its first day. */
export const readDay: ReadCell<string> = (text, today) => {
  const folded = foldWidth(text)
  const day = dayIn(folded)
  if (day === undefined || !isDay(day)) return { why: `${folded} 不是日期，请写成 2024-03-01 或 2024.03` }
  if (day > today) return { why: `${folded} 还没有到，请核对` }
  if (day < FIRST_DAY) return { why: `${folded} 早于 1921 年 7 月，请核对` }
  // Excel drops the last zero of a number, so that 2024.10 arrives as 2024.1.
  return /^\d{4}\.1$/.test(folded)
    ? { value: day, note: `${folded} 读作 1 月，如果是 10 月请写成 2024-10` }
    : { value: day }
}

/** Of a text in half width: undefined where it is no form of a day; whether there is such a day is asked by `isDay`. */
export function dayIn(folded: string): string | undefined {
  for (const form of DAY_FORMS) {
    const [, year, , month, date] = form.exec(folded) ?? []
    if (year && month && date) return `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  }
  for (const form of MONTH_FORMS) {
    const [, year, month] = form.exec(folded) ?? []
    if (year && month) return `${year}-${month.padStart(2, '0')}-01`
  }
  return undefined
}

/** Yuan to fen by the digits themselves: a float would lose one now and then. */
export const readFen: ReadCell<number> = text => {
  const folded = foldWidth(text)
  // A cell formatted as money arrives as it is shown: ¥0.50.
  const [, yuan, fen = ''] = /^[¥￥]?(\d{1,9})(?:\.(\d{1,2}))?元?$/.exec(folded) ?? []
  if (yuan === undefined) return { why: `${folded} 不是金额，请写成元，最多两位小数，如 0.50` }
  const value = Number(yuan) * 100 + Number(fen.padEnd(2, '0'))
  return value > MOST_FEN ? { why: `${folded} 超过每月 1000.00 元，请核对` } : { value }
}

export const readYesNo: ReadCell<boolean> = text => {
  const folded = foldWidth(text)
  // 对, TRUE: a ticked box of Excel, in a workbook and in its CSV.
  if (['是', '√', '✓', '✔', '对', 'TRUE'].includes(folded)) return { value: true }
  return ['否', '错', 'FALSE'].includes(folded) ? { value: false } : { why: `${quote(text)}看不懂，请填“是”或“否”` }
}

/** 不计法定人数: the day of the approval, or 是/否. */
export const readApproval: ReadCell<string | boolean> = (text, today) => {
  const answer = readYesNo(text, today)
  if ('value' in answer) return answer
  return /\d/.test(text) ? readDay(text, today) : { why: `${quote(text)}看不懂，请填批准日期，或填“是”“否”` }
}

/** One of the words, or one of the other spellings that are plainly the same. */
export function readWord<T>(words: ReadonlyMap<string, T>, spellings: ReadonlyMap<string, T> = new Map()): ReadCell<T> {
  return text => {
    const folded = nameKey(text)
    const value = words.get(folded) ?? spellings.get(folded)
    if (value !== undefined) return { value }
    return { why: `没有${quote(text)}，可填：${[...words.keys()].join('、')}` }
  }
}

/** Several words with 、 or a comma, slash, semicolon or space between them; each once. */
export function readWords<T>(readOne: ReadCell<T>): ReadCell<T[]> {
  return (text, today) => {
    const values = new Set<T>()
    for (const part of foldWidth(text).split(/[、,，/;；\s]+/)) {
      if (isBlank(part)) continue
      const cell = readOne(part, today)
      if (!('value' in cell)) return cell
      values.add(cell.value)
    }
    return { value: [...values] }
  }
}

/** What stands in the cell, cut where it is long: the message stays one sentence. */
const quote = (text: string): string => `“${tidy(text).slice(0, 20)}”`
