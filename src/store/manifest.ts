import { join } from 'node:path'
import { z } from 'zod'
import { crc32, spellChecksum } from './checksum.ts'
import { type FileSystem, replaceFile, writeAll } from './files.ts'
import { DamageError, FORMAT, NewerFormatError, parseJson } from './snapshots.ts'

/**
 * `meta.json`: whose data this is, and what must be there. Written after the snapshots of a checkpoint are durable and
 * before the journals they replace go, so that a file that is missing later is missed.
 */
const manifestSchema = z.object({
  format: z.number().int(),
  corpId: z.string(),
  /** The snapshots include every commit up to this one: journals are needed from the next on. */
  upTo: z.number().int(),
  /** Snapshot files by name, with what each includes at least. */
  files: z.record(z.string(), z.number().int()),
})
export type Manifest = z.infer<typeof manifestSchema>

export const MANIFEST = 'meta.json'

const SEAL_LENGTH = 24
const seal = (body: Uint8Array): string => `,"checksum":"${spellChecksum(crc32(body))}"}\n`

/** undefined: there is none. Throws DamageError or NewerFormatError. */
export async function readManifest(files: FileSystem, folder: string): Promise<Manifest | undefined> {
  if (!(await files.list(folder)).includes(MANIFEST)) return undefined
  const bytes = await files.readFile(join(folder, MANIFEST))
  const body = bytes.subarray(0, Math.max(0, bytes.length - SEAL_LENGTH))
  const outside = parseJson(bytes.toString('utf8'))
  const { format } = z.object({ format: z.number() }).catch({ format: 0 }).parse(outside)
  if (format > FORMAT) throw new NewerFormatError(format)
  if (bytes.toString('utf8', body.length) !== seal(body)) throw new DamageError('the checksum is wrong')
  const manifest = manifestSchema.safeParse(outside)
  if (!manifest.success || format !== FORMAT) throw new DamageError('the content is not what the store writes')
  return manifest.data
}

export async function writeManifest(files: FileSystem, folder: string, manifest: Manifest): Promise<void> {
  await replaceFile(files, join(folder, MANIFEST), async file => {
    const body = Buffer.from(JSON.stringify(manifest, null, 1).replace(/\n?\}$/, ''))
    await writeAll(file, Buffer.concat([body, Buffer.from(seal(body))]))
  })
}
