import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { addDays, addMinutes, dayOf, minutesBetween, spellDay, timeOf } from '../clock.ts'
import { DEFAULT_MINUTES, type Span, spanOf } from '../domain/meeting.ts'
import type { When } from '../domain/when.ts'
import { UserError } from '../errors.ts'
import { type Meeting, meetings } from '../store/collections.ts'
import { fullTitleOf, startOf } from './words.ts'

/** A meeting like the last one: same kinds, people, place, topic and hours, on another day. */

/**
 * The newest of the branch that has these kinds (any, where none were said) and was not cancelled. Of a
 * group's own only where nothing else fits: the leader's, the named group's, a 党小组会.
 */
export async function lastLike(
  ctx: CommandContext,
  tx: CommandReadTx,
  kinds: Meeting['kinds'] | undefined,
): Promise<Meeting> {
  const { branchId } = await ctx.branch(tx)
  const group = ctx.audience?.group ?? ctx.reach.places.find(place => place.branchId === branchId)?.group ?? null
  const held = (await tx.find(meetings, 'branch', branchId)).filter(
    meeting =>
      meeting.state !== 'cancelled' &&
      (group === null || meeting.group === group) &&
      (kinds ?? []).every(kind => meeting.kinds.includes(kind)),
  )
  // Of several that fit, one of exactly these kinds is what is meant; where none were said, one of the whole branch.
  const exact = held.filter(meeting => (kinds ? meeting.kinds.length === kinds.length : meeting.group === null))
  const last = (exact.length > 0 ? exact : held).toSorted((a, b) => a.startsAt.localeCompare(b.startsAt)).at(-1)
  if (last) return last
  throw new UserError(
    `还没有开过${kinds ? kinds.join('+') : '会'}，没有可照的。请发：会议 新建 ${kinds?.join('+') ?? ''}`.trim(),
  )
}

/** The hours of the last one unless others were said; null: the day is not said yet. */
export function spanLike(last: Meeting, when: When | undefined): Span | null {
  if (!when?.day) return null
  const start = when.start ?? timeOf(new Date(last.startsAt))
  if (when.end) return spanOf({ day: when.day, start, end: when.end })
  const span = spanOf({ day: when.day, start, end: null })
  const length = minutesBetween(new Date(last.startsAt), new Date(last.endsAt))
  return span && { ...span, endsAt: endOf(span.startsAt, length > 0 ? length : DEFAULT_MINUTES) }
}

const endOf = (startsAt: string, minutes: number): string => addMinutes(new Date(startsAt), minutes).toISOString()

/** Offers the weekday of the last one in the coming weeks. `line`: what was said so far; `hours`: others than last time's. */
export function askDayLike(last: Meeting, now: Date, line: string, hours: string): Answer {
  let first = addDays(dayOf(new Date(last.startsAt)), 7)
  while (first <= dayOf(now)) first = addDays(first, 7)
  const days = [0, 7, 14, 21].map(ahead => addDays(first, ahead))
  return {
    text: `照 ${fullTitleOf(last)}（${startOf(last)}，${last.place}）再开一次。哪一天？也可以直接发，比如：下周五`,
    choices: days.map(day => ({ label: spellDay(day).slice(0, 10), line: `${line} ${day}${hours}` })),
    awaits: line,
  }
}
