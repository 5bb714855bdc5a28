import { type WriteOptions, type WriteSheet, writeXlsx } from 'hucre/xlsx'
import { drawForm } from './form.ts'
import { MARGINS, SONG } from './looks.ts'
import { columnWidths } from './measure.ts'
import { sheetNames } from './spelling.ts'
import type { Sheet, Workbook } from './workbook.ts'

type NamedRange = NonNullable<WriteOptions['namedRanges']>[number]

/** Takes a second and more for a township's year: only in a worker. `madeAt` stands in the file's properties. */
export function toXlsx({ sheets }: Workbook, madeAt: Date): Promise<Uint8Array> {
  const names = sheetNames(sheets.map(({ name }) => name))
  const drawn = sheets.map((sheet, at) => drawSheet(sheet, names[at] ?? ''))
  return writeXlsx({
    sheets: drawn.map(({ sheet }) => sheet),
    namedRanges: drawn.map(({ titles }) => titles),
    defaultFont: { name: SONG, size: 11 },
    properties: { creator: 'zhibu', created: madeAt, modified: madeAt },
  })
}

function drawSheet(sheet: Sheet, name: string): { sheet: WriteSheet; titles: NamedRange } {
  if (sheet.columns.length === 0) throw new RangeError('a sheet of a workbook has no columns')
  const widths = columnWidths(sheet)
  const { canvas, heads } = drawForm(sheet, widths)
  const { cells, merges, rowDefs } = canvas
  return {
    sheet: {
      name,
      columns: widths.map(width => ({ width })),
      cells,
      merges,
      rowDefs,
      freezePane: { rows: heads.to + 1 },
      pageSetup: {
        paperSize: 'a4',
        orientation: sheet.orientation ?? 'portrait',
        fitToPage: true,
        fitToWidth: 1,
        // As many pages as it takes.
        fitToHeight: 0,
        horizontalCentered: true,
        margins: MARGINS,
      },
      headerFooter: { oddFooter: '&C第 &P 页，共 &N 页' },
    },
    titles: printTitles(name, heads),
  }
}

/**
 * The heads of the columns stand on each page. hucre's own `printTitlesRow` writes the sheet's name without quotes, and Excel
 * calls a file damaged in which a name like '2026年 1' has none.
 */
const printTitles = (name: string, { from, to }: { from: number; to: number }): NamedRange => ({
  name: '_xlnm.Print_Titles',
  range: `'${name.replaceAll("'", "''")}'!$${from + 1}:$${to + 1}`,
  scope: name,
})
