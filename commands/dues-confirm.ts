import { z } from 'zod'
import { defineCommand, freeText } from '../src/bot/command.ts'
import { lockOf } from '../src/dues/book.ts'
import { claimMeant, confirm } from '../src/dues/decide.ts'

export default defineCommand({
  name: 'dues-confirm',
  aliases: ['党费 确认', 'dues confirm'],
  summary: '确认收到党员报的党费',
  moment: '党费',
  examples: ['/党费 确认 c-12', '/党费 确认 张三', '/党费 确认'],
  allow: ['organizer', 'secretary', 'admin'],
  privateOnly: true,
  args: z.object({ which: freeText(40).optional() }),

  async run(ctx, args) {
    const claim = await ctx.store.read(tx => claimMeant(ctx, tx, { word: args.which ?? null, verb: '确认', rest: '' }))
    if ('text' in claim) return claim
    return ctx.store.update(lockOf(claim.branchId), tx => confirm(ctx, tx, claim.claimId ?? ''))
  },
})
