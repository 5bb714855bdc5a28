import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitText } from '../../src/wecom/split.ts'

/** True when the parts in order are the text, but for one newline at some cuts. */
function isWhole(text: string, parts: readonly string[]): boolean {
  let at = 0
  for (const [index, part] of parts.entries()) {
    if (index > 0 && !text.startsWith(part, at) && text[at] === '\n') at += 1
    if (!text.startsWith(part, at)) return false
    at += part.length
  }
  return at === text.length || text.slice(at) === '\n'
}

const bytes = (text: string) => Buffer.byteLength(text)

describe('splitText', () => {
  it('leaves a short text alone, and has no parts for none', () => {
    expect(splitText('签到成功，第 3 位。')).toEqual(['签到成功，第 3 位。'])
    expect(splitText('')).toEqual([])
    expect(splitText('x'.repeat(2000))).toHaveLength(1)
  })

  it('keeps every part within its bytes, loses nothing but newlines at cuts, and breaks no code point', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.constantFrom('\n', '\n\n', '、', '，', '。', ' ', '张三', '👨‍👩‍👧‍👦', '🇨🇳', 'e\u0301', 'abcdefghij'),
    )
    const texts = fc.array(piece, { maxLength: 80 }).map(pieces => pieces.join(''))
    fc.assert(
      fc.property(texts, fc.integer({ min: 40, max: 300 }), (text, maxBytes) => {
        const parts = splitText(text, maxBytes)
        for (const part of parts) {
          expect(part).not.toBe('')
          expect(bytes(part)).toBeLessThanOrEqual(maxBytes)
          expect(part).not.toMatch(/\p{Cs}/u)
        }
        expect(isWhole(text, parts)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('never breaks a line that fits into a part', () => {
    const lines = Array.from({ length: 200 }, (_, n) => `${n + 1} 张三丰 已到 第${n}组`)
    const parts = splitText(lines.join('\n'))
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.flatMap(part => part.split('\n'))).toEqual(lines)
  })

  it('keeps names whole in one long line', () => {
    const names = Array.from({ length: 400 }, (_, n) => ['欧阳娜娜', '张三', '司马相如', '李四光'][n % 4] ?? '')
    const parts = splitText(`缺席：${names.join('、')}`)
    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts.slice(0, -1)) expect(part.endsWith('、')).toBe(true)
    expect(parts.join('')).toBe(`缺席：${names.join('、')}`)
  })

  it('prefers the end of a sentence that is near', () => {
    const text = `${'党'.repeat(550)}。${'员'.repeat(80)}，${'会'.repeat(200)}`
    expect(splitText(text)[0]).toBe(`${'党'.repeat(550)}。`)
  })

  it('breaks no family and no flag where there is no separator', () => {
    for (const grapheme of ['👨‍👩‍👧‍👦', '🇨🇳', 'e\u0301']) {
      const text = grapheme.repeat(300)
      for (const part of splitText(text, 100)) expect(part.length % grapheme.length).toBe(0)
    }
  })

  it('still cuts between code points where one grapheme is larger than a part', () => {
    const text = `a${'\u0301'.repeat(500)}`
    const parts = splitText(text, 100)
    expect(parts.join('')).toBe(text)
    for (const part of parts) expect(bytes(part)).toBeLessThanOrEqual(100)
  })
})
