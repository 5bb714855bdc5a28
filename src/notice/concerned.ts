import { describe } from '../domain/people.ts'
import { isActive, isAmong, type Reach, reaches } from '../domain/roster.ts'
import { canBeTold } from '../meeting/deciders.ts'
import { type Branch, branches, type Membership, type Notice, type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

/** Whom a notice concerns. Found past the speaker's reach, shown within it. */

/** A notice, or whatever else concerns the people of some branches. */
export interface Concerning {
  branchIds: readonly string[]
  only?: Notice['only']
}

/** Everybody on the roster of these branches, or the part that is meant, whatever his identity, each once. */
export async function concernedBy(everywhere: ReadTx, notice: Concerning): Promise<readonly Person[]> {
  const found = new Map<string, Person>()
  for (const branchId of notice.branchIds) {
    for (const person of await everywhere.find(people, 'branch', branchId)) found.set(person.personId, person)
  }
  return [...found.values()].filter(person => isActive(person) && person.memberships.some(each => means(notice, each)))
}

const means = ({ branchIds, only = null }: Concerning, membership: Membership): boolean =>
  branchIds.includes(membership.branchId) && (only === null || isAmong(only, membership))

export const allBranchIds = async (everywhere: ReadTx): Promise<string[]> =>
  (await everywhere.all(branches)).map(branch => branch.branchId)

/**
 * The membership by which a notice concerns him: of two branches his own counts, so that sums over branches add up. Who has
 * left the group or the post since was told all the same.
 */
export const membershipFor = (notice: Concerning, person: Person): Membership | undefined =>
  person.memberships.find(membership => means(notice, membership)) ??
  person.memberships.find(membership => notice.branchIds.includes(membership.branchId))

/** Where a notice that he was sent counts him. Who has left the branch since stays with the one that told him. */
export const placeIn = (notice: Concerning, person: Person): { branchId: string } | undefined => {
  const [only, another] = notice.branchIds
  return membershipFor(notice, person) ?? (only && !another ? { branchId: only } : undefined)
}

/** Those whom it was sent to, as far as they are still known; of these the part that the reach shows. */
export async function recipientsWithin(everywhere: ReadTx, notice: Notice, reach: Reach): Promise<readonly Person[]> {
  const found: Person[] = []
  for (const personId of notice.to) {
    const person = await everywhere.get(people, personId)
    const place = person && placeIn(notice, person)
    if (person && place && reaches(reach, [place])) found.push(person)
  }
  return found
}

/** Who can be asked at all: a notice on paper is nobody's neglect. */
export const canConfirm = (person: Person): boolean => isActive(person) && canBeTold(person)

/** Who has gone to another branch may still confirm, and is reminded no more. */
export const isAsked = (notice: Concerning, person: Person): boolean =>
  canConfirm(person) && membershipFor(notice, person) !== undefined

/** Namesakes are told apart by group and year of joining. */
export function namesAmong(among: readonly Person[]): (person: Person) => string {
  const times = new Map<string, number>()
  for (const { name } of among) times.set(name, (times.get(name) ?? 0) + 1)
  return person => {
    const branchId = person.memberships[0]?.branchId ?? null
    return (times.get(person.name) ?? 0) > 1 ? describe(person, branchId) : person.name
  }
}

/** '乔一（石桥村党支部）': by the branch that the notice concerns him in. */
export function namesWithBranch(
  nameOfBranch: ReadonlyMap<string, string>,
  notice: Concerning,
): (person: Person) => string {
  return person => {
    const branch = nameOfBranch.get(membershipFor(notice, person)?.branchId ?? '')
    return branch ? `${person.name}（${branch}）` : person.name
  }
}

export const branchNames = async (tx: ReadTx): Promise<ReadonlyMap<string, string>> =>
  new Map((await tx.all(branches)).map(branch => [branch.branchId, branch.name]))

/** In the order of the branches. */
export const branchesOf = async (tx: ReadTx, { branchIds }: Concerning): Promise<readonly Branch[]> =>
  (await tx.all(branches)).filter(branch => branchIds.includes(branch.branchId)).sort((a, b) => a.number - b.number)

export const countIn = (notice: Concerning, people: readonly Person[], { branchId }: Branch): number =>
  people.filter(person => placeIn(notice, person)?.branchId === branchId).length
