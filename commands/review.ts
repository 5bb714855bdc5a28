import { z } from 'zod'
import { defineCommand, fold, freeText } from '../src/bot/command.ts'
import { answerReview, nextReview } from '../src/study/revise.ts'

export default defineCommand({
  name: 'review',
  aliases: ['错题', '错题本', 'review'],
  summary: '自己答错的题，隔几天再练',
  moment: '学习',
  examples: ['/错题', '/错题 t-12 B'],
  allow: 'everyone',
  privateOnly: true,
  args: z.object({
    questionId: z
      .string()
      .transform(fold)
      .pipe(z.string().regex(/^t-\d{1,9}$/))
      .optional(),
    said: freeText(200).optional(),
  }),

  // An answer without its question may be meant for another: it is asked again instead.
  async run(ctx, { questionId, said }) {
    if (!questionId || said === undefined) return ctx.store.read(tx => nextReview(ctx, tx))
    return ctx.store.update(`person:${ctx.person.personId}`, tx => answerReview(ctx, tx, { questionId, said }))
  },
})
