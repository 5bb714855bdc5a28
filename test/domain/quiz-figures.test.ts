import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { discrimination, figuresOf, isDoubtful } from '../../src/domain/quiz-figures.ts'
import type { Attempt } from '../../src/store/collections.ts'

/** '+a' right, '-b' wrong (B was given), 'c' asked and not answered. */
function paper(personId: string, questions: string, more: Partial<Attempt> = {}): Attempt {
  const asked = questions.split(' ')
  const answers = asked.flatMap(each => {
    const right = each.startsWith('+')
    if (!right && !each.startsWith('-')) return []
    return [{ questionId: each.slice(1), given: right ? 'A' : 'B', points: right ? 10 : 0, right, at: AT }]
  })
  const score = Math.floor((100 * answers.filter(({ right }) => right).length) / asked.length)
  return {
    ...{ quizId: 'q-1', personId, branchId: 'b-1', group: null, number: 1, startedAt: AT, finishedAt: AT },
    ...{ questionIds: asked.map(each => each.replace(/^[+-]/, '')), answers, score, passed: score >= 60 },
    ...more,
  }
}
const AT = '2026-11-24T02:00:00.000Z'
const of = (questionId: string, attempts: readonly Attempt[], withdrawn: readonly string[] = []) =>
  figuresOf(attempts, [], new Set(withdrawn)).questions.find(one => one.questionId === questionId)

/**
 * Eight people, each with x and three others of six (a-f): no two have the same paper. The rest is the share of right ones
 * among the three others.
 *
 *   who  x  others      rest      R = right (0/1), r = rest in thirds
 *   1    1  +a +b +c    3/3
 *   2    1  +a +b -d    2/3
 *   3    1  +a -c +e    2/3
 *   4    1  -b +d -f    1/3
 *   5    0  +c +d -e    2/3
 *   6    0  -a +e -f    1/3
 *   7    0  -b -c +f    1/3
 *   8    0  -d -e -f    0/3
 *
 * Mean of R = 4/8 = 1/2. Sum of r = 3+2+2+1+2+1+1+0 = 12, mean = 12/8 = 3/2 (thirds; the unit falls out of a correlation).
 * Sum (R - 1/2)(r - 3/2): as R - 1/2 = ±1/2 that is 1/2 · [(3+2+2+1) - (2+1+1+0)] = 1/2 · (8 - 4) = 2.
 * Sum (R - 1/2)² = 8 · 1/4 = 2.
 * Sum (r - 3/2)² = (9 + 1 + 1 + 1 + 1 + 1 + 1 + 9)/4 = 24/4 = 6.
 * Correlation = 2 / sqrt(2 · 6) = 2 / sqrt(12) = 2 / 3.4641 = 0.57735 → 0.58.
 */
const EIGHT = [
  ['+x', '+a +b +c'],
  ['+x', '+a +b -d'],
  ['+x', '+a -c +e'],
  ['+x', '-b +d -f'],
  ['-x', '+c +d -e'],
  ['-x', '-a +e -f'],
  ['-x', '-b -c +f'],
  ['-x', '-d -e -f'],
] as const
const papers = EIGHT.map(([x, others], at) => paper(`p-${at}`, `${x} ${others}`))

describe('the discrimination of a question', () => {
  it('is the correlation with the rest of each one’s own paper, as worked out by hand', () => {
    expect(new Set(papers.map(({ questionIds }) => questionIds.join())).size).toBe(8)
    expect(of('x', papers)).toEqual({
      questionId: 'x',
      asked: 8,
      right: 4,
      discrimination: 0.58,
      mostWrong: { given: 'B', times: 4 },
    })
  })

  /**
   * The same people where whoever knows the rest gets x wrong: R is turned round, so the sum of products changes its sign
   * and nothing else: -0.58. Half had it right, which is not few: not doubtful.
   */
  it('turns its sign where those who know the rest get it wrong', () => {
    const turned = EIGHT.map(([x, others], at) => paper(`p-${at}`, `${x === '+x' ? '-x' : '+x'} ${others}`))
    const figures = of('x', turned)
    expect(figures?.discrimination).toBe(-0.58)
    expect(figures && isDoubtful(figures)).toBe(false)
  })

  /**
   * Right: 6, 7 and 8 alone. Mean of R = 3/8. Sum of R·r = 1 + 1 + 0 = 2; minus 8 · 3/8 · 3/2 = 4.5: -2.5.
   * Sum (R - 3/8)² = 3 - 8 · 9/64 = 3 - 1.125 = 1.875; Sum (r - 3/2)² = 6. -2.5 / sqrt(11.25) = -2.5 / 3.3541 = -0.745 → -0.75.
   * 3 of 8 = 37.5% right, at most 40%: doubtful.
   */
  it('below zero, with few who get it right, is doubtful', () => {
    const few = EIGHT.map(([, others], at) => paper(`p-${at}`, `${at >= 5 ? '+x' : '-x'} ${others}`))
    const figures = of('x', few)
    expect(figures?.discrimination).toBe(-0.75)
    expect(figures && isDoubtful(figures)).toBe(true)
  })

  it('is none with fewer than eight, where all had it right, or where all rests are alike', () => {
    expect(of('x', papers.slice(1))?.discrimination).toBeNull()
    expect(
      of(
        'x',
        EIGHT.map(([, others], at) => paper(`p-${at}`, `+x ${others}`)),
      )?.discrimination,
    ).toBeNull()
    expect(
      of(
        'x',
        EIGHT.map(([x], at) => paper(`p-${at}`, `${x} +a`)),
      )?.discrimination,
    ).toBeNull()
    expect(
      of(
        'x',
        EIGHT.map(([x], at) => paper(`p-${at}`, x)),
      )?.discrimination,
    ).toBeNull()
  })

  it('is of the first goes alone, whatever order they come in', () => {
    const second = papers.map(({ personId }) => paper(personId, '+x -a -b -c', { number: 2 }))
    expect(of('x', [...second, ...papers])).toEqual(of('x', papers))
  })

  it('leaves out what was withdrawn, in the rest too', () => {
    const without = EIGHT.map(([x, others], at) =>
      paper(`p-${at}`, [x, ...others.split(' ').filter(each => !/a/.test(each))].join(' ')),
    )
    expect(of('x', papers, ['a'])).toEqual(of('x', without))
    expect(of('a', papers, ['a'])).toBeUndefined()
  })

  it('is between -1 and 1, or none', () => {
    const had = fc.array(fc.record({ right: fc.boolean(), rest: fc.double({ min: 0, max: 1, noNaN: true }) }), {
      minLength: 2,
    })
    fc.assert(
      fc.property(had, all => {
        const by = discrimination(all)
        if (by === null) return
        expect(Math.abs(by)).toBeLessThanOrEqual(1)
        expect(discrimination(all.map(one => ({ ...one, right: !one.right })))).toBeCloseTo(-by, 1)
      }),
    )
  })
})

describe('the wrong answer given most', () => {
  it('is the most frequent, of two alike the first letter; none where nobody was wrong', () => {
    const wrong = (given: string, at: number) => {
      const one = paper(`p-${at}`, '-x')
      return { ...one, answers: one.answers.map(each => ({ ...each, given })) }
    }
    expect(of('x', ['C', 'D', 'D'].map(wrong))?.mostWrong).toEqual({ given: 'D', times: 2 })
    expect(of('x', ['D', 'C'].map(wrong))?.mostWrong).toEqual({ given: 'C', times: 1 })
    expect(of('x', [paper('p-1', '+x')])?.mostWrong).toBeNull()
  })
})

describe('the sums of a branch', () => {
  it('are of the best of each, by branch, without what is unfinished', () => {
    const figures = figuresOf(
      [
        paper('p-1', '+a -b'),
        paper('p-1', '+a +b', { number: 2 }),
        paper('p-2', '-a -b'),
        paper('p-3', '+a b', { finishedAt: null, score: null, passed: null }),
        paper('p-9', '+a +b', { branchId: 'b-2' }),
      ],
      [
        { branchId: 'b-1', people: 20 },
        { branchId: 'b-2', people: 5 },
        { branchId: 'b-3', people: 7 },
      ],
    )
    const none = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    expect(figures.branches).toEqual([
      { branchId: 'b-1', invited: 20, taken: 2, passed: 1, sum: 100, spread: none.with(0, 1).with(9, 1) },
      { branchId: 'b-2', invited: 5, taken: 1, passed: 1, sum: 100, spread: none.with(9, 1) },
      { branchId: 'b-3', invited: 7, taken: 0, passed: 0, sum: 0, spread: none },
    ])
    expect(JSON.stringify(figures)).not.toMatch(/p-\d/)
  })

  it('of 10,000 take a moment', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => {
      const { answers, ...one } = papers[at % 8] ?? paper('p', '+x')
      return { ...one, answers, personId: `p-${at}` }
    })
    const began = performance.now()
    expect(figuresOf(many, [{ branchId: 'b-1', people: 10_000 }]).branches[0]?.taken).toBe(10_000)
    expect(performance.now() - began).toBeLessThan(500)
  })
})
