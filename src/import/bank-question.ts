import { isDay } from '../clock.ts'
import {
  DIFFICULTIES,
  lengthOf,
  NO_CATEGORY,
  NO_EXPLANATION,
  NO_SOURCE,
  normalStem,
  type Question,
  question,
} from '../domain/question-bank.ts'
import { readAnswer, readKind } from './bank-answer.ts'
import { cleaned, type Draft, dayOrNone, type Flaw } from './bank-draft.ts'

/** A draft as a question, or everything that is wrong with it: column, why, and what to do. */

export type Judged = { question: Question; lacks: Lack[] } | { flaws: Flaw[] }
/** What the officer is told of, and which is filled with words that say so. */
export type Lack = '解析' | '出处'

const DIFFICULTY_WORDS: Readonly<Record<string, string>> = {
  容易: '易',
  简单: '易',
  低: '易',
  较易: '易',
  一般: '中',
  中等: '中',
  适中: '中',
  高: '难',
  困难: '难',
  较难: '难',
}
/** Where the schema finds fault, by the names of the columns. */
const COLUMNS: Readonly<Record<string, string>> = {
  kind: '题型',
  stem: '题目',
  options: '选项',
  answer: '答案',
  explanation: '解析',
  source: '出处',
  difficulty: '难度',
  category: '分类',
  validFrom: '生效日期',
  validTo: '失效日期',
}
/** WeCom's text is short, and a mistake in a form (a missing 解析：) shows as an endless cell. */
const MOST_EXPLANATION = 400

/** What stands for a picture when a page is copied: '[图片]' '<img src=a.png>' '![图](a.png)'. */
const PICTURE = /<img\b[^>]*>|!\[[^\]]*\]\([^)]*\)|[[【（(]\s*(?:图片?|image|img)\s*\d*\s*[\]】）)]/giu

export function judge(draft: Draft, number: number): Judged {
  const flaws: Flaw[] = []
  const stem = cleaned(draft.stem)
  if (normalStem(stem.replace(PICTURE, '')) === '')
    flaws.push({ column: '题目', why: '没有题目文字（图片里的字读不到）。请把题目写成文字' })
  const options = draft.options.map(cleaned)
  const gap = options.indexOf('')
  if (gap >= 0) flaws.push({ column: '选项', why: `选项 ${letterOf(gap)} 是空的，后面还有选项。请补上或往前移` })
  const kind = readKind(draft.kind, options, draft.answer)
  const answer = readAnswer(kind, options, draft.answer)
  if ('why' in kind) flaws.push({ column: '题型', why: kind.why })
  else if ('why' in answer) flaws.push({ column: '答案', why: answer.why })
  const explanation = cleaned(draft.explanation)
  if (lengthOf(explanation) > MOST_EXPLANATION) {
    flaws.push({ column: '解析', why: `有 ${lengthOf(explanation)} 字，最多 ${MOST_EXPLANATION} 字。请写短些` })
  }
  const days = readDays(draft, flaws)
  const found = [...draft.flaws, ...flaws.filter(({ column }) => !draft.flaws.some(one => covers(one.column, column)))]
  if (found.length > 0 || 'why' in kind || 'why' in answer) return { flaws: found }
  const source = readSource(draft.source)
  const lacks: Lack[] = [...(explanation === '' ? ['解析' as const] : []), ...(source ? [] : ['出处' as const])]
  const parsed = question.safeParse({
    ...{ number, kind: kind.value, stem, ...answer, ...days },
    explanation: explanation || NO_EXPLANATION,
    source: source ?? { law: NO_SOURCE, article: null, edition: null },
    difficulty: readDifficulty(draft.difficulty),
    category: cleaned(draft.category) || NO_CATEGORY,
  })
  if (parsed.success) return { question: parsed.data, lacks }
  return { flaws: parsed.error.issues.map(issue => flawOf(issue.path[0], issue.message, stem, options)) }
}

/** A cell that could not be read is not called empty as well; a question that could not be read has nothing else to be told. */
const covers = (found: string, column: string): boolean => found === '' || found.replace(/[A-H]$/, '') === column

const letterOf = (at: number): string => String.fromCharCode('A'.charCodeAt(0) + at)

function flawOf(field: PropertyKey | undefined, message: string, stem: string, options: readonly string[]): Flaw {
  const column = COLUMNS[String(field)] ?? String(field)
  const length = field === 'stem' ? `（有 ${lengthOf([stem, ...options].join(''))} 字），请写短些` : ''
  return { column, why: `${message}${length}` }
}

function readDays(draft: Draft, flaws: Flaw[]): { validFrom: string | null; validTo: string | null } {
  const read = (said: string, column: string): string | null => {
    const day = dayOrNone(said)
    if (day === null || (day !== undefined && isDay(day))) return day
    flaws.push({ column, why: `“${cleaned(said).slice(0, 20)}”不是日期。请写成 2024-03-01` })
    return null
  }
  return { validFrom: read(draft.validFrom, '生效日期'), validTo: read(draft.validTo, '失效日期') }
}

function readDifficulty(said: string): string {
  const word = cleaned(said).normalize('NFKC').replace(/\s/g, '')
  if (word === '') return '中'
  return DIFFICULTIES.find(one => one === word) ?? DIFFICULTY_WORDS[word] ?? word
}

/** '《党章》第三十条第二款（2022年修改）' is law, article and edition; what has no article is a law alone. */
function readSource(said: Draft['source']): Question['source'] | null {
  if (typeof said !== 'string') return said.law === '' ? null : said
  const text = cleaned(said)
  if (normalStem(text) === '') return null
  const [, before = text, edition] = /^(.+?)[（(]([^（()）]+)[）)]$/.exec(text) ?? []
  const [, law = before, article] = /^(.+?)[\s，,]*(第[\d一二三四五六七八九十百零〇]+条.*)$/.exec(before) ?? []
  return { law: law.trim(), article: article?.trim() ?? null, edition: edition?.trim() ?? null }
}
