import type { CommandContext, CommandReadTx, CommandTx, Published } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { monthOf } from '../clock.ts'
import { MAKING_UP, standardIn } from '../domain/dues.ts'
import { openBills, type Payer, type Payment, paymentFor } from '../domain/dues-payment.ts'
import { spellYuan } from '../domain/money.ts'
import { addMonths, spellMonths } from '../domain/month-words.ts'
import { canBeTold, ownBranchId } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { previewOfChange } from '../meeting/change.ts'
import { type Branch, branches, type DuesEntry, type Person, people } from '../store/collections.ts'
import { calledIn } from './names.ts'
import { payerIn, refuseNotCollector } from './payer.ts'
import { bookedLine, take } from './receipt.ts'
import { extraWords, monthsOf, timingOf } from './words.ts'

/** 收缴: the collector has the money in his hand. One person is booked at once, several after a preview that names them. */

/** What was said of one person. */
export interface ToCollect {
  personId: string
  fen: number | null
  months: readonly string[] | null
}

/** What is as much again as is due is asked about; the answer says so. */
export const VOLUNTARY = '自愿'

export async function collectOne(
  ctx: CommandContext,
  tx: CommandTx,
  branch: Branch,
  said: ToCollect & { isVoluntary: boolean },
): Promise<Answer> {
  const payer = await payerOf(ctx, tx, branch, said.personId)
  const payment = paymentFor(payer, said)
  if (!payment.sure && !said.isVoluntary) return ask(ctx, payer, payment)
  const entry = await book(ctx, tx, branch, payer, payment.months)
  const notes = [
    extraWords(payment.extraFen),
    timingOf(entry),
    lateWords(entry, ctx.now),
    stillOpen(payer, payment),
    mouthWords(payer.person),
  ]
  const text = [bookedLine(entry, payer.who, ctx.now), ...notes].filter(note => note !== '').join('\n')
  return { text }
}

async function payerOf(ctx: CommandContext, tx: CommandReadTx, branch: Branch, personId: string): Promise<Payer> {
  const person = await tx.get(people, personId)
  if (!person) throw new UserError('没有这个人。请按名册上的姓名再发一次。')
  // He may have gone to another branch since the line was read, or since the preview.
  if (ownBranchId(person) !== branch.branchId) throw new UserError(`${person.name}的党费不在${branch.name}缴。`)
  await refuseNotCollector(tx.township, ctx.person, person, branch.branchId)
  return payerIn(tx.township, person, { who: await calledIn(tx.township, person), takesClaimed: true })
}

async function book(
  ctx: CommandContext,
  tx: CommandTx,
  branch: Branch,
  payer: Payer,
  months: DuesEntry['months'],
): Promise<DuesEntry> {
  const claim = claimSettled(payer, months, branch.branchId)
  const { claimId = null, paidBy = null } = claim ?? {}
  const entry = await take(tx, branch, ctx.person, { kind: 'collected', payer: payer.person, months, claimId, paidBy })
  const { personId } = payer.person
  const { receiptNo } = entry
  const by = ctx.person.personId
  const after = { personId, months }
  await tx.audit({ by, branchId: branch.branchId, what: 'collect-dues', about: receiptNo ?? '', after })
  return entry
}

/**
 * What the member had claimed himself is settled with it, in this branch: another's ledger is under another lock. Throws
 * UserError where he claimed more, or otherwise.
 */
function claimSettled({ who, account }: Payer, months: DuesEntry['months'], branchId: string): DuesEntry | undefined {
  const booked = new Set(months.map(({ month }) => month))
  const here = account.open.filter(claim => claim.branchId === branchId)
  const claims = here.filter(claim => claim.months.some(({ month }) => booked.has(month)))
  const [claim, another] = claims
  if (!claim) return undefined
  if (!another && claim.months.every(({ month }) => booked.has(month))) return claim
  const ids = claims.map(({ claimId }) => claimId).join('、')
  throw new UserError(`${who}的 ${ids} 还待确认，月份不一样。请先发：党费 确认 ${claim.claimId}`)
}

function ask(ctx: CommandContext, { person, who, month }: Payer, { months, amountFen, extraFen }: Payment): Answer {
  const names = months.map(({ month }) => month)
  const extra = extraFen > 0 ? `，${extraWords(extraFen)}` : ''
  const words = spellMonths(names, monthOf(ctx.now))
  const amount = `/收缴 ${person.personId} ${spellYuan(amountFen)}`
  const line = `${amount} ${names.join(' ')}${extraFen > 0 ? ` ${VOLUNTARY}` : ''}`
  const standard = spellYuan(standardIn(person, month) ?? 0)
  const fact = `${who}每月 ${standard} 元，${spellYuan(amountFen)} 元：${words}${extra}？`
  const text = `${fact}\n还没有记。是请回 1，不是请回月份，金额打错了请发：收缴 ${who} 金额`
  return { text, digits: [line], awaits: amount }
}

/** While he stands there: what else he owes up to this month. */
function stillOpen(payer: Payer, { months }: Payment): string {
  const booked = new Set(months.map(({ month }) => month))
  const open = openBills(payer).flatMap(({ month }) => (month <= payer.month && !booked.has(month) ? [month] : []))
  return open.length > 0 ? `还有${spellMonths(open, payer.month)}没缴` : ''
}

/** 第十二条 says 一般: the collector is told, not stopped. */
function lateWords({ months, at }: DuesEntry, now: Date): string {
  const limit = addMonths(monthOf(new Date(at)), -6)
  const late = months.filter(({ month }) => month < limit).map(({ month }) => month)
  if (late.length === 0) return ''
  return `${spellMonths(late, monthOf(now))}已过 6 个月，请核实原因（${MAKING_UP.says}）`
}

const mouthWords = (person: Person): string => (canBeTold(person) ? '' : '没有手机，请当面告知收据号。')

/** Plain JSON: what the draft keeps. */
export interface Planned {
  personId: string
  months: DuesEntry['months']
}

export async function proposeMany(
  ctx: CommandContext,
  tx: CommandTx,
  branch: Branch,
  said: readonly ToCollect[],
): Promise<Answer> {
  const { branchId } = branch
  const { planned, lines, refused } = await plan(ctx, tx, branch, said)
  if (planned.length === 0) throw new UserError(`没有能收的：${refused.join('')}请核对后再发。`)
  const total = planned.reduce((sum, { months }) => sum + months.reduce((each, { fen }) => each + fen, 0), 0)
  const content = { branchId, planned }
  const draftId = await tx.draft({ command: 'collect', branchId, by: ctx.person.personId, content })
  return previewOfChange(draftId, [
    `${branch.name}收缴党费 ${planned.length} 人，共 ${spellYuan(total)} 元`,
    ...lines,
    ...(refused.length > 0 ? ['不收：', ...refused] : []),
  ])
}

async function plan(ctx: CommandContext, tx: CommandTx, branch: Branch, said: readonly ToCollect[]) {
  const planned: Planned[] = []
  const lines: string[] = []
  const refused: string[] = []
  for (const each of said) {
    try {
      const payer = await payerOf(ctx, tx, branch, each.personId)
      const payment = paymentFor(payer, each)
      if (!payment.sure) throw unsure(payer, payment)
      claimSettled(payer, payment.months, branch.branchId)
      planned.push({ personId: each.personId, months: payment.months })
      const notes = extraWords(payment.extraFen)
      lines.push(
        `${payer.who} ${monthsOf(payment, ctx.now)} ${spellYuan(payment.amountFen)} 元${notes && `，${notes}`}`,
      )
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      refused.push(error.message)
    }
  }
  return { planned, lines, refused }
}

/** A list is not read closely enough for what has to be asked. */
const unsure = ({ who, person, month }: Payer, { amountFen }: Payment): UserError =>
  new UserError(
    `${who}每月 ${spellYuan(standardIn(person, month) ?? 0)} 元，${spellYuan(amountFen)} 元请核对后单独收：收缴 ${who}。`,
  )

/** Whoever was booked since the preview is left out, and named. */
export async function collectMany(
  ctx: CommandContext,
  tx: CommandTx,
  branchId: string,
  planned: readonly Planned[],
): Promise<Published> {
  const branch = await tx.township.get(branches, branchId)
  if (!branch) throw new Error('a draft of dues names no branch')
  const booked: string[] = []
  const receipts: string[] = []
  const refused: string[] = []
  for (const { personId, months } of planned) {
    try {
      const payer = await payerOf(ctx, tx, branch, personId)
      const fen = months.reduce((sum, each) => sum + each.fen, 0)
      const payment = paymentFor(payer, { fen, months: months.map(({ month }) => month) })
      // What he owes went down since the preview: what is above it now was never said to be voluntary.
      if (!payment.sure) throw unsure(payer, payment)
      const entry = await book(ctx, tx, branch, payer, payment.months)
      booked.push(`${bookedLine(entry, payer.who, ctx.now)}${canBeTold(payer.person) ? '' : '（无手机）'}`)
      receipts.push(entry.receiptNo ?? '')
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      refused.push(error.message)
    }
  }
  if (booked.length === 0) throw new UserError(`都没有记：${refused.join('')}`, { outcome: '没有记' })
  const text = [`已收 ${booked.length} 人：`, ...booked, ...(refused.length > 0 ? ['没有记：', ...refused] : [])]
  const became = receipts.length > 1 ? `${receipts[0]} 到 ${receipts.at(-1)}` : (receipts[0] ?? '')
  return { answer: { text: text.join('\n'), outcome: `已收 ${booked.length} 人` }, became }
}
