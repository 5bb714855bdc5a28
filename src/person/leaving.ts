import { z } from 'zod'
import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import { timeOf } from '../clock.ts'
import { paysDues } from '../domain/dues.ts'
import { headsOf, hears } from '../domain/roster.ts'
import { leave, moveTo } from '../domain/roster-moves.ts'
import { UserError } from '../errors.ts'
import { type Person, people } from '../store/collections.ts'
import { carryOut, dropDrafts } from './carry.ts'
import { described, type Member, memberNow } from './member.ts'

/** 转出: out of the township, or to another of its branches. */

export const leavingPlan = z.object({
  personId: z.string(),
  /** In words, as it will be kept. */
  to: z.string(),
  /** A branch of the township; null: out of it. */
  toBranchId: z.string().nullable(),
  day: z.string(),
  title: z.string(),
})
export type LeavingPlan = z.infer<typeof leavingPlan>

/** Throws UserError for a day, or a branch, that cannot be. Nobody sends himself on: he could not take it back. */
export function refuseWrong(
  { person: speaker }: CommandContext,
  { person, branch }: Member,
  { toBranchId, day }: LeavingPlan,
): void {
  if (speaker.personId === person.personId) throw new UserError('自己的转出要由别的委员或镇党建办来办。')
  if (toBranchId === branch.branchId) throw new UserError(`${person.name}就在${branch.name}，不用转。`)
  if (person.joinedOn && day < person.joinedOn) {
    throw new UserError(`${day} 早于入党日期 ${person.joinedOn}。请核对日期后再发。`)
  }
  const last = person.formerly?.at(-1)
  if (last && day < last.until) {
    throw new UserError(`${day} 早于${person.name}上一次转接的 ${last.until}。请核对日期后再发。`)
  }
}

const leavingOf = (tx: CommandReadTx, { day, to }: LeavingPlan) => ({ day, to, at: tx.now.toISOString() })

export const afterLeaving = (tx: CommandReadTx, person: Person, plan: LeavingPlan): Person =>
  plan.toBranchId === null ? leave(person, leavingOf(tx, plan)) : moveTo(person, plan.toBranchId, leavingOf(tx, plan))

export async function carryLeaving(ctx: CommandContext, tx: CommandTx, plan: LeavingPlan): Promise<void> {
  const leaver = await memberNow(ctx, tx, plan.personId)
  refuseWrong(ctx, leaver, plan)
  const { person } = leaver
  const what = plan.toBranchId === null ? 'transfer-out' : 'move-branch'
  await carryOut(ctx, tx, [
    { before: person, after: afterLeaving(tx, person, plan), what, why: `${plan.day} ${plan.to}` },
  ])
  if (plan.toBranchId === null) await dropDrafts(ctx, tx, person.personId)
  await tellHeads(ctx, tx, leaver, plan)
  if (plan.toBranchId !== null && hears(person)) {
    const text = `您的组织关系转到${plan.to}了，${doneBy(ctx)}，有疑问请问他。看那里的会议请发：会议`
    await tx.send({ text }, [person.personId], { about: person.personId })
  }
}

/** With its minute: WeCom drops a second message that is the same. */
export const doneBy = (ctx: CommandContext): string => `${timeOf(ctx.now)} 由${ctx.person.name}办`

/** The secretary of each side hears of what another officer, or the other branch, has done. */
async function tellHeads(
  ctx: CommandContext,
  tx: CommandTx,
  { person, branch }: Member,
  plan: LeavingPlan,
): Promise<void> {
  const { toBranchId, to, day } = plan
  const isOther = ({ personId }: Person) => ![ctx.person.personId, person.personId].includes(personId)
  const told = `${described(person, branch)} ${day} 转到${to}。${doneBy(ctx)}`
  const here = headsOf(await tx.township.find(people, 'branch', branch.branchId), branch.branchId).filter(isOther)
  const ids = (some: readonly Person[]) => some.map(({ personId }) => personId)
  await tx.send({ text: `${told}，不对请当天发：党员 返回 ${person.name}` }, ids(here), { about: person.personId })
  if (toBranchId === null) return
  const there = headsOf(await tx.township.find(people, 'branch', toBranchId), toBranchId).filter(isOther)
  // What he held there is no more.
  const came = `${described(afterLeaving(tx, person, plan), { branchId: toBranchId })} ${day} 从${branch.name}转来。${doneBy(ctx)}`
  const dues = paysDues(person) ? `，党费从 ${day.slice(0, 7)} 起在这里缴` : ''
  const next = `${dues}，党小组请在名册里填`
  await tx.send({ text: `${came}${next}。` }, ids(there), { about: person.personId })
}
