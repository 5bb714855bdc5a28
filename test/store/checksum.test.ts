import { expect, it } from 'vitest'
import { crc32, crc32InScript, spellChecksum } from '../../src/store/checksum.ts'

it('the checksum is CRC-32 by its check value, in one piece or several, with zlib or without', () => {
  const digits = Buffer.from('123456789')
  for (const crc of [crc32, crc32InScript]) {
    expect(spellChecksum(crc(digits))).toBe('cbf43926')
    expect(crc(digits.subarray(4), crc(digits.subarray(0, 4)))).toBe(crc(digits))
  }
  expect(spellChecksum(0)).toBe('00000000')
})
