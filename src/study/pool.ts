import { dayOf } from '../clock.ts'
import { draw, quotasFor, seedOf } from '../domain/quiz-draw.ts'
import { UserError } from '../errors.ts'
import type { Attempt, BankQuestion, QuestionBank, Quiz, Quota } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { bankNamed, validQuestions } from './banks.ts'
import { questionsOf } from './open.ts'

/** Which questions a quiz draws from, and which of them one person gets. */

export interface Pool {
  banks: readonly QuestionBank[]
  questionIds: readonly string[]
  quotas: readonly Quota[]
}

/** Throws UserError where the banks have fewer than are wanted. */
export async function poolOf(
  tx: ReadTx,
  said: { banks: readonly string[]; count: number | null; quotas: readonly Quota[] },
  until: Date,
): Promise<Pool> {
  const found: QuestionBank[] = []
  for (const name of said.banks) found.push(await bankNamed(tx, name))
  const pool: BankQuestion[] = []
  for (const { bankId } of found) pool.push(...(await validQuestions(tx, bankId, dayOf(until))))
  const quotas = said.quotas.length > 0 ? narrowFirst(said.quotas) : quotasFor(pool, said.count ?? 0)
  if (quotas === null) {
    throw new UserError(`${found.map(({ name }) => name).join('、')} 只有 ${pool.length} 道能用的题。请减少题数再发。`)
  }
  for (const { kind, difficulty } of said.quotas) {
    const fits = (one: Pick<Quota, 'kind' | 'difficulty'>) =>
      one.kind === kind && (difficulty === null || one.difficulty === difficulty)
    const there = pool.filter(fits).length
    if (there < countOf(said.quotas.filter(fits)))
      throw new UserError(`${kind}${difficulty ?? ''}只有 ${there} 道。请减少题数再发。`)
  }
  return { banks: found, questionIds: pool.map(({ questionId }) => questionId), quotas }
}

/** '单选6 单选易3': what may be of any difficulty does not take the easy ones away. */
const narrowFirst = (quotas: readonly Quota[]): Quota[] => [
  ...quotas.filter(({ difficulty }) => difficulty !== null),
  ...quotas.filter(({ difficulty }) => difficulty === null),
]

const countOf = (quotas: readonly Quota[]): number => quotas.reduce((sum, { count }) => sum + count, 0)

/**
 * What somebody is asked in one go. Of a go in the past it is what he was asked then, since what was withdrawn later was
 * still drawn: whoever doubts a paper can have it drawn again.
 */
export async function drawnFor(
  tx: ReadTx,
  quiz: Pick<Quiz, 'pool' | 'quotas' | 'seed'>,
  { personId, number, startedAt }: Pick<Attempt, 'personId' | 'number' | 'startedAt'>,
): Promise<string[]> {
  const pool = await questionsOf(tx, quiz.pool)
  const there = pool.filter(({ withdrawn }) => withdrawn === null || withdrawn.at > startedAt)
  return draw(there, quiz.quotas, seedOf(quiz.seed, personId, number))
}
