import { quizzes } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { hidesKey } from './words.ts'

/**
 * questionId to the open quiz that tells its key only after the close. Officers take part like everybody, so no paper of
 * another quiz or of the bank says it before. Give it `tx.township`: the quiz may be another branch's.
 */
export async function hiddenKeys(tx: ReadTx, now: Date): Promise<ReadonlyMap<string, string>> {
  const hiding = (await tx.find(quizzes, 'open', 'yes')).filter(quiz => hidesKey(quiz, now))
  return new Map(hiding.flatMap(({ pool, quizId }) => pool.map((questionId): [string, string] => [questionId, quizId])))
}

export const keyLater = (quizId: string): string => `答案在 ${quizId} 截止以后才能看`
