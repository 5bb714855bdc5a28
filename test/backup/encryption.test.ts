import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decrypted, encrypted, HEAD_LENGTH, NotAuthenticError, WrongKeyError } from '../../src/backup/encryption.ts'

const KEY = randomBytes(32)
const CHUNK = 1 << 18
const SEALED = CHUNK + 16

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function all(parts: AsyncIterable<Buffer>): Promise<Buffer> {
  const found: Buffer[] = []
  for await (const part of parts) found.push(part)
  return Buffer.concat(found)
}
const seal = (plain: Buffer, size = 70_000) => all(encrypted(pieces(plain, size), KEY))
const open = (bytes: Buffer, key = KEY, size = 90_000) => all(decrypted(pieces(bytes, size), key))

describe('encryption', () => {
  it('gives back what it was given, however long, in whatever pieces', async () => {
    const lengths = fc.oneof(fc.nat(100), fc.integer({ min: CHUNK - 2, max: CHUNK + 2 }), fc.nat(3 * CHUNK + 5))
    const sizes = fc.integer({ min: 5_000, max: 2 * CHUNK })
    await fc.assert(
      fc.asyncProperty(lengths, sizes, sizes, async (length, one, other) => {
        const plain = randomBytes(length)
        expect((await open(await seal(plain, one), KEY, other)).equals(plain)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('never says the same twice, and shows nothing of what it hides', async () => {
    const plain = Buffer.from('王建国'.repeat(100))
    const [one, other] = [await seal(plain), await seal(plain)]
    expect(one.equals(other)).toBe(false)
    expect(one.subarray(HEAD_LENGTH).includes(plain.subarray(0, 9))).toBe(false)
  })

  it('notices what is cut off at the end of a chunk, left out, put twice or changed about', async () => {
    const whole = await seal(randomBytes(3 * CHUNK))
    const head = whole.subarray(0, HEAD_LENGTH)
    const [one, two, three] = [0, 1, 2].map(n =>
      whole.subarray(HEAD_LENGTH + n * SEALED, HEAD_LENGTH + (n + 1) * SEALED),
    ) as [Buffer, Buffer, Buffer]
    expect(await open(Buffer.concat([head, one, two, three]))).toHaveLength(3 * CHUNK)
    const wrong = [
      [one],
      [one, two],
      [two, three],
      [one, three],
      [two, one, three],
      [one, one, two, three],
      [three],
      [],
    ]
    for (const order of [...wrong, [one, two, three, three]])
      await expect(open(Buffer.concat([head, ...order]))).rejects.toThrow(NotAuthenticError)
    const another = await seal(randomBytes(10))
    await expect(open(Buffer.concat([another.subarray(0, HEAD_LENGTH), one, two, three]))).rejects.toThrow(
      NotAuthenticError,
    )
  })

  it('tells another key from damage', async () => {
    const whole = await seal(randomBytes(10))
    await expect(open(whole, randomBytes(32))).rejects.toThrow(WrongKeyError)
    await expect(open(whole.subarray(0, HEAD_LENGTH - 1))).rejects.toThrow(NotAuthenticError)
    await expect(open(whole.subarray(0, -1))).rejects.toThrow(NotAuthenticError)
  })
})
