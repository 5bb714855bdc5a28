import { type Collection, StoreError } from './records.ts'
import { type Entry, type Part, Table } from './table.ts'
import type { Change, Source } from './transaction.ts'

/** A change with what it meets in memory. */
export interface Step {
  readonly table: Table
  readonly key: string
  /** undefined: removed. */
  readonly record: unknown
  readonly fresh: boolean
  readonly entry: Entry | undefined
  readonly part: string
  readonly order: number
}

/** All collections in memory: what is read, and what a commit is applied to. */
export class Memory implements Source {
  private readonly tables = new Map<Collection<unknown>, Table>()
  private readonly byName = new Map<string, Table>()
  /** Told of a part before a commit changes it: whoever takes a state of the store copies it first. */
  beforeChange: ((part: Part) => void) | undefined
  /** The order of the next insertion. */
  nextOrder = 1

  constructor(collections: readonly Collection<unknown>[]) {
    for (const collection of collections) {
      const table = new Table(collection)
      if (this.byName.has(collection.name)) throw new StoreError(`two collections are named ${collection.name}`)
      this.tables.set(collection, table)
      this.byName.set(collection.name, table)
    }
  }

  table(collection: Collection<unknown>): Table {
    const table = this.tables.get(collection)
    if (!table) throw new Error(`the store was opened without the collection ${collection.name}`)
    return table
  }

  tableNamed(name: string): Table | undefined {
    return this.byName.get(name)
  }

  allTables(): readonly Table[] {
    return [...this.byName.values()]
  }

  all(collection: Collection<unknown>): readonly Entry[] {
    return Array.from(this.table(collection).entries.values())
  }

  get(collection: Collection<unknown>, key: string): Entry | undefined {
    return this.table(collection).entries.get(key)
  }

  getBy(collection: Collection<unknown>, name: string, value: string): Entry | undefined {
    return this.table(collection).unique(name).get(value)
  }

  find(collection: Collection<unknown>, name: string, value: string): readonly Entry[] {
    return this.table(collection).bucket(name, value)?.list() ?? []
  }

  count(collection: Collection<unknown>, name: string, value: string): number {
    return this.table(collection).bucket(name, value)?.size ?? 0
  }

  /** Looks up, once, what writing and applying a change both need. Changes nothing. */
  plan({ collection, key, before, after, fresh }: Change): Step {
    const table = this.table(collection)
    const entry = before && table.entries.get(key)
    const order = entry && !fresh ? entry.order : this.nextOrder++
    return { table, key, record: after, fresh, entry, part: after === undefined ? '' : table.partNameOf(after), order }
  }

  /** Makes one change of commit `sequence` true. */
  apply({ table, key, record, fresh, entry, part: name, order }: Step, sequence: number): void {
    if (entry) {
      this.beforeChange?.(entry.part)
      entry.part.changedAt = sequence
    }
    if (record === undefined) {
      if (entry) this.forget(table, entry)
      return
    }
    const part = table.partNamed(name)
    this.beforeChange?.(part)
    part.changedAt = sequence
    if (!part.whole) part.gone.delete(key)
    if (entry && !entry.part.whole && entry.part !== part) entry.part.gone.add(key)
    if (entry && !fresh) {
      table.replace(entry, record, part)
    } else {
      if (entry) table.remove(entry)
      table.insert(key, record, order, part)
    }
  }

  private forget(table: Table, entry: Entry): void {
    if (!entry.part.whole) entry.part.gone.add(entry.key)
    table.remove(entry)
  }
}
