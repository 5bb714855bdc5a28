import { crc32, deflateSync, inflateSync } from 'node:zlib'

/** A browser's screenshot (8 bits, RGB or RGBA, not interlaced) with at most 256 colours: a third of the bytes, the same to the eye. */
const COLOURS = 256

interface Picture {
  width: number
  height: number
  /** RGB, row by row. */
  pixels: Uint8Array
}

export function withPalette(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png)
  const counts = new Map<number, number>()
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = colourAt(pixels, at)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const palette = [...counts]
    .sort((one, other) => other[1] - one[1])
    .slice(0, COLOURS)
    .map(([colour]) => colour)
  const nearest = new Map(palette.map((colour, index) => [colour, index]))
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) {
      const colour = colourAt(pixels, at)
      const index = nearest.get(colour) ?? indexOfNearest(palette, colour)
      nearest.set(colour, index)
      rows[y * (width + 1) + 1 + x] = index
    }
  const bytes = palette.flatMap(colour => channels(colour))
  return encode(width, height, Buffer.from(bytes), rows)
}

const colourAt = (pixels: Uint8Array, at: number): number =>
  ((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0)

const channels = (colour: number): [number, number, number] => [colour >> 16, (colour >> 8) & 255, colour & 255]

function indexOfNearest(palette: readonly number[], colour: number): number {
  const wanted = channels(colour)
  const distance = (other: number) =>
    channels(other).reduce((sum, value, at) => sum + (value - (wanted[at] ?? 0)) ** 2, 0)
  let best = 0
  for (let index = 1; index < palette.length; index++)
    if (distance(palette[index] ?? 0) < distance(palette[best] ?? 0)) best = index
  return best
}

function decode(png: Buffer): Picture {
  const width = png.readUInt32BE(16)
  const height = png.readUInt32BE(20)
  const per = png[25] === 6 ? 4 : 3
  const raw = inflateSync(Buffer.concat(chunksOf(png).flatMap(({ kind, data }) => (kind === 'IDAT' ? [data] : []))))
  const line = width * per
  const plain = Buffer.alloc(line * height)
  for (let y = 0; y < height; y++) unfilter(raw, plain, { y, line, per })
  const pixels = new Uint8Array(width * height * 3)
  for (let at = 0; at < width * height; at++) pixels.set(plain.subarray(at * per, at * per + 3), at * 3)
  return { width, height, pixels }
}

function* walk(png: Buffer) {
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at))
    yield { kind: png.toString('latin1', at + 4, at + 8), data }
  }
}
const chunksOf = (png: Buffer) => [...walk(png)]

/** PNG's five filters: each byte is told as the difference to its neighbours. */
function unfilter(raw: Buffer, plain: Buffer, { y, line, per }: { y: number; line: number; per: number }): void {
  const filter = raw[y * (line + 1)] ?? 0
  for (let x = 0; x < line; x++) {
    const left = x >= per ? (plain[y * line + x - per] ?? 0) : 0
    const up = y > 0 ? (plain[(y - 1) * line + x] ?? 0) : 0
    const corner = x >= per && y > 0 ? (plain[(y - 1) * line + x - per] ?? 0) : 0
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0
    plain[y * line + x] = (raw[y * (line + 1) + 1 + x] ?? 0) + guess
  }
}

function paeth(left: number, up: number, corner: number): number {
  const [byLeft, byUp, byCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
  if (byLeft <= byUp && byLeft <= byCorner) return left
  return byUp <= byCorner ? up : corner
}

function encode(width: number, height: number, palette: Buffer, rows: Buffer): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8)
  const chunks = [chunk('IHDR', head), chunk('PLTE', palette), chunk('IDAT', deflateSync(rows, { level: 9 }))]
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks, chunk('IEND', Buffer.alloc(0))])
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
