import { defineJob } from '../src/bot/job.ts'
import { closeByItself, isDue } from '../src/meeting/close-due.ts'
import { meetings } from '../src/store/collections.ts'

export default defineJob({
  name: 'meeting-close',
  summary: 'closes meetings that were forgotten, three hours after their planned end',
  cron: '* * * * *',
  catchUpMinutes: 5,

  async run(ctx) {
    const open = await ctx.read(tx => tx.find(meetings, 'open', 'yes'))
    const due = open.filter(meeting => isDue(meeting, ctx.slot))
    const closed = await ctx.each(due, ({ meetingId }) =>
      ctx.update(`meeting:${meetingId}`, async tx => {
        const meeting = await tx.get(meetings, meetingId)
        if (!meeting || !isDue(meeting, ctx.slot)) return false
        await closeByItself(tx, tx, meeting)
        return true
      }),
    )
    return `closed ${closed.filter(done => done).length} of ${open.length} open meetings`
  },
})
