import { z } from 'zod'
import type { DuesPeriod } from './dues-period.ts'
import { monthsFrom, spellMonths } from './month-words.ts'

/** What a table of the office is ordered for. Flat JSON, since an order is kept until it is delivered. */
export const paperOrder = z.object({
  branchIds: z.array(z.string()).min(1),
  /** The whole township, with a sum for each branch. */
  township: z.boolean(),
  kind: z.enum(['year', 'months', 'years']),
  /** '2026', or months, or years. */
  of: z.array(z.string()).min(1),
})
export type PaperOrder = z.infer<typeof paperOrder>

/** No month is of this year, so every one is spelled with its own. */
const WITH_YEAR = '0'

export function flatPeriod(period: DuesPeriod): Pick<PaperOrder, 'kind' | 'of'> {
  if (period.kind === 'year') return { kind: 'year', of: [period.year] }
  return { kind: period.kind, of: [...(period.kind === 'months' ? period.months : period.years)] }
}

/** '2026年', or '2026年10、11、12月', with its months. */
export interface Span {
  name: string
  months: readonly string[]
}

/** Years stand apart, months together. */
export function spansOf({ kind, of }: Pick<PaperOrder, 'kind' | 'of'>): Span[] {
  if (kind === 'months') return [{ name: spellMonths(of, WITH_YEAR), months: of }]
  return of.map(year => ({ name: `${year}年`, months: monthsFrom(`${year}-01`, `${year}-12`) }))
}

/** '2026年', '2021-2026年', '2026年10、11、12月' */
export function spellPeriod({ kind, of }: Pick<PaperOrder, 'kind' | 'of'>): string {
  if (kind === 'months') return spellMonths(of, WITH_YEAR)
  return of.length > 1 ? `${of[0]}-${of.at(-1)}年` : `${of[0]}年`
}
