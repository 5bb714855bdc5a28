import { instantAt } from '../clock.ts'
import type { Membership, Person } from '../store/collections.ts'
import { withStandard } from './dues.ts'
import { spellYuan } from './money.ts'
import { addMonths } from './month-words.ts'
import { blankPerson } from './roster.ts'
import type { Facts, Remark } from './roster-columns.ts'
import { endedOn } from './roster-moves.ts'

/** What a roster file changes of somebody's dues. */

/** personId to the last month that was paid or claimed. What was paid was paid by the standard that was there. */
export type PaidUpTo = ReadonlyMap<string, string>

type Dues = Pick<Person, 'monthlyDuesFen' | 'duesFrom' | 'duesStandards'>

/** The standard holds from the month of its import on, or from the first that is not paid: earlier months are not owed here. */
export function duesOf(
  { monthlyDuesFen }: Facts,
  { before, today, paidUpTo }: { before: Person | null; today: string; paidUpTo: PaidUpTo | undefined },
): Dues {
  const known = before && { monthlyDuesFen: before.monthlyDuesFen, duesFrom: before.duesFrom }
  const month = today.slice(0, 7)
  if (monthlyDuesFen === null) return { monthlyDuesFen, duesFrom: null }
  if (known?.monthlyDuesFen === monthlyDuesFen && known.duesFrom !== null) return known
  if (before && known && isSetHere(before)) return known
  // Nobody's standard is nothing: to be freed takes an approval (/党费 减免).
  if (monthlyDuesFen === 0) return { monthlyDuesFen, duesFrom: month }
  const paid = before && paidUpTo?.get(before.personId)
  const from = paid && paid >= month ? addMonths(paid, 1) : month
  const changed = withStandard(before ?? blankPerson(''), {
    from,
    fen: monthlyDuesFen,
    by: FROM_FILE,
    at: instantAt(today, '00:00').toISOString(),
  })
  return { monthlyDuesFen, duesFrom: from, duesStandards: changed.duesStandards }
}

/** Whoever made the file, its standards came with it. */
export const FROM_FILE = 'roster'

/** What an officer set with 党费 标准 outlives an old file: only he, or the next officer, changes it. */
const isSetHere = ({ duesStandards }: Person): boolean => {
  const newest = duesStandards?.at(-1)
  return newest !== undefined && newest.by !== FROM_FILE && /^[pu][-:]/.test(newest.by)
}

/** A file that says another standard than the officer set. */
export function setHere(row: number, before: Person | null, said: number | null | undefined): Remark[] {
  if (!before || !isSetHere(before) || typeof said !== 'number' || said === before.monthlyDuesFen) return []
  const kept = spellYuan(before.monthlyDuesFen ?? 0)
  return [{ row, column: '月缴党费', why: `支部已用“党费 标准”定为 ${kept} 元，不按表改；要改请发：党费 标准` }]
}

/** A new standard that does not begin with this month. */
export function alreadyPaid(row: number, before: Person | null, { duesFrom }: Dues, today: string): Remark[] {
  const isLater = before && duesFrom && duesFrom !== before.duesFrom && duesFrom > today.slice(0, 7)
  return isLater ? [{ row, column: '月缴党费', why: `前面的月份已经缴过或报过，从 ${duesFrom} 起按新标准` }] : []
}

interface Move {
  before: Person | null
  branchNames: ReadonlyMap<string, string>
  today: string
  /** Whether the file says something of the quorum. */
  statesQuorum: boolean
}

/**
 * Dues are paid where the own relation is (2008 rule, art. 9): who comes from another branch owes this one from now on. What was
 * approved for the quorum of that branch does not hold here. A file that brings him back the same day corrects another.
 */
export function relationOf(
  own: string | undefined,
  { before, branchNames, today, statesQuorum }: Move,
): Partial<Pick<Person, 'relationFrom' | 'excludedFromQuorum'>> {
  const nameOf = (memberships: readonly Membership[]) => memberships[0] && branchNames.get(memberships[0].branchId)
  const from = before ? nameOf(before.memberships) : undefined
  if (!before || from === undefined || own === undefined || own === from) return {}
  const ended = endedOn(before, today)
  const back = ended && nameOf(ended.memberships) === own ? ended : undefined
  return {
    relationFrom: back ? (back.relationFrom ?? undefined) : today.slice(0, 7),
    ...(!statesQuorum && { excludedFromQuorum: back?.excludedFromQuorum ?? false }),
  }
}
