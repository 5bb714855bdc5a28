import { z } from 'zod'
import { SEAL_LENGTH, seal } from './journal.ts'
import { DamageError, parseJson } from './snapshots.ts'

/** `[collection, part, order, record]` sets a record, `[collection, part, key]` removes one. */
export const lineChange = z.union([
  z.tuple([z.string(), z.string(), z.number(), z.unknown()]),
  z.tuple([z.string(), z.string(), z.string()]),
])
export type LineChange = z.infer<typeof lineChange>

const lineSchema = z.object({ seq: z.number().int(), changes: z.array(lineChange) })

export interface JournalContent {
  lines: { seq: number; changes: readonly LineChange[] }[]
  /** Where the torn last line begins; undefined: the last line is whole. */
  tornAt: number | undefined
}

/**
 * Reads a journal whose first line should be commit `first`. Only a last line without its newline counts as torn, for
 * that is all a write that was cut short can leave; everything else that is not as it was written throws DamageError.
 */
export function readJournal(bytes: Buffer, first: number): JournalContent {
  const lines: JournalContent['lines'] = []
  let at = 0
  while (at < bytes.length) {
    const end = bytes.indexOf(10, at)
    const number = lines.length + 1
    if (end < 0) {
      refuseDamagedNewline(bytes.subarray(at), number)
      return { lines, tornAt: at }
    }
    const line = readLine(bytes.subarray(at, end), number)
    if (line.seq !== first + lines.length) {
      throw new DamageError(`commit ${first + lines.length} is missing: this is ${line.seq}`, number)
    }
    lines.push(line)
    at = end + 1
  }
  return { lines, tornAt: undefined }
}

function readLine(bytes: Buffer, number: number) {
  if (!isSealed(bytes)) throw new DamageError('the checksum is wrong', number)
  const line = lineSchema.safeParse(parseJson(bytes.toString('utf8'), number))
  if (!line.success) throw new DamageError('this is not what the store writes', number)
  return line.data
}

function isSealed(bytes: Buffer): boolean {
  if (bytes.length <= SEAL_LENGTH) return false
  const body = bytes.subarray(0, bytes.length - SEAL_LENGTH)
  return bytes.toString('latin1', body.length) === seal(body)
}

/** A whole line with another byte where its newline was: that was acknowledged, and is no torn write. */
function refuseDamagedNewline(bytes: Buffer, number: number): void {
  if (isSealed(bytes.subarray(0, bytes.length - 1))) throw new DamageError('the end of the line is damaged', number)
}
