import type { Column, Sheet } from './workbook.ts'

/** How much room words take, in digits: Excel's unit of width. */

const NARROWEST = 6
const WIDEST = 32
/** Of a money column: '12345.60' and the room beside it. */
const MONEY = 10
const MARGIN = 2

/** A Chinese character or full-width sign takes two. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += (character.codePointAt(0) ?? 0) > 0x2e7f || /[‘’“”…—·]/.test(character) ? 2 : 1
  return width
}

const longestLine = (text: string): number => Math.max(...text.split('\n').map(widthOf))

/** By the words and numbers that stand in each column, within limits. */
export function columnWidths({ columns, rows, totals = [] }: Sheet): number[] {
  return columns.map((column, at) => {
    if (column.width !== undefined) return column.width
    const longest = [...rows, ...totals].reduce((most, row) => Math.max(most, cellWidth(row[at], column)), 0)
    const least = column.kind === 'money' ? MONEY : NARROWEST
    // A long head may take two lines.
    const head = Math.min(longestLine(column.header), Math.max(8, longest))
    return Math.min(WIDEST, Math.max(least, longest + MARGIN, head + MARGIN))
  })
}

function cellWidth(cell: string | number | null | undefined, { kind }: Column): number {
  if (cell === null || cell === undefined) return 0
  if (typeof cell === 'string') return longestLine(cell)
  if (kind === 'tenths') return (cell / 10).toFixed(1).length
  if (kind === 'percent') return `${cell}%`.length
  return kind === 'money' ? (cell / 100).toFixed(2).length : String(cell).length
}

/** How many lines words take in this width. */
export const linesIn = (text: string, width: number): number =>
  text.split('\n').reduce((lines, line) => lines + Math.max(1, Math.ceil(widthOf(line) / Math.max(1, width - 1))), 0)
