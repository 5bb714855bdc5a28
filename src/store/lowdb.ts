import { Low } from 'lowdb'
import { log } from '../log.ts'
import { type Engine, Read, Update } from './calls.ts'
import { Checkpoint, type SnapshotBase } from './checkpoint.ts'
import { COLLECTIONS, chores, outbox } from './collections.ts'
import { codeOf, type FileSystem, nodeFiles } from './files.ts'
import { lockFolder, type Unlock } from './folder-lock.ts'
import { insideUpdate } from './inside.ts'
import { Journal, type Waiter } from './journal.ts'
import type { Memory, Step } from './memory.ts'
import { openFolder } from './opening.ts'
import type { Collection, ReadTx, Store, StoreState, Tx, UpdateOptions } from './records.ts'
import { refuseUnfinished } from './restoring.ts'
import { isPartOf, type Snapshot, SnapshotFile } from './snapshots.ts'
import { State } from './state.ts'
import type { Change } from './transaction.ts'
import { Turns } from './turns.ts'

export { insideUpdate }

export interface LowdbOptions {
  folder: string
  corpId: string
  collections?: readonly Collection<unknown>[]
  files?: FileSystem
  /** The journal could not be written: memory is ahead of the disk. Left out: the process ends at once with code 1. */
  fatal?: (error: unknown) => void
  /** A checkpoint is written when the journal is longer than this, and than what the last checkpoint wrote. */
  checkpointBytes?: number
  checkpointEveryMs?: number
  /** After a checkpoint that failed. */
  retryMs?: number
  lock?: (folder: string) => Promise<Unlock>
}

const QUEUES: ReadonlySet<string> = new Set([outbox.name, chores.name])
const LIMIT_MS = 100
const LONG_LIMIT_MS = 60_000

/** The store with its engine's own handle, for whoever opened it. */
export interface LowdbStore extends Store {
  /** Writes a checkpoint now; false: it failed, which is logged and loses nothing. */
  checkpoint(): Promise<boolean>
  figures(): StoreFigures
}

/** For whoever watches the process. */
export interface StoreFigures {
  /** Since the store was opened. */
  commits: number
  /** Of the journal that is being written: what a start would have to read again. */
  journalBytes: number
  /** Held in memory, by collection. */
  records: Readonly<Record<string, number>>
}

/** Opens, or begins, the data folder. Throws StoreError where it cannot be used as it is. */
export async function openLowdbStore(options: LowdbOptions): Promise<LowdbStore> {
  const { folder, corpId, files = nodeFiles, collections = COLLECTIONS } = options
  await files.makeFolder(folder)
  const unlock = await (options.lock ?? lockFolder)(folder)
  try {
    await refuseUnfinished(files, folder, collections)
    const opened = await openFolder({ files, folder, corpId, collections, readSnapshot: path => read(files, path) })
    const journal = new Journal({ files, folder, ...opened.journal, last: opened.last, broken: breakOff(options) })
    const checkpoint = new Checkpoint({ ...opened, files, folder, journal, openSnapshot: lowOf(files) })
    return new LowdbEngine(opened.memory, journal, checkpoint, unlock, options)
  } catch (error) {
    await unlock()
    throw error
  }
}

const lowOf =
  (files: FileSystem) =>
  (path: string, data: Snapshot, wrote?: (bytes: number) => void): SnapshotBase =>
    new Low<Snapshot>(new SnapshotFile(files, path, wrote), data)

async function read(files: FileSystem, path: string): Promise<Snapshot> {
  const base = lowOf(files)(path, { collection: '', part: '', upTo: 0, records: [], order: [] })
  await base.read()
  return base.data
}

function breakOff({ fatal = () => process.exit(1) }: LowdbOptions) {
  return (error: unknown, path: string) => {
    const code = codeOf(error)
    const advice = code === 'ENOSPC' ? 'the disk is full: free some space, then start again' : 'look at the disk'
    log.error('journal-failed', { file: path, code, advice })
    fatal(error)
  }
}

class LowdbEngine implements LowdbStore, Engine {
  private readonly turns = new Turns()
  private readonly listeners = new Set<() => void>()
  private readonly queuedWaiter: Waiter
  private queuedUpTo = 0
  private closing: Promise<void> | undefined
  private readonly hourly: NodeJS.Timeout
  private notBefore = 0
  private readonly checkpointBytes: number
  private readonly openedAt: number

  constructor(
    readonly memory: Memory,
    readonly journal: Journal,
    private readonly checkpoints: Checkpoint,
    private readonly unlock: Unlock,
    private readonly options: LowdbOptions,
  ) {
    this.openedAt = journal.last
    this.checkpointBytes = options.checkpointBytes ?? 16 << 20
    this.hourly = setInterval(() => void this.checkpoint(), options.checkpointEveryMs ?? 3_600_000)
    this.hourly.unref()
    this.queuedWaiter = { durable: () => this.tellQueued(), failed: () => undefined }
  }

  read<T>(run: (tx: ReadTx) => Promise<T>): Promise<T> {
    const refusal = this.refusal('read')
    if (refusal) return Promise.reject(refusal)
    return new Promise((resolve, reject) => this.turns.add(new Read(this, run, resolve, reject)))
  }

  update<T>(lock: string | readonly string[], run: (tx: Tx) => Promise<T>, options?: UpdateOptions): Promise<T> {
    const refusal = this.refusal('update')
    if (refusal) return Promise.reject(refusal)
    const limitMs = options?.long ? LONG_LIMIT_MS : LIMIT_MS
    return new Promise((resolve, reject) => this.turns.add(new Update(this, lock, limitMs, run, resolve, reject)))
  }

  state<T>(use: (state: StoreState) => Promise<T>): Promise<T> {
    const refusal = this.refusal('state')
    if (refusal) return Promise.reject(refusal)
    return this.checkpoints.hold(async () => {
      const { files = nodeFiles, folder } = this.options
      const state = new State({ files, folder, memory: this.memory, sequence: this.journal.last })
      try {
        await this.journal.durableUpTo(state.sequence)
        return await use(state)
      } finally {
        state.end()
      }
    })
  }

  onQueued(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  async checkpoint(): Promise<boolean> {
    const done = await this.checkpoints.run()
    if (done) return true
    this.notBefore = performance.now() + (this.options.retryMs ?? 60_000)
    if (!this.closing) setTimeout(() => void this.checkpoint(), this.options.retryMs ?? 60_000).unref()
    return false
  }

  figures(): StoreFigures {
    const tables = this.memory.allTables()
    return {
      commits: this.journal.last - this.openedAt,
      journalBytes: this.journal.bytes,
      records: Object.fromEntries(tables.map(({ collection, entries }) => [collection.name, entries.size])),
    }
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  /** Writes what a transaction did and makes it true in memory; returns the commit that it, or what it saw, stands in. */
  commit(changes: readonly Change[]): number {
    if (changes.length === 0) return this.journal.last
    const steps = changes.map(change => this.memory.plan(change))
    const sequence = this.journal.append(lineOf(steps))
    for (const step of steps) this.memory.apply(step, sequence)
    const queued = steps.some(step => step.fresh && QUEUES.has(step.table.collection.name))
    if (queued) this.wakeAfter(sequence)
    if (this.journal.bytes > this.checkpointBytes) this.checkpointIfDue()
    return sequence
  }

  /**
   * Not before the journal is as long as what the last checkpoint wrote: so snapshots of whatever size at most double what
   * is written, and a start reads at most about twice as much.
   */
  private checkpointIfDue(): void {
    if (this.journal.bytes > this.checkpoints.bytes && performance.now() >= this.notBefore) void this.checkpoint()
  }

  private refusal(what: string): Error | undefined {
    if (insideUpdate()) return new Error(`${what} inside an update: only tx may be awaited there`)
    return this.closing && new Error('the store is closed')
  }

  /** One call for all messages that one sync makes durable. */
  private wakeAfter(sequence: number): void {
    const waiting = this.queuedUpTo > this.journal.durable
    this.queuedUpTo = sequence
    if (!waiting) this.journal.whenDurable(sequence, this.queuedWaiter)
  }

  private tellQueued(): void {
    if (this.queuedUpTo > this.journal.durable) this.journal.whenDurable(this.queuedUpTo, this.queuedWaiter)
    for (const listener of this.listeners) {
      try {
        listener()
      } catch (error) {
        log.error('queued-listener-failed', { kind: codeOf(error) })
      }
    }
  }

  private async shutDown(): Promise<void> {
    clearInterval(this.hourly)
    try {
      await this.turns.drained()
      // The first may have begun before the last update.
      await this.checkpoints.run()
      await this.checkpoints.run()
      await this.journal.close()
    } finally {
      await this.unlock()
    }
  }
}

/** The changes of one journal line; journal-reading.ts reads them. A record that moves to another part goes from one and comes to one. */
function lineOf(steps: readonly Step[]): string[] {
  const pieces: string[] = []
  for (const { table, key, record, entry, part, order } of steps) {
    const { name } = table.collection
    if (entry && (record === undefined || entry.part.name !== part)) {
      const comma = pieces.length > 0 ? ',' : ''
      pieces.push(`${comma}["${name}","${entry.part.name}",${JSON.stringify(key)}]`)
    }
    if (record === undefined) continue
    if (!table.parts.has(part)) refuseBadPart(table.collection, part)
    const comma = pieces.length > 0 ? ',' : ''
    pieces.push(`${comma}["${name}","${part}",${order},${JSON.stringify(record)}]`)
  }
  return pieces
}

function refuseBadPart(collection: Collection<unknown>, part: string): void {
  if (!isPartOf(collection, part)) throw new Error(`${collection.name}: '${part}' names no part`)
}
