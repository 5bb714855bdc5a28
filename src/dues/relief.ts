import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { monthOf, timeOf } from '../clock.ts'
import { RELIEF, standardIn } from '../domain/dues.ts'
import { spellYuan } from '../domain/money.ts'
import { monthsFrom, spellMonths } from '../domain/month-words.ts'
import { canBeTold } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { type Branch, type Person, people } from '../store/collections.ts'
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
  refuseRelief(person, said)
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
    const text = `您的${what}（${said.approval}）。\n${timeOf(ctx.now)} ${ctx.person.name}登记，有疑问请问他。`
    await tx.send({ text }, [person.personId], { about })
  }
  const { paid } = await accountIn(tx.township, person.personId)
  const already = months.filter(month => paid.has(month))
  const kept = already.length > 0 ? `其中${spellMonths(already, now)}已缴，不变。` : ''
  const told = canBeTold(person) ? '已告诉他。' : '他没有手机，请当面告知。'
  return { text: `已记：${person.name}${what}，批准：${said.approval}。${kept}${told}\n依据：${RELIEF.cite}` }
}

function refuseRelief(person: Person, { fen, from, to }: ReliefSaid): void {
  const { name } = person
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
