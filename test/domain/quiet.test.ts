import { expect, it } from 'vitest'
import { goesAt, QUIET_HOURS } from '../../src/domain/quiet.ts'

const at = (time: string, day = '2026-11-24') => new Date(`${day}T${time}:00+08:00`).toISOString()
const DAY = at('10:00')
const NIGHT = at('22:30')
const MORNING = at('08:00', '2026-11-25')

it.each([
  ['by day at once', DAY, DAY, false, DAY, DAY],
  ['at night in the morning', NIGHT, NIGHT, false, NIGHT, MORNING],
  ['at night at once where it may', NIGHT, NIGHT, true, NIGHT, NIGHT],
  ['at its time, which is looked at again then', DAY, NIGHT, false, DAY, NIGHT],
  ['in the morning where its time was at night', DAY, NIGHT, false, NIGHT, MORNING],
  ['at once where the clock was moved back since', MORNING, MORNING, false, DAY, DAY],
])('what was queued goes %s', (_, queuedAt, dueAt, atNight, now, goes) => {
  expect(new Date(goesAt({ at: queuedAt, dueAt }, atNight, Date.parse(now), QUIET_HOURS)).toISOString()).toBe(goes)
})
