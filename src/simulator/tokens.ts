import { randomBytes } from 'node:crypto'
import { nowMs } from '../clock.ts'
import { refuse } from './refusal.ts'

/** WECOM.md 3. */
const LIFE_SECONDS = 7200

/** One token per app: asking again while it is valid returns the same one and does not extend it. */
export function createTokens(corpId: string, secret: string) {
  let current: { value: string; expiresAt: number } | null = null
  const lost = new Map<string, 40014 | 42001>()

  function issue(askedCorpId: string, askedSecret: string) {
    if (askedCorpId === '') refuse(41002, 'corpid missing')
    if (askedSecret === '') refuse(41004, 'corpsecret missing')
    if (askedCorpId !== corpId) refuse(40013, 'invalid corpid')
    if (askedSecret !== secret) refuse(40001, 'invalid credential')
    if (current && nowMs() >= current.expiresAt) expire()
    current ??= { value: randomBytes(150).toString('base64url'), expiresAt: nowMs() + LIFE_SECONDS * 1000 }
    return { access_token: current.value, expires_in: Math.ceil((current.expiresAt - nowMs()) / 1000) }
  }

  function check(value: string): void {
    if (value === '') refuse(41001, 'access_token missing')
    if (current && nowMs() >= current.expiresAt) expire()
    if (current?.value === value) return
    refuse(lost.get(value) ?? 40014, lost.get(value) === 42001 ? 'access_token expired' : 'invalid access_token')
  }

  /** The platform may take a token back early (40014), or its time is over (42001). */
  function expire(code: 40014 | 42001 = 42001): void {
    if (current) lost.set(current.value, code)
    current = null
  }

  return { issue, check, expire }
}
