import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { dayOf, now } from '../clock.ts'
import { monthsFrom, spellMonths } from '../domain/month-words.ts'
import { settingOf, studyHoursPerYear } from '../domain/parameters.ts'
import type { Sheet, Workbook } from '../export/workbook.ts'
import { settings } from '../store/collections.ts'
import type { Store } from '../store/records.ts'
import { type StudyRow, studyRegisterOf } from './register.ts'
import { type Made, studySheet } from './sheet.ts'

/** 党员学习情况登记表: collected branch by branch when the message with it is delivered. Nobody's score is in it. */

export const REPORT = 'study'

/** Flat JSON, since an order is kept until it is delivered. */
const order = z.object({
  branchIds: z.array(z.string()).min(1),
  /** The whole township, with a column for the branch. */
  township: z.boolean(),
  kind: z.enum(['year', 'months', 'years']),
  /** '2026', or months, or years: a sheet each. */
  of: z.array(z.string()).min(1),
})
export type StudyOrder = z.infer<typeof order>

export const collectStudy =
  (store: Store) =>
  async (args: unknown): Promise<Workbook> => {
    const asked = order.parse(args)
    const usual = await store.read(async tx =>
      settingOf(studyHoursPerYear, await tx.get(settings, studyHoursPerYear.name)),
    )
    const rows: StudyRow[] = []
    for (const branchId of asked.branchIds) {
      rows.push(...(await store.read(tx => studyRegisterOf(tx, branchId))))
      // A township is 30 branches: callbacks are answered in between.
      await nextTurn()
    }
    const where = asked.township ? '全镇' : (rows[0]?.branch.name ?? '')
    const made: Made = { rows, where, township: asked.township, today: dayOf(now()), usual }
    const sheets: Sheet[] = []
    for (const { name, months } of spansOf(asked)) {
      sheets.push(studySheet(made, name, months))
      await nextTurn()
    }
    return { fileName: `党员学习情况登记表 ${where} ${spanName(asked)}.xlsx`, sheets }
  }

/** No month is of this year, so every one is spelled with its own. */
const WITH_YEAR = '0'

function spansOf({ kind, of }: StudyOrder): { name: string; months: readonly string[] }[] {
  if (kind === 'months') return [{ name: spellMonths(of, WITH_YEAR), months: of }]
  return of.map(year => ({ name: `${year}年`, months: monthsFrom(`${year}-01`, `${year}-12`) }))
}

function spanName({ kind, of }: StudyOrder): string {
  if (kind === 'months') return spellMonths(of, WITH_YEAR)
  return of.length > 1 ? `${of[0]}-${of.at(-1)}年` : `${of[0]}年`
}
