import { defineJob } from '../src/bot/job.ts'
import { quizzes } from '../src/store/collections.ts'
import { closeDue } from '../src/study/closing.ts'
import { remindDue } from '../src/study/remind.ts'

/** The sums of ten thousand take longer than an ordinary update may. */
const LONG = { long: 'import' } as const

export default defineJob({
  name: 'quiz-closing',
  summary: 'reminds once, on the last day, who began a quiz or asked to be reminded; closes what is over',
  cron: '* * * * *',
  // What is over is closed by the next slot, however long the machine slept; a reminder has an end of its own.
  catchUpMinutes: 180,

  async run(ctx) {
    const open = await ctx.read(tx => tx.find(quizzes, 'open', 'yes'))
    const reminded = await ctx.each(open, ({ quizId }) =>
      ctx.update(`quiz:${quizId}`, tx => remindDue(tx, quizId, ctx.slot), LONG),
    )
    const closed = await ctx.each(open, ({ quizId }) =>
      ctx.update(`quiz:${quizId}`, tx => closeDue(tx, quizId, ctx.asOf), LONG),
    )
    const people = reminded.reduce((sum, count) => sum + count, 0)
    return `reminded ${people} people, closed ${closed.filter(done => done).length} of ${open.length} quizzes`
  },
})
