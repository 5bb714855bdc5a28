import { dayOf, monthOf } from '../clock.ts'
import { owedIn } from '../domain/dues.ts'
import { amountOf, checkCode } from '../domain/dues-ledger.ts'
import { inCapitals, spellYuan } from '../domain/money.ts'
import { spellMonths } from '../domain/month-words.ts'
import type { Branch, DuesEntry, Person } from '../store/collections.ts'

/** Months with their year, whatever the year is. */
export const ANY_YEAR = '0'

/** How a line of the ledger is put into words. */

/** '10、11、12月' of this year; with the year where it is another. */
export const monthsOf = ({ months }: Pick<DuesEntry, 'months'>, now: Date): string =>
  spellMonths(
    months.map(({ month }) => month),
    monthOf(now),
  )

export const yuanOf = (entry: Pick<DuesEntry, 'months'>): string => `${spellYuan(amountOf(entry))} 元`

/** '其中 9月补交' '其中 12月预交'; '' where every month is the month it was paid in. */
export function timingOf({ months, at }: Pick<DuesEntry, 'months' | 'at'>): string {
  const paidIn = monthOf(new Date(at))
  const late = months.filter(({ month }) => month < paidIn).map(({ month }) => month)
  const early = months.filter(({ month }) => month > paidIn).map(({ month }) => month)
  const parts = [
    late.length > 0 ? `${spellMonths(late, paidIn)}补交` : '',
    early.length > 0 ? `${spellMonths(early, paidIn)}预交` : '',
  ]
  return parts.filter(part => part !== '').join('，')
}

/** '超出标准 0.10 元（自愿）', or nothing. */
export const extraWords = (extraFen: number): string =>
  extraFen > 0 ? `超出标准 ${spellYuan(extraFen)} 元（自愿）` : ''

/** What of it is above what each month owes. */
export const extraOf = (person: Person, months: DuesEntry['months']): number =>
  months.reduce((sum, { month, fen }) => sum + Math.max(0, fen - owedIn(person, month).fen), 0)

/** What the member keeps: it stands for the line in the register, whose number and check code it shows. */
export function receiptText(
  entry: DuesEntry,
  { payer, branch, ...names }: { payer: Person; branch: Branch; collector: string; broughtBy: string | null },
): string {
  const timing = timingOf(entry)
  const extra = extraOf(payer, entry.months)
  const day = dayOf(new Date(entry.at))
  // A receipt is looked at in other years too.
  const months = spellMonths(
    entry.months.map(({ month }) => month),
    ANY_YEAR,
  )
  const lines = [
    `党费收据号 ${entry.receiptNo}`,
    `${branch.name} ${payer.name} ${months}党费 ${yuanOf(entry)}`,
    `大写：${inCapitals(amountOf(entry))}`,
    timing,
    extra > 0 ? `含自愿多缴 ${spellYuan(extra)} 元` : '',
    names.broughtBy ? `由${names.broughtBy}代交` : '',
    `收款人：${names.collector}　${day}`,
    `校验码 ${checkCode(entry)}，要查请发：验 ${entry.receiptNo}`,
  ]
  return lines.filter(line => line !== '').join('\n')
}
