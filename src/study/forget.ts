import type { JobContext } from '../bot/job.ts'
import { addDays, dayOf, instantAt } from '../clock.ts'
import { isGone } from '../domain/roster-match.ts'
import { type Person, questions, type Review, reviews } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { lastUsed } from './review.ts'

/** As the collection promises whom it is about. */
const DAYS = 365

/** 错题 that nobody has used for a year, of who left, and of questions that are no more. */
export async function forgetReviews(ctx: JobContext, everybody: readonly Person[]): Promise<number> {
  const gone = new Set(everybody.filter(({ status }) => isGone(status)).map(({ personId }) => personId))
  const oldest = instantAt(addDays(dayOf(ctx.now), -DAYS), '00:00')
  const isOver = async (tx: ReadTx, review: Review): Promise<boolean> =>
    gone.has(review.personId) || lastUsed(review) < oldest || !(await isAsked(tx, review))
  const over = await ctx.read(async tx => {
    const found: Review[] = []
    for (const review of await tx.all(reviews)) if (await isOver(tx, review)) found.push(review)
    return found
  })
  const forgotten = await ctx.each(over, ({ personId, questionId }) =>
    ctx.update(`person:${personId}`, async tx => {
      const latest = await tx.get(reviews, `${personId}:${questionId}`)
      if (!latest || !(await isOver(tx, latest))) return false
      await tx.remove(reviews, `${personId}:${questionId}`)
      return true
    }),
  )
  return forgotten.filter(Boolean).length
}

async function isAsked(tx: ReadTx, { questionId }: Review): Promise<boolean> {
  const question = await tx.get(questions, questionId)
  return question !== undefined && question.withdrawn === null
}
