import { dayOf } from '../clock.ts'
import { quotasFor } from '../domain/quiz-draw.ts'
import { UserError } from '../errors.ts'
import type { BankQuestion, QuestionBank, Quota } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { bankNamed, validQuestions } from './banks.ts'

/** Which questions a quiz draws from. */

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
  const quotas = said.quotas.length > 0 ? said.quotas : quotasFor(pool, said.count ?? 0)
  if (quotas === null) {
    throw new UserError(`${found.map(({ name }) => name).join('、')} 只有 ${pool.length} 道能用的题。请减少题数再发。`)
  }
  for (const { kind, difficulty, count } of said.quotas) {
    const there = pool.filter(one => one.kind === kind && (difficulty === null || one.difficulty === difficulty)).length
    if (there < count) throw new UserError(`${kind}${difficulty ?? ''}只有 ${there} 道。请减少题数再发。`)
  }
  return { banks: found, questionIds: pool.map(({ questionId }) => questionId), quotas }
}
