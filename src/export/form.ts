import { type Canvas, createCanvas } from './canvas.ts'
import { type CellLook, cellLook, EMPTY, HEAD, HEIGHT, lineLook, TITLE } from './looks.ts'
import { linesIn, widthOf } from './measure.ts'
import { cellValue } from './spelling.ts'
import type { Column, Line, Row, Sheet } from './workbook.ts'

/** Where the parts of a form stand: title, lines, heads, rows, totals, notes, signatures, from top to bottom. */

export interface Form {
  canvas: Canvas
  /** The rows of the columns' heads, counted from 0. */
  heads: { from: number; to: number }
}

const NOTHING = '没有记录'

export function drawForm(sheet: Sheet, widths: readonly number[]): Form {
  const canvas = createCanvas(sheet.columns.length)
  const whole = widths.reduce((sum, width) => sum + width, 0)
  // The title's letters are half as wide again.
  const titleLines = linesIn(sheet.title, whole / 1.6)
  canvas.block(sheet.title, TITLE, { row: canvas.row(HEIGHT.title * titleLines) })
  for (const line of sheet.lines ?? []) drawLine(canvas, line, widths)
  const heads = drawHeads(canvas, sheet.columns, widths)
  drawRows(canvas, sheet, widths)
  for (const note of sheet.notes ?? []) {
    canvas.block(note, lineLook('left', true), { row: canvas.row(heightFor(linesIn(note, whole), HEIGHT.line)) })
  }
  if (sheet.signatures?.length) drawSignatures(canvas, sheet.signatures, whole)
  return { canvas, heads }
}

const heightFor = (lines: number, one: number): number => one + (lines - 1) * HEIGHT.further

/** What is longer gets more of the columns. */
function drawLine(canvas: Canvas, { left = '', right = '' }: Line, widths: readonly number[]): void {
  const row = canvas.row(HEIGHT.line)
  const whole = widths.reduce((sum, width) => sum + width, 0)
  if (left === '' || right === '' || widths.length === 1) {
    canvas.block([left, right].filter(words => words !== '').join('　'), lineLook(left ? 'left' : 'right', false), {
      row,
    })
    return
  }
  const share = (whole * widthOf(left)) / (widthOf(left) + widthOf(right))
  let [count, width] = [0, 0]
  for (const one of widths.slice(0, -1)) {
    if (count > 0 && width + one / 2 > share) break
    count += 1
    width += one
  }
  canvas.block(left, lineLook('left', false), { row, width: count })
  canvas.block(right, lineLook('right', false), { row, column: count })
}

function drawHeads(canvas: Canvas, columns: readonly Column[], widths: readonly number[]): Form['heads'] {
  const grouped = columns.some(({ group }) => group !== undefined)
  const lines = columns.map(({ header }, at) => linesIn(header, widths[at] ?? 0))
  const top = grouped ? canvas.row(HEIGHT.head) : null
  const low = canvas.row(heightFor(Math.max(...lines), HEIGHT.head))
  columns.forEach(({ header, group }, column) => {
    if (top === null || group !== undefined) canvas.block(header, HEAD, { row: low, column, width: 1 })
    else canvas.block(header, HEAD, { row: top, column, rows: 2, width: 1 })
  })
  for (const { group, from, width } of top === null ? [] : groupsOf(columns)) {
    canvas.block(group, HEAD, { row: top ?? low, column: from, width })
  }
  return { from: top ?? low, to: low }
}

function groupsOf(columns: readonly Column[]): { group: string; from: number; width: number }[] {
  const groups: { group: string; from: number; width: number }[] = []
  columns.forEach(({ group }, at) => {
    const last = groups.at(-1)
    if (group === undefined) return
    if (last?.group === group && last.from + last.width === at) last.width += 1
    else groups.push({ group, from: at, width: 1 })
  })
  return groups
}

function drawRows(canvas: Canvas, { columns, rows, totals = [], empty = NOTHING }: Sheet, widths: readonly number[]) {
  if (rows.length === 0) canvas.block(empty, EMPTY, { row: canvas.row(HEIGHT.head) })
  // One object a look: hucre knows equal styles again, but has to compare them.
  const [plain, bold] = [false, true].map(isBold => columns.map(column => cellLook(column, isBold)))
  for (const row of rows) drawRow(canvas, columns, row, plain ?? [], widths)
  for (const row of totals) {
    const at = drawRow(canvas, columns, row, bold ?? [], widths)
    const room = roomForWords(row, columns.length)
    if (room > 1) canvas.block(String(row[0]), HEAD, { row: at, width: room })
  }
}

function drawRow(
  canvas: Canvas,
  columns: readonly Column[],
  row: Row,
  looks: readonly CellLook[],
  widths: readonly number[],
): number {
  if (row.length > columns.length) throw new RangeError('a row of a workbook has more cells than columns')
  const lines = row.map((cell, at) => (typeof cell === 'string' ? linesIn(cell, widths[at] ?? 0) : 1))
  const at = canvas.row(heightFor(Math.max(1, ...lines), HEIGHT.row))
  columns.forEach(({ kind }, column) => {
    const value = cellValue(row[column], kind)
    const look = looks[column]
    if (look) canvas.set(at, column, value, typeof value === 'number' ? look.number : look.words)
  })
  return at
}

/** Of a row that begins with words: the cells up to the first one with something in it. */
function roomForWords(row: Row, columns: number): number {
  if (typeof row[0] !== 'string') return 1
  const full = row.findIndex((cell, at) => at > 0 && cell !== null)
  return full < 0 ? columns : full
}

/** Room to write after each, over the width of the form; a narrow one has what is left. */
function drawSignatures(canvas: Canvas, signatures: readonly string[], whole: number): void {
  const words = signatures.map(who => `${who}：`)
  const left = whole - words.reduce((sum, word) => sum + widthOf(word), 0)
  const gap = '　'.repeat(Math.max(1, Math.min(16, Math.floor((left * 0.9) / words.length / 2))))
  canvas.block(words.join(gap), lineLook('left', false), { row: canvas.row(HEIGHT.signature) })
}
