import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { UserError } from '../errors.ts'
import type { Attempt, BankQuestion, Quiz } from '../store/collections.ts'
import { bestOf, questionsOf, takingOf } from './open.ts'
import { noteWrong } from './review.ts'
import { explained, rightAnswer } from './words.ts'

/** 答题 of a quiz that is over: one's own result and the right answers, for oneself alone. */

export async function resultOf(ctx: CommandContext, tx: CommandTx, quiz: Quiz): Promise<Answer> {
  const taking = await takingOf(tx, quiz, ctx.person.personId)
  const best = bestOf(taking)
  const shown = best ?? taking.underWay
  if (!shown) throw new UserError(`${quiz.quizId} ${quiz.title} 已经截止，不能再答。有新的会在这里告诉您。`)
  const asked = await questionsOf(tx.township, shown.questionIds)
  const wrong = wrongIn(shown, asked)
  for (const { question } of wrong) await noteWrong(ctx, tx, question)
  const score = best
    ? `您最好 ${best.score} 分，${best.passed ? '合格' : `没有到 ${quiz.passMark} 分`}`
    : '您没有答完，不算'
  const next = wrong.length === 0 ? '答了的都对。' : '答错的题和正确答案：'
  return { text: [`${quiz.quizId} ${quiz.title} 已经截止，${score}。${next}`, ...wrong.map(wrongLines)].join('\n') }
}

interface Wrong {
  at: number
  question: BankQuestion
  given: string
}

function wrongIn({ answers }: Attempt, asked: readonly BankQuestion[]): Wrong[] {
  const given = new Map(answers.filter(({ right }) => !right).map(each => [each.questionId, each.given]))
  return asked.flatMap((question, at) => {
    const said = given.get(question.questionId)
    return said === undefined || question.withdrawn ? [] : [{ at: at + 1, question, given: said }]
  })
}

const wrongLines = ({ at, question, given }: Wrong): string =>
  `${at}. ${question.stem}\n您答：${given}；正确答案：${rightAnswer(question)}\n${explained(question)}`
