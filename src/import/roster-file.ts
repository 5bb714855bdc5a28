import { isBranchSheet } from '../domain/branch-sheet.ts'
import type { RosterBook } from '../domain/roster-book.ts'
import { nameKey } from '../domain/roster-cells.ts'
import { headerIndex, isRosterHeader, REQUIRED } from '../domain/roster-columns.ts'
import { UserError } from '../errors.ts'
import { readSheet } from './sheet.ts'
import type { ReadSheet } from './xlsx.ts'
import { lookIntoZip } from './zip.ts'

/** A roster as offices send it: CSV, or a workbook. Which it is is seen by its content, never by its name or type. */

const MOST_BYTES = 10 * 1024 * 1024
/** More than the members of any township; a workbook is read to its row 20,000 and no further. */
const MOST_ROWS = 5000
const ZIP = [0x50, 0x4b, 0x03, 0x04]

/** Throws UserError where the bytes cannot be read as a whole. */
export async function readRosterFile(bytes: Uint8Array): Promise<RosterBook> {
  const book = await readForm(bytes)
  const filled = book.people.rows.filter(row => row.some(cell => cell.trim() !== '')).length
  if (filled <= MOST_ROWS) return book
  throw new UserError(`这张名册有 ${filled} 行，一次最多 ${MOST_ROWS} 行。请分成几个文件再导入，没写到的人不会动。`)
}

async function readForm(bytes: Uint8Array): Promise<RosterBook> {
  if (bytes.length > MOST_BYTES) throw new UserError('这个文件超过 10 MB，没有读。请只留名册，去掉图片，再导入一次。')
  if (!ZIP.every((byte, at) => bytes[at] === byte)) {
    return { people: { rows: readSheet(bytes), unreadable: [] }, branches: null, unread: [] }
  }
  const names = await lookIntoZip(bytes)
  if (!names.includes('xl/workbook.xml')) {
    throw new UserError('这不是 Excel 表格。请用 Excel 或 WPS 另存为 .xlsx，再导入一次。')
  }
  // Loaded when it is needed: it would take a part of every start.
  const { readXlsxSheets } = await import('./xlsx.ts')
  return bookOf(await readXlsxSheets(bytes))
}

/**
 * Which sheet is what. Hidden ones are left alone: an old roster that somebody hid must not come back. Two rosters in one
 * workbook are refused, since row numbers would mean either.
 */
function bookOf(all: readonly ReadSheet[]): RosterBook {
  const filled = all.filter(({ rows }) => rows.some(row => row.some(cell => cell.trim() !== '')))
  if (filled.length === 0) throw new UserError('这个文件是空的。请核对文件，再导入一次。')
  const shown = filled.filter(({ hidden }) => !hidden)
  const branches = shown.filter(({ rows }) => isBranchSheet(rows))
  const others = shown.filter(sheet => !branches.includes(sheet))
  const rosters = others.filter(({ rows }) => hasPeople(rows))
  refuseSeveral(rosters, '名册')
  refuseSeveral(branches, '支部表')
  const people = rosters[0] ?? others[0]
  if (!people) throw new UserError('没有找到名册这张表。表头要有：账号、姓名、支部，再导入一次。')
  const unread = [
    ...others.filter(sheet => sheet !== people).map(({ name }) => name),
    ...filled.filter(({ hidden }) => hidden).map(({ name }) => `${name}（隐藏的）`),
  ]
  return { people, branches: branches[0] ?? null, unread }
}

function refuseSeveral(sheets: readonly ReadSheet[], what: string): void {
  if (sheets.length < 2) return
  const names = sheets.map(({ name }) => `“${name}”`).join('、')
  throw new UserError(`有 ${sheets.length} 张工作表都像${what}：${names}。请合成一张，再导入一次。`)
}

/** Two of the three columns that a roster must have: who forgot one is told which. */
function hasPeople(rows: ReadSheet['rows']): boolean {
  const cells = (rows[headerIndex(rows, isRosterHeader)] ?? []).map(nameKey)
  return REQUIRED.filter(column => cells.includes(column)).length >= 2
}
