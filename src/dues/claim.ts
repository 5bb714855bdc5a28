import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import type { Payer, Payment } from '../domain/dues-payment.ts'
import { canBeTold } from '../domain/roster.ts'
import type { Branch, DuesEntry, Person } from '../store/collections.ts'
import { write } from './book.ts'
import { calledIn } from './names.ts'
import { collectorsIn, nameCollectors } from './payer.ts'
import { extraWords, monthsOf, timingOf, yuanOf } from './words.ts'

/** A member says that he paid, or that he brought it for another: the collector says whether it is so. */
export async function claim(
  ctx: CommandContext,
  tx: CommandTx,
  { payer, payment, branch, amountSaid }: { payer: Payer; payment: Payment; branch: Branch; amountSaid: boolean },
): Promise<Answer> {
  const { person } = payer
  const isHis = person.personId === ctx.person.personId
  // Counted apart from what the store itself numbers by 'c'.
  const claimId = (await tx.nextId('claim')).replace('claim', 'c')
  const entry = await write(tx, branch.branchId, {
    kind: 'claimed',
    by: ctx.person.personId,
    personId: person.personId,
    months: payment.months,
    paidBy: isHis ? null : ctx.person.personId,
    claimId,
  })
  const collectors = await collectorsIn(tx.township, person, branch.branchId)
  const names = { payer: await calledIn(tx.township, person), speaker: await calledIn(tx.township, ctx.person) }
  await askCollectors(tx, { entry, names, payment, collectors })
  // Who brings money for another learns no more of it than he said himself.
  const amount = isHis || amountSaid ? ` ${yuanOf(entry)}` : ''
  const whose = isHis ? '' : `${names.payer}的`
  const extra = isHis ? extraWords(payment.extraFen) : ''
  const facts = [`已记下（${claimId}），待确认：${whose}${monthsOf(entry, ctx.now)}党费${amount}`, extra]
  const next = `${nameCollectors(collectors, branch.branchId)}核对后，收据号会发给${isHis ? '您' : '本人'}。报错了请发：撤回`
  return { text: `${facts.filter(fact => fact !== '').join('，')}。\n${next}` }
}

interface Asked {
  entry: DuesEntry
  names: { payer: string; speaker: string }
  payment: Payment
  collectors: readonly Person[]
}

async function askCollectors(tx: CommandTx, { entry, names, payment, collectors }: Asked): Promise<void> {
  const notes = [timingOf(entry), extraWords(payment.extraFen)]
  const noted = notes.filter(note => note !== '').join('，')
  const { claimId } = entry
  const says = entry.paidBy ? `${names.speaker}说替${names.payer}缴了党费` : `${names.payer}说已缴党费`
  const text = `${says} ${yuanOf(entry)}：${monthsOf(entry, tx.now)}\n${claimId}${noted && `，${noted}`}`
  const choices = [
    { label: '确认', line: `/党费 确认 ${claimId}` },
    { label: '有误', line: `/党费 有误 ${claimId}`, words: `不对请回：党费 有误 ${claimId} 原因` },
  ]
  const to = collectors.filter(canBeTold).map(({ personId }) => personId)
  await tx.send({ text, choices }, to, { about: claimId ?? '' })
}
