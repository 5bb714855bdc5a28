import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { nowMs } from '../clock.ts'
import { partsOf } from './multipart.ts'
import { refuse } from './refusal.ts'

/** WECOM.md 9. */
const LIFE_MS = 3 * 24 * 3_600_000
const LEAST_BYTES = 5
const MB = 1024 * 1024
const MOST_BYTES: ReadonlyMap<string, number> = new Map([
  ['image', 10 * MB],
  ['voice', 2 * MB],
  ['video', 10 * MB],
  ['file', 20 * MB],
])
/** A long demonstration keeps only the newest. */
const KEPT = 200

const SAMPLE = new URL('./village.png', import.meta.url)

/** What media/get answers instead of JSON. */
export class MediaFile {
  constructor(
    readonly bytes: Buffer,
    readonly contentType: string,
    readonly filename: string,
  ) {}
}

interface Stored {
  kind: string
  file: MediaFile
  at: number
}

export type Media = ReturnType<typeof createMedia>

/** media/upload and media/get: what the bot uploads, and what members send. */
export function createMedia() {
  const stored = new Map<string, Stored>()

  function keep(kind: string, file: MediaFile): string {
    const mediaId = randomBytes(48).toString('base64url')
    stored.set(mediaId, { kind, file, at: nowMs() })
    for (const oldest of stored.keys()) {
      if (stored.size <= KEPT) break
      stored.delete(oldest)
    }
    return mediaId
  }

  function upload(kind: string, contentType: string, body: Buffer) {
    const most = MOST_BYTES.get(kind) ?? refuse(40004, 'invalid media type')
    const part = partsOf(body, contentType).find(({ name }) => name === 'media') ?? refuse(41005, 'media data missing')
    if (part.filename === '') refuse(41005, 'media data missing')
    if (part.bytes.length === 0) refuse(44001, 'empty media data')
    if (part.bytes.length <= LEAST_BYTES) refuse(40006, 'invalid file size')
    if (part.bytes.length > most) refuse(45001, 'media size out of limit')
    const type = kind === 'image' ? pictureType(part.bytes) : part.contentType || 'application/octet-stream'
    const mediaId = keep(kind, new MediaFile(part.bytes, type, part.filename))
    // A string, where every other time of WeCom is a number.
    return { type: kind, media_id: mediaId, created_at: String(Math.floor(nowMs() / 1000)) }
  }

  function get(mediaId: string): MediaFile {
    if (mediaId === '') refuse(41006, 'media_id missing')
    return living(mediaId)?.file ?? refuse(40007, 'invalid media_id')
  }

  /** Before a message with it is taken. */
  function check(mediaId: string | undefined, kind: string): string {
    if (mediaId === undefined || mediaId === '') refuse(41006, 'media_id missing')
    if (living(mediaId)?.kind !== kind) refuse(40007, 'invalid media_id')
    return mediaId
  }

  function living(mediaId: string): Stored | undefined {
    const found = stored.get(mediaId)
    return found && nowMs() - found.at <= LIFE_MS ? found : undefined
  }

  return {
    upload,
    get,
    check,
    /** A picture that a member sends; its MediaId. */
    takePicture: () => keep('image', new MediaFile(readFileSync(SAMPLE), 'image/png', 'picture.png')),
    /** A phone goes on showing what it has, whatever WeCom still gives away. */
    onScreen: (mediaId: string): MediaFile | undefined => stored.get(mediaId)?.file,
  }
}

/** JPG or PNG by its first bytes: the name proves nothing. */
function pictureType(bytes: Buffer): string {
  if (bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))) return 'image/png'
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg'
  return refuse(40005, 'invalid file type')
}
