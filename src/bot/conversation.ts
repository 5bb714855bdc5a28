import { minutesBetween } from '../clock.ts'
import type { Conversation } from '../store/collections.ts'
import type { Answer, PressedCard, Reply } from './message.ts'

/** What the bot remembers of one person between two lines: what it awaits, his last line that may not run twice, the roll. */

/** A question is answered within half an hour or asked again: what is said later is more likely about something else. */
const AWAITED_MINUTES = 30
const LATE_MINUTES = 24 * 60

export type Awaited = NonNullable<Conversation['awaited']>

export function awaitedNow(conversation: Conversation | undefined, now: Date): Awaited | null {
  const awaited = conversation?.awaited
  if (!awaited || awaited.cleared) return null
  const most = awaited.late ? LATE_MINUTES : AWAITED_MINUTES
  return minutesBetween(new Date(awaited.at), now) < most ? awaited : null
}

export interface Said {
  personId: string
  now: Date
  /** The completed line, for commands that may not run twice within five seconds. */
  onceLine: string | null
  /** It answers what was awaited, or settles the card that asked it. */
  answers: boolean
  /** It was chosen by its number. */
  byDigit: boolean
  /** How the question is asked again. */
  resume: string
  card: PressedCard | null
  /** The MediaId of a picture that was sent just now. */
  picture: string | null
}

/** The conversation after a reply; null: it is as it was, and nothing needs to be written. */
export function afterReply(before: Conversation | undefined, reply: Reply, said: Said): Conversation | null {
  // Silence: what was asked before is still asked.
  if (!reply) return null
  const awaited = awaitedBy(reply, said) ?? interrupted(before, said)
  const { byDigit } = said
  const last = said.onceLine ? { line: said.onceLine, at: said.now.toISOString(), answer: reply, byDigit } : null
  const rolled = reply.rollOf ? { meetingId: reply.rollOf, at: said.now.toISOString() } : null
  const listed = reply.duesList ? { ...reply.duesList, at: said.now.toISOString() } : null
  const picture = said.picture
    ? { mediaId: said.picture, at: said.now.toISOString() }
    : reply.usedPicture
      ? null
      : (before?.picture ?? null)
  const isAsBefore = awaited === (before?.awaited ?? null) && picture === (before?.picture ?? null)
  if (isAsBefore && !last && !rolled && !listed) return null
  return {
    personId: said.personId,
    awaited,
    last: last ?? before?.last ?? null,
    rolled: rolled ?? before?.rolled ?? null,
    duesListed: listed ?? before?.duesListed ?? null,
    picture,
  }
}

/**
 * A question that another command cleared is not awaited any more, but who answers it all the same is told how to be asked again.
 * Choices alone are gone: what they would do ('1 发布') may be done by now.
 */
function interrupted(before: Conversation | undefined, { answers, now }: Said): Awaited | null {
  const awaited = before?.awaited
  if (!awaited?.line || answers || minutesBetween(new Date(awaited.at), now) >= AWAITED_MINUTES) return null
  return awaited.cleared ? awaited : { ...awaited, cleared: true }
}

function awaitedBy(reply: Answer, said: Said): Awaited | null {
  const options = reply.options?.list.length ? reply.options : undefined
  // Under options a digit is somebody's way to name one of them: it must not hand the paper in.
  const digits = reply.digits ?? (options ? [] : (reply.choices?.map(choice => choice.line) ?? []))
  const line = reply.awaits ?? options?.submit ?? null
  if (!line && digits.length === 0) return null
  return {
    line,
    digits: [...digits],
    resume: said.resume,
    card: reply.outcome ? null : said.card,
    ...(reply.mayAnswerLate && { late: true }),
    at: said.now.toISOString(),
  }
}

/** The picture he means to attach. */
export function pictureNow(conversation: Conversation | undefined, now: Date): string | null {
  const picture = conversation?.picture
  return picture && minutesBetween(new Date(picture.at), now) < AWAITED_MINUTES ? picture.mediaId : null
}

/** The answer to the same line of less than five seconds ago: a second thumb on the button, not a second wish. */
export function sameLineJustNow(conversation: Conversation | undefined, line: string, now: Date): Reply | undefined {
  const last = conversation?.last
  if (!last || last.line !== line) return undefined
  const age = now.getTime() - new Date(last.at).getTime()
  return age >= 0 && age < 5000 ? last.answer : undefined
}
