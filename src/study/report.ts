import { setImmediate as nextTurn } from 'node:timers/promises'
import { dayOf, now } from '../clock.ts'
import { paperOrder, spansOf, spellPeriod } from '../domain/paper-order.ts'
import { settingOf, studyHoursPerYear } from '../domain/parameters.ts'
import type { Sheet, Workbook } from '../export/workbook.ts'
import { settings } from '../store/collections.ts'
import type { Store } from '../store/records.ts'
import { type StudyRow, studyRegisterOf } from './register.ts'
import { type Made, studySheet } from './sheet.ts'

/** 党员学习情况登记表: collected branch by branch when the message with it is delivered. Nobody's score is in it. */

export const REPORT = 'study'

export const collectStudy =
  (store: Store) =>
  async (args: unknown): Promise<Workbook> => {
    const asked = paperOrder.parse(args)
    const usual = await store.read(async tx =>
      settingOf(studyHoursPerYear, await tx.get(settings, studyHoursPerYear.name)),
    )
    const spans = spansOf(asked)
    // Five years of a branch are not read for one of its months.
    const within = new Set(spans.flatMap(({ months }) => months))
    const rows: StudyRow[] = []
    for (const branchId of asked.branchIds) {
      rows.push(...(await store.read(tx => studyRegisterOf(tx, branchId, within))))
      // A township is 30 branches: callbacks are answered in between.
      await nextTurn()
    }
    const where = asked.township ? '全镇' : (rows[0]?.branch.name ?? '')
    const made: Made = { rows, where, township: asked.township, today: dayOf(now()), usual }
    const sheets: Sheet[] = []
    for (const { name, months } of spans) {
      sheets.push(studySheet(made, name, months))
      await nextTurn()
    }
    return { fileName: `党员学习情况登记表 ${where} ${spellPeriod(asked)}.xlsx`, sheets }
  }
