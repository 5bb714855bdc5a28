import { z } from 'zod'
import { defineCommand } from '../src/bot/command.ts'
import { todoOf } from '../src/branch/todo.ts'
import { OFFICERS } from '../src/domain/roster.ts'

/** The heading and what is left out included: COMMANDS.md, 待办. */
const MOST_LINES = 12

export default defineCommand({
  name: 'todo',
  aliases: ['待办', 'todo'],
  summary: '有什么等我办',
  moment: '我',
  examples: ['/待办'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  args: z.object({}),

  async run(ctx) {
    const waiting = await ctx.store.read(tx => todoOf(ctx, tx))
    if (waiting.length === 0) return { text: '现在没有等您办的。要开会请发：会议 新建' }
    const shown = waiting.length < MOST_LINES ? waiting : waiting.slice(0, MOST_LINES - 2)
    const left = waiting.length - shown.length
    const more = left > 0 ? [`还有 ${left} 件，办完这些再发：待办`] : []
    return { text: [`等您办的 ${waiting.length} 件：`, ...shown, ...more].join('\n') }
  },
})
