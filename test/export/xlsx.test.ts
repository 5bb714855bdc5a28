import { Workbook as Reader } from '@cj-tech-master/excelts'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Column, Sheet } from '../../src/export/workbook.ts'
import { toXlsx } from '../../src/export/xlsx.ts'
import { duesBook, duesSheet } from './books.ts'

/** What is written by one library is read by another. */

const MADE_AT = new Date('2026-11-24T02:00:00Z')
const TEXT: Column = { header: '姓名', kind: 'text' }

async function reread(...sheets: Sheet[]) {
  const reader = new Reader()
  await reader.xlsx.load(Buffer.from(await toXlsx({ fileName: 'x.xlsx', sheets }, MADE_AT)))
  return reader
}

const only = async (sheet: Sheet) => {
  const [first] = (await reread(sheet)).worksheets
  if (!first) throw new Error('no sheet')
  return first
}
const names = (...rows: string[]): Sheet => ({
  name: '表',
  title: '名单',
  columns: [TEXT],
  rows: rows.map(row => [row]),
})
/** Below title and head. */
const typed = async (...rows: string[]) => {
  const sheet = await only(names(...rows))
  return rows.map((_, at) => sheet.getCell(at + 3, 1))
}

describe('a form', () => {
  let sheet: Awaited<ReturnType<typeof only>>
  beforeAll(async () => {
    sheet = await only(duesSheet(6))
  })
  const value = (address: string) => sheet.getCell(address).value

  it('begins with its title over the whole width, then unit and date at both sides', () => {
    expect(value('A1')).toBe('水泉村党支部2026年党费收缴登记表')
    expect(sheet.getCell('A1').font).toMatchObject({ name: '黑体', size: 18 })
    expect(sheet.model.merges).toContain('A1:P1')
    expect(value('A2')).toBe('单位：云岭乡水泉村党支部')
    expect(sheet.getCell('P2').text).toBe('2026年11月24日　单位：元')
    expect(sheet.getCell('P2').alignment?.horizontal).toBe('right')
  })

  it('has groups of columns above their heads, and one head over two rows where there is no group', () => {
    expect([value('A3'), value('D3'), value('J3'), value('D4'), value('O4'), value('P3')]).toEqual([
      '序号',
      '上半年',
      '下半年',
      '1月',
      '12月',
      '合计',
    ])
    expect(sheet.model.merges).toEqual(expect.arrayContaining(['A3:A4', 'B3:B4', 'D3:I3', 'J3:O3', 'P3:P4']))
  })

  it('shows fen as yuan, numbers as numbers, and words where they stand', () => {
    expect([value('A5'), value('B5'), value('C5'), value('D6')]).toEqual([1, '王建国', 12.3, 12.31])
    expect([sheet.getCell('A5').numFmt, sheet.getCell('D6').numFmt]).toEqual(['0', '0.00'])
    expect([value('D9'), value('N5')]).toEqual(['免交', null])
    expect(sheet.getCell('N5').border).toMatchObject({ top: { style: 'thin' }, left: { style: 'thin' } })
  })

  it('ends with the total, notes and room to sign', () => {
    expect([value('A11'), value('C11'), value('D11')]).toEqual(['合计', 73.95, 61.61])
    expect(sheet.getCell('D11').font?.bold).toBe(true)
    expect(sheet.model.merges).toEqual(expect.arrayContaining(['A11:B11', 'A12:P12', 'A13:P13']))
    expect(value('A12')).toContain('“免交”为经支部研究同意免交')
    expect(value('A13')).toMatch(/^填表人：　+审核人：　+负责人：　+日期：$/u)
  })

  it('fits the width of A4 on its side, with the heads on each page and in sight', () => {
    expect(sheet.pageSetup).toMatchObject({
      paperSize: 9,
      orientation: 'landscape',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      printTitlesRow: '3:4',
    })
    expect(sheet.pageSetup.margins).toMatchObject({ left: 0.6, right: 0.6 })
    expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 4 })
    expect(sheet.headerFooter.oddFooter).toContain('&P')
  })

  it('has columns as wide as what stands in them, or as they are told', async () => {
    expect(sheet.getColumn(1).width).toBe(6)
    expect(sheet.getColumn(2).width).toBe('买买提·吐尔逊'.length * 2 + 2)
    expect(sheet.getColumn(4).width).toBe(10)
    const told = await only({ ...names('王建国'), columns: [{ ...TEXT, width: 17, align: 'center' }] })
    expect(told.getColumn(1).width).toBe(17)
    expect(told.getCell('A3').alignment?.horizontal).toBe('center')
    const long = await only(names('一'.repeat(100)))
    expect(long.getColumn(1).width).toBe(32)
    expect(long.getRow(3).height).toBeGreaterThan(100)
  })
})

describe('where there is nothing', () => {
  it('a sentence stands in the table', async () => {
    const sheet = await only({ ...duesSheet(0), empty: '还没有人缴费' })
    expect(sheet.getCell('A5').value).toBe('还没有人缴费')
    expect(sheet.model.merges).toContain('A5:P5')
    expect((await only(names())).getCell('A3').value).toBe('没有记录')
  })

  it('of everything else a sheet does without', async () => {
    const sheet = await only(names('王建国'))
    expect(sheet.rowCount).toBe(3)
    expect(sheet.pageSetup).toMatchObject({ orientation: 'portrait', printTitlesRow: '2:2' })
  })

  it('of columns it is a bug, as are a cell too many and half a fen', async () => {
    await expect(only({ ...names(), columns: [] })).rejects.toThrow('no columns')
    await expect(only({ ...names(), rows: [['a', 'b']] })).rejects.toThrow('more cells than columns')
    const money: Column = { header: '应缴', kind: 'money' }
    await expect(only({ ...names(), columns: [money], rows: [[1.5]] })).rejects.toThrow('not an integer')
  })
})

describe('what people wrote', () => {
  it('is never a formula, and is shown as typed', async () => {
    const written = ["=cmd()|' /C calc'!A0", '+1', '-1', '@SUM(A1)', '\t=1', '=HYPERLINK("http://x")', '#N/A', '#1']
    const cells = await typed(...written)
    expect(cells.map(cell => cell.text)).toEqual(written)
    expect(cells.map(cell => cell.formula)).toEqual(written.map(() => undefined))
  })

  it('loses what no XML may hold, and nothing else', async () => {
    const cells = await typed('张\u0000三\u001b\uffff', '李\ud800四', '赵\r\n六', '𠮷田<&>"', '_x0041_', '_x', '007')
    const shown = ['张三', '李四', '赵\n六', '𠮷田<&>"', '_x0041_', '_x', '007']
    expect(cells.map(cell => cell.text)).toEqual(shown)
  })

  it('stays words in a column of numbers, and a number words in a column of words', async () => {
    const sheet = await only({
      ...names(),
      columns: [{ header: '人数', kind: 'integer' }, TEXT],
      rows: [['=1+1', 12]],
    })
    expect([sheet.getCell('A3').value, sheet.getCell('B3').value]).toEqual(['=1+1', '12'])
  })

  it('becomes the name of a sheet that Excel takes, each once', async () => {
    const wanted = ['2026年[1]:*?/\\表', "'引号'", '', '长'.repeat(40), '长'.repeat(40), 'abc', 'ABC', '二 号']
    const reader = await reread(...wanted.map(name => ({ ...names('王建国'), name })))
    const got = reader.worksheets.map(sheet => sheet.name)
    const long = ['长'.repeat(31), `${'长'.repeat(27)} (2)`]
    expect(got).toEqual(['2026年 1 表', '引号', '表', ...long, 'abc', 'ABC (2)', '二 号'])
    // Print titles name the sheet: each found its own.
    expect(reader.worksheets.map(sheet => sheet.pageSetup.printTitlesRow)).toEqual(wanted.map(() => '2:2'))
  })
})

it('the instant of the making stands in the file', async () => {
  const reader = new Reader()
  await reader.xlsx.load(Buffer.from(await toXlsx(duesBook(1), MADE_AT)))
  expect(reader.created).toEqual(MADE_AT)
})

it('a share is a number that can be reckoned with, shown in per cent', async () => {
  const sheet = await only({
    ...names(),
    columns: [{ header: '到会率', kind: 'percent' }],
    rows: [[90], [100], [null]],
  })
  expect([3, 4, 5].map(row => sheet.getCell(row, 1).value)).toEqual([0.9, 1, null])
  expect(sheet.getCell('A3').numFmt).toBe('0%')
})

it('no row is taller than Excel takes', async () => {
  const sheet = await only(names(Array.from({ length: 60 }, () => '一组：2026-01-15').join('\n')))
  expect(sheet.getRow(3).height).toBe(409)
})
