import { timeFrom } from '../meeting/words.ts'
import { type Notice, type Outgoing, outbox, type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

/** How far the sending of a message is, read off the records that the deliverer works on: its own, and those of 重发. */

export interface Missed {
  person: Person
  /** Why, and what to do. */
  advice: string
}

export interface Progress {
  sent: readonly Person[]
  /** Queued or on its way. */
  waiting: readonly Person[]
  missed: readonly Missed[]
  /** Told by mouth, and none of the others. */
  noPhone: readonly Person[]
}

/** 'resend:o-12:2' is the second resend of o-12. */
export const resendKey = (outgoingId: string, n: number): string => `resend:${outgoingId}:${n}`

export const isResend = ({ dedupeKey }: Outgoing): boolean => /^resend:o-\d+:\d+$/.test(dedupeKey ?? '')

export const resendsOf = ({ outgoingId }: Outgoing, among: readonly Outgoing[]): readonly Outgoing[] =>
  among.filter(({ dedupeKey }) => dedupeKey?.startsWith(resendKey(outgoingId, 0).slice(0, -1)))

/** Its own record, then those that sent it once more. Empty: it is older than what is held. */
export async function recordsOf(everywhere: ReadTx, { noticeId, outgoingIds }: Notice): Promise<readonly Outgoing[]> {
  const [firstId] = outgoingIds
  const first = firstId && (await everywhere.get(outbox, firstId))
  return first ? [first, ...resendsOf(first, await everywhere.find(outbox, 'about', noticeId))] : []
}

/** For each the last record that goes to him decides: who was missed first and reached by a resend was reached. */
export function progressOf(records: readonly Outgoing[], among: readonly Person[]): Progress {
  const readings = records.map(readingOf)
  const withPhone = among.filter(person => !person.noPhone)
  const sent: Person[] = []
  const waiting: Person[] = []
  const missed: Missed[] = []
  for (const person of withPhone) {
    const last = readings.findLast(({ to }) => to.has(person.personId)) ?? readings[0]
    const advice = last?.advice.get(person.personId)
    if (advice !== undefined) missed.push({ person, advice })
    else if (last?.waits(person)) waiting.push(person)
    else sent.push(person)
  }
  return { sent, waiting, missed, noPhone: among.filter(person => person.noPhone) }
}

/** Those of them who have it, as far as WeCom says: who was missed can confirm nothing. */
export async function withoutMissed(
  everywhere: ReadTx,
  notice: Notice,
  among: readonly Person[],
): Promise<readonly Person[]> {
  const { missed } = progressOf(await recordsOf(everywhere, notice), among)
  const without = new Set(missed.map(({ person }) => person.personId))
  return among.filter(person => !without.has(person.personId))
}

function readingOf({ to, unreached, calls }: Outgoing) {
  const open = calls?.filter(call => call.state !== 'done' && call.state !== 'failed')
  const onTheWay = open && new Set(open.flatMap(call => call.userIds))
  return {
    to: new Set(to),
    advice: new Map(unreached.map(one => [one.personId, one.advice])),
    waits: (person: Person): boolean => onTheWay === undefined || onTheWay.has(person.userId ?? ''),
  }
}

/** '已送出 16 人，还有 1 人在发' */
export function progressWords({ dueAt }: Notice, progress: Progress, now: Date): string {
  const { sent, waiting, missed } = progress
  if (sent.length + missed.length === 0 && new Date(dueAt) > now) {
    return `还没有发，${timeFrom(new Date(dueAt), now)} 发给 ${waiting.length} 人`
  }
  const rest = waiting.length > 0 ? `，还有 ${waiting.length} 人在发` : ''
  return `已送出 ${sent.length} 人${rest}${missed.length > 0 ? `，没有送到 ${missed.length} 人` : ''}`
}

export type SentCall = NonNullable<Outgoing['calls']>[number]

/** Of the notice and of what reminded of it: calls that somebody has, or may have, with those alone as `userIds`. */
export async function callsBegun(everywhere: ReadTx, { outgoingIds }: Notice): Promise<SentCall[]> {
  const begun: SentCall[] = []
  for (const outgoingId of outgoingIds) {
    const record = await everywhere.get(outbox, outgoingId)
    if (!record) continue
    const without = await neverReached(everywhere, record)
    for (const call of record.calls ?? []) {
      const userIds = call.userIds.filter(userId => !without.has(userId))
      if (call.markedAt !== undefined && userIds.length > 0) begun.push({ ...call, userIds })
    }
  }
  return begun
}

/** WeCom answers so of one person: nothing of the message reached him. After other errors he may have a part of it. */
const NOTHING_CAME: readonly string[] = ['invalid', 'unlicensed']

async function neverReached(everywhere: ReadTx, { unreached }: Outgoing): Promise<ReadonlySet<string>> {
  const userIds = new Set<string>()
  for (const { personId } of unreached.filter(one => NOTHING_CAME.includes(one.code))) {
    const userId = (await everywhere.get(people, personId))?.userId
    if (userId) userIds.add(userId)
  }
  return userIds
}
