import { z } from 'zod'

/**
 * A backup is a gzip file of JSON lines, which any tool opens: a head, a line for each record (StateSlice in store/records.ts), and
 * a foot with what must have come before it. So it belongs to no engine.
 */
export const FORMAT = 1

export const headSchema = z.object({
  zhibu: z.literal('backup'),
  format: z.number().int(),
  /** Format of the store that the records come from: what their fields mean. */
  records: z.number().int(),
  corpId: z.string(),
  at: z.iso.datetime(),
  /** Of the last commit that is in it. */
  sequence: z.number().int().nonnegative(),
})
export type Head = z.infer<typeof headSchema>
export const HEAD_START = '{"zhibu":"backup",'

const tally = z.object({ records: z.number().int(), sha256: z.string() })
export const footSchema = z.object({ collections: z.record(z.string(), tally) })
/** By collection: how many records, and the hash over their lines. */
export type Tallies = z.infer<typeof footSchema>['collections']

export const lineSchema = z.tuple([z.string(), z.number(), z.unknown()])

export const sumOf = (tallies: Tallies): number => Object.values(tallies).reduce((sum, { records }) => sum + records, 0)

/** An empty gzip member without name and time, whose comment is: */
const SEAL_HEAD = Buffer.from([0x1f, 0x8b, 8, 0x10, 0, 0, 0, 0, 0, 0xff])
const SEAL_TAIL = Buffer.from([0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
const SEAL_WORDS = 'zhibu backup sha256 '

/**
 * What the file ends with: the hash of every byte before it. gzip's own checksum does not cover its header nor the bits that
 * fill up the last byte. Other tools pass over it, for gzip members may follow each other.
 */
export const sealOf = (sha256: string): Buffer =>
  Buffer.concat([SEAL_HEAD, Buffer.from(`${SEAL_WORDS}${sha256}`, 'latin1'), SEAL_TAIL])
export const SEAL_LENGTH = SEAL_HEAD.length + SEAL_WORDS.length + 64 + SEAL_TAIL.length
