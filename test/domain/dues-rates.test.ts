import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AssessOptions,
  assess,
  duesTableOn,
  duesTables,
  duesTablesOf,
  MOST_BASE_FEN,
  spellRate,
} from '../../src/domain/dues-rates.ts'
import { readAmount, spellYuan } from '../../src/domain/money.ts'
import type { DuesCategory } from '../../src/store/collections.ts'

const DAY = '2026-11-24'

function fenOf(yuan: string): number {
  const amount = readAmount(yuan, { most: MOST_BASE_FEN })
  return 'fen' in amount ? amount.fen : 0
}

function owed(category: DuesCategory, base: string | null, options: AssessOptions = {}): string {
  const assessed = assess(category, base === null ? null : fenOf(base), DAY, options)
  return 'refused' in assessed ? assessed.refused : spellYuan(assessed.fen)
}

describe('the rate of its bracket applies to the whole base, the upper bound included', () => {
  it.each([
    ['0', '0.00'],
    ['1', '0.01'],
    ['2999.99', '15.00'],
    ['3000', '15.00'],
    ['3000.01', '30.00'],
    ['3001', '30.01'],
    ['4500', '45.00'],
    ['5000', '50.00'],
    ['5000.01', '75.00'],
    ['5001', '75.02'],
    ['8000', '120.00'],
    ['10000', '150.00'],
    ['10000.01', '200.00'],
    ['10001', '200.02'],
    ['50000', '1000.00'],
    ['60000', '1000.00'],
  ])('在职 %s: %s', (base, yuan) => expect(owed('在职', base)).toBe(yuan))

  it.each([
    ['5000', '25.00'],
    ['5000.01', '50.00'],
    ['5001', '50.01'],
    ['8000', '80.00'],
  ])('离退休 %s: %s', (base, yuan) => expect(owed('离退休', base)).toBe(yuan))

  it('says the rate, the article and since when', () => {
    expect(assess('在职', 500_001, DAY)).toEqual({
      fen: 7500,
      rateBasisPoints: 150,
      law: '《关于中国共产党党费收缴、使用和管理的规定》',
      article: '第一条、第二条',
      says: expect.stringContaining('含10000元'),
      effectiveFrom: '2008-04-01',
      capped: false,
    })
    expect(assess('离退休', 500_000, DAY)).toMatchObject({ rateBasisPoints: 50, article: '第五条' })
  })

  it('stops at the cap, and says so', () => {
    expect(assess('在职', 5_000_000, DAY)).toMatchObject({ fen: 100_000, capped: false })
    expect(assess('在职', 5_000_100, DAY)).toMatchObject({ fen: 100_000, rateBasisPoints: 200, capped: true })
    expect(assess('在职', 6_000_000, '2016-12-31')).toMatchObject({ fen: 120_000, capped: false })
  })

  it('wants a base that can be one', () => {
    expect(owed('在职', null)).toContain('请写上每月的基数')
    expect(assess('离退休', MOST_BASE_FEN + 1, DAY)).toEqual({ refused: expect.stringContaining('1000000.00') })
    expect(() => assess('在职', 0.5, DAY)).toThrow(RangeError)
    expect(() => assess('在职', -1, DAY)).toThrow(RangeError)
  })
})

describe('an amount that is set needs no base', () => {
  it('of students and of those in need', () => {
    expect(owed('学生', null)).toBe('0.20')
    expect(owed('困难', '4500')).toBe('0.20')
    expect(assess('学生', null, DAY)).toMatchObject({ rateBasisPoints: null, article: '第六条', capped: false })
    expect(owed('学生', null, { rounding: 'yuan' })).toBe('0.20')
  })

  it('of farmers is the township’s, within the range of the rule', () => {
    expect(owed('农民', null)).toContain('还没有定农民党费')
    expect(owed('农民', null, { farmerMonthlyDuesFen: 19 })).toContain('0.19 元不在 0.20 到 1.00 元之间')
    expect(owed('农民', null, { farmerMonthlyDuesFen: 101 })).toContain('1.01 元不在')
    for (const fen of [20, 50, 100]) {
      expect(assess('农民', null, DAY, { farmerMonthlyDuesFen: fen })).toMatchObject({ fen, rateBasisPoints: null })
    }
  })
})

describe('rounding', () => {
  it.each([
    ['889.80', '4.45', '4.40', '4.00'],
    ['890', '4.45', '4.50', '4.00'],
    ['899.99', '4.50', '4.50', '4.00'],
    ['900', '4.50', '4.50', '5.00'],
    ['3001', '30.01', '30.00', '30.00'],
    ['5001', '75.02', '75.00', '75.00'],
  ])('of %s is half up from the exact figure: %s, %s, %s', (base, fen, jiao, yuan) => {
    expect(owed('在职', base)).toBe(fen)
    expect(owed('在职', base, { rounding: 'jiao' })).toBe(jiao)
    expect(owed('在职', base, { rounding: 'yuan' })).toBe(yuan)
  })
})

describe('whatever the base', () => {
  const base = fc.oneof(
    fc.integer({ min: 0, max: MOST_BASE_FEN }),
    fc.integer({ min: 299_900, max: 300_100 }),
    fc.integer({ min: 999_900, max: 1_000_100 }),
  )
  const category = fc.constantFrom<DuesCategory>('在职', '离退休')
  const rounding = fc.constantFrom('fen' as const, 'jiao' as const, 'yuan' as const)

  it('the amount is what exact arithmetic makes of it, whole, and never above the cap', () => {
    fc.assert(
      fc.property(category, base, rounding, (of, baseFen, to) => {
        const assessed = assess(of, baseFen, DAY, { rounding: to })
        if ('refused' in assessed) throw new Error(assessed.refused)
        const unit = { fen: 1n, jiao: 10n, yuan: 100n }[to]
        const product = BigInt(baseFen) * BigInt(assessed.rateBasisPoints ?? 0)
        const exact = Number(((2n * product + 10_000n * unit) / (20_000n * unit)) * unit)
        expect(assessed.fen).toBe(Math.min(exact, 100_000))
        expect(assessed.capped).toBe(exact > 100_000)
      }),
    )
  })

  it('a higher base of the same rate never owes less', () => {
    fc.assert(
      fc.property(category, base, base, rounding, (of, one, other, to) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)].map(fen =>
          assess(of, fen, DAY, { rounding: to }),
        )
        if (!low || !high || 'refused' in low || 'refused' in high) throw new Error('was refused')
        expect(low.rateBasisPoints).toBeLessThanOrEqual(high.rateBasisPoints ?? 0)
        if (low.rateBasisPoints === high.rateBasisPoints) expect(low.fen).toBeLessThanOrEqual(high.fen)
      }),
    )
  })
})

describe('a table', () => {
  const source = { law: '《新规定》', article: '第三条', says: '农民党员每月交0.50元', effectiveFrom: '2027-07-01' }
  const revised = duesTablesOf([...duesTables, { category: '农民', kind: 'flat', fen: 50, ...source }])

  it('takes over on its day, for its category alone', () => {
    const options = { tables: revised, farmerMonthlyDuesFen: 20 }
    expect(assess('农民', null, '2027-06-30', options)).toMatchObject({ fen: 20, article: '第六条' })
    expect(assess('农民', null, '2027-07-01', options)).toMatchObject({ fen: 50, law: '《新规定》' })
    expect(assess('学生', null, '2027-07-01', options)).toMatchObject({ fen: 20, effectiveFrom: '2008-04-01' })
    expect(assess('农民', null, '2027-07-01', { tables: [...revised].reverse() })).toMatchObject({ fen: 50 })
  })

  it('of the cap takes over too', () => {
    const cap = { category: 'every', kind: 'cap', fen: 200_000, ...source }
    const options = { tables: duesTablesOf([...duesTables, cap]) }
    expect(assess('在职', 20_000_000, '2027-06-30', options)).toMatchObject({ fen: 100_000, capped: true })
    expect(assess('在职', 20_000_000, '2027-07-01', options)).toMatchObject({ fen: 200_000, capped: true })
  })

  it('holds for nothing before it', () => {
    expect(assess('学生', null, '2008-03-31')).toEqual({ refused: expect.stringContaining('2008-03-31') })
    expect(duesTableOn('2008-04-01', '学生')).toMatchObject({ fen: 20 })
    expect(duesTableOn('2016-12-31', 'every')).toBeNull()
  })

  const open = { upToFen: null, rateBasisPoints: 100 }
  it.each([
    ['without an open end', [{ upToFen: 100, rateBasisPoints: 50 }]],
    ['that does not ascend', [{ upToFen: 200, rateBasisPoints: 50 }, { upToFen: 200, rateBasisPoints: 60 }, open]],
    ['with an open end in the middle', [open, { upToFen: 200, rateBasisPoints: 50 }, open]],
    ['without brackets', []],
    ['with part of a fen', [{ upToFen: 0.5, rateBasisPoints: 50 }, open]],
  ])('%s is refused', (_, brackets) => {
    expect(() => duesTablesOf([{ category: '在职', kind: 'brackets', brackets, ...source }])).toThrow()
  })

  it('is refused twice on one day, for nobody, of a day that is none', () => {
    const flat = { category: '学生', kind: 'flat', fen: 20, ...source }
    expect(() => duesTablesOf([flat, flat])).toThrow('two tables')
    expect(() => duesTablesOf([{ ...flat, category: '工人' }])).toThrow()
    expect(() => duesTablesOf([{ ...flat, effectiveFrom: '2027-02-30' }])).toThrow('is no day')
    expect(() => duesTablesOf([{ category: '农民', kind: 'range', leastFen: 2, mostFen: 1, ...source }])).toThrow(
      'ascends',
    )
  })
})

describe('a rate is spelled', () => {
  it.each([
    [50, '0.5%'],
    [100, '1%'],
    [150, '1.5%'],
    [5, '0.05%'],
    [10_000, '100%'],
  ])('%d as %s', (rate, said) => expect(spellRate(rate)).toBe(said))
})
