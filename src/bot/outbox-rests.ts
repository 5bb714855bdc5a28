import type { Errand } from './outbox-lanes.ts'

interface Rest {
  from: number
  until: number
}

/** Who goes on when. A rest that begins in the future was noted before the clock was moved back: it is over. */
export function createRests() {
  const rests = new Map<Errand, Rest>()
  let pause: Rest = { from: 0, until: 0 }

  return {
    start: (errand: Errand, from: number, until: number): void => void rests.set(errand, { from, until }),
    /** 0 where it does not rest. */
    until(errand: Errand, now: number): number {
      const rest = rests.get(errand)
      return rest && holds(rest, now) ? rest.until : 0
    },
    /** Those whose rest is over, once. */
    over(now: number): readonly Errand[] {
      const ended = [...rests].filter(([, rest]) => !holds(rest, now)).map(([errand]) => errand)
      for (const errand of ended) rests.delete(errand)
      return ended
    },
    /** Nobody starts anything before `until`. */
    pause(from: number, until: number): void {
      pause = { from, until }
    },
    paused: (now: number): boolean => holds(pause, now),
    /** The next instant at which something of this ends. */
    next(now: number): number {
      let next = holds(pause, now) ? pause.until : Number.POSITIVE_INFINITY
      for (const { until } of rests.values()) next = Math.min(next, until)
      return next
    },
  }
}

const holds = ({ from, until }: Rest, now: number): boolean => from <= now && now < until
