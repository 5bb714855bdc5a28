import type { CellStyle } from 'hucre/xlsx'
import type { Column } from './workbook.ts'

/** How the parts of a form look on paper: songti and heiti are on every office machine. */

export const SONG = '宋体'
export const HEI = '黑体'

const side = { style: 'thin' } as const
const BORDER = { top: side, right: side, bottom: side, left: side }

export const TITLE: CellStyle = {
  font: { name: HEI, size: 18 },
  alignment: { horizontal: 'center', vertical: 'center', wrapText: true },
}
export const HEAD: CellStyle = {
  font: { name: SONG, size: 11, bold: true },
  border: BORDER,
  alignment: { horizontal: 'center', vertical: 'center', wrapText: true },
}
export const EMPTY: CellStyle = {
  font: { name: SONG, size: 11 },
  border: BORDER,
  alignment: { horizontal: 'center', vertical: 'center', wrapText: true },
}

/** A row without borders. */
export const lineLook = (horizontal: 'left' | 'right', wrapText: boolean): CellStyle => ({
  font: { name: SONG, size: 11 },
  alignment: { horizontal, vertical: 'center', wrapText },
})

const FORMATS = { integer: '0', tenths: '0.0', percent: '0%', money: '0.00' } as const
const SIDES = { text: 'left', integer: 'center', tenths: 'center', percent: 'center', money: 'right' } as const

export type CellLook = { words: CellStyle; number: CellStyle }

/** Of the cells of a column. Words in a column of numbers ('免交') stand in its middle. */
export function cellLook({ kind, align }: Column, bold: boolean): CellLook {
  const font = { name: SONG, size: 11, ...(bold && { bold }) }
  const words = align ?? (kind === 'text' ? 'left' : 'center')
  const numbers = align ?? SIDES[kind]
  return {
    words: { font, border: BORDER, alignment: { horizontal: words, vertical: 'center', wrapText: true }, numFmt: '@' },
    number: {
      font,
      border: BORDER,
      alignment: { horizontal: numbers, vertical: 'center' },
      ...(kind !== 'text' && { numFmt: FORMATS[kind] }),
    },
  }
}

/** Heights in points. */
export const HEIGHT = { title: 36, line: 20, head: 24, row: 20, further: 15, signature: 36 } as const

/** In inches: 1.5 cm beside, so that twelve months fit across. */
export const MARGINS = { top: 0.6, right: 0.6, bottom: 0.7, left: 0.6, header: 0.3, footer: 0.3 } as const
