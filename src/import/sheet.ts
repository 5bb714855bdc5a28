import { CsvError, parse } from 'csv-parse/sync'
import { UserError } from '../errors.ts'

/** The bytes of a file that an office exchanged, as the rows of its sheet: CSV in UTF-8 or GBK. */

/** The first four bytes of an old XLS; a workbook with a password begins like one. */
const XLS = [0xd0, 0xcf, 0x11, 0xe0]

/** Row i of the answer is row i + 1 of the sheet: blank rows are kept, so that row numbers stay the sheet's. */
export function readSheet(bytes: Uint8Array): string[][] {
  if (XLS.every((byte, index) => bytes[index] === byte))
    throw new UserError('这是旧版的 .xls 文件，或者加了密码，读不了。请去掉密码，另存为 .xlsx，再导入一次。')
  if (bytes.includes(0)) throw new UserError('这不是表格文件。请另存为 .xlsx 或“CSV UTF-8（逗号分隔）”，再导入一次。')
  const rows = rowsIn(textOf(bytes))
  if (rows.every(row => row.every(cell => cell.trim() === ''))) {
    throw new UserError('这个文件是空的。请核对文件，再导入一次。')
  }
  return rows
}

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
