import type { Attempt, BranchFigures, QuizFigures } from '../store/collections.ts'

/** What organizers see of a quiz: totals, and what each question is worth as a question. Never a person's answers. */

const BANDS = 10
/** With fewer there is nothing to be read out of who knew it. */
const LEAST_TAKERS = 8

/**
 * `invited`: how many of each branch could take it, in branch order. `attempts`: of anybody; only finished ones count.
 * `withdrawn`: questions that count for nobody, neither themselves nor in the rest of a paper.
 */
export function figuresOf(
  attempts: readonly Attempt[],
  invited: readonly { branchId: string; people: number }[],
  withdrawn: ReadonlySet<string> = new Set(),
): QuizFigures {
  const finished = attempts.filter(({ finishedAt }) => finishedAt !== null)
  const last = lastOf(finished)
  const byBranch = new Map<string, Attempt[]>()
  for (const attempt of finished) {
    // Whoever changed the branch counts once, where he was last.
    const branchId = last.get(attempt.personId)?.branchId ?? attempt.branchId
    const others = byBranch.get(branchId)
    if (others) others.push(attempt)
    else byBranch.set(branchId, [attempt])
  }
  return {
    branches: invited.map(({ branchId, people }) => branchFigures(branchId, people, byBranch.get(branchId) ?? [])),
    questions: questionFigures(firstOf(finished), withdrawn),
  }
}

function branchFigures(branchId: string, invited: number, finished: readonly Attempt[]): BranchFigures {
  const best = new Map<string, Attempt>()
  for (const attempt of finished) {
    const before = best.get(attempt.personId)
    if (!before || (attempt.score ?? 0) > (before.score ?? 0)) best.set(attempt.personId, attempt)
  }
  const scores = [...best.values()].map(({ score }) => score ?? 0)
  const spread = Array.from({ length: BANDS }, () => 0)
  for (const score of scores) {
    const band = Math.min(BANDS - 1, Math.floor(score / BANDS))
    spread[band] = (spread[band] ?? 0) + 1
  }
  return {
    branchId,
    invited,
    taken: scores.length,
    passed: [...best.values()].filter(({ passed }) => passed === true).length,
    sum: scores.reduce((sum, score) => sum + score, 0),
    spread,
  }
}

function lastOf(finished: readonly Attempt[]): ReadonlyMap<string, Attempt> {
  const last = new Map<string, Attempt>()
  for (const attempt of finished) {
    const before = last.get(attempt.personId)
    if (!before || attempt.number > before.number) last.set(attempt.personId, attempt)
  }
  return last
}

/** A second go is practice: it says nothing of the question. */
function firstOf(finished: readonly Attempt[]): Attempt[] {
  const first = new Map<string, Attempt>()
  for (const attempt of finished) {
    const before = first.get(attempt.personId)
    if (!before || attempt.number < before.number) first.set(attempt.personId, attempt)
  }
  return [...first.values()]
}

interface Taken {
  right: boolean
  given: string
  /** Share of right answers among the other questions that this person had. */
  rest: number
}

function questionFigures(attempts: readonly Attempt[], withdrawn: ReadonlySet<string>): QuizFigures['questions'] {
  const taken = new Map<string, Taken[]>()
  for (const attempt of attempts) {
    const answers = attempt.answers.filter(({ questionId }) => !withdrawn.has(questionId))
    const others = attempt.questionIds.filter(questionId => !withdrawn.has(questionId)).length - 1
    const rights = answers.filter(({ right }) => right).length
    for (const { questionId, right, given } of answers) {
      const rest = others === 0 ? 0 : (rights - (right ? 1 : 0)) / others
      const had = taken.get(questionId)
      if (had) had.push({ right, given, rest })
      else taken.set(questionId, [{ right, given, rest }])
    }
  }
  return [...taken].map(([questionId, had]) => ({
    questionId,
    asked: had.length,
    right: had.filter(({ right }) => right).length,
    discrimination: had.length < LEAST_TAKERS ? null : discrimination(had),
    mostWrong: mostWrong(had),
  }))
}

/**
 * The correlation of having it right with the share of right answers in the rest of one's own paper (item-rest): everybody drew
 * other questions, so whole scores would not compare. Between -1 and 1; null where all, or none, had it right, or all rests are alike.
 */
export function discrimination(had: readonly Pick<Taken, 'right' | 'rest'>[]): number | null {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const rights = had.map(({ right }): number => (right ? 1 : 0))
  const rests = had.map(({ rest }) => rest)
  const [meanRight, meanRest] = [mean(rights), mean(rests)]
  const spreadOf = (values: readonly number[], middle: number) =>
    values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  const [spreadRight, spreadRest] = [spreadOf(rights, meanRight), spreadOf(rests, meanRest)]
  if (spreadRight === 0 || spreadRest === 0) return null
  const together = rights.reduce((sum, value, at) => sum + (value - meanRight) * ((rests[at] ?? 0) - meanRest), 0)
  return Math.round((100 * together) / Math.sqrt(spreadRight * spreadRest)) / 100
}

function mostWrong(had: readonly Taken[]): { given: string; times: number } | null {
  const times = new Map<string, number>()
  for (const { right, given } of had) if (!right) times.set(given, (times.get(given) ?? 0) + 1)
  const [most] = [...times].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return most ? { given: most[0], times: most[1] } : null
}

const FEW_RIGHT = 0.4

/** Few get it right, and those who know the rest least of all: the key is to be looked at, not the people. */
export const isDoubtful = ({ asked, right, discrimination: by }: QuizFigures['questions'][number]): boolean =>
  by !== null && by < 0 && right / asked <= FEW_RIGHT
