import { setImmediate as nextTurn } from 'node:timers/promises'
import { dayOf, monthOf, now } from '../clock.ts'
import { spellMonths } from '../domain/month-words.ts'
import { type PaperOrder, paperOrder } from '../domain/paper-order.ts'
import type { Sheet, Workbook } from '../export/workbook.ts'
import type { Store } from '../store/records.ts'
import { type BranchRegister, type MonthSums, type RegisterRow, registerOf, yearMonths } from './register.ts'
import { type Made, monthSheet, registerSheet, summarySheet, sumsByYear, yearsSheet } from './sheets.ts'
import { ANY_YEAR } from './words.ts'

/** 党费收缴登记表 and 收缴表: collected branch by branch when the message with them is delivered. */

export const REPORT = 'dues'

export const collectDues =
  (store: Store) =>
  async (args: unknown): Promise<Workbook> => {
    const asked = paperOrder.parse(args)
    const registers: BranchRegister[] = []
    for (const branchId of asked.branchIds) {
      registers.push(await store.read(tx => registerOf(tx, branchId)))
      // A township is 30 branches: callbacks are answered in between.
      await nextTurn()
    }
    const sheets: Sheet[] = []
    for (const make of sheetsOf(asked, registers)) {
      sheets.push(await make())
      await nextTurn()
    }
    return { fileName: `${titleOf(asked, registers)}.xlsx`, sheets }
  }

/** '党费收缴登记表 水泉村党支部 2026年' */
function titleOf({ township, kind, of }: PaperOrder, [first]: readonly BranchRegister[]): string {
  const where = township ? '全镇' : (first?.branch.name ?? '')
  if (kind === 'years') return `党费收缴对照表 ${where} ${of[0]}-${of.at(-1)}年`
  if (kind === 'year') return `党费收缴登记表 ${where} ${of[0]}年`
  return `党费收缴表 ${where} ${spellMonths(of, ANY_YEAR)}`
}

/** What makes each sheet, so that the loop turns between them. */
function sheetsOf(
  { township, kind, of }: PaperOrder,
  registers: readonly BranchRegister[],
): (() => Sheet | Promise<Sheet>)[] {
  const made = { registers, township, today: dayOf(now()) }
  const month = monthOf(now())
  const [first = ''] = of
  const summary = (months: readonly string[]) => (township ? [() => summarySheet(made, months)] : [])
  if (kind === 'years') return [() => sumUpYears(made, of)]
  if (kind === 'year') {
    const thisMonth = month.startsWith(first) ? [() => monthSheet(made, month)] : []
    return [...summary(yearMonths(first)), () => registerSheet(made, first), ...thisMonth]
  }
  const years = [...new Set(of.map(each => each.slice(0, 4)))]
  return [
    ...summary(of),
    ...of.map(each => () => monthSheet(made, each)),
    ...years.map(year => () => registerSheet(made, year)),
  ]
}

async function sumUpYears(made: Made, years: readonly string[]): Promise<Sheet> {
  const sums = new Map<RegisterRow, MonthSums[]>()
  for (const { rows } of made.registers) {
    for (const row of rows) sums.set(row, sumsByYear(made, row, years))
    await nextTurn()
  }
  return yearsSheet(made, years, sums)
}
