import {
  convertMillimetersToTwip,
  Document as File,
  type FileChild,
  type Footer,
  type IParagraphOptions,
  type IRunOptions,
  LineRuleType,
  Packer,
  Paragraph,
  Tab,
  TextRun,
} from 'docx'
import { SONG } from './looks.ts'
import { plainText } from './spelling.ts'

/** What all documents are made of: A4, letters, paragraphs. Sizes are half points, lengths twips. */

export const PAGE = { width: 210, height: 297 } as const
/** Between lines, in 240ths of one. */
export const LINE = 360

export const twips = (millimetres: number): number => convertMillimetersToTwip(millimetres)

export const fontOf = (name: string) => ({ ascii: name, hAnsi: name, eastAsia: name, cs: name })

export interface Letters {
  size: number
  font?: string
  bold?: boolean
}

export function run(text: string, { font = SONG, ...rest }: Letters): TextRun {
  const children: IRunOptions['children'] = plainText(text)
    .split(/(\t)/)
    .map(piece => (piece === '\t' ? new Tab() : piece))
  // Word's headings are blue by themselves, and pale where a black printer has them.
  return new TextRun({ ...rest, color: '000000', font: fontOf(font), children })
}

/** Where the rule is left out, Word takes lines for a multiple and LibreOffice for a height. */
export const paragraph = (children: readonly TextRun[], options: IParagraphOptions): Paragraph =>
  new Paragraph({ ...options, children, spacing: { line: LINE, lineRule: LineRuleType.AUTO, ...options.spacing } })

export interface Paper {
  title: string
  /** Of ordinary letters. */
  size: number
  /** Around the text, in millimetres. */
  margin: number
  footer?: Footer
  children: readonly FileChild[]
}

/** Only in a worker. The time in the file's properties is the machine's: the library takes no other. */
export async function pack({ title, size, margin, footer, children }: Paper): Promise<Uint8Array> {
  const side = twips(margin)
  const file = new File({
    creator: 'zhibu',
    title: plainText(title),
    styles: { default: { document: { run: { font: fontOf(SONG), size } } } },
    sections: [
      {
        properties: {
          page: {
            size: { width: twips(PAGE.width), height: twips(PAGE.height) },
            margin: { top: side, right: side, bottom: side, left: side },
          },
        },
        ...(footer && { footers: { default: footer } }),
        children,
      },
    ],
  })
  return new Uint8Array(await Packer.toBuffer(file))
}
