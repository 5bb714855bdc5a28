import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { monthOf } from '../clock.ts'
import { firstMonth, owedIn, paysDues, reliefIn, standardIn, standardsOf } from '../domain/dues.ts'
import type { Paid } from '../domain/dues-ledger.ts'
import type { Payer } from '../domain/dues-payment.ts'
import { spellYuan } from '../domain/money.ts'
import { monthsFrom, spellMonths } from '../domain/month-words.ts'
import { ownBranchId } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { type Branch, branches, type Person } from '../store/collections.ts'
import { branchOf, collectorsIn, nameCollectors, payerIn } from './payer.ts'

/** What a member sees of his own dues, and nobody of another's by this way. */

/** The months of a year up to now, sorted by what is so of them; months ahead only where they are paid or claimed. */
export interface YearOfDues {
  paid: string[]
  claimed: string[]
  waived: string[]
  unpaid: string[]
  paidFen: number
  owedFen: number
}

export function yearOfDues(person: Person, account: Payer['account'], year: string, now: string): YearOfDues {
  const sorted: YearOfDues = { paid: [], claimed: [], waived: [], unpaid: [], paidFen: 0, owedFen: 0 }
  for (const month of monthsFrom(`${year}-01`, `${year}-12`)) {
    const owed = owedIn(person, month)
    const paid = account.paid.get(month)
    if (paid) {
      sorted.paid.push(month)
      sorted.paidFen += paid.fen
    } else if (account.claimed.has(month)) sorted.claimed.push(month)
    else if ('why' in owed && owed.why === 'waived') sorted.waived.push(month)
    else if (owed.fen > 0 && month <= now) {
      sorted.unpaid.push(month)
      sorted.owedFen += owed.fen
    }
  }
  return sorted
}

/** '已缴：1-9月' and so on, a line for each that has months. */
export function yearLines(year: YearOfDues, now: string): string[] {
  const line = (label: string, months: readonly string[]) =>
    months.length > 0 ? [`${label}：${spellMonths(months, now)}`] : []
  return [
    ...line('已缴', year.paid),
    ...line('待确认', year.claimed),
    ...line('免缴', year.waived),
    ...line('未缴', year.unpaid),
  ]
}

/** '今年党费：已缴 1-9月 4.50 元，未缴 10、11月': one line of all that is a person's. Null: he pays none. */
export function yearInALine(person: Person, account: Payer['account'], month: string): string | null {
  if (!paysDues(person)) return null
  if (standardsOf(person).length === 0) return '今年党费：还没有定标准'
  const year = yearOfDues(person, account, month.slice(0, 4), month)
  const part = (label: string, months: readonly string[], sum = '') =>
    months.length > 0 ? [`${label} ${spellMonths(months, month)}${sum}`] : []
  const parts = [
    ...part('已缴', year.paid, ` ${spellYuan(year.paidFen)} 元`),
    ...part('待确认', year.claimed),
    ...part('免缴', year.waived),
    ...part('未缴', year.unpaid),
  ]
  return `今年党费：${parts.length > 0 ? parts.join('，') : '还没有要缴的月份'}`
}

/** '每月应缴 0.50 元（农民）', with what reduces it this month. */
export function standardLine(person: Person, month: string): string | null {
  const standard = standardIn(person, month)
  if (standard === null) return null
  const relief = reliefIn(person, month)
  const until = relief ? spellMonths([relief.to], month) : ''
  if (relief?.fen === 0) return `应缴 0.00 元，免缴到${until}（${relief.approval}）`
  const { fen } = owedIn(person, month)
  const category = person.duesCategory ? `（${person.duesCategory}）` : ''
  const reduced = relief ? `，减到${until}（${relief.approval}）` : ''
  return `每月应缴 ${spellYuan(fen > 0 ? fen : standard)} 元${category}${reduced}`
}

export async function myDues(ctx: CommandContext, tx: CommandReadTx, month: string | null): Promise<string> {
  const { person } = ctx
  const branch = await branchOf(tx.township, person)
  const payer = await payerIn(tx.township, person, { who: '您', takesClaimed: false })
  const collectors = await collectorsIn(tx.township, person, branch.branchId)
  const collector = nameCollectors(collectors, branch.branchId)
  if (month !== null) return monthText(payer, month, branch)
  return yearText(payer, collector, await confirmersOf(tx, payer))
}

/** A claim is confirmed where it was made: who has moved since is told of which branch that is. */
async function confirmersOf({ township }: CommandReadTx, { person, account }: Payer): Promise<string> {
  const own = ownBranchId(person)
  const names: string[] = []
  for (const branchId of new Set(account.open.map(claim => claim.branchId))) {
    const name = nameCollectors(await collectorsIn(township, person, branchId), branchId)
    const place = branchId === own ? '' : ((await township.get(branches, branchId))?.name ?? '')
    names.push(`${place}${name}`)
  }
  return names.join('、')
}

function yearText(payer: Payer, collector: string, confirmers: string): string {
  const { person, account, month } = payer
  const standard = standardLine(person, month)
  if (standard === null) throw new UserError(`您还没有定党费标准。请找${collector}定标准。`)
  const year = yearOfDues(person, account, month.slice(0, 4), month)
  const open = openMonths(person, account, month)
  const earlier = open.months.filter(each => each < `${month.slice(0, 4)}-01`)
  const older = earlier.length > 0 ? [`以前未缴：${spellMonths(earlier, month)}`] : []
  const waiting = [...account.claimed.keys()].filter(each => each < `${month.slice(0, 4)}-01`).sort()
  const olderWaiting = waiting.length > 0 ? [`以前待确认：${spellMonths(waiting, month)}`] : []
  const sum = open.months.length > 0 ? [`未缴一共 ${spellYuan(open.fen)} 元`] : []
  const isThisMonth = open.months.join() === month
  // 已缴 alone means this month.
  const which = isThisMonth ? '' : ` ${spellMonths(open.months, month)}`
  const next =
    open.months.length > 0
      ? `把钱交给${collector}，再发：已缴${which}\n机器人不收钱。`
      : account.claimed.size > 0
        ? `${confirmers}确认后会发收据给您。`
        : '不用再缴，谢谢。'
  return [standard, ...yearLines(year, month), ...older, ...olderWaiting, ...sum, next].join('\n')
}

export interface OpenMonths {
  /** Owed up to this month, and neither paid nor claimed nor waived; oldest first. */
  months: readonly string[]
  fen: number
}

export function openMonths(person: Person, account: Payer['account'], month: string): OpenMonths {
  const first = firstMonth(person)
  const months = (first === null ? [] : monthsFrom(first, month)).filter(
    each => owedIn(person, each).fen > 0 && !account.paid.has(each) && !account.claimed.has(each),
  )
  return { months, fen: months.reduce((sum, each) => sum + owedIn(person, each).fen, 0) }
}

function monthText({ person, account, month: now }: Payer, month: string, branch: Branch): string {
  const named = spellMonths([month], now)
  const paid = account.paid.get(month)
  if (paid) return `${named}已缴 ${spellYuan(paid.fen)} 元（${paid.receiptNo}），${collectedAt(paid, now)}`
  const claim = account.claimed.get(month)
  if (claim) return `${named}您已报（${claim.claimId}），待确认。`
  const owed = owedIn(person, month)
  if (!('why' in owed)) return `${named}应缴 ${spellYuan(owed.fen)} 元，未缴。缴了请发：已缴 ${month}`
  if (owed.why === 'waived') return `${named}免缴（${owed.relief.approval}）。`
  return `${named}在${branch.name}没有应缴的党费。`
}

const collectedAt = ({ entry }: Paid, now: string): string => {
  const month = monthOf(new Date(entry.at))
  return `${spellMonths([month], now)}收。`
}
