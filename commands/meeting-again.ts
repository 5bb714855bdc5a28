import { z } from 'zod'
import { defineCommand } from '../src/bot/command.ts'
import { kindsWords } from '../src/domain/kinds-argument.ts'
import { CONVENERS } from '../src/domain/roster.ts'
import { whenWords } from '../src/domain/when-argument.ts'
import { askDayLike, lastLike, spanLike } from '../src/meeting/again.ts'
import { planMeeting, preview } from '../src/meeting/convene.ts'

const LINE = '会议 照旧'

export default defineCommand({
  name: 'meeting-again',
  aliases: [LINE, '照旧', 'meeting again'],
  summary: '照上次的会再开一次，换个日期',
  moment: '会前',
  examples: ['/会议 照旧 下周五', '/会议 照旧 主题党日 12-25', '/会议 照旧'],
  allow: CONVENERS,
  audience: 'people',
  args: z.object({ kinds: kindsWords().optional(), when: whenWords().optional() }),

  run: (ctx, { kinds, when }) =>
    ctx.store.update(`person:${ctx.person.personId}`, async tx => {
      const last = await lastLike(ctx, tx, kinds)
      const span = spanLike(last, when)
      if (!span) {
        const { audience } = ctx
        const at = [audience?.branch && `@${audience.branch.name}`, audience?.group && `@${audience.group}`]
        const line = [`/${LINE}`, ...at.filter(Boolean), last.kinds.join('+')].join(' ')
        const hours = when?.start ? ` ${[when.start, when.end].filter(Boolean).join('-')}` : ''
        return askDayLike(last, ctx.now, line, hours)
      }
      const { group, invited, place, topic } = last
      const planned = await planMeeting(ctx, tx, { kinds: last.kinds, span, place, topic, like: { group, invited } })
      const by = ctx.person.personId
      const draft = { command: 'meeting-new', branchId: last.branchId, group, by, content: planned.content }
      return preview(await tx.draft(draft), planned)
    }),
})
