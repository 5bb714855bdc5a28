/** Minutes of jobs: pure, so that the tick, the moved clock, catch-up and a restart all count alike. */

export const MINUTE_MS = 60_000

export const floorMinute = (at: Date): Date => new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS)

/** The minutes after `from` up to and including `to` that match, oldest first. */
export function slotsBetween(match: (minute: Date) => boolean, from: Date, to: Date): Date[] {
  const slots: Date[] = []
  const last = floorMinute(to).getTime()
  for (let at = floorMinute(from).getTime() + MINUTE_MS; at <= last; at += MINUTE_MS) {
    const minute = new Date(at)
    if (match(minute)) slots.push(minute)
  }
  return slots
}
