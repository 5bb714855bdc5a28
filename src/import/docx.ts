import mammoth from 'mammoth'
import { UserError } from '../errors.ts'

/** The paragraphs of a Word file, as lines. Only after `lookIntoZip`. */
export async function readDocx(bytes: Uint8Array): Promise<string> {
  try {
    const { value } = await mammoth.extractRawText({ buffer: Buffer.from(bytes) })
    return value
  } catch {
    throw new UserError('这个 Word 文件读不下去。请用 Word 或 WPS 打开，另存为 .docx，再导入一次。')
  }
}
