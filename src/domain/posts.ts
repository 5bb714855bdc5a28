import type { Membership, Person, Post } from '../store/collections.ts'
import { isActive, membershipIn } from './roster.ts'

/** Posts changing hands. */

/** Held by one person of a branch; a leader's by one of a group. Several deputies are nothing unusual. */
const OF_ONE: readonly Post[] = ['secretary', 'organizer', 'publicity', 'discipline']

export interface Handover {
  person: Person
  posts: Post[]
}

/** Who holds now what this membership is to hold, and can be held by one. */
export function handoversFor(
  personId: string,
  { branchId, group, posts }: Pick<Membership, 'branchId' | 'group' | 'posts'>,
  branchPeople: readonly Person[],
): Handover[] {
  const taken = (there: Membership): Post[] =>
    there.posts.filter(
      post => posts.includes(post) && (OF_ONE.includes(post) || (post === 'leader' && there.group === group)),
    )
  return branchPeople.flatMap(person => {
    const there = isActive(person) && person.personId !== personId ? membershipIn(person, branchId) : undefined
    const given = there ? taken(there) : []
    return given.length > 0 ? [{ person, posts: given }] : []
  })
}

/**
 * With these posts in that branch and no others. In a branch that is not his own he is for the sake of his post: without one
 * he would be expected there for nothing.
 */
export function withPosts(person: Person, branchId: string, posts: readonly Post[]): Person {
  const memberships = person.memberships.flatMap((membership, at) => {
    if (membership.branchId !== branchId) return [membership]
    const ends = at > 0 && posts.length === 0 && membership.posts.length > 0
    return ends ? [] : [{ ...membership, posts: [...posts] }]
  })
  return { ...person, memberships }
}

export const withoutPosts = (person: Person, branchId: string, given: readonly Post[]): Person =>
  withPosts(
    person,
    branchId,
    (membershipIn(person, branchId)?.posts ?? []).filter(post => !given.includes(post)),
  )

/** Posts that exist once and are still without a holder once these are given up. */
export function leftEmpty(
  branchId: string,
  given: readonly Post[],
  branchPeople: readonly Person[],
  exceptId: string,
): Post[] {
  const others = branchPeople.filter(person => isActive(person) && person.personId !== exceptId)
  const isHeld = (post: Post) => others.some(person => membershipIn(person, branchId)?.posts.includes(post))
  return given.filter(post => post !== 'firstSecretary' && !isHeld(post))
}
