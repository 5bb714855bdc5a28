import { calledAmong } from '../domain/people.ts'
import { isActive, membershipIn, ownBranchId } from '../domain/roster.ts'
import { type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

/** A name in the words of money is one person's alone: '张伟三组' where his branch has two. Said back, it finds him. */
export async function calledIn(tx: ReadTx, person: Person): Promise<string> {
  const branchId = ownBranchId(person)
  if (branchId === undefined) return person.name
  const isActiveIn = (other: Person) => isActive(other) && membershipIn(other, branchId) !== undefined
  return calledAmong(person, (await tx.find(people, 'name', person.name)).filter(isActiveIn), branchId)
}
