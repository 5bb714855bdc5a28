import { defineJob, type JobContext } from '../src/bot/job.ts'
import { dayOf, instantAt, monthOf } from '../src/clock.ts'
import { calendar } from '../src/domain/holidays.ts'
import { duesDay, settingOf } from '../src/domain/parameters.ts'
import { lockOf } from '../src/dues/book.ts'
import { reminderDaysIn, remindersIn, speakToText, toSpeakTo } from '../src/dues/reminder.ts'
import { branches, outbox, settings } from '../src/store/collections.ts'
import type { SendOptions, Tx } from '../src/store/records.ts'

export default defineJob({
  name: 'dues-reminder',
  summary: 'reminds who owes dues, privately, on the dues day and on the 25th',
  cron: '0 9 * * *',
  // Until the evening of that day: the next day would be another one.
  catchUpMinutes: 600,

  async run(ctx) {
    const day = dayOf(ctx.slot)
    const { all, duesDays } = await ctx.read(async tx => ({
      all: await tx.all(branches),
      duesDays: reminderDaysIn(monthOf(ctx.slot), settingOf(duesDay, await tx.get(settings, duesDay.name)), calendar),
    }))
    if (!duesDays.includes(day)) return `${day} is no day to remind of dues: ${duesDays.join(', ')}`
    const told = await ctx.each(all, ({ branchId }) => remind(ctx, branchId, day === duesDays[0]))
    return `reminded ${told.reduce((sum, count) => sum + count, 0)} people of ${all.length} branches`
  },
})

/** How many were told. Who claims or pays meanwhile does so under the same lock. */
const remind = (ctx: JobContext, branchId: string, isFirst: boolean): Promise<number> =>
  ctx.update(lockOf(branchId), async tx => {
    // One matter a branch: whoever was told in it once is not told again in other words, on that day or for that slot.
    const matter = `dues:${monthOf(ctx.slot)}:${branchId}`
    const evening = instantAt(dayOf(ctx.slot > ctx.now ? ctx.slot : ctx.now), '21:00')
    // Run by hand at night it waits for the morning.
    const until = evening > ctx.now ? { until: evening } : {}
    let count = 0
    for (const [text, people] of await remindersIn(tx, branchId, monthOf(ctx.slot))) {
      const to = people.map(({ personId }) => personId)
      const sent = await tx.send({ text }, to, { about: branchId, key: matter, reminder: matter, ...until })
      // Whom the store left out, as reminded or 退订, is not in the record.
      if (sent) count += (await tx.get(outbox, sent))?.to.length ?? 0
    }
    // Once a month: who has no phone is spoken to when the collector meets him.
    if (isFirst) await sendCallLists(ctx, tx, branchId, { key: matter, ...until })
    return count
  })

async function sendCallLists(ctx: JobContext, tx: Tx, branchId: string, options: SendOptions): Promise<void> {
  const month = monthOf(ctx.slot)
  for (const [personId, toCall] of await toSpeakTo(tx, branchId, month)) {
    const text = await speakToText(tx, toCall, month)
    await tx.send({ text }, [personId], { ...options, about: branchId, key: `${options.key}:call:${personId}` })
  }
}
