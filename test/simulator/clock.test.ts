import { afterAll, beforeAll, expect, it } from 'vitest'
import { moveClock, now } from '../../src/clock.ts'
import { startEchoBot } from './echo-bot.ts'

let peer: Awaited<ReturnType<typeof startEchoBot>>
beforeAll(async () => {
  peer = await startEchoBot()
})
afterAll(() => peer.stop())

const post = async (body: string) => {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${peer.address()}/simulator/api/clock`, { method: 'POST', headers, body })
  return response.status
}

it.each([
  { addMinutes: 1e300 },
  { addMinutes: -1e9 },
  { to: '9999-06-01T00:00:00Z' },
  { to: '1999-06-01T00:00:00+08:00' },
  { weekday: 1, time: '99:99' },
  { weekday: 9, time: '10:00' },
  'nonsense',
])('the chat page’s clock refuses %j and goes on', async input => {
  const before = now().getTime()
  expect(await post(typeof input === 'string' ? input : JSON.stringify(input))).toBe(400)
  expect(now().getTime() - before).toBeLessThan(5000)
  expect(await post(JSON.stringify({ addMinutes: 60 }))).toBe(200)
  expect(now().getTime() - before).toBeGreaterThan(3_590_000)
})

it.each(['x', '1999-12-31T23:59:59Z', '9999-01-01T00:00:00Z'])('the clock cannot be moved to %s', instant => {
  const before = now().getTime()
  expect(() => moveClock(new Date(instant))).toThrow(RangeError)
  expect(now().getTime() - before).toBeLessThan(5000)
})
