import { defineJob, type JobContext } from '../src/bot/job.ts'
import { aheadLines, planOf } from '../src/branch/plan.ts'
import { dayOf, instantAt, monthOf } from '../src/clock.ts'
import { calendar } from '../src/domain/holidays.ts'
import { headsOf } from '../src/meeting/heads.ts'
import { branches, people } from '../src/store/collections.ts'

export default defineJob({
  name: 'monthly-plan',
  summary: 'tells each secretary on the first workday what this month and quarter still need',
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

/** False: nothing is ahead, or there is nobody to tell. */
const tellHeads = (ctx: JobContext, branchId: string): Promise<boolean> =>
  ctx.update(`branch:${branchId}`, async tx => {
    const branch = await tx.get(branches, branchId)
    const lines = aheadLines(await planOf(tx, tx, branchId, ctx.slot), ctx.slot)
    const heads = headsOf(await tx.find(people, 'branch', branchId), branchId).filter(head => !head.unsubscribed)
    if (!branch || lines.length === 0 || heads.length === 0) return false
    const head = `${branch.name} ${Number(monthOf(ctx.slot).slice(5))}月的安排`
    const text = [head, ...lines, '要开会请发：会议 新建；照上次的请发：会议 照旧'].join('\n')
    const until = instantAt(dayOf(ctx.slot), '21:00')
    const sent = await tx.send(
      { text },
      heads.map(({ personId }) => personId),
      { about: branchId, until },
    )
    return sent !== null
  })
