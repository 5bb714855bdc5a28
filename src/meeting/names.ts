import { describe } from '../domain/people.ts'
import type { Roll } from './roll.ts'

/** Names for a list of one branch: people of the same name are told apart by group and year of joining. */
export function namesIn(roll: Roll, branchId: string): (personId: string) => string {
  const times = new Map<string, number>()
  for (const { personId } of roll.rows) {
    const name = roll.people.get(personId)?.name ?? ''
    times.set(name, (times.get(name) ?? 0) + 1)
  }
  return personId => {
    const person = roll.people.get(personId)
    if (!person) return '已不在册'
    return (times.get(person.name) ?? 0) > 1 ? describe(person, branchId) : person.name
  }
}
