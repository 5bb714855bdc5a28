import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { duesDayIn, secondReminderDayIn } from '../../src/domain/dues-days.ts'
import { calendar, calendarOf } from '../../src/domain/holidays.ts'
import { addMonths } from '../../src/domain/month-words.ts'

describe('the day of dues', () => {
  it.each([
    ['2026-12', 1, '2026-12-01', 'a Tuesday stays'],
    ['2026-11', 1, '2026-11-02', 'a Sunday moves'],
    ['2026-10', 1, '2026-10-08', 'the National Days are moved over'],
    ['2026-02', 14, '2026-02-14', 'a Saturday that is worked stays'],
    ['2026-02', 15, '2026-02-24', 'Spring Festival is moved over'],
    ['2026-06', 28, '2026-06-29', 'a Sunday near the end moves within the month'],
    ['2027-02', 28, '2027-02-26', 'a last Sunday moves back'],
  ])('%s, the %d: %s, as %s', (month, day, on) => expect(duesDayIn(month, day, calendar)).toBe(on))

  it('is a workday of its month, whichever', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 240 }), fc.integer({ min: 1, max: 28 }), (n, day) => {
        const month = addMonths('2020-01', n)
        const on = duesDayIn(month, day, calendar)
        expect(on.startsWith(month) && calendar.isWorkday(on), `${month} ${day}: ${on}`).toBe(true)
        const second = secondReminderDayIn(month, calendar)
        if (second === null) return
        expect(second.startsWith(month) && calendar.isWorkday(second) && second >= `${month}-25`, second).toBe(true)
      }),
    )
  })
})

describe('the second reminder', () => {
  it.each([
    ['2026-11', '2026-11-25'],
    ['2026-10', '2026-10-26'],
    ['2026-12', '2026-12-25'],
  ])('of %s is on %s', (month, on) => expect(secondReminderDayIn(month, calendar)).toBe(on))

  it('is left out where the rest of the month is off', () => {
    const off = ['25', '26', '27', '28', '29', '30', '31'].map(day => `2027-01-${day}`)
    const festive = calendarOf({ '2027': { holidays: off, workdays: [] } })
    expect(secondReminderDayIn('2027-01', festive)).toBeNull()
    expect(duesDayIn('2027-01', 28, festive)).toBe('2027-01-22')
  })
})
