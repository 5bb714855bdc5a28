import { timeFrom } from '../meeting/words.ts'
import { type Notice, type Outgoing, outbox, type Person } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

/** How far the sending of a notice is, read off the record that the deliverer works on. */

export interface Progress {
  sent: readonly Person[]
  /** Queued or on its way. */
  waiting: readonly Person[]
  /** With the reason and what to do; who has no phone is none of these. */
  missed: readonly { person: Person; advice: string }[]
}

/** undefined: the record is older than what is held. */
export async function recordOf(everywhere: ReadTx, { outgoingIds }: Notice): Promise<Outgoing | undefined> {
  const [first] = outgoingIds
  return first ? everywhere.get(outbox, first) : undefined
}

export function progressOf(record: Outgoing, among: readonly Person[]): Progress {
  const missed = new Map(record.unreached.map(one => [one.personId, one]))
  const open = record.calls?.filter(call => call.state !== 'done' && call.state !== 'failed') ?? null
  const onTheWay = open && new Set(open.flatMap(call => call.userIds))
  const withPhone = among.filter(person => !person.noPhone)
  const tried = withPhone.filter(person => !missed.has(person.personId))
  const waits = (person: Person): boolean => onTheWay === null || onTheWay.has(person.userId ?? '')
  return {
    sent: tried.filter(person => !waits(person)),
    waiting: tried.filter(waits),
    missed: withPhone.flatMap(person => {
      const one = missed.get(person.personId)
      return one ? [{ person, advice: one.advice }] : []
    }),
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

/** Of the notice and of what reminded of it: calls that somebody has, or may have. */
export async function callsBegun(everywhere: ReadTx, { outgoingIds }: Notice): Promise<SentCall[]> {
  const begun: SentCall[] = []
  for (const outgoingId of outgoingIds) {
    const record = await everywhere.get(outbox, outgoingId)
    begun.push(...(record?.calls ?? []).filter(call => call.markedAt !== undefined))
  }
  return begun
}
