import { LEAST_SHOWN, shownBranches } from '../domain/quiz-privacy.ts'
import { hardest, type QuestionSum, sumQuestions } from '../domain/quiz-series.ts'
import { attempts, type BranchFigures, branches, type QuizFigures } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { figuresNow } from './figures.ts'
import type { Series } from './series-words.ts'

/** What is known of a row of days as sums: how many, by branch and by day, and which questions are to be taught. */

export interface Sums {
  invited: number
  taken: number
  passed: number
  /** Points of the best scores. */
  sum: number
}

export interface BranchRow {
  branchId: string
  name: string
  /** Took at least one day. */
  took: number
  final: Sums
  /** False: its results beside the total would tell those of a branch with one or two takers. */
  isShown: boolean
}

export interface SeriesFigures {
  /** In branch order. */
  branches: readonly BranchRow[]
  /** Each day by itself, of the branches above. */
  days: readonly Sums[]
  hard: readonly QuestionSum[]
}

type Took = readonly { branchId: string; people: number }[]

/** `branchIds`: whose rows the reader may see; the questions are everybody's, since they say nothing of a branch. */
export async function seriesFigures(
  tx: ReadTx,
  series: Series,
  branchIds: readonly string[] = series.final.branchIds,
): Promise<SeriesFigures> {
  const figures: QuizFigures[] = []
  for (const quiz of series.days) figures.push(await figuresNow(tx, quiz))
  const took = series.final.series?.took ?? (await tookPart(tx, series))
  const last = figures.at(-1)?.branches ?? []
  const named: (Omit<BranchRow, 'isShown'> & { number: number })[] = []
  for (const branchId of series.final.branchIds.filter(each => branchIds.includes(each))) {
    const branch = await tx.get(branches, branchId)
    named.push({
      ...{ branchId, name: branch?.name ?? '', number: branch?.number ?? 0 },
      took: took.find(each => each.branchId === branchId)?.people ?? 0,
      final: add(last.filter(each => each.branchId === branchId)),
    })
  }
  const shown = shownBranches(named.map(({ branchId, final }) => ({ branchId, taken: final.taken })))
  return {
    branches: named
      .toSorted((a, b) => a.number - b.number)
      .map(each => ({ ...each, isShown: shown.has(each.branchId) })),
    days: figures.map(day => add(day.branches.filter(each => branchIds.includes(each.branchId)))),
    hard: hardest(sumQuestions(figures)),
  }
}

/** Whoever finished one of the days, once each: kept at the close, since the answers go after three months. */
export async function tookPart(tx: ReadTx, { days, final }: Series): Promise<Took> {
  const people = new Map<string, Set<string>>(final.branchIds.map(branchId => [branchId, new Set<string>()]))
  for (const { quizId } of days) {
    for (const { branchId, personId, finishedAt } of await tx.find(attempts, 'quiz', quizId)) {
      if (finishedAt !== null) people.get(branchId)?.add(personId)
    }
  }
  return [...people].map(([branchId, who]) => ({ branchId, people: who.size }))
}

export function add(some: readonly (Sums | BranchFigures)[]): Sums {
  const total = (of: keyof Sums) => some.reduce((sum, each) => sum + each[of], 0)
  return { invited: total('invited'), taken: total('taken'), passed: total('passed'), sum: total('sum') }
}

/** A score is the person's own: of one or two takers nothing is said but that they took it. */
export const isShown = ({ taken }: Sums): boolean => taken >= LEAST_SHOWN
export const averageOf = ({ sum, taken }: Sums): number => Math.round(sum / taken)
