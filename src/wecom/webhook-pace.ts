import { nowMs } from '../clock.ts'
import { WecomError } from '../errors.ts'
import { adviceFor } from './errcodes.ts'

/** A webhook takes 20 messages a minute; what is above is refused and blocks it for a minute (WECOM.md 7). */
const MOST = 20
const MINUTE_MS = 60_000
const TOO_MANY = 45009

/**
 * A sliding window a key, in memory: after a restart WeCom itself refuses what is too much. An instant in the future was
 * noted before the clock was moved back: it is forgotten.
 */
export function createWebhookPace() {
  const windows = new Map<string, { at: number }[]>()

  function sweep(now: number): void {
    for (const [key, calls] of windows) {
      const kept = calls.filter(({ at }) => at <= now && now < at + MINUTE_MS)
      if (kept.length === 0) windows.delete(key)
      else windows.set(key, kept)
    }
  }

  return {
    /** Makes the call, or throws 45009 with the instant at which there is room again. */
    async paced<T>(key: string, call: () => Promise<T>): Promise<T> {
      const now = nowMs()
      sweep(now)
      const calls = (windows.get(key) ?? []).sort((one, other) => one.at - other.at)
      const oldest = calls[calls.length - MOST]
      if (oldest) throw new WecomError('webhook/send', TOO_MANY, adviceFor(TOO_MANY), new Date(oldest.at + MINUTE_MS))
      const mine = { at: now }
      windows.set(key, [...calls, mine])
      try {
        return await call()
      } finally {
        // WeCom counted it before it answered, so that its minute is over before ours.
        mine.at = nowMs()
      }
    },
  }
}
