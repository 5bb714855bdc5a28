import { join } from 'node:path'
import { crc32, spellChecksum } from './checksum.ts'
import { type FileSystem, type OpenFile, writeAll } from './files.ts'

/** `journal-000000000042.jsonl` starts with commit 42. */
export const journalName = (first: number): string => `journal-${String(first).padStart(12, '0')}.jsonl`

/** The sequence number a journal's name stands for; undefined: not a journal's name. */
export function journalStart(name: string): number | undefined {
  const digits = /^journal-(\d{12})\.jsonl$/.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** What a line ends with: `,"crc":"89abcdef"}` over all bytes before it. */
export const SEAL_LENGTH = 18
export const seal = (bytes: Uint8Array): string => `,"crc":"${spellChecksum(crc32(bytes))}"}`

const ROOM = 1 << 16
/** A large import is not worth keeping its buffer. */
const MOST_KEPT = 1 << 22
const PIECE = 1 << 16

/** Told when the line is on disk, or that it never will be. */
export interface Waiter {
  durable(): void
  failed(error: Error): void
}

/** Lines that go to disk with one write and one sync. */
class Batch {
  buffer = Buffer.allocUnsafe(ROOM)
  length = 0
  last = 0
  waiters: Waiter[] = []

  write(text: string): void {
    const needed = this.length + text.length * 3
    if (needed > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2))
      this.buffer.copy(larger, 0, 0, this.length)
      this.buffer = larger
    }
    this.length += this.buffer.write(text, this.length)
  }

  clear(): void {
    this.length = 0
    this.waiters = []
    if (this.buffer.length > MOST_KEPT) this.buffer = Buffer.allocUnsafe(ROOM)
  }
}

export interface JournalOptions {
  files: FileSystem
  folder: string
  file: OpenFile
  /** Path of `file`, for messages. */
  path: string
  /** Sequence number of the last commit that stands in it or before it. */
  last: number
  /** Lines were, or may have been, lost: memory is ahead of the disk from now on. */
  broken(error: unknown, path: string): void
}

/**
 * The append-only journal. One commit is one line: `{"seq":42,"changes":[…],"crc":"89abcdef"}`. Lines that come while a
 * write and its sync are under way share the next one. Whoever waits for a line is told after the sync that made it
 * durable, never before. After a failed write or sync nothing more is written and nobody is told that he is durable:
 * what a failed fsync left on disk is unknown, and to ask again would answer wrongly (the kernel forgets the error).
 */
export class Journal {
  /** Bytes in the file that is being written. */
  bytes = 0
  /** The last commit that has a line, and the last that is on disk. */
  last: number
  durable: number
  private file: OpenFile
  private path: string
  private gathering = new Batch()
  private spare = new Batch()
  private writing = false
  private scheduled = false
  private error: Error | undefined
  private rotation: { resolve(last: number): void; reject(error: unknown): void } | undefined
  private idle: (() => void)[] = []

  constructor(private readonly options: JournalOptions) {
    this.file = options.file
    this.path = options.path
    this.last = options.last
    this.durable = options.last
  }

  /** Adds the next line. Either all of it is taken or, where a piece throws, nothing. */
  append(pieces: Iterable<string>): number {
    if (this.error) throw this.error
    const batch = this.gathering
    const start = batch.length
    try {
      let text = `{"seq":${this.last + 1},"changes":[`
      for (const piece of pieces) {
        text += piece
        if (text.length < PIECE) continue
        batch.write(text)
        text = ''
      }
      batch.write(`${text}]`)
      batch.write(`${seal(batch.buffer.subarray(start, batch.length))}\n`)
    } catch (error) {
      batch.length = start
      throw error
    }
    batch.last = ++this.last
    this.schedule()
    return this.last
  }

  /** Tells the waiter when everything up to `sequence` is on disk: now, if it is. */
  whenDurable(sequence: number, waiter: Waiter): void {
    if (this.error) waiter.failed(this.error)
    else if (sequence <= this.durable) waiter.durable()
    else if (this.writing && sequence <= this.spare.last) this.spare.waiters.push(waiter)
    else this.gathering.waiters.push(waiter)
  }

  durableUpTo(sequence: number): Promise<void> {
    return new Promise((durable, failed) => this.whenDurable(sequence, { durable, failed }))
  }

  /**
   * From the next line on a new file is written; resolves with the last sequence number of the files before it. Where
   * the new file cannot be made the old one goes on, which is no loss.
   */
  rotate(): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.error || this.rotation) return reject(this.error ?? new Error('the journal is being rotated already'))
      this.rotation = { resolve, reject }
      this.schedule()
    })
  }

  /** After the last line is durable, or the journal broke. */
  async close(): Promise<void> {
    if (this.writing || this.scheduled) await new Promise<void>(resolve => this.idle.push(resolve))
    await this.file.close()
  }

  /**
   * Not at once but after this turn of the loop: those who were answered by one sync send their next updates in the turn
   * that answers them, and so share the next sync (else the first of them would have one alone).
   */
  private schedule(): void {
    if (this.scheduled || this.writing) return
    this.scheduled = true
    setImmediate(() => {
      this.scheduled = false
      this.writing = true
      void this.step()
    })
  }

  private async step(): Promise<void> {
    if (this.rotation) await this.startFile(this.rotation)
    else if (this.gathering.length > 0) await this.writeBatch()
    this.writing = false
    if (!this.error && (this.rotation || this.gathering.length > 0)) this.schedule()
    else for (const resolve of this.idle.splice(0)) resolve()
  }

  private async writeBatch(): Promise<void> {
    const batch = this.gathering
    this.gathering = this.spare
    this.spare = batch
    try {
      await writeAll(this.file, batch.buffer.subarray(0, batch.length))
      await this.file.datasync()
    } catch (error) {
      return this.fail(error)
    }
    this.bytes += batch.length
    this.durable = batch.last
    const { waiters } = batch
    batch.clear()
    for (const waiter of waiters) waiter.durable()
  }

  private fail(error: unknown): void {
    this.error = new Error('the journal could not be written; nothing is accepted any more', { cause: error })
    this.options.broken(error, this.path)
    this.rotation?.reject(this.error)
    this.rotation = undefined
    for (const batch of [this.spare, this.gathering]) {
      for (const waiter of batch.waiters.splice(0)) waiter.failed(this.error)
    }
  }

  /** Between two batches, so that the name tells exactly which line comes first. */
  private async startFile(rotation: { resolve(last: number): void; reject(error: unknown): void }): Promise<void> {
    this.rotation = undefined
    const last = this.durable
    try {
      const path = join(this.options.folder, journalName(last + 1))
      const file = await this.options.files.open(path, 'append')
      try {
        await this.options.files.syncFolder(this.options.folder)
      } catch (error) {
        await file.close().catch(() => undefined)
        throw error
      }
      const before = this.file
      this.file = file
      this.path = path
      this.bytes = 0
      // Its lines are durable; a failing close cannot change that.
      await before.close().catch(() => undefined)
      rotation.resolve(last)
    } catch (error) {
      rotation.reject(error)
    }
  }
}
