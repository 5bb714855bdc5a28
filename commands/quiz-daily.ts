import { z } from 'zod'
import { defineCommand, freeText } from '../src/bot/command.ts'
import { readSeriesSaid } from '../src/domain/quiz-series.ts'
import { UserError } from '../src/errors.ts'
import { planSeries, previewSeries, publishSeries } from '../src/study/series.ts'
import { whereOf } from '../src/study/where.ts'

const EXAMPLE = '这样发：测验 每日 廉政 5 11-30 12-4'

export default defineCommand({
  name: 'quiz-daily',
  aliases: ['测验 每日', 'quiz daily'],
  summary: '每个上班日几道题，最后一天终测',
  moment: '学习',
  examples: ['/测验 每日 廉政 5 11-30 12-4', '/测验 每日 党章+廉政 5 下周一 下周五'],
  allow: ['publicity', 'discipline', 'organizer', 'deputy', 'secretary', 'admin'],
  audience: 'people',
  args: z.object({ said: freeText(200).optional() }),

  async run(ctx, args) {
    const said = readSeriesSaid(args.said ?? '', ctx.now)
    if ('refused' in said) throw new UserError(`${said.refused}${EXAMPLE}`)
    const plan = await ctx.store.read(async tx => planSeries(tx.township, await whereOf(ctx, tx), said))
    return ctx.store.update(`person:${ctx.person.personId}`, tx => previewSeries(ctx, tx, plan))
  },

  publish: (ctx, tx, draft) => publishSeries(ctx, tx, draft),
})
