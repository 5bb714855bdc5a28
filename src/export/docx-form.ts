import {
  AlignmentType,
  BorderStyle,
  HeightRule,
  type ITableBordersOptions,
  type ITableCellOptions,
  LineRuleType,
  type Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  VerticalAlignTable,
  WidthType,
} from 'docx'
import type { Block, Field, TableRow as RowBlock, Table as TableBlock } from './document.ts'
import { type Letters, paragraph, run, twips } from './docx-parts.ts'
import { HEI } from './looks.ts'
import { plainText } from './spelling.ts'

/** What is filled in by hand: tables, heads of forms, ruled lines, signatures. Lengths in millimetres. */

/** 14 pt in tables. */
const SIZE = { cell: 28, head: 26, large: 112, note: 28 } as const
/** A row that is signed: an old hand writes 10 mm high. */
const HEIGHT = { row: 8, blank: 10, signed: 11, ruled: 11, signatures: 16 } as const
const NOTHING = '没有记录'

const LINE = { style: BorderStyle.SINGLE, size: 6, color: '000000' }
const NONE = { style: BorderStyle.NONE, size: 0, color: 'auto' }
const RULED: ITableBordersOptions = {
  top: NONE,
  left: NONE,
  right: NONE,
  bottom: LINE,
  insideVertical: NONE,
  insideHorizontal: LINE,
}
const BOXED: ITableBordersOptions = {
  top: LINE,
  left: LINE,
  right: LINE,
  bottom: LINE,
  insideVertical: LINE,
  insideHorizontal: LINE,
}

type Drawn = (Paragraph | Table)[]

/** Widths are fixed: Word and WPS otherwise widen a column for the longest word in it. */
function tableOf(rows: readonly TableRow[], widths: readonly number[], borders: ITableBordersOptions): Drawn {
  const table = new Table({
    rows,
    borders,
    columnWidths: widths.map(twips),
    layout: TableLayoutType.FIXED,
    width: { size: widths.map(twips).reduce((sum, one) => sum + one, 0), type: WidthType.DXA },
    margins: { left: 80, right: 80, top: 20, bottom: 20, marginUnitType: WidthType.DXA },
  })
  // Two tables without a paragraph between them are one to Word.
  return [table, paragraph([], { spacing: { line: 120, lineRule: LineRuleType.EXACT } })]
}

const rowOf = (cells: readonly TableCell[], height: number, tableHeader = false): TableRow =>
  new TableRow({
    children: cells,
    cantSplit: true,
    tableHeader,
    height: { value: twips(height), rule: HeightRule.ATLEAST },
  })

interface Cell extends Partial<Letters> {
  width: number
  align?: 'left' | 'center'
  columnSpan?: number
}

function cellOf(text: string, { width, align = 'left', columnSpan = 1, ...letters }: Cell): TableCell {
  const alignment = align === 'center' ? AlignmentType.CENTER : AlignmentType.LEFT
  const options: Omit<ITableCellOptions, 'children'> = {
    columnSpan,
    verticalAlign: VerticalAlignTable.CENTER,
    width: { size: twips(width), type: WidthType.DXA },
  }
  const lines = plainText(text).split('\n')
  const children = lines.map(line =>
    paragraph([run(line, { size: SIZE.cell, ...letters })], { alignment, spacing: { line: 260 } }),
  )
  return new TableCell({ ...options, children })
}

export function drawTable({ columns, rows, empty = NOTHING, signed }: TableBlock, width: number): Drawn {
  const shares = columns.reduce((sum, column) => sum + column.width, 0)
  const widths = columns.map(column => (column.width * width) / shares)
  const head = columns.map(({ header }, at) =>
    cellOf(header, { width: widths[at] ?? 0, align: 'center', size: SIZE.head, font: HEI }),
  )
  const across = (text: string) => cellOf(text, { width, columnSpan: columns.length, align: 'center' })
  const drawRow = (row: RowBlock): TableRow => {
    if ('band' in row) return rowOf([across(row.band)], HEIGHT.row)
    const cells = columns.map(({ align = 'left' }, at) =>
      cellOf(row.cells[at] ?? '', { width: widths[at] ?? 0, align }),
    )
    const hasBlank = columns.some((_column, at) => (row.cells[at] ?? '') === '')
    return rowOf(cells, signed ? HEIGHT.signed : hasBlank ? HEIGHT.blank : HEIGHT.row)
  }
  const body = rows.length > 0 ? rows.map(drawRow) : [rowOf([across(empty)], HEIGHT.signed)]
  return tableOf([rowOf(head, HEIGHT.row, true), ...body], widths, BOXED)
}

const LABEL = 0.15

export function drawFields(fields: readonly Field[], width: number): Drawn {
  const label = width * LABEL
  const value = width / 2 - label
  const rows = pairs(fields).map(line => {
    const room = line.length > 1 ? { width: value } : { width: width - label, columnSpan: 3 }
    const cells = line.flatMap(one => [
      cellOf(one.label, { width: label, align: 'center', font: HEI, size: SIZE.head }),
      cellOf(one.value, room),
    ])
    return rowOf(cells, line.some(one => one.value === '') ? HEIGHT.blank : HEIGHT.row)
  })
  return tableOf(rows, [label, value, label, value], BOXED)
}

function pairs(fields: readonly Field[]): Field[][] {
  const lines: Field[][] = []
  for (const field of fields) {
    const last = lines.at(-1)
    if (last?.length === 1 && !last[0]?.wide && !field.wide) last.push(field)
    else lines.push([field])
  }
  return lines
}

export const drawRuled = (lines: number, width: number): Drawn =>
  tableOf(
    Array.from({ length: lines }, () => rowOf([cellOf('', { width })], HEIGHT.ruled)),
    [width],
    RULED,
  )

export function drawLarge({ text, note }: Extract<Block, { kind: 'large' }>, width: number): Drawn {
  const letters = (size: number, font: string) => paragraph([run(text, { size, font })], CENTERED)
  const cell = new TableCell({
    children: [letters(SIZE.large, HEI), paragraph([run(note, { size: SIZE.note })], CENTERED)],
    width: { size: twips(width), type: WidthType.DXA },
  })
  return tableOf([rowOf([cell], HEIGHT.row)], [width], BOXED)
}
const CENTERED = { alignment: AlignmentType.CENTER, spacing: { line: 240 } }

export function drawSignatures(who: readonly string[], width: number): Drawn {
  const each = width / Math.max(1, who.length)
  const cells = who.map(name => cellOf(`${name}：`, { width: each }))
  const none: ITableBordersOptions = { ...RULED, bottom: NONE, insideHorizontal: NONE }
  return tableOf(
    [rowOf(cells, HEIGHT.signatures)],
    who.map(() => each),
    none,
  )
}
