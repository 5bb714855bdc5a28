import type { z } from 'zod'
import type { Message } from '../bot/message.ts'
import type { ChoreWork } from './engine-shapes.ts'

/**
 * The store as the rest of the house sees it: plain JSON records in declared collections, two engines behind it.
 * A record is never changed in place; instants in records are ISO strings in UTC.
 */

/** What part of the township a record belongs to. `group` narrows it to one party group of the branch. */
export interface Place {
  branchId: string
  group?: string | null
}

/** Bivariant, so that a Collection<Person> is a Collection<unknown> to an engine, which stores what it was given. */
type Of<R, T> = { of(record: R): T }['of']

export interface Collection<R> {
  readonly name: string
  readonly schema: z.ZodType<R>
  readonly key: Of<R, string>
  /** At most one record has the value; undefined: the record does not take part. */
  readonly unique: Readonly<Record<string, Of<R, string | undefined>>>
  /** Any number of records have the value, or one record has several. */
  readonly indexes: Readonly<Record<string, Of<R, string | readonly string[] | undefined>>>
  /** The places whose people may see a record. 'engine': no command sees it; the heart and the store keep it. */
  readonly places: 'engine' | Of<R, readonly Place[]>
  /** History only: the file a record stands in, e.g. its year '2026' or its day '2026-11-24'. Living collections have none. */
  readonly part?: Of<R, string>
  /** For collections with parts: days after which a part (sorted by name, a date prefix) leaves memory. */
  readonly holdDays?: number
  /** What becomes of a part that left memory: its file stays to be read by people, or goes. */
  readonly afterHold?: 'keep' | 'delete'
  /** For collections with parts: so many months after its last day a part goes, its file too, at the next checkpoint. */
  readonly dropAfterMonths?: number
  /** How long records are kept, in words for people: what /我的 tells. Of what goes by itself they are made of its number. */
  readonly kept: string
}

export interface ReadTx {
  /** The instant of this transaction: the same for everything it does. */
  readonly now: Date
  get<R>(collection: Collection<R>, key: string): Promise<R | undefined>
  /** The one record whose unique key `name` has the value. */
  getBy<R>(collection: Collection<R>, name: string, value: string): Promise<R | undefined>
  /** Records whose index `name` holds the value, in the order of their insertion. */
  find<R>(collection: Collection<R>, name: string, value: string): Promise<readonly R[]>
  /** How many `find` would give, without reading them. */
  count<R>(collection: Collection<R>, name: string, value: string): Promise<number>
  all<R>(collection: Collection<R>): Promise<readonly R[]>
}

export interface Tx extends ReadTx {
  /** Throws DuplicateKeyError where the key or a unique key is taken. */
  insert<R>(collection: Collection<R>, record: R): Promise<R>
  /** Replaces the record of the same key; throws where there is none. */
  put<R>(collection: Collection<R>, record: R): Promise<R>
  /** Where there is no such record nothing happens. */
  remove<R>(collection: Collection<R>, key: string): Promise<void>
  /** 'm-18' after 'm-17': township-wide, never given twice. */
  nextId(prefix: string): Promise<string>
  /** Queues a message to other people, in the same commit as the fact that made it true. The id of its record; null: nobody. */
  send(message: Message, to: readonly string[], options?: SendOptions): Promise<string | null>
  /**
   * Takes back what of a queued message nobody has yet; resolves with the personIds who will not get it. Who got its first
   * part gets the rest. Under the lock `outbox:<id>`, against the deliverer.
   */
  stopSending(outgoingId: string): Promise<readonly string[]>
  /** Queues what is to be done at WeCom besides telling people, in the same commit. False: its key was queued before. */
  chore(chore: NewChore): Promise<boolean>
  /** Keeps what will happen when somebody says 发布; returns the draft's id, 'd-12'. */
  draft(draft: NewDraft): Promise<string>
  /** Who changed what; appended, never changed. */
  audit(entry: NewAudit): Promise<void>
}

export interface SendOptions {
  /** Not before this instant. */
  dueAt?: Date
  /** A second message with the same key is not queued: (job, slot, person, matter). */
  key?: string
  /** The card that the message may settle etc. is WeCom's business; this names what the message is about: 'm-17'. */
  about?: string
  /** Goes out in the quiet hours too: an officer said 紧急 and why, or the person waits for it. */
  urgent?: boolean
  /** Of no use after this instant: what could not go out before is dropped. */
  until?: Date
  /**
   * A personal reminder of this matter ('meeting:m-17'): left out is who was reminded of it on that day already, who said
   * 退订, who has left, and who has no phone.
   */
  reminder?: string
  /** Told when everybody was tried: whom it reached, and whom not. */
  reportTo?: string
}

/** What the bot does at WeCom besides telling people. */
export interface NewChore {
  /** Chores of one lane are done one after the other: 'chat:b-3', 'notice:n-17'. */
  lane: string
  /** Who asked for it: a personId, or the name of a job. */
  by: string
  /** Whose officers hear when it fails; null: the township's. */
  branchId: string | null
  what: ChoreWork
  dueAt?: Date
  urgent?: boolean
  until?: Date
  /** A second chore with the same key is not queued. */
  key?: string
}

export interface NewDraft {
  /** Name of the command that publishes it: 'meeting-new'. */
  command: string
  branchId: string
  group?: string | null
  by: string
  /** What the command's `publish` gets back; plain JSON. */
  content: unknown
}

export interface NewAudit {
  by: string
  /** Where it belongs, so that the branch's officers and nobody else can be shown it. */
  branchId: string | null
  /** A verb in the branch's words, stable, ASCII: 'close-meeting'. */
  what: string
  /** The id of what was changed: 'm-17', 'p-3'. */
  about: string
  before?: unknown
  after?: unknown
  why?: string
}

export interface UpdateOptions {
  /** Import, restore and migration name themselves and have 60 s; everything else has 100 ms. */
  long?: 'import' | 'restore' | 'migration'
}

/** Everything in the store as it was after one commit. */
export interface StoreState {
  /** The number of that commit. */
  readonly sequence: number
  /** Names of all collections, also of those that have no record. */
  readonly collections: readonly string[]
  /**
   * Every record, also what is not in memory any more, once: by collection, within it by part, within that in the order of
   * insertion. To be asked for once. The same records give the same slices' texts, joined, whichever engine holds them.
   */
  slices(): AsyncIterable<StateSlice>
}

/** Some records of one collection: a line `["people",17,{…}]` each, with its place in the order of insertion. */
export interface StateSlice {
  readonly collection: string
  readonly count: number
  readonly text: string
}

export interface Store {
  /**
   * Resolves, or rejects, when everything the function saw is durable. It sees one state as long as it awaits only `tx`; one
   * that awaits something else holds nobody up, and may then see newer records.
   */
  read<T>(run: (tx: ReadTx) => Promise<T>): Promise<T>
  /**
   * All or nothing across collections, serial within its lock(s), durable when it resolves. `lock` names what must be
   * serial: 'meeting:m-17', 'branch:b-3', 'person:p-4', 'township'; several are taken sorted. Only `tx` may be awaited inside;
   * an engine may run the function again. A nested update, or more than 100 ms, throws.
   */
  update<T>(lock: string | readonly string[], run: (tx: Tx) => Promise<T>, options?: UpdateOptions): Promise<T>
  /** Shows one durable state while updates go on; it is there until `use` has ended. */
  state<T>(use: (state: StoreState) => Promise<T>): Promise<T>
  /** Calls the listener after each commit that queued a message or a chore. */
  onQueued(listener: () => void): () => void
  /** Writes a checkpoint and lets the data folder go. */
  close(): Promise<void>
}

export class DuplicateKeyError extends Error {
  override readonly name = 'DuplicateKeyError'
  constructor(
    readonly collection: string,
    readonly index: string,
  ) {
    super(`${collection}: ${index} is taken`)
  }
}

/** The store cannot be opened as it is; the sentence says which file, what is wrong and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}
