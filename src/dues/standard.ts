import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { dayOf, monthOf, timeOf } from '../clock.ts'
import { paysDues, standardIn, withStandard } from '../domain/dues.ts'
import type { Account } from '../domain/dues-ledger.ts'
import { assess } from '../domain/dues-rates.ts'
import { spellYuan } from '../domain/money.ts'
import { addMonths, spellMonths } from '../domain/month-words.ts'
import { canBeTold } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { type Branch, type DuesCategory, type Person, people } from '../store/collections.ts'
import { calledIn } from './names.ts'
import { accountIn, refuseNotCollector } from './payer.ts'

/** 标准: what a member pays a month, from a month on. The months before keep theirs. */
export interface StandardSaid {
  fen: number
  /** null: from this month on. */
  from: string | null
  /** The branch's decision on who he is; null: as it was. */
  category: DuesCategory | null
}

/** Assessed at the start of a year (2017 notice (1)): further ahead is a slip. */
const MOST_AHEAD = 12
/** Further back is a slip of the year too, and each month of it would be owed. */
const MOST_BACK = 24

export async function setStandard(
  ctx: CommandContext,
  tx: CommandTx,
  { person, branch }: { person: Person; branch: Branch },
  said: StandardSaid,
): Promise<Answer> {
  const called = await calledIn(tx.township, person)
  if (!paysDues(person)) throw new UserError(`${called}不是党员，不缴党费，不用定标准。`)
  await refuseNotCollector(tx.township, ctx.person, person, branch.branchId)
  const now = monthOf(ctx.now)
  const from = said.from ?? now
  const category = said.category ?? person.duesCategory
  refuseMonth(person, from, now)
  refuseAmount(category, said.fen, dayOf(ctx.now))
  refusePaid(called, await accountIn(tx.township, person.personId), from, now)
  const before = standardIn(person, from)
  const by = ctx.person.personId
  const after = withStandard(person, { from, fen: said.fen, by, at: tx.now.toISOString() })
  await tx.put(people, { ...after, duesCategory: category })
  await tx.audit({
    by,
    branchId: branch.branchId,
    what: 'set-dues-standard',
    about: person.personId,
    before: { fen: before, category: person.duesCategory },
    after: { fen: said.fen, from, category },
  })
  const what = `${spellMonths([from], now)}起每月 ${spellYuan(said.fen)} 元`
  if (canBeTold(person)) {
    const text = `您的党费标准：${what}${category ? `（${category}）` : ''}。\n${timeOf(ctx.now)} ${ctx.person.name}定，有疑问请问${ctx.person.name}。`
    await tx.send({ text }, [person.personId], { about: person.personId })
  }
  const was = before === null ? '' : `，原来 ${spellYuan(before)} 元`
  const told = canBeTold(person) ? '已告诉本人。' : '没有手机，请当面告知。'
  return { text: `已定：${called}${what}${was}。${told}` }
}

function refuseMonth({ name, joinedOn, relationFrom }: Person, from: string, now: string): void {
  if (joinedOn && from < joinedOn.slice(0, 7)) {
    throw new UserError(`${name}${joinedOn} 入党，标准请从 ${joinedOn.slice(0, 7)} 或以后起。`)
  }
  if (relationFrom && from < relationFrom) {
    throw new UserError(`${name}的组织关系 ${relationFrom} 才转来，标准请从那时或以后起。`)
  }
  const least = addMonths(now, -MOST_BACK)
  if (from < least) throw new UserError(`标准最早可以从 ${least} 起，“${from}”太早。请改了再发。`)
  const most = addMonths(now, MOST_AHEAD)
  if (from > most) throw new UserError(`标准最远可以从 ${most} 起，“${from}”太远。请改了再发。`)
}

/** Throws UserError where the rules give a member of that kind another amount. */
function refuseAmount(category: DuesCategory | null, fen: number, day: string): void {
  if (category !== '农民' && category !== '学生' && category !== '困难') return
  const assessed = assess(category, null, day, { farmerMonthlyDuesFen: fen })
  if ('refused' in assessed)
    throw new UserError(`${category}每月 0.20 到 1.00 元，${spellYuan(fen)} 元不在里面。请核对后再发。`)
  if (assessed.fen === fen) return
  throw new UserError(
    `${category}每月 ${spellYuan(assessed.fen)} 元（${assessed.article}）。自愿多交的，收的时候写多交的数就行。`,
  )
}

/** What was paid was paid by the standard that was there. */
function refusePaid(name: string, { paid, claimed }: Account, from: string, now: string): void {
  const taken = [...paid.keys(), ...claimed.keys()].filter(month => month >= from).sort()
  const last = taken.at(-1)
  if (last === undefined) return
  throw new UserError(
    `${name}${spellMonths(taken, now)}已经缴过或报过，不能再改标准。这样发：党费 标准 ${name} 金额 从 ${addMonths(last, 1)}`,
  )
}
