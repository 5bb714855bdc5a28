import { addDays, dayOf, daysBetween, instantAt } from '../clock.ts'
import type { QuizFigures } from '../store/collections.ts'
import { calendar } from './holidays.ts'
import { QUESTION_KINDS } from './question-bank.ts'
import type { Drawable } from './quiz-draw.ts'
import { isDoubtful } from './quiz-figures.ts'
import { LEAST_SHOWN } from './quiz-privacy.ts'
import { readWhen } from './when.ts'

/** 测验 每日: which days, and which part of the bank each of them asks. */

export interface SeriesSaid {
  banks: readonly string[]
  /** So many questions a day. */
  count: number
  /** Beijing days, as they were said. */
  from: string
  to: string
  /** Those that are worked, at least two. */
  days: readonly string[]
}

const MOST_DAYS = 14
const MOST_A_DAY = 20
/** Opened any later, its first words would come the next morning. */
const LATEST_START = '20:00'

/** Throws nothing: `refused` says what is missing or cannot be. */
export function readSeriesSaid(text: string, now: Date): SeriesSaid | { refused: string } {
  const words = text.normalize('NFKC').trim().split(/\s+/u)
  const at = words.findIndex(word => /^\d{1,3}题?$/.test(word))
  if (at < 1) return { refused: '还缺题库或题数。' }
  const count = Number.parseInt(words[at] ?? '', 10)
  if (count < 1 || count > MOST_A_DAY) return { refused: `每天的题数请写 1 到 ${MOST_A_DAY}。` }
  const banks = words
    .slice(0, at)
    .join(' ')
    .split(/[+、,]/u)
  const range = readRange(words.slice(at + 1).join(' '), now)
  if ('refused' in range) return range
  const days = workdays(range.from, range.to)
  if (days.length < 2) return { refused: `这几天里上班日只有 ${days.length} 天，至少要 2 天：最后一天是终测。` }
  return { banks: banks.map(name => name.trim()), count, ...range, days }
}

function readRange(text: string, now: Date): { from: string; to: string } | { refused: string } {
  const words = text
    .replace(/[从自]|每天|每日/gu, ' ')
    .replace(/[到至~]+/gu, ' ')
    .split(/\s+/u)
    .filter(word => word !== '')
  if (words.length < 2) return { refused: '还缺从哪天到哪天。' }
  const read = readings(words, now)
  const [only] = read
  if (!only || read.length > 1) return { refused: `没看懂日期“${words.join(' ')}”。` }
  return rangeRefusal(only, now) ?? only
}

/** However the words are parted into two days: '11-30 12-4', '11月30日 周一 12月4日'. */
function readings(words: readonly string[], now: Date): { from: string; to: string }[] {
  const found = words.slice(1).flatMap((_, before) => {
    const from = dayAlone(words.slice(0, before + 1).join(' '), now)
    const last = words.slice(before + 1).join(' ')
    const to = dayAlone(last, now)
    if (!from || !to) return []
    // '周一 周五' said on a Thursday: the Friday after that Monday.
    const after = to < from ? (dayAlone(last, instantAt(from, '00:00')) ?? to) : to
    return [{ from, to: after }]
  })
  return [...new Map(found.map(range => [`${range.from} ${range.to}`, range])).values()]
}

function dayAlone(words: string, now: Date): string | null {
  const when = readWhen(words, now)
  return when?.day && when.start === null ? when.day : null
}

function rangeRefusal({ from, to }: { from: string; to: string }, now: Date): { refused: string } | null {
  const today = dayOf(now)
  if (from < today) return { refused: `${from} 已经过去，请从今天或以后的日子起。` }
  if (from === today && now >= instantAt(today, LATEST_START)) return { refused: '今天已经晚了，请从明天起。' }
  if (to < from) return { refused: `${to} 在 ${from} 之前。` }
  if (daysBetween(from, to) >= MOST_DAYS)
    return { refused: `最多 ${MOST_DAYS} 天，现在是 ${daysBetween(from, to) + 1} 天。` }
  return null
}

function workdays(from: string, to: string): string[] {
  const days: string[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) if (calendar.isWorkday(day)) days.push(day)
  return days
}

/**
 * The bank dealt out to the days, kind by kind, so that no day asks what another does and each has some of every kind. Where it
 * has too few for that, every day draws from the whole bank: null.
 */
export function dealOut<Q extends Drawable>(pool: readonly Q[], days: number, count: number): Q[][] | null {
  if (pool.length < days * count) return null
  const hands: Q[][] = Array.from({ length: days }, () => [])
  const byKind = QUESTION_KINDS.flatMap(kind => pool.filter(one => one.kind === kind))
  for (const [at, question] of byKind.entries()) hands[at % days]?.push(question)
  return hands
}

export interface QuestionSum {
  questionId: string
  asked: number
  right: number
  /** Of one day: what was given most on each of several is not known any more. */
  mostWrong: { given: string; times: number } | null
  /** On one of the days at least. */
  doubtful: boolean
}

/** One question over all days that asked it. */
export function sumQuestions(days: readonly QuizFigures[]): QuestionSum[] {
  const sums = new Map<string, QuestionSum>()
  for (const one of days.flatMap(({ questions }) => questions)) {
    const { questionId } = one
    const before = sums.get(questionId) ?? { questionId, asked: 0, right: 0, mostWrong: null, doubtful: false }
    const more = (one.mostWrong?.times ?? 0) > (before.mostWrong?.times ?? 0)
    sums.set(questionId, {
      questionId,
      asked: before.asked + one.asked,
      right: before.right + one.right,
      mostWrong: more ? one.mostWrong : before.mostWrong,
      doubtful: before.doubtful || isDoubtful(one),
    })
  }
  return [...sums.values()]
}

/** The questions that not all got right, fewest right first; of those that were asked too seldom nothing is said. */
export const hardest = (sums: readonly QuestionSum[]): QuestionSum[] =>
  sums
    .filter(({ asked, right }) => asked >= LEAST_SHOWN && right < asked)
    .toSorted((a, b) => a.right / a.asked - b.right / b.asked || b.asked - a.asked)
