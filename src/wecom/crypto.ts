import { createCipheriv, createDecipheriv, createHash, randomFillSync, timingSafeEqual } from 'node:crypto'

/** The cipher and signature of WeCom callbacks (WECOM.md 1.4 and 1.5; doc 90968). Proved by the golden vectors of 1.8. */
export interface CallbackCrypto {
  /** sha1, lower-case hex, over the sorted values of token, timestamp, nonce and cipher. */
  sign(timestamp: string, nonce: string, cipher: string): string
  /** Constant time for signatures of the right length. */
  verifies(signature: string, timestamp: string, nonce: string, cipher: string): boolean
  /** `random16`: 16 bytes; left out, fresh ones. Returns base64. */
  encrypt(text: string, random16?: Buffer): string
  /** Returns the message. Throws CallbackCryptoError. */
  decrypt(cipher: string): string
}

export interface CallbackSecrets {
  token: string
  /** EncodingAESKey: 43 characters. */
  aesKey: string
  /** The receiveid of a self-built app. */
  corpId: string
}

/** `key`: the settings are wrong. The others: what is wrong with a cipher. */
export type CryptoReason = 'key' | 'base64' | 'length' | 'padding' | 'corp'

export class CallbackCryptoError extends Error {
  override readonly name = 'CallbackCryptoError'
  constructor(
    readonly reason: CryptoReason,
    message: string,
  ) {
    super(message)
  }
}

const BLOCK = 16
/** PKCS#7 with 32-byte blocks, twice the block of AES: node's own unpadding would refuse half of all messages. */
const PAD_BLOCK = 32
const RANDOM = 16
const HEADER = RANDOM + 4

/** Throws CallbackCryptoError ('key') where token, key or corp id cannot be right. */
export function createCallbackCrypto({ token, aesKey, corpId }: CallbackSecrets): CallbackCrypto {
  const key = readKey(aesKey)
  if (token === '') throw new CallbackCryptoError('key', 'the callback token is empty')
  if (corpId === '') throw new CallbackCryptoError('key', 'the corp id is empty')
  const iv = key.subarray(0, BLOCK)
  const receiver = Buffer.from(corpId)

  const digest = (timestamp: string, nonce: string, cipher: string) =>
    createHash('sha1').update([token, timestamp, nonce, cipher].sort().join(''))

  return {
    sign: (timestamp, nonce, cipher) => digest(timestamp, nonce, cipher).digest('hex'),
    verifies(signature, timestamp, nonce, cipher) {
      const expected = Buffer.from(digest(timestamp, nonce, cipher).digest('hex'))
      const given = Buffer.from(signature)
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
    encrypt(text, random16 = takeRandom()) {
      const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
      const head = cipher.update(wrap(text, random16, receiver))
      return Buffer.concat([head, cipher.final()]).toString('base64')
    },
    decrypt(cipher) {
      const bytes = readCipher(cipher)
      const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
      return unwrap(Buffer.concat([decipher.update(bytes), decipher.final()]), receiver)
    },
  }
}

/** Spare bits of the 43rd character may be set: WeCom hands out such keys (WECOM.md 1.5). */
function readKey(aesKey: string): Buffer {
  if (!/^[A-Za-z0-9+/]{43}$/.test(aesKey)) {
    throw new CallbackCryptoError('key', `the EncodingAESKey must be 43 letters and digits, got ${aesKey.length}`)
  }
  return Buffer.from(`${aesKey}=`, 'base64')
}

/** Encoding it again proves alphabet, length and spare bits at once: no two spellings of one cipher are accepted. */
function readCipher(cipher: string): Buffer {
  const bytes = Buffer.from(cipher, 'base64')
  if (bytes.toString('base64') !== cipher) throw new CallbackCryptoError('base64', 'the cipher is not canonical base64')
  if (bytes.length === 0 || bytes.length % BLOCK !== 0) {
    throw new CallbackCryptoError('length', `the cipher has ${bytes.length} bytes, not a multiple of ${BLOCK}`)
  }
  return bytes
}

/** Asking the system for 16 bytes costs more than the cipher, for 4,096 hardly more than for 16. */
const pool = Buffer.alloc(4096)
let taken = pool.length

function takeRandom(): Buffer {
  if (taken === pool.length) {
    randomFillSync(pool)
    taken = 0
  }
  taken += RANDOM
  return pool.subarray(taken - RANDOM, taken)
}

/** random16, length of the message in bytes (big-endian), message, receiver, padding 1..32. */
function wrap(text: string, random16: Buffer, receiver: Buffer): Buffer {
  if (random16.length !== RANDOM) throw new CallbackCryptoError('length', 'random16 must have 16 bytes')
  const length = Buffer.byteLength(text)
  const used = HEADER + length + receiver.length
  const pad = PAD_BLOCK - (used % PAD_BLOCK)
  const plain = Buffer.alloc(used + pad, pad)
  random16.copy(plain)
  plain.writeUInt32BE(length, RANDOM)
  plain.write(text, HEADER)
  receiver.copy(plain, HEADER + length)
  return plain
}

function unwrap(plain: Buffer, receiver: Buffer): string {
  const end = plain.length - padOf(plain)
  if (end < HEADER) throw new CallbackCryptoError('length', 'the message is too short')
  const from = HEADER + plain.readUInt32BE(RANDOM)
  if (from > end) throw new CallbackCryptoError('length', 'the message is longer than its cipher')
  if (!plain.subarray(from, end).equals(receiver)) {
    throw new CallbackCryptoError('corp', 'the message is for another corp')
  }
  return plain.toString('utf8', HEADER, from)
}

function padOf(plain: Buffer): number {
  const pad = plain[plain.length - 1] ?? 0
  if (pad < 1 || pad > PAD_BLOCK || pad > plain.length) {
    throw new CallbackCryptoError('padding', 'the padding is not 1..32')
  }
  for (let at = plain.length - pad; at < plain.length; at += 1) {
    if (plain[at] !== pad) throw new CallbackCryptoError('padding', 'the padding bytes differ')
  }
  return pad
}
