import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { constants, createGunzip, gunzipSync } from 'node:zlib'
import { UserError } from '../errors.ts'
import { codeOf } from '../store/files.ts'
import type { PlacedRecord } from '../store/filling.ts'
import { FORMAT as RECORDS } from '../store/snapshots.ts'
import { decrypted, isEncrypted, NotAuthenticError, WrongKeyError } from './encryption.ts'
import {
  FORMAT,
  footSchema,
  HEAD_START,
  type Head,
  headSchema,
  lineSchema,
  SEAL_LENGTH,
  sealOf,
  type Tallies,
} from './format.ts'
import * as refusals from './refusals.ts'
import { Tally } from './writing.ts'

/** What is in the file is not what a backup holds, though nothing of it was changed since it was written. */
class MalformedError extends Error {}

const START = 1 << 16
/** No record comes near; a line without end would fill the memory. */
const LONGEST_LINE = 64 << 20
/** Ours shrink to a tenth, at most to a fortieth; a file that was made to fill the disk to a thousandth. */
const MOST_TIMES = 200

export interface ReadOptions {
  path: string
  key: Uint8Array | null
}

/** Refuses, with a UserError, whatever is no whole and unchanged backup, before anything is made of it. */
export async function verifyFile({ path, key }: ReadOptions): Promise<void> {
  const start = await startOf(path)
  if (!isEncrypted(start) && !isGzip(start)) throw refusals.isNoBackup(path)
  if (isEncrypted(start) && !key) throw refusals.needsKey(path)
  try {
    for await (const _ of contentOf({ path, key }));
  } catch (error) {
    const isOurs = isEncrypted(start) || beginsAsOurs(start)
    throw explained(path, error, isOurs)
  }
}

function explained(path: string, error: unknown, isOurs: boolean): unknown {
  if (error instanceof UserError) return error
  if (error instanceof WrongKeyError) return refusals.wrongKey(path)
  if (error instanceof NotAuthenticError || error instanceof MalformedError)
    return isOurs ? refusals.isDamaged(path) : refusals.isNoBackup(path)
  if (codeOf(error).startsWith('Z_')) return refusals.isDamaged(path)
  return /^E[A-Z]+$/.test(codeOf(error)) ? refusals.unreadable(path) : error
}

async function startOf(path: string): Promise<Buffer> {
  const found = await stat(path).catch(error => {
    throw /^(ENOENT|ENOTDIR)$/.test(codeOf(error)) ? refusals.noSuchFile(path) : refusals.unreadable(path)
  })
  if (found.isDirectory()) throw refusals.isFolder(path)
  if (!found.isFile()) throw refusals.isNoBackup(path)
  if (found.size === 0) throw refusals.isEmptyFile(path)
  try {
    const handle = await open(path, 'r')
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(START), 0, START, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch {
    throw refusals.unreadable(path)
  }
}

const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b

/** Of a file that is cut off too: it tells a torn backup from some other gzip file. */
function beginsAsOurs(start: Uint8Array): boolean {
  try {
    const limits = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 16 << 20 }
    return gunzipSync(start, limits).subarray(0, HEAD_START.length).toString('latin1') === HEAD_START
  } catch {
    return false
  }
}

/** The gzip file without its seal. Bytes come out before the seal was seen: it throws at the end where that is wrong. */
async function* contentOf({ path, key }: ReadOptions): AsyncGenerator<Buffer> {
  const raw: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: 1 << 18 })
  const content = key && isEncrypted(await startOf(path)) ? decrypted(raw, key) : raw
  const hash = createHash('sha256')
  let held = Buffer.alloc(0)
  for await (const piece of content) {
    const bytes = Buffer.concat([held, piece])
    const end = Math.max(0, bytes.length - SEAL_LENGTH)
    hash.update(bytes.subarray(0, end))
    if (end > 0) yield bytes.subarray(0, end)
    held = bytes.subarray(end)
  }
  if (!held.equals(sealOf(hash.digest('hex')))) throw new MalformedError('the seal is wrong')
}

export interface Backup {
  head: Head
  /** Checked against what was read. */
  tallies: Tallies
}

/**
 * Gives each record to `take`, after the head was found to be of this corp and of no newer version. Throws a UserError for what
 * cannot be restored; `take` may have seen records by then.
 */
export async function readBackup(
  { path, key }: ReadOptions,
  corpId: string,
  collections: readonly string[],
  take: (record: PlacedRecord) => void,
): Promise<Backup> {
  const reading = new Reading(path, corpId, collections, take)
  try {
    const { size } = await stat(path)
    let inflated = 0
    for await (const piece of inflatedOf({ path, key })) {
      inflated += piece.length
      if (inflated > LONGEST_LINE + MOST_TIMES * size) throw new MalformedError('it grows too much')
      reading.add(piece)
    }
    return reading.end()
  } catch (error) {
    throw explained(path, error, true)
  }
}

function inflatedOf(options: ReadOptions): AsyncIterable<Buffer> {
  const gunzip = createGunzip({ chunkSize: 1 << 18 })
  // An error of any of the two ends the iteration with it.
  pipeline(Readable.from(contentOf(options)), gunzip, () => undefined)
  return gunzip
}

const NONE = { records: 0, sha256: '' }

class Reading {
  /** The pieces of a line whose end was not read yet. */
  private begun: Buffer[] = []
  private begunLength = 0
  private head: Head | undefined
  private foot: Tallies | undefined
  private readonly tally: Tally

  constructor(
    private readonly path: string,
    private readonly corpId: string,
    private readonly collections: readonly string[],
    private readonly take: (record: PlacedRecord) => void,
  ) {
    this.tally = new Tally(collections)
  }

  add(piece: Buffer): void {
    let at = 0
    for (let end = piece.indexOf(10, at); end >= 0; end = piece.indexOf(10, at)) {
      this.line(Buffer.concat([...this.begun, piece.subarray(at, end + 1)]))
      this.begun = []
      this.begunLength = 0
      at = end + 1
    }
    if (at === piece.length) return
    this.begun.push(piece.subarray(at))
    this.begunLength += piece.length - at
    if (this.begunLength > LONGEST_LINE) throw new MalformedError('a line has no end')
  }

  end(): Backup {
    const { head, foot } = this
    if (!head || !foot || this.begunLength > 0) throw new MalformedError('it has no foot')
    const found = this.tally.result()
    // Of a collection that one of the two versions does not know there is no record.
    for (const name of new Set([...Object.keys(found), ...Object.keys(foot)])) {
      const [here, there] = [found[name] ?? NONE, foot[name] ?? NONE]
      const isSame = here.records === there.records && (here.records === 0 || here.sha256 === there.sha256)
      if (!isSame) throw new MalformedError(`${name} is not what the foot says`)
    }
    return { head, tallies: found }
  }

  private line(bytes: Buffer): void {
    if (this.foot) throw new MalformedError('something follows the foot')
    const json = parsed(bytes)
    if (!this.head) {
      this.head = this.headOf(json)
      return
    }
    const line = lineSchema.safeParse(json)
    if (line.success) {
      const [collection, order, record] = line.data
      this.refuseUnknown(collection)
      this.tally.add(collection, 1, bytes)
      this.take({ collection, order, record })
      return
    }
    const foot = footSchema.safeParse(json)
    if (!foot.success) throw new MalformedError('a line is neither a record nor the foot')
    this.foot = foot.data.collections
  }

  private headOf(json: unknown): Head {
    const head = headSchema.safeParse(json)
    if (!head.success) {
      const isAnother = typeof json === 'object' && json !== null && 'zhibu' in json && 'format' in json
      throw isAnother && Number(json.format) > FORMAT ? refusals.isNewer(this.path) : refusals.isNoBackup(this.path)
    }
    const { format, records, corpId } = head.data
    if (format > FORMAT || records > RECORDS) throw refusals.isNewer(this.path)
    if (corpId !== this.corpId) throw refusals.otherCorp(this.path, corpId, this.corpId)
    return head.data
  }

  private refuseUnknown(collection: string): void {
    if (!this.collections.includes(collection)) throw refusals.isNewer(this.path)
  }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new MalformedError('a line is no JSON')
  }
}
