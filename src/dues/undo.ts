import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { addMinutes } from '../clock.ts'
import { canBeTold } from '../domain/roster.ts'
import { branchIdsWithin } from '../meeting/within.ts'
import { type DuesEntry, dues, type Person, people } from '../store/collections.ts'
import { bookOf, write } from './book.ts'
import { collectorsIn } from './payer.ts'
import { monthsOf, yuanOf } from './words.ts'

/** A member takes back that he paid, or that he brought it for another, as long as nobody decided it. */

/** His last one that waits, as young as that. */
export async function lastClaim(
  ctx: CommandContext,
  tx: CommandReadTx,
  minutes: number,
): Promise<DuesEntry | undefined> {
  let last: DuesEntry | undefined
  for (const branchId of await branchIdsWithin(ctx, tx)) {
    for (const claimId of (await bookOf(tx, branchId)).openClaims) {
      const claim = await tx.getBy(dues, 'claim', claimId)
      if (claim && isRecent(ctx, claim, minutes) && (!last || claim.at > last.at)) last = claim
    }
  }
  return last
}

const isRecent = ({ person, now }: CommandContext, { by, at }: DuesEntry, minutes: number): boolean =>
  by === person.personId && addMinutes(new Date(at), minutes) >= now

/** Runs under the branch's lock. */
export async function withdraw(ctx: CommandContext, tx: CommandTx, claim: DuesEntry, minutes: number): Promise<Answer> {
  const { branchId, personId, months, paidBy } = claim
  const claimId = claim.claimId ?? ''
  const isOpen = (await bookOf(tx, branchId)).openClaims.includes(claimId)
  const payer = await tx.township.get(people, personId)
  if (!isOpen || !payer || !isRecent(ctx, claim, minutes)) {
    return { text: `${claimId} 已经办过了，不能再撤回。发“党费”可以看您现在的情况。` }
  }
  const by = ctx.person.personId
  await write(tx, branchId, { kind: 'withdrawn', by, personId, months, paidBy, claimId })
  await tx.audit({ by, branchId, what: 'withdraw-dues', about: claimId, before: { personId, months } })
  await tellCollectors(ctx, tx, claim, payer)
  // Who brought money for another learns no more of it than he said.
  const what =
    personId === by
      ? `${monthsOf(claim, ctx.now)}党费 ${yuanOf(claim)}`
      : `${payer.name}${monthsOf(claim, ctx.now)}党费`
  return {
    text: `已撤回 ${claimId}：${what}，没有记。要重新报请发：${personId === by ? '已缴' : `已缴 替${payer.name}`}`,
  }
}

async function tellCollectors(ctx: CommandContext, tx: CommandTx, claim: DuesEntry, payer: Person): Promise<void> {
  const collectors = await collectorsIn(tx.township, payer, claim.branchId)
  const whose = payer.personId === ctx.person.personId ? '' : `${payer.name}的`
  const text = `${ctx.person.name}撤回了 ${claim.claimId}：${whose}${monthsOf(claim, ctx.now)}党费 ${yuanOf(claim)}，不用再确认。`
  const to = collectors.filter(canBeTold).map(({ personId }) => personId)
  await tx.send({ text }, to, { about: claim.claimId ?? '' })
}
