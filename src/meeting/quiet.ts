import { quietHours, settingOf } from '../domain/parameters.ts'
import { afterQuiet } from '../domain/quiet.ts'
import { settings } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { timeFrom } from './words.ts'

/** When what is said now to others will reach them. */

/** As the outbox will decide it; `urgent` goes at once. */
export async function goesAt(tx: ReadTx, at: Date, urgent: boolean): Promise<Date> {
  if (urgent) return at
  return afterQuiet(at, settingOf(quietHours, await tx.get(settings, quietHours.name)))
}

/** '现在是休息时间，明天 08:00 发出'; undefined: it goes at once. */
export async function waitsWords(tx: ReadTx, now: Date, urgent = false): Promise<string | undefined> {
  const at = await goesAt(tx, now, urgent)
  return at > now ? `现在是休息时间，${timeFrom(at, now)} 发出` : undefined
}
