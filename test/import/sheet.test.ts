import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { readSheet } from '../../src/import/sheet.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
/** 账号,姓名⏎a,张三 in GBK, which Node can read but not write. */
const GBK = Uint8Array.from(Buffer.from('d5cbbac52cd0d5c3fb0d0a612cd5c5c8fd0d0a', 'hex'))
const ROWS = [
  ['账号', '姓名'],
  ['a', '张三'],
]

describe('a sheet', () => {
  it('is read from UTF-8 with and without BOM, and from GBK', () => {
    expect(readSheet(utf8('账号,姓名\na,张三\n'))).toEqual(ROWS)
    expect(readSheet(utf8('\ufeff账号,姓名\r\na,张三\r\n'))).toEqual(ROWS)
    expect(readSheet(GBK)).toEqual(ROWS)
  })

  it('keeps blank rows and ragged rows, so that row numbers are the sheet’s', () => {
    expect(readSheet(utf8('a,b\n\nc\nd,e,f'))).toEqual([['a', 'b'], [''], ['c'], ['d', 'e', 'f']])
  })

  it('counts a quoted cell with a line break as one row', () => {
    expect(readSheet(utf8('a,"b\nc"\nd,e"f\n'))).toEqual([
      ['a', 'b\nc'],
      ['d', 'e"f'],
    ])
  })

  it.each([
    ['an old XLS', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0), '旧版的 .xls 文件'],
    ['binary', Uint8Array.of(1, 0, 2), '这不是表格文件'],
    ['UTF-16', Uint8Array.from(Buffer.from('\ufeff账号,a', 'utf16le')), '这不是表格文件'],
    ['neither UTF-8 nor GBK', Uint8Array.of(0xff, 0xff, 0x41), '文件的编码'],
    ['empty', new Uint8Array(), '这个文件是空的'],
    ['blank', utf8(' ,\n\n,,\u3000'), '这个文件是空的'],
    ['an open quote', utf8('a,b\n"c,d\n'), '引号没有配对'],
  ])('is refused where it is %s', (_, bytes, why) => {
    expect(() => readSheet(bytes)).toThrow(UserError)
    expect(() => readSheet(bytes)).toThrow(why)
  })
})
