import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { floorMinute, MINUTE_MS, slotsBetween } from '../../src/bot/slots.ts'
import { afterQuiet, isQuiet, QUIET_HOURS } from '../../src/domain/quiet.ts'

const START = Date.parse('2026-11-24T10:00:00Z')
const instant = fc.integer({ min: 0, max: 3 * 24 * 60 * 60 * 1000 }).map(ms => new Date(START + ms))
const every = fc.integer({ min: 1, max: 90 }).map(n => (minute: Date) => (minute.getTime() / MINUTE_MS) % n === 0)
const iso = (slots: readonly Date[]) => slots.map(slot => slot.toISOString())

describe('slots between two instants', () => {
  it('are whole minutes, the first after the beginning, the last at the end', () => {
    const slots = slotsBetween(() => true, new Date('2026-11-24T10:00:59Z'), new Date('2026-11-24T10:03:00Z'))
    expect(iso(slots)).toEqual(['2026-11-24T10:01:00.000Z', '2026-11-24T10:02:00.000Z', '2026-11-24T10:03:00.000Z'])
  })

  it('are none within one minute, nor backwards', () => {
    expect(slotsBetween(() => true, new Date(START + 1), new Date(START + 59_999))).toEqual([])
    expect(slotsBetween(() => true, new Date(START + 600_000), new Date(START))).toEqual([])
  })

  test('however often one looks, each is seen once and none is missed', () => {
    fc.assert(
      fc.property(instant, fc.array(instant, { maxLength: 8 }), instant, every, (from, looks, to, match) => {
        const stops = [from, ...looks, to].sort((a, b) => a.getTime() - b.getTime())
        const first = stops[0] ?? from
        const last = stops.at(-1) ?? to
        const seen = stops.slice(1).flatMap((stop, at) => slotsBetween(match, stops[at] ?? first, stop))
        expect(iso(seen)).toEqual(iso(slotsBetween(match, first, last)))
        for (const slot of seen) {
          expect(match(slot)).toBe(true)
          expect(slot.getTime() % MINUTE_MS).toBe(0)
          expect(slot > floorMinute(first) && slot <= last).toBe(true)
        }
        const all: Date[] = []
        for (let at = floorMinute(first).getTime() + MINUTE_MS; at <= last.getTime(); at += MINUTE_MS)
          all.push(new Date(at))
        expect(seen).toHaveLength(all.filter(match).length)
      }),
      { numRuns: 100 },
    )
  })
})

describe('the quiet hours', () => {
  const at = (time: string) => new Date(`2026-11-24T${time}+08:00`)

  it.each([
    ['20:59:59', null],
    ['21:00:00', '2026-11-25T00:00:00.000Z'],
    ['23:59:59', '2026-11-25T00:00:00.000Z'],
    ['00:00:00', '2026-11-24T00:00:00.000Z'],
    ['07:59:59', '2026-11-24T00:00:00.000Z'],
    ['08:00:00', null],
  ])('at %s wait till %s', (time, until) => {
    expect(isQuiet(at(time), QUIET_HOURS)).toBe(until !== null)
    expect(afterQuiet(at(time), QUIET_HOURS).toISOString()).toBe(until ?? at(time).toISOString())
  })

  it('may lie within one day, and may be none', () => {
    const noon = { from: '12:00', to: '14:30' }
    expect(afterQuiet(at('12:00:00'), noon)).toEqual(at('14:30:00'))
    expect(isQuiet(at('14:30:00'), noon)).toBe(false)
    expect(isQuiet(at('03:00:00'), { from: '08:00', to: '08:00' })).toBe(false)
  })

  test('nothing waits longer than a day, and what waited may go', () => {
    const time = fc
      .integer({ min: 0, max: 1439 })
      .map(n => `${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`)
    fc.assert(
      fc.property(instant, time, time, (now, from, to) => {
        const goes = afterQuiet(now, { from, to })
        expect(isQuiet(goes, { from, to })).toBe(false)
        expect(goes >= now && goes.getTime() - now.getTime() < 24 * 60 * MINUTE_MS).toBe(true)
      }),
    )
  })
})
