import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { dayOf, monthOf } from '../clock.ts'
import { RELIEF, standardsOf } from '../domain/dues.ts'
import { duesTableOn } from '../domain/dues-rates.ts'
import { citation } from '../domain/grounds.ts'
import { spellYuan } from '../domain/money.ts'
import { spellMonths } from '../domain/month-words.ts'
import { UserError } from '../errors.ts'
import { type DuesEntry, type DuesRelief, type DuesStandard, type Person, people } from '../store/collections.ts'
import { receiptById } from './reverse.ts'
import { answersFor } from './verify.ts'
import { extraWords, monthsOf, yuanOf } from './words.ts'

/** Behind the amount of a receipt: the standard with who set it, what reduced it, and the article. */

/** Amounts are for the payer and who answers for the branch's dues: for everybody else there is no such receipt. */
export async function whyReceipt(ctx: CommandContext, tx: CommandReadTx, receiptNo: string): Promise<string> {
  const entry = await receiptById(tx.township, receiptNo)
  const payer = await tx.township.get(people, entry.personId)
  const isHis = entry.personId === ctx.person.personId
  if (!payer || !(isHis || (await answersFor(ctx, tx.township, entry))))
    throw new UserError(`没有这个编号：${receiptNo}。请对照收据再发一次。`)
  const paidOn = new Date(entry.at)
  const now = monthOf(ctx.now)
  const bills = entry.months.map(({ month }) => billOf(payer, month, entry))
  const standards = [...new Set(bills.flatMap(({ standard }) => standard ?? []))]
  const reliefs = [...new Set(bills.flatMap(({ relief }) => relief ?? []))]
  const extra = bills.every(({ standard }) => standard)
    ? entry.months.reduce((sum, { fen }, at) => sum + fen - (bills[at]?.fen ?? fen), 0)
    : 0
  const lines = [`${receiptNo} ${payer.name} ${monthsOf(entry, ctx.now)}党费 ${yuanOf(entry)}`]
  for (const standard of standards) lines.push(await standardWords(tx, standard, payer, now))
  lines.push(...tableLines(payer, dayOf(paidOn)))
  for (const relief of reliefs) lines.push(...reliefLines(relief, now))
  return [...lines, extraWords(extra)].filter(line => line !== '').join('\n')
}

type Standard = Pick<DuesStandard, 'from' | 'fen'> & Partial<Pick<DuesStandard, 'by'>>
interface Bill {
  standard: Standard | undefined
  relief: DuesRelief | undefined
  fen: number
}

/** As it was when it was paid: a relief that was given later changed nothing of it. */
function billOf(person: Person, month: string, { at }: DuesEntry): Bill {
  const standard: Standard | undefined = standardsOf(person).findLast(({ from }) => from <= month)
  const relief = person.duesReliefs?.findLast(one => one.from <= month && month <= one.to && one.at <= at)
  return { standard, relief, fen: Math.min(standard?.fen ?? 0, relief?.fen ?? Number.POSITIVE_INFINITY) }
}

async function standardWords(
  tx: CommandReadTx,
  { from, fen, by }: Standard,
  payer: Person,
  now: string,
): Promise<string> {
  const setter = by === undefined ? undefined : await tx.township.get(people, by)
  const category = payer.duesCategory ? `（${payer.duesCategory}）` : ''
  return `标准：${spellMonths([from], now)}起每月 ${spellYuan(fen)} 元${category}，${setter ? `${setter.name}定` : '按名册'}`
}

function tableLines({ duesCategory }: Person, day: string): string[] {
  const table = duesCategory && duesTableOn(day, duesCategory)
  return table ? [`　${table.says}（${citation(table.law, table.article, table.effectiveFrom)}）`] : []
}

const reliefLines = ({ from, to, fen, approval }: DuesRelief, now: string): string[] => [
  `减免：${spellMonths([from], now)}到${spellMonths([to], now)}${fen === 0 ? '免缴' : `每月 ${spellYuan(fen)} 元`}，批准：${approval}`,
  `　${RELIEF.says}（${RELIEF.cite}）`,
]
