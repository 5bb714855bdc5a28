import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { dayOf } from '../clock.ts'
import { brokenAt, checkCode } from '../domain/dues-ledger.ts'
import { membershipIn } from '../domain/roster.ts'
import { UnknownIdError } from '../errors.ts'
import { type DuesEntry, dues, type Post, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { bookOf } from './book.ts'
import { collectorsIn } from './payer.ts'
import { receiptById } from './reverse.ts'
import { monthsOf, yuanOf } from './words.ts'

/** Amounts are for the person, the organizer, the secretary and the township. */
const SEEING: readonly Post[] = ['organizer', 'secretary', 'firstSecretary']

/** 验: whether a receipt stands, for who holds it, brought it, or answers for the branch's dues. */
export async function verify(ctx: CommandContext, tx: CommandReadTx, receiptNo: string): Promise<Answer> {
  const entry = await receiptById(tx.township, receiptNo)
  const { personId, branchId, paidBy } = entry
  const isHis = [personId, paidBy].includes(ctx.person.personId)
  if (!isHis && !(await answersFor(ctx, tx.township, entry))) throw new UnknownIdError(receiptNo)
  const lines = await tx.township.find(dues, 'branch', branchId)
  if (brokenAt(lines, await bookOf(tx.township, branchId)) !== null) return broken(receiptNo)
  const reversed = lines.find(line => line.kind === 'reversed' && line.receiptNo === receiptNo)
  const payer = await tx.township.get(people, personId)
  const collector = await tx.township.get(people, entry.by)
  const amount = paidBy === ctx.person.personId && personId !== paidBy ? '' : ` ${yuanOf(entry)}`
  const what = `${payer?.name ?? ''} ${monthsOf(entry, ctx.now)}党费${amount}，${dayIn(entry)} ${collector?.name ?? ''}收`
  if (reversed)
    return { text: `无效：${receiptNo} 已于 ${dayIn(reversed)} 冲销。\n${what}\n原因：${reversed.why ?? ''}` }
  return { text: `有效：${receiptNo}\n${what}\n校验码 ${checkCode(entry)}，和收据上的一样才是它。` }
}

/** Of the branch that the line stands in: its heads, who takes this person's dues, and the township. */
export async function answersFor(
  { person }: CommandContext,
  tx: ReadTx,
  { personId, branchId }: DuesEntry,
): Promise<boolean> {
  const posts = membershipIn(person, branchId)?.posts ?? []
  if (person.admin || posts.some(post => SEEING.includes(post))) return true
  const payer = await tx.get(people, personId)
  const collectors = payer ? await collectorsIn(tx, payer, branchId) : []
  return collectors.some(collector => collector.personId === person.personId)
}

const dayIn = ({ at }: DuesEntry): string => dayOf(new Date(at))

const broken = (receiptNo: string): Answer => ({
  text: `${receiptNo} 验不出：这个支部的账和原来记的对不上，可能被改动过。请马上告诉镇党建办。`,
})
