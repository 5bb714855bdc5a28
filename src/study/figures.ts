import { figuresOf, isDoubtful } from '../domain/quiz-figures.ts'
import { LEAST_SHOWN, shownBranches } from '../domain/quiz-privacy.ts'
import {
  type Attempt,
  attempts,
  type BankQuestion,
  type BranchFigures,
  branches,
  type Quiz,
  type QuizFigures,
  quizzes,
} from '../store/collections.ts'
import type { ReadTx, Tx } from '../store/records.ts'
import { hiddenKeys } from './hidden.ts'
import { questionsOf } from './open.ts'
import { invitedTo } from './publish.ts'
import { rightAnswer } from './words.ts'

/** What organizers see: how many, and what the questions are worth; never who, never a row of people. */

/** As they were frozen at the close; of an open quiz as they are now. */
export async function figuresNow(tx: ReadTx, quiz: Quiz): Promise<QuizFigures> {
  return quiz.figures ?? freshFigures(tx, quiz)
}

export async function freshFigures(tx: ReadTx, quiz: Quiz): Promise<QuizFigures> {
  const invited: { branchId: string; people: number }[] = []
  for (const branchId of quiz.branchIds) {
    invited.push({ branchId, people: (await invitedTo(tx, [branchId])).length })
  }
  return figuresOf(await tx.find(attempts, 'quiz', quiz.quizId), invited, await withdrawnOf(tx, quiz))
}

async function withdrawnOf(tx: ReadTx, { pool }: Quiz): Promise<ReadonlySet<string>> {
  const asked = await questionsOf(tx, pool)
  return new Set(asked.filter(({ withdrawn }) => withdrawn !== null).map(({ questionId }) => questionId))
}

/**
 * Those of a closed quiz after a question was withdrawn or corrected. Who could take it stays as it was at the close; where
 * answers are gone already (three months, or a person's were erased) the sums stay too: they could only become wrong. A
 * second go may be left of somebody whose first, and best, is gone.
 */
export async function figuresAgain(tx: ReadTx, quiz: Quiz, frozen: QuizFigures): Promise<QuizFigures> {
  const invited = frozen.branches.map(({ branchId, invited: people }) => ({ branchId, people }))
  const left = await tx.find(attempts, 'quiz', quiz.quizId)
  const fresh = figuresOf(left, invited, await withdrawnOf(tx, quiz))
  return takenIn(fresh) < takenIn(frozen) || !hasFirstGoes(left) ? frozen : fresh
}

const hasFirstGoes = (left: readonly Attempt[]): boolean => {
  const first = new Set(left.filter(({ number }) => number === 1).map(({ personId }) => personId))
  return left.every(({ personId }) => first.has(personId))
}

const takenIn = (figures: QuizFigures): number => figures.branches.reduce((sum, { taken }) => sum + taken, 0)

/** Closes it: what is under way stays unfinished and counts for nothing. One that never opened is cancelled. */
export async function closeQuiz(tx: Tx, township: ReadTx, quiz: Quiz): Promise<Quiz> {
  const closesAt = new Date(quiz.closesAt) < tx.now ? quiz.closesAt : tx.now.toISOString()
  const state = quiz.state === 'scheduled' ? 'cancelled' : 'closed'
  return tx.put(quizzes, { ...quiz, state, closesAt, figures: await freshFigures(township, quiz) })
}

/** '参加 12/38 人，合格 10 人，平均 83 分'; of one or two people their sums would be their scores. */
export function sumLine(some: readonly BranchFigures[], isShown = true): string {
  const sum = (of: 'invited' | 'taken' | 'passed' | 'sum') => some.reduce((total, each) => total + each[of], 0)
  const taken = sum('taken')
  const there = `参加 ${taken}/${sum('invited')} 人`
  if (taken === 0) return there
  if (taken < LEAST_SHOWN) return `${there}（满 ${LEAST_SHOWN} 人才算合格和平均）`
  if (!isShown) return `${there}（有支部人少，合格和平均只算全镇的）`
  return `${there}，合格 ${sum('passed')} 人，平均 ${Math.round(sum('sum') / taken)} 分`
}

/** '得分分布：0-59 2 人，60-79 5 人，80-100 5 人'; '' where that would say who. */
export function spreadLine(some: readonly BranchFigures[]): string {
  if (some.reduce((sum, { taken }) => sum + taken, 0) < LEAST_SHOWN) return ''
  const bands = some.reduce<number[]>((total, { spread }) => spread.map((count, at) => count + (total[at] ?? 0)), [])
  const part = (from: number, to: number) => bands.slice(from, to).reduce((total, count) => total + count, 0)
  return `得分分布：0-59 ${part(0, 6)} 人，60-79 ${part(6, 8)} 人，80-100 ${part(8, 10)} 人`
}

const MOST_SHOWN = 5

/** The questions that fewest got right, the doubtful ones marked. `keyless`: officers take part too, and the key is not out yet. */
export async function hardestLines(tx: ReadTx, figures: QuizFigures, keyless: boolean): Promise<string[]> {
  const known = figures.questions.filter(({ asked }) => asked >= LEAST_SHOWN)
  const hardest = known
    .toSorted((a, b) => a.right / a.asked - b.right / b.asked || b.asked - a.asked)
    .filter(one => one.right < one.asked)
    .slice(0, MOST_SHOWN)
  const hidden = await hiddenKeys(tx, tx.now)
  const lines: string[] = []
  for (const one of hardest) {
    const [question] = await questionsOf(tx, [one.questionId])
    if (!question) continue
    const doubt = isDoubtful(one) ? '　可疑题目，请对照出处核对答案' : ''
    lines.push(
      `${one.questionId} ${question.stem}（${shareLine(question, one, keyless || hidden.has(one.questionId))}）${doubt}`,
    )
  }
  return lines
}

function shareLine(question: BankQuestion, one: QuizFigures['questions'][number], keyless: boolean): string {
  const share = `答对 ${Math.round((100 * one.right) / one.asked)}%`
  if (keyless) return share
  const wrong = one.mostWrong ? `，错得最多的：${one.mostWrong.given}` : ''
  return `${share}${wrong}；答案 ${rightAnswer(question)}`
}

/** A line a branch, in branch order. */
export async function branchLines(tx: ReadTx, figures: QuizFigures): Promise<string[]> {
  const shown = shownBranches(figures.branches)
  const named: { number: number; line: string }[] = []
  for (const each of figures.branches) {
    const branch = await tx.get(branches, each.branchId)
    named.push({
      number: branch?.number ?? 0,
      line: `${branch?.name ?? ''}：${sumLine([each], shown.has(each.branchId))}`,
    })
  }
  return named.sort((a, b) => a.number - b.number).map(({ line }) => line)
}
