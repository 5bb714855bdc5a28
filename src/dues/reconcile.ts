import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { addDays, dayOf, instantAt, spellDay } from '../clock.ts'
import { balanceOf, movedBy } from '../domain/dues-ledger.ts'
import { spellYuan } from '../domain/money.ts'
import { type Branch, type DuesBook, type DuesEntry, dues, duesBooks, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { bookOf } from './book.ts'
import { calledIn } from './names.ts'
import { monthsOf } from './words.ts'

/** 对账: the money that was counted against the ledger. No line is added, whatever comes of it. */

/** More are in the register. */
const MOST_LINES = 12

export async function reconcile(
  ctx: CommandContext,
  tx: CommandTx,
  branch: Branch,
  counted: { day: string; fen: number },
): Promise<Answer> {
  const { branchId } = branch
  const by = ctx.person.personId
  // Instants as they are stored: a date of each of many years' lines is not what an update has time for.
  const until = instantAt(addDays(counted.day, 1), '00:00').toISOString()
  const lines = (await tx.find(dues, 'branch', branchId)).filter(({ at }) => at < until)
  const book = await bookOf(tx, branchId)
  const ledger = balanceOf(lines)
  const difference = counted.fen - ledger
  await tx.audit({ by, branchId, what: 'reconcile-dues', about: counted.day, after: { ledger, counted: counted.fen } })
  const head = `到${spellDay(counted.day)}，账上共收 ${spellYuan(ledger)} 元`
  if (difference === 0) {
    await keepMatch(tx, book, { ...counted, entries: lines.length, by, at: tx.now.toISOString() })
    return { text: `相符：${head}，和点的一样。` }
  }
  const side = difference > 0 ? '点的多' : '点的少'
  const since = lines.filter(line => line.number > (book.matched?.entries ?? 0) && movedBy(line) !== 0)
  return {
    text: [
      `不符：${head}，点的 ${spellYuan(counted.fen)} 元，${side} ${spellYuan(Math.abs(difference))} 元。账没有改。`,
      ...(await sinceLines(ctx, tx, since, book)),
    ].join('\n'),
  }
}

/** An earlier day that matches leaves a later match as it is. */
async function keepMatch(tx: CommandTx, book: DuesBook, matched: NonNullable<DuesBook['matched']>): Promise<void> {
  if (book.entries === 0 || (book.matched && book.matched.day > matched.day)) return
  await tx.put(duesBooks, { ...book, matched })
}

async function sinceLines(
  ctx: CommandContext,
  tx: ReadTx & { readonly township: ReadTx },
  since: readonly DuesEntry[],
  { matched }: DuesBook,
): Promise<string[]> {
  const head = matched ? `上次相符是${spellDay(matched.day)}，之后的账：` : '还没有对上过，所有的账：'
  const lines: string[] = []
  for (const line of since.slice(-MOST_LINES)) {
    const person = await tx.township.get(people, line.personId)
    const sign = movedBy(line) > 0 ? '' : '冲销 '
    lines.push(
      `${dayOf(new Date(line.at))} ${sign}${line.receiptNo} ${person ? await calledIn(tx.township, person) : '已不在册'} ${monthsOf(line, ctx.now)} ${spellYuan(movedBy(line))}`,
    )
  }
  const left = since.length - lines.length
  return [head, ...(left > 0 ? [`（前面还有 ${left} 笔，看全部请发：报表 党费）`] : []), ...lines]
}
