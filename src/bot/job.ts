import type { Undone } from '../errors.ts'
import type { ReadTx, Tx, UpdateOptions } from '../store/records.ts'

/** What happens by itself: one file in jobs/, found by the loader. */
export interface Job {
  /** ASCII, equal to the file name: 'meeting-reminder'. */
  name: string
  /** One line, English, for `npm run job` without a name. */
  summary: string
  /** Five fields, Asia/Shanghai. */
  cron: string
  /** A slot that was missed (a machine asleep, a restart, a moved clock) is made up for no later than this. */
  catchUpMinutes: number
  /** Resolves with what was done: 'reminded 7 of 32'. What throws is tried again at the next minute, while it may be caught up. */
  run(ctx: JobContext): Promise<string | Undone>
}

/** What jobs do with backups; each resolves with its report. */
export interface JobBackups {
  /** Makes that of the day, unless it is there. */
  nightly(): Promise<string | Undone>
  /** Restores the newest aside and compares every record, once a week at most. */
  weekly(): Promise<string | Undone>
  /** The same, whenever it was done last. */
  check(): Promise<string | Undone>
}

export interface JobContext {
  /** The minute it runs for: what it does is what was due then. */
  readonly slot: Date
  readonly now: Date
  /** The slot, but never later than now unless nothing is kept: for what cannot be taken back when it was run too early. */
  readonly asOf: Date
  read<T>(run: (tx: ReadTx) => Promise<T>): Promise<T>
  /**
   * All or nothing; one update a matter, so that what fails holds up nothing else. In a dry run nothing of it is kept. What
   * is sent is keyed by (job, slot, person, matter): a second run tells only those whom the first did not. The matter is
   * the message's `key`, or what it is `about`; a chore needs a `key`.
   */
  update<T>(lock: string | readonly string[], run: (tx: Tx) => Promise<T>, options?: UpdateOptions): Promise<T>
  /** null: this store has none. In a dry run they say what they would do. */
  readonly backups: JobBackups | null
  /** Does it for each item; one that fails is logged, the others are done, and the slot is tried again. Returns what came of them. */
  each<I, T>(items: readonly I[], run: (item: I) => Promise<T>): Promise<T[]>
}

/** Nothing happens but that types are checked. */
export const defineJob = (job: Job): Job => job
