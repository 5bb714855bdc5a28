import { UserError } from '../errors.ts'
import { isBankDocument, readBankDocument } from './bank-document.ts'
import type { BankFile } from './bank-draft.ts'
import { looksLikeJson, readBankJson } from './bank-json.ts'
import { isAiken, isGift, readAiken, readGift } from './bank-moodle.ts'
import { isBankSheet, readBankSheets } from './bank-sheet.ts'
import { readSheet, textOf } from './sheet.ts'
import { lookIntoZip } from './zip.ts'

/** Which form a file has is seen by what is in it: its name and type may be anything. */

export const MOST_BYTES = 10 * 1024 * 1024
const MOST_QUESTIONS = 5000

const REFUSED: readonly (readonly [signature: readonly number[], why: string])[] = [
  [[0xd0, 0xcf, 0x11, 0xe0], '这是旧版的 .xls 或 .doc 文件，读不了。请另存为 .xlsx 或 .docx，再导入一次。'],
  [[0x25, 0x50, 0x44, 0x46], '这是 PDF 文件，读不了。请用 Word 或 WPS 转成 .docx，再导入一次。'],
  [[0x89, 0x50, 0x4e, 0x47], '这是图片，读不了里面的字。请把题目写成文字，再导入一次。'],
  [[0xff, 0xd8, 0xff], '这是图片，读不了里面的字。请把题目写成文字，再导入一次。'],
]
const ZIP = [0x50, 0x4b, 0x03, 0x04]
/** Numbers that Word makes by itself are not in the file's text. */
const NO_QUESTIONS =
  '这个 Word 文件里没有找到带答案的题目，要写成：1、题目 A. B. 【答案】B。题号是自动编号的，请全选复制到记事本，存成文本再导入。'
const NOT_KNOWN =
  '没有看出这是哪种题库。能读：表格（XLSX、CSV，要有“题目”“答案”两列）、编号的文档（1、题目 A. B. 【答案】）、JSON、GIFT、Aiken。'

/** Throws UserError where it cannot be read as a whole. */
export async function readBankFile(bytes: Uint8Array): Promise<BankFile> {
  const file = await readForm(bytes)
  const { length } = file.drafts
  if (length === 0) throw new UserError('这个文件里没有题目。请核对文件，再导入一次。')
  if (length > MOST_QUESTIONS) {
    throw new UserError(`这个文件有 ${length} 道题，一次最多 ${MOST_QUESTIONS} 道。请分成几个文件再导入。`)
  }
  return file
}

async function readForm(bytes: Uint8Array): Promise<BankFile> {
  if (bytes.length > MOST_BYTES) throw new UserError('这个文件超过 10 MB，没有读。请去掉图片，或分成几个文件再导入。')
  const begins = (signature: readonly number[]) => signature.every((byte, at) => bytes[at] === byte)
  const why = REFUSED.find(([signature]) => begins(signature))?.[1]
  if (why) throw new UserError(why)
  if (begins(ZIP)) return readZipped(bytes)
  const text = textIn(bytes)
  if (text.trim() === '') throw new UserError('这个文件是空的。请核对文件，再导入一次。')
  return readText(text)
}

/** The libraries are loaded when they are needed: they would take half a second of every start. */
async function readZipped(bytes: Uint8Array): Promise<BankFile> {
  const names = await lookIntoZip(bytes)
  if (names.includes('word/document.xml')) {
    const { readDocx } = await import('./docx.ts')
    const text = await readDocx(bytes)
    if (isBankDocument(text)) return readBankDocument(text, false)
    throw new UserError(NO_QUESTIONS)
  }
  if (names.includes('xl/workbook.xml')) {
    const { readXlsxSheets } = await import('./xlsx.ts')
    return readBankSheets(await readXlsxSheets(bytes))
  }
  throw new UserError('这个压缩包里既没有表格，也没有文档。请解压以后，把里面的文件导入。')
}

/** Notepad's 'Unicode' is UTF-16. */
function textIn(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes.includes(0)) throw new UserError(NOT_KNOWN)
  return textOf(bytes)
}

function readText(text: string): BankFile {
  if (looksLikeJson(text)) return readBankJson(text)
  const rows = text
    .split(/\r?\n/, 20)
    .filter(line => line.trim() !== '')
    .map(line => line.split(',').map(cell => cell.replace(/^"|"$/g, '')))
  if (isBankSheet(rows))
    return readBankSheets([{ name: '', rows: readSheet(new TextEncoder().encode(text)), unreadable: [] }])
  if (isAiken(text)) return readAiken(text)
  if (isBankDocument(text)) return readBankDocument(text, true)
  if (isGift(text)) return readGift(text)
  throw new UserError(NOT_KNOWN)
}
