import { type BankFile, cleaned, type Draft, emptyDraft } from './bank-draft.ts'
import { leadingOption, splitOptions } from './bank-options.ts'

/**
 * The form in which banks are passed around as documents: sections ('第一部分 单选题(50题)'), numbered questions with lettered
 * options, 【答案】 and 解析： below or in the same line.
 */

const SECTION =
  /^(?:第.{1,3}(?:部分|章|节|大题)|[（(]?[一二三四五六七八九十]{1,3}[）)]?)?\s*[、.．:：]?\s*(单选|单项选择|多选|多项选择|不定项选择|判断|判断正误|是非|填空)题?\s*(?:[（(:：【].*)?$/
/** Not 1.5 of '1.5%'. */
const NUMBERED = /^(\d{1,4})\s*(?:[、．]|[.](?!\d)|[)）])\s*(.*)$/s
const LABEL = '(?:正确|参考|标准)?答案|(?:答案|试题|题目)?(?:解析|详解)|出处|依据|难度|分类|知识点|生效日期|失效日期'
const LABELLED = new RegExp(
  `[【\\[［]\\s*(${LABEL})\\s*[】\\]］]\\s*[:：]?|(?<=^|[\\s\\u3000。；;.])(${LABEL})\\s*[:：]`,
  'g',
)
/** The answer in the brackets of the stem: '是（ B ）。'. */
const INSIDE = /[（(]\s*([A-HＡ-Ｈ][A-HＡ-Ｈ、,，\s]*|√|×|✓|✗|对|错|正确|错误)\s*[）)](?=[^（()）]*$)/
const LONGEST_TITLE = 60

type Part = 'stem' | 'answer' | 'explanation' | 'source' | 'difficulty' | 'category' | 'validFrom' | 'validTo'
const PARTS: readonly (readonly [words: RegExp, part: Part])[] = [
  [/答案$/, 'answer'],
  [/解析|详解/, 'explanation'],
  [/出处|依据/, 'source'],
  [/难度/, 'difficulty'],
  [/分类|知识点/, 'category'],
  [/生效/, 'validFrom'],
  [/失效/, 'validTo'],
]

/** Numbered questions and answers to them. */
export const isBankDocument = (text: string): boolean =>
  /^[^\S\n]*\d{1,4}[^\S\n]*(?:[、．)）]|\.(?!\d))/m.test(text) &&
  (text.search(LABELLED) >= 0 || text.split('\n').some(line => INSIDE.test(cleaned(line))))

interface Reading {
  title: string | null
  section: string
  drafts: Draft[]
  open: { draft: Draft; number: number; part: Part | 'options' } | null
}

/** `lines`: whether whoever has the file sees the numbers of its lines (a text), or not (Word). */
export function readBankDocument(text: string, lines: boolean): BankFile {
  const reading: Reading = { title: null, section: '', drafts: [], open: null }
  const all = text.split('\n').map(cleaned)
  all.forEach((line, at) => {
    if (line !== '') readLine(reading, line, at + 1, lines, () => isAnswered(all, at))
  })
  return {
    form: '文档',
    title: reading.title,
    drafts: reading.drafts.map(answerInside),
    unknownColumns: [],
  }
}

function readLine(reading: Reading, line: string, at: number, lines: boolean, answered: () => boolean): void {
  const [, kind] = SECTION.exec(line) ?? []
  if (kind) {
    reading.section = kind
    reading.open = null
    return
  }
  const [, digits, rest = ''] = NUMBERED.exec(line) ?? []
  if (digits && begins(reading, Number(digits), answered)) {
    const where = `${reading.section}第 ${Number(digits)} 题${lines ? `（第 ${at} 行）` : ''}`
    const draft = { ...emptyDraft(at, where), kind: reading.section }
    reading.drafts.push(draft)
    reading.open = { draft, number: Number(digits), part: 'stem' }
    readParts(reading.open, rest)
  } else if (reading.open) readParts(reading.open, line)
  else if (reading.drafts.length === 0 && line.length <= LONGEST_TITLE) reading.title ??= line
}

/** '1、' inside a stem or an explanation is a list there; a question has a higher number, or an answer of its own. */
function begins({ open }: Reading, number: number, answered: () => boolean): boolean {
  return !open || number > open.number || (open.draft.answer !== '' && answered())
}

/** Whether an answer stands in this numbered line or between it and the next. */
function isAnswered(all: readonly string[], from: number): boolean {
  for (let at = from; at < all.length; at += 1) {
    const line = all[at] ?? ''
    if (at > from && (NUMBERED.test(line) || SECTION.test(line))) return false
    if (/答案\s*[】\]］:：]/.test(line) || (at === from && INSIDE.test(line))) return true
  }
  return false
}

type Open = NonNullable<Reading['open']>

/** A line may hold several: '……（ ） A. 甲 B. 乙 【答案】B 解析：……'. */
function readParts(open: Open, line: string): void {
  let from = 0
  for (const found of line.matchAll(LABELLED)) {
    addText(open, line.slice(from, found.index))
    const label = found[1] ?? found[2] ?? ''
    open.part = PARTS.find(([words]) => words.test(label))?.[1] ?? open.part
    from = found.index + found[0].length
  }
  addText(open, line.slice(from))
}

function addText(open: Open, said: string): void {
  const text = cleaned(said)
  if (text === '') return
  const { draft, part } = open
  if (part === 'stem' || part === 'options') addToQuestion(open, text)
  else {
    const before = String(draft[part])
    draft[part] = before === '' ? text : `${before}\n${text}`
  }
}

function addToQuestion(open: Open, text: string): void {
  const { draft } = open
  const { options } = draft
  const letter = leadingOption(text)
  if (letter !== null && letter < options.length) {
    draft.flaws.push({ column: '选项', why: `选项 ${text.charAt(0)} 写了两次。请改好字母` })
    return
  }
  // A letter that was left out is an option without words, which is told.
  while (letter !== null && options.length < letter) options.push('')
  const { before, options: found } = splitOptions(text, options.length)
  const last = options.length - 1
  if (before !== '' && open.part === 'stem') draft.stem = draft.stem === '' ? before : `${draft.stem}\n${before}`
  else if (before !== '') options[last] = `${options[last] ?? ''}\n${before}`
  options.push(...found)
  if (options.length > 0) open.part = 'options'
}

function answerInside(draft: Draft): Draft {
  const [whole, answer] = (draft.answer === '' && INSIDE.exec(draft.stem)) || []
  return whole && answer ? { ...draft, answer: cleaned(answer), stem: draft.stem.replace(INSIDE, '（　）') } : draft
}
