import type { BankQuestion, Quiz, Quota } from '../store/collections.ts'
import { letters } from './question-bank.ts'

/** What an answer is worth; pure, so that a correction can mark everybody again. */

export type Gradable = Pick<BankQuestion, 'kind' | 'options' | 'answer'>

/** The answer as it is kept: 'BD', '对', or the text of a 填空. `refused`: a sentence; nothing is counted. */
export type Given = { given: string } | { refused: string }

const TRUE = /^(?:对|正确|是|√|✓|✔|a|1|t|true|yes|y)$/
const FALSE = /^(?:错|错了|错误|不对|不是|不正确|否|×|✗|✘|x|b|f|false|no|n)$/
const LONGEST = 200

/** `b` `ＢＤ` `B、D` `B和D` `对`: as people type it. */
export function readGiven({ kind, options }: Pick<Gradable, 'kind' | 'options'>, said: string): Given {
  const text = said.normalize('NFKC').trim()
  if (text === '') return { refused: '还没有写答案。' }
  if (text.length > LONGEST) return { refused: `答案太长了，最多 ${LONGEST} 个字。` }
  if (kind === '填空') return isWord(text) ? { given: text } : { refused: `“${text}”不像答案。请直接回要填的字或数。` }
  if (kind === '判断') return readJudgement(text)
  return readLetters(options.length, kind, text)
}

/** Punctuation, an emoji or an id of the bot's is a slip of the thumb. */
const isWord = (text: string): boolean => /[\p{L}\p{N}]/u.test(text) && !/^[a-z]-\d+$/i.test(text)

function readJudgement(text: string): Given {
  const plain = text.toLowerCase().replace(/[。.！!的]+$/u, '')
  if (TRUE.test(plain)) return { given: '对' }
  return FALSE.test(plain) ? { given: '错' } : { refused: '这题是判断题，请回：对，或 错。' }
}

/** '我选B' '答案是（B）' 'B+D' 'B和D' */
const BEFORE_LETTERS = /^(?:我?(?:选择?|认为|觉得)|(?:我的)?答案?[是:]?)/u
const BETWEEN_LETTERS = /[\s、，,；;和及与跟+&.。·/()（）\\-]+/gu

const letterAt = (place: number): string => String.fromCharCode(64 + place)

function readLetters(options: number, kind: string, text: string): Given {
  const last = letterAt(options)
  const example = kind === '单选' ? '请回一个字母，如 B。' : '请把选中的字母一起回，如 AC。'
  const plain = text
    .toUpperCase()
    .replace(BEFORE_LETTERS, '')
    .replace(BETWEEN_LETTERS, '')
    // Choices are numbered elsewhere: 2 is B.
    .replace(/[1-9]/g, digit => letterAt(Number(digit)))
  if (!/^[A-Z]+$/.test(plain)) return { refused: `没看懂“${text}”，${example}` }
  const chosen = [...new Set(plain)].sort()
  const missing = chosen.find(letter => letter > last)
  if (missing) return { refused: `这题只有 A 到 ${last}，没有 ${missing}。${example}` }
  if (kind === '单选' && chosen.length > 1) return { refused: `这题只选一个。${example}` }
  return { given: chosen.join('') }
}

export interface Mark {
  points: number
  right: boolean
}

/** `points`: what the question is worth; a share of them only where the quiz gives part marks. */
export function mark(
  question: Gradable,
  given: string,
  { points, partMarks }: { points: number; partMarks: boolean },
): Mark {
  const { kind, answer } = question
  if (kind === '填空') {
    const right = [answer].flat().some(accepted => plain(accepted) === plain(given))
    return { points: right ? points : 0, right }
  }
  const wanted = String(answer)
  if (given === wanted) return { points, right: true }
  if (kind !== '多选' || !partMarks) return { points: 0, right: false }
  const rightOnes = new Set(letters(wanted))
  const chosen = letters(given)
  const share = chosen.every(letter => rightOnes.has(letter)) ? chosen.length / rightOnes.size : 0
  return { points: Math.floor(points * share), right: false }
}

/** Blanks, marks and width do not count; what stands between two digits does: 2.4 is not 24, and 1,000 is 1000. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(?!(?<=\d)[.、:](?=\d))(?!(?<=\d),(?=\d)(?!\d{3}(?!\d)))[\s。、,.;:“”"'‘’《》<>()]/gu, '')

export const pointsFor = (quotas: readonly Quota[], question: Pick<BankQuestion, 'kind' | 'difficulty'>): number =>
  (
    quotas.find(({ kind, difficulty }) => kind === question.kind && difficulty === question.difficulty) ??
    quotas.find(({ kind, difficulty }) => kind === question.kind && difficulty === null)
  )?.points ?? 0

export interface Scored {
  /** Per cent of the points that could be had, rounded down. */
  score: number
  passed: boolean
}

/** What was withdrawn since counts for nobody: neither its points nor that it was asked. */
export function scoreOf(
  asked: readonly BankQuestion[],
  answers: ReadonlyMap<string, { points: number }>,
  { quotas, passMark }: Pick<Quiz, 'quotas' | 'passMark'>,
): Scored {
  const counting = asked.filter(({ withdrawn }) => withdrawn === null)
  const most = counting.reduce((sum, question) => sum + pointsFor(quotas, question), 0)
  const got = counting.reduce((sum, { questionId }) => sum + (answers.get(questionId)?.points ?? 0), 0)
  const score = most === 0 ? 100 : Math.floor((100 * got) / most)
  return { score, passed: score >= passMark }
}
