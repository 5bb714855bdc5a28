import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantAt } from '../../src/clock.ts'
import { addMonths, monthsFrom, quarterEnd, quarterOf, readMonths, spellMonths } from '../../src/domain/month-words.ts'

const NOVEMBER = instantAt('2026-11-24', '10:00')
const JANUARY = instantAt('2027-01-05', '10:00')
const APRIL = instantAt('2026-04-10', '10:00')

const told = (said: string, now = NOVEMBER): string | null => {
  const read = readMonths(said, now)
  if (read === null) return null
  return 'months' in read ? read.months.join(' ') : read.refused
}

describe('months are read as people say them', () => {
  it.each([
    ['2026-11', '2026-11'],
    ['2026.11', '2026-11'],
    ['2026/11', '2026-11'],
    ['2026年11月', '2026-11'],
    ['2026 年 11 月', '2026-11'],
    ['2026年1月份', '2026-01'],
    ['2026-1', '2026-01'],
    ['２０２６－１１', '2026-11'],
    ['202611', '2026-11'],
    ['11月', '2026-11'],
    ['11 月', '2026-11'],
    ['11月份', '2026-11'],
    ['十一月', '2026-11'],
    ['二〇二六年十一月', '2026-11'],
    ['1月', '2026-01'],
    ['本月', '2026-11'],
    ['这个月', '2026-11'],
    ['当月', '2026-11'],
    ['上月', '2026-10'],
    ['上个月', '2026-10'],
    ['下月', '2026-12'],
    ['下个月', '2026-12'],
    ['去年12月', '2025-12'],
    ['明年1月', '2027-01'],
    ['10、11、12月', '2026-10 2026-11 2026-12'],
    ['10，11，12月', '2026-10 2026-11 2026-12'],
    ['十、十一、十二月', '2026-10 2026-11 2026-12'],
    ['10-12月', '2026-10 2026-11 2026-12'],
    ['10月-12月', '2026-10 2026-11 2026-12'],
    ['10～12月份', '2026-10 2026-11 2026-12'],
    ['10月、11月', '2026-10 2026-11'],
    ['10月和11月', '2026-10 2026-11'],
    ['10月 11月', '2026-10 2026-11'],
    ['11月、10月、11月', '看不出'],
    ['10月到12月', '2026-10 2026-11 2026-12'],
    ['10月 到 12月', '2026-10 2026-11 2026-12'],
    ['十月至十二月', '2026-10 2026-11 2026-12'],
    ['2026-10至2026-12', '2026-10 2026-11 2026-12'],
    ['2026-10-2026-12', '2026-10 2026-11 2026-12'],
    ['202610-202612', '2026-10 2026-11 2026-12'],
    ['2026年10-12月', '2026-10 2026-11 2026-12'],
    ['2026年10、11月', '2026-10 2026-11'],
    ['2026-11 2026-10', '2026-10 2026-11'],
    ['上月、本月', '2026-10 2026-11'],
    ['上个月到本月', '2026-10 2026-11'],
    ['1-3、5月', '2026-01 2026-02 2026-03 2026-05'],
    ['12月到1月', '2026-12 2027-01'],
    ['2025年12月到2月', '2025-12 2026-01 2026-02'],
    ['2025年12月、2026年1月', '2025-12 2026-01'],
    ['四季度', '2026-10 2026-11 2026-12'],
    ['4季度', '2026-10 2026-11 2026-12'],
    ['第四季度', '2026-10 2026-11 2026-12'],
    ['第 4 季度', '2026-10 2026-11 2026-12'],
    ['2026年第一季度', '2026-01 2026-02 2026-03'],
    ['去年四季度', '2025-10 2025-11 2025-12'],
    ['本季度', '2026-10 2026-11 2026-12'],
    ['上季度', '2026-07 2026-08 2026-09'],
    ['下个季度', '2027-01 2027-02 2027-03'],
    ['去年', monthsFrom('2025-01', '2025-12').join(' ')],
    ['2026年', monthsFrom('2026-01', '2026-12').join(' ')],
    ['全年', monthsFrom('2026-01', '2026-12').join(' ')],
  ])('%s', (said, months) => {
    if (/^\d/.test(months)) expect(told(said)).toBe(months)
    else expect(told(said)).toContain(months)
  })

  it.each([
    ['12月', JANUARY, '2026-12'],
    ['12月到1月', JANUARY, '2026-12 2027-01'],
    ['10、11、12月', JANUARY, '2026-10 2026-11 2026-12'],
    ['四季度', JANUARY, '2026-10 2026-11 2026-12'],
    ['7月', JANUARY, '2027-07'],
    ['8月', JANUARY, '2026-08'],
    ['上月', JANUARY, '2026-12'],
    ['上季度', JANUARY, '2026-10 2026-11 2026-12'],
    ['1月', JANUARY, '2027-01'],
    ['10-12月', APRIL, '2026-10 2026-11 2026-12'],
    ['11月', APRIL, '2025-11'],
    ['本月', new Date('2026-11-30T16:00:00Z'), '2026-12'],
  ])('%s without a year is of this year, or of last year if more than six months ahead', (said, now, months) => {
    expect(told(said, now)).toBe(months)
  })

  it.each([
    ['2026-13', '没有 13 月'],
    ['0月', '没有 0 月'],
    ['13月', '没有 13 月'],
    ['2026年0月', '没有 0 月'],
    ['10-13月', '没有 13 月'],
    ['12月、1月', '看不出是哪一年的，请写上年份，如 2026年12月、2027年1月'],
    ['2026-12到2026-10', '开始的月份在结束的月份后面'],
    ['2020-01到2026-12', '一次最多 24 个月'],
  ])('%s is refused with why', (said, why) => expect(told(said)).toContain(why))

  it.each([
    ...[
      '',
      '11',
      '10、11',
      '10-12',
      '3 11月',
      '3 2026-11',
      '11-24',
      '11月24日',
      '11月24',
      '2026-11-24',
      '2026',
      '202613',
    ],
    ...[
      '王五',
      '0.5',
      '11.5',
      '2026.50',
      '三',
      '一组',
      'D2026-3-7',
      '五季度',
      '100月',
      '三个月',
      '月',
      '今天',
      '三月红',
    ],
    '1'.repeat(100),
  ])('%s is not meant as months', said => expect(told(said)).toBeNull())

  it('never throws, and what it reads are months, sorted, each once', () => {
    const word = fc.constantFrom(
      ...'0 1 2 3 9 10 11 12 13 2026 年 月 - 到 、 季度 第 上 本 个 去 四 十 .'.split(' '),
      ' ',
    )
    const typed = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 8 }).map(words => words.join('')),
    )
    fc.assert(
      fc.property(typed, said => {
        const read = readMonths(said, NOVEMBER)
        if (read === null || 'refused' in read) return
        expect(read.months.length).toBeGreaterThan(0)
        expect(
          read.months.every(month => /^\d{4}-(0[1-9]|1[0-2])$/.test(month)),
          said,
        ).toBe(true)
        expect(read.months).toEqual([...new Set(read.months)].sort())
      }),
      { numRuns: 3000 },
    )
  })
})

const month = fc
  .tuple(fc.integer({ min: 2000, max: 2099 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, of]) => `${year}-${String(of).padStart(2, '0')}`)

describe('months are spelled', () => {
  it.each([
    [['2026-11'], '11月'],
    [['2026-10', '2026-11', '2026-12'], '10、11、12月'],
    [['2026-12', '2026-10'], '10、12月'],
    [monthsFrom('2026-01', '2026-09'), '1-9月'],
    [[...monthsFrom('2026-01', '2026-04'), '2026-09'], '1-4、9月'],
    [['2025-12', '2026-01'], '2025年12月、2026年1月'],
    [['2025-10', '2025-11', '2025-12'], '2025年10、11、12月'],
    [['2027-01'], '2027年1月'],
    [[], ''],
  ])('%j as %s', (months, said) => expect(spellMonths(months, '2026')).toBe(said))

  it('and read back as the same', () => {
    const december = instantAt('2026-12-31', '10:00')
    const near = fc.integer({ min: 0, max: 35 }).map(n => addMonths('2025-01', n))
    fc.assert(
      fc.property(fc.uniqueArray(near, { minLength: 1, maxLength: 24 }), months => {
        expect(readMonths(spellMonths(months, '2026'), december)).toEqual({ months: [...months].sort() })
      }),
    )
  })
})

describe('months are counted', () => {
  it('over New Year, both ways', () => {
    expect(addMonths('2026-11', 2)).toBe('2027-01')
    expect(addMonths('2026-01', -1)).toBe('2025-12')
    expect(addMonths('2026-01', -13)).toBe('2024-12')
    expect(monthsFrom('2026-11', '2027-02')).toEqual(['2026-11', '2026-12', '2027-01', '2027-02'])
    expect(monthsFrom('2026-11', '2026-10')).toEqual([])
  })

  it('there and back', () => {
    fc.assert(
      fc.property(month, fc.integer({ min: -500, max: 500 }), (of, n) => {
        expect(addMonths(addMonths(of, n), -n)).toBe(of)
        if (n >= 0) expect(monthsFrom(of, addMonths(of, n))).toHaveLength(n + 1)
      }),
    )
  })

  it('by quarters', () => {
    expect(quarterOf('2026-11')).toEqual(['2026-10', '2026-11', '2026-12'])
    expect(quarterOf('2026-01')).toEqual(['2026-01', '2026-02', '2026-03'])
    expect(quarterEnd('2026-10')).toBe('2026-12')
    fc.assert(
      fc.property(month, of => {
        expect(quarterOf(of)).toContain(of)
        expect(quarterEnd(of)).toBe(quarterOf(of)[2])
        expect(quarterOf(quarterEnd(of))).toEqual(quarterOf(of))
      }),
    )
  })
})
