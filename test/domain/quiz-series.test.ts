import { describe, expect, it } from 'vitest'
import { dealOut, hardest, readSeriesSaid, sumQuestions } from '../../src/domain/quiz-series.ts'

/** Tuesday. */
const NOW = new Date('2026-11-24T10:00:00+08:00')
const read = (text: string) => readSeriesSaid(text, NOW)

describe('what is said of a row of days', () => {
  it.each([
    ['廉政 5 11-30 12-4'],
    ['廉政 5题 从11月30日到12月4日'],
    ['廉政 5 11月30日 周一 至 12月4日 周五'],
    ['廉政 ５ 下周一 周五'],
    ['廉政 5 每天 11-30～12-4'],
  ])('%s', text => {
    expect(read(text)).toMatchObject({ banks: ['廉政'], count: 5, from: '2026-11-30', to: '2026-12-04' })
  })

  it('takes several banks, leaves out days off, and works on a Saturday that is worked', () => {
    expect(read('党章+廉政、党费 4 今天 11-30')).toEqual({
      banks: ['党章', '廉政', '党费'],
      count: 4,
      from: '2026-11-24',
      to: '2026-11-30',
      days: ['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-30'],
    })
    const worked = readSeriesSaid('廉政 5 2026-10-09 2026-10-12', new Date('2026-09-24T10:00:00+08:00'))
    expect(worked).toMatchObject({ days: ['2026-10-09', '2026-10-10', '2026-10-12'] })
  })

  it('goes over the turn of the year', () => {
    const said = readSeriesSaid('廉政 5 12-28 1-5', new Date('2026-12-20T10:00:00+08:00'))
    expect(said).toMatchObject({ from: '2026-12-28', to: '2027-01-05' })
    expect(said).toMatchObject({ days: expect.not.arrayContaining(['2027-01-01']) })
  })
})

const question = (at: number, kind: '单选' | '多选' | '判断') => ({
  questionId: `t-${at}`,
  kind,
  difficulty: '易' as const,
})

describe('a bank that is dealt out', () => {
  it('gives every day as many, of every kind, and none twice', () => {
    const pool = Array.from({ length: 26 }, (_, at) => question(at, at < 12 ? '单选' : at < 19 ? '多选' : '判断'))
    const hands = dealOut(pool, 4, 5) ?? []
    expect(hands.map(hand => hand.length)).toEqual([7, 7, 6, 6])
    expect(new Set(hands.flat()).size).toBe(26)
    for (const hand of hands) {
      for (const kind of ['单选', '多选', '判断'])
        expect(hand.filter(one => one.kind === kind).length).toBeGreaterThan(0)
    }
  })

  it('is not where a day would have too few', () => {
    expect(dealOut([question(1, '单选'), question(2, '单选')], 2, 2)).toBeNull()
  })
})

describe('questions over several days', () => {
  const one = (questionId: string, asked: number, right: number, discrimination: number | null = null, times = 0) => ({
    ...{ questionId, asked, right, discrimination },
    mostWrong: times > 0 ? { given: `${times}`, times } : null,
  })

  it('are added up; what was doubtful on one day stays so', () => {
    const sums = sumQuestions([
      { branches: [], questions: [one('t-1', 10, 2, -0.4, 5), one('t-2', 2, 1)] },
      { branches: [], questions: [one('t-1', 4, 4, null, 2)] },
    ])
    expect(sums).toEqual([
      { questionId: 't-1', asked: 14, right: 6, mostWrong: { given: '5', times: 5 }, doubtful: true },
      { questionId: 't-2', asked: 2, right: 1, mostWrong: null, doubtful: false },
    ])
    expect(hardest(sums).map(({ questionId }) => questionId)).toEqual(['t-1'])
  })
})
