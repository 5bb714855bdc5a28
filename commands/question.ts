import { z } from 'zod'
import { defineCommand, questionId } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { showQuestion } from '../src/study/question.ts'

export default defineCommand({
  name: 'question',
  aliases: ['题目', 'question'],
  summary: '看一道题和它的答案',
  moment: '学习',
  examples: ['/题目 t-12'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  args: z.object({ questionId: questionId() }),

  run: (ctx, args) => ctx.store.read(tx => showQuestion(ctx, tx, args.questionId)),
})
