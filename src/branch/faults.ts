import { COMMITTEE_POSTS } from '../domain/meeting.ts'
import { COMMITTEE_FROM, shapeOf } from '../domain/plan.ts'
import { isActive, membershipIn } from '../domain/roster.ts'
import type { Branch, Person } from '../store/collections.ts'

/** What somebody should put right on the roster of a branch: facts, in few words, nobody named. */

/** 3 to 5 members, at most 7: 支部工作条例 ch. 6. */
const SMALLEST_COMMITTEE = 3

export function faultsOf({ branchId, kind }: Branch, branchPeople: readonly Person[]): string[] {
  const here = branchPeople.filter(isActive)
  // A general branch may have no members of its own; its committee and groups are not those of a branch (ch. 6).
  if (kind === '总支' && here.length === 0) return []
  const { fullMembers, groups } = shapeOf(branchId, here)
  const holding = (person: Person) => membershipIn(person, branchId)?.posts ?? []
  const committee = here.filter(person => holding(person).some(post => COMMITTEE_POSTS.includes(post)))
  const led = new Set(
    here
      .filter(person => holding(person).includes('leader'))
      .map(person => membershipIn(person, branchId)?.group ?? null),
  )
  const leaderless = groups.filter(group => !led.has(group))
  const unlinked = withoutAccount(here)
  const isBranch = kind !== '总支'
  return [
    ...(here.some(person => holding(person).includes('secretary')) ? [] : ['没有书记']),
    ...(unlinked.length > 0 ? [`${unlinked.length} 人没有账号，也没有登记无手机`] : []),
    ...(isBranch && fullMembers >= COMMITTEE_FROM && committee.length < SMALLEST_COMMITTEE
      ? [`正式党员 ${fullMembers} 人，支委只登记了 ${committee.length} 人`]
      : []),
    ...(isBranch && leaderless.length > 0 ? [`${leaderless.join('、')}没有组长`] : []),
  ]
}

/** Nothing reaches them, and nobody knows that they must be phoned. */
export const withoutAccount = (people: readonly Person[]): readonly Person[] =>
  people.filter(person => person.userId === null && !person.noPhone)
