import type { Collection, Place } from './records.ts'
import type { Person } from './shapes.ts'

/** How a collection is declared: what it leaves out, and how long it is kept, which somebody has to say. */

type Left<R> = Omit<Collection<R>, 'unique' | 'indexes' | 'kept'> & Partial<Pick<Collection<R>, 'unique' | 'indexes'>>

/** What goes by itself is kept as long as its number says; of the rest somebody has to say it. */
type Kept = { dropAfterMonths: number } | { holdDays: number; afterHold: 'delete' } | { kept: string }

export function define<R>(collection: Left<R> & Kept): Collection<R> {
  return { unique: {}, indexes: {}, ...collection, kept: spellKept(collection) }
}

function spellKept(kept: Kept): string {
  if ('kept' in kept) return kept.kept
  if (!('dropAfterMonths' in kept)) return `${kept.holdDays} 天`
  const months = kept.dropAfterMonths
  return months % 12 === 0 ? `${months / 12} 年` : `${months} 个月`
}

/** Counted from the end of the year, or month, that a record belongs to. */
export const FIVE_YEARS = 60

/** What belongs to no branch is the township's: only who reaches everything sees it. */
export const placeOfBranchIfAny = (r: { branchId: string | null }): Place[] =>
  r.branchId ? [{ branchId: r.branchId }] : []
export const placeOfBranch = (r: { branchId: string; group?: string | null }): Place[] => [
  { branchId: r.branchId, group: r.group ?? null },
]

/** The branches that were his own before: he stands in their old lists. */
export const leftBranchesOf = (r: Person): readonly string[] | undefined =>
  r.formerly && [...new Set(r.formerly.flatMap(({ memberships }) => memberships[0]?.branchId ?? []))]

/**
 * Where he is, and the branch that he left last: its officers send him on, and take that back. No copies where he was always
 * there: asked for everybody of a branch, several times a line.
 */
export function placesOfPerson(r: Person): readonly Place[] {
  const left = r.formerly?.at(-1)?.memberships[0]
  return left ? [...r.memberships, left] : r.memberships
}
