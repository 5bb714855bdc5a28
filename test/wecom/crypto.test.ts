import { createCipheriv } from 'node:crypto'
import * as tencent from '@wecom/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CallbackCryptoError, createCallbackCrypto } from '../../src/wecom/crypto.ts'
import { vectors } from './vectors.ts'

const [, , c] = vectors
const ours = createCallbackCrypto(c)
const key = Buffer.from(`${c.aesKey}=`, 'base64')

/** Encrypts any plaintext: what a broken or hostile sender could make with the right key. */
function encryptRaw(plain: Buffer): string {
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
}

/** random16, length, message, receiver, and a padding of the given bytes. */
function plainOf(message: string, receiver: string, padding: Buffer, length = Buffer.byteLength(message)): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(length)
  return Buffer.concat([Buffer.alloc(16, 7), size, Buffer.from(message), Buffer.from(receiver), padding])
}

const reasonOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof CallbackCryptoError) return error.reason
    throw error
  }
  return 'none'
}

describe('golden vectors', () => {
  it.each(vectors)('$name: signature, message and cipher agree', vector => {
    const crypto = createCallbackCrypto(vector)
    const { timestamp, nonce, cipher } = vector
    expect(crypto.sign(timestamp, nonce, cipher)).toBe(vector.signature)
    expect(crypto.verifies(vector.signature, timestamp, nonce, cipher)).toBe(true)
    expect(crypto.decrypt(cipher)).toBe(vector.msg)
    expect(crypto.encrypt(vector.msg, vector.random)).toBe(cipher)
  })

  it('encrypts hello with fixed random bytes to the known cipher and signature', () => {
    const crypto = createCallbackCrypto({ ...c, token: 'tok' })
    const cipher = crypto.encrypt('hello', Buffer.from('0123456789abcdef'))
    expect(cipher).toBe('hpDPjqSe+36BcxCAqQbN9zDF9TjSEYBigHykGPo6fCgYrQKjc9kg5gdZ1Krrgyd4XUqNrhQtUeIFWZ1u4FmXAQ==')
    expect(crypto.sign('1583940690', 'nonce1', cipher)).toBe('184188819f3847020bd21f0ca2858b19580bd999')
  })
})

describe('settings', () => {
  const bad = [
    '',
    c.aesKey.slice(1),
    `${c.aesKey}A`,
    `$${c.aesKey.slice(1)}`,
    `${c.aesKey.slice(0, 20)}=${c.aesKey.slice(21)}`,
  ]
  it.each(bad)('refuses the key "%s"', aesKey => {
    expect(reasonOf(() => createCallbackCrypto({ ...c, aesKey }))).toBe('key')
  })

  it('refuses an empty token or corp id', () => {
    expect(reasonOf(() => createCallbackCrypto({ ...c, token: '' }))).toBe('key')
    expect(reasonOf(() => createCallbackCrypto({ ...c, corpId: '' }))).toBe('key')
  })
})

describe('together with @wecom/crypto', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 400 }),
    fc.string({ unit: 'binary', maxLength: 100 }),
    // Every length around a block, so that the full padding block of 32 is met.
    fc.integer({ min: 0, max: 130 }).map(length => '签'.repeat(Math.floor(length / 3)) + 'x'.repeat(length % 3)),
  )

  it('each reads what the other wrote', () => {
    fc.assert(
      fc.property(texts, text => {
        expect(tencent.decrypt(c.aesKey, ours.encrypt(text))).toMatchObject({ message: text, id: c.corpId })
        expect(ours.decrypt(tencent.encrypt(c.aesKey, text, c.corpId))).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  it('both sign alike', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.base64String(), (timestamp, nonce, cipher) => {
        expect(ours.sign(timestamp, nonce, cipher)).toBe(tencent.getSignature(c.token, timestamp, nonce, cipher))
      }),
    )
  })

  it('pads an aligned message with a whole block of 32', () => {
    const aligned = 'x'.repeat(64 - 20 - c.corpId.length)
    const cipher = ours.encrypt(aligned)
    expect(Buffer.from(cipher, 'base64')).toHaveLength(96)
    expect(ours.decrypt(cipher)).toBe(aligned)
  })
})

describe('tampering', () => {
  const { timestamp, nonce, cipher, signature } = c
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/='

  it('refuses the signature for a cipher with any one character changed', () => {
    for (let at = 0; at < cipher.length; at += 1) {
      const other = alphabet[(alphabet.indexOf(cipher.charAt(at)) + 1) % alphabet.length]
      const changed = `${cipher.slice(0, at)}${other}${cipher.slice(at + 1)}`
      expect(ours.verifies(signature, timestamp, nonce, changed)).toBe(false)
    }
  })

  it('refuses a signature with any one character changed, a shorter, longer, or upper-case one', () => {
    for (let at = 0; at < signature.length; at += 1) {
      const other = signature[at] === '0' ? '1' : '0'
      const changed = `${signature.slice(0, at)}${other}${signature.slice(at + 1)}`
      expect(ours.verifies(changed, timestamp, nonce, cipher)).toBe(false)
    }
    for (const changed of ['', signature.slice(1), `${signature}0`, signature.toUpperCase()]) {
      expect(ours.verifies(changed, timestamp, nonce, cipher)).toBe(false)
    }
  })

  it('refuses another timestamp or nonce', () => {
    expect(ours.verifies(signature, '1583940691', nonce, cipher)).toBe(false)
    expect(ours.verifies(signature, timestamp, `${nonce}x`, cipher)).toBe(false)
  })

  it('refuses base64 that is not canonical', () => {
    const spare = ours.encrypt('hello', Buffer.alloc(16)).replace(/(.)==$/, (_, last: string) => {
      return `${alphabet[alphabet.indexOf(last) + 1]}==`
    })
    for (const bad of [
      spare,
      cipher.replace('==', ''),
      `${cipher}\n`,
      cipher.replace('/', '_'),
      `${cipher}AAAA`,
      'é',
    ]) {
      expect(reasonOf(() => ours.decrypt(bad))).toBe('base64')
    }
  })

  it('refuses ciphers of no or of broken blocks', () => {
    expect(reasonOf(() => ours.decrypt(''))).toBe('length')
    expect(reasonOf(() => ours.decrypt(Buffer.alloc(31).toString('base64')))).toBe('length')
  })

  it('refuses a padding of 0, of more than 32, and one whose bytes differ', () => {
    const filled = (bytes: number[]) => encryptRaw(plainOf('x'.repeat(9), c.corpId, Buffer.from(bytes)))
    expect(reasonOf(() => ours.decrypt(filled(Array(17).fill(17))))).toBe('none')
    expect(reasonOf(() => ours.decrypt(filled([...Array(16).fill(17), 0])))).toBe('padding')
    expect(reasonOf(() => ours.decrypt(filled([...Array(16).fill(17), 33])))).toBe('padding')
    for (let at = 0; at < 16; at += 1) {
      const bytes: number[] = Array(17).fill(17)
      bytes[at] = 18
      expect(reasonOf(() => ours.decrypt(filled(bytes)))).toBe('padding')
    }
  })

  it('refuses a message that is said to be longer than its cipher', () => {
    const padding = Buffer.alloc(17, 17)
    expect(reasonOf(() => ours.decrypt(encryptRaw(plainOf('x'.repeat(9), c.corpId, padding, 28))))).toBe('length')
    expect(reasonOf(() => ours.decrypt(encryptRaw(plainOf('x'.repeat(9), c.corpId, padding, 0xffffffff))))).toBe(
      'length',
    )
    expect(reasonOf(() => ours.decrypt(encryptRaw(Buffer.alloc(32, 32))))).toBe('length')
  })

  it('refuses a message for another corp', () => {
    for (const receiver of [
      '',
      'ww6a112864f802291',
      'ww6a112864f80229100',
      'WW6A112864F8022910',
      'tj4asffe99e54c0f4c',
    ]) {
      expect(reasonOf(() => ours.decrypt(tencent.encrypt(c.aesKey, 'hello', receiver)))).toBe('corp')
    }
  })

  it('never returns a message for random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 160 }), bytes => {
        expect(() => ours.decrypt(Buffer.from(bytes).toString('base64'))).toThrow(CallbackCryptoError)
      }),
    )
  })
})
