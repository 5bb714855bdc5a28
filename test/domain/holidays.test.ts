import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { calendar, calendarOf, readYears, unknownYears } from '../../src/domain/holidays.ts'
import { ROOT } from '../house/sources.ts'

/** 国务院办公厅关于2026年部分节假日安排的通知 */
const NATIONAL_DAYS = ['2026-10-01', '2026-10-02', '2026-10-03', '2026-10-04', '2026-10-05', '2026-10-06', '2026-10-07']

describe('the holiday calendar of 2026', () => {
  it.each([
    ['2026-11-24', 'a Tuesday', true],
    ['2026-11-28', 'a Saturday', false],
    ['2026-11-29', 'a Sunday', false],
    ['2026-01-01', 'New Year', false],
    ['2026-01-04', 'a Sunday that is worked', true],
    ['2026-02-14', 'a Saturday that is worked', true],
    ['2026-02-17', 'Spring Festival', false],
    ['2026-02-28', 'a Saturday that is worked', true],
    ['2026-05-04', 'a Monday of the Labour Days', false],
    ['2026-05-09', 'a Saturday that is worked', true],
    ['2026-09-20', 'a Sunday that is worked', true],
    ['2026-10-10', 'a Saturday that is worked', true],
  ])('%s is %s: worked %s', (day, _, worked) => {
    expect(calendar.isWorkday(day)).toBe(worked)
  })

  it('has seven National Days', () => {
    expect(NATIONAL_DAYS.filter(day => calendar.isWorkday(day))).toEqual([])
  })

  it('knows the first workday of a month, and the next one', () => {
    expect(calendar.firstWorkdayOf('2026-11')).toBe('2026-11-02')
    expect(calendar.firstWorkdayOf('2026-10')).toBe('2026-10-08')
    expect(calendar.firstWorkdayOf('2026-01')).toBe('2026-01-04')
    expect(calendar.nextWorkday('2026-09-30')).toBe('2026-10-08')
    expect(calendar.nextWorkday('2026-11-27')).toBe('2026-11-30')
    expect(calendar.nextWorkday('2026-12-31')).toMatch(/^2027-01-/)
  })

  it('is the same wherever the machine stands', () => {
    const script = `import { calendar } from '${ROOT}src/domain/holidays.ts'; console.log(['2026-01-03', '2026-01-04', '2026-11-28', '2026-11-30'].map(day => calendar.isWorkday(day)).join())`
    for (const TZ of ['America/Los_Angeles', 'Pacific/Kiritimati']) {
      const options = { env: { ...process.env, TZ }, cwd: ROOT, encoding: 'utf8' } as const
      const said = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], options)
      expect(said.trim(), TZ).toBe('false,true,false,true')
    }
  })
})

describe('data/holidays.json', () => {
  const said = { '2027': { holidays: ['2026-12-31', '2027-01-01', '2027-02-08'], workdays: ['2027-01-09'] } }

  it('comes before the library, and makes a year known', () => {
    const bare = calendarOf({})
    expect(bare.isKnownYear('2026')).toBe(true)
    expect(bare.isKnownYear('2027')).toBe(false)
    expect(bare.isWorkday('2027-01-04')).toBe(true)
    expect(['2027-01-01', '2027-05-01', '2027-10-01'].filter(day => bare.isWorkday(day))).toEqual([])
    expect(bare.firstWorkdayOf('2027-01')).toBe('2027-01-04')
    const ours = calendarOf(said)
    expect(ours.isKnownYear('2027')).toBe(true)
    expect(['2026-12-31', '2027-01-01', '2027-02-08', '2027-01-10'].filter(day => ours.isWorkday(day))).toEqual([])
    expect(ours.isWorkday('2027-01-09')).toBe(true)
    expect(ours.isWorkday('2027-02-09')).toBe(true)
    expect(calendarOf({ '2026': { holidays: [], workdays: ['2026-10-01'] } }).isWorkday('2026-10-01')).toBe(true)
  })

  it.each([
    [{ '2027': { holidays: ['2027-02-30'], workdays: [] } }, '2027', '2027-02-30 不是日期'],
    [{ '2027': { holidays: [20270101], workdays: [] } }, '2027', '20270101 不是日期'],
    [{ '2027': { holidays: '2027-01-01', workdays: [] } }, '2027', 'holidays 要写成一列日期'],
    [{ '2027': { holidays: ['2028-01-01'], workdays: [] } }, '2027', '2028-01-01 不是这一年的'],
    [{ '2027': { holidays: ['2027-01-01'], workdays: ['2027-01-01'] } }, '2027', '2027-01-01 又写成放假，又写成上班'],
    [{ '2027': { holidays: ['2027-01-01'] } }, '2027', 'workdays 要写成一列日期'],
    [{ '2027': { holidays: [], workdays: [], more: [] } }, '2027', '不能有别的'],
    [{ next: { holidays: [], workdays: [] } }, 'next', '不是年份'],
    [[], null, '要写成 {"2027"'],
  ])('is told where it is wrong, and the year left out: %j', (wrong, year, what) => {
    const { years, faults } = readYears('f', JSON.stringify(wrong))
    expect(years).toEqual({})
    expect(faults).toEqual([{ file: 'f', year, what: expect.stringContaining(what) }])
  })

  it('keeps the other years of the file', () => {
    const { years, faults } = readYears(
      'f',
      JSON.stringify({ ...said, '2028': { holidays: ['2028-13-01'], workdays: [] } }),
    )
    expect(years).toEqual(said)
    expect(faults).toMatchObject([{ year: '2028' }])
  })

  it('tells in which line a comma is missing, and bears what Notepad writes in front', () => {
    const { faults } = readYears('f', '{"2027": {\n  "holidays": ["2027-01-01"]\n  "workdays": []}}')
    expect(faults).toMatchObject([{ year: null, what: expect.stringMatching(/不是正确的 JSON，在第 3 行附近/) }])
    expect(readYears('f', `\uFEFF${JSON.stringify(said)}`)).toEqual({ years: said, faults: [] })
  })

  it('is asked for in December, not before, and all the more once the year has begun', () => {
    const bare = calendarOf({})
    const at = (instant: string) => unknownYears(new Date(instant), bare)
    expect(at('2026-11-30T23:59:00+08:00')).toEqual([])
    expect(at('2026-12-01T00:00:00+08:00')).toEqual(['2027'])
    expect(at('2027-01-01T00:00:00+08:00')).toEqual(['2027'])
    expect(unknownYears(new Date('2026-12-01T00:00:00+08:00'), calendarOf(said))).toEqual([])
  })
})
