import type { Membership, Person } from '../store/collections.ts'
import { isActive } from './roster.ts'

/** In which branch somebody was when: a month of the past belongs to the branch that he was in then. */

interface Stay {
  /** The month it began in; '' for who was always there. */
  from: string
  /** The month he left in; null: he is there. */
  until: string | null
  memberships: readonly Membership[]
}

/** Oldest first. The month of a move is the new branch's; that of leaving the township the old one's. */
function staysOf(person: Person): readonly Stay[] {
  const left = (person.formerly ?? []).map(({ relationFrom, until, memberships }) => ({
    from: relationFrom ?? '',
    until: until.slice(0, 7),
    memberships,
  }))
  const now = { from: person.relationFrom ?? '', until: null, memberships: person.memberships }
  return isActive(person) ? [...left, now] : left
}

/** The person as that branch had him in that month; null: it was not his own. */
export function personThen(person: Person, branchId: string, month: string): Person | null {
  const stay = staysOf(person).findLast(({ from }) => from <= month)
  if (!stay || stay.memberships[0]?.branchId !== branchId || (stay.until !== null && stay.until < month)) return null
  const { relationFrom: _now, ...rest } = person
  const from = stay.from === '' ? {} : { relationFrom: stay.from }
  return { ...rest, status: 'active', memberships: [...stay.memberships], ...from }
}
