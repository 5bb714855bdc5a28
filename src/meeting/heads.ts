import { headsOf, holding, membershipIn } from '../domain/roster.ts'
import type { Person } from '../store/collections.ts'

export { headsOf, hears } from '../domain/roster.ts'

/** For a 党小组会 its leader, else the heads of the branch. */
export function keepersOf(
  branchPeople: readonly Person[],
  meeting: { branchId: string; group: string | null },
): readonly Person[] {
  const { branchId, group } = meeting
  const leaders = holding(branchPeople, branchId, 'leader').filter(
    person => group && membershipIn(person, branchId)?.group === group,
  )
  return leaders.length > 0 ? leaders : headsOf(branchPeople, branchId)
}
