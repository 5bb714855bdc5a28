import type { Message } from '../bot/message.ts'
import { counters } from './collections.ts'
import { appendAudit, keepDraft, queueChore, queueMessage, stopMessage } from './queueing.ts'
import {
  type Collection,
  DuplicateKeyError,
  type NewAudit,
  type NewChore,
  type NewDraft,
  type SendOptions,
  type Tx,
} from './records.ts'

/** A record as an engine keeps it. `order` grows with each insertion and stays through puts. */
export interface Stored {
  readonly record: unknown
  readonly order: number
}

type Now<T> = T | Promise<T>

/** What an engine can read. The one in memory answers at once, which saves the transaction a turn per call. */
export interface Source {
  get(collection: Collection<unknown>, key: string): Now<Stored | undefined>
  getBy(collection: Collection<unknown>, name: string, value: string): Now<Stored | undefined>
  /** By `order`. */
  find(collection: Collection<unknown>, name: string, value: string): Now<readonly Stored[]>
  count(collection: Collection<unknown>, name: string, value: string): Now<number>
  /** By `order`. */
  all(collection: Collection<unknown>): Now<readonly Stored[]>
}

/** What a transaction did to one key, all its steps together. */
export interface Change {
  readonly collection: Collection<unknown>
  readonly key: string
  /** As it was before the transaction. */
  readonly before: Stored | undefined
  /** undefined: removed. */
  readonly after: unknown
  /** Inserted by this transaction (perhaps after a removal by it): it stands last. */
  readonly fresh: boolean
}

/** The changes of one collection, and who holds its unique values now (null: given free). */
interface Staged {
  readonly collection: Collection<unknown>
  readonly changes: Map<string, Change>
  readonly holders: Map<string, string | null>
}

const holds = (found: string | readonly string[] | undefined, value: string): boolean =>
  typeof found === 'string' ? found === value : found?.includes(value) === true

/**
 * The one implementation of `Tx`, over what an engine can read: changes are staged here, seen by the transaction itself,
 * and handed to the engine with `changes()`. Nothing outside is touched before that, so a function that throws changes
 * nothing. A step costs what it touches; only `find` and `count` also look through what this transaction changed in the
 * same collection.
 */
export class Transaction implements Tx {
  private readonly staged: Staged[] = []
  private over = false

  constructor(
    private readonly source: Source,
    readonly now: Date,
  ) {}

  /** From here on every call is refused: a function that outlives its update must not believe that it changes anything. */
  end(): void {
    this.over = true
  }

  /** What is to be written, insertions in the order they were made. */
  changes(): readonly Change[] {
    const changes: Change[] = []
    for (const staged of this.staged) {
      for (const change of staged.changes.values()) {
        if (change.before !== undefined || change.after !== undefined) changes.push(change)
      }
    }
    return changes
  }

  async get<R>(collection: Collection<R>, key: string): Promise<R | undefined> {
    const change = this.stagedOf(collection)?.changes.get(key)
    if (change) return trusted<R>(change.after)
    const stored = this.source.get(collection, key)
    return trusted<R>((stored instanceof Promise ? await stored : stored)?.record)
  }

  async getBy<R>(collection: Collection<R>, name: string, value: string): Promise<R | undefined> {
    const staged = this.stagedOf(collection)
    const holder = staged?.holders.get(holderKey(name, value))
    if (holder === null) return undefined
    if (holder !== undefined) return trusted<R>(staged?.changes.get(holder)?.after)
    const stored = this.source.getBy(collection, name, value)
    return trusted<R>((stored instanceof Promise ? await stored : stored)?.record)
  }

  async find<R>(collection: Collection<R>, name: string, value: string): Promise<readonly R[]> {
    const stored = this.source.find(collection, name, value)
    const found = stored instanceof Promise ? await stored : stored
    const of = indexOf(collection, name)
    return this.overlaid(collection, found, record => holds(of(record), value))
  }

  async count<R>(collection: Collection<R>, name: string, value: string): Promise<number> {
    const stored = this.source.count(collection, name, value)
    let count = stored instanceof Promise ? await stored : stored
    const of = indexOf(collection, name)
    for (const { before, after } of this.stagedOf(collection)?.changes.values() ?? []) {
      if (before && holds(of(trusted<R>(before.record)), value)) count--
      if (after !== undefined && holds(of(trusted<R>(after)), value)) count++
    }
    return count
  }

  async all<R>(collection: Collection<R>): Promise<readonly R[]> {
    const stored = this.source.all(collection)
    return this.overlaid(collection, stored instanceof Promise ? await stored : stored, () => true)
  }

  async insert<R>(collection: Collection<R>, record: R): Promise<R> {
    const valid = validated(collection, record)
    const key = collection.key(valid)
    const staged = this.stage(collection)
    const change = staged.changes.get(key)
    const before = change ? change.before : this.source.get(collection, key)
    const stored = before instanceof Promise ? await before : before
    if (change ? change.after !== undefined : stored !== undefined) throw new DuplicateKeyError(collection.name, 'key')
    for (const name in collection.unique) await this.claim(staged, collection, name, key, valid)
    this.write(staged, { collection, key, before: stored, after: valid, fresh: true })
    return valid
  }

  async put<R>(collection: Collection<R>, record: R): Promise<R> {
    const valid = validated(collection, record)
    const key = collection.key(valid)
    const staged = this.stage(collection)
    const change = staged.changes.get(key)
    const before = change ? change.before : this.source.get(collection, key)
    const stored = before instanceof Promise ? await before : before
    if (change ? change.after === undefined : stored === undefined)
      throw new Error(`${collection.name}: nothing to put`)
    for (const name in collection.unique) await this.claim(staged, collection, name, key, valid)
    this.write(staged, { collection, key, before: stored, after: valid, fresh: change?.fresh ?? false })
    return valid
  }

  async remove<R>(collection: Collection<R>, key: string): Promise<void> {
    const staged = this.stage(collection)
    const change = staged.changes.get(key)
    const before = change ? change.before : this.source.get(collection, key)
    const stored = before instanceof Promise ? await before : before
    if (change ? change.after === undefined : stored === undefined) return
    this.write(staged, { collection, key, before: stored, after: undefined, fresh: false })
  }

  async nextId(prefix: string): Promise<string> {
    return `${prefix}-${await this.nextNumber(prefix)}`
  }

  send(message: Message, to: readonly string[], options: SendOptions = {}): Promise<string | null> {
    return queueMessage(this, name => this.nextNumber(name), message, to, options)
  }

  chore(chore: NewChore): Promise<boolean> {
    return queueChore(this, name => this.nextNumber(name), chore)
  }

  stopSending(outgoingId: string): Promise<readonly string[]> {
    return stopMessage(this, outgoingId)
  }

  draft(draft: NewDraft): Promise<string> {
    return keepDraft(this, draft)
  }

  audit(entry: NewAudit): Promise<void> {
    return appendAudit(this, entry)
  }

  private async nextNumber(name: string): Promise<number> {
    const counter = await this.get(counters, name)
    if (!counter) return (await this.insert(counters, { name, last: 1 })).last
    return (await this.put(counters, { name, last: counter.last + 1 })).last
  }

  /** Throws where another record has this one's value. */
  private async claim<R>(staged: Staged, collection: Collection<R>, name: string, key: string, record: R) {
    const value = collection.unique[name]?.(record)
    if (value === undefined) return
    let holder = staged.holders.get(holderKey(name, value))
    if (holder === undefined) {
      const found = this.source.getBy(collection, name, value)
      const stored = found instanceof Promise ? await found : found
      holder = stored && collection.key(trusted<R>(stored.record))
    }
    if (holder !== undefined && holder !== null && holder !== key) throw new DuplicateKeyError(collection.name, name)
  }

  private write(staged: Staged, change: Change): void {
    const { collection, changes, holders } = staged
    const earlier = changes.get(change.key)
    const was = earlier ? earlier.after : change.before?.record
    for (const name in collection.unique) {
      const of = collection.unique[name]
      const from = was === undefined ? undefined : of?.(was)
      const to = change.after === undefined ? undefined : of?.(change.after)
      if (from !== undefined && from !== to) holders.set(holderKey(name, from), null)
      if (to !== undefined) holders.set(holderKey(name, to), change.key)
    }
    if (earlier && change.fresh && !earlier.fresh) changes.delete(change.key)
    changes.set(change.key, change)
  }

  /** What the engine found, with what this transaction did to it, in the order of insertion. */
  private overlaid<R>(collection: Collection<R>, found: readonly Stored[], matches: (record: R) => boolean): R[] {
    const changes = this.stagedOf(collection)?.changes
    if (!changes || changes.size === 0) return found.map(stored => trusted<R>(stored.record))
    const seen = found.filter(stored => !changes.has(collection.key(trusted<R>(stored.record))))
    const fresh: R[] = []
    for (const { before, after, fresh: last } of changes.values()) {
      if (after === undefined || !matches(trusted<R>(after))) continue
      if (last || !before) fresh.push(trusted<R>(after))
      else seen.push({ record: after, order: before.order })
    }
    seen.sort((a, b) => a.order - b.order)
    return [...seen.map(stored => trusted<R>(stored.record)), ...fresh]
  }

  private stagedOf(collection: Collection<unknown>): Staged | undefined {
    if (this.over) throw new Error('this transaction is over')
    for (const staged of this.staged) if (staged.collection === collection) return staged
    return undefined
  }

  private stage(collection: Collection<unknown>): Staged {
    const known = this.stagedOf(collection)
    if (known) return known
    const staged: Staged = { collection, changes: new Map(), holders: new Map() }
    this.staged.push(staged)
    return staged
  }
}

/** Records of a collection were validated by its schema when they were written, and stand under a checksum since. */
const trusted = <R>(record: unknown): R => record as R

const holderKey = (name: string, value: string): string => `${name}\n${value}`

function indexOf<R>(collection: Collection<R>, name: string): (record: R) => string | readonly string[] | undefined {
  const of = collection.indexes[name]
  if (!of) throw new Error(`${collection.name} has no index ${name}`)
  return of
}

/** A copy that the caller cannot change any more, without keys that the schema does not know. */
function validated<R>(collection: Collection<R>, record: R): R {
  const result = collection.schema.safeParse(record)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new Error(`${collection.name}: not a valid record: ${issue?.path.join('.')} ${issue?.code}`)
}
