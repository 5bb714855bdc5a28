import { WecomError, WecomUnreachableError } from '../errors.ts'
import { logIncident } from '../log.ts'
import type { Courier, Unreached } from './message.ts'
import type { Call, Missed } from './outbox-calls.ts'

/** What became of one call, as far as it can be known. */
export type Attempt =
  | { is: 'sent'; unreached: readonly Missed[]; msgids: readonly string[] }
  /** WeCom (or a check of ours) said no to the whole call. */
  | { is: 'refused'; unreached: readonly Missed[] }
  /** It may have been carried out all the same. */
  | { is: 'unsure' }
  /** It was not carried out and may be tried again. `atMost`: how often, where that has an end. */
  | { is: 'unsent'; atMost?: number; error?: WecomError }
  /** Too many calls: nothing goes out before `until`; the code's own 60 s where it is not told. */
  | { is: 'paused'; until: Date | undefined }

export const TOO_MANY = 45009
/** The card of the first try is there: its task_id is known (WECOM.md 13.18). */
const TASK_USED = 42014
/** WeCom is busy; the client has tried five times within 7.5 s. */
export const BUSY: readonly number[] = [-1, 6000, 45033]
/** Somebody is at the console: a trusted IP works a minute after it was saved (60020), an app is switched on again. */
const SETTINGS: readonly number[] = [60020, 50003, 60031]
/** With delays of 1, 2, 4 … 60 s these are six minutes. */
export const MOST_TRIES = 10

const UNSURE = '不确定是否送达：企业微信没有回应，请问一下本人'

/** Sends one call, once. `people` stand in the order of the call's userIds; `again`: nobody knows what became of the first try. */
export async function attempt(
  courier: Pick<Courier, 'send'>,
  call: Call,
  people: readonly string[],
  { outgoingId, again }: { outgoingId: string; again: boolean },
): Promise<Attempt> {
  try {
    const { unreached, msgids } = await courier.send(call.part, call.userIds, true)
    return { is: 'sent', unreached: toPeople(unreached, call, people), msgids }
  } catch (error) {
    return afterError(error, people, outgoingId, again)
  }
}

function afterError(error: unknown, people: readonly string[], outgoingId: string, again: boolean): Attempt {
  if (error instanceof WecomUnreachableError) return { is: error.ambiguous ? 'unsure' : 'unsent' }
  if (error instanceof WecomError && again && error.code === TASK_USED) return { is: 'sent', unreached: [], msgids: [] }
  if (!(error instanceof WecomError)) return { is: 'refused', unreached: missedByFault(error, people, outgoingId) }
  if (error.code === TOO_MANY) return { is: 'paused', until: error.retryAt }
  // Without a token nothing was sent, and nothing is wrong with this message: it goes when the setting is mended.
  if (error.api === 'gettoken') return { is: 'unsent' }
  if (BUSY.includes(error.code) || SETTINGS.includes(error.code)) return { is: 'unsent', atMost: MOST_TRIES, error }
  return { is: 'refused', unreached: missedBy(error, people) }
}

/** WeCom answers UserIDs in lower case, whatever it was asked. */
function toPeople(missed: readonly Unreached[], call: Call, people: readonly string[]): Missed[] {
  const personOf = new Map(call.userIds.map((userId, at) => [userId.toLowerCase(), people[at]]))
  return missed.flatMap(({ userId, code, advice }) => {
    const personId = personOf.get(userId.toLowerCase())
    return personId === undefined ? [] : [{ personId, code, advice }]
  })
}

export const missedBy = (error: WecomError, people: readonly string[]): Missed[] =>
  people.map(personId => ({ personId, code: String(error.code), advice: error.advice }))

export const missedUnsure = (people: readonly string[]): Missed[] =>
  people.map(personId => ({ personId, code: 'unsure', advice: UNSURE }))

export const missedTooLate = (people: readonly string[]): Missed[] =>
  people.map(personId => ({ personId, code: 'late', advice: '没有发：等到能发的时候，事情已经过了' }))

/** A bug in this message must not hold up the next ones: it is logged, and told with its number. */
export function missedByFault(error: unknown, people: readonly string[], outgoingId: string): Missed[] {
  const incident = logIncident('a message could not be sent', error, { outgoingId })
  const advice = `程序出错，没有发出：请把编号 ${incident} 告诉管理员`
  return people.map(personId => ({ personId, code: 'fault', advice }))
}
