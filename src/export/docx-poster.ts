import {
  AlignmentType,
  BorderStyle,
  HeightRule,
  LineRuleType,
  type Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  VerticalAlignTable,
  WidthType,
} from 'docx'
import type { Poster, PosterPerson } from './document.ts'
import { type Letters, PAGE, pack, paragraph, run } from './docx-parts.ts'
import { HEI } from './looks.ts'
import { widthOf } from './measure.ts'
import { plainText } from './spelling.ts'

/**
 * One page, whatever stands on it: every line and row has an exact height, so that what fits is a sum and no guess. Lengths
 * in points.
 */
const LETTERS = 22
const TITLE = 30
/** Eighty characters; what is longer is cut, so that there is room for whom to phone. */
const TITLE_LINES = 4
const LINE = { title: 42, text: 31, rowMargin: 10, gap: 8 } as const
const MARGIN_MM = 15
const perMm = 72 / 25.4
const WIDTH = (PAGE.width - 2 * MARGIN_MM) * perMm
/** A line in reserve, for borders and what an office program adds. */
const ROOM = (PAGE.height - 2 * MARGIN_MM) * perMm - LINE.text

const SAYS = [0.42, 0.58].map(share => share * WIDTH)
/** Post, name, number: eleven digits by hand take 6 cm. */
const PEOPLE = [0.29, 0.28, 0.43].map(share => share * WIDTH)

interface Part {
  height: number
  drawn: Paragraph | TableRow
}

export function toPoster({ title, says, notes, people }: Poster): Promise<Uint8Array> {
  const size = widthOf(title) * (TITLE / 2) > 2 * WIDTH - TITLE ? LETTERS : TITLE
  const top = wrapped(title, size, WIDTH)
    .slice(0, TITLE_LINES)
    .map(line => titleLine(line, size))
  const said = says.rows.map(({ when, say }) => row([{ text: when }, { text: say, bold: true }], SAYS))
  const told = notes.flatMap(note => wrapped(note, LETTERS, WIDTH).map(line => textLine(line)))
  const heads = [heading(says.heading), heading(people.heading)] as const
  const fixed = [...top, heads[0], ...said, ...told, heads[1]]
  const asked = peopleThatFit(people.rows, ROOM - heightOf(fixed) - LINE.gap)
  const children = [
    ...top.map(({ drawn }) => drawn),
    heads[0].drawn,
    tableOf(said, SAYS),
    ...told.map(({ drawn }) => drawn),
    heads[1].drawn,
    tableOf(asked, PEOPLE),
    // Word wants a paragraph behind a table, and makes a whole line of it where none is given.
    line('', { size: 2 }, LINE.gap / 2),
  ]
  return pack({ title, size: LETTERS * 2, margin: MARGIN_MM, children: children.filter(isChild) })
}

const isChild = (one: Paragraph | TableRow | Table): one is Paragraph | Table => !(one instanceof TableRow)

const heightOf = (parts: readonly Part[]): number => parts.reduce((sum, { height }) => sum + height, 0)

/** As many as there is room for, with the rows that stand for those who are left out. */
function peopleThatFit(rows: readonly PosterPerson[], room: number): Part[] {
  for (let count = rows.length; ; count -= 1) {
    const instead = new Set(rows.slice(count).flatMap(({ orElse }) => orElse ?? []))
    const asked = [...rows.slice(0, count), ...[...instead].map(post => ({ post, name: '' }))]
    const drawn = asked.map(({ post, name }) =>
      row([{ text: post }, { text: name, bold: true }, { text: '电话' }], PEOPLE),
    )
    if (count === 0 || heightOf(drawn) <= room) return drawn
  }
}

/** Broken here and not by Word, so that the number of lines is known. */
function wrapped(text: string, size: number, width: number): string[] {
  // A sign that closes a sentence may still hang over.
  const most = Math.max(2, Math.floor(width / (size / 2)) - 2)
  return plainText(text)
    .split('\n')
    .flatMap(paragraph => broken(paragraph, most))
}

function broken(text: string, most: number): string[] {
  const lines = ['']
  for (const character of text) {
    const last = lines[lines.length - 1] ?? ''
    // A line does not begin with what closes a sentence.
    const closes = /[，。、；：！？”）」》]/u.test(character) && widthOf(last) <= most
    if (last !== '' && widthOf(last + character) > most && !closes) lines.push(character)
    else lines[lines.length - 1] = last + character
  }
  return lines
}

function line(text: string, letters: Letters, height: number, centred = false): Paragraph {
  const alignment = centred ? AlignmentType.CENTER : AlignmentType.LEFT
  return paragraph([run(text, letters)], {
    alignment,
    spacing: { line: height * 20, lineRule: LineRuleType.EXACT, before: 0, after: 0 },
  })
}

const titleLine = (text: string, size: number): Part => ({
  height: LINE.title,
  drawn: line(text, { size: size * 2, font: HEI }, LINE.title, true),
})
const textLine = (text: string): Part => ({
  height: LINE.text,
  drawn: line(text, { size: LETTERS * 2 }, LINE.text),
})
const heading = (text: string): Part => ({
  height: LINE.title,
  drawn: line(text, { size: LETTERS * 2, font: HEI }, LINE.title),
})

function row(cells: readonly { text: string; bold?: boolean }[], widths: readonly number[]): Part {
  const lines = cells.map(({ text }, at) => wrapped(text, LETTERS, (widths[at] ?? 0) - 2 * PADDING))
  const height = Math.max(...lines.map(each => each.length)) * LINE.text + LINE.rowMargin
  const children = cells.map(
    ({ bold = false }, at) =>
      new TableCell({
        children: (lines[at] ?? ['']).map(each => line(each, { size: LETTERS * 2, bold }, LINE.text)),
        verticalAlign: VerticalAlignTable.CENTER,
        width: { size: Math.floor((widths[at] ?? 0) * 20), type: WidthType.DXA },
      }),
  )
  const drawn = new TableRow({ children, cantSplit: true, height: { value: height * 20, rule: HeightRule.EXACT } })
  return { height, drawn }
}

const PADDING = 5
const BORDER = { style: BorderStyle.SINGLE, size: 6, color: '000000' }

function tableOf(parts: readonly Part[], widths: readonly number[]): Table {
  const columnWidths = widths.map(width => Math.floor(width * 20))
  return new Table({
    rows: parts.flatMap(({ drawn }) => (drawn instanceof TableRow ? [drawn] : [])),
    columnWidths,
    layout: TableLayoutType.FIXED,
    width: { size: columnWidths.reduce((sum, one) => sum + one, 0), type: WidthType.DXA },
    borders: {
      top: BORDER,
      bottom: BORDER,
      left: BORDER,
      right: BORDER,
      insideHorizontal: BORDER,
      insideVertical: BORDER,
    },
    margins: { left: PADDING * 20, right: PADDING * 20, top: 0, bottom: 0, marginUnitType: WidthType.DXA },
  })
}
