import { join } from 'node:path'
import { dayOf, now } from '../clock.ts'
import { log } from '../log.ts'
import { codeOf, type FileSystem } from './files.ts'
import { type Journal, journalName } from './journal.ts'
import { type Manifest, writeManifest } from './manifest.ts'
import type { Memory } from './memory.ts'
import { isPastHold, isPastKeeping, type Snapshot, snapshotName, turnOfLoop } from './snapshots.ts'
import type { Part, Table } from './table.ts'

/** What lowdb is to a checkpoint. */
export interface SnapshotBase {
  data: Snapshot
  read(): Promise<void>
  write(): Promise<void>
}

export interface CheckpointOptions {
  files: FileSystem
  folder: string
  memory: Memory
  journal: Journal
  manifest: Manifest
  /** First sequence numbers of the journals that are there; the last is being written. */
  journals: number[]
  openSnapshot(path: string, empty: Snapshot, wrote: (bytes: number) => void): SnapshotBase
}

const EVICTED_PER_TURN = 2_000

/**
 * Moves what the journals hold into the snapshots. Each file that is written holds exactly the state of its part after one
 * commit, its `upTo`: the records are never changed in place, so copying the references to them, which is one short
 * synchronous step (1 ms per 100,000), is a copy of the state; serialising then goes on in slices while updates go on too.
 * The file replaces the old one only when the journal is durable up to `upTo`, so no file is ever ahead of the journal:
 * else half a commit could survive a crash.
 *
 * The order of steps makes every interruption harmless: (1) a new journal, folder synced; (2) every file that changed
 * since it was last written, each durable; (3) the manifest, durable; (4) the journals before (1) go. After (1) all lines of
 * the old journals are at most at the sequence number where the new one began; after (2) no part needs them.
 */
export class Checkpoint {
  /** What the last one wrote to snapshots. */
  bytes = 0
  private running: Promise<boolean> | undefined
  private holds: Promise<unknown> = Promise.resolve()

  constructor(private readonly options: CheckpointOptions) {}

  /** Resolves with whether it came to its end. A failure is logged and loses nothing: the journals stay. */
  run(): Promise<boolean> {
    this.running ??= this.holds
      .then(() => this.attempt())
      .finally(() => {
        this.running = undefined
      })
    return this.running
  }

  /** Runs it while no checkpoint is written: the files stay as they are, and the next checkpoint waits for its end. */
  hold<T>(run: () => Promise<T>): Promise<T> {
    const before = Promise.all([this.holds, this.running])
    const held = before.then(run)
    this.holds = held.catch(() => undefined)
    return held
  }

  private async attempt(): Promise<boolean> {
    try {
      await this.write()
      return true
    } catch (error) {
      const advice = codeOf(error) === 'ENOSPC' ? 'the disk is full: free some space' : 'it is tried again later'
      log.error('checkpoint-failed', { code: codeOf(error), advice })
      return false
    }
  }

  private async write(): Promise<void> {
    const upTo = await this.startJournal()
    this.bytes = 0
    for (const table of this.options.memory.allTables()) {
      for (const part of [...table.parts.values()]) if (part.changedAt > part.savedUpTo) await this.save(table, part)
    }
    const dropped = await this.evictPastHold()
    await this.writeManifest(upTo)
    await this.clearAway(upTo, dropped)
  }

  /** The last commit that stands in an older journal than the one that is written from now on. */
  private async startJournal(): Promise<number> {
    const { journal, journals } = this.options
    // Files that are there already are enough where the newest has no line.
    if (journal.bytes === 0 && journal.last < (journals.at(-1) ?? 0)) return journal.last
    const upTo = await journal.rotate()
    if (journals.at(-1) !== upTo + 1) journals.push(upTo + 1)
    return upTo
  }

  private async save(table: Table, part: Part): Promise<void> {
    const { journal, folder } = this.options
    const { name } = table.collection
    const upTo = journal.last
    const entries = Array.from(part.entries)
    const copy: Snapshot = { collection: name, part: part.name, upTo, records: [], order: [] }
    copy.records = entries.map(entry => entry.record)
    copy.order = entries.map(entry => entry.order)
    const gone = part.whole ? undefined : new Set(part.gone)
    await journal.durableUpTo(upTo)
    const path = join(folder, snapshotName(name, part.name))
    const base = this.options.openSnapshot(path, copy, bytes => {
      this.bytes += bytes
    })
    if (gone && part.savedUpTo > 0) {
      await base.read()
      base.data = merged(table, base.data, copy, gone)
    }
    await base.write()
    part.savedUpTo = upTo
  }

  /** Names of files that are to go. */
  private async evictPastHold(): Promise<string[]> {
    const today = dayOf(now())
    const dropped: string[] = []
    for (const table of this.options.memory.allTables()) {
      const { collection } = table
      for (const part of [...table.parts.values()]) {
        if (!isPastHold(collection, part.name, today) || part.changedAt > part.savedUpTo) continue
        await this.evict(table, part)
        if (!isPastKeeping(collection, part.name, today)) continue
        if (part.entries.size > 0 || part.changedAt > part.savedUpTo) continue
        table.parts.delete(part.name)
        // A part whose lines were passed over at the start may have lost its file before.
        if (part.savedUpTo > 0) dropped.push(snapshotName(collection.name, part.name))
      }
    }
    return dropped
  }

  /** In slices; what is changed meanwhile stays in memory and goes on top of the file at the next checkpoint. */
  private async evict(table: Table, part: Part): Promise<void> {
    part.whole = false
    const saved = Array.from(part.entries, entry => ({ entry, record: entry.record }))
    for (const [at, { entry, record }] of saved.entries()) {
      if (at % EVICTED_PER_TURN === EVICTED_PER_TURN - 1) await turnOfLoop()
      if (table.entries.get(entry.key) === entry && entry.record === record && entry.part === part) table.remove(entry)
    }
  }

  private async writeManifest(upTo: number): Promise<void> {
    const { files, folder, manifest, memory } = this.options
    const saved: Record<string, number> = {}
    for (const { collection, parts } of memory.allTables()) {
      for (const part of parts.values()) {
        if (part.savedUpTo > 0) saved[snapshotName(collection.name, part.name)] = part.savedUpTo
      }
    }
    if (manifest.upTo === upTo && JSON.stringify(manifest.files) === JSON.stringify(saved)) return
    await writeManifest(files, folder, { ...manifest, upTo, files: saved })
    manifest.upTo = upTo
    manifest.files = saved
  }

  /** Oldest first, so that what a crash leaves has no gap. */
  private async clearAway(upTo: number, dropped: readonly string[]): Promise<void> {
    const { files, folder, journals } = this.options
    const old = journals.filter(start => start <= upTo)
    for (const start of old) {
      await files.remove(join(folder, journalName(start)))
      journals.splice(journals.indexOf(start), 1)
    }
    for (const name of dropped) await files.remove(join(folder, name))
    if (old.length + dropped.length > 0) await files.syncFolder(folder)
  }
}

/** A part that had left memory: its file, with what was changed since. */
export function merged(table: Table, file: Snapshot, later: Snapshot, gone: ReadonlySet<string>): Snapshot {
  const { key } = table.collection
  const newer = new Set(later.records.map(record => key(record)))
  const kept = file.records.flatMap((record, at) => {
    const id = key(record)
    return newer.has(id) || gone.has(id) ? [] : [{ record, order: file.order[at] ?? 0 }]
  })
  return {
    ...later,
    records: [...kept.map(one => one.record), ...later.records],
    order: [...kept.map(one => one.order), ...later.order],
  }
}
