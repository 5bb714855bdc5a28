import type { Person, Post } from '../store/collections.ts'
import { hears, holding, membershipIn, postsIn } from './roster.ts'

/** An empty organizer's post falls to the deputy, then to the secretary (COMMANDS.md). */
const COLLECTING: readonly Post[] = ['organizer', 'deputy', 'secretary']
/** Whoever collects does not confirm his own: the secretary does. */
const OF_THE_COLLECTOR: readonly Post[] = ['secretary', 'deputy']

/**
 * Who takes this person's dues; never himself. The collector's own go to the secretary, the secretary's own, where he
 * collects, to the township.
 */
export function collectorsOf(
  payer: Person,
  branchId: string,
  { branchPeople, admins }: { branchPeople: readonly Person[]; admins: readonly Person[] },
): readonly Person[] {
  const others = (people: readonly Person[]) => people.filter(({ personId }) => personId !== payer.personId)
  const officers = branchPeople.filter(({ memberships }) => memberships.some(({ posts }) => posts.length > 0))
  const held = postsIn(branchId, officers)
  // He has these lines where one of the two posts is empty; where its holder only has no phone they are not his.
  const isHeir = !held.has('organizer') || !held.has('secretary')
  const holders = (post: Post) => (post === 'deputy' && !isHeir ? [] : holding(officers, branchId, post))
  const collecting = COLLECTING.map(holders).find(found => found.length > 0) ?? []
  const isCollector = collecting.length > others(collecting).length
  const isSecretary = membershipIn(payer, branchId)?.posts.includes('secretary') ?? false
  const inTurn = isCollector && !isSecretary ? [collecting, ...OF_THE_COLLECTOR.map(holders)] : [collecting]
  const found = inTurn.map(others).find(people => people.length > 0)
  return found ?? others(admins.filter(hears))
}
