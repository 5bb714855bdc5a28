import { dayOf, spellMoment, yearOf } from '../clock.ts'
import { letters } from '../domain/question-bank.ts'
import type { BankQuestion, Quiz } from '../store/collections.ts'

/** How quizzes and questions are put into words. */

const HOW: Readonly<Record<BankQuestion['kind'], string>> = {
  单选: '单选，请回一个字母',
  多选: '多选，请把字母一起回，如 AC',
  判断: '判断，请回：对，或 错',
  填空: '填空，请回答案',
}

export const letterOf = (at: number): string => String.fromCharCode(65 + at)

/** '第 2/5 题（多选，请把字母一起回，如 AC）' and the question; the options follow. */
export function questionText(question: BankQuestion, at: number, of: number): string {
  return `第 ${at}/${of} 题（${HOW[question.kind]}）\n${question.stem}`
}

export const optionLines = ({ options }: Pick<BankQuestion, 'options'>): string[] =>
  options.map((text, at) => `${letterOf(at)}. ${text}`)

/** 'B. 每季度一次'; of several one after the other; of a 填空 the first that is accepted. */
export function rightAnswer({ answer, options }: Pick<BankQuestion, 'answer' | 'options'>): string {
  if (Array.isArray(answer)) return answer[0] ?? ''
  const chosen = letters(answer)
  if (chosen.length === 0) return answer
  return chosen.map(letter => `${letter}. ${options[letter.charCodeAt(0) - 65] ?? ''}`).join('；')
}

/** Why it is so; where the key was corrected the explanation may speak of the old one, so that is said too. */
export function explained({ explanation, corrections }: Pick<BankQuestion, 'explanation' | 'corrections'>): string {
  const last = corrections.at(-1)
  return last ? `${explanation}（答案改正过：${last.why}）` : explanation
}

/** '《…》第十一条（2018-10-28 起施行）' */
export function sourceOf({ source }: Pick<BankQuestion, 'source'>): string {
  const { law, article, edition } = source
  return `${law}${article ?? ''}${edition ? `（${edition}）` : ''}`
}

/** '11月26日 周四 23:59' */
export const deadlineOf = ({ closesAt }: Pick<Quiz, 'closesAt'>): string => spellMoment(new Date(closesAt))

export const isOver = ({ state, closesAt }: Pick<Quiz, 'state' | 'closesAt'>, now: Date): boolean =>
  state === 'closed' || state === 'cancelled' || new Date(closesAt) <= now

export const isOpenNow = (quiz: Pick<Quiz, 'state' | 'opensAt' | 'closesAt'>, now: Date): boolean =>
  quiz.state === 'open' && new Date(quiz.opensAt) <= now && !isOver(quiz, now)

/** Until its close no answer may say the key, to nobody: officers take part too. */
export const hidesKey = (quiz: Pick<Quiz, 'shows' | 'state' | 'closesAt'>, now: Date): boolean =>
  quiz.shows === 'afterClose' && !isOver(quiz, now)

export const yearIn = (instant: string): string => yearOf(new Date(instant))
export const dayIn = (instant: string): string => dayOf(new Date(instant))
