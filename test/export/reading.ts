import { Workbook as Reader } from '@cj-tech-master/excelts'
import type { TestBot } from '../bot.ts'

/** A sheet's cells as another library than the one that wrote them reads them. */
export type Rows = (string | number | null)[][]

/** The sheets of the last file a person was sent, by name. */
export async function sheetsFor(bot: TestBot, userId: string): Promise<Map<string, Rows>> {
  const reader = new Reader()
  await reader.xlsx.load(bot.simulator.fileOf(userId).bytes)
  return new Map(
    reader.worksheets.map(sheet => {
      const rows: Rows = []
      sheet.eachRow(row => rows.push((row.values as Rows[number]).slice(1)))
      return [sheet.name, rows]
    }),
  )
}

/** The row whose second cell is the name; none there is an empty row. */
export const rowOf = (rows: Rows | undefined, name: string): Rows[number] => rows?.find(row => row[1] === name) ?? []
