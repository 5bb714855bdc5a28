import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  LIVES_MS,
  meetingOfSecret,
  meetingOfToken,
  SLOT_MS,
  screenSecret,
  TOKEN,
  tokenAt,
} from '../../src/domain/screen-token.ts'

const KEY = Buffer.alloc(32, 7)
const BEGINNING = Math.floor(Date.UTC(2026, 10, 26, 11) / SLOT_MS) * SLOT_MS
const at = (ms: number) => new Date(BEGINNING + ms)

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 })
const ids = fc.integer({ min: 1, max: 999_999_999 }).map(number => `m-${number}`)
const instants = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) })

describe('the token in the QR code', () => {
  it('counts in its own slot and in the next, and is dead a minute after it was first shown', () => {
    const { token, livesMs } = tokenAt(KEY, 'm-9', at(0))
    expect(token).toMatch(TOKEN)
    expect(livesMs).toBe(60_000)
    for (const ms of [0, 29_999, 30_000, 59_999]) expect(meetingOfToken(KEY, token, at(ms)), `${ms}`).toBe('m-9')
    for (const ms of [-1, 60_000, 90_000, 86_400_000]) expect(meetingOfToken(KEY, token, at(ms)), `${ms}`).toBeNull()
  })

  it('is another one in each slot, of each meeting and with each key', () => {
    const slots = [0, 1, 2, 3].map(slot => tokenAt(KEY, 'm-9', at(slot * SLOT_MS)).token)
    const others = [tokenAt(KEY, 'm-8', at(0)).token, tokenAt(Buffer.alloc(32, 8), 'm-9', at(0)).token]
    expect(new Set([...slots, ...others]).size).toBe(6)
    expect(tokenAt(KEY, 'm-9', at(SLOT_MS - 1)).token).toBe(slots[0])
  })

  it('is read as it is, whatever the case, and nothing else is', () => {
    const { token } = tokenAt(KEY, 'm-9', at(0))
    expect(meetingOfToken(KEY, token.toLowerCase(), at(0))).toBe('m-9')
    const mark = token.slice(4)
    for (const said of [
      '',
      'm-9',
      mark,
      `${token}0`,
      `m-8.${mark}`,
      `m-９.${mark}`,
      `m-9.${mark.slice(1)}é`,
      ` ${token}`,
    ])
      expect(meetingOfToken(KEY, said, at(0)), said).toBeNull()
  })

  it('lives as long as it says, for any key, meeting and instant', () => {
    fc.assert(
      fc.property(keys, ids, instants, fc.integer({ min: 0, max: 3 * LIVES_MS }), (key, meetingId, born, later) => {
        const { token, livesMs } = tokenAt(key, meetingId, new Date(born))
        expect(livesMs).toBeGreaterThan(SLOT_MS)
        expect(livesMs).toBeLessThanOrEqual(LIVES_MS)
        expect(meetingOfToken(key, token, new Date(born + later)) === meetingId).toBe(later < livesMs)
      }),
    )
  })
})

describe('the link of the screen', () => {
  it('opens its own meeting and no other, in either case', () => {
    const secret = screenSecret(KEY, 'm-17')
    expect(secret).toMatch(/^17-[0-9a-hjkmnp-tv-z]{16}$/)
    expect(meetingOfSecret(KEY, secret)).toBe('m-17')
    expect(meetingOfSecret(KEY, secret.toUpperCase())).toBe('m-17')
    const mark = secret.slice(3)
    const wrong = mark.startsWith('0') ? `1${mark.slice(1)}` : `0${mark.slice(1)}`
    for (const said of [
      '',
      '17',
      `16-${mark}`,
      `17-${wrong}`,
      `17-${mark}0`,
      `17-${mark.slice(1)}`,
      `17-${mark.slice(1)}é`,
    ])
      expect(meetingOfSecret(KEY, said), said).toBeNull()
  })

  it('says nothing of the tokens, nor these of it', () => {
    fc.assert(
      fc.property(keys, ids, instants, (key, meetingId, born) => {
        const mark = tokenAt(key, meetingId, new Date(born)).token.split('.')[1] ?? ''
        expect(screenSecret(key, meetingId).toUpperCase()).not.toContain(mark)
      }),
    )
  })

  it('is no text whose letters only fold to its own', () => {
    expect(meetingOfSecret(KEY, `1-\u212a${'a'.repeat(15)}`)).toBeNull()
    expect(meetingOfToken(KEY, 'm-9.\u212a3F7Q2', at(0))).toBeNull()
  })

  it('is taken for no other text whatever', () => {
    fc.assert(
      fc.property(fc.string(), said => {
        expect(meetingOfSecret(KEY, said)).toBeNull()
        expect(meetingOfToken(KEY, said, at(0))).toBeNull()
      }),
    )
  })
})
