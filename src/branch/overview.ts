import { dayOf } from '../clock.ts'
import { inRosterOrder } from '../domain/meeting.ts'
import { isActive, ownBranchId } from '../domain/roster.ts'
import { type Branch, branches, type Person, people, suggestions } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { faultsOf } from './faults.ts'
import { aheadLines, planOf } from './plan.ts'
import { endsSoon, TERM_GROUND, termWords } from './term.ts'

/** The branches as the township sees them: in the order of their numbers, never by how well they do. */
export interface Seen {
  branch: Branch
  /** Whose own branch it is. */
  members: readonly Person[]
  /** Those, and who is an officer or invited here and belongs elsewhere. */
  here: readonly Person[]
  /** Why somebody should look: [] where nobody need. */
  why: readonly string[]
}

/** From the tenth day of a quarter's third month on, a general meeting that is not held is worth a word (DOMAIN.md 1.7). */
const isLateInQuarter = (day: string): boolean => Number(day.slice(5, 7)) % 3 === 0 && Number(day.slice(8)) >= 10

export async function seeBranches(tx: ReadTx, now: Date): Promise<readonly Seen[]> {
  const all = [...(await tx.all(branches))].sort((a, b) => a.number - b.number)
  const seen: Seen[] = []
  for (const branch of all) seen.push(await seeBranch(tx, branch, now))
  return seen
}

export async function seeBranch(tx: ReadTx, branch: Branch, now: Date): Promise<Seen> {
  const here = inRosterOrder((await tx.find(people, 'branch', branch.branchId)).filter(isActive))
  const members = here.filter(person => ownBranchId(person) === branch.branchId)
  const why = [...faultsOf(branch, here), ...termWords(branch, now), ...(await lateIn(tx, branch, now))]
  return { branch, members, here, why }
}

/** The article behind 换届, once for all branches that are named for it. */
export const groundLines = (seen: readonly Seen[], now: Date): string[] =>
  seen.some(({ branch }) => endsSoon(branch, now)) ? [TERM_GROUND] : []

async function lateIn(tx: ReadTx, { branchId }: Branch, now: Date): Promise<string[]> {
  const quarterly = isLateInQuarter(dayOf(now))
    ? (await planOf(tx, tx, branchId, now)).filter(duty => duty.period === 'quarter' && duty.called.length === 0)
    : []
  const waiting = (await tx.find(suggestions, 'branch', branchId)).filter(one => one.answer === null).length
  return [...aheadLines(quarterly, now), ...(waiting > 0 ? [`${waiting} 条建议没有答复`] : [])]
}
