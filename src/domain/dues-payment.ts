import { UserError } from '../errors.ts'
import type { DuesEntry, Person } from '../store/collections.ts'
import { firstMonth, owedIn } from './dues.ts'
import type { Account } from './dues-ledger.ts'
import { spellYuan } from './money.ts'
import { monthsFrom, spellMonths } from './month-words.ts'

/** Which months an amount is for. What can be meant in one way is taken; what can be meant in two is asked. */

export interface Payer {
  person: Person
  account: Account
  /** The month that it is now. */
  month: string
  /** The last month that may be paid now: the quarter's end, or as many months ahead as the township says. */
  last: string
  /** '您' or his name: whom the refusals are about. */
  who: string
  /** A collector takes what the member has claimed himself; a member claims nothing twice. */
  takesClaimed: boolean
  /** The speaker brings it for another: what that one owes or has paid is not said to him. */
  discreet?: boolean
}

export interface PaymentSaid {
  fen: number | null
  months: readonly string[] | null
}

export interface Payment {
  months: DuesEntry['months']
  amountFen: number
  /** Above the standard: voluntary (2008 rule, art. 11). */
  extraFen: number
  /** False: the speaker is asked before it is written. */
  sure: boolean
  /** What to say before asking: why it is not this month. */
  note?: string
}

interface Bill {
  month: string
  fen: number
}

/** Throws UserError with the reason where it cannot be paid so. */
export function paymentFor(payer: Payer, said: PaymentSaid): Payment {
  if (!payer.discreet) return workOut(payer, said)
  try {
    return workOut(payer, said)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(`${payer.who}的党费这样报不了。请向他问清月份和金额再报。`)
  }
}

function workOut(payer: Payer, said: PaymentSaid): Payment {
  if (said.months) return forMonths(payer, said.months, said.fen)
  if (said.fen === null) return forMonths(payer, [monthMeant(payer)], null)
  return forAmount(payer, said.fen)
}

/** What is owed up to the last month that may be paid, oldest first. */
export function openBills(payer: Payer): Bill[] {
  const first = firstMonth(payer.person)
  if (first === null) return []
  return monthsFrom(first, payer.last).flatMap(month => {
    if (payer.account.paid.has(month)) return []
    const { fen } = owedIn(payer.person, month)
    return fen > 0 && whyNot(payer, month) === null ? [{ month, fen }] : []
  })
}

function forMonths(payer: Payer, months: readonly string[], fen: number | null): Payment {
  const sorted = [...new Set(months)].sort()
  refuseMonths(payer, sorted)
  const bills = sorted.map(month => ({ month, fen: owedIn(payer.person, month).fen }))
  return settled(payer, bills, fen ?? sumOf(bills), false)
}

/** Of several months those that are open are named: the line that a reminder gave may be half done since. */
function refuseMonths(payer: Payer, months: readonly string[]): void {
  const reasons = months.map(month => whyNot(payer, month))
  const [reason] = reasons.filter(each => each !== null)
  if (reason === undefined) return
  const open = months.filter((_, at) => reasons[at] === null)
  if (open.length === 0 || payer.discreet) throw new UserError(reason)
  const line = payer.who === '您' ? '已缴' : `收缴 ${payer.who}`
  throw new UserError(`${reason}${spellMonths(open, payer.month)}还没有记，请发：${line} ${open.join(' ')}`)
}

function forAmount(payer: Payer, fen: number): Payment {
  const open = openBills(payer)
  const current = open.find(({ month }) => month === payer.month)
  if (current && fen < 2 * current.fen) return settled(payer, [current], fen, false)
  let taken: Bill[] = []
  for (const bill of open) {
    if (sumOf(taken) + bill.fen > fen) break
    taken = [...taken, bill]
  }
  if (taken.length === 0 && open.length > 0 && !current) throw new UserError(nothingOpen(payer))
  const note = current ? null : whyNot(payer, payer.month)
  const asked = settled(payer, taken.length === 0 ? open.slice(0, 1) : taken, fen, true)
  return note ? { ...asked, note } : asked
}

/** `asked`: the months were worked out, so that the speaker has to say whether they are meant. */
function settled(payer: Payer, bills: readonly Bill[], fen: number, asked: boolean): Payment {
  const last = bills.at(-1)
  if (!last) throw new UserError(nothingOpen(payer))
  const due = sumOf(bills)
  const words = spellMonths(
    bills.map(({ month }) => month),
    payer.month,
  )
  if (fen < due) {
    throw new UserError(`${words}应缴 ${spellYuan(due)} 元，${spellYuan(fen)} 元不够。请按应缴的数再发一次。`)
  }
  const extraFen = fen - due
  const months = bills.map(bill => (bill === last ? { ...bill, fen: bill.fen + extraFen } : bill))
  // 5 typed for 0.5: as much again as is due is more likely a slip than a gift.
  return { months, amountFen: fen, extraFen, sure: !asked && extraFen < due }
}

const sumOf = (bills: readonly Bill[]): number => bills.reduce((sum, { fen }) => sum + fen, 0)

/** This month, where it is open; else the reason, with the months that are. */
function monthMeant(payer: Payer): string {
  const reason = whyNot(payer, payer.month)
  if (reason === null) return payer.month
  const open = openBills(payer).filter(({ month }) => month < payer.month)
  const [first] = open
  if (!first) throw new UserError(reason)
  throw new UserError(
    `${reason}还有${spellMonths(
      open.map(({ month }) => month),
      payer.month,
    )}没缴，请写明月份，如 ${first.month}。`,
  )
}

function nothingOpen(payer: Payer): string {
  return whyNot(payer, payer.month) ?? `${payer.who}没有要缴的月份。`
}

/** Why this month cannot be paid, in a sentence; null: it can. */
export function whyNot(payer: Payer, month: string): string | null {
  const { person, account, last, who } = payer
  // Asked for each month since the first: only what is said is spelled.
  const named = () => spellMonths([month], payer.month)
  const paid = account.paid.get(month)
  if (paid) return `${who === '您' ? '' : who}${named()}已缴（${paid.receiptNo}）。`
  const owed = owedIn(person, month)
  if ('why' in owed) return whyNothing(payer, month, owed)
  if (month > last) return `现在最多缴到${spellMonths([last], payer.month)}，${named()}还不能缴。`
  const claim = account.claimed.get(month)
  if (claim && !payer.takesClaimed)
    return `${who === '您' ? '' : who}${named()}已报（${claim.claimId}），待确认，不用再发。`
  return null
}

function whyNothing(
  { person, who, month: now }: Payer,
  month: string,
  owed: Exclude<ReturnType<typeof owedIn>, { relief: null }>,
): string {
  const named = spellMonths([month], now)
  if (!('why' in owed)) return ''
  if (owed.why === 'waived') return `${who}${named}免缴（${owed.relief.approval}）。`
  if (owed.why === 'not joined') return `${who}${person.joinedOn ?? ''} 入党，${named}还不用缴。`
  if (owed.why === 'before') {
    return `${who}的党费在这里从${spellMonths([firstMonth(person) ?? now], now)}记起，${named}的请看党费证。`
  }
  if (owed.why === 'no standard') return `${who}还没有定党费标准，请先由组织委员定：党费 标准 ${person.name} 金额。`
  return `${who}不在这里缴党费。`
}
