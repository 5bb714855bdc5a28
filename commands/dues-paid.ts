import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, freeText } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { monthOf } from '../src/clock.ts'
import { type Payment, paymentFor } from '../src/domain/dues-payment.ts'
import { spellYuan } from '../src/domain/money.ts'
import { spellMonths } from '../src/domain/month-words.ts'
import { lockOf } from '../src/dues/book.ts'
import { claim } from '../src/dues/claim.ts'
import { VOLUNTARY } from '../src/dues/collect.ts'
import { branchOf, payerIn } from '../src/dues/payer.ts'
import { readDuesSaid } from '../src/dues/said.ts'
import { extraWords } from '../src/dues/words.ts'
import { UserError } from '../src/errors.ts'
import { type Person, people } from '../src/store/collections.ts'

/** '替王五 0.5' '代王五交了 0.5': whose money the speaker brought. */
const FOR_ANOTHER = /^[替代帮]\s*(p-\d+|\S+?)(?:[交缴]了?的?(?:党费)?)?(?=\s|[\d０-９]|$)/u

export default defineCommand({
  name: 'dues-paid',
  aliases: ['党费 已缴', '已缴', '已交', '党费 已交', '党费 交了', '交了', '缴了', 'dues paid'],
  summary: '告诉组织委员我缴了党费',
  moment: '党费',
  examples: ['/党费 已缴', '/已交 0.5', '/党费 已缴 2026-10', '/党费 已缴 替张三 0.5'],
  allow: ['member', 'probationary'],
  privateOnly: true,
  once: true,
  args: z.object({ said: freeText(200).optional() }),

  async run(ctx, args) {
    const { personId, branch, said } = await ctx.store.read(tx => meant(ctx, tx, args.said ?? ''))
    return ctx.store.update(lockOf(branch.branchId), async tx => {
      const person = await tx.get(people, personId)
      if (!person) throw new UserError('没有这个人。请按名册上的姓名再发一次。')
      const isHis = personId === ctx.person.personId
      const who = isHis ? '您' : person.name
      const payer = await payerIn(tx.township, person, { who, takesClaimed: false, discreet: !isHis })
      const payment = paymentFor(payer, said)
      if (!payment.sure && !isHis && said.months === null) throw askBringer(person, payment)
      if (!payment.sure && !said.isVoluntary) return ask(ctx, person, payment)
      return claim(ctx, tx, { payer, payment, branch, amountSaid: said.fen !== null })
    })
  },
})

async function meant(ctx: CommandContext, tx: CommandReadTx, text: string) {
  const isVoluntary = text.endsWith(VOLUNTARY)
  const [brought, name = ''] = FOR_ANOTHER.exec(text) ?? []
  const words = (brought ? text.replace(FOR_ANOTHER, `${name} `) : text).replace(VOLUNTARY, '')
  const { people: named, fen, months } = await readDuesSaid(ctx, tx, words, { verb: '已缴 替', namesNobody: !brought })
  const [other, another] = named
  if (another) throw new UserError('请一位一位地报。这样发：已缴 替张三 0.5')
  if (brought && !other) throw new UserError('还缺姓名。这样发：已缴 替张三 0.5')
  if (other && !brought) throw new UserError(`自己的不用写姓名，替别人交的这样发：已缴 替${other.name} 0.5`)
  const person = other ?? ctx.person
  return { personId: person.personId, branch: await branchOf(tx.township, person), said: { fen, months, isVoluntary } }
}

/** Which months the other has not paid yet is not said to who brings it for him. */
const askBringer = ({ name }: Person, { amountFen }: Payment): UserError => {
  const yuan = spellYuan(amountFen)
  return new UserError(`${name}的 ${yuan} 元是哪几个月的？请向他问清，写明月份再发，如：已缴 替${name} ${yuan} 10-12月`)
}

/** '10、11、12月？': what was worked out, and what is as much again as is due, is asked before it is written. */
function ask(ctx: CommandContext, person: Person, { months, amountFen, extraFen, note }: Payment): Answer {
  const names = months.map(({ month }) => month)
  const isHis = person.personId === ctx.person.personId
  const whose = isHis ? '' : `替${person.personId} `
  const extra = isHis && extraFen > 0 ? `，${extraWords(extraFen)}` : ''
  const line = `/党费 已缴 ${whose}${spellYuan(amountFen)} ${names.join(' ')}${extraFen > 0 ? ` ${VOLUNTARY}` : ''}`
  const fact = `${spellYuan(amountFen)} 元：${spellMonths(names, monthOf(ctx.now))}${extra}？`
  const example = `已缴 ${isHis ? '' : `替${person.name} `}${spellYuan(amountFen)} 11月`
  return {
    text: `${isHis ? (note ?? '') : `${person.name} `}${fact}是请回 1，不是请写明月份，如：${example}`,
    digits: [line],
  }
}
