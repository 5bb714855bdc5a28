import { join } from 'node:path'
import { dayOf, now } from '../clock.ts'
import { log } from '../log.ts'
import type { FileSystem, OpenFile } from './files.ts'
import { journalName, journalStart } from './journal.ts'
import { type JournalContent, type LineChange, readJournal } from './journal-reading.ts'
import { MANIFEST, type Manifest, readManifest, writeManifest } from './manifest.ts'
import { Memory } from './memory.ts'
import { type Collection, StoreError } from './records.ts'
import { Refusals } from './refusals.ts'
import {
  DamageError,
  FORMAT,
  isPastHold,
  isPastKeeping,
  NewerFormatError,
  readHeader,
  type Snapshot,
  snapshotName,
} from './snapshots.ts'
import type { Entry, Part, Table } from './table.ts'

export interface OpenedFolder {
  memory: Memory
  /** The last commit. */
  last: number
  manifest: Manifest
  /** First sequence numbers of the journals that are there. */
  journals: number[]
  journal: { file: OpenFile; path: string; bytes: number }
}

export interface FolderOptions {
  files: FileSystem
  folder: string
  corpId: string
  collections: readonly Collection<unknown>[]
  readSnapshot(path: string): Promise<Snapshot>
}

/** A part while journals are replayed onto it. */
interface Loading {
  readonly table: Table
  readonly part: Part
  readonly entries: Map<string, Entry>
  /** Past its hold and of no interest any more: its lines are passed over. */
  readonly dropped: boolean
}

/**
 * Brings the last durable state of a folder back into memory. Each file holds exactly the state of its part after commit
 * `upTo`, and lines beyond that hold every later change of that part; so each part, and with them the whole, ends as it was
 * after the last line, whichever files of a checkpoint were still written. Where that cannot be shown to be so the start
 * is refused with a StoreError.
 */
export async function openFolder(options: FolderOptions): Promise<OpenedFolder> {
  return new Opening(options).open()
}

class Opening {
  private readonly files: FileSystem
  private readonly folder: string
  private readonly memory: Memory
  private readonly loading = new Map<string, Loading>()
  private readonly today = dayOf(now())
  private readonly refusals: Refusals
  private names: string[] = []
  private highest = 0

  constructor(private readonly options: FolderOptions) {
    this.files = options.files
    this.folder = options.folder
    this.memory = new Memory(options.collections)
    this.refusals = new Refusals(options.files, options.folder, options.corpId)
  }

  async open(): Promise<OpenedFolder> {
    this.names = await this.withoutLeftovers(await this.files.list(this.folder))
    const manifest = (await this.explain(MANIFEST, () => readManifest(this.files, this.folder))) ?? (await this.begin())
    if (manifest.corpId !== this.options.corpId) throw this.refusals.otherCorp(manifest.corpId)
    await this.loadSnapshots(manifest)
    const replayed = await this.replay(manifest)
    if (this.highest > replayed.last) {
      throw await this.damaged('the journal', `commits ${replayed.last + 1} to ${this.highest} are missing`)
    }
    await this.build()
    const journal = await this.openJournal(replayed)
    return { memory: this.memory, last: replayed.last, manifest, journals: replayed.starts, journal }
  }

  /** What a crash left of a file that was being replaced; the file itself is whole. */
  private async withoutLeftovers(names: string[]): Promise<string[]> {
    const ours = (name: string) => name === MANIFEST || this.isSnapshot(name)
    const leftovers = names.filter(name => name.endsWith('.tmp') && ours(name.slice(0, -'.tmp'.length)))
    for (const name of leftovers) await this.files.remove(join(this.folder, name))
    return names.filter(name => !leftovers.includes(name))
  }

  private async begin(): Promise<Manifest> {
    const data = this.names.find(name => this.isSnapshot(name) || journalStart(name) !== undefined)
    if (data) throw await this.damaged(MANIFEST, `the file is missing, though ${data} is there`)
    const manifest = { format: FORMAT, corpId: this.options.corpId, upTo: 0, files: {} }
    await writeManifest(this.files, this.folder, manifest)
    return manifest
  }

  private async loadSnapshots(manifest: Manifest): Promise<void> {
    for (const name of this.names) {
      const ours = this.isSnapshot(name) || Object.hasOwn(manifest.files, name)
      if (ours) await this.explain(name, () => this.loadSnapshot(name))
    }
    for (const [name, upTo] of Object.entries(manifest.files)) {
      const place = this.placeOf(name)
      const savedUpTo = place && this.loading.get(place.id)?.part.savedUpTo
      if (savedUpTo !== undefined && savedUpTo >= upTo) continue
      // People may clear away old history; nothing of it is needed to go on.
      if (savedUpTo === undefined && place && isPastHold(place.table.collection, place.part, this.today)) {
        log.warn('old-part-missing', { file: name })
      } else {
        throw await this.damaged(name, savedUpTo === undefined ? 'the file is missing' : 'this is an older file')
      }
    }
  }

  /** Other .json files may lie in the folder (the service leaves its control.json there): they are not ours to read. */
  private isSnapshot(name: string): boolean {
    return name.endsWith('.json') && this.placeOf(name) !== undefined
  }

  private async loadSnapshot(name: string): Promise<void> {
    const place = this.placeOf(name)
    if (!place) throw new DamageError('this version knows no such collection')
    const { table, part } = place
    const path = join(this.folder, name)
    const past = isPastHold(table.collection, part, this.today)
    if (!past) return this.takeIn(this.begun(table, part), await this.options.readSnapshot(path))
    const { upTo, format } = await readHeader(this.files, path)
    if (format > FORMAT) throw new NewerFormatError(format)
    const left = this.begun(table, part)
    left.part.whole = false
    left.part.savedUpTo = upTo
    left.part.changedAt = upTo
    this.highest = Math.max(this.highest, upTo)
  }

  private begun(table: Table, name: string): Loading {
    const id = idOf(table, name)
    let loading = this.loading.get(id)
    if (!loading) {
      const dropped = isPastKeeping(table.collection, name, this.today)
      loading = { table, part: table.partNamed(name), entries: new Map(), dropped }
      this.loading.set(id, loading)
    }
    return loading
  }

  private takeIn({ table, part, entries }: Loading, { collection, part: name, upTo, records, order }: Snapshot): void {
    if (collection !== table.collection.name || name !== part.name) {
      throw new DamageError('the file holds other records than its name says')
    }
    part.whole = true
    part.savedUpTo = upTo
    part.changedAt = upTo
    this.highest = Math.max(this.highest, upTo)
    records.forEach((record, at) => {
      const key = table.collection.key(record)
      entries.set(key, { key, record, order: order[at] ?? 0, part })
    })
  }

  private async replay(manifest: Manifest): Promise<{ last: number; starts: number[]; newest: string | undefined }> {
    const starts = this.names.flatMap(name => journalStart(name) ?? [])
    let next: number | undefined
    let newest: string | undefined
    let torn: { name: string; at: number; line: number } | undefined
    for (const start of starts) {
      const name = journalName(start)
      const bytes = await this.files.readFile(join(this.folder, name))
      // A new journal whose making failed half-way stays empty; the one before it went on.
      if (bytes.length === 0) continue
      if (torn) throw await this.damaged(torn.name, 'the line breaks off', torn.line)
      // Of the journals that a checkpoint made needless a crash may leave any.
      const expected = Math.max(next ?? 0, manifest.upTo + 1)
      if (start > expected) throw await this.damaged(name, `commits ${expected} to ${start - 1} are missing before it`)
      if (start < (next ?? 0)) throw await this.damaged(name, `commit ${start} stands in two journals`, 1)
      const { lines, tornAt } = await this.explain<JournalContent>(name, () => readJournal(bytes, start))
      for (const [at, line] of lines.entries()) await this.explain(name, () => this.apply(line), at + 1)
      if (tornAt !== undefined) torn = { name, at: tornAt, line: lines.length + 1 }
      next = start + lines.length
      newest = name
    }
    if (torn) await this.cut(torn)
    const last = Math.max((next ?? 1) - 1, manifest.upTo)
    await this.refuseGapAtEnd(starts, last, manifest)
    return { last, starts, newest }
  }

  private async refuseGapAtEnd(starts: number[], last: number, manifest: Manifest): Promise<void> {
    const newest = starts.at(-1)
    if (newest !== undefined && newest > last + 1) {
      throw await this.damaged(journalName(newest), `commits ${last + 1} to ${newest - 1} are missing before it`)
    }
    if (newest === undefined && (manifest.upTo > 0 || this.loading.size > 0)) {
      throw await this.damaged('the journal', 'no journal file is there')
    }
  }

  private async apply({ seq, changes }: { seq: number; changes: readonly LineChange[] }): Promise<void> {
    for (const change of changes) {
      const table = this.memory.tableNamed(change[0])
      if (!table) throw new DamageError(`this version knows no collection ${change[0]}`)
      const loading = this.begun(table, change[1])
      const { part } = loading
      if (loading.dropped || seq <= part.savedUpTo) continue
      if (!part.whole) {
        const name = snapshotName(table.collection.name, part.name)
        this.takeIn(loading, await this.explain(name, () => this.options.readSnapshot(join(this.folder, name))))
      }
      part.changedAt = seq
      applyTo(loading, change)
    }
  }

  /** A write that was cut short: it was never acknowledged, for that comes after the sync. */
  private async cut({ name, at, line }: { name: string; at: number; line: number }): Promise<void> {
    const file = await this.files.open(join(this.folder, name), 'edit')
    try {
      await file.truncate(at)
      await file.datasync()
    } finally {
      await file.close()
    }
    log.warn('journal-tail-cut', { file: name, line })
  }

  private async build(): Promise<void> {
    for (const { part, entries } of this.loading.values()) {
      for (const entry of entries.values()) {
        part.entries.add(entry)
        this.memory.nextOrder = Math.max(this.memory.nextOrder, entry.order + 1)
      }
    }
    for (const table of this.memory.allTables()) {
      try {
        table.build()
      } catch (error) {
        throw error instanceof StoreError ? await this.damaged('the data', error.message) : error
      }
    }
  }

  /**
   * Goes on with the newest journal. What is in it may have been seen by nobody but the kernel (killed between write and
   * sync), so it is made durable before anybody is told of it.
   */
  private async openJournal({ last, starts, newest }: { last: number; starts: number[]; newest: string | undefined }) {
    const fresh = newest === undefined || starts.includes(last + 1) || journalStart(newest) === last + 1
    const name = fresh ? journalName(last + 1) : newest
    const path = join(this.folder, name)
    const file = await this.files.open(path, 'append')
    await file.datasync()
    await this.files.syncFolder(this.folder)
    const start = journalStart(name) ?? last + 1
    if (!starts.includes(start)) starts.push(start)
    const bytes = start > last ? 0 : (await this.files.readFile(path)).length
    return { file, path, bytes }
  }

  private placeOf(name: string): { table: Table; part: string; id: string } | undefined {
    const base = name.slice(0, -'.json'.length)
    const tables = this.memory.allTables().filter(({ collection }) => {
      return collection.part ? base.startsWith(`${collection.name}-`) : base === collection.name
    })
    // The longest name: 'notes-old' before 'notes'.
    const table = tables.sort((a, b) => b.collection.name.length - a.collection.name.length)[0]
    if (!table) return undefined
    const part = table.collection.part ? base.slice(table.collection.name.length + 1) : ''
    return { table, part, id: idOf(table, part) }
  }

  private explain<T>(name: string, run: () => T | Promise<T>, line?: number): Promise<T> {
    return this.refusals.explain(name, run, line)
  }

  private damaged(name: string, what: string, line?: number): Promise<StoreError> {
    return this.refusals.damaged(name, what, line)
  }
}

function applyTo({ table, part, entries }: Loading, change: LineChange): void {
  if (change.length === 3) {
    entries.delete(change[2])
    return
  }
  const [, , order, record] = change
  const key = table.collection.key(record)
  entries.set(key, { key, record, order, part })
}

const idOf = (table: Table, part: string): string => `${table.collection.name}\n${part}`
