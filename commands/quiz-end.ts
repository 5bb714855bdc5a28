import { z } from 'zod'
import { defineCommand, quizId } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { endQuiz } from '../src/study/status.ts'

export default defineCommand({
  name: 'quiz-end',
  aliases: ['测验 结束', 'quiz end'],
  summary: '提前结束一次测验',
  moment: '学习',
  examples: ['/测验 结束 q-3'],
  allow: [...OFFICERS, 'admin'],
  args: z.object({ quizId: quizId() }),

  // The sums of ten thousand take longer than an ordinary update may.
  run: (ctx, args) => ctx.store.update(`quiz:${args.quizId}`, tx => endQuiz(ctx, tx, args.quizId), { long: 'import' }),
})
