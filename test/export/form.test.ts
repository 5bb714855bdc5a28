import { describe, expect, it } from 'vitest'
import type { Block, Document } from '../../src/export/document.ts'
import { toDocx } from '../../src/export/docx.ts'
import { type Paper, readPaper } from './documents.ts'

const drawn = async (...blocks: Block[]): Promise<Omit<Paper, 'name'>> => {
  const document: Document = { fileName: '表.docx', title: '表', blocks }
  return readPaper(await toDocx(document))
}

const COLUMNS = [
  { header: '序号', width: 10, align: 'center' },
  { header: '姓名', width: 60 },
] as const

describe('a form', () => {
  it('has its fields two in a line, a wide one alone, blanks higher than what is known', async () => {
    const { rows, xml } = await drawn({
      kind: 'fields',
      fields: [
        { label: '时间', value: '19:00', wide: true },
        { label: '应到', value: '15 人' },
        { label: '实到', value: '' },
        { label: '地点', value: '村部' },
      ],
    })
    expect(rows).toEqual([
      ['时间', '19:00'],
      ['应到', '15 人', '实到', ''],
      ['地点', '村部'],
    ])
    const heights = [...xml.matchAll(/<w:trHeight w:val="(\d+)"/g)].map(([, height]) => Number(height))
    expect(heights[1]).toBeGreaterThan(heights[0] ?? 0)
  })

  it('has tables with blanks, bands and what people wrote as they wrote it', async () => {
    const { rows } = await drawn({
      kind: 'table',
      columns: COLUMNS,
      rows: [{ cells: ['1', '王<b>&\n2001年入党'] }, { band: '来宾' }, { cells: [] }, { cells: ['=1+1', 'a\u0000b'] }],
    })
    expect(rows).toEqual([['序号', '姓名'], ['1', '王<b>& 2001年入党'], ['来宾'], ['', ''], ['=1+1', 'ab']])
  })

  it('says in an empty table that it is', async () => {
    expect((await drawn({ kind: 'table', columns: COLUMNS, rows: [] })).rows[1]).toEqual(['没有记录'])
    expect((await drawn({ kind: 'table', columns: COLUMNS, rows: [], empty: '没有人' })).rows[1]).toEqual(['没有人'])
  })

  it('keeps its columns within the page, and a paragraph between two tables, which Word would join', async () => {
    const table: Block = { kind: 'table', columns: COLUMNS, rows: [] }
    const { xml } = await drawn(table, table, { kind: 'ruled', lines: 4 }, { kind: 'signatures', who: ['甲', '乙'] })
    expect(xml).not.toMatch(/<\/w:tbl><w:tbl>|<\/w:tbl><w:sectPr/)
    expect(xml.match(/<w:tblLayout w:type="fixed"\/>/g)).toHaveLength(4)
    const page = ((210 - 2 * 22) / 25.4) * 1440
    for (const [, grid = ''] of xml.matchAll(/<w:tblGrid>(.*?)<\/w:tblGrid>/gs)) {
      const widths = [...grid.matchAll(/w:w="(\d+)"/g)].map(([, width]) => Number(width))
      expect(widths.length).toBeGreaterThan(0)
      const whole = widths.reduce((sum, width) => sum + width, 0)
      expect(Math.abs(whole - page)).toBeLessThan(10)
    }
  })

  it('rules as many lines as were ordered', async () => {
    expect((await drawn({ kind: 'ruled', lines: 7 })).rows).toEqual(Array.from({ length: 7 }, () => ['']))
  })

  it('has 200 rows on as many pages as it takes', async () => {
    const rows = Array.from({ length: 200 }, (_, at) => ({ cells: [String(at + 1), `党员${at + 1}`] }))
    const { rows: read, xml } = await drawn({ kind: 'table', columns: COLUMNS, rows, signed: true })
    expect(read).toHaveLength(201)
    expect(read.at(-1)).toEqual(['200', '党员200'])
    expect(xml.match(/<w:tblHeader\/>/g)).toHaveLength(1)
    expect(xml.match(/<w:cantSplit\/>/g)).toHaveLength(201)
  })
})
