import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'
import { UserError } from '../errors.ts'

/** Looks into an XLSX or DOCX before a library unpacks it: whether it stays small, and what it is. */

const inflate = promisify(inflateRaw)

const END = 0x06054b50
const ENTRY = 0x02014b50
/** The end record, and the longest comment after it. */
const TAIL = 22 + 0xffff
const MOST_ENTRIES = 2000
const MOST_BYTES = 48 * 1024 * 1024
/** What is parsed as a whole, in this thread; 5,000 questions take some 8 MB. */
const MOST_XML_BYTES = 16 * 1024 * 1024

const BROKEN = '这个文件已经损坏，读不下去。请用 Excel、Word 或 WPS 打开，另存一份再导入。'
const TOO_BIG = '这个文件展开以后太大，没有读。请只留要导入的内容，去掉图片，另存一份再导入。'

interface Entry {
  name: string
  method: number
  packed: Uint8Array
}

/**
 * The names of what is in it. Every entry is unpacked once within the limits, since the sizes that a zip states about itself
 * may be lies. Throws UserError.
 */
export async function lookIntoZip(bytes: Uint8Array): Promise<string[]> {
  const entries = entriesOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  let [all, xml] = [0, 0]
  for (const entry of entries) {
    const isXml = /\.(xml|rels)$/i.test(entry.name)
    const size = await sizeOf(entry, Math.min(MOST_BYTES - all, isXml ? MOST_XML_BYTES - xml : MOST_BYTES))
    all += size
    if (isXml) xml += size
  }
  return entries.map(({ name }) => name)
}

async function sizeOf({ method, packed }: Entry, limit: number): Promise<number> {
  if (method === 0 && packed.length <= limit) return packed.length
  if (method === 0 || limit <= 0) throw new UserError(TOO_BIG)
  if (method !== 8) throw new UserError(BROKEN)
  try {
    return (await inflate(packed, { maxOutputLength: limit })).length
  } catch (error) {
    const tooBig = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    throw new UserError(tooBig ? TOO_BIG : BROKEN)
  }
}

function entriesOf(zip: Buffer): Entry[] {
  try {
    return readDirectory(zip)
  } catch (error) {
    // Offsets that point outside the file.
    if (error instanceof RangeError) throw new UserError(BROKEN)
    throw error
  }
}

function readDirectory(zip: Buffer): Entry[] {
  let end = zip.length - 22
  while (end >= Math.max(0, zip.length - TAIL) && zip.readUInt32LE(end) !== END) end -= 1
  if (end < 0 || zip.readUInt32LE(end) !== END) throw new UserError(BROKEN)
  const count = zip.readUInt16LE(end + 10)
  if (count > MOST_ENTRIES) throw new UserError(TOO_BIG)
  const entries: Entry[] = []
  let at = zip.readUInt32LE(end + 16)
  for (let n = 0; n < count; n += 1) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new UserError(BROKEN)
    const nameLength = zip.readUInt16LE(at + 28)
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
    const packed = packedAt(zip, zip.readUInt32LE(at + 42), zip.readUInt32LE(at + 20))
    entries.push({ name, method: zip.readUInt16LE(at + 10), packed })
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return entries
}

function packedAt(zip: Buffer, local: number, length: number): Uint8Array {
  const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  if (from + length > zip.length) throw new UserError(BROKEN)
  return zip.subarray(from, from + length)
}
