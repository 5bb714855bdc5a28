import { letters, normalStem, QUESTION_KINDS } from '../domain/question-bank.ts'
import { cleaned } from './bank-draft.ts'

/** Kind and answer of a question, as people write them. */

type Kind = (typeof QUESTION_KINDS)[number]
type Read<T> = { value: T } | { why: string }

const KIND_WORDS: readonly (readonly [words: RegExp, kind: Kind])[] = [
  [/^(单选|单项|单项选择|单项选择题|选择|single.*)$/, '单选'],
  [/^(多选|多项|多项选择|不定项|不定项选择|multiple.*|multi)$/, '多选'],
  [/^(判断|判断正误|是非|对错|judge|judgement|tf)$/, '判断'],
  [/^(填空|blank|fill)$/, '填空'],
]
const TRUE = /^(对|正确|是|√|✓|✔|☑|t|true|yes|y)$/
const FALSE = /^(错|错误|否|不对|不正确|×|✗|✘|✕|x|╳|f|false|no|n)$/

/** What is between the words of an answer and is not part of it: 'B。', '（对）'. */
const bare = (text: string): string =>
  cleaned(text)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s。.;；、,，()[\]【】"“”']|\ufe0e|\ufe0f/g, '')

const truthOf = (text: string): '对' | '错' | undefined => {
  if (TRUE.test(bare(text))) return '对'
  return FALSE.test(bare(text)) ? '错' : undefined
}

const oneText = (answer: string | readonly string[]): string => (typeof answer === 'string' ? answer : answer.join('|'))

/** A 判断 that was typed as a choice: A. 正确 B. 错误. */
const isTruthChoice = (options: readonly string[]): boolean =>
  options.length === 2 && new Set(options.map(truthOf)).size === 2 && options.every(one => truthOf(one) !== undefined)

/** Where no kind is said, options and answer tell it. */
export function readKind(said: string, options: readonly string[], answer: string | readonly string[]): Read<Kind> {
  const word = bare(said).replace(/题$/, '')
  const known = KIND_WORDS.find(([words]) => words.test(word))
  if (known) return { value: known[1] }
  if (word !== '') return { why: `没有“${cleaned(said).slice(0, 20)}”这种题型。可填：${QUESTION_KINDS.join('、')}` }
  if (isTruthChoice(options)) return { value: '判断' }
  if (options.length > 0) return { value: lettersIn(oneText(answer)).length > 1 ? '多选' : '单选' }
  return { value: truthOf(oneText(answer)) ? '判断' : '填空' }
}

/** Options stand with the answer, since those of a 判断 that was typed as a choice fall away. */
export function readAnswer(
  kind: Read<Kind>,
  options: readonly string[],
  answer: string | readonly string[],
): { options: readonly string[]; answer: string | string[] } | { why: string } {
  if ('why' in kind) return { why: '' }
  const text = cleaned(oneText(answer))
  if (kind.value === '填空') {
    const all = (typeof answer === 'string' ? answer.split(/[|｜]/) : [...answer]).map(cleaned)
    const accepted = [...new Set(all.filter(one => one !== ''))]
    return accepted.length > 0 ? { options, answer: accepted } : { why: '没有答案。请填写，几种写法都算对时用 | 隔开' }
  }
  if (kind.value === '判断') return readTruth(options, text)
  if (text === '') return { why: '没有答案。请填选项的字母，如 B' }
  return readLetters(kind.value, options, text)
}

function readTruth(options: readonly string[], text: string): { options: string[]; answer: string } | { why: string } {
  const typed = isTruthChoice(options)
  const chosen = typed ? options[(lettersIn(text)[0] ?? '').charCodeAt(0) - 'A'.charCodeAt(0)] : undefined
  const truth = truthOf(chosen ?? text)
  if (truth && (typed || options.length === 0)) return { options: [], answer: truth }
  if (truth) return { why: '判断题没有选项。请去掉选项，或把题型改成单选' }
  if (text === '') return { why: '没有答案。请填 对 或 错' }
  return { why: `答案“${text.slice(0, 20)}”看不懂。判断题请填 对 或 错` }
}

function readLetters(
  kind: '单选' | '多选',
  options: readonly string[],
  text: string,
): { options: readonly string[]; answer: string } | { why: string } {
  const found = lettersIn(text)
  const byText = options.findIndex(one => normalStem(one) === normalStem(text) && normalStem(text) !== '')
  const answer = found.length > 0 ? found : byText >= 0 ? [letterAt(byText)] : []
  if (answer.length === 0) return { why: `答案“${text.slice(0, 20)}”看不懂。请填选项的字母，如 B` }
  const beyond = answer.filter(letter => letter > letterAt(options.length - 1))
  if (options.length > 0 && beyond.length > 0) {
    const has = `选项只有 A 到 ${letterAt(options.length - 1)}`
    return { why: `答案里的 ${beyond.join('')} 不在选项里，${has}。请核对答案，或补上选项` }
  }
  if (kind === '单选' && answer.length > 1) {
    return { why: `单选只能有一个答案，这里是 ${answer.join('')}。请只留一个，或把题型改成多选` }
  }
  if (kind === '多选' && answer.length === 1) {
    return { why: `多选要有两个以上答案，这里只有 ${answer.join('')}。请补全，或把题型改成单选` }
  }
  return { options, answer: answer.join('') }
}

const letterAt = (at: number): string => String.fromCharCode('A'.charCodeAt(0) + at)

/** 'ＡＣ', 'a、c', 'A和C', 'A|C'. */
const lettersIn = (text: string): string[] => letters(text.replace(/[|｜+和与及]/g, ''))
