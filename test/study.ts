import { attempts, type BankQuestion, people, type Quiz, questions, quizzes } from '../src/store/collections.ts'
import type { TestBot } from './bot.ts'

/** What tests of quizzes look at, and set up, behind the conversation. */

export const quizOf = async (bot: TestBot, quizId = 'q-1'): Promise<Quiz> => {
  const quiz = await bot.service.store.read(tx => tx.get(quizzes, quizId))
  if (!quiz) throw new Error(`no quiz ${quizId}`)
  return quiz
}

export const attemptsOf = (bot: TestBot, quizId = 'q-1') =>
  bot.service.store.read(tx => tx.find(attempts, 'quiz', quizId))

export async function questionOf(bot: TestBot, questionId: string): Promise<BankQuestion> {
  const question = await bot.service.store.read(tx => tx.get(questions, questionId))
  if (!question) throw new Error(`no question ${questionId}`)
  return question
}

export const personIdOf = (userId: string, bot: TestBot): Promise<string> =>
  bot.service.store.read(async tx => {
    return (await tx.getBy(people, 'userId', userId))?.personId ?? ''
  })

/** The question this person is asked next. */
export async function askedNow(bot: TestBot, userId: string, quizId = 'q-1'): Promise<BankQuestion> {
  const personId = await personIdOf(userId, bot)
  const mine = (await attemptsOf(bot, quizId)).find(one => one.personId === personId && one.finishedAt === null)
  const done = new Set(mine?.answers.map(({ questionId }) => questionId))
  for (const questionId of mine?.questionIds ?? []) {
    const question = await questionOf(bot, questionId)
    if (!done.has(questionId) && question.withdrawn === null) return question
  }
  throw new Error(`${userId} is asked nothing`)
}

export const rightFor = ({ answer }: BankQuestion): string => (Array.isArray(answer) ? (answer[0] ?? '') : answer)

export function wrongFor({ kind, answer }: BankQuestion): string {
  if (kind === '填空') return '不知道'
  if (kind === '判断') return answer === '对' ? '错' : '对'
  if (kind === '多选') return answer === 'AB' ? 'AC' : 'AB'
  return answer === 'A' ? 'B' : 'A'
}

/** Answers all that is left; `right`: by the number of the question, from 0. Resolves with everything that was said back. */
export async function answersAll(
  bot: TestBot,
  userId: string,
  right: (at: number, question: BankQuestion) => boolean,
  quizId = 'q-1',
): Promise<string[]> {
  const said: string[] = []
  for (let at = 0; ; at += 1) {
    const question = await askedNow(bot, userId, quizId)
    const reply = await bot.says(userId, right(at, question) ? rightFor(question) : wrongFor(question))
    said.push(reply)
    if (/得分 \d+/.test(reply)) return said
    if (at > 100) throw new Error(reply)
  }
}
