import { defineJob, type JobContext } from '../src/bot/job.ts'
import { dayOf, instantAt, monthOf } from '../src/clock.ts'
import { calendar } from '../src/domain/holidays.ts'
import { addMonths } from '../src/domain/month-words.ts'
import { arrearsText, streaksIn } from '../src/dues/arrears.ts'
import { lockOf } from '../src/dues/book.ts'
import { headsOf } from '../src/meeting/heads.ts'
import { branches, people } from '../src/store/collections.ts'

export default defineJob({
  name: 'dues-arrears',
  summary: 'names to the secretary alone who has not paid dues for 1, 3 or 5 months in a row, on the first workday',
  // The first workday is never later than the 12th: the longest holiday is nine days.
  cron: '0 9 1-12 * *',
  catchUpMinutes: 600,

  async run(ctx) {
    const day = dayOf(ctx.slot)
    if (calendar.firstWorkdayOf(monthOf(ctx.slot)) !== day) return `${day} is not the first workday of the month`
    const all = await ctx.read(tx => tx.all(branches))
    const told = await ctx.each(all, ({ branchId }) => tellHeads(ctx, branchId))
    return `told ${told.filter(done => done).length} of ${all.length} branches`
  },
})

/** False: nobody is to be named, or there is nobody to tell. 退订 is of what reminds a person of his own: this is his post's. */
const tellHeads = (ctx: JobContext, branchId: string): Promise<boolean> =>
  ctx.update(lockOf(branchId), async tx => {
    const branch = await tx.get(branches, branchId)
    const now = monthOf(ctx.slot)
    const upTo = addMonths(now, -1)
    const streaks = await streaksIn(tx, branchId, upTo)
    if (!branch || streaks.length === 0) return false
    const evening = instantAt(dayOf(ctx.slot > ctx.now ? ctx.slot : ctx.now), '21:00')
    // Run by hand at night it waits for the morning.
    const until = evening > ctx.now ? { until: evening } : {}
    let told = false
    for (const reader of headsOf(await tx.find(people, 'branch', branchId), branchId)) {
      const text = arrearsText(branch, streaks, { reader, upTo, now })
      const sent = text && (await tx.send({ text }, [reader.personId], { about: branchId, ...until }))
      if (sent) told = true
    }
    return told
  })
