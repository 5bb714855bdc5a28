import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markedAgain } from '../../src/domain/quiz-again.ts'
import { mark, scoreOf } from '../../src/domain/quiz-grade.ts'
import type { Attempt, BankQuestion } from '../../src/store/collections.ts'

const AT = '2026-11-24T02:00:00.000Z'
const KEYS = ['A', 'B', 'C', 'D']
const SETS = ['AB', 'AC', 'BD', 'ABC', 'BCD']
const quiz = {
  quotas: [
    { kind: '单选', difficulty: null, count: 3, points: 10 },
    { kind: '多选', difficulty: null, count: 3, points: 20 },
  ],
  passMark: 60,
} satisfies Partial<Parameters<typeof markedAgain>[1]>

const isSingle = (at: number) => at < 3
const question = (at: number, answer: string): BankQuestion => ({
  ...{ questionId: `t-${at}`, bankId: 'k-1', number: at, kind: isSingle(at) ? '单选' : '多选', stem: '', stemKey: '' },
  ...{ options: KEYS, answer, explanation: '', source: { law: '', article: null, edition: null }, difficulty: '易' },
  ...{ category: '', validFrom: null, validTo: null, withdrawn: null, corrections: [] },
})
const all = [0, 1, 2, 3, 4, 5]
const oneOf = (at: number) => fc.constantFrom(...(isSingle(at) ? KEYS : SETS))
const answersOf = fc.tuple(...all.map(at => oneOf(at)))
const change = fc.integer({ min: 0, max: 5 }).chain(at => fc.record({ at: fc.constant(at), key: fc.option(oneOf(at)) }))

/** As it would stand had the questions been so when it was taken. */
function fromStart(
  given: readonly string[],
  questions: readonly BankQuestion[],
  partMarks: boolean,
  finished: boolean,
) {
  const answers = given.map((said, at) => {
    const one = questions[at] ?? question(at, 'A')
    const points = isSingle(at) ? 10 : 20
    return { questionId: one.questionId, given: said, ...mark(one, said, { points, partMarks }), at: AT }
  })
  const scored = scoreOf(questions, new Map(answers.map(each => [each.questionId, each])), quiz)
  const attempt: Attempt = {
    ...{ quizId: 'q-1', personId: 'p-1', branchId: 'b-1', group: null, number: 1, startedAt: AT, answers },
    questionIds: questions.map(({ questionId }) => questionId),
    finishedAt: finished ? AT : null,
    ...(finished ? scored : { score: null, passed: null }),
  }
  return attempt
}

/** What a withdrawn question was marked with counts nowhere. */
const counting = (attempt: Attempt, questions: readonly BankQuestion[]) => ({
  ...attempt,
  answers: attempt.answers.filter((_, at) => questions[at]?.withdrawn === null),
})

describe('marking anew', () => {
  it('gives what marking from the start would have given, whatever was corrected and withdrawn in whatever order', () => {
    fc.assert(
      fc.property(
        answersOf,
        answersOf,
        fc.array(change, { maxLength: 8 }),
        fc.boolean(),
        fc.boolean(),
        (keys, given, changes, partMarks, finished) => {
          const questions = keys.map((key, at) => question(at, key))
          let attempt = fromStart(given, questions, partMarks, finished)
          for (const { at, key } of changes) {
            const before = questions[at]
            if (!before || before.withdrawn) continue
            questions[at] =
              key === null ? { ...before, withdrawn: { by: 'p', at: AT, why: '' } } : { ...before, answer: key }
            const known = new Map(questions.map(one => [one.questionId, one]))
            const changed = questions[at] ?? before
            attempt = markedAgain(attempt, { ...quiz, partMarks }, changed, known)
            expect(markedAgain(attempt, { ...quiz, partMarks }, changed, known)).toBe(attempt)
          }
          expect(counting(attempt, questions)).toEqual(
            counting(fromStart(given, questions, partMarks, finished), questions),
          )
        },
      ),
    )
  })

  it('leaves alone who was not asked', () => {
    const questions = all.map(at => question(at, isSingle(at) ? 'A' : 'AB'))
    const attempt = fromStart(['A', 'B', 'C'], questions.slice(0, 3), false, true)
    const other = question(5, 'BD')
    expect(markedAgain(attempt, { ...quiz, partMarks: false }, other, new Map([['t-5', other]]))).toBe(attempt)
  })
})
