import type { JobContext } from '../bot/job.ts'
import { addDays, dayOf, instantAt } from '../clock.ts'
import { ownBranchId } from '../domain/roster.ts'
import { isGone } from '../domain/roster-match.ts'
import { type Person, questions, type Review, reviews } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { lastUsed } from './review.ts'

/** As the collection promises whom it is about. */
const DAYS = 365

const keyOf = ({ personId, questionId }: Review): string => `${personId}:${questionId}`

/** 错题 that nobody has used for a year, of who left, and of questions that are no more. Resolves with how many. */
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
  const forgotten = await ctx.each(over, review =>
    ctx.update(`person:${review.personId}`, async tx => {
      const latest = await tx.get(reviews, keyOf(review))
      if (!latest || !(await isOver(tx, latest))) return false
      await tx.remove(reviews, keyOf(review))
      return true
    }),
  )
  return forgotten.filter(Boolean).length
}

async function isAsked(tx: ReadTx, { questionId }: Review): Promise<boolean> {
  const question = await tx.get(questions, questionId)
  return question !== undefined && question.withdrawn === null
}

/** Who changed the branch takes his 错题 along: what lies in another branch is out of his own reach. */
export async function moveReviews(ctx: JobContext, everybody: readonly Person[]): Promise<void> {
  const homes = new Map(everybody.map(person => [person.personId, ownBranchId(person)]))
  const isAway = ({ personId, branchId }: Review) => (homes.get(personId) ?? branchId) !== branchId
  const away = (await ctx.read(tx => tx.all(reviews))).filter(isAway)
  await ctx.each(away, review =>
    ctx.update(`person:${review.personId}`, async tx => {
      const latest = await tx.get(reviews, keyOf(review))
      const branchId = homes.get(review.personId)
      if (latest && branchId) await tx.put(reviews, { ...latest, branchId })
    }),
  )
}
