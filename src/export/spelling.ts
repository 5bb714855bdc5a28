import type { Cell, Column } from './workbook.ts'

/** What Excel and file systems take, made of what people wrote. */

/** Illegal in XML 1.0: they would make the whole file unreadable. A tab and a line end are legal. */
const ILLEGAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu
/** Excel reads '_x0041_' as 'A' (ECMA-376, ST_Xstring). */
const ESCAPE = /_(?=x[0-9A-Fa-f]{4}_)/g
const CELL_LENGTH = 32_767
const SHEET_NAME = 31
const FILE_NAME = 80

/** As typed. Tabs and line ends stay inside the cell; it is a string whatever it begins with. */
export function cellText(text: string): string {
  return cut(plainText(text), CELL_LENGTH).replace(ESCAPE, '_x005F_')
}

/** Words for a paragraph. */
export const plainText = (text: string): string => text.replace(/\r\n?/g, '\n').replace(ILLEGAL, '')

/** The words or the number to show: fen become yuan, tenths of an hour hours, per cent their share of one. */
export function cellValue(cell: Cell | undefined, kind: Column['kind']): string | number | null {
  if (cell === undefined || cell === null) return null
  if (typeof cell === 'string') return cellText(cell)
  if (kind === 'text') return String(cell)
  if (!Number.isSafeInteger(cell)) throw new RangeError('a number of a workbook is not an integer')
  if (kind === 'tenths') return cell / 10
  return kind === 'money' || kind === 'percent' ? cell / 100 : cell
}

/** At most 31 characters, none of []:*?/\, no apostrophe at an end, each name once whatever its case. */
export function sheetNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map(name => {
    const clean = name.replace(ILLEGAL, '').replace(/[[\]:*?/\\\s]+/g, ' ')
    const base = trimmed(cut(trimmed(clean), SHEET_NAME)) || '表'
    let unique = base
    for (let n = 2; taken.has(unique.toLowerCase()); n += 1) {
      const mark = ` (${n})`
      unique = cut(base, SHEET_NAME - mark.length) + mark
    }
    taken.add(unique.toLowerCase())
    return unique
  })
}

const trimmed = (name: string): string => name.replace(/^[\s']+|[\s']+$/g, '')

/** '党费收缴登记表 2026年.xlsx': nothing that Windows refuses, or that would end the quotes it is sent in. */
export function fileNameOf(name: string, extension: 'xlsx' | 'docx' = 'xlsx'): string {
  const clean = name.replace(ILLEGAL, '').replace(/[\\/:*?"<>|\s]+/g, ' ')
  const stem = clean.replace(/\.(?:xlsx|docx)$/i, '').replace(/^[\s.]+|[\s.]+$/g, '')
  const nameless = extension === 'xlsx' ? '表格' : '文档'
  return `${cut(stem, FILE_NAME).trimEnd() || nameless}.${extension}`
}

/** Never half a character. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text
  const end = /[\ud800-\udbff]/.test(text[length - 1] ?? '') ? length - 1 : length
  return text.slice(0, end)
}
