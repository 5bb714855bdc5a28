import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { Message } from '../bot/message.ts'
import { dayOf } from '../clock.ts'
import { audits, chores, drafts, outbox, people } from './collections.ts'
import type { NewAudit, NewChore, NewDraft, SendOptions, Tx } from './records.ts'
import { withoutWaiting } from './stopping.ts'

/** What a transaction writes for the heart: messages and chores to be done, drafts, the audit. */

type NextNumber = (name: string) => Promise<number>

export async function queueMessage(
  tx: Tx,
  nextNumber: NextNumber,
  message: Message,
  named: readonly string[],
  options: SendOptions,
): Promise<string | null> {
  const { urgent, until, reminder, reportTo } = options
  const dueAt = options.dueAt ?? tx.now
  const to = reminder ? await remindable(tx, named, reminder, dayOf(dueAt)) : named
  const dedupeKey = options.key ?? null
  if (to.length === 0) return null
  if (dedupeKey !== null && (await tx.getBy(outbox, 'dedupeKey', dedupeKey))) return null
  const number = await nextNumber('o')
  const at = tx.now.toISOString()
  const { outgoingId } = await tx.insert(outbox, {
    outgoingId: `o-${number}`,
    number,
    message: plainMessage(message),
    to: [...to],
    at,
    dueAt: options.dueAt?.toISOString() ?? at,
    dedupeKey,
    about: options.about ?? null,
    state: 'waiting',
    calls: null,
    unreached: [],
    ...(urgent && { urgent }),
    ...(until && { until: until.toISOString() }),
    ...(reminder && { reminder }),
    ...(reportTo && { reportTo }),
  })
  return outgoingId
}

/**
 * Whom a reminder may go to: nobody who was reminded of this matter on this day (whom WeCom could not reach was not), who
 * said 退订, who has left, or who has no phone.
 */
async function remindable(tx: Tx, named: readonly string[], reminder: string, day: string): Promise<string[]> {
  const reminded = new Set<string>()
  for (const record of await tx.find(outbox, 'reminder', reminder)) {
    if (dayOf(new Date(record.dueAt)) !== day) continue
    const missed = new Set(record.unreached.map(({ personId }) => personId))
    for (const personId of record.to) if (!missed.has(personId)) reminded.add(personId)
  }
  const left: string[] = []
  for (const personId of new Set(named)) {
    const person = await tx.get(people, personId)
    if (person?.status !== 'active' || person.noPhone || person.unsubscribed) continue
    if (!reminded.has(personId)) left.push(personId)
  }
  return left
}

/** Takes out who was not tried yet; resolves with them. */
export async function stopMessage(tx: Tx, outgoingId: string): Promise<readonly string[]> {
  const record = await tx.get(outbox, outgoingId)
  if (!record) return []
  const personIdOf = new Map<string, string>()
  for (const personId of record.to) {
    const userId = (await tx.get(people, personId))?.userId
    if (userId) personIdOf.set(userId, personId)
  }
  const { after, personIds } = withoutWaiting(record, personIdOf)
  if (personIds.length > 0) await tx.put(outbox, after)
  return personIds
}

export async function queueChore(tx: Tx, nextNumber: NextNumber, chore: NewChore): Promise<boolean> {
  const { lane, branchId, by, what, urgent, until } = chore
  const dedupeKey = chore.key ?? null
  if (dedupeKey !== null && (await tx.getBy(chores, 'dedupeKey', dedupeKey))) return false
  const number = await nextNumber('c')
  const at = tx.now.toISOString()
  await tx.insert(chores, {
    choreId: `c-${number}`,
    number,
    lane,
    branchId,
    by,
    what,
    at,
    dueAt: chore.dueAt?.toISOString() ?? at,
    dedupeKey,
    state: 'waiting',
    done: 0,
    why: null,
    ...(urgent && { urgent }),
    ...(until && { until: until.toISOString() }),
  })
  return true
}

export async function keepDraft(tx: Tx, draft: NewDraft): Promise<string> {
  const draftId = await tx.nextId('d')
  const { command, branchId, group = null, by } = draft
  const content = plainJson(draft.content)
  const at = tx.now.toISOString()
  const open = { state: 'open', settledBy: null, became: null } as const
  await tx.insert(drafts, { draftId, command, branchId, group, by, at, content, ...open })
  return draftId
}

export async function appendAudit(tx: Tx, entry: NewAudit): Promise<void> {
  const { by, branchId, what, about, why } = entry
  // Nobody asks for an entry by its number, and a counter would be one more record for all that officers do.
  const auditId = randomUUID()
  const before = entry.before === undefined ? undefined : plainJson(entry.before)
  const after = entry.after === undefined ? undefined : plainJson(entry.after)
  await tx.insert(audits, { auditId, at: tx.now.toISOString(), by, branchId, what, about, before, after, why })
}

/** Only what is shown to others: what the recipient's next text would mean is no part of a message. */
function plainMessage({ text, facts, choices, options, picture, file }: Message) {
  return {
    text,
    ...(picture && { picture }),
    ...(file && { file: structuredClone(file) }),
    ...(facts && { facts: facts.map(fact => ({ ...fact })) }),
    ...(choices && { choices: choices.map(choice => ({ ...choice })) }),
    ...(options && { options: structuredClone(options) }),
  }
}

/** As it will be read back: dates as strings, no undefined. The collection's schema looks at it when it is written. */
const plainJson = (value: unknown): z.core.util.JSONType => JSON.parse(JSON.stringify(value ?? null))
