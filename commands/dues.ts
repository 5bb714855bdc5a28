import { z } from 'zod'
import { defineCommand } from '../src/bot/command.ts'
import { now } from '../src/clock.ts'
import { readMonths } from '../src/domain/month-words.ts'
import { myDues } from '../src/dues/view.ts'

const oneMonth = z.string().transform((said, issues) => {
  const read = readMonths(said, now())
  const [month, another] = read && 'months' in read ? read.months : []
  if (month && !another) return month
  issues.addIssue(read && 'refused' in read ? read.refused : '后面写一个月份，如 2026-10')
  return z.NEVER
})

export default defineCommand({
  name: 'dues',
  aliases: ['党费', 'dues', '党费 多少', '党费 怎么交', '党费 怎么缴', '党费 咋交', '交党费', '缴党费', '怎么 交党费'],
  summary: '我的党费：应缴、已缴、未缴',
  moment: '党费',
  examples: ['/党费', '/党费 2026-10'],
  allow: ['member', 'probationary'],
  privateOnly: true,
  args: z.object({ month: oneMonth.optional() }),

  run: (ctx, args) => ctx.store.read(async tx => ({ text: await myDues(ctx, tx, args.month ?? null) })),
})
