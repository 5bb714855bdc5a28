import { describe, expect, it } from 'vitest'
import {
  firstMonth,
  isChased,
  owedIn,
  paysDues,
  paysIn,
  reliefIn,
  standardIn,
  standardsOf,
  unpaidInARow,
  withStandard,
} from '../../src/domain/dues.ts'
import { monthsFrom } from '../../src/domain/month-words.ts'
import type { DuesRelief, DuesStandard, Person } from '../../src/store/collections.ts'
import { BRANCH, membership, person } from './people-at-meetings.ts'

const BY = { by: 'p-9', at: '2026-01-05T01:00:00.000Z' }
const standard = (from: string, fen: number): DuesStandard => ({ from, fen, ...BY })
const relief = (from: string, to: string, fen: number): DuesRelief => ({ from, to, fen, approval: '镇党委批准', ...BY })

const farmer = (over: Partial<Person> = {}): Person =>
  person(1, { joinedOn: '2010-07-01', duesCategory: '农民', duesStandards: [standard('2025-01', 50)], ...over })

const paidIn = (...months: string[]) => new Map(months.map(month => [month, true]))

/** DOMAIN.md 2.6. */
describe('months in a row that were owed and not paid', () => {
  it('January to June: six at the end of June', () => {
    expect(unpaidInARow(farmer(), paidIn('2025-12'), '2026-06')).toBe(6)
  })

  it('January to May, June paid: none, though five older months are still owed', () => {
    expect(unpaidInARow(farmer(), paidIn('2025-12', '2026-06'), '2026-06')).toBe(0)
    const owed = monthsFrom('2026-01', '2026-05').map(month => owedIn(farmer(), month).fen)
    expect(owed).toEqual([50, 50, 50, 50, 50])
  })

  it('are broken by a month that was waived', () => {
    const waived = farmer({ duesReliefs: [relief('2026-03', '2026-03', 0)] })
    expect(unpaidInARow(waived, paidIn('2025-12'), '2026-06')).toBe(3)
    expect(unpaidInARow(waived, paidIn('2025-12'), '2026-03')).toBe(0)
  })

  it('are not broken by a month that was reduced', () => {
    const reduced = farmer({ duesReliefs: [relief('2026-03', '2026-03', 20)] })
    expect(unpaidInARow(reduced, paidIn('2025-12'), '2026-06')).toBe(6)
  })

  it('begin with the month of the branch vote: joined 15 March, March to August unpaid: six', () => {
    const joined = farmer({ joinedOn: '2026-03-15', identity: 'probationary' })
    expect(unpaidInARow(joined, paidIn(), '2026-08')).toBe(6)
  })

  it('begin with the month in which the relation came', () => {
    expect(unpaidInARow(farmer({ relationFrom: '2026-05' }), paidIn(), '2026-08')).toBe(4)
  })

  it('are closed by making up a month, and none of who owes nothing', () => {
    expect(unpaidInARow(farmer(), paidIn('2025-12', '2026-04'), '2026-06')).toBe(2)
    expect(unpaidInARow(person(2), paidIn(), '2026-06')).toBe(0)
    expect(unpaidInARow(farmer({ status: 'transferred' }), paidIn(), '2026-06')).toBe(0)
  })
})

describe('what is owed in a month', () => {
  it('by a probationary member begins with the whole month of the vote', () => {
    const probationary = farmer({ identity: 'probationary', joinedOn: '2026-03-31' })
    expect(owedIn(probationary, '2026-02')).toEqual({ fen: 0, why: 'not joined' })
    expect(owedIn(probationary, '2026-03')).toEqual({ fen: 50, relief: null })
  })

  it('follows the standard that was in force then', () => {
    const changed = farmer({ duesStandards: [standard('2025-01', 50), standard('2026-01', 80)] })
    expect(['2025-12', '2026-01', '2027-01'].map(month => owedIn(changed, month).fen)).toEqual([50, 80, 80])
    expect(owedIn(changed, '2024-12')).toEqual({ fen: 0, why: 'before' })
  })

  it('of a store that knew one standard alone is that one', () => {
    const old = farmer({ duesStandards: undefined, monthlyDuesFen: 50, duesFrom: '2026-02' })
    expect(standardsOf(old)).toEqual([{ from: '2026-02', fen: 50 }])
    expect(owedIn(old, '2026-02').fen).toBe(50)
    expect(owedIn(old, '2026-01')).toMatchObject({ why: 'before' })
  })

  it('is nothing without a standard, and for whoever is no member here', () => {
    expect(owedIn(person(2), '2026-11')).toEqual({ fen: 0, why: 'no standard' })
    expect(owedIn(farmer({ identity: 'activist' }), '2026-11')).toEqual({ fen: 0, why: 'no member' })
    expect(owedIn(farmer({ status: 'transferred' }), '2026-11')).toEqual({ fen: 0, why: 'no member' })
  })

  it('before his relation came is owed elsewhere', () => {
    const came = farmer({ relationFrom: '2026-05' })
    expect(owedIn(came, '2026-04')).toEqual({ fen: 0, why: 'before' })
    expect(owedIn(came, '2026-05').fen).toBe(50)
  })

  it('is reduced or waived from one month to another, both included', () => {
    const relieved = farmer({ duesReliefs: [relief('2026-03', '2026-04', 20), relief('2026-06', '2026-07', 0)] })
    const fens = monthsFrom('2026-02', '2026-08').map(month => owedIn(relieved, month).fen)
    expect(fens).toEqual([50, 20, 20, 50, 0, 0, 50])
    expect(owedIn(relieved, '2026-06')).toMatchObject({ why: 'waived', relief: { approval: '镇党委批准' } })
  })

  it('is never raised by a relief, and the one given last counts', () => {
    const relieved = farmer({ duesReliefs: [relief('2026-03', '2026-05', 0), relief('2026-05', '2026-06', 90)] })
    expect(owedIn(relieved, '2026-05').fen).toBe(50)
    expect(reliefIn(relieved, '2026-04')?.fen).toBe(0)
  })
})

describe('the first month of dues here', () => {
  it.each([
    [{}, '2025-01'],
    [{ joinedOn: '2026-03-15' }, '2026-03'],
    [{ relationFrom: '2026-05' }, '2026-05'],
    [{ joinedOn: '2026-03-15', relationFrom: '2026-05' }, '2026-05'],
    [{ joinedOn: null }, '2025-01'],
    [{ duesStandards: undefined }, null],
  ] as const)('of %o is %s', (over, month) => {
    expect(firstMonth(farmer(over))).toBe(month)
  })
})

describe('a new standard', () => {
  it('holds from its month on and leaves the months before alone', () => {
    const after = withStandard(farmer(), standard('2026-12', 100))
    expect(standardIn(after, '2026-11')).toBe(50)
    expect(standardIn(after, '2026-12')).toBe(100)
    expect(after).toMatchObject({ monthlyDuesFen: 100, duesFrom: '2026-12' })
  })

  it('of the same month takes the other’s place, and an earlier one goes before it', () => {
    const twice = withStandard(withStandard(farmer(), standard('2026-12', 100)), standard('2026-12', 80))
    expect(twice.duesStandards?.map(({ from, fen }) => [from, fen])).toEqual([
      ['2025-01', 50],
      ['2026-12', 80],
    ])
    const between = withStandard(twice, standard('2026-06', 60))
    expect(monthsFrom('2026-05', '2026-06').map(month => standardIn(between, month))).toEqual([50, 60])
    expect(between.monthlyDuesFen).toBe(80)
  })

  it('keeps the only one of an old store, and does not say that who set the new one had set it', () => {
    const old = farmer({ duesStandards: undefined, monthlyDuesFen: 50, duesFrom: '2026-02' })
    const both = withStandard(old, standard('2026-12', 80)).duesStandards
    expect(both?.map(({ fen, by }) => [fen, by])).toEqual([
      [50, 'roster'],
      [80, 'p-9'],
    ])
  })
})

describe('who pays', () => {
  it('is whoever is a full or probationary member, in the branch of his own relation', () => {
    const identities = ['full', 'probationary', 'activist'] as const
    expect(identities.map(identity => paysDues(farmer({ identity })))).toEqual([true, true, false])
    const two = farmer({ memberships: [membership(), membership({ branchId: 'b-4' })] })
    expect([paysIn(two, BRANCH), paysIn(two, 'b-4')]).toEqual([true, false])
  })

  it('and is away, infirm or without a phone is not written to for it', () => {
    expect(isChased(farmer())).toBe(true)
    expect([{ floating: true }, { exempt: true }, { noPhone: true }].map(over => isChased(farmer(over)))).toEqual([
      false,
      false,
      false,
    ])
  })
})
