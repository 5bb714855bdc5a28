import { z } from 'zod'
import { defineCommand, quizId } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { seriesMeant, summaryFor } from '../src/study/series-summary.ts'

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

  run: (ctx, args) =>
    ctx.store.update(`person:${ctx.person.personId}`, async tx =>
      summaryFor(ctx, tx, await seriesMeant(ctx, tx, args.quizId)),
    ),
})
