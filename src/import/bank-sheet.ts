import { nameKey } from '../domain/roster-cells.ts'
import { UserError } from '../errors.ts'
import { type BankFile, cleaned, type Draft, emptyDraft } from './bank-draft.ts'
import { splitOptions } from './bank-options.ts'
import type { ReadSheet } from './xlsx.ts'

/** A bank in a sheet: the columns of OPERATIONS.md in any order, also under a title, also a sheet a kind. */

type Field =
  | 'kind'
  | 'stem'
  | 'options'
  | 'answer'
  | 'explanation'
  | 'source'
  | 'difficulty'
  | 'category'
  | 'validFrom'
  | 'validTo'

const HEADERS: Readonly<Record<Field, readonly string[]>> = {
  kind: ['题型', '类型', '题目类型', '试题类型'],
  stem: ['题目', '题干', '试题', '问题', '题目内容', '试题内容'],
  options: ['选项', '备选项', '答案选项'],
  answer: ['答案', '正确答案', '标准答案', '参考答案'],
  explanation: ['解析', '答案解析', '试题解析', '说明'],
  source: ['出处', '依据', '来源', '题目出处'],
  difficulty: ['难度', '难易', '难易度', '难度等级'],
  category: ['分类', '类别', '章节', '知识点'],
  validFrom: ['生效日期', '生效'],
  validTo: ['失效日期', '失效'],
}
/** Numbers that the sheet gives its rows: read by nobody, and no mistake. */
const IGNORED = ['序号', '题号', '编号', 'id']
/** How far down the heads may stand: below a title, and a line about the unit. */
const HEAD_WITHIN = 6
const LONGEST_TITLE = 60

interface Heads {
  row: number
  fields: ReadonlyMap<Field, number>
  /** Of A, B …, in this order. */
  options: readonly (number | undefined)[]
  names: readonly string[]
  unknown: string[]
}

export function readBankSheets(sheets: readonly ReadSheet[]): BankFile {
  const filled = sheets.filter(({ rows }) => rows.some(row => row.some(cell => cell.trim() !== '')))
  if (filled.length === 0) throw new UserError('这个文件是空的。请核对文件，再导入一次。')
  const found = filled.flatMap(sheet => {
    const heads = headsOf(sheet.rows)
    return heads ? [{ sheet, heads }] : []
  })
  if (found.length === 0) {
    throw new UserError('没有找到表头。请在第 1 行写上列名：题型、题目、选项A、选项B、答案、解析、出处，再导入一次。')
  }
  const several = found.length > 1
  return {
    form: '表格',
    title: found.map(({ sheet, heads }) => titleAbove(sheet.rows, heads.row)).find(title => title !== null) ?? null,
    drafts: found.flatMap(({ sheet, heads }) => draftsIn(sheet, heads, several)),
    unknownColumns: [...new Set(found.flatMap(({ heads }) => heads.unknown))],
  }
}

/** Whether these rows have the heads of a bank. */
export const isBankSheet = (rows: readonly (readonly string[])[]): boolean =>
  rows.slice(0, HEAD_WITHIN).some(row => row.some(cell => fieldOf(cell) === 'stem') && row.length > 1)

function headsOf(rows: readonly (readonly string[])[]): Heads | null {
  const row = rows.slice(0, HEAD_WITHIN).findIndex(cells => cells.some(cell => fieldOf(cell) === 'stem'))
  const names = rows[row]?.map(cleaned)
  if (!names) return null
  const fields = new Map<Field, number>()
  const options: (number | undefined)[] = []
  const unknown: string[] = []
  names.forEach((name, at) => {
    const field = fieldOf(name)
    const option = optionOf(name)
    const taken = field ? fields.has(field) : option !== null && options[option] !== undefined
    if (taken) throw new UserError(`有两列都是“${name}”。请只留一列，再导入一次。`)
    if (field) fields.set(field, at)
    else if (option !== null) options[option] = at
    else if (name !== '' && !IGNORED.includes(nameKey(name))) unknown.push(name)
  })
  if (!fields.has('answer')) throw new UserError(`第 ${row + 1} 行的表头里没有“答案”这一列。请补上，再导入一次。`)
  return { row, fields, options, names, unknown }
}

function fieldOf(header: string): Field | undefined {
  const key = nameKey(cleaned(header)).replace(/[（(*].*$/, '')
  return keys.find(field => HEADERS[field].includes(key))
}
const keys = Object.keys(HEADERS).filter((key): key is Field => key in HEADERS)

/** '选项A', '选项 a', 'A', '选项1' -> 0; more than H is no option. */
function optionOf(header: string): number | null {
  const [, letter = ''] = /^(?:选项|答案选项|option)?([a-h1-8])$/.exec(nameKey(header)) ?? []
  if (letter === '' || (/\d/.test(letter) && !/选项/.test(header))) return null
  return /\d/.test(letter) ? Number(letter) - 1 : letter.charCodeAt(0) - 'a'.charCodeAt(0)
}

function titleAbove(rows: readonly (readonly string[])[], head: number): string | null {
  const cells = rows.slice(0, head).flat().map(cleaned)
  return cells.find(cell => cell !== '' && cell.length <= LONGEST_TITLE) ?? null
}

function draftsIn({ name, rows, unreadable }: ReadSheet, heads: Heads, several: boolean): Draft[] {
  const drafts: Draft[] = []
  rows.forEach((cells, at) => {
    if (at <= heads.row) return
    const where = `${several ? `工作表“${name}”` : ''}第 ${at + 1} 行`
    const draft = draftOf(cells, at + 1, where, heads)
    for (const { row, column, why } of unreadable) {
      if (row === at) draft.flaws.push({ column: heads.names[column] ?? '', why })
    }
    // A sheet of 多选 questions need not say so in every row.
    if (draft.kind === '' && !heads.fields.has('kind')) draft.kind = kindIn(name)
    const isBlank = [draft.stem, draft.answer, ...draft.options].every(text => text === '')
    if (!isBlank || draft.flaws.length > 0) drafts.push(draft)
  })
  return drafts
}

const kindIn = (name: string): string => /单选|单项|多选|多项|判断|填空/.exec(name)?.[0] ?? ''

function draftOf(cells: readonly string[], row: number, where: string, { fields, options }: Heads): Draft {
  const cell = (at: number | undefined) => cleaned(at === undefined ? '' : (cells[at] ?? ''))
  const of = (field: Field) => cell(fields.get(field))
  const separate = Array.from(options, cell)
  while (separate.length > 0 && separate.at(-1) === '') separate.pop()
  return {
    ...emptyDraft(row, where),
    kind: of('kind'),
    stem: of('stem'),
    options: separate.length > 0 ? separate : optionsIn(of('options')),
    answer: of('answer'),
    explanation: of('explanation'),
    source: of('source'),
    difficulty: of('difficulty'),
    category: of('category'),
    validFrom: of('validFrom'),
    validTo: of('validTo'),
  }
}

/** All options in one cell: 'A. 是 B. 否', a line each, or with | between them. */
function optionsIn(cell: string): string[] {
  if (cell === '') return []
  const { before, options } = splitOptions(cell.replace(/\n/g, ' '))
  if (before === '' && options.length > 1) return options
  return cell.split(/[|｜\n]/).map(cleaned)
}
