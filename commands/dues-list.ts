import { z } from 'zod'
import { defineCommand, freeText } from '../src/bot/command.ts'
import { monthOf } from '../src/clock.ts'
import { readMonths } from '../src/domain/month-words.ts'
import { showList } from '../src/dues/list.ts'
import { UserError } from '../src/errors.ts'

export default defineCommand({
  name: 'dues-list',
  aliases: ['党费 名单', 'dues list'],
  summary: '谁还没缴这个月的党费',
  moment: '党费',
  examples: ['/党费 名单', '/党费 名单 2026-10'],
  allow: ['organizer', 'secretary', 'admin'],
  privateOnly: true,
  args: z.object({ month: freeText(20).optional() }),

  async run(ctx, args) {
    const month = args.month ? oneMonth(args.month, ctx.now) : monthOf(ctx.now)
    const branch = await ctx.store.read(tx => ctx.branch(tx))
    return ctx.store.update(`person:${ctx.person.personId}`, tx => showList(ctx, tx, branch, month))
  },
})

function oneMonth(said: string, now: Date): string {
  const read = readMonths(said, now)
  const [month, another] = read && 'months' in read ? read.months : []
  if (month && !another) return month
  throw new UserError(read && 'refused' in read ? read.refused : '请写一个月份。这样发：党费 名单 2026-10')
}
