import type { Attempt, BankQuestion, Quiz } from '../store/collections.ts'
import { mark, pointsFor, scoreOf } from './quiz-grade.ts'

/** Marking anew; pure, so that it can be shown to give what marking from the start would have given. */

/** One go after a question changed, as if it had always been so; the same object where nothing is another than before. */
export function markedAgain(
  attempt: Attempt,
  quiz: Pick<Quiz, 'quotas' | 'passMark' | 'partMarks'>,
  question: BankQuestion,
  known: ReadonlyMap<string, BankQuestion>,
): Attempt {
  if (!attempt.questionIds.includes(question.questionId)) return attempt
  const { partMarks, quotas } = quiz
  const points = pointsFor(quotas, question)
  const answers = attempt.answers.map(each =>
    each.questionId === question.questionId ? { ...each, ...mark(question, each.given, { points, partMarks }) } : each,
  )
  const asked = attempt.questionIds.flatMap(questionId => known.get(questionId) ?? [])
  const byId = new Map(answers.map(each => [each.questionId, each]))
  const scored = attempt.finishedAt === null ? {} : scoreOf(asked, byId, quiz)
  const after = { ...attempt, answers, ...scored }
  return isSame(attempt, after) ? attempt : after
}

const isSame = (a: Attempt, b: Attempt): boolean =>
  a.score === b.score &&
  a.passed === b.passed &&
  a.answers.every((each, at) => each.points === b.answers[at]?.points && each.right === b.answers[at]?.right)
