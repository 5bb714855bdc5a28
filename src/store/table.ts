import { type Collection, StoreError } from './records.ts'
import type { Stored } from './transaction.ts'

/** The cell of one record: changed in place when the record is replaced, so that a put touches only the indexes it changes. */
export interface Entry extends Stored {
  readonly key: string
  record: unknown
  readonly order: number
  part: Part
}

/** The records of one collection that stand in one file. */
export interface Part {
  readonly name: string
  readonly entries: Set<Entry>
  /** Sequence number of the last commit that changed it. */
  changedAt: number
  /** Sequence number that its file includes; 0: there is no file. */
  savedUpTo: number
  /** False once it left memory: then `entries` and `gone` are what came after, and go on top of the file. */
  whole: boolean
  readonly gone: Set<string>
}

export const newPart = (name: string): Part => ({
  name,
  entries: new Set(),
  changedAt: 0,
  savedUpTo: 0,
  whole: true,
  gone: new Set(),
})

/** Records that share an index value. Sorted again only when somebody looks after one came in out of order. */
class Bucket {
  private entries = new Set<Entry>()
  private last = 0
  private sorted = true

  get size(): number {
    return this.entries.size
  }

  add(entry: Entry): void {
    if (this.entries.has(entry)) return
    this.entries.add(entry)
    if (entry.order < this.last) this.sorted = false
    else this.last = entry.order
  }

  delete(entry: Entry): void {
    this.entries.delete(entry)
  }

  list(): Entry[] {
    const list = Array.from(this.entries)
    if (this.sorted) return list
    list.sort((a, b) => a.order - b.order)
    this.entries = new Set(list)
    this.sorted = true
    return list
  }
}

type Value = string | readonly string[] | undefined

interface Unique {
  readonly name: string
  readonly of: (record: unknown) => string | undefined
  readonly entries: Map<string, Entry>
}

interface Index {
  readonly name: string
  readonly of: (record: unknown) => Value
  readonly buckets: Map<string, Bucket>
}

/** The records of one collection with all ways to find them. `entries` runs in the order of insertion. */
export class Table {
  readonly entries = new Map<string, Entry>()
  readonly parts = new Map<string, Part>()
  private readonly uniques: Unique[]
  private readonly indexes: Index[]

  constructor(readonly collection: Collection<unknown>) {
    this.uniques = Object.entries(collection.unique).map(([name, of]) => ({ name, of, entries: new Map() }))
    this.indexes = Object.entries(collection.indexes).map(([name, of]) => ({ name, of, buckets: new Map() }))
  }

  partNameOf(record: unknown): string {
    return this.collection.part?.(record) ?? ''
  }

  partNamed(name: string): Part {
    let part = this.parts.get(name)
    if (!part) {
      part = newPart(name)
      this.parts.set(name, part)
    }
    return part
  }

  unique(name: string): ReadonlyMap<string, Entry> {
    const unique = this.uniques.find(one => one.name === name)
    if (!unique) throw new Error(`${this.collection.name} has no unique key ${name}`)
    return unique.entries
  }

  bucket(name: string, value: string): Bucket | undefined {
    const index = this.indexes.find(one => one.name === name)
    if (!index) throw new Error(`${this.collection.name} has no index ${name}`)
    return index.buckets.get(value)
  }

  /** `order` is greater than that of every record that is there. */
  insert(key: string, record: unknown, order: number, part: Part): void {
    this.link({ key, record, order, part })
  }

  /** Takes in an entry whose part knows it already, or does from now on. */
  link(entry: Entry): void {
    const { key, record } = entry
    this.entries.set(key, entry)
    entry.part.entries.add(entry)
    for (const { of, entries } of this.uniques) {
      const value = of(record)
      if (value !== undefined) entries.set(value, entry)
    }
    for (const { of, buckets } of this.indexes) addTo(buckets, of(record), entry)
  }

  replace(entry: Entry, record: unknown, part: Part): void {
    const before = entry.record
    entry.record = record
    if (entry.part !== part) {
      entry.part.entries.delete(entry)
      part.entries.add(entry)
      entry.part = part
    }
    for (const { of, entries } of this.uniques) {
      const from = of(before)
      const to = of(record)
      if (from === to) continue
      if (from !== undefined && entries.get(from) === entry) entries.delete(from)
      if (to !== undefined) entries.set(to, entry)
    }
    for (const { of, buckets } of this.indexes) {
      const from = of(before)
      const to = of(record)
      if (sameValue(from, to)) continue
      removeFrom(buckets, from, entry)
      addTo(buckets, to, entry)
    }
  }

  remove(entry: Entry): void {
    const { key, record } = entry
    this.entries.delete(key)
    entry.part.entries.delete(entry)
    for (const { of, entries } of this.uniques) {
      const value = of(record)
      // Within one commit the value may already be another record's.
      if (value !== undefined && entries.get(value) === entry) entries.delete(value)
    }
    for (const { of, buckets } of this.indexes) removeFrom(buckets, of(record), entry)
  }

  /** After the records were read into the parts: puts them in their order and makes the indexes. */
  build(): void {
    const parts = [...this.parts.values()]
    const entries = parts.flatMap(part => Array.from(part.entries))
    if (entries.some((entry, at) => at > 0 && entry.order < (entries[at - 1]?.order ?? 0))) {
      entries.sort((a, b) => a.order - b.order)
    }
    for (const entry of entries) {
      this.refuseTaken(entry)
      this.link(entry)
    }
  }

  private refuseTaken({ key, record }: Entry): void {
    const { name } = this.collection
    if (this.entries.has(key)) throw new StoreError(`${name}: two records have the key ${key}`)
    for (const unique of this.uniques) {
      const value = unique.of(record)
      if (value === undefined || !unique.entries.has(value)) continue
      throw new StoreError(`${name}: ${key} and ${unique.entries.get(value)?.key} have the same ${unique.name}`)
    }
  }
}

function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true
  if (!Array.isArray(a) || !Array.isArray(b)) return false
  return a.length === b.length && a.every((value, at) => value === b[at])
}

function addTo(buckets: Map<string, Bucket>, value: Value, entry: Entry): void {
  if (value === undefined) return
  for (const one of typeof value === 'string' ? [value] : value) {
    let bucket = buckets.get(one)
    if (!bucket) {
      bucket = new Bucket()
      buckets.set(one, bucket)
    }
    bucket.add(entry)
  }
}

function removeFrom(buckets: Map<string, Bucket>, value: Value, entry: Entry): void {
  if (value === undefined) return
  for (const one of typeof value === 'string' ? [value] : value) {
    const bucket = buckets.get(one)
    bucket?.delete(entry)
    if (bucket?.size === 0) buckets.delete(one)
  }
}
