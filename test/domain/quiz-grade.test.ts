import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOf } from '../../src/domain/question-key.ts'
import { type Gradable, mark, pointsFor, readGiven, scoreOf } from '../../src/domain/quiz-grade.ts'
import type { BankQuestion } from '../../src/store/collections.ts'

const four = ['甲', '乙', '丙', '丁']
const single: Gradable = { kind: '单选', options: four, answer: 'B' }
const multiple: Gradable = { kind: '多选', options: four, answer: 'ABD' }
const judgement: Gradable = { kind: '判断', options: [], answer: '对' }
const blank: Gradable = { kind: '填空', options: [], answer: ['24学时', '二十四学时'] }
const whole = { points: 10, partMarks: false }
const parts = { points: 10, partMarks: true }

describe('an answer as people type it', () => {
  it.each([
    'B',
    'b',
    'Ｂ',
    'ｂ',
    ' b ',
    'B.',
    'B。',
    'b、',
    'B B',
    'Ⓑ',
    '选B',
    '选 b',
    '我选B',
    '答案是B',
    '（B）',
    '(b)',
  ])('%j is B', said => expect(readGiven(single, said)).toEqual({ given: 'B' }))

  it.each([
    ...['BD', 'db', 'ＢＤ', 'B、D', 'b,d', 'B，D', 'B D', 'B　D', 'B和D', 'B及D', 'B；D', 'b/d', 'B.D', 'BDB', 'd-b'],
    ...['选BD', '选 B 和 D', 'B+D', 'B&D', 'B跟D', 'B与D'],
  ])('%j is BD', said => expect(readGiven(multiple, said)).toEqual({ given: 'BD' }))

  it.each([
    '对',
    '对。',
    '对的',
    '正确',
    '是',
    '是的',
    '√',
    '✓',
    '✔',
    'A',
    'a',
    'Ａ',
    'T',
    'true',
    'yes',
    '对！',
    '对 ',
  ])('%j is 对', said => expect(readGiven(judgement, said)).toEqual({ given: '对' }))

  it.each([
    '错',
    '错了',
    '错的',
    '错误',
    '不对',
    '不是',
    '不正确',
    '否',
    '×',
    '✗',
    '✘',
    'x',
    'Ｘ',
    'B',
    'b',
    'F',
    'no',
  ])('%j is 错', said => expect(readGiven(judgement, said)).toEqual({ given: '错' }))

  it.each([
    [single, 'E', '没有 E'],
    [single, 'AB', '只选一个'],
    [single, '乙', '没看懂'],
    [single, '9', '没有 I'],
    [single, '', '没有写'],
    [single, '　', '没有写'],
    [multiple, 'AE', '没有 E'],
    [multiple, '甲乙', '没看懂'],
    [judgement, '不知道', '判断题'],
    [judgement, 'C', '判断题'],
    [judgement, '对错', '判断题'],
    [blank, 'x'.repeat(201), '太长'],
    [single, 'x'.repeat(201), '太长'],
  ])('is refused with an example, and never counts: %# %j', (question, said, why) => {
    const read = readGiven(question, said)
    expect('refused' in read && read.refused).toContain(why)
    if ('refused' in read) expect(read.refused.match(/[。]/g)?.length ?? 0).toBeLessThanOrEqual(2)
  })

  it('is never a letter the question does not have, whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[A-Ha-hＡ-Ｈ、，和 ]{1,12}$/u)), said => {
        for (const question of [single, multiple]) {
          const read = readGiven(question, said)
          if ('given' in read) expect(read.given).toMatch(question === single ? /^[A-D]$/ : /^A?B?C?D?$/)
        }
      }),
    )
  })
})

describe('a mark', () => {
  it('is for the whole set of a 多选, in whatever order it was typed', () => {
    fc.assert(
      fc.property(fc.subarray(['A', 'B', 'C', 'D'], { minLength: 1 }), chosen => {
        const read = readGiven(multiple, fc.sample(fc.shuffledSubarray(chosen, { minLength: chosen.length }), 1).join())
        if (!('given' in read)) throw new Error('refused')
        const right = chosen.join('') === 'ABD'
        expect(mark(multiple, read.given, whole)).toEqual({ points: right ? 10 : 0, right })
      }),
    )
  })

  it('is a share, rounded down, where part marks are given and nothing wrong is among it', () => {
    const got = (given: string) => mark(multiple, given, parts)
    expect(got('A')).toEqual({ points: 3, right: false })
    expect(got('AD')).toEqual({ points: 6, right: false })
    expect(got('ABD')).toEqual({ points: 10, right: true })
    expect(got('ABCD')).toEqual({ points: 0, right: false })
    expect(got('C')).toEqual({ points: 0, right: false })
    expect(mark(single, 'A', parts)).toEqual({ points: 0, right: false })
  })

  it.each(['24学时', '24 学时', '２４学时', '24学时。', '二十四学时', '“24学时”'])('of a 填空 takes %j', given =>
    expect(mark(blank, given, whole)).toEqual({ points: 10, right: true }),
  )

  it.each(['23学时', '学时', '2.4学时', '240学时', '24'])('of a 填空 does not take %j', given =>
    expect(mark(blank, given, whole).right).toBe(false),
  )

  it('is never less than nothing nor more than the question is worth, and full exactly when right', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), fc.boolean(), (given, points, partMarks) => {
        for (const question of [single, multiple, judgement, blank]) {
          const got = mark(question, given, { points, partMarks })
          expect(got.points).toBeGreaterThanOrEqual(0)
          expect(got.points).toBeLessThanOrEqual(points)
          expect(got.points === points).toBe(got.right)
        }
      }),
    )
  })
})

const asked = (count: number, withdrawn: readonly number[] = []): BankQuestion[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{
      questionId: `t-${at}`,
      bankId: 'k-1',
      number: at,
      stem: `${at}`,
      stemKey: `${at}`,
      explanation: '',
      category: '',
    },
    ...{ ...single, options: four, answer: 'B', difficulty: '易', validFrom: null, validTo: null, corrections: [] },
    source: { law: '', article: null, edition: null },
    withdrawn: withdrawn.includes(at) ? { by: 'p', at: '2026-11-24T00:00:00.000Z', why: '' } : null,
  }))
const quiz = { quotas: [{ kind: '单选', difficulty: null, count: 5, points: 10 }], passMark: 60 } as const
const rules = { ...quiz, quotas: [...quiz.quotas] }
const got = (...points: number[]) => new Map(points.map((each, at) => [`t-${at}`, { points: each }]))

describe('a score', () => {
  it('is per cent of the points, rounded down; the pass mark itself passes', () => {
    expect(scoreOf(asked(5), got(10, 10, 10, 0, 0), rules)).toEqual({
      score: 60,
      passed: true,
    })
    expect(scoreOf(asked(3), got(10, 0, 0), rules)).toEqual({
      score: 33,
      passed: false,
    })
    expect(scoreOf(asked(3), got(10, 10, 0), rules)).toEqual({
      score: 66,
      passed: true,
    })
    expect(scoreOf(asked(5), new Map(), rules)).toEqual({ score: 0, passed: false })
  })

  it('leaves out what was withdrawn, for who had it right and for who had it wrong', () => {
    expect(scoreOf(asked(5, [3]), got(10, 10, 0, 0, 0), rules).score).toBe(50)
    expect(scoreOf(asked(5, [0]), got(10, 10, 0, 0, 0), rules).score).toBe(25)
    expect(scoreOf(asked(2, [0, 1]), got(0, 0), rules)).toEqual({ score: 100, passed: true })
  })

  it('is between 0 and 100, and never falls when a wrong one is withdrawn', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 20 }), rights => {
        const points = got(...rights.map(right => (right ? 10 : 0)))
        const before = scoreOf(asked(rights.length), points, rules).score
        expect(before).toBe(Math.floor((100 * rights.filter(Boolean).length) / rights.length))
        const wrong = rights.indexOf(false)
        if (wrong >= 0)
          expect(scoreOf(asked(rights.length, [wrong]), points, rules).score).toBeGreaterThanOrEqual(before)
      }),
    )
  })

  it('takes the points of the quota of that difficulty, else of the kind', () => {
    const quotas = [
      { kind: '单选', difficulty: '难', count: 1, points: 20 },
      { kind: '单选', difficulty: null, count: 1, points: 10 },
    ] as const
    expect(pointsFor(quotas, { kind: '单选', difficulty: '难' })).toBe(20)
    expect(pointsFor(quotas, { kind: '单选', difficulty: '易' })).toBe(10)
    expect(pointsFor(quotas, { kind: '多选', difficulty: '易' })).toBe(0)
  })
})

describe('a key as an officer types it', () => {
  it.each([
    [single, 'c', 'C'],
    [multiple, 'c、a', 'AC'],
    [judgement, '×', '错'],
    [blank, '2年|两年｜2年', ['2年', '两年']],
  ])('fits: %# %j is %j', (question, said, answer) => expect(keyOf(question, said)).toEqual({ answer }))

  it.each([
    [single, 'E', '没有 E'],
    [single, 'AB', '只选一个'],
    [multiple, 'A', '两个以上'],
    [multiple, 'AF', '没有 F'],
    [judgement, '也许', '判断题'],
    [blank, '2年|', '空的'],
  ])('does not fit: %# %j: %s', (question, said, why) => {
    const key = keyOf(question, said)
    expect('refused' in key && key.refused).toContain(why)
  })
})
