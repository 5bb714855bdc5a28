import { expect, it } from 'vitest'
import { shownBranches } from '../../src/domain/quiz-privacy.ts'

const shownOf = (...takers: number[]): string =>
  [...shownBranches(takers.map((taken, at) => ({ branchId: `b-${at + 1}`, taken })))].sort().join(' ')

it('what a total leaves over is nobody, or three people at least', () => {
  expect(shownOf(5, 3)).toBe('b-1 b-2')
  expect(shownOf(5, 0)).toBe('b-1')
  expect(shownOf(5, 1)).toBe('')
  expect(shownOf(5, 2, 9)).toBe('b-3')
  expect(shownOf(5, 2, 1)).toBe('b-1')
  expect(shownOf(2)).toBe('')
})
