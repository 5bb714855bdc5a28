import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { standingReceipts } from '../domain/dues-ledger.ts'
import { canBeTold, ownBranchId } from '../domain/roster.ts'
import { UnknownIdError, UserError } from '../errors.ts'
import { type DuesEntry, dues, type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { write } from './book.ts'
import { calledIn } from './names.ts'
import { refuseNotCollector } from './payer.ts'
import { monthsOf, yuanOf } from './words.ts'

/** 冲销: a receipt is taken back by a second line, never erased. */

const RECEIPT = /^d?(\d{4})-(\d{1,4})-(\d{1,6})$/i

/** 'D2026-3-0007' from 'd2026-3-7' '２０２６-3-0007'; null: it is no receipt number. */
export function receiptNumber(said: string): string | null {
  const [, year, branch, number = ''] = RECEIPT.exec(said.normalize('NFKC').trim()) ?? []
  return year ? `D${year}-${Number(branch)}-${String(Number(number)).padStart(4, '0')}` : null
}

/** The line that gave the receipt. Throws UserError where there is none that the speaker may see. */
export async function receiptById(tx: ReadTx, receiptNo: string): Promise<DuesEntry> {
  const entry = await tx.getBy(dues, 'receipt', receiptNo)
  if (!entry) throw new UnknownIdError(receiptNo)
  return entry
}

/** Of a person's receipts that stand, the last three, newest first: the collector chooses. */
export async function askWhichReceipt(
  ctx: CommandContext,
  tx: CommandReadTx,
  person: Person,
  why: string,
): Promise<Answer> {
  await refuseNotCollector(tx.township, ctx.person, person, ownBranchId(person) ?? '')
  const standing = standingReceipts(await tx.find(dues, 'person', person.personId))
  const last = standing.slice(-3).reverse()
  if (last.length === 0) throw new UserError(`${person.name}没有能冲销的收据。`)
  const lines = last.map((entry, at) => `${at + 1} ${entry.receiptNo} ${monthsOf(entry, ctx.now)} ${yuanOf(entry)}`)
  return {
    text: [`冲销${await calledIn(tx.township, person)}的哪一张？请回数字：`, ...lines].join('\n'),
    digits: last.map(({ receiptNo }) => `/冲销 ${receiptNo} ${why}`.trim()),
  }
}

/** Throws UserError where it was taken back before, or is not this speaker's to take back. */
export async function reversible(
  ctx: CommandContext,
  tx: CommandReadTx,
  receiptNo: string,
): Promise<{ entry: DuesEntry; payer: Person }> {
  const entry = await receiptById(tx, receiptNo)
  const payer = await tx.township.get(people, entry.personId)
  if (!payer) throw new UnknownIdError(receiptNo)
  await refuseNotCollector(tx.township, ctx.person, payer, entry.branchId)
  const lines = await tx.township.find(dues, 'person', entry.personId)
  const before = lines.find(line => line.kind === 'reversed' && line.receiptNo === receiptNo)
  const by = before && (await tx.township.get(people, before.by))
  if (before) throw new UserError(`${receiptNo} 已由${by?.name ?? '别人'}冲销，原因：${before.why ?? ''}。不用再冲。`)
  return { entry, payer }
}

export async function reverse(ctx: CommandContext, tx: CommandTx, receiptNo: string, why: string): Promise<Answer> {
  const { entry, payer } = await reversible(ctx, tx, receiptNo)
  const { branchId, personId, months } = entry
  const by = ctx.person.personId
  await write(tx, branchId, { kind: 'reversed', by, personId, months, receiptNo, why })
  await tx.audit({ by, branchId, what: 'reverse-dues', about: receiptNo, before: { personId, months }, why })
  const what = `${monthsOf(entry, ctx.now)} ${yuanOf(entry)}`
  const text = `收据 ${receiptNo} 已冲销：${what}\n原因：${why}\n这些月份又没有缴了，有疑问请问${ctx.person.name}。`
  if (canBeTold(payer)) await tx.send({ text }, [personId], { about: receiptNo })
  const next = canBeTold(payer) ? '已告诉本人。' : '没有手机，请当面告知。'
  const called = await calledIn(tx.township, payer)
  return { text: `已冲销 ${receiptNo}：${called} ${what}。${next}要重新记请发：收缴 ${called}` }
}
