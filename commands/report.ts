import { z } from 'zod'
import { defineCommand, freeText } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { UserError } from '../src/errors.ts'

/** Which tables there are for this person; each is a line of its own, since other people answer for each. */
export default defineCommand({
  name: 'report',
  aliases: ['报表', 'report'],
  summary: '有哪些报表可以要',
  moment: '会后',
  examples: ['/报表'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  args: z.object({ kind: freeText(40).optional() }),

  async run(ctx, args) {
    const lines = (await ctx.manual()).mine.flatMap(({ name, aliases: [line] }) =>
      name.startsWith('report-') ? [line] : [],
    )
    const kinds = lines.map(line => line.replace('报表 ', ''))
    if (args.kind)
      throw new UserError(`没有“${args.kind}”报表，您可以要：${kinds.join('、')}。这样发：${lines[0]} 本月`)
    const named = ctx.audience?.branch ? ` @${ctx.audience.branch.name}` : ''
    return {
      text: `要哪一种报表？选一种就是今年的，要别的时候这样发：${lines[0]} 四季度`,
      choices: lines.map((line, at) => ({ label: kinds[at] ?? '', line: `/${line}${named}` })),
    }
  },
})
