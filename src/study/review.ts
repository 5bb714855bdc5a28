import { type Card, createEmptyCard, fsrs, Rating } from 'ts-fsrs'
import { z } from 'zod'
import type { CommandContext, CommandTx } from '../bot/command.ts'
import { dayOf } from '../clock.ts'
import { ownBranchId } from '../domain/roster.ts'
import { type BankQuestion, type Review, reviews } from '../store/collections.ts'

/** 错题: what somebody got wrong comes back by spaced repetition, and only when he asks. */

/**
 * In whole days, as a member asks once a day at most. A review that is not used for a year goes, so it is due well before.
 */
const scheduler = fsrs({ enable_short_term: false, maximum_interval: 180 })

/** Dates as they are kept: the library takes them as strings too. */
const plain = (card: Card): Review['card'] => JSON.parse(JSON.stringify(card))

/** `again`: it was wrong just now, so it is due whatever was planned. An old answer that is looked at once more changes nothing. */
export async function noteWrong(
  ctx: CommandContext,
  tx: CommandTx,
  { questionId }: BankQuestion,
  { again = false } = {},
): Promise<void> {
  const { personId } = ctx.person
  const key = `${personId}:${questionId}`
  const before = await tx.get(reviews, key)
  // Of a branch that he has left: the night's housekeeping brings it along.
  if (!before && (await tx.township.get(reviews, key))) return
  if (before) {
    const now = tx.now.toISOString()
    if (again && now < before.dueAt) await tx.put(reviews, { ...before, dueAt: now })
    return
  }
  const card = createEmptyCard(tx.now)
  await tx.insert(reviews, {
    personId,
    branchId: ownBranchId(ctx.person) ?? '',
    questionId,
    card: plain(card),
    dueAt: card.due.toISOString(),
  })
}

const storedCard = z.object({
  due: z.coerce.date(),
  stability: z.number(),
  difficulty: z.number(),
  elapsed_days: z.number(),
  scheduled_days: z.number(),
  learning_steps: z.number(),
  reps: z.number(),
  lapses: z.number(),
  state: z.number(),
  last_review: z.coerce.date().optional(),
})

/** Right: it comes back later and later. Wrong: soon. */
export function reviewed(review: Review, right: boolean, now: Date): Review {
  const { card } = scheduler.next(storedCard.parse(review.card), now, right ? Rating.Good : Rating.Again)
  return { ...review, card: plain(card), dueAt: card.due.toISOString() }
}

/** When its question was answered last, or else noted. */
export function lastUsed({ card }: Review): Date {
  const { last_review: last, due } = storedCard.parse(card)
  return last ?? due
}

/** Answered as 错题 on that Beijing day: once a day is enough, whatever comes of it. */
export function reviewedOn({ card }: Review, day: string): boolean {
  const { last_review: last } = storedCard.parse(card)
  return last !== undefined && dayOf(last) === day
}
