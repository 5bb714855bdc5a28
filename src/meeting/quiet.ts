import { quietHours, settingOf } from '../domain/parameters.ts'
import { goesAt as passesAt } from '../domain/quiet.ts'
import { UserError } from '../errors.ts'
import { settings } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { timeFrom } from './words.ts'

/** When what is said now to others will reach them. */

/** As the outbox will decide it; `urgent` goes at once. */
export async function goesAt(tx: ReadTx, at: Date, urgent: boolean): Promise<Date> {
  const quiet = settingOf(quietHours, await tx.get(settings, quietHours.name))
  const said = at.toISOString()
  return new Date(passesAt({ at: said, dueAt: said }, urgent, at.getTime(), quiet))
}

/** '现在是休息时间，明天 08:00 发出'; undefined: it goes at once. */
export async function waitsWords(tx: ReadTx, now: Date, urgent = false): Promise<string | undefined> {
  const at = await goesAt(tx, now, urgent)
  return at > now ? `现在是休息时间，${timeFrom(at, now)} 发出` : undefined
}

/** Who says whether he comes, or may stay away, cannot wait for the morning where the meeting does not. */
export async function cannotWait(tx: ReadTx, now: Date, meeting: { startsAt: string }): Promise<boolean> {
  const at = await goesAt(tx, now, false)
  return at > now && new Date(meeting.startsAt) <= at
}

interface Planned {
  draftId: string
  /** When people would set out, told or not: of a meeting that is moved, the old hour too. */
  starts: readonly string[]
}

/** The lines of a preview that say when it goes. */
export async function waitLines(tx: ReadTx, now: Date, planned: Planned): Promise<readonly string[]> {
  const words = (await tooLateWords(tx, now, planned)) ?? (await waitsWords(tx, now))
  return words ? [words] : []
}

/** Throws UserError where people would be told of it only after it has begun. */
export async function refuseTooLate(tx: ReadTx, now: Date, planned: Planned): Promise<void> {
  const words = await tooLateWords(tx, now, planned)
  if (words) throw new UserError(`还没有发布：${words}`)
}

async function tooLateWords(tx: ReadTx, now: Date, { draftId, starts }: Planned): Promise<string | undefined> {
  const at = await goesAt(tx, now, false)
  const begun = starts.some(start => new Date(start) > now && new Date(start) <= at)
  if (!begun) return undefined
  return `现在是休息时间，${timeFrom(at, now)} 才发出，那时会已经开始。要马上发请发：发布 ${draftId} 紧急 原因`
}
