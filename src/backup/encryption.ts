import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * AES-256-GCM in chunks, each with its tag, so that nothing is given out before it was verified, whatever the length. Every file
 * has a key of its own, made from BACKUP_KEY and a random salt: then the nonce can be the chunk's number and is never used twice.
 * The last chunk is marked as such in what its tag covers, so that a file cut at a chunk's end is noticed; the head is covered too.
 */
const MAGIC = Buffer.from('zhibu-backup-aes256gcm-1\n')
const SALT = 32
const PROOF = 16
export const HEAD_LENGTH = MAGIC.length + SALT + PROOF
const CHUNK = 1 << 18
const TAG = 16

export const isEncrypted = (start: Uint8Array): boolean => MAGIC.equals(start.subarray(0, MAGIC.length))

/** It is not the key that the file was written with, or the head of the file is damaged. */
export class WrongKeyError extends Error {}
export class NotAuthenticError extends Error {}

type Bytes = AsyncIterable<Uint8Array>

const derive = (key: Uint8Array, salt: Uint8Array, what: string, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, `zhibu backup ${what}`, length))

export async function* encrypted(plain: Bytes, key: Uint8Array): AsyncGenerator<Buffer> {
  const salt = randomBytes(SALT)
  const head = Buffer.concat([MAGIC, salt, derive(key, salt, 'proof', PROOF)])
  const own = derive(key, salt, 'content', 32)
  yield head
  for await (const { number, bytes, last } of chunks(plain, CHUNK)) {
    const cipher = createCipheriv('aes-256-gcm', own, nonceOf(number)).setAAD(aadOf(head, last))
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
  }
}

/** Throws WrongKeyError, or NotAuthenticError where a byte is not as it was written, or missing. */
export async function* decrypted(sealed: Bytes, key: Uint8Array): AsyncGenerator<Buffer> {
  let head: Buffer | undefined
  let own: Buffer = Buffer.alloc(0)
  for await (const { number, bytes, last } of chunks(sealed, CHUNK + TAG, HEAD_LENGTH)) {
    if (!head) {
      head = bytes
      const salt = head.subarray(MAGIC.length, MAGIC.length + SALT)
      const proof = derive(key, salt, 'proof', PROOF)
      if (head.length < HEAD_LENGTH) throw new NotAuthenticError('the head is cut off')
      if (!timingSafeEqual(head.subarray(-PROOF), proof)) throw new WrongKeyError('not the key of this file')
      own = derive(key, salt, 'content', 32)
      if (last) throw new NotAuthenticError('nothing follows the head')
      continue
    }
    yield opened(own, number - 1, bytes, aadOf(head, last))
  }
}

function opened(key: Buffer, number: number, bytes: Buffer, aad: Buffer): Buffer {
  if (bytes.length < TAG) throw new NotAuthenticError('cut off')
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number), { authTagLength: TAG })
  decipher.setAAD(aad).setAuthTag(bytes.subarray(-TAG))
  const plain = decipher.update(bytes.subarray(0, -TAG))
  try {
    return Buffer.concat([plain, decipher.final()])
  } catch {
    throw new NotAuthenticError('the tag is wrong')
  }
}

function nonceOf(number: number): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(number, 8)
  return nonce
}

const aadOf = (head: Buffer, last: boolean): Buffer => Buffer.concat([head, Buffer.from([last ? 1 : 0])])

/** Bytes in chunks of one size, the first perhaps of another; only the last, which is never empty, may be shorter. */
async function* chunks(
  source: Bytes,
  size: number,
  first = size,
): AsyncGenerator<{ number: number; bytes: Buffer; last: boolean }> {
  let rest = Buffer.alloc(0)
  let number = 0
  for await (const piece of source) {
    rest = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece])
    for (let wanted = number === 0 ? first : size; rest.length > wanted; wanted = size) {
      yield { number: number++, bytes: rest.subarray(0, wanted), last: false }
      rest = rest.subarray(wanted)
    }
  }
  yield { number, bytes: rest, last: true }
}
