import fc from 'fast-check'
import nzh from 'nzh/cn'
import { describe, expect, it } from 'vitest'
import { inCapitals, looksLikeAmount, readAmount, spellYuan } from '../../src/domain/money.ts'

describe('an amount is read as people say it', () => {
  it.each([
    ['0.5', 50],
    ['.5', 50],
    ['0.50元', 50],
    ['5角', 50],
    ['５角', 50],
    ['5毛', 50],
    ['5毛钱', 50],
    ['五角', 50],
    ['五毛', 50],
    ['半块', 50],
    ['半块钱', 50],
    ['０．５０', 50],
    ['0。5', 50],
    ['0.5 元', 50],
    ['0. 5', 50],
    ['5 角', 50],
    ['零点五元', 50],
    ['零点二五元', 25],
    ['人民币伍角', 50],
    ['50分', 50],
    ['5分', 5],
    ['五分', 5],
    ['5毛5', 55],
    ['五毛五', 55],
    ['五毛五分', 55],
    ['1', 100],
    ['一元', 100],
    ['壹元整', 100],
    ['¥1', 100],
    ['￥1.00', 100],
    ['¥ 1', 100],
    ['1元钱', 100],
    ['10角', 100],
    ['一块零五', 105],
    ['一块零五分', 105],
    ['1块05', 105],
    ['1块5', 150],
    ['1块5毛', 150],
    ['1 块 5 毛', 150],
    ['1元 5角', 150],
    ['一元五角', 150],
    ['一块五', 150],
    ['一块半', 150],
    ['1块50', 150],
    ['15毛', 150],
    ['1元50分', 150],
    ['1元5角2分', 152],
    ['一块五毛二', 152],
    ['两块', 200],
    ['二元', 200],
    ['两块二', 220],
    ['十元', 1000],
    ['十块零五毛', 1050],
    ['十二块五', 1250],
    ['二十块', 2000],
    ['廿元', 2000],
    ['一百零五块', 10500],
    ['一百一十元', 11000],
    ['壹佰壹拾元整', 11000],
    ['一千元', 100000],
    ['1000', 100000],
    ['1,000.00', 100000],
    ['１，０００元', 100000],
  ])('%s is %d fen', (said, fen) => {
    expect(readAmount(said)).toEqual({ fen })
  })

  it.each([
    ['', '没有写金额'],
    ['　', '没有写金额'],
    ['-0.5', '是负数'],
    ['－1元', '是负数'],
    ['负五角', '是负数'],
    ['0', '不能是 0'],
    ['0.00', '不能是 0'],
    ['零元', '不能是 0'],
    ['1e3', '有字母'],
    ['0x10', '有字母'],
    ['RMB 5', '有字母'],
    ['0.555', '最多两位小数'],
    ['0.500元', '最多两位小数'],
    ['1000.01', '大额党费另有程序'],
    ['一万元', '一次最多 1000.00 元'],
    ['0.5 1', '两个金额'],
    ['1 2', '两个金额'],
    ['1 000', '两个金额'],
    ['1 .5', '两个金额'],
    ['1. 5', '两个金额'],
    ['2 5角', '两个金额'],
    ['0.5、1', '两个金额'],
    ['1元2元', '两个金额'],
    ['一元 两元', '两个金额'],
    ['1块 5', '两个金额'],
    ['五', '没有说是元还是角'],
    ['一百五', '没有说是元还是角'],
    ['一百五块', '不是金额'],
    ['三五块', '不是金额'],
    ['3十元', '不是金额'],
    ['几块', '不是金额'],
    ['5.', '不是金额'],
    ['1,00', '金额'],
    ['1块5毛20', '金额'],
    ['1元15角', '金额'],
    ['王五', '不是金额'],
    ['9'.repeat(40), '不是金额'],
    ['Infinity', '有字母'],
  ])('%s is refused: %s, with an example', (said, why) => {
    expect(readAmount(said)).toEqual({ refused: expect.stringContaining(why) })
    expect(readAmount(said)).toEqual({ refused: expect.stringMatching(/如 0\.50/) })
  })

  it('goes as far as the caller allows', () => {
    expect(readAmount('45000', { most: 100_000_000 })).toEqual({ fen: 4_500_000 })
    expect(readAmount('1,000,000.00', { most: 100_000_000 })).toEqual({ fen: 100_000_000 })
    const refused = readAmount('1000000.01', { most: 100_000_000 })
    expect(refused).toEqual({ refused: expect.stringContaining('最多 1000000.00 元') })
    expect(JSON.stringify(refused)).not.toContain('大额党费')
  })

  it('is whole fen within the limit, or refused with a reason, whatever is typed', () => {
    const sign = fc.constantFrom(...'0123456789.,-¥ 元块角毛分半零一二两十百千万点整钱、和a')
    const typed = fc.oneof(
      fc.string(),
      fc.array(sign, { maxLength: 10 }).map(signs => signs.join('')),
    )
    fc.assert(
      fc.property(typed, said => {
        const amount = readAmount(said)
        if ('refused' in amount) {
          expect(amount.refused).toMatch(/如 0\.50/)
          return
        }
        expect(Number.isInteger(amount.fen) && amount.fen >= 1 && amount.fen <= 100_000, said).toBe(true)
        expect(looksLikeAmount(said), said).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a word is meant as an amount', () => {
  it.each([
    '0.5',
    '.5',
    '3',
    '1000',
    '5角',
    '五毛',
    '半块',
    '一块五',
    '¥1',
    '￥',
    '0.555',
    '-0.5',
    '负五角',
    '两元',
    '1,000.00',
  ])('when it is %s', word => expect(looksLikeAmount(word)).toBe(true))
  it.each([
    ...['王五', '毛三', '元二', '一组', '三', '十一', '2026-11', '2026.11', '202611', '11月', 'D2026-3-7', '', '11-24'],
    ...['10分钟', '三分之一', '1e3', '0.5a', '今年', '免', '百元店'],
  ])('not when it is %s', word => expect(looksLikeAmount(word)).toBe(false))
})

describe('an amount is spelled', () => {
  it.each([
    [0, '0.00'],
    [5, '0.05'],
    [50, '0.50'],
    [123_400, '1234.00'],
    [-50, '-0.50'],
    [-12_345, '-123.45'],
  ])('%d fen as %s', (fen, yuan) => expect(spellYuan(fen)).toBe(yuan))

  it('never with a part of a fen', () => {
    for (const wrong of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => spellYuan(wrong)).toThrow(RangeError)
      expect(() => inCapitals(wrong)).toThrow(RangeError)
    }
  })

  it('and read back as the same', () => {
    for (let fen = 1; fen <= 100_000; fen++) {
      const amount = readAmount(spellYuan(fen))
      if (!('fen' in amount) || amount.fen !== fen) expect(amount, spellYuan(fen)).toEqual({ fen })
    }
  })
})

/** The examples of 正确填写票据和结算凭证的基本规定 art. 1 among them. */
describe('an amount in capitals', () => {
  it.each([
    [0, '人民币零元整'],
    [5, '人民币伍分'],
    [50, '人民币伍角'],
    [55, '人民币伍角伍分'],
    [100, '人民币壹元整'],
    [105, '人民币壹元零伍分'],
    [150, '人民币壹元伍角'],
    [1000, '人民币壹拾元整'],
    [10_000, '人民币壹佰元整'],
    [100_000, '人民币壹仟元整'],
    [140_950, '人民币壹仟肆佰零玖元伍角'],
    [600_714, '人民币陆仟零柒元壹角肆分'],
    [168_032, '人民币壹仟陆佰捌拾元叁角贰分'],
    [10_700_053, '人民币壹拾万柒仟元伍角叁分'],
    [1_640_902, '人民币壹万陆仟肆佰零玖元零贰分'],
    [32_504, '人民币叁佰贰拾伍元零肆分'],
    [-50, '人民币负伍角'],
  ])('%d fen is %s', (fen, capitals) => expect(inCapitals(fen)).toBe(capitals))

  it('is the same number read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000_000 }), fen => {
        const capitals = inCapitals(fen)
        expect(readAmount(capitals, { most: 100_000_000 })).toEqual({ fen })
        const [, yuan = '', jiao = '', last = ''] =
          /^人民币(?:(.+?)元)?零?整?(?:(.)角)?零?(?:(.)分)?$/.exec(capitals) ?? []
        const number = (said: string) => (said === '' ? 0 : Number(nzh.decodeB(said)))
        expect(number(yuan) * 100 + number(jiao) * 10 + number(last)).toBe(fen)
      }),
    )
  })
})
