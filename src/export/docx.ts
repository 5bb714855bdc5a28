import { AlignmentType, Footer, HeadingLevel, PageNumber, Paragraph, type Table, TabStopType, TextRun } from 'docx'
import type { Block, Document } from './document.ts'
import { drawFields, drawLarge, drawRuled, drawSignatures, drawTable } from './docx-form.ts'
import { PAGE, pack, paragraph, run, twips } from './docx-parts.ts'
import { HEI } from './looks.ts'
import { widthOf } from './measure.ts'
import { plainText } from './spelling.ts'

/** Half points. 15 pt for questions: older members read them without glasses, and on the wall. */
const SIZE = { title: 44, line: 24, heading: 34, item: 30, text: 26 } as const
const TITLE_LINE = 300
const MARGIN = 22
const WIDTH = PAGE.width - 2 * MARGIN
/** In characters of half a Chinese one, at the size of an item. */
const LINE_WIDTH = Math.floor((WIDTH / 25.4) * 72 * (4 / SIZE.item))
const INDENT = 480
/** A paragraph of so many characters may go over the end of a page: to keep it whole would leave half a page empty. */
const LONG = 200

/** Only in a worker. */
export function toDocx({ title, lines = [], blocks }: Document): Promise<Uint8Array> {
  const children = [
    paragraph([run(title, { size: SIZE.title, font: HEI })], {
      heading: HeadingLevel.TITLE,
      alignment: AlignmentType.CENTER,
      spacing: { after: 120, line: TITLE_LINE },
    }),
    ...lines.map(line => paragraph([run(line, { size: SIZE.line })], { alignment: AlignmentType.CENTER })),
    ...blocks.flatMap((block, at) => drawBlock(block, blocks[at + 1])),
  ]
  return pack({ title, size: SIZE.text, margin: MARGIN, footer: pageNumbers(), children })
}

function drawBlock(block: Block, next: Block | undefined): (Paragraph | Table)[] {
  switch (block.kind) {
    case 'heading':
      return [drawHeading(block)]
    case 'options':
      return drawOptions(block.texts)
    case 'fields':
      return drawFields(block.fields, WIDTH)
    case 'table':
      return drawTable(block, WIDTH)
    case 'ruled':
      return drawRuled(block.lines, WIDTH)
    case 'large':
      return drawLarge(block, WIDTH)
    case 'signatures':
      return drawSignatures(block.who, WIDTH)
    default:
      return drawText(block, next)
  }
}

const drawHeading = ({ text, newPage }: Extract<Block, { kind: 'heading' }>): Paragraph =>
  paragraph([run(text, { size: SIZE.heading, font: HEI })], {
    heading: HeadingLevel.HEADING_1,
    keepNext: true,
    pageBreakBefore: newPage ?? false,
    spacing: { before: 240, after: 120 },
  })

function drawText(block: Extract<Block, { kind: 'item' | 'text' }>, next: Block | undefined): Paragraph[] {
  const [first = '', ...more] = plainText(block.text).split('\n')
  const size = SIZE[block.kind]
  const strong = block.kind === 'text' && block.strong ? [run(block.strong, { size, bold: true })] : []
  const keepsNext = next?.kind === 'options' || next?.kind === 'ruled'
  const before = block.kind === 'item' ? 160 : 80
  return [[...strong, run(first, { size })], ...more.map(line => [run(line, { size })])].map((runs, at) =>
    paragraph(runs, {
      keepLines: block.text.length < LONG,
      keepNext: keepsNext || at < more.length,
      spacing: { before: at === 0 ? before : 0 },
    }),
  )
}

/** Four, two or one in a line, as the longest allows. */
function drawOptions(texts: readonly string[]): Paragraph[] {
  const lettered = texts.map((text, at) => `${String.fromCharCode(65 + at)}．${text}`)
  const longest = Math.max(...lettered.map(widthOf))
  const inLine = [4, 2].find(count => longest + 2 <= (LINE_WIDTH - 3) / count) ?? 1
  const rows: string[][] = []
  for (let at = 0; at < lettered.length; at += inLine) rows.push(lettered.slice(at, at + inLine))
  const width = twips(WIDTH) - INDENT
  const tabStops = Array.from({ length: inLine - 1 }, (_, at) => ({
    type: TabStopType.LEFT,
    position: INDENT + Math.floor((width * (at + 1)) / inLine),
  }))
  return rows.map((row, at) =>
    paragraph([run(row.join('\t'), { size: SIZE.item })], {
      indent: { left: INDENT },
      keepLines: true,
      keepNext: at < rows.length - 1,
      tabStops,
    }),
  )
}

const pageNumbers = (): Footer =>
  new Footer({
    children: [
      new Paragraph({
        alignment: AlignmentType.CENTER,
        children: [
          new TextRun({ size: 20, children: ['第 ', PageNumber.CURRENT, ' 页，共 ', PageNumber.TOTAL_PAGES, ' 页'] }),
        ],
      }),
    ],
  })
