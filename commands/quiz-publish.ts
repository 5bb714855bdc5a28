import { z } from 'zod'
import { defineCommand, freeText } from '../src/bot/command.ts'
import { readQuizSaid } from '../src/domain/quiz-plan.ts'
import { UserError } from '../src/errors.ts'
import { planQuiz, previewQuiz, publishQuiz } from '../src/study/publish.ts'
import { whereOf } from '../src/study/where.ts'

const EXAMPLE = '这样发：测验 发布 党章 5 11-30'

export default defineCommand({
  name: 'quiz-publish',
  aliases: ['测验 发布', 'quiz publish'],
  summary: '从题库抽题，发一次测验',
  moment: '学习',
  examples: ['/测验 发布 党章 5 12-30', '/测验 发布 党章+廉政 单选6 多选2 12-30 20:00 及格80 2次'],
  allow: ['publicity', 'discipline', 'organizer', 'deputy', 'secretary', 'admin'],
  audience: 'people',
  args: z.object({ said: freeText(200).optional() }),

  async run(ctx, args) {
    const said = readQuizSaid(args.said ?? '', ctx.now)
    if ('refused' in said) throw new UserError(`${said.refused}${EXAMPLE}`)
    const plan = await ctx.store.read(async tx => planQuiz(tx.township, await whereOf(ctx, tx), said))
    return ctx.store.update(`person:${ctx.person.personId}`, tx => previewQuiz(ctx, tx, plan))
  },

  publish: (ctx, tx, draft) => publishQuiz(ctx, tx, draft),
})
