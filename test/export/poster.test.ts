import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Poster } from '../../src/export/document.ts'
import { toPoster } from '../../src/export/docx-poster.ts'
import { drawInWorker } from '../../src/export/drawing.ts'
import { widthOf } from '../../src/export/measure.ts'
import { createReports } from '../../src/export/reports.ts'
import { plain, readPaper, xmlOf } from './documents.ts'

const poster = (title: string, people: Poster['people']['rows']): Poster => ({
  fileName: '明白纸.docx',
  title,
  says: {
    heading: '手机上这样发',
    rows: ['签到', '请假 发烧', '党费', '帮助'].map(say => ({ when: '开会来不了', say })),
  },
  notes: ['没有手机，开会在签到表上签名，一样算数。'],
  people: { heading: '打电话找谁', rows: people },
})

/** In twentieths of a point: what of an A4 page 15 mm of margin on each side leave. */
const ROOM = ((297 - 30) / 25.4) * 1440
const attribute = (xml: string, pattern: RegExp) => Number(pattern.exec(xml)?.[1])

/** Every line and row states its exact height: the sum of them. */
function heightOf(xml: string): number {
  const body = xml.slice(xml.indexOf('<w:body>'))
  const rows = [...body.matchAll(/<w:tr>.*?<\/w:tr>/gs)].map(([row]) =>
    attribute(row, /<w:trHeight w:val="(\d+)" w:hRule="exact"\/>/),
  )
  const lines = [...body.replace(/<w:tbl>.*?<\/w:tbl>/gs, '').matchAll(/<w:p>.*?<\/w:p>/gs)].map(([line]) =>
    attribute(line, /<w:spacing[^>]*w:line="(\d+)" w:lineRule="exact"\/>/),
  )
  return [...rows, ...lines].reduce((sum, height) => sum + height, 0)
}

/** Cells in which a line, at 22 pt, is wider than the cell, or which have more lines than their row is high. */
function tightCells(xml: string): string[] {
  return [...xml.matchAll(/<w:tr>.*?<\/w:tr>/gs)].flatMap(([row]) => {
    const height = attribute(row, /<w:trHeight w:val="(\d+)"/)
    return [...row.matchAll(/<w:tc>.*?<\/w:tc>/gs)].flatMap(([cell]) => {
      const width = attribute(cell, /<w:tcW w:type="dxa" w:w="(\d+)"\/>/) - 200
      const texts = [...cell.matchAll(/<w:t[^>]*>([^<]*)<\/w:t>/g)].map(([, text = '']) => plain(text))
      const needed = [...cell.matchAll(/w:line="(\d+)"/g)].reduce((sum, [, line]) => sum + Number(line), 0)
      const tooWide = texts.filter(text => widthOf(text) * 220 > width)
      return needed > height || tooWide.length > 0 ? [cell] : []
    })
  })
}

const names = fc.string({ unit: fc.constantFrom(...'王建国阿卜杜拉·买提江<&b1A、（）'), maxLength: 30 })
const people = fc.array(fc.record({ post: names, name: names, orElse: fc.constantFrom('我的组长', '我的组长') }), {
  maxLength: 30,
})

describe('a poster', () => {
  it('is one page in letters of 22 pt, however long its names are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(names, fc.nat(8)), people, async ([name, times], rows) => {
        const xml = xmlOf(await toPoster(poster(name.repeat(times + 1), rows)))
        expect(heightOf(xml)).toBeGreaterThan(ROOM / 4)
        expect(heightOf(xml)).toBeLessThan(ROOM)
        expect(tightCells(xml)).toEqual([])
        const sizes = [...xml.matchAll(/<w:sz w:val="(\d+)"\/>/g)].map(([, size]) => Number(size))
        expect(sizes.filter(size => size !== 44 && size !== 60 && size !== 2)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('leaves out whom it has no room for, those asked first last, and has one row for all of a kind', async () => {
    const rows = Array.from({ length: 20 }, (_, at) => ({ post: `${at + 1}组组长`, name: `组长${at + 1}` }))
    const all = await readPaper(await toPoster(poster('水泉村党支部', rows.slice(0, 9))))
    expect(all.rows.slice(4).map(([, name]) => name)).toEqual(rows.slice(0, 9).map(({ name }) => name))
    const some = await readPaper(
      await toPoster(
        poster(
          '水泉村党支部',
          rows.map(row => ({ ...row, orElse: '我的组长' })),
        ),
      ),
    )
    const shown = some.rows.slice(4)
    expect(shown.length).toBeGreaterThanOrEqual(9)
    expect(shown.at(-1)).toEqual(['我的组长', '', '电话'])
    expect(shown.slice(0, -1).map(([, name]) => name)).toEqual(rows.slice(0, shown.length - 1).map(({ name }) => name))
  })

  it('is drawn in another thread, as a Word file', async () => {
    const made = poster('=cmd()<b>&\u0000', [{ post: '书记', name: '王<b>&' }])
    const { bytes, threadId } = await drawInWorker(made, new AbortController().signal)
    expect(threadId).not.toBe(0)
    const { text, rows } = await readPaper(bytes)
    expect(text).toContain('=cmd()<b>&')
    expect(rows).toContainEqual(['书记', '王<b>&', '电话'])
    const { name } = await createReports({ help: async () => made }).make({ report: 'help', args: {} })
    expect(name).toBe('明白纸.docx')
  })
})
