import { addMinutes, dayOf, instantAt, minutesBetween } from '../clock.ts'
import { type Attempt, attempts, type Quiz, quizReminders, quizzes } from '../store/collections.ts'
import type { Tx } from '../store/records.ts'
import { closeQuiz, sumLine } from './figures.ts'
import { sumUpSeries } from './series-closing.ts'
import { deadlineOf, isOpenNow } from './words.ts'

/** The end of a quiz: one private word on its last day to who wants it, the close, and the sums to who published it. */

/** On the last day at ten; of a quiz that closes before noon, two hours ahead. */
export function remindsAt({ closesAt }: Pick<Quiz, 'closesAt'>): Date {
  const ends = new Date(closesAt)
  const ten = instantAt(dayOf(ends), '10:00')
  return minutesBetween(ten, ends) >= 120 ? ten : addMinutes(ends, -120)
}

/** Who began and did not finish, and who asked for it; nobody else is chased. Resolves with how many. */
export async function remindDue(tx: Tx, quizId: string, slot: Date): Promise<number> {
  const quiz = await tx.get(quizzes, quizId)
  if (!quiz || !isOpenNow(quiz, slot) || remindsAt(quiz) > slot) return 0
  // The words of that morning's final test say it of all the days.
  if (quiz.series) return 0
  const to = await whoWants(tx, quiz)
  const text = `${quiz.title}（${quizId}）${deadlineOf(quiz)} 截止。\n您还没有答完，想接着答请发：答题 ${quizId}`
  const sent = await tx.send({ text }, to, {
    about: quizId,
    key: `${quizId}:closing`,
    reminder: `quiz:${quizId}`,
    until: new Date(quiz.closesAt),
  })
  return sent ? to.length : 0
}

async function whoWants(tx: Tx, { quizId }: Quiz): Promise<string[]> {
  const began = (await tx.find(attempts, 'underWay', quizId)).map(({ personId }) => personId)
  const done = new Set((await tx.find(attempts, 'quiz', quizId)).filter(isFinished).map(({ personId }) => personId))
  const asked = (await tx.find(quizReminders, 'quiz', quizId)).map(({ personId }) => personId)
  return [...new Set([...began, ...asked.filter(personId => !done.has(personId))])]
}

const isFinished = ({ finishedAt }: Attempt): boolean => finishedAt !== null

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
