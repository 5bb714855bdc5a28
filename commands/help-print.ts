import { z } from 'zod'
import { defineCommand } from '../src/bot/command.ts'
import { HELP_REPORT, type HelpOrder } from '../src/branch/print-help.ts'
import { timeOf } from '../src/clock.ts'
import { ownBranchId } from '../src/domain/roster.ts'
import { branches } from '../src/store/collections.ts'

/** One sheet with the branch's own names, for who reads no telephone. */
export default defineCommand({
  name: 'help-print',
  aliases: ['帮助 打印', '明白纸', 'help print'],
  summary: '一张大字的明白纸，打印用',
  moment: '我',
  examples: ['/帮助 打印', '/明白纸'],
  allow: 'everyone',
  audience: 'branch',
  once: true,
  args: z.object({}),

  run: (ctx, _args) =>
    ctx.store.update(`person:${ctx.person.personId}`, async tx => {
      const own = ctx.audience ? undefined : ownBranchId(ctx.person)
      const { branchId, name } = (own && (await tx.township.get(branches, own))) || (await ctx.branch(tx))
      const by = ctx.person.personId
      const order: HelpOrder = { branchId }
      await tx.audit({ by, branchId, what: 'print-help', about: branchId })
      // The time in the words keeps WeCom from taking a second one for a repeat.
      const text = `明白纸：${name}（${timeOf(ctx.now)} 要的）。一张 A4，电话号码请手写上去。`
      await tx.send({ text, file: { report: HELP_REPORT, args: order } }, [by], { urgent: true })
      return { text: `${name}的明白纸在做，做好就发给您。` }
    }),
})
