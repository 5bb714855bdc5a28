import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { monthOf, timeOf } from '../clock.ts'
import { paysDues, RELIEF, reliefIn, standardIn } from '../domain/dues.ts'
import type { Account } from '../domain/dues-ledger.ts'
import { spellYuan } from '../domain/money.ts'
import { monthsFrom, spellMonths } from '../domain/month-words.ts'
import { canBeTold } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { type Branch, type Person, people } from '../store/collections.ts'
import { calledIn } from './names.ts'
import { accountIn, refuseNotCollector } from './payer.ts'

/** 减免: for months, by an approval of the committee above (2008 rule, art. 7). The bot keeps it, people decide it. */
export interface ReliefSaid {
  /** 0: waived. */
  fen: number
  from: string
  to: string
  approval: string
}

/** Hardship is looked at again each year. */
const MOST_MONTHS = 12

export async function grantRelief(
  ctx: CommandContext,
  tx: CommandTx,
  { person, branch }: { person: Person; branch: Branch },
  said: ReliefSaid,
): Promise<Answer> {
  await refuseNotCollector(tx.township, ctx.person, person, branch.branchId)
  const called = await calledIn(tx.township, person)
  refuseRelief(person, called, said)
  const account = await accountIn(tx.township, person.personId)
  refuseClaimed(called, account, said)
  const replaced = replacedBy(person, said)
  const by = ctx.person.personId
  const relief = { ...said, by, at: tx.now.toISOString() }
  await tx.put(people, { ...person, duesReliefs: [...(person.duesReliefs ?? []), relief] })
  const after = { fen: said.fen, from: said.from, to: said.to }
  const about = person.personId
  await tx.audit({ by, branchId: branch.branchId, what: 'relieve-dues', about, after, why: said.approval })
  const now = monthOf(ctx.now)
  const months = monthsFrom(said.from, said.to)
  const what = `${spellMonths(months, now)}党费${said.fen === 0 ? '免缴' : `减为每月 ${spellYuan(said.fen)} 元`}`
  if (canBeTold(person)) {
    const text = `您的${what}（${said.approval}）。\n${timeOf(ctx.now)} ${ctx.person.name}登记，有疑问请问${ctx.person.name}。`
    await tx.send({ text }, [person.personId], { about })
  }
  const already = months.filter(month => account.paid.has(month))
  const kept = already.length > 0 ? `其中${spellMonths(already, now)}已缴，不变。` : ''
  const told = canBeTold(person) ? '已告诉本人。' : '没有手机，请当面告知。'
  return { text: `已记：${called}${what}，批准：${said.approval}。${replaced}${kept}${told}\n依据：${RELIEF.cite}` }
}

/** What waits for the collector was said by the amount that was due then. */
function refuseClaimed(called: string, { claimed }: Account, { from, to }: ReliefSaid): void {
  const claim = monthsFrom(from, to)
    .map(month => claimed.get(month))
    .find(each => each !== undefined)
  if (claim) throw new UserError(`${called}有报了还没确认的（${claim.claimId}）。请先发：党费 确认 ${claim.claimId}`)
}

/** The one given last counts: who gives it is told what it takes the place of. */
function replacedBy(person: Person, { from, to }: ReliefSaid): string {
  const before = monthsFrom(from, to)
    .map(month => reliefIn(person, month))
    .find(each => each !== undefined)
  if (!before) return ''
  return `原来登记的${before.fen === 0 ? '免缴' : `每月 ${spellYuan(before.fen)} 元`}（${before.approval}）在这些月份不再算。`
}

function refuseRelief(person: Person, name: string, { fen, from, to }: ReliefSaid): void {
  if (!paysDues(person)) throw new UserError(`${name}不是党员，不缴党费，不用减免。`)
  const months = monthsFrom(from, to)
  if (months.length > MOST_MONTHS) throw new UserError(`减免一次最多 ${MOST_MONTHS} 个月，到期再报批。请改了月份再发。`)
  const standard = standardIn(person, from)
  if (standard === null) throw new UserError(`${name}${from} 还没有标准。请先发：党费 标准 ${name} 金额`)
  if (fen >= standard) {
    throw new UserError(
      `${name}每月应缴 ${spellYuan(standard)} 元，减到 ${spellYuan(fen)} 元不是减少。请核对金额再发。`,
    )
  }
}

/** Recorded for the wrong person, or ended: the last one is taken off, and months that were free are owed again. */
export async function revokeRelief(
  ctx: CommandContext,
  tx: CommandTx,
  { person, branch }: { person: Person; branch: Branch },
  why: string,
): Promise<Answer> {
  const called = await calledIn(tx.township, person)
  await refuseNotCollector(tx.township, ctx.person, person, branch.branchId)
  const last = person.duesReliefs?.at(-1)
  if (!last) throw new UserError(`${called}没有登记过减免。`)
  const by = ctx.person.personId
  const { fen, from, to, approval } = last
  await tx.put(people, { ...person, duesReliefs: person.duesReliefs?.slice(0, -1) })
  const about = person.personId
  await tx.audit({
    by,
    branchId: branch.branchId,
    what: 'revoke-relief',
    about,
    before: { fen, from, to, approval },
    why,
  })
  const months = spellMonths(monthsFrom(from, to), monthOf(ctx.now))
  if (canBeTold(person)) {
    const text = `您${months}的党费减免已撤销。原因：${why}\n${timeOf(ctx.now)} 有疑问请问${ctx.person.name}。`
    await tx.send({ text }, [person.personId], { about })
  }
  return { text: `已撤销${called}${months}的减免（${approval}）。原因：${why}` }
}
