import { defineJob } from '../src/bot/job.ts'
import { openDue, seriesDue } from '../src/study/series-open.ts'

export default defineJob({
  name: 'quiz-open',
  summary:
    'opens the day of a daily quiz at nine: one post a group, each alone on the first day and for the final test',
  // What is due opens with the next slot, however long the machine slept; what was opened is not opened again.
  cron: '* * * * *',
  catchUpMinutes: 10,

  async run(ctx) {
    const due = await ctx.read(tx => seriesDue(tx, ctx.asOf))
    const opened = await ctx.each(due, seriesId =>
      ctx.update(`quiz:${seriesId}`, tx => openDue(tx, seriesId, ctx.asOf)),
    )
    const sum = (of: 'quizzes' | 'people' | 'posts') => opened.reduce((total, one) => total + one[of], 0)
    return `opened ${sum('quizzes')} quizzes, told ${sum('people')} people, posted in ${sum('posts')} groups`
  },
})
