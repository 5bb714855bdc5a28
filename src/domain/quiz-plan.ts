import { z } from 'zod'
import { addMinutes, instantAt } from '../clock.ts'
import { DIFFICULTIES, QUESTION_KINDS, type Quota } from '../store/collections.ts'
import { POINTS } from './quiz-draw.ts'
import { readWhen } from './when.ts'

/** What an officer says of a new quiz: 题库, how many, until when, and what is to be otherwise than usual. */
export interface QuizSaid {
  banks: readonly string[]
  /** So many in all, or so many of a kind. */
  count: number | null
  quotas: readonly Quota[]
  closesAt: Date
  passMark: number
  attempts: number
  minutes: number | null
  shows: 'each' | 'afterClose'
  partMarks: boolean
}

/** DOMAIN.md 13: quizPass, quizAttempts. */
export const PASS = 60
export const ATTEMPTS = 3
const MOST_QUESTIONS = 100
/** Answers are kept three months: those of its first day have to be there at its close. */
const LONGEST_DAYS = 80
export const END_OF_DAY = '23:59'

const KIND = new RegExp(`^(${QUESTION_KINDS.join('|')})(${DIFFICULTIES.join('|')})?(\\d{1,2})题?$`)

/** Throws nothing: `refused` says what is missing or not understood. */
export function readQuizSaid(text: string, now: Date): QuizSaid | { refused: string } {
  const words = text.normalize('NFKC').trim().split(/\s+/u)
  const at = words.findIndex(word => /^\d{1,3}题?$/.test(word) || KIND.test(word))
  if (at < 1) return { refused: '还缺题库或题数。' }
  const banks = words
    .slice(0, at)
    .join(' ')
    .split(/[+、,，]/u)
    .map(name => name.trim())
  const said: Omit<QuizSaid, 'closesAt'> = {
    ...{ banks, count: null, quotas: [], passMark: PASS, attempts: ATTEMPTS, minutes: null },
    ...{ shows: 'each', partMarks: false },
  }
  const rest: string[] = []
  for (const word of words.slice(at)) {
    const wrong = takeWord(said, word)
    if (wrong === null) rest.push(word)
    else if (wrong !== '') return { refused: wrong }
  }
  const closesAt = rest.length > 0 ? deadline(rest.join(' '), now) : null
  if (closesAt === null) return { refused: rest.length > 0 ? `没看懂截止时间“${rest.join(' ')}”。` : '还缺截止日期。' }
  if (closesAt <= now) return { refused: '截止时间已过。' }
  if (closesAt > addMinutes(now, LONGEST_DAYS * 24 * 60))
    return { refused: `最长 ${LONGEST_DAYS} 天，请把截止日期提前。` }
  return { ...said, closesAt }
}

/** '': taken. A sentence: wrong. null: it is something else. */
function takeWord(said: Omit<QuizSaid, 'closesAt'>, word: string): string | null {
  const [, kind, difficulty, count] = KIND.exec(word) ?? []
  if (kind && count) {
    const quota = quotaOf(kind, difficulty ?? null, Number(count))
    if (!quota) return `“${word}”的题数不对。`
    said.quotas = [...said.quotas, quota]
    return ''
  }
  if (said.count === null && said.quotas.length === 0 && /^\d{1,3}题?$/.test(word)) {
    said.count = Number.parseInt(word, 10)
    return said.count < 1 || said.count > MOST_QUESTIONS ? `题数请写 1 到 ${MOST_QUESTIONS}。` : ''
  }
  return takeRule(said, word)
}

function takeRule(said: Omit<QuizSaid, 'closesAt'>, word: string): string | null {
  const pass = /^及格(\d{1,3})分?$/.exec(word)?.[1]
  const attempts = /^(?:可答)?(\d{1,2})次$/.exec(word)?.[1]
  const minutes = /^限时(\d{1,3})(?:分钟?)?$/.exec(word)?.[1]
  if (pass) {
    said.passMark = Number(pass)
    return said.passMark > 100 ? '及格分请写 0 到 100。' : ''
  }
  if (attempts) {
    said.attempts = Number(attempts)
    return said.attempts < 1 || said.attempts > 20 ? '次数请写 1 到 20。' : ''
  }
  if (minutes) {
    said.minutes = Number(minutes)
    return said.minutes < 1 ? '限时请写 1 分钟以上。' : ''
  }
  if (word === '部分给分') said.partMarks = true
  else if (/^(?:截止|结束)后公布(?:答案)?$/.test(word)) said.shows = 'afterClose'
  else return null
  return ''
}

const quotaShape = z.object({
  kind: z.enum(QUESTION_KINDS),
  difficulty: z.enum(DIFFICULTIES).nullable(),
  count: z.number().int().positive(),
})

function quotaOf(kind: string, difficulty: string | null, count: number): Quota | null {
  const parsed = quotaShape.safeParse({ kind, difficulty, count })
  return parsed.success ? { ...parsed.data, points: POINTS } : null
}

/** A day without an hour ends with the day. */
function deadline(words: string, now: Date): Date | null {
  const when = readWhen(words.replace(/(?:截止|前|为止)$/u, ''), now)
  if (!when?.day) return null
  return instantAt(when.day, when.start ?? END_OF_DAY)
}
