import { randomUUID } from 'node:crypto'
import type { Inbound, Outcome } from './bot/message.ts'
import { canBeTold } from './meeting/deciders.ts'
import { counters, people, outbox as queued } from './store/collections.ts'
import type { Store } from './store/records.ts'
import { passiveText, plainText } from './wecom/render.ts'

/** A line said as a person, without WeCom: what the CLI and the control route use. */
export interface Said {
  /** The reply as plain text; '' for silence. */
  reply: string
  /** What the bot queued for others while the line ran: by the line, and by whatever else ran in the same moment. */
  sent: { to: string[]; text: string }[]
}

interface SayParts {
  store: Store
  receive(inbound: Inbound): Promise<Outcome>
  outbox: { idle(): Promise<void> }
}

const MOST_WAITED_MS = 10_000

export async function sayAs(parts: SayParts, userId: string, line: string): Promise<Said> {
  const before = await lastNumber(parts.store)
  const { reply } = await parts.receive({ key: `${userId}:say-${randomUUID()}`, userId, line, via: 'text' })
  const last = await lastNumber(parts.store)
  const timeout = new Promise<void>(resolve => setTimeout(resolve, MOST_WAITED_MS).unref())
  await Promise.race([parts.outbox.idle(), timeout])
  return {
    reply: reply ? (passiveText(reply, 'text') ?? []).join('\n') : '',
    sent: await sentBetween(parts.store, before, last),
  }
}

/** Messages are 'o-1', 'o-2' …, counted like every id. */
const lastNumber = (store: Store): Promise<number> => store.read(async tx => (await tx.get(counters, 'o'))?.last ?? 0)

async function sentBetween(store: Store, before: number, last: number): Promise<Said['sent']> {
  return store.read(async tx => {
    const sent: Said['sent'] = []
    for (let number = before + 1; number <= last; number += 1) {
      const record = await tx.get(queued, `o-${number}`)
      if (!record) continue
      const userIds: string[] = []
      for (const personId of record.to) {
        const person = await tx.get(people, personId)
        if (person && canBeTold(person)) userIds.push(person.userId ?? personId)
      }
      const file = record.message.file ? '\n（附文件）' : ''
      sent.push({ to: userIds, text: plainText(record.message, 'pushed') + file })
    }
    return sent
  })
}
