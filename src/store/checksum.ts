import zlib from 'node:zlib'

/** CRC-32 (IEEE). Finds every flipped byte and every burst of up to 32 bits; it guards against damage, not against people. */
export type Crc32 = (data: Uint8Array, before?: number) => number

let table: Uint32Array | undefined

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, n) => {
    let value = n
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
    return value
  })
}

/** For Node 20 before 20.15, which has no zlib.crc32. */
export function crc32InScript(data: Uint8Array, before = 0): number {
  table ??= makeTable()
  let crc = ~before
  for (let at = 0; at < data.length; at++) crc = (table[(crc ^ (data[at] ?? 0)) & 255] ?? 0) ^ (crc >>> 8)
  return ~crc >>> 0
}

export const crc32: Crc32 = typeof zlib.crc32 === 'function' ? zlib.crc32 : crc32InScript

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Eight hexadecimal digits. (toString(16) of a number beyond 31 bits takes longer than the checksum itself.) */
export const spellChecksum = (crc: number): string =>
  `${HEX[crc >>> 24]}${HEX[(crc >>> 16) & 255]}${HEX[(crc >>> 8) & 255]}${HEX[crc & 255]}`
