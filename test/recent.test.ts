import { expect, it } from 'vitest'
import { Recent } from '../src/recent.ts'

it('remembers at least the half of what it may hold, and never more than all of it', () => {
  const recent = new Recent<number>(100)
  for (let n = 0; n < 1000; n += 1) {
    recent.set(`k${n}`, n)
    const known = Array.from({ length: n + 1 }, (_, k) => recent.get(`k${k}`)).filter(value => value !== undefined)
    expect(known.length).toBeGreaterThanOrEqual(Math.min(n + 1, 50))
    expect(known.length).toBeLessThanOrEqual(100)
    expect(known.at(-1)).toBe(n)
  }
})

it('forgets what it is told to forget, however old, and keeps the newest of one key', () => {
  const recent = new Recent<string>(4)
  recent.set('a', '1')
  recent.set('b', '1')
  recent.set('c', '1')
  recent.set('a', '2')
  expect(recent.get('a')).toBe('2')
  recent.delete('a')
  recent.delete('b')
  expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([undefined, undefined, '1'])
})
