import { z } from 'zod'
import { defineCommand, freeText, questionId } from '../src/bot/command.ts'
import { withdrawQuestion } from '../src/study/question.ts'

export default defineCommand({
  name: 'question-withdraw',
  aliases: ['题目 撤', '题目 撤下', 'question withdraw'],
  summary: '撤下一道题，重新判分',
  moment: '学习',
  examples: ['/题目 撤 t-12 条文已经修订'],
  // The banks are the whole township's: what is withdrawn changes results in branches that are not an officer's own.
  allow: ['admin'],
  privateOnly: true,
  once: true,
  args: z.object({ questionId: questionId(), why: freeText(200) }),

  // As many as took it are marked anew: ten thousand take longer than an ordinary update may.
  run: (ctx, args) => ctx.store.update('township', tx => withdrawQuestion(ctx, tx, args), { long: 'import' }),
})
