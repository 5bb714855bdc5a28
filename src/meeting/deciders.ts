import { canBeTold, leaveDeciders, membershipIn, namePosts, OFFICERS } from '../domain/roster.ts'
import { type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

export { canBeTold } from '../domain/roster.ts'

/** Who decides a leave, found past the asker's reach: the township's administrators are outside it. */
export async function decidersOf(
  tx: { readonly township: ReadTx },
  asker: Person,
  branchId: string,
): Promise<readonly Person[]> {
  const branchPeople = await tx.township.find(people, 'branch', branchId)
  const admins = await tx.township.find(people, 'admin', 'yes')
  return leaveDeciders(asker, branchId, branchPeople.filter(canBeTold), admins.filter(canBeTold))
}

/** '书记' '副书记' '镇党建办': in whose hands it now is. */
export function nameDeciders(deciders: readonly Person[], branchId: string): string {
  const posts = deciders.flatMap(person => membershipIn(person, branchId)?.posts ?? [])
  const post = OFFICERS.find(officer => posts.includes(officer))
  return post ? namePosts([post]) : '镇党建办'
}
