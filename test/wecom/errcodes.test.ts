import { describe, expect, it } from 'vitest'
import { adviceFor, errcodeOf } from '../../src/wecom/errcodes.ts'

describe('what to do about a code', () => {
  it.each([
    [-1, 'retry'],
    [6000, 'retry'],
    [45033, 'retry'],
    [40014, 'token'],
    [42001, 'token'],
    [41001, 'token'],
    [45009, 'slow'],
    [45002, 'split'],
    [60020, 'admin'],
    [40001, 'admin'],
    [81013, 'fix'],
    [40016, 'fix'],
    [40020, 'fix'],
    [40027, 'fix'],
    [42020, 'fix'],
    [42037, 'fix'],
    [82003, 'fix'],
    [86205, 'fix'],
    [90208, 'fix'],
    [60140, 'fix'],
  ])('%i: %s', (code, action) => {
    expect(errcodeOf(code).action).toBe(action)
  })

  it('has Chinese advice for every code, and names a code it does not know', () => {
    for (const code of [-1, 40003, 45009, 60020, 60140, 701008, 830002])
      expect(adviceFor(code)).toMatch(/\p{Script=Han}/u)
    expect(adviceFor(999_999)).toContain('999999')
    expect(errcodeOf(999_999).action).toBe('fix')
  })
})
