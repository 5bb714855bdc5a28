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

/** By personId who tells those whom no message reaches: the leader of their group, else the heads of the branch. */
export function callersOf(
  branchPeople: readonly Person[],
  branchId: string,
  byMouth: readonly Person[],
): ReadonlyMap<string, readonly Person[]> {
  const lists = new Map<string, Person[]>()
  for (const person of byMouth) {
    const group = membershipIn(person, branchId)?.group ?? null
    for (const { personId } of keepersOf(branchPeople, { branchId, group })) {
      lists.set(personId, [...(lists.get(personId) ?? []), person])
    }
  }
  return lists
}
