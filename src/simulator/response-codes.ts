import { randomBytes } from 'node:crypto'
import { nowMs } from '../clock.ts'
import { refuse } from './refusal.ts'

/** WECOM.md 5.1: 72 h, one call for each code. */
const LIFE_MS = 72 * 3_600_000

/** The codes that update a card: one for each sending, one for each press. */
export function createResponseCodes() {
  const codes = new Map<string, { msgid: string; expiresAt: number }>()

  function issue(msgid: string): string {
    const code = randomBytes(24).toString('base64url')
    codes.set(code, { msgid, expiresAt: nowMs() + LIFE_MS })
    return code
  }

  /** The card that the code belongs to. */
  function look(code: string): string {
    const found = codes.get(code)
    if (!found || nowMs() > found.expiresAt) refuse(60140, 'invalid response_code')
    return found.msgid
  }

  const spend = (code: string): void => void codes.delete(code)
  return { issue, look, spend }
}
