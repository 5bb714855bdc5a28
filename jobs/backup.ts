import { defineJob } from '../src/bot/job.ts'

export default defineJob({
  name: 'backup',
  summary: 'backs up everything at night; later on a day whose night it missed',
  // One a day: the later hours find it made, unless the machine slept or the disk was full.
  cron: '40 2,8,14,20 * * *',
  catchUpMinutes: 60,

  async run(ctx) {
    return ctx.backups?.nightly() ?? 'this store has no backups'
  },
})
