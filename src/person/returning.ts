import { z } from 'zod'
import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import { dayOf, monthOf } from '../clock.ts'
import { handoversFor } from '../domain/posts.ts'
import { headsOf, hears, isActive, membershipIn, ownBranchId, reaches } from '../domain/roster.ts'
import { asBefore, comeBack, leftOn, moveTo } from '../domain/roster-moves.ts'
import { UnknownIdError, UserError } from '../errors.ts'
import { branchIdsWithin } from '../meeting/within.ts'
import {
  type Branch,
  branches,
  type Former,
  type Membership,
  type Person,
  type Post,
  people,
} from '../store/collections.ts'
import { carryOut } from './carry.ts'
import { doneBy } from './leaving.ts'

/** 返回: who left comes back as the same person; on the day it was entered, the leaving is taken back whole. */

export const returnPlan = z.object({
  personId: z.string(),
  /** Another branch than the one he left; null: that one. */
  toBranchId: z.string().nullable(),
  title: z.string(),
})
export type ReturnPlan = z.infer<typeof returnPlan>

export interface Returner {
  before: Person
  after: Person
  branch: Branch
  /** The leaving was entered today: what it changed is as it was. */
  undone: boolean
  /** Posts that somebody else has taken since. */
  taken: readonly Post[]
}

/** Who left a branch within reach, or was sent on from it. */
export async function leaversWithin(ctx: CommandContext, tx: CommandReadTx): Promise<readonly Person[]> {
  const found = new Map<string, Person>()
  for (const branchId of await branchIdsWithin(ctx, tx)) {
    const gone = (await tx.find(people, 'branch', branchId)).filter(person => person.status === 'transferred')
    const moved = (await tx.find(people, 'left', branchId)).filter(
      person => isActive(person) && ownBranchId(person) !== branchId,
    )
    for (const person of [...gone, ...moved]) found.set(person.personId, person)
  }
  return [...found.values()]
}

export async function returnerNow(
  ctx: CommandContext,
  tx: CommandReadTx,
  { personId, toBranchId }: Pick<ReturnPlan, 'personId' | 'toBranchId'>,
): Promise<Returner> {
  const person = await tx.get(people, personId)
  if (!person) throw new UnknownIdError(personId)
  const last = leftOn(person, at => dayOf(new Date(at)), dayOf(ctx.now))
  // Whoever received him cannot undo what the branch he left has entered: the draft would be that one's.
  const own = await tx.township.get(branches, ownBranchId(person) ?? '')
  // He may have been brought into a third branch since.
  const isWhereItPutHim = person.status === 'transferred' || own?.name === last?.to
  const isMine = last !== undefined && isWhereItPutHim && reaches(ctx.reach, last.memberships.slice(0, 1))
  const back = isMine && toBranchId === null ? await takenBack(tx, person, last) : null
  if (!back) await refuseStaying(ctx, tx, person)
  const home = back?.after ?? comeBack(person, monthOf(ctx.now))
  const after = toBranchId === null || toBranchId === ownBranchId(home) ? home : await placedIn(tx, home, toBranchId)
  const branch = await tx.township.get(branches, ownBranchId(after) ?? '')
  if (!branch) throw new UnknownIdError(personId)
  return { before: person, after, branch, undone: back !== null, taken: back?.taken ?? [] }
}

/** Throws UserError for who is on the roster: of another branch, that one sends him back. */
async function refuseStaying(ctx: CommandContext, tx: CommandReadTx, person: Person): Promise<void> {
  const { name, status } = person
  if (status === 'transferred') return
  if (!isActive(person)) throw new UserError(`${name}登记的不是转出，这里不能改。请在名册里改状态。`)
  const own = await tx.township.get(branches, ownBranchId(person) ?? '')
  const left = person.formerly?.at(-1)?.memberships[0]
  const isHere = reaches({ ...ctx.reach, township: false }, [{ branchId: own?.branchId ?? '' }])
  if (isHere || !left || left.branchId === own?.branchId) throw new UserError(`${name}在册，没有转出，不用返回。`)
  throw new UserError(`${name}现在在${own?.name ?? '别的支部'}。要转回来请那里的书记发：党员 转出 ${name} 支部名`)
}

/** Posts that can be held by one, and are held by another by now, he does not get back. */
async function takenBack(
  tx: CommandReadTx,
  person: Person,
  last: Former,
): Promise<{ after: Person; taken: readonly Post[] }> {
  const taken = new Set<Post>()
  const memberships: Membership[] = []
  for (const membership of last.memberships) {
    const branchPeople = await tx.township.find(people, 'branch', membership.branchId)
    const others = handoversFor(person.personId, membership, branchPeople).flatMap(({ posts }) => posts)
    for (const post of others) taken.add(post)
    memberships.push({ ...membership, posts: membership.posts.filter(post => !others.includes(post)) })
  }
  return { after: asBefore(person, { ...last, memberships }), taken: [...taken] }
}

/** Straight into another branch: in the one he had left he was not again, and nothing of today can be taken back to it. */
async function placedIn(tx: CommandReadTx, person: Person, branchId: string): Promise<Person> {
  const to = (await tx.township.get(branches, branchId))?.name ?? ''
  const moved = moveTo(person, branchId, { day: dayOf(tx.now), to, at: tx.now.toISOString() })
  return { ...moved, formerly: person.formerly ?? moved.formerly }
}

export async function carryReturn(ctx: CommandContext, tx: CommandTx, plan: ReturnPlan): Promise<Returner> {
  const returner = await returnerNow(ctx, tx, plan)
  const { before, after, branch, undone } = returner
  await carryOut(ctx, tx, [{ before, after, what: undone ? 'undo-leaving' : 'return-person' }])
  const sides = new Set([...before.memberships, ...after.memberships].map(({ branchId }) => branchId))
  const told = new Set<string>()
  for (const branchId of sides) {
    for (const head of headsOf(await tx.township.find(people, 'branch', branchId), branchId)) told.add(head.personId)
  }
  told.delete(ctx.person.personId)
  told.delete(after.personId)
  const what = `${undone ? '的转出已撤回，仍在' : '已返回'}${branch.name}。${doneBy(ctx)}`
  const about = after.personId
  await tx.send({ text: `${after.name}${what}` }, [...told], { about })
  if (hears(after)) await tx.send({ text: `您${what}` }, [after.personId], { about })
  return returner
}

/** What he has there from now on. */
export const postsBack = ({ after, branch }: Returner): readonly Post[] =>
  membershipIn(after, branch.branchId)?.posts ?? []
