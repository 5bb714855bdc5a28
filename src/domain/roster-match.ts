import type { Person } from '../store/collections.ts'
import { nameKey } from './roster-cells.ts'
import type { Entry } from './roster-entries.ts'

/** Moved away or died: stays in the store for the history, without an account. */
export const isGone = (status: Person['status']): boolean => status === 'transferred' || status === 'deceased'

interface Known {
  people: readonly Person[]
  branches: readonly { branchId: string; name: string }[]
}

/**
 * Who of the store is meant by an entry: by 账号, or by the 原账号 it had before; and because a leaver has none any more, by name and branch among those who
 * left. Who is in the file as active again, or came back without an account, is the one of that name only where the day of joining is
 * the same too: a namesake must not inherit anybody's history.
 */
export function matchEntries(entries: readonly Entry[], known: Known): ReadonlyMap<Entry, Person> {
  const matches = new Map<Entry, Person>()
  const byUserId = new Map(known.people.flatMap(person => (person.userId === null ? [] : [[person.userId, person]])))
  for (const entry of entries) {
    const person = byUserId.get(entry.userId) ?? byUserId.get(entry.formerUserId ?? '')
    if (person) matches.set(entry, person)
  }
  const leavers = leaversByName(known)
  const claim = (entry: Entry, fits: (person: Person) => boolean): void => {
    const pools = entry.memberships.map(({ branch }) => leavers.get(keyOf(branch, entry.name)) ?? [])
    const person = pools.flatMap(pool => [...pool]).find(fits)
    if (!person) return
    matches.set(entry, person)
    for (const pool of leavers.values()) pool.delete(person)
  }
  const open = entries.filter(entry => !matches.has(entry))
  for (const entry of open) claim(entry, person => sameJoining(entry, person))
  for (const entry of open)
    if (!matches.has(entry) && entry.facts.status && isGone(entry.facts.status)) claim(entry, isLeaver)
  return matches
}

const isLeaver = (person: Person): boolean => isGone(person.status)

const sameJoining = (entry: Entry, person: Person): boolean =>
  person.joinedOn !== null && entry.facts.joinedOn === person.joinedOn

const keyOf = (branch: string, name: string): string => `${nameKey(branch)}:${nameKey(name)}`

function leaversByName(known: Known): Map<string, Set<Person>> {
  const branchNames = new Map(known.branches.map(branch => [branch.branchId, branch.name]))
  const leavers = new Map<string, Set<Person>>()
  for (const person of known.people) {
    if (person.userId !== null) continue
    for (const { branchId } of person.memberships) {
      const key = keyOf(branchNames.get(branchId) ?? '', person.name)
      leavers.set(key, (leavers.get(key) ?? new Set()).add(person))
    }
  }
  return leavers
}
