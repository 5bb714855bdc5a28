import {
  AlignmentType,
  convertMillimetersToTwip,
  Document as File,
  Footer,
  HeadingLevel,
  type IParagraphOptions,
  type IRunOptions,
  Packer,
  PageNumber,
  Paragraph,
  Tab,
  TabStopType,
  TextRun,
} from 'docx'
import type { Block, Document } from './document.ts'
import { HEI, SONG } from './looks.ts'
import { widthOf } from './measure.ts'
import { plainText } from './spelling.ts'

/** Half points. 15 pt for questions: older members read them without glasses, and on the wall. */
const SIZE = { title: 44, line: 24, heading: 34, item: 30, text: 26 } as const
const LINE = 360
const PAGE = { width: 210, height: 297, margin: 22 } as const
/** In characters of half a Chinese one, at the size of an item. */
const LINE_WIDTH = Math.floor(((PAGE.width - 2 * PAGE.margin) / 25.4) * 72 * (4 / SIZE.item))
const INDENT = 480

/** Only in a worker. The time in the file's properties is the machine's: the library takes no other. */
export async function toDocx({ title, lines = [], blocks }: Document): Promise<Uint8Array> {
  const children = [
    paragraph([run(title, { size: SIZE.title, font: HEI })], {
      heading: HeadingLevel.TITLE,
      alignment: AlignmentType.CENTER,
      spacing: { after: 120 },
    }),
    ...lines.map(line => paragraph([run(line, { size: SIZE.line })], { alignment: AlignmentType.CENTER })),
    ...blocks.flatMap((block, at) => drawBlock(block, blocks[at + 1])),
  ]
  const size = { width: convertMillimetersToTwip(PAGE.width), height: convertMillimetersToTwip(PAGE.height) }
  const side = convertMillimetersToTwip(PAGE.margin)
  const margin = { top: side, right: side, bottom: side, left: side }
  const file = new File({
    creator: 'zhibu',
    title: plainText(title),
    styles: { default: { document: { run: { font: fontOf(SONG), size: SIZE.text } } } },
    sections: [{ properties: { page: { size, margin } }, footers: { default: pageNumbers() }, children }],
  })
  return new Uint8Array(await Packer.toBuffer(file))
}

const fontOf = (name: string) => ({ ascii: name, hAnsi: name, eastAsia: name, cs: name })

function run(text: string, { font = SONG, ...rest }: { size: number; font?: string; bold?: boolean }): TextRun {
  const children: IRunOptions['children'] = plainText(text)
    .split(/(\t)/)
    .map(piece => (piece === '\t' ? new Tab() : piece))
  // Word's headings are blue by themselves, and pale where a black printer has them.
  return new TextRun({ ...rest, color: '000000', font: fontOf(font), children })
}

const paragraph = (children: readonly TextRun[], options: IParagraphOptions): Paragraph =>
  new Paragraph({ ...options, children, spacing: { line: LINE, ...options.spacing } })

function drawBlock(block: Block, next: Block | undefined): Paragraph[] {
  if (block.kind === 'heading') {
    return [
      paragraph([run(block.text, { size: SIZE.heading, font: HEI })], {
        heading: HeadingLevel.HEADING_1,
        keepNext: true,
        pageBreakBefore: block.newPage ?? false,
        spacing: { before: 240, after: 120 },
      }),
    ]
  }
  if (block.kind === 'options') return drawOptions(block.texts)
  const [first = '', ...more] = plainText(block.text).split('\n')
  const size = SIZE[block.kind]
  const strong = block.kind === 'text' && block.strong ? [run(block.strong, { size, bold: true })] : []
  const keepsNext = next?.kind === 'options'
  const before = block.kind === 'item' ? 160 : 80
  return [[...strong, run(first, { size })], ...more.map(line => [run(line, { size })])].map((runs, at) =>
    paragraph(runs, {
      keepLines: true,
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
  const width = convertMillimetersToTwip(PAGE.width - 2 * PAGE.margin) - INDENT
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
