/** Above 30 messages a minute for one person WeCom drops in silence, and says ok (WECOM.md 10). */
const MOST = 30
/** A second more: WeCom's minute begins when the call reaches it. */
const MINUTE_MS = 61_000

/** A sliding window a person. An instant in the future was noted before the clock was moved back: it is forgotten. */
export function createPace() {
  const windows = new Map<string, number[]>()

  function window(personId: string, now: number): number[] {
    const before = windows.get(personId)
    if (!before) return []
    const kept = before.filter(at => at <= now && now < at + MINUTE_MS)
    if (kept.length === 0) windows.delete(personId)
    else windows.set(personId, kept)
    return kept
  }

  return {
    /** Call it when the call is answered: WeCom counted it before that, so that its minute is over before ours. */
    note(people: readonly string[], now: number): void {
      for (const personId of people) windows.set(personId, [...window(personId, now), now])
    },
    /** When the person may get one more: `now`, or the instant at which the oldest of 30 falls out. */
    roomAt(personId: string, now: number): number {
      const sent = window(personId, now)
      const oldest = sent[sent.length - MOST]
      return oldest === undefined ? now : oldest + MINUTE_MS
    },
    /** Forgets those who got nothing for a minute. */
    sweep(now: number): void {
      for (const personId of windows.keys()) window(personId, now)
    },
  }
}

export type Pace = ReturnType<typeof createPace>
