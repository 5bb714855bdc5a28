import { z } from 'zod'
import { defineCommand } from '../src/bot/command.ts'
import { HELP_REPORT, type HelpOrder } from '../src/branch/print-help.ts'
import { ownBranchId } from '../src/domain/roster.ts'
import { sendPaper } from '../src/meeting/paper.ts'
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
      await sendPaper(ctx, tx, {
        report: HELP_REPORT,
        args: { branchId } satisfies HelpOrder,
        says: `明白纸：${name}`,
        note: '一张 A4，电话号码请手写上去。',
        branchId,
        audited: 'print-help',
        about: branchId,
      })
      return { text: `${name}的明白纸在做，做好就发给您。` }
    }),
})
