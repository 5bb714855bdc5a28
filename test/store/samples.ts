import { z } from 'zod'
import { COLLECTIONS } from '../../src/store/collections.ts'
import type { Collection } from '../../src/store/records.ts'

/** Small collections with everything a collection can have. */

const note = z.object({
  id: z.string(),
  code: z.string().nullable(),
  owner: z.string(),
  tags: z.array(z.string()),
  size: z.number().int(),
})
export type Note = z.infer<typeof note>

export const notes: Collection<Note> = {
  name: 'notes',
  schema: note,
  key: r => r.id,
  unique: { code: r => r.code ?? undefined },
  indexes: { owner: r => r.owner, tag: r => r.tags, large: r => (r.size > 10 ? 'yes' : undefined) },
  places: 'engine',
  kept: '-',
}

const entry = z.object({ id: z.string(), day: z.string(), owner: z.string(), text: z.string() })
export type LogEntry = z.infer<typeof entry>

const byDay: Collection<LogEntry> = {
  name: 'byday',
  schema: entry,
  key: r => r.id,
  unique: {},
  indexes: { owner: r => r.owner },
  places: 'engine',
  part: r => r.day,
  holdDays: 30,
  afterHold: 'keep',
  kept: '-',
}

/** History whose files stay. */
export const kept: Collection<LogEntry> = { ...byDay, name: 'kept' }
/** History whose files go. */
export const passing: Collection<LogEntry> = { ...byDay, name: 'passing', holdDays: 1, afterHold: 'delete' }
/** History in yearly files that stays in memory, and goes altogether after two years. */
export const yearly: Collection<LogEntry> = {
  ...byDay,
  name: 'yearly',
  part: r => r.day.slice(0, 4),
  holdDays: undefined,
  dropAfterMonths: 24,
}

export const SAMPLES: readonly Collection<unknown>[] = [...COLLECTIONS, notes, kept, passing, yearly]

export const noteOf = (id: string, change: Partial<Note> = {}): Note => ({
  id,
  code: null,
  owner: 'li',
  tags: [],
  size: 1,
  ...change,
})
