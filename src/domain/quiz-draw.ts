import { createHash } from 'node:crypto'
import type { BankQuestion, QuestionKind, Quota } from '../store/collections.ts'

/** Which questions a person is asked: drawn from a seed that is kept, so that whoever doubts it can draw again. */

export type Drawable = Pick<BankQuestion, 'questionId' | 'kind' | 'difficulty'>

/** The seed of one go of one person. */
export const seedOf = (quizSeed: string, personId: string, number: number): string =>
  `${quizSeed}:${personId}:${number}`

/**
 * Question ids by the quotas in their order. The same seed and pool give the same questions, whatever the machine. Where the
 * pool has fewer of a kind than the quota wants, all of them.
 */
export function draw(pool: readonly Drawable[], quotas: readonly Quota[], seed: string): string[] {
  const random = randomOf(seed)
  const taken = new Set<string>()
  for (const { kind, difficulty, count } of quotas) {
    const left = pool.filter(
      one => one.kind === kind && (difficulty === null || one.difficulty === difficulty) && !taken.has(one.questionId),
    )
    for (const { questionId } of shuffled(left, random).slice(0, count)) taken.add(questionId)
  }
  return [...taken]
}

/** Fisher–Yates. */
function shuffled<T>(list: readonly T[], random: (below: number) => number): T[] {
  const copy = [...list]
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = random(last + 1)
    const [a, b] = [copy[last], copy[other]]
    if (a !== undefined && b !== undefined) [copy[last], copy[other]] = [b, a]
  }
  return copy
}

/** Whole numbers below a bound, out of SHA-256 over the seed and a counter. */
function randomOf(seed: string): (below: number) => number {
  let counter = 0
  return below => {
    // Beyond the last whole multiple the small numbers would come more often.
    const limit = Math.floor(2 ** 32 / below) * below
    for (;;) {
      counter += 1
      const value = createHash('sha256').update(`${seed}/${counter}`).digest().readUInt32BE(0)
      if (value < limit) return value % below
    }
  }
}

/** Of ten questions six 单选, two 多选, two 判断 (DOMAIN.md 10.2); 填空 where the others do not suffice. */
const SHARES: readonly (readonly [QuestionKind, number])[] = [
  ['单选', 6],
  ['多选', 2],
  ['判断', 2],
  ['填空', 0],
]

/** Every question counts the same where nothing else is said. */
export const POINTS = 10

/** `count` questions of what the pool has; null: it has fewer. */
export function quotasFor(pool: readonly Drawable[], count: number): Quota[] | null {
  const available = new Map(SHARES.map(([kind]) => [kind, pool.filter(one => one.kind === kind).length]))
  if (pool.length < count) return null
  const counts = new Map(
    SHARES.map(([kind, share]) => [kind, Math.min(available.get(kind) ?? 0, Math.floor((count * share) / 10))]),
  )
  const sum = () => [...counts.values()].reduce((total, one) => total + one, 0)
  while (sum() < count) {
    const next = SHARES.find(([kind]) => (counts.get(kind) ?? 0) < (available.get(kind) ?? 0))
    if (!next) return null
    counts.set(next[0], (counts.get(next[0]) ?? 0) + 1)
  }
  return [...counts].flatMap(([kind, many]) =>
    many > 0 ? [{ kind, difficulty: null, count: many, points: POINTS }] : [],
  )
}
