import { z } from 'zod'
import { UserError } from '../errors.ts'
import { type BankFile, type Draft, emptyDraft } from './bank-draft.ts'

/** A bank as JSON, in the form of data/banks; what may be left out in a sheet may be left out here. */

const words = z.union([z.string(), z.number().transform(String), z.null().transform(() => '')]).default('')
const list = z.union([z.array(words), z.null().transform((): string[] => [])]).default([])
const source = z
  .union([
    words,
    z.object({
      law: words,
      article: z.string().nullable().default(null),
      edition: z.string().nullable().default(null),
    }),
  ])
  .default('')
const shape = z.object({
  number: z.number().optional(),
  kind: words,
  stem: words,
  options: list,
  answer: z.union([words, z.array(words), z.boolean().transform(right => (right ? '对' : '错'))]).default(''),
  explanation: words,
  source,
  difficulty: words,
  category: words,
  validFrom: words,
  validTo: words,
})
const file = z.union([
  z.array(z.unknown()).transform(questions => ({ name: null, questions })),
  z.object({
    name: z
      .string()
      .nullish()
      .transform(name => name ?? null),
    questions: z.array(z.unknown()),
  }),
])

export const looksLikeJson = (text: string): boolean => /^\s*(?:\{\s*["}]|\[\s*[\]{"])/.test(text)

export function readBankJson(text: string): BankFile {
  const parsed = file.safeParse(parse(text))
  if (!parsed.success) {
    throw new UserError('这个 JSON 不是题库：要有 name（题库名称）和 questions（题目）。请照 data/banks 里的样子写。')
  }
  const { name, questions } = parsed.data
  return { form: 'JSON', title: name, drafts: questions.map((one, at) => draftOf(one, at + 1)), unknownColumns: [] }
}

function draftOf(said: unknown, at: number): Draft {
  const parsed = shape.safeParse(said)
  if (parsed.success) {
    const { number, ...told } = parsed.data
    return { ...emptyDraft(at, `第 ${number ?? at} 题`), ...told }
  }
  const fields = parsed.error.issues.map(({ path }) => path.join('.') || '整道题')
  return {
    ...emptyDraft(at, `第 ${at} 题`),
    flaws: [{ column: '', why: `${[...new Set(fields)].join('、')} 的格式不对。请照 data/banks 里的样子写` }],
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const at = error instanceof SyntaxError ? lineOf(text, error.message) : ''
    throw new UserError(`这个 JSON 读不下去${at}。请核对括号、引号和逗号，再导入一次。`)
  }
}

function lineOf(text: string, message: string): string {
  const [, position] = /position (\d+)/.exec(message) ?? []
  return position === undefined ? '' : `（第 ${text.slice(0, Number(position)).split('\n').length} 行附近）`
}
