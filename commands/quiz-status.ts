import { z } from 'zod'
import { defineCommand, quizId } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { lastQuizOf, quizById } from '../src/study/open.ts'
import { statusOf } from '../src/study/status.ts'

export default defineCommand({
  name: 'quiz-status',
  aliases: ['测验 状态', 'quiz status'],
  summary: '多少人答了，哪些题最难',
  moment: '学习',
  examples: ['/测验 状态 q-3', '/测验 状态'],
  allow: [...OFFICERS, 'admin'],
  args: z.object({ quizId: quizId().optional() }),

  run: (ctx, args) =>
    ctx.store.read(async tx => {
      const quiz = args.quizId ? await quizById(tx, args.quizId) : await lastQuizOf(ctx, tx)
      return { text: await statusOf(ctx, tx, quiz) }
    }),
})
