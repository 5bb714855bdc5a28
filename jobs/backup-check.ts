import { defineJob } from '../src/bot/job.ts'

export default defineJob({
  name: 'backup-check',
  summary: 'once a week restores the newest backup aside and compares every record',
  // Every day, for a machine may be off on any: what is done within the week is not done again.
  cron: '10 3,9,15,21 * * *',
  catchUpMinutes: 30,

  async run(ctx) {
    return ctx.backups?.weekly() ?? 'this store has no backups'
  },
})
