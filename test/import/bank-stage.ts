import { crc32, deflateRawSync } from 'node:zlib'
import type { Draft } from '../../src/import/bank-draft.ts'

/** Files as people bring them. */

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

export const HEADER = '题型,题目,选项A,选项B,选项C,选项D,答案,解析,出处,难度,分类'
export const sheet = (...rows: string[]): Uint8Array => bytesOf(`\ufeff${[HEADER, ...rows].join('\r\n')}\r\n`)

/** What a draft says, without where it stands. */
export function told({ row: _row, where: _where, ...rest }: Draft) {
  return rest
}

/** A zip of these entries, packed. */
export function zipOf(entries: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, bytes] of Object.entries(entries)) {
    const packed = deflateRawSync(bytes)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(crc32Of(bytes), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(bytes.length, 18)
    fields.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), fields, Buffer.from(name), packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), fields, rest, Buffer.from(name)]),
    )
    locals.push(local)
    offset += local.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, ...directory, end])
}

const crc32Of = (bytes: Uint8Array): number => crc32(bytes)
