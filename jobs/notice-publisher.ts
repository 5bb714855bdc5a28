import { defineJob } from '../src/bot/job.ts'
import { isDue, publishDue } from '../src/notice/publish-due.ts'
import { notices } from '../src/store/collections.ts'

export default defineJob({
  name: 'notice-publisher',
  summary: 'sends the notices that were scheduled, to those who are there now',
  cron: '* * * * *',
  // Whatever is still scheduled is sent by the next slot, however long the machine slept.
  catchUpMinutes: 5,

  async run(ctx) {
    const scheduled = await ctx.read(tx => tx.find(notices, 'scheduled', 'yes'))
    const due = scheduled.filter(notice => isDue(notice, ctx.slot))
    const sent = await ctx.each(due, ({ noticeId }) =>
      ctx.update(`notice:${noticeId}`, async tx => {
        const notice = await tx.get(notices, noticeId)
        if (!notice || !isDue(notice, ctx.slot)) return false
        await publishDue(tx, notice)
        return true
      }),
    )
    return `sent ${sent.filter(done => done).length} of ${scheduled.length} scheduled notices`
  },
})
