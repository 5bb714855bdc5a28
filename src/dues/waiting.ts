import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { standardsOf } from '../domain/dues.ts'
import { collectorsOf } from '../domain/dues-collectors.ts'
import { people } from '../store/collections.ts'
import { claimsFor } from './decide.ts'
import { calledIn } from './names.ts'
import { payersOf } from './said.ts'
import { monthsOf, yuanOf } from './words.ts'

/** What of the dues waits for one person: what 待办 tells him. */

/** More would push everything else off a list of twelve lines: 确认 without a number names them. */
const MOST_CLAIMS = 5

/** '王五 党费 11月 0.50 元待确认：党费 确认 c-12' */
export async function claimLines(ctx: CommandContext, tx: CommandReadTx): Promise<string[]> {
  const claims = await claimsFor(ctx, tx)
  const shown = claims.length > MOST_CLAIMS ? claims.slice(0, MOST_CLAIMS - 1) : claims
  const lines: string[] = []
  for (const claim of shown) {
    const payer = await tx.township.get(people, claim.personId)
    const what = `${payer ? await calledIn(tx.township, payer) : ''} 党费 ${monthsOf(claim, ctx.now)} ${yuanOf(claim)}`
    lines.push(`${what}待确认：党费 确认 ${claim.claimId}`)
  }
  const left = claims.length - shown.length
  return left > 0 ? [...lines, `还有 ${left} 笔党费待确认：党费 确认`] : lines
}

/** For who takes their dues alone: without a standard nobody can pay. */
export async function unsetLine(ctx: CommandContext, tx: CommandReadTx, branchId: string): Promise<string[]> {
  const without = (await payersOf(tx, branchId)).filter(person => standardsOf(person).length === 0)
  if (without.length === 0) return []
  const branchPeople = await tx.township.find(people, 'branch', branchId)
  const admins = await tx.township.find(people, 'admin', 'yes')
  const his = without.filter(payer =>
    collectorsOf(payer, branchId, { branchPeople, admins }).some(({ personId }) => personId === ctx.person.personId),
  )
  return his.length > 0 ? [`${his.length} 人没有定党费标准：党费 名单`] : []
}
