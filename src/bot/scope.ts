import { type Reach, reaches } from '../domain/roster.ts'
import type { Collection, NewAudit, NewChore, NewDraft, Place, ReadTx, SendOptions, Tx } from '../store/records.ts'
import type { CommandReadTx, CommandTx } from './command.ts'
import type { Message } from './message.ts'

/**
 * A transaction narrowed to a reach. Records outside it do not exist, and writing one throws: a command that forgets to ask
 * whether it may, may not. One that is inside may lose its place here, where it keeps another (a post that ends). What the engine
 * keeps (answers, conversations, the outbox) is reached by `send`, `draft`, `audit` and `nextId` alone; asking for it throws.
 */
export class ScopedReadTx implements CommandReadTx {
  constructor(
    readonly township: ReadTx,
    protected readonly reach: Reach,
  ) {}

  get now(): Date {
    return this.township.now
  }

  async get<R>(collection: Collection<R>, key: string): Promise<R | undefined> {
    return this.#seen(collection, await this.township.get(collection, key))
  }

  async getBy<R>(collection: Collection<R>, name: string, value: string): Promise<R | undefined> {
    return this.#seen(collection, await this.township.getBy(collection, name, value))
  }

  async find<R>(collection: Collection<R>, name: string, value: string): Promise<readonly R[]> {
    return this.#filtered(collection, await this.township.find(collection, name, value))
  }

  /** Counts without reading, so it takes no reach into account: ask only for what belongs to a record already seen. */
  count<R>(collection: Collection<R>, name: string, value: string): Promise<number> {
    return this.township.count(collection, name, value)
  }

  async all<R>(collection: Collection<R>): Promise<readonly R[]> {
    return this.#filtered(collection, await this.township.all(collection))
  }

  protected sees<R>(collection: Collection<R>, record: R): boolean {
    if (collection.places === 'engine')
      throw new Error(`a command asked for ${collection.name}, which the engine keeps`)
    return reaches(this.reach, collection.places(record))
  }

  #seen<R>(collection: Collection<R>, record: R | undefined): R | undefined {
    return record !== undefined && this.sees(collection, record) ? record : undefined
  }

  #filtered<R>(collection: Collection<R>, records: readonly R[]): readonly R[] {
    return records.filter(record => this.sees(collection, record))
  }
}

export class ScopedTx extends ScopedReadTx implements CommandTx {
  constructor(
    private readonly tx: Tx,
    reach: Reach,
  ) {
    super(tx, reach)
  }

  insert<R>(collection: Collection<R>, record: R): Promise<R> {
    this.#mustReach(collection, record)
    return this.tx.insert(collection, record)
  }

  async put<R>(collection: Collection<R>, record: R): Promise<R> {
    const before = await this.tx.get(collection, collection.key(record))
    this.#mustReach(collection, before)
    if (!this.#onlyLosesPlaces(collection, before, record)) this.#mustReach(collection, record)
    return this.tx.put(collection, record)
  }

  async remove<R>(collection: Collection<R>, key: string): Promise<void> {
    this.#mustReach(collection, await this.tx.get(collection, key))
    return this.tx.remove(collection, key)
  }

  nextId(prefix: string): Promise<string> {
    return this.tx.nextId(prefix)
  }

  send(message: Message, to: readonly string[], options?: SendOptions): Promise<string | null> {
    return this.tx.send(message, to, options)
  }

  stopSending(outgoingId: string): Promise<readonly string[]> {
    return this.tx.stopSending(outgoingId)
  }

  chore(chore: NewChore): Promise<boolean> {
    return this.tx.chore(chore)
  }

  draft(draft: NewDraft): Promise<string> {
    return this.tx.draft(draft)
  }

  audit(entry: NewAudit): Promise<void> {
    return this.tx.audit(entry)
  }

  #mustReach<R>(collection: Collection<R>, record: R | undefined): void {
    if (record !== undefined && !this.sees(collection, record)) {
      throw new Error(`a command wrote to ${collection.name} outside its speaker's reach`)
    }
  }

  /** Whose post here has ended, and whose own branch is another: he leaves the reach by it, and comes nowhere else. */
  #onlyLosesPlaces<R>({ places }: Collection<R>, before: R | undefined, after: R): boolean {
    if (places === 'engine' || before === undefined) return false
    const known = new Set(places(before).map(spellPlace))
    const left = places(after)
    return left.length > 0 && left.every(place => known.has(spellPlace(place)))
  }
}

const spellPlace = ({ branchId, group }: Place): string => `${branchId}\n${group ?? ''}`
