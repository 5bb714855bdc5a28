import { z } from 'zod'
import { defineCommand, quizId } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { summaryFor } from '../src/study/series-summary.ts'

export default defineCommand({
  name: 'quiz-summary',
  aliases: ['测验 总结', 'quiz summary'],
  summary: '每日测验办得怎样，接下来讲什么',
  moment: '学习',
  examples: ['/测验 总结 q-3', '/测验 总结'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  once: true,
  args: z.object({ quizId: quizId().optional() }),

  async run(ctx, args) {
    // Summed up outside the update, which holds up the others.
    const { text, file } = await ctx.store.read(tx => summaryFor(ctx, tx, args.quizId))
    return ctx.store.update(`person:${ctx.person.personId}`, async tx => {
      await tx.send(file, [ctx.person.personId], { urgent: true })
      return { text }
    })
  },
})
