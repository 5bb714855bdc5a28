import type { Cell, CellStyle, MergeRange } from 'hucre/xlsx'
import { cellText } from './spelling.ts'

/** In points: Excel calls a file damaged in which a row is taller. */
const TALLEST = 409

/** A sheet that grows downwards: cells, merges and heights as hucre takes them. */
export function createCanvas(columns: number) {
  const cells = new Map<string, Partial<Cell>>()
  const merges: MergeRange[] = []
  const rowDefs = new Map<number, { height: number }>()
  let next = 0

  function set(row: number, column: number, value: string | number | null, style: CellStyle): void {
    // hucre makes an error of '#N/A' and its like; as a run of text it stays what was typed.
    if (typeof value === 'string' && value.startsWith('#')) {
      cells.set(`${row},${column}`, { style, richText: [{ text: value, ...(style.font && { font: style.font }) }] })
    } else cells.set(`${row},${column}`, { value, style })
  }

  return {
    cells,
    merges,
    rowDefs,
    /** Which row comes next, counted from 0. */
    get next(): number {
      return next
    },
    /** A new row of this height; its number. */
    row(height: number): number {
      rowDefs.set(next, { height: Math.min(height, TALLEST) })
      next += 1
      return next - 1
    },
    set,
    /** Words over a block. Each of its cells has the style, since a border belongs to a cell. */
    block(text: string, style: CellStyle, { row, column = 0, rows = 1, width = columns - column }: Block): void {
      for (let r = row; r < row + rows; r += 1) {
        for (let c = column; c < column + width; c += 1) set(r, c, null, style)
      }
      set(row, column, cellText(text), style)
      if (rows * width > 1) {
        merges.push({ startRow: row, startCol: column, endRow: row + rows - 1, endCol: column + width - 1 })
      }
    },
  }
}

export type Canvas = ReturnType<typeof createCanvas>

interface Block {
  row: number
  column?: number
  rows?: number
  width?: number
}
