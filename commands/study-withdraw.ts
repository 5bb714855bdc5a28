import { z } from 'zod'
import { defineCommand, fold, freeText } from '../src/bot/command.ts'
import { entryById, lockOf, withdraw } from '../src/study/hours.ts'

export default defineCommand({
  name: 'study-withdraw',
  aliases: ['学时 撤', '学时 撤回', 'study withdraw'],
  summary: '记错的学时撤掉，写明原因',
  moment: '学习',
  examples: ['/学时 撤 e-3 记错人'],
  allow: ['publicity', 'deputy', 'secretary', 'admin'],
  privateOnly: true,
  once: true,
  args: z.object({
    entryId: z
      .string()
      .transform(fold)
      .pipe(z.string().regex(/^e-?\d{1,9}$|^\d{1,9}$/, { error: '请写编号，如 e-3' }))
      .transform(text => `e-${Number(text.replace(/\D/g, ''))}`),
    why: freeText(150).optional(),
  }),

  async run(ctx, { entryId, why }) {
    const { branchId } = await ctx.store.read(tx => entryById(tx, entryId))
    if (!why) return { text: `${entryId} 为什么撤？请回原因。`, awaits: `/学时 撤 ${entryId}` }
    return ctx.store.update(lockOf(branchId), tx => withdraw(ctx, tx, entryId, why))
  },
})
