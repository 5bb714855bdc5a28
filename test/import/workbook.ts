import { type CellValue, Workbook } from '@cj-tech-master/excelts'

/** A workbook as an office makes one, by another library than the one that reads it. */
export type Value = string | number | boolean | Date | null

export interface SheetOf {
  rows: readonly (readonly Value[])[]
  hidden?: true
  /** 'A2:A4'. */
  merged?: readonly string[]
  /** 'B3' to its number format. */
  formats?: Readonly<Record<string, string>>
  /** 'B3' to a formula, with its result where it has one. */
  formulas?: Readonly<Record<string, { formula: string; result?: string | number }>>
}

export async function workbookOf(sheets: Readonly<Record<string, SheetOf>>): Promise<Uint8Array> {
  const book = new Workbook()
  for (const [name, { rows, hidden, merged = [], formats = {}, formulas = {} }] of Object.entries(sheets)) {
    const sheet = book.addWorksheet(name, hidden ? { state: 'hidden' } : {})
    rows.forEach((row, at) => {
      row.forEach((value, column) => {
        if (value !== null) sheet.getCell(at + 1, column + 1).value = value
      })
    })
    for (const [cell, format] of Object.entries(formats)) sheet.getCell(cell).numFmt = format
    for (const [cell, formula] of Object.entries(formulas)) sheet.getCell(cell).value = formula as CellValue
    for (const range of merged) sheet.mergeCells(range)
  }
  return new Uint8Array(await book.xlsx.writeBuffer())
}
