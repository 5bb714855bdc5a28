import { z } from 'zod'
import { type CommandContext, defineCommand, freeText } from '../src/bot/command.ts'
import { addDays, dayOf } from '../src/clock.ts'
import { MOST_BASE_FEN } from '../src/domain/dues-rates.ts'
import { readAmount } from '../src/domain/money.ts'
import { foldTime } from '../src/domain/when.ts'
import { namesYear, readDay } from '../src/domain/when-day.ts'
import { lockOf } from '../src/dues/book.ts'
import { reconcile } from '../src/dues/reconcile.ts'
import { UserError } from '../src/errors.ts'

const EXAMPLE = '这样发：对账 11-30 12.50'
const NOTHING = /^[0０]+(?:[.．][0０]{1,2})?元?$/u

export default defineCommand({
  name: 'reconcile',
  aliases: ['对账', '党费 对账', 'reconcile'],
  summary: '点的钱和账对一对，账不动',
  moment: '党费',
  examples: ['/对账 11-30 12.50', '/对账 今天 12.50'],
  allow: ['organizer', 'secretary', 'admin'],
  privateOnly: true,
  args: z.object({ day: z.string(), counted: freeText(30) }),

  async run(ctx, args) {
    const counted = { day: dayMeant(ctx, args.day), fen: amountMeant(args.counted) }
    const branch = await ctx.store.read(tx => ctx.branch(tx))
    return ctx.store.update(lockOf(branch.branchId), tx => reconcile(ctx, tx, branch, counted))
  },
})

function dayMeant(ctx: CommandContext, said: string): string {
  const today = dayOf(ctx.now)
  const text = foldTime(said)
  const read = readDay(text, { now: ctx.now, start: null, beforePart: false })
  if (!read) throw new UserError(`没看懂日期“${said}”。${EXAMPLE}`)
  // Accounts look back: '8-1' said in November is this year's, where a meeting would be the next.
  const back = `${Number(read.day.slice(0, 4)) - 1}${read.day.slice(4)}`
  if (read.day > addDays(today, 60) && !namesYear(text) && back <= today) return back
  if (read.day > today) throw new UserError(`${read.day} 还没到，对账请写今天或以前。${EXAMPLE}`)
  return read.day
}

function amountMeant(said: string): number {
  if (NOTHING.test(said)) return 0
  const amount = readAmount(said, { most: MOST_BASE_FEN })
  if ('refused' in amount) throw new UserError(amount.refused)
  return amount.fen
}
