import { dayOf } from '../clock.ts'
import { namesYear, readDay } from './when-day.ts'
import { type Hours, readCompact, readHours, splitPart, startsWithPart } from './when-hour.ts'

/**
 * Days and times as people say them (COMMANDS.md "How a line is read"). What is not wholly understood, or can be read
 * in two ways, is null: never a guess.
 */
export interface When {
  day: string | null
  start: string | null
  /** Only ever with a start, on the same day and after it. */
  end: string | null
  /** The half of the day was not said and the usual one taken (7点 → 07:00, 3点 → 15:00): spell it out. */
  assumed: boolean
  /** '周三' whose day of this week is over, so next week's was taken: spell it out. */
  weekdayPassed: boolean
}

/** Longer texts are no time; the limit keeps the work small whatever is pasted. */
const LONGEST = 48
/** '11月26日 周四 19:00 - 20:30' */
const MOST_WORDS = 5

/**
 * Reads one text, of one word or several joined by spaces, as a day, an hour, or both in either order. Any rest makes
 * it null, so the reader of arguments may try the longest join first. A part of the day is kept by the words, not by
 * the answer: '明晚' is a day, and '明晚 7点' read together is 19:00.
 */
export function readWhen(words: string, now: Date): When | null {
  if (words.length > LONGEST) return null
  const text = foldTime(words)
  if (text === '' || text.length > LONGEST || /(?:周|星期|礼拜)\d\d/.test(text)) return null
  const readings = new Map(readingsOf(text, now).map(reading => [JSON.stringify(reading), reading]))
  const [only] = readings.values()
  return readings.size === 1 && only !== undefined ? only : null
}

export const isTimeWord = (words: string, now: Date): boolean => readWhen(words, now) !== null

/** Takes the longest run of words from the front that is a day or time; null where the first word begins none. */
export function takeWhen(words: readonly string[], now: Date): { when: When; taken: number } | null {
  for (let taken = Math.min(MOST_WORDS, words.length); taken > 0; taken--) {
    const when = readWhen(words.slice(0, taken).join(' '), now)
    if (when !== null) return { when, taken }
  }
  return null
}

function readingsOf(text: string, now: Date): When[] {
  const readings = [dayAlone(text, now), hoursAlone(text)]
  for (let at = 1; at < text.length; at++) {
    if (/\d\d/.test(text.slice(at - 1, at + 1))) continue
    const [left, right] = [trim(text.slice(0, at)), trim(text.slice(at))]
    if (left === '' || right === '') continue
    readings.push(dayThenHours(left, right, now), hoursThenDay(left, right, now))
  }
  return readings.filter(reading => reading !== null)
}

function dayAlone(text: string, now: Date): When | null {
  const day = readDay(text, { now, start: null, beforePart: false })
  if (day !== null) return { ...day, start: null, end: null, assumed: false }
  const [rest] = splitPart(text) ?? []
  const early = rest === undefined ? null : readDay(rest, { now, start: null, beforePart: true })
  return early === null ? null : { ...early, start: null, end: null, assumed: false }
}

function hoursAlone(text: string): When | null {
  const hours = readHours(text)
  return hours === null ? null : { day: null, ...hours, weekdayPassed: false }
}

function dayThenHours(left: string, right: string, now: Date): When | null {
  const hours = readHours(right) ?? (mayBeYear(left, right, now) ? null : readCompact(right))
  return hours === null ? null : join(left, hours, now, startsWithPart(right))
}

/** '7点 明晚': the part of the day stands with the day. */
function hoursThenDay(left: string, right: string, now: Date): When | null {
  const [day, part] = splitPart(right) ?? [right, '']
  const hours = readHours(part + left)
  return hours === null ? null : join(day, hours, now, part !== '')
}

function join(text: string, hours: Hours, now: Date, beforePart: boolean): When | null {
  const day = readDay(text, { now, start: hours.start, beforePart })
  return day === null ? null : { ...day, ...hours }
}

/** '11-26 2025' is a day with its year behind it, not 20:25. */
function mayBeYear(day: string, digits: string, now: Date): boolean {
  return !namesYear(day) && Math.abs(Number(digits) - Number(dayOf(now).slice(0, 4))) <= 1
}

const trim = (text: string): string => text.replace(/^[\s,]+|[\s,]+$/g, '')

/** Width, case, dashes and Chinese numerals; the numeral of a weekday stays, so that 周三十点 is 周三, 十点. */
export const foldTime = (words: string): string =>
  trim(words.normalize('NFKC').toLowerCase())
    .replace(/[‐-―−~〜]+/g, '-')
    .replace(/∶/g, ':')
    .replace(/至/g, '到')
    .replace(/(?<!周|星期|礼拜)[〇零一二两三四五六七八九十廿卅]+/g, foldNumeral)

const DIGITS = '零一二三四五六七八九'
const digitOf = (character: string): number =>
  character === '〇' ? 0 : character === '两' ? 2 : DIGITS.indexOf(character)

/** 二十五 → 25, 零五 → 05, 二〇二六 → 2026. Others (二三 may be "two or three") stay as they are. */
function foldNumeral(said: string): string {
  const [, ten, one] = /^(廿|卅|[二两三四五六七八九]?十)([一二三四五六七八九])?$/.exec(said) ?? []
  if (ten !== undefined) {
    const tens = ten === '廿' ? 2 : ten === '卅' ? 3 : ten.length === 1 ? 1 : digitOf(ten.charAt(0))
    return String(tens * 10 + (one === undefined ? 0 : digitOf(one)))
  }
  const byDigit = /^(?:.|[〇零].|.{4})$/.test(said) && !/[十廿卅]/.test(said)
  return byDigit ? [...said].map(digitOf).join('') : said
}
