import { createHash, type Hash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type FileSystem, nodeFiles, replaceFile, writeAll } from '../store/files.ts'
import type { StoreState } from '../store/records.ts'
import { FORMAT as RECORDS } from '../store/snapshots.ts'
import { encrypted } from './encryption.ts'
import { FORMAT, type Head, sealOf, sumOf, type Tallies } from './format.ts'

export interface WriteOptions {
  path: string
  corpId: string
  at: Date
  /** null: not encrypted. */
  key: Uint8Array | null
  files?: FileSystem
  /** Ends it; what was written of the file goes. */
  signal?: AbortSignal | undefined
}

export interface Written {
  path: string
  records: number
  bytes: number
}

/** JSON of records shrinks to a tenth; higher levels gain a few per cent for twice the time. */
const LEVEL = 5

/** Writes a state as one file, which is there whole and durable or not at all. In slices: it holds up nobody. */
export async function writeBackup(state: StoreState, options: WriteOptions): Promise<Written> {
  const { path, key, files = nodeFiles, signal } = options
  const tallies = new Tally(state.collections)
  let bytes = 0
  await replaceFile(files, path, async file => {
    const text = linesOf(state, headOf(state, options), tallies)
    await pipeline(
      text,
      createGzip({ level: LEVEL }),
      sealed,
      (content: AsyncIterable<Uint8Array>) => (key ? encrypted(content, key) : content),
      async (content: AsyncIterable<Uint8Array>) => {
        for await (const piece of content) {
          bytes += piece.length
          await writeAll(file, piece)
        }
      },
      { ...(signal && { signal }) },
    )
  })
  return { path, bytes, records: sumOf(tallies.result()) }
}

const headOf = ({ sequence }: StoreState, { corpId, at }: WriteOptions): Head => ({
  zhibu: 'backup',
  format: FORMAT,
  records: RECORDS,
  corpId,
  at: at.toISOString(),
  sequence,
})

async function* linesOf(state: StoreState, head: Head, tallies: Tally): AsyncGenerator<Buffer> {
  yield Buffer.from(`${JSON.stringify(head)}\n`)
  for await (const { collection, count, text } of state.slices()) {
    const bytes = Buffer.from(text)
    tallies.add(collection, count, bytes)
    yield bytes
  }
  yield Buffer.from(`${JSON.stringify({ collections: tallies.result() })}\n`)
}

async function* sealed(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const piece of content) {
    hash.update(piece)
    yield piece
  }
  yield sealOf(hash.digest('hex'))
}

/** Counts and hashes the records of each collection, none forgotten. */
export class Tally {
  private readonly byName: Map<string, { records: number; hash: Hash }>

  constructor(collections: readonly string[]) {
    this.byName = new Map(collections.map(name => [name, { records: 0, hash: createHash('sha256') }]))
  }

  add(collection: string, count: number, bytes: Uint8Array): void {
    const tally = this.byName.get(collection)
    if (!tally) throw new Error(`a state without the collection ${collection} has records of it`)
    tally.records += count
    tally.hash.update(bytes)
  }

  result(): Tallies {
    const entries = [...this.byName].map(([name, { records, hash }]) => [
      name,
      { records, sha256: hash.copy().digest('hex') },
    ])
    return Object.fromEntries(entries)
  }
}

/** The same for a state that is not written anywhere. */
export async function tallyOf(state: StoreState): Promise<Tallies> {
  const tallies = new Tally(state.collections)
  for await (const { collection, count, text } of state.slices()) tallies.add(collection, count, Buffer.from(text))
  return tallies.result()
}
