import { CsvError, parse } from 'csv-parse/sync'
import { UserError } from '../errors.ts'

/** The bytes of a file that an office exchanged, as the rows of its sheet: CSV in UTF-8 or GBK. */

/** The first four bytes of an XLSX (a zip) and of an old XLS. */
const XLSX = [0x50, 0x4b, 0x03, 0x04]
const XLS = [0xd0, 0xcf, 0x11, 0xe0]

/** Row i of the answer is row i + 1 of the sheet: blank rows are kept, so that row numbers stay the sheet's. */
export function readSheet(bytes: Uint8Array): string[][] {
  if (startsWith(bytes, XLSX)) throw new UserError('这是 XLSX 文件，现在只读 CSV。请在表格里另存为 CSV，再导入一次。')
  if (startsWith(bytes, XLS)) throw new UserError('这是 XLS 文件，现在只读 CSV。请在表格里另存为 CSV，再导入一次。')
  if (bytes.includes(0)) throw new UserError('这不是 CSV 文件。请在表格里另存为“CSV UTF-8（逗号分隔）”，再导入一次。')
  const rows = rowsIn(textOf(bytes))
  if (rows.every(row => row.every(cell => cell.trim() === ''))) {
    throw new UserError('这个文件是空的。请核对文件，再导入一次。')
  }
  return rows
}

const startsWith = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, index) => bytes[index] === byte)

/** Chinese text in GBK is never by chance valid UTF-8 for a whole header row, so trying in this order decides it. */
export function textOf(bytes: Uint8Array): string {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }
  throw new UserError('文件的编码既不是 UTF-8，也不是 GBK。请在表格里另存为“CSV UTF-8（逗号分隔）”，再导入一次。')
}

function rowsIn(text: string): string[][] {
  try {
    return parse(text, { relax_column_count: true, relax_quotes: true, skip_empty_lines: false })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new UserError(`第 ${String(error.lines)} 行附近的引号没有配对，读不下去。请在表格里打开，重新另存为 CSV。`)
  }
}
