import { z } from 'zod'
import { addDays } from '../clock.ts'
import { crc32, spellChecksum } from './checksum.ts'
import { type FileSystem, type OpenFile, replaceFile, writeAll } from './files.ts'
import type { Collection } from './records.ts'

/** The format of everything in the data folder. A store refuses a higher one. */
export const FORMAT = 1

/** One collection, or one part of it, as it was after commit `upTo`. */
export interface Snapshot {
  collection: string
  /** '' where the collection has no parts. */
  part: string
  upTo: number
  records: readonly unknown[]
  /** When each record was inserted, in relation to all others of the collection. */
  order: readonly number[]
}

const headerSchema = z.object({
  format: z.number().int(),
  collection: z.string(),
  part: z.string(),
  upTo: z.number().int(),
})
export type Header = z.infer<typeof headerSchema>

/** What is wrong with a file; the caller knows where it is and what to do. */
export class DamageError extends Error {
  override readonly name = 'DamageError'
  constructor(
    message: string,
    readonly line?: number,
  ) {
    super(message)
  }
}

export const snapshotName = (collection: string, part: string): string =>
  part === '' ? `${collection}.json` : `${collection}-${part}.json`

const PART_NAME = /^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$/

/** It becomes part of a file's name. */
export const isPartOf = ({ part }: Collection<unknown>, name: string): boolean =>
  part ? PART_NAME.test(name) : name === ''

const SEAL_LENGTH = 24
const seal = (crc: number): string => `,"checksum":"${spellChecksum(crc)}"}\n`
/** Text made before the loop gets its turn: 1 to 2 ms of work. */
export const SLICE = 1 << 18
const HEADER_ROOM = 4096

/** Lets the loop go on with whatever else waits. */
export const turnOfLoop = () => new Promise<void>(resolve => setImmediate(resolve))

/** Appends text in slices and keeps the checksum; between two slices the loop turns (a write waits for the disk). */
class SlicedText {
  bytes = 0
  private text = ''
  private crc = 0

  constructor(private readonly file: OpenFile) {}

  /** A promise only where a slice is full. */
  add(text: string): Promise<void> | undefined {
    this.text += text
    return this.text.length > SLICE ? this.flush() : undefined
  }

  async end(): Promise<void> {
    await this.flush()
    await writeAll(this.file, Buffer.from(seal(this.crc)))
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.from(this.text)
    this.text = ''
    this.crc = crc32(bytes, this.crc)
    this.bytes += bytes.length
    await writeAll(this.file, bytes)
  }
}

/**
 * lowdb's adapter for one snapshot file: JSON that people can open, a record a line. The checksum stands over every byte
 * before it. `write` replaces the file atomically and durably; it never holds the loop for more than a slice.
 */
export class SnapshotFile {
  constructor(
    private readonly files: FileSystem,
    private readonly path: string,
    private readonly wrote: (bytes: number) => void = () => undefined,
  ) {}

  async read(): Promise<Snapshot> {
    return parseSnapshot(await this.files.readFile(this.path))
  }

  async write(snapshot: Snapshot): Promise<void> {
    await replaceFile(this.files, this.path, async file => this.wrote(await writeSnapshot(file, snapshot)))
  }
}

/** The head of a file whose records are not wanted; its checksum is not looked at. */
export async function readHeader(files: FileSystem, path: string): Promise<Header> {
  const start = await files.readStart(path, HEADER_ROOM)
  return parseHeader(start, start.indexOf(10))
}

/** Resolves with the bytes written. */
async function writeSnapshot(file: OpenFile, { collection, part, upTo, records, order }: Snapshot): Promise<number> {
  const text = new SlicedText(file)
  const head = JSON.stringify({ format: FORMAT, collection, part, upTo })
  await text.add(`${head.slice(0, -1)},"records":[\n`)
  for (let at = 0; at < records.length; at++) {
    const full = text.add(`${at === 0 ? '' : ',\n'}${JSON.stringify(records[at])}`)
    if (full) await full
  }
  await text.add('\n],"order":[')
  let before = 0
  for (let at = 0; at < order.length; at++) {
    const here = order[at] ?? 0
    const full = text.add(`${at === 0 ? '' : ','}${here - before}`)
    before = here
    if (full) await full
  }
  await text.add(']')
  await text.end()
  return text.bytes
}

function parseHeader(bytes: Buffer, end: number): Header {
  if (end < 0) throw new DamageError('the head of the file is damaged', 1)
  const line = bytes.toString('utf8', 0, end)
  const tail = ',"records":['
  if (!line.endsWith(tail)) throw new DamageError('the head of the file is damaged', 1)
  const header = headerSchema.safeParse(parseJson(`${line.slice(0, -tail.length)}}`, 1))
  if (!header.success) throw new DamageError('the head of the file is damaged', 1)
  return header.data
}

/** In slices. Throws DamageError where a byte differs from what was written; a newer format is left to the caller. */
async function parseSnapshot(bytes: Buffer): Promise<Snapshot> {
  const headEnd = bytes.indexOf(10)
  const { format, collection, part, upTo } = parseHeader(bytes, headEnd)
  if (format > FORMAT) throw new NewerFormatError(format)
  const body = bytes.subarray(0, Math.max(0, bytes.length - SEAL_LENGTH))
  if (bytes.toString('utf8', body.length) !== seal(await crcOf(body))) throw new DamageError('the checksum is wrong')
  const bottom = body.lastIndexOf('\n],"order":[')
  const records = await parseRecords(body, headEnd + 1, bottom)
  const deltas = z.array(z.number()).parse(parseJson(`${body.toString('utf8', bottom + 11)}`))
  let last = 0
  const order = deltas.map(delta => (last += delta))
  if (order.length !== records.length) throw new DamageError('records and their order do not match')
  return { collection, part, upTo, records, order }
}

export class NewerFormatError extends Error {
  override readonly name = 'NewerFormatError'
  constructor(readonly format: number) {
    super(`format ${format}`)
  }
}

async function crcOf(bytes: Buffer): Promise<number> {
  let crc = 0
  for (let at = 0; at < bytes.length; at += 4 * SLICE) {
    crc = crc32(bytes.subarray(at, at + 4 * SLICE), crc)
    await turnOfLoop()
  }
  return crc
}

/** A megabyte at a time: one JSON.parse a record is slow, and one string for all may be longer than a string can be. */
async function parseRecords(body: Buffer, from: number, end: number): Promise<unknown[]> {
  const records: unknown[] = []
  let at = from
  while (at < end) {
    const line = at + 4 * SLICE >= end ? end : body.indexOf(10, at + 4 * SLICE)
    const stop = line < 0 || line > end ? end : line
    const text = body.toString('utf8', at, stop)
    const parsed = parseJson(`[${text.endsWith(',') ? text.slice(0, -1) : text}]`)
    if (Array.isArray(parsed)) for (const record of parsed) records.push(record)
    at = stop + 1
    await turnOfLoop()
  }
  return records
}

export function parseJson(text: string, line?: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new DamageError('this is not JSON', line)
  }
}

const PART_OF_TIME = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/

/** Whether a part has left, or is to leave, memory on that day. A part's name is a day, a month or a year. */
export function isPastHold(collection: Collection<unknown>, part: string, today: string): boolean {
  const [, year, month = '12', day] = PART_OF_TIME.exec(part) ?? []
  if (!year) return false
  const { holdDays } = collection
  if (holdDays !== undefined && today > addDays(day ? part : lastDay(year, month), holdDays)) return true
  return isPastDrop(collection, part, today)
}

/** Whether a part is to leave the disk too. */
export function isPastKeeping(collection: Collection<unknown>, part: string, today: string): boolean {
  const passes = collection.afterHold === 'delete' && isPastHold(collection, part, today)
  return passes || isPastDrop(collection, part, today)
}

/** So many months after the last one that the part is of: what it holds is kept at least as long, never shorter. */
function isPastDrop({ dropAfterMonths }: Collection<unknown>, part: string, today: string): boolean {
  const [, year, month = '12'] = PART_OF_TIME.exec(part) ?? []
  return dropAfterMonths !== undefined && year !== undefined && today > lastDay(year, month, dropAfterMonths)
}

/** The last day of a month, or of the one so many months later. */
function lastDay(year: string, month: string, later = 0): string {
  const after = Number(year) * 12 + Number(month) + later
  return addDays(`${Math.floor(after / 12)}-${String((after % 12) + 1).padStart(2, '0')}-01`, -1)
}
