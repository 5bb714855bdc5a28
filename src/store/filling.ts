import { join } from 'node:path'
import { type FileSystem, nodeFiles } from './files.ts'
import { journalName } from './journal.ts'
import { writeManifest } from './manifest.ts'
import { openFolder } from './opening.ts'
import type { Collection, StoreState } from './records.ts'
import { DamageError, FORMAT, isPartOf, type Snapshot, SnapshotFile, snapshotName } from './snapshots.ts'
import { State } from './state.ts'

export interface FillOptions {
  folder: string
  corpId: string
  collections: readonly Collection<unknown>[]
  files?: FileSystem
}

/** A record of a state, with its place in the order of insertion. */
export interface PlacedRecord {
  collection: string
  order: number
  record: unknown
}

interface Part {
  collection: Collection<unknown>
  name: string
  records: unknown[]
  order: number[]
}

/** Writes records into an empty folder so that a store opens there with exactly these, in this order. */
export class FolderFill {
  private readonly parts = new Map<string, Part>()
  private readonly byName: ReadonlyMap<string, Collection<unknown>>
  private readonly files: FileSystem

  constructor(private readonly options: FillOptions) {
    this.files = options.files ?? nodeFiles
    this.byName = new Map(options.collections.map(collection => [collection.name, collection]))
  }

  /** Throws DamageError for what is no record of its collection. */
  add({ collection: name, order, record }: PlacedRecord): void {
    const collection = this.byName.get(name)
    if (!collection) throw new DamageError(`this version knows no collection ${name}`)
    const part = this.partNamed(collection, partOf(collection, record))
    part.records.push(record)
    part.order.push(order)
  }

  private partNamed(collection: Collection<unknown>, name: string): Part {
    const file = snapshotName(collection.name, name)
    const known = this.parts.get(file)
    if (known) return known
    const part = { collection, name, records: [], order: [] }
    this.parts.set(file, part)
    return part
  }

  /** Durable when it resolves. `sequence`: of the commit that the records are the state after. */
  async write(sequence: number): Promise<void> {
    const { folder, corpId } = this.options
    const saved: Record<string, number> = {}
    for (const [file, { collection, name, records, order }] of this.parts) {
      const snapshot: Snapshot = { collection: collection.name, part: name, upTo: sequence, records, order }
      await new SnapshotFile(this.files, join(folder, file)).write(snapshot)
      saved[file] = sequence
      this.parts.delete(file)
    }
    const journal = await this.files.open(join(folder, journalName(sequence + 1)), 'replace')
    await journal.datasync()
    await journal.close()
    await writeManifest(this.files, folder, { format: FORMAT, corpId, upTo: sequence, files: saved })
  }
}

/** What a start would find in the folder; throws what a start would refuse. */
export async function stateOfFolder(options: FillOptions): Promise<StoreState> {
  const { files = nodeFiles, folder } = options
  const opened = await openFolder({ ...options, files, readSnapshot: path => new SnapshotFile(files, path).read() })
  await opened.journal.file.close()
  return new State({ files, folder, memory: opened.memory, sequence: opened.last })
}

/** What a record says of itself is not trusted with a file's name. */
function partOf(collection: Collection<unknown>, record: unknown): string {
  try {
    const part = collection.part?.(record) ?? ''
    if (isPartOf(collection, part) && typeof collection.key(record) === 'string') return part
  } catch {
    // It has not even the fields that its key is made of.
  }
  throw new DamageError(`${collection.name}: this is no record`)
}
