import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Drawable, draw, POINTS, quotasFor, seedOf } from '../../src/domain/quiz-draw.ts'
import { DIFFICULTIES, QUESTION_KINDS, type Quota } from '../../src/store/collections.ts'

const ids = (count: number, kind: Drawable['kind'] = '单选', difficulty: Drawable['difficulty'] = '易'): Drawable[] =>
  Array.from({ length: count }, (_, at) => ({ questionId: `${kind}-${difficulty}-${at}`, kind, difficulty }))
const quota = (kind: Quota['kind'], count: number, difficulty: Quota['difficulty'] = null): Quota => ({
  ...{ kind, difficulty, count, points: POINTS },
})

const pools = fc
  .array(fc.record({ kind: fc.constantFrom(...QUESTION_KINDS), difficulty: fc.constantFrom(...DIFFICULTIES) }), {
    maxLength: 60,
  })
  .map(all => all.map((one, at): Drawable => ({ ...one, questionId: `t-${at}` })))
const quotaLists = fc.array(
  fc.record({
    kind: fc.constantFrom(...QUESTION_KINDS),
    difficulty: fc.option(fc.constantFrom(...DIFFICULTIES)),
    count: fc.integer({ min: 1, max: 20 }),
    points: fc.constant(POINTS),
  }),
  { minLength: 1, maxLength: 5 },
)

describe('a drawing', () => {
  it('gives the same questions for the same seed, in the same order', () => {
    fc.assert(
      fc.property(pools, quotaLists, fc.string(), (pool, quotas, seed) => {
        expect(draw(pool, quotas, seed)).toEqual(draw(structuredClone(pool), structuredClone(quotas), seed))
      }),
    )
  })

  it('is the same on every machine and in every release: a known vector', () => {
    expect(draw(ids(10), [quota('单选', 4)], seedOf('00ff', 'p-7', 2))).toEqual(KNOWN)
  })

  it('never gives one twice, nothing from outside the pool, and as many of each quota as there are', () => {
    fc.assert(
      fc.property(pools, quotaLists, fc.string(), (pool, quotas, seed) => {
        const drawn = draw(pool, quotas, seed)
        expect(new Set(drawn).size).toBe(drawn.length)
        const taken = new Set<string>()
        let at = 0
        for (const { kind, difficulty, count } of quotas) {
          const fits = (one: Drawable) => one.kind === kind && (difficulty === null || one.difficulty === difficulty)
          const left = pool.filter(one => fits(one) && !taken.has(one.questionId))
          const mine = drawn.slice(at, at + Math.min(count, left.length))
          expect(mine).toHaveLength(Math.min(count, left.length))
          for (const id of mine) {
            expect(left.map(({ questionId }) => questionId)).toContain(id)
            taken.add(id)
          }
          at += mine.length
        }
        expect(at).toBe(drawn.length)
      }),
    )
  })

  it('takes every question about as often, and puts it in every place about as often', () => {
    const pool = ids(20)
    const times = new Map<string, number>()
    const first = new Map<string, number>()
    const rounds = 4000
    for (let person = 0; person < rounds; person += 1) {
      const drawn = draw(pool, [quota('单选', 5)], seedOf('seed', `p-${person}`, 1))
      for (const id of drawn) times.set(id, (times.get(id) ?? 0) + 1)
      first.set(drawn[0] ?? '', (first.get(drawn[0] ?? '') ?? 0) + 1)
    }
    // Expected 1,000 with a deviation of sqrt(4000 · 1/4 · 3/4) = 27, and 200 with 14: five deviations either way.
    for (const { questionId } of pool) {
      expect(Math.abs((times.get(questionId) ?? 0) - 1000)).toBeLessThan(137)
      expect(Math.abs((first.get(questionId) ?? 0) - 200)).toBeLessThan(69)
    }
  })

  it('is another one for another person, another go and another quiz', () => {
    const drawn = (seed: string) => draw(ids(50), [quota('单选', 10)], seed).join()
    const all = [seedOf('a', 'p-1', 1), seedOf('a', 'p-2', 1), seedOf('a', 'p-1', 2), seedOf('b', 'p-1', 1)].map(drawn)
    expect(new Set(all).size).toBe(4)
  })
})

const KNOWN = ['单选-易-6', '单选-易-1', '单选-易-5', '单选-易-0']

describe('the quotas of a number of questions', () => {
  it('are six 单选, two 多选 and two 判断 of ten', () => {
    const pool = [...ids(10), ...ids(10, '多选'), ...ids(10, '判断'), ...ids(10, '填空')]
    expect(quotasFor(pool, 10)).toEqual([quota('单选', 6), quota('多选', 2), quota('判断', 2)])
    expect(quotasFor(pool, 5)).toEqual([quota('单选', 3), quota('多选', 1), quota('判断', 1)])
    expect(quotasFor(pool, 1)).toEqual([quota('单选', 1)])
  })

  it('take what there is: 填空 last, null where the pool is too small', () => {
    const pool = [...ids(2), ...ids(1, '多选'), ...ids(3, '填空')]
    expect(quotasFor(pool, 6)).toEqual([quota('单选', 2), quota('多选', 1), quota('填空', 3)])
    expect(quotasFor(pool, 7)).toBeNull()
    expect(quotasFor([], 1)).toBeNull()
  })

  it('always sum up to the number, never more of a kind than there are, and can be drawn whole', () => {
    fc.assert(
      fc.property(pools, fc.integer({ min: 1, max: 70 }), (pool, count) => {
        const quotas = quotasFor(pool, count)
        expect(quotas === null).toBe(pool.length < count)
        if (quotas === null) return
        expect(quotas.reduce((sum, one) => sum + one.count, 0)).toBe(count)
        expect(draw(pool, quotas, 'seed')).toHaveLength(count)
      }),
    )
  })
})
