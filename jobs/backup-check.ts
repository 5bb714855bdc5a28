import { defineJob } from '../src/bot/job.ts'

export default defineJob({
  name: 'backup-check',
  summary: 'on Sundays restores the newest backup aside and compares every record',
  // Once: the later hours find it done, unless the machine slept.
  cron: '10 3,9,15 * * 0',
  catchUpMinutes: 60,

  async run(ctx) {
    return ctx.backups?.weekly() ?? 'this store has no backups'
  },
})
