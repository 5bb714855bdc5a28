import { nowMs } from '../clock.ts'

/** Takes at most `most` within `ms`; false where one more would be too many. The clock may be moved back. */
export function createRate(most: number, ms: number): (count?: number) => boolean {
  let taken: { at: number; count: number }[] = []
  return (count = 1) => {
    const now = nowMs()
    taken = taken.filter(({ at }) => at <= now && now - at < ms)
    if (taken.reduce((sum, one) => sum + one.count, 0) + count > most) return false
    taken.push({ at: now, count })
    return true
  }
}
