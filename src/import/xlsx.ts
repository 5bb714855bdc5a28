import { formatValue } from 'hucre'
import { type Cell, type CellValue, type MergeRange, readXlsx, type Sheet } from 'hucre/xlsx'
import { UserError } from '../errors.ts'

/** The sheets of an XLSX as rows of text, what Excel shows. Only after `lookIntoZip`. */

export interface ReadSheet {
  name: string
  /** Not shown where the workbook is opened: who exports it may not know that it is there. */
  hidden?: true
  /** Row i is row i + 1 of the sheet. */
  rows: string[][]
  /** Cells whose text cannot be known: a formula without a result, or with an error. */
  unreadable: { row: number; column: number; why: string }[]
}

/** More than a bank can fill: sheets are often formatted down to their millionth row. */
const RANGE = 'A1:AZ20000'

export async function readXlsxSheets(bytes: Uint8Array): Promise<ReadSheet[]> {
  try {
    const { sheets } = await readXlsx(bytes, { readStyles: true, range: RANGE })
    return sheets.map(sheetText)
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError('这个 Excel 文件读不下去。请用 Excel 或 WPS 打开，另存为 .xlsx，再导入一次。')
  }
}

function sheetText({ name, rows, cells, merges = [], hidden, veryHidden }: Sheet): ReadSheet {
  const unreadable: ReadSheet['unreadable'] = []
  const texts = rows.map((row, at) =>
    row.map((value, column) => {
      const cell = cells?.get(`${at},${column}`)
      const why = cell && whyUnreadable(cell)
      if (why) unreadable.push({ row: at, column, why })
      return why ? '' : shown(cell, value)
    }),
  )
  const filled = texts.map(row => row.some(text => text.trim() !== ''))
  for (const merge of merges) spread(texts, filled, merge)
  return { name, ...((hidden || veryHidden) && { hidden: true }), rows: texts, unreadable }
}

/** A result that is text stands in `value`, a number in `formulaResult`. */
const resultOf = ({ formulaResult, value }: Cell): CellValue => formulaResult ?? value

function whyUnreadable(cell: Cell): string | undefined {
  const { formula, type } = cell
  if (type === 'error') return '这一格的公式出错了。请改成文字'
  const result = resultOf(cell)
  const isEmpty = result === null || result === ''
  if (formula && isEmpty) return '这一格是公式，没有算好的结果。请改成文字，或在 Excel 里打开保存一次'
  return undefined
}

/** A percentage or a day is a number to Excel: what counts is what the person sees. */
function shown(cell: Cell | undefined, value: CellValue): string {
  const told = cell?.formula ? resultOf(cell) : value
  if (told === null || told === undefined) return ''
  if (typeof told === 'string') return told
  if (typeof told === 'boolean') return told ? '对' : '错'
  const format = cell?.style?.numFmt
  if (told instanceof Date) return told.toISOString().slice(0, 10)
  if (format && format !== 'General' && format !== '@') return formatValue(told, format)
  // As many digits as Excel shows: 0.1 + 0.2 is 0.3 there.
  return String(Number(told.toPrecision(15)))
}

/**
 * A merged cell over several rows (分类 over its questions) holds for each that has something of its own; over columns it stays
 * the first's.
 */
function spread(rows: string[][], filled: readonly boolean[], { startRow, startCol, endRow }: MergeRange): void {
  const text = rows[startRow]?.[startCol] ?? ''
  for (let row = startRow + 1; row <= Math.min(endRow, rows.length - 1); row += 1) {
    const cells = rows[row]
    if (cells && filled[row]) cells[startCol] = text
  }
}
