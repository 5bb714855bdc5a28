import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { spellMoment } from '../clock.ts'
import { ownBranchId } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { type Attempt, attempts, type BankQuestion, type Quiz, questions, quizzes } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { isOpenNow, isOver } from './words.ts'

/** Which quizzes a person can take now, and how far he is with one. */

export interface Taking {
  quiz: Quiz
  finished: readonly Attempt[]
  /** Begun and not finished: nothing of it is lost, and it burns no try. */
  underWay: Attempt | null
  /** Of the go that would begin now. */
  number: number
}

/**
 * His own goes past his reach: whoever changed the branch has tries behind him there. What he left unfinished there is that
 * branch's, so he begins anew.
 */
export async function takingOf(tx: CommandReadTx, quiz: Quiz, personId: string): Promise<Taking> {
  const key = `${quiz.quizId}:${personId}`
  const all = await tx.township.find(attempts, 'mine', key)
  const within = await tx.find(attempts, 'mine', key)
  return {
    quiz,
    finished: all.filter(({ finishedAt }) => finishedAt !== null),
    underWay: within.find(({ finishedAt }) => finishedAt === null) ?? null,
    number: Math.max(0, ...all.map(({ number }) => number)) + 1,
  }
}

/** The best that counts; null: none is finished. */
export const bestOf = ({ finished }: Pick<Taking, 'finished'>): Attempt | null =>
  finished.reduce<Attempt | null>((best, one) => ((one.score ?? 0) > (best?.score ?? -1) ? one : best), null)

export const triesLeft = ({ quiz, finished }: Taking): number => quiz.attempts - finished.length

const closesFirst = (a: Quiz, b: Quiz): number =>
  a.closesAt.localeCompare(b.closesAt) || b.opensAt.localeCompare(a.opensAt)

/** Open ones of his branches that he has begun or has not passed yet, those that close first in front; of a row of days today's. */
export async function openFor(ctx: CommandContext, tx: CommandReadTx): Promise<Taking[]> {
  const found = new Map<string, Quiz>()
  for (const quiz of await tx.find(quizzes, 'branch', ownBranchId(ctx.person) ?? '')) {
    if (isOpenNow(quiz, ctx.now)) found.set(quiz.quizId, quiz)
  }
  const takings: Taking[] = []
  for (const quiz of [...found.values()].sort(closesFirst)) {
    const taking = await takingOf(tx, quiz, ctx.person.personId)
    const passed = taking.finished.some(attempt => attempt.passed)
    if (taking.underWay || (triesLeft(taking) > 0 && !passed)) takings.push(taking)
  }
  return takings
}

/** Throws UserError where it lies outside the speaker's reach. */
export async function quizById(tx: CommandReadTx, quizId: string): Promise<Quiz> {
  return (await tx.get(quizzes, quizId)) ?? refuseUnknown(quizId)
}

/** One that he may take: of his own branch, whatever posts he has elsewhere. Throws UserError. */
export async function ownQuiz(ctx: CommandContext, tx: CommandReadTx, quizId: string): Promise<Quiz> {
  const quiz = await quizById(tx, quizId)
  return quiz.branchIds.includes(ownBranchId(ctx.person) ?? '') ? quiz : refuseUnknown(quizId)
}

function refuseUnknown(quizId: string): never {
  throw new UserError(`没有这个编号：${quizId}。发“答题”可以看到能答的测验。`)
}

/** The newest within the speaker's reach. Throws UserError where there is none. */
export async function lastQuizOf(ctx: CommandContext, tx: CommandReadTx): Promise<Quiz> {
  const all = await tx.all(quizzes)
  const seen = ctx.audience?.branch
    ? all.filter(quiz => quiz.branchIds.includes(ctx.audience?.branch?.branchId ?? ''))
    : all
  // The days of a row are published together: the one meant is the last that has begun.
  const begun = seen.filter(({ opensAt }) => new Date(opensAt) <= ctx.now)
  const last = (begun.length > 0 ? begun : seen).toSorted((a, b) => (a.opensAt < b.opensAt ? -1 : 1)).at(-1)
  if (!last) throw new UserError('还没有发过测验。这样发：测验 发布 党章 5 截止日期')
  return last
}

export function refuseNotOpen(quiz: Quiz, now: Date): void {
  if (isOver(quiz, now))
    throw new UserError(`${quiz.quizId} ${quiz.title} 已经截止，不能再答。要看答案请发：答题 ${quiz.quizId}`)
  if (!isOpenNow(quiz, now))
    throw new UserError(`${quiz.quizId} ${quiz.title} 还没有开始，${spellMoment(new Date(quiz.opensAt))} 开。`)
}

export async function questionsOf(tx: ReadTx, ids: readonly string[]): Promise<BankQuestion[]> {
  const found: BankQuestion[] = []
  for (const questionId of ids) {
    const question = await tx.get(questions, questionId)
    if (question) found.push(question)
  }
  return found
}
