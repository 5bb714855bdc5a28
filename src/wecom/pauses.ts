import { nowMs } from '../clock.ts'
import type { WecomError } from '../errors.ts'

interface Pause {
  error: WecomError
  from: number
  until: number
}

/** What may not be called for a while: an API, or one webhook. The clock may be moved: what lies in its future is forgotten. */
export function createPauses() {
  const pauses = new Map<string, Pause>()
  const holds = ({ from, until }: Pause, now: number): boolean => from <= now && now < until

  return {
    start(what: string, error: WecomError, ms: number): void {
      const from = nowMs()
      for (const [other, pause] of pauses) if (!holds(pause, from)) pauses.delete(other)
      pauses.set(what, { error, from, until: from + ms })
    },
    /** Throws what was refused, as long as it is to be left alone. */
    check(what: string): void {
      const pause = pauses.get(what)
      if (pause && holds(pause, nowMs())) throw pause.error
    },
  }
}
