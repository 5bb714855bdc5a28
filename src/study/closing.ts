import { quizzes } from '../store/collections.ts'
import type { Tx } from '../store/records.ts'
import { closeQuiz, sumLine } from './figures.ts'
import { sumUpSeries } from './series-closing.ts'

/** The end of a quiz: the close, and the sums to who published it. */

/** False: it is not over yet, or was closed before. */
export async function closeDue(tx: Tx, quizId: string, asOf: Date): Promise<boolean> {
  const quiz = await tx.get(quizzes, quizId)
  const isRunning = quiz?.state === 'open' || (quiz?.state === 'scheduled' && quiz.series !== null)
  if (!quiz || !isRunning || new Date(quiz.closesAt) > asOf) return false
  const closed = await closeQuiz(tx, tx, quiz)
  if (closed.series) {
    await sumUpSeries(tx, tx, closed.series.seriesId)
    return true
  }
  const text = `${quizId} ${quiz.title} 已截止：${sumLine(closed.figures?.branches ?? [])}。\n看难题请发：测验 状态 ${quizId}`
  await tx.send({ text }, [quiz.by], { about: quizId, key: `${quizId}:closed` })
  return true
}
