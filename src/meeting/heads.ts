import { isActive, membershipIn } from '../domain/roster.ts'
import type { Person, Post } from '../store/collections.ts'
import { canBeTold } from './deciders.ts'

/** Whoever answers for a branch and can be told something: the secretary, where there is none the deputy. */
export function headsOf(branchPeople: readonly Person[], branchId: string): readonly Person[] {
  const secretaries = holding(branchPeople, branchId, 'secretary')
  return secretaries.length > 0 ? secretaries : holding(branchPeople, branchId, 'deputy')
}

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

const holding = (branchPeople: readonly Person[], branchId: string, post: Post): readonly Person[] =>
  branchPeople.filter(person => hears(person) && membershipIn(person, branchId)?.posts.includes(post))

export const hears = (person: Person): boolean => isActive(person) && canBeTold(person)
