import { randomUUID } from 'node:crypto'
import type { Inbound, Outcome } from './bot/message.ts'
import { people, outbox as queued } from './store/collections.ts'
import type { Store } from './store/records.ts'
import { passiveText, plainText } from './wecom/render.ts'

/** A line said as a person, without WeCom: what the CLI and the control route use. */
export interface Said {
  /** The reply as plain text; '' for silence. */
  reply: string
  /** What the line made the bot send to others. */
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
  const timeout = new Promise<void>(resolve => setTimeout(resolve, MOST_WAITED_MS).unref())
  await Promise.race([parts.outbox.idle(), timeout])
  return {
    reply: reply ? (passiveText(reply, 'text') ?? []).join('\n') : '',
    sent: await sentSince(parts.store, before),
  }
}

const lastNumber = (store: Store): Promise<number> =>
  store.read(async tx => (await tx.all(queued)).reduce((last, record) => Math.max(last, record.number), 0))

async function sentSince(store: Store, number: number): Promise<Said['sent']> {
  return store.read(async tx => {
    const since = (await tx.all(queued)).filter(record => record.number > number)
    const sent: Said['sent'] = []
    for (const record of since) {
      const userIds: string[] = []
      for (const personId of record.to) userIds.push((await tx.get(people, personId))?.userId ?? personId)
      sent.push({ to: userIds, text: plainText(record.message, 'pushed') })
    }
    return sent
  })
}
