import { addDays, dayOf, instantAt, timeOf } from '../clock.ts'

/** Hours in which the bot wakes nobody: COMMANDS.md "Rules that hold everywhere", 国家网信办《若干意见》2023 (DOMAIN.md 8.4). */
export interface QuietHours {
  /** '21:00' */
  from: string
  /** '08:00', on the next day where it is not after `from`. The same as `from`: there are none. */
  to: string
}

export const QUIET_HOURS: QuietHours = { from: '21:00', to: '08:00' }

export function isQuiet(at: Date, { from, to }: QuietHours): boolean {
  const time = timeOf(at)
  if (from === to) return false
  return from < to ? from <= time && time < to : time >= from || time < to
}

/**
 * When what was queued may go: the one gate that everything said to others passes. `atNight`: it goes in the quiet hours too.
 * What was not given a time is due at once, also where the clock was moved back since.
 */
export function goesAt(
  { at, dueAt }: { at: string; dueAt: string },
  atNight: boolean,
  now: number,
  quiet: QuietHours,
): number {
  const due = dueAt === at ? now : Date.parse(dueAt)
  return atNight || due > now ? due : afterQuiet(new Date(now), quiet).getTime()
}

/** The instant at which it may go: itself, or the end of the quiet hours it lies in. */
export function afterQuiet(at: Date, quiet: QuietHours): Date {
  if (!isQuiet(at, quiet)) return at
  const day = timeOf(at) < quiet.to ? dayOf(at) : addDays(dayOf(at), 1)
  return instantAt(day, quiet.to)
}
