import type { CommandTx } from '../bot/command.ts'
import { canBeTold } from '../domain/roster.ts'
import { type Branch, type DuesEntry, type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { writeReceipt } from './book.ts'
import { monthsOf, receiptText, yuanOf } from './words.ts'

/** Taking money: the line with its receipt number, and the receipt that the member gets at once. */
export interface Taking {
  kind: 'confirmed' | 'collected'
  payer: Person
  months: DuesEntry['months']
  claimId: string | null
  paidBy: string | null
}

export async function take(tx: CommandTx, branch: Branch, collector: Person, taking: Taking): Promise<DuesEntry> {
  const { payer, ...said } = taking
  const entry = await writeReceipt(tx, branch, { ...said, by: collector.personId, personId: payer.personId })
  const broughtBy = await personNamed(tx.township, entry.paidBy)
  const names = { payer, branch, collector: collector.name, broughtBy: broughtBy?.name ?? null }
  const about = entry.receiptNo ?? ''
  if (canBeTold(payer)) await tx.send({ text: receiptText(entry, names) }, [payer.personId], { about })
  await tellBringer(tx, entry, payer, broughtBy)
  return entry
}

/** Without the amount: it is the other's. */
async function tellBringer(tx: CommandTx, entry: DuesEntry, payer: Person, bringer: Person | undefined): Promise<void> {
  if (!bringer || !canBeTold(bringer)) return
  const next = canBeTold(payer) ? '收据已发给本人。' : '本人没有手机，请把收据号带到。'
  const text = `您替${payer.name}交的${monthsOf(entry, tx.now)}党费已确认，收据号 ${entry.receiptNo}。${next}`
  await tx.send({ text }, [bringer.personId], { about: entry.receiptNo ?? '' })
}

const personNamed = async (tx: ReadTx, personId: string | null): Promise<Person | undefined> =>
  personId === null ? undefined : tx.get(people, personId)

/** '收据号 D2026-3-0007：张三 11月 0.50 元' */
export const bookedLine = (entry: DuesEntry, name: string, now: Date): string =>
  `收据号 ${entry.receiptNo}：${name} ${monthsOf(entry, now)} ${yuanOf(entry)}`
