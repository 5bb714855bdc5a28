import type { CommandContext } from '../bot/command.ts'
import { monthOf } from '../clock.ts'
import { collectorsOf } from '../domain/dues-collectors.ts'
import { type Account, accountOf } from '../domain/dues-ledger.ts'
import type { Payer } from '../domain/dues-payment.ts'
import { addMonths, quarterEnd } from '../domain/month-words.ts'
import { prepayMonths, settingOf } from '../domain/parameters.ts'
import { membershipIn, namePosts, OFFICERS, ownBranchId, reaches } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { type Branch, branches, dues, type Person, people, settings } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

/** One payer: what the ledger says of him, how far ahead he may pay, and who takes his dues. */

/** Of all branches he has been in: pass a transaction that sees the whole township, and show nothing of another branch. */
export const accountIn = async (tx: ReadTx, personId: string): Promise<Account> =>
  accountOf(await tx.find(dues, 'person', personId))

/** The last month that may be paid now (DOMAIN.md 2.4: within the quarter, unless the township says otherwise). */
export async function lastPayable(tx: ReadTx, now: Date): Promise<string> {
  const ahead = settingOf(prepayMonths, await tx.get(settings, prepayMonths.name))
  const month = monthOf(now)
  return ahead === 'quarterEnd' ? quarterEnd(month) : addMonths(month, ahead)
}

export async function payerIn(
  tx: ReadTx,
  person: Person,
  said: Pick<Payer, 'who' | 'takesClaimed' | 'discreet'>,
): Promise<Payer> {
  return {
    person,
    account: await accountIn(tx, person.personId),
    month: monthOf(tx.now),
    last: await lastPayable(tx, tx.now),
    ...said,
  }
}

/** Throws UserError for who has no branch: he pays nowhere here. */
export async function branchOf(tx: ReadTx, person: Person): Promise<Branch> {
  const own = ownBranchId(person)
  const branch = own && (await tx.get(branches, own))
  if (!branch) throw new UserError(`${person.name}不在任何支部，这里不收党费。`)
  return branch
}

/** Null: what is said may be about one branch or another. */
export function onlyBranchOf({ reach }: CommandContext): string | null {
  const [first, another] = new Set(reach.places.map(({ branchId }) => branchId))
  return !reach.township && first && !another ? first : null
}

/** Dues are paid where the own relation is (2008 rule, art. 9): who only holds a post here pays elsewhere. */
export function refuseElsewhere(ctx: CommandContext, person: Person, { branchId, name }: Branch): void {
  if (reaches(ctx.reach, [{ branchId }])) return
  throw new UserError(`${person.name}的组织关系在${name}，党费在那里缴。`)
}

/** Who takes his dues, found past the speaker's reach: the township's administrators are outside it. */
export async function collectorsIn(tx: ReadTx, payer: Person, branchId: string): Promise<readonly Person[]> {
  const branchPeople = await tx.find(people, 'officers', branchId)
  return collectorsOf(payer, branchId, { branchPeople, admins: await tx.find(people, 'admin', 'yes') })
}

/** '组织委员李秀英' '镇党建办': in whose hands it is. */
export function nameCollectors(collectors: readonly Person[], branchId: string): string {
  const [first] = collectors
  const posts = first ? (membershipIn(first, branchId)?.posts ?? []) : []
  const post = OFFICERS.find(officer => posts.includes(officer))
  return post ? `${namePosts([post])}${collectors.map(({ name }) => name).join('、')}` : '镇党建办'
}

/** Nobody books, confirms or changes his own; the secretary acts where the collector himself pays. Throws UserError. */
export async function refuseNotCollector(tx: ReadTx, speaker: Person, payer: Person, branchId: string): Promise<void> {
  const collectors = await collectorsIn(tx, payer, branchId)
  const isPayer = speaker.personId === payer.personId
  if (!isPayer && (speaker.admin || collectors.some(({ personId }) => personId === speaker.personId))) return
  const fact = isPayer ? '自己的党费不能自己办，' : `${payer.name}的党费`
  throw new UserError(`${fact}要由${nameCollectors(collectors, branchId)}来办。`)
}
