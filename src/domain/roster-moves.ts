import type { Former, Membership, Person } from '../store/collections.ts'
import { isActive, ownBranchId } from './roster.ts'

/** What leaving a branch, coming back and becoming a full member make of a person. The record stays one, for his history. */

export interface Leaving {
  /** His last day here. */
  day: string
  to: string
  /** When it is entered. */
  at: string
}

const formerly = (person: Person, { day, to, at }: Leaving): readonly [Former, ...Former[]] => {
  const { memberships, excludedFromQuorum, relationFrom = null } = person
  const last = { until: day, at, to, memberships, excludedFromQuorum, relationFrom }
  const [first, ...others] = person.formerly ?? []
  return first ? [first, ...others, last] : [last]
}

/** Out of the township: his posts are empty, and everything that was stays in the branch. */
export const leave = (person: Person, leaving: Leaving): Person => ({
  ...person,
  status: 'transferred',
  memberships: person.memberships.map(withoutDuties),
  formerly: [...formerly(person, leaving)],
})

const withoutDuties = (membership: Membership): Membership => ({ ...membership, posts: [], standingLeave: null })

/**
 * To another branch of the township, which becomes his own: he pays there from that month on. What the general meeting
 * approved for the denominator of the branch he leaves does not hold in another.
 */
export function moveTo(person: Person, branchId: string, leaving: Leaving): Person {
  const [own, ...others] = person.memberships
  const held = others.find(membership => membership.branchId === branchId)
  const there: Membership = held ?? { branchId, group: null, posts: [], standingLeave: null }
  return {
    ...person,
    status: 'active',
    memberships: [there, ...others.filter(each => each !== held && each.branchId !== own?.branchId)],
    excludedFromQuorum: false,
    relationFrom: leaving.day.slice(0, 7),
    formerly: [...formerly(person, leaving)],
  }
}

/** Where he was for the last time that day: who is back there the same day has not been away. */
export function endedOn(person: Person, day: string): Former | undefined {
  const last = person.formerly?.at(-1)
  return last?.until === day ? last : undefined
}

/**
 * A record that a roster file brought, with what a 转出 of that day would have kept: the months before are the old branch's, and the
 * same day it can be taken back, also by a better file.
 */
export function movedByFile(before: Person, after: Person, leaving: Leaving): Person {
  if (!isActive(before)) return after
  const kept = { formerly: [...formerly(before, leaving)] }
  if (after.status === 'transferred') return { ...after, ...kept, memberships: after.memberships.map(withoutDuties) }
  const own = ownBranchId(before)
  if (!isActive(after) || own === undefined || own === ownBranchId(after)) return after
  if (endedOn(before, leaving.day)?.memberships[0]?.branchId !== ownBranchId(after)) return { ...after, ...kept }
  const { formerly: _undone, ...back } = after
  const earlier = before.formerly?.slice(0, -1) ?? []
  return { ...back, ...(earlier.length > 0 && { formerly: earlier }) }
}

/** Entered on this day: taking it back is as if it had not happened. */
export const leftOn = (person: Person, dayOfEntry: (at: string) => string, today: string): Former | undefined => {
  const last = person.formerly?.at(-1)
  return last && dayOfEntry(last.at) === today ? last : undefined
}

export function asBefore(person: Person, last: Former): Person {
  const { formerly = [], relationFrom: _now, ...rest } = person
  const earlier = formerly.slice(0, -1)
  return {
    ...rest,
    status: 'active',
    memberships: last.memberships,
    excludedFromQuorum: last.excludedFromQuorum,
    ...(last.relationFrom !== null && { relationFrom: last.relationFrom }),
    ...(earlier.length > 0 && { formerly: earlier }),
  }
}

/** Back where he was, without posts, standing leave and the township's rights, and nowhere that he was for a post alone. The months that he was away he owed elsewhere. */
export function comeBack(person: Person, month: string): Person {
  const leftIn = person.formerly?.at(-1)?.until.slice(0, 7)
  return {
    ...person,
    status: 'active',
    admin: false,
    memberships: person.memberships.slice(0, 1).map(withoutDuties),
    ...(leftIn !== month && { relationFrom: month }),
  }
}

export const confirmMember = (person: Person, day: string): Person => ({
  ...person,
  identity: 'full',
  confirmedOn: day,
})

/** A year after the branch admitted him; of 29 February the 28th. */
export function probationEnds(joinedOn: string): string {
  const year = Number(joinedOn.slice(0, 4)) + 1
  return `${year}${joinedOn.slice(4)}`.replace(/-02-29$/, '-02-28')
}
