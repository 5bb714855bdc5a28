import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, freeText } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { explainUnclear, findPeople } from '../src/domain/people.ts'
import { lockOf } from '../src/dues/book.ts'
import { askWhichReceipt, receiptNumber, reverse, reversible } from '../src/dues/reverse.ts'
import { UserError } from '../src/errors.ts'
import { branchMeant, peopleWithin } from '../src/meeting/within.ts'

export default defineCommand({
  name: 'reverse',
  aliases: ['冲销', '党费 冲销', 'reverse'],
  summary: '记错的党费冲回，写明原因',
  moment: '党费',
  examples: ['/冲销 D2026-3-0007 记错人', '/冲销 张三 多记一次'],
  allow: ['organizer', 'secretary', 'admin'],
  privateOnly: true,
  once: true,
  args: z.object({ which: z.string(), why: freeText(150).optional() }),

  async run(ctx, { which, why }) {
    const receiptNo = receiptNumber(which)
    if (receiptNo === null) return ctx.store.read(tx => ofPerson(ctx, tx, which, why ?? ''))
    const { entry } = await ctx.store.read(tx => reversible(ctx, tx, receiptNo))
    if (!why) return { text: `${receiptNo} 为什么冲销？请回原因。`, awaits: `/冲销 ${receiptNo}` }
    return ctx.store.update(lockOf(entry.branchId), tx => reverse(ctx, tx, receiptNo, why))
  },
})

async function ofPerson(ctx: CommandContext, tx: CommandReadTx, name: string, why: string): Promise<Answer> {
  const candidates = await peopleWithin(ctx, tx)
  const result = findPeople([name], candidates, { branchId: branchMeant(ctx), rows: null })
  const unclear = explainUnclear(result, candidates, '冲销')
  if (unclear) throw new UserError(unclear)
  const [person, another] = result.found
  if (!person || another) throw new UserError('冲销要一张一张地办。这样发：冲销 收据号 原因')
  return askWhichReceipt(ctx, tx, person, why)
}
