import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  admissionQuorum,
  type BallotKind,
  type Count,
  canCarry,
  committeeQuorum,
  electionQuorum,
  generalQuorum,
  judgeBallot,
  presenceNeeded,
  votesNeeded,
} from '../../src/domain/quorum.ts'
import { UserError } from '../../src/errors.ts'

/** DOMAIN.md 1.4: entitled, ordinary, admission, yes, election. */
const VECTORS = [
  [3, 2, 2, 2, 3],
  [5, 3, 3, 3, 4],
  [6, 3, 4, 4, 5],
  [7, 4, 4, 4, 6],
  [10, 5, 6, 6, 8],
  [11, 6, 6, 6, 9],
  [15, 8, 8, 8, 12],
  [20, 10, 11, 11, 16],
  [33, 17, 17, 17, 27],
  [50, 25, 26, 26, 40],
] as const

describe('the denominators of DOMAIN.md 1.4', () => {
  it.each(VECTORS)('%i entitled', (entitled, ordinary, admission, yes, election) => {
    expect(generalQuorum(entitled)).toBe(ordinary)
    expect(committeeQuorum(entitled)).toBe(ordinary)
    expect(admissionQuorum(entitled)).toBe(admission)
    expect(electionQuorum(entitled)).toBe(election)
    expect(votesNeeded('一般', entitled, ordinary)).toBe(yes)
    expect(votesNeeded('接收', entitled, admission)).toBe(yes)
    expect(votesNeeded('转正', entitled, admission)).toBe(yes)
  })

  it('an election counts more than half of those present, not of those entitled', () => {
    expect(votesNeeded('选举', 10, 8)).toBe(5)
    expect(votesNeeded('选举', 10, 9)).toBe(5)
    expect(votesNeeded('选举', 10, 10)).toBe(6)
  })

  it('a local committee share may be stricter, never laxer', () => {
    expect(committeeQuorum(5, 2 / 3)).toBe(4)
    expect(committeeQuorum(9, 2 / 3)).toBe(6)
    expect(committeeQuorum(5, 0.1)).toBe(3)
    expect(committeeQuorum(5, 7)).toBe(5)
  })

  it('holds for every number: 以上 includes the figure, 超过 does not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), n => {
        expect(generalQuorum(n) * 2).toBeGreaterThanOrEqual(n)
        expect((generalQuorum(n) - 1) * 2).toBeLessThan(n)
        expect(admissionQuorum(n) * 2).toBeGreaterThan(n)
        expect((admissionQuorum(n) - 1) * 2).toBeLessThanOrEqual(n)
        expect(electionQuorum(n) * 5).toBeGreaterThanOrEqual(n * 4)
        expect((electionQuorum(n) - 1) * 5).toBeLessThan(n * 4)
      }),
    )
  })
})

const count = (over: Partial<Count>): Count => ({
  entitled: 10,
  present: 8,
  yes: 0,
  no: 0,
  abstain: 0,
  written: 0,
  committee: false,
  ...over,
})

describe('a ballot', () => {
  it('of ten entitled with five present is valid, but cannot carry', () => {
    const verdict = judgeBallot('一般', count({ present: 5, yes: 5 }))
    expect(verdict).toEqual({ needed: 5, yesNeeded: 6, valid: true, suffices: false })
    expect(canCarry({ present: 5, yesNeeded: 6 })).toBe(false)
  })

  it('carries with more than half of 应到', () => {
    expect(judgeBallot('一般', count({ yes: 6, no: 2 }))).toMatchObject({ valid: true, suffices: true })
    expect(judgeBallot('一般', count({ yes: 5, no: 3 }))).toMatchObject({ valid: true, suffices: false })
  })

  it('does not carry without the presence, however many say yes', () => {
    expect(judgeBallot('接收', count({ present: 5, yes: 6, written: 1 }))).toMatchObject({
      valid: false,
      suffices: false,
    })
    expect(judgeBallot('选举', count({ present: 7, yes: 7 }))).toMatchObject({
      needed: 8,
      valid: false,
      suffices: false,
    })
  })

  it('counts written opinions as votes in 接收 and 转正, and never as presence', () => {
    for (const kind of ['接收', '转正'] as const) {
      expect(judgeBallot(kind, count({ present: 6, yes: 8, written: 2 }))).toEqual({
        needed: 6,
        yesNeeded: 6,
        valid: true,
        suffices: true,
      })
    }
  })

  it('of nobody is never valid', () => {
    expect(judgeBallot('一般', count({ entitled: 0, present: 0 }))).toMatchObject({ valid: false, suffices: false })
  })

  it('refuses a count that cannot be right, and says what to do', () => {
    const refused: [BallotKind, Partial<Count>, RegExp][] = [
      ['一般', { yes: 7, no: 2 }, /共 9 票，多于有表决权实到 8 人。请核对/],
      ['接收', { yes: 9, written: 2, no: 2 }, /共 11 票，多于有表决权实到 8 人加书面 2 份。/],
      ['一般', { yes: 6, written: 1 }, /不计书面意见/],
      ['选举', { yes: 6, written: 1 }, /不计书面意见/],
      ['接收', { yes: 8, written: 3 }, /书面意见 3 份，多于未到会的有表决权党员 2 人/],
      ['接收', { yes: 1, written: 2 }, /一并计入/],
      ['选举', { yes: 3, committee: true }, /支委会不作选举表决/],
    ]
    for (const [kind, over, words] of refused) {
      expect(() => judgeBallot(kind, count(over))).toThrow(UserError)
      expect(() => judgeBallot(kind, count(over))).toThrow(words)
    }
  })

  it('in a committee takes the committee’s share', () => {
    const five = { entitled: 5, present: 3, yes: 3, committee: true }
    expect(judgeBallot('一般', count(five))).toMatchObject({ needed: 3, yesNeeded: 3, valid: true, suffices: true })
    expect(judgeBallot('一般', count(five), 2 / 3)).toMatchObject({ needed: 4, valid: false, suffices: false })
  })

  it('that suffices is always valid, and one yes more never spoils it', () => {
    const kinds = fc.constantFrom<BallotKind>('一般', '接收', '转正', '选举')
    fc.assert(
      fc.property(kinds, fc.nat(60), fc.nat(60), fc.nat(60), (kind, entitled, a, b) => {
        const present = Math.min(a, entitled)
        const yes = Math.min(b, present)
        const verdict = judgeBallot(kind, count({ entitled, present, yes }))
        expect(verdict.valid).toBe(entitled > 0 && present >= presenceNeeded(kind, entitled))
        if (verdict.suffices) expect(verdict.valid).toBe(true)
        if (verdict.suffices && yes < present) {
          expect(judgeBallot(kind, count({ entitled, present, yes: yes + 1 })).suffices).toBe(true)
        }
      }),
    )
  })
})
