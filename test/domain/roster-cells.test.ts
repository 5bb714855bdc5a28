import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, isDay } from '../../src/clock.ts'
import { spellYuan } from '../../src/domain/money.ts'
import { readDay, readFen } from '../../src/domain/roster-cells.ts'

const TODAY = '2026-11-24'

describe('dates', () => {
  it.each([
    ['2024-03-01', '2024-03-01'],
    ['2024.03', '2024-03-01'],
    ['202403', '2024-03-01'],
    ['2024年3月', '2024-03-01'],
    ['2024/3/1', '2024-03-01'],
    ['20240301', '2024-03-01'],
    ['2024年3月15日', '2024-03-15'],
    ['２０２４．０３', '2024-03-01'],
    ['2024.3.5', '2024-03-05'],
    ['2024-3', '2024-03-01'],
    ['2024/3/1 0:00', '2024-03-01'],
    ['2026-11-24', '2026-11-24'],
  ])('%s is %s', (text, value) => {
    expect(readDay(text, TODAY)).toEqual({ value })
  })

  it.each([
    '2023-02-29',
    '2024-00-01',
    '2024.13',
    '202413',
    '24.03',
    '2024',
    '2024年',
    '45352',
    '3月1日',
    'abc',
    '2024-03/01',
    '2024-3-1-1',
  ])('%s is none', text => {
    expect(readDay(text, TODAY)).toEqual({ why: expect.stringContaining('不是日期') })
  })

  it('asks about 2024.1, which Excel makes of 2024.10', () => {
    expect(readDay('2024.1', TODAY)).toEqual({ value: '2024-01-01', note: expect.stringContaining('10 月') })
  })

  it('read the same in every spelling', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 38_000 }), offset => {
        const day = addDays('1921-07-01', offset)
        const [year = '', month = '', date = ''] = day.split('-')
        const spellings = [
          day,
          `${year}.${month}.${date}`,
          `${year}${month}${date}`,
          `${year}/${Number(month)}/${Number(date)}`,
          `${year}年${Number(month)}月${Number(date)}日`,
        ]
        for (const text of spellings) expect(readDay(text, '2026-11-24')).toEqual({ value: day })
        expect(readDay(`${year}${month}`, '2026-11-24')).toEqual({ value: `${year}-${month}-01` })
      }),
    )
  })

  it('are days that exist, whatever is typed', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{4}[-./年]?\d{1,2}[-./月]?\d{0,2}日?$/), text => {
        const cell = readDay(text, TODAY)
        if ('value' in cell) expect(isDay(cell.value) && cell.value <= TODAY).toBe(true)
      }),
    )
  })
})

describe('money', () => {
  it.each([
    ['0.5', 50],
    ['0.50', 50],
    ['０．５', 50],
    ['2', 200],
    ['1000', 100_000],
    ['1000.00', 100_000],
    ['0', 0],
    ['0.2元', 20],
  ])('%s yuan is %d fen', (text, value) => {
    expect(readFen(text, TODAY)).toEqual({ value })
  })

  it.each(['0.500', '-1', '1e2', '1,000', '五角', '0.5a', '.5', '5.', '0x10', '1 2', 'NaN', 'Infinity'])(
    '%s is none',
    text => {
      expect(readFen(text, TODAY)).toEqual({ why: expect.stringContaining('不是金额') })
    },
  )

  it('goes to fen and back without losing one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), fen => {
        expect(readFen(spellYuan(fen), TODAY)).toEqual({ value: fen })
      }),
    )
  })

  it('is an integer from 0 to 100,000 fen, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const cell = readFen(text, TODAY)
        if ('value' in cell) expect(Number.isInteger(cell.value) && cell.value >= 0 && cell.value <= 100_000).toBe(true)
      }),
    )
  })
})
