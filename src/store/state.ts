import { join } from 'node:path'
import { log } from '../log.ts'
import { merged } from './checkpoint.ts'
import { codeOf, type FileSystem } from './files.ts'
import type { Memory } from './memory.ts'
import { type StateSlice, StoreError, type StoreState } from './records.ts'
import { DamageError, SLICE, type Snapshot, SnapshotFile, snapshotName, turnOfLoop } from './snapshots.ts'
import type { Part, Table } from './table.ts'

interface StateOptions {
  files: FileSystem
  folder: string
  memory: Memory
  sequence: number
}

/** One part as it was: what memory held of it, which for a part that has left memory goes on top of its file. */
interface Cut {
  readonly table: Table
  readonly held: Snapshot
  /** null: memory has all of it. */
  readonly gone: ReadonlySet<string> | null
}

/**
 * One state of a store in memory: that after the last commit before it was made. Records are never changed in place, so the
 * references to those of a part are a copy of it; it is taken when its turn comes, or just before a commit changes the part, so that
 * nobody waits for more than one part (5 ms for 100,000 records). What stands in files alone is read when its turn comes. From
 * its making until `end` no checkpoint may be written, and no other state be taken.
 */
export class State implements StoreState {
  readonly sequence: number
  readonly collections: readonly string[]
  private readonly parts: readonly (readonly [Part, Table])[]
  /** What was not copied yet. */
  private readonly waiting: Map<Part, Table>
  private readonly copied = new Map<Part, Cut>()

  constructor(private readonly options: StateOptions) {
    const { memory, sequence } = options
    const tables = memory.allTables()
    this.sequence = sequence
    this.collections = tables.map(({ collection }) => collection.name)
    this.parts = tables.flatMap(table => partsByName(table).map(part => [part, table] as const))
    this.waiting = new Map(this.parts)
    memory.beforeChange = part => this.copy(part)
  }

  /** Once. */
  async *slices(): AsyncGenerator<StateSlice> {
    for (const [part] of this.parts) {
      this.copy(part)
      const cut = this.copied.get(part)
      this.copied.delete(part)
      if (cut) yield* slicesOf(inOrder(await this.whole(cut)))
    }
  }

  end(): void {
    this.options.memory.beforeChange = undefined
  }

  private copy(part: Part): void {
    const table = this.waiting.get(part)
    if (!table) return
    this.waiting.delete(part)
    this.copied.set(part, cutOf(table, part))
  }

  private async whole({ table, held, gone }: Cut): Promise<Snapshot> {
    if (!gone) return held
    const name = snapshotName(held.collection, held.part)
    try {
      return merged(
        table,
        await new SnapshotFile(this.options.files, join(this.options.folder, name)).read(),
        held,
        gone,
      )
    } catch (error) {
      if (error instanceof DamageError) {
        log.error('old-part-damaged', { file: name })
        throw new StoreError(`${name} is damaged: ${error.message}`)
      }
      if (codeOf(error) !== 'ENOENT') throw error
      // People may clear away old history, as at the start.
      log.warn('old-part-missing', { file: name })
      return held
    }
  }
}

const partsByName = ({ parts }: Table): Part[] =>
  [...parts.values()].sort((one, other) => (one.name < other.name ? -1 : 1))

function cutOf(table: Table, part: Part): Cut {
  const entries = Array.from(part.entries)
  const records = entries.map(entry => entry.record)
  const order = entries.map(entry => entry.order)
  const held = { collection: table.collection.name, part: part.name, upTo: part.savedUpTo, records, order }
  // One that is in memory alone although it should not be (its lines came late) has no file yet.
  const hasFile = !part.whole && part.savedUpTo > 0
  return { table, held, gone: hasFile ? new Set(part.gone) : null }
}

/** Nearly always they are in order already. */
function inOrder(snapshot: Snapshot): Snapshot {
  const { records, order } = snapshot
  const isSorted = order.every((place, at) => at === 0 || place >= (order[at - 1] ?? 0))
  if (isSorted) return snapshot
  const places = order.map((place, at) => ({ place, record: records[at] })).sort((a, b) => a.place - b.place)
  return { ...snapshot, records: places.map(({ record }) => record), order: places.map(({ place }) => place) }
}

async function* slicesOf({ collection, records, order }: Snapshot): AsyncGenerator<StateSlice> {
  let text = ''
  let count = 0
  for (let at = 0; at < records.length; at++) {
    text += `["${collection}",${order[at]},${JSON.stringify(records[at])}]\n`
    count++
    if (text.length < SLICE && at < records.length - 1) continue
    yield { collection, count, text }
    text = ''
    count = 0
    await turnOfLoop()
  }
}
