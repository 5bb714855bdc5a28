import { z } from 'zod'
import admission from '../../data/banks/admission.json' with { type: 'json' }
import branchWork from '../../data/banks/branch-work.json' with { type: 'json' }
import constitution from '../../data/banks/constitution.json' with { type: 'json' }
import dues from '../../data/banks/dues.json' with { type: 'json' }
import integrity from '../../data/banks/integrity.json' with { type: 'json' }
import memberEducation from '../../data/banks/member-education.json' with { type: 'json' }
import { isDay } from '../clock.ts'
import { type BankQuestion, DIFFICULTIES, QUESTION_KINDS } from '../store/collections.ts'

export { DIFFICULTIES, QUESTION_KINDS }

/**
 * A bank of questions as it is shipped and as it is imported (DOMAIN.md 10). The messages are for whoever typed the bank, so
 * they are in Chinese and name what to mend.
 */

/** A text of WeCom holds 2,048 bytes, some 680 characters: a question with its options has to fit one, head and hint included. */
const MOST_CHARACTERS = 500
/** An emoji is one character to whoever typed it, and up to 25 bytes. */
const MOST_BYTES = 1700
const MOST_OPTIONS = 8

const words = (what: string) => z.string(`没有${what}`).trim().min(1, `没有${what}`)
const day = z.string().refine(isDay, '不是日期（写成 2024-03-01）')

const told = {
  number: z.int().positive(),
  stem: words('题目'),
  explanation: words('解析'),
  /** `article` is null where the rule has none for it, or where nobody has looked it up. */
  source: z.strictObject({ law: words('出处'), article: words('条款').nullable(), edition: words('版本').nullable() }),
  difficulty: z.enum(DIFFICULTIES, `难度是 ${DIFFICULTIES.join(' ')} 之一`),
  category: words('分类'),
  /** Ids of the facts the key rests on: test/study/facts.json. An imported question has none. */
  facts: z.array(z.string()).default([]),
  validFrom: day.nullable(),
  validTo: day.nullable(),
}

const options = z
  .array(words('选项内容'))
  .min(2, '选项不到 2 个')
  .max(MOST_OPTIONS, `选项超过 ${MOST_OPTIONS} 个`)
  .refine(all => new Set(all.map(one => one.normalize('NFKC'))).size === all.length, '有两个选项一样')
const none = z.array(z.never()).max(0, '这种题没有选项')

const single = z.strictObject({
  ...told,
  kind: z.literal('单选'),
  options,
  answer: z.string().regex(/^[A-H]$/, '单选的答案是一个字母'),
})
const multiple = z.strictObject({
  ...told,
  kind: z.literal('多选'),
  options,
  answer: z
    .string()
    .regex(/^[A-H]{2,}$/, '多选的答案是两个以上字母')
    .refine(answer => letters(answer).join('') === answer, '多选的字母按次序写，不重复'),
})
const judgement = z.strictObject({
  ...told,
  kind: z.literal('判断'),
  options: none,
  answer: z.enum(['对', '错'], '判断的答案是 对 或 错'),
})
const blank = z.strictObject({
  ...told,
  kind: z.literal('填空'),
  options: none,
  answer: z.array(words('答案')).min(1, '没有答案'),
})

/** One question; an importer parses row by row with it. */
export const question = z
  .discriminatedUnion('kind', [single, multiple, judgement, blank], `题型是 ${QUESTION_KINDS.join(' ')} 之一`)
  .refine(one => one.kind === '填空' || letters(one.answer).every(letter => optionAt(one, letter) !== undefined), {
    path: ['answer'],
    message: '答案的字母不在选项里',
  })
  .refine(one => lengthOf(textOf(one)) <= MOST_CHARACTERS, {
    path: ['stem'],
    message: `题目连同选项超过 ${MOST_CHARACTERS} 字`,
  })
  .refine(one => lengthOf(textOf(one)) > MOST_CHARACTERS || Buffer.byteLength(textOf(one)) <= MOST_BYTES, {
    path: ['stem'],
    message: '题目连同选项里表情太多，一条消息放不下',
  })
  .refine(({ validFrom, validTo }) => validFrom === null || validTo === null || validFrom <= validTo, {
    path: ['validTo'],
    message: '失效日期早于生效日期',
  })
export type Question = z.output<typeof question>

/** What stands where whoever wrote an imported question told nothing: nobody invents it for him. */
export const NO_EXPLANATION = '（题库里没有写解析）'
export const NO_SOURCE = '（题库里没有写出处）'
export const NO_CATEGORY = '未分类'

const characters = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** Lengths are what a person counts: an emoji is one character. */
export const lengthOf = (text: string): number => [...characters.segment(text)].length

const textOf = ({ stem, options: all }: { stem: string; options: readonly string[] }): string => [stem, ...all].join('')

export const bank = z.strictObject({
  bankId: z.string().regex(/^[a-z\d]+(-[a-z\d]+)*$/, '题库编号用小写字母、数字和短横'),
  name: words('题库名称'),
  questions: z
    .array(question)
    .min(1, '题库里没有题')
    .refine(all => new Set(all.map(({ number }) => number)).size === all.length, '有两道题的题号一样'),
})
export type Bank = z.output<typeof bank>

/** Throws with the bank and the number of every question that is wrong. */
export function bankOf(said: unknown): Bank {
  const parsed = bank.safeParse(said)
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map(({ path, message }) => `${placeIn(said, path)}：${message}`)
  throw new Error(wrong.join('\n'), { cause: parsed.error })
}

/** As much of a bank as can be read whatever else is wrong with it. */
const outline = z
  .object({
    bankId: z.string().catch('（没有编号）'),
    questions: z.array(z.object({ number: z.number().optional() }).catch({})).catch([]),
  })
  .catch({ bankId: '（没有编号）', questions: [] })

function placeIn(said: unknown, [first, at, ...field]: readonly PropertyKey[]): string {
  const { bankId, questions } = outline.parse(said)
  const where = typeof at === 'number' ? [`第 ${questions[at]?.number ?? `${at + 1}（按次序）`} 题`, ...field] : []
  return [`题库 ${bankId}`, ...(where.length > 0 || first === undefined ? where : [first])].join(' ')
}

/** A question as it is kept: nothing of it has been withdrawn or corrected yet. */
export function recordOf({ facts: _, ...told }: Question, questionId: string, bankId: string): BankQuestion {
  return { ...told, questionId, bankId, stemKey: normalStem(told.stem), withdrawn: null, corrections: [] }
}

/** What two stems share when they ask the same: no spaces, punctuation and brackets. A decimal point and % stay: 0.5% is not 5. */
export function normalStem(stem: string): string {
  return stem.normalize('NFKC').replace(/(?!(?<=\d)\.(?=\d)|%)[\s\p{P}\p{Z}]/gu, '')
}

/** 'ＢＤ', 'd、b' and 'BD' are B and D; what holds anything but letters is none ('对'). */
export function letters(answer: string): string[] {
  const bare = normalStem(answer).toUpperCase()
  return /^[A-Z]+$/.test(bare) ? [...new Set(bare)].sort() : []
}

function optionAt(one: { options: readonly string[] }, letter: string): string | undefined {
  return one.options[letter.charCodeAt(0) - 'A'.charCodeAt(0)]
}

/** The answer by content, so that it stays right when the options are shuffled. */
export function rightTexts(one: Question): string[] {
  if (one.kind === '填空') return one.answer
  if (one.kind === '判断') return [one.answer]
  return letters(one.answer).flatMap(letter => optionAt(one, letter) ?? [])
}

/** In every new store. At the end, since parsing needs all of the above. */
export const shippedBanks: readonly Bank[] = [
  constitution,
  branchWork,
  memberEducation,
  dues,
  admission,
  integrity,
].map(bankOf)
