import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Workbook as Reader } from '@cj-tech-master/excelts'
import { describe, expect, it } from 'vitest'
import { drawInWorker } from '../../src/export/drawing.ts'
import { createReports } from '../../src/export/reports.ts'
import { fileNameOf } from '../../src/export/spelling.ts'
import type { Workbook } from '../../src/export/workbook.ts'
import { ROOT } from '../house/sources.ts'
import { duesBook } from './books.ts'

const order = (report: string, args = {}) => ({ report, args })
const never = new AbortController().signal

async function firstSheet(bytes: Uint8Array) {
  const reader = new Reader()
  await reader.xlsx.load(Buffer.from(bytes))
  const [sheet] = reader.worksheets
  if (!sheet) throw new Error('no sheet')
  return sheet
}

describe('a report', () => {
  it('is collected here and drawn in another thread, however long it is', async () => {
    const { bytes, threadId } = await drawInWorker(duesBook(1500), never)
    expect(threadId).not.toBe(0)
    const sheet = await firstSheet(bytes)
    expect([sheet.rowCount, sheet.columnCount]).toEqual([4 + 1500 + 3, 16])
    expect(sheet.getCell('A1504').value).toBe(1500)
    expect(sheet.getCell('B1504').value).toBe('买买提·吐尔逊')
    expect(sheet.getCell('M1504').value).toBe(27.29)
    expect(sheet.getCell('C1505').value).toBe((1230 * 1500 + (1499 * 1500) / 2) / 100)
  })

  it('gets its arguments, and its name is one that can be sent', async () => {
    const asked: unknown[] = []
    const reports = createReports({
      dues: async args => {
        asked.push(args)
        return { ...duesBook(1), fileName: '../党费:"2026"\n年' }
      },
    })
    const { name, bytes } = await reports.make(order('dues', { year: 2026, branches: ['b-1'] }))
    expect(name).toBe('党费 2026 年.xlsx')
    expect((await firstSheet(bytes)).getCell('B5').value).toBe('王建国')
    expect(asked).toEqual([{ year: 2026, branches: ['b-1'] }])
  })

  it('that nobody knows, that fails, or that cannot be drawn is refused, and the next one is made', async () => {
    const broken: Workbook = { fileName: 'x', sheets: [{ name: 'x', title: 'x', columns: [], rows: [] }] }
    const reports = createReports({
      fails: () => Promise.reject(new Error('no records')),
      broken: async () => broken,
      fine: async () => duesBook(1),
    })
    const made = [order('nothing'), order('constructor'), order('fails'), order('broken'), order('fine')].map(one =>
      reports.make(one).then(
        ({ name }) => name,
        (error: Error) => error.message,
      ),
    )
    expect(await Promise.all(made)).toEqual([
      'there is no report nothing',
      'there is no report constructor',
      'no records',
      'a sheet of a workbook has no columns',
      '党费收缴登记表 2026年.xlsx',
    ])
  })

  it('is made when the one before it is done', async () => {
    const collected: unknown[] = []
    let release: () => void = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const reports = createReports({
      dues: async args => {
        collected.push(args)
        await held
        return duesBook(1)
      },
    })
    const both = Promise.all([1, 2].map(year => reports.make(order('dues', { year }))))
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(collected).toEqual([{ year: 1 }])
    release()
    expect(await both).toHaveLength(2)
    expect(collected).toEqual([{ year: 1 }, { year: 2 }])
  })

  it('that takes too long is given up, in the store and in the worker, and the next one is made', async () => {
    const slow = createReports({ stuck: () => new Promise(() => {}), dues: async () => duesBook(1) }, 1500)
    const stuck = slow.make(order('stuck'))
    const next = slow.make(order('dues'))
    await expect(stuck).rejects.toThrow('report stuck: not made within 1500 ms')
    expect((await next).name).toContain('党费')
    const quick = createReports({ dues: async () => duesBook(1) }, 1)
    await expect(quick.make(order('dues'))).rejects.toThrow('report dues: not made within 1 ms')
  })

  it('neither comes nor fails once the bot stops', async () => {
    const reports = createReports({ dues: async () => duesBook(1) })
    const settled: string[] = []
    for (const one of [reports.make(order('dues')), reports.make(order('dues'))]) {
      one.then(
        () => settled.push('made'),
        () => settled.push('failed'),
      )
    }
    reports.close()
    await new Promise(resolve => setTimeout(resolve, 500))
    expect(settled).toEqual([])
  })
})

it('a worker starts where the program was started from elsewhere', async () => {
  const script = `import { createReports } from '${ROOT}src/export/reports.ts'
    import { duesBook } from '${ROOT}test/export/books.ts'
    createReports({ dues: async () => duesBook(2) }).make({ report: 'dues', args: {} })
      .then(({ name, bytes }) => console.log(name, bytes.length > 3000))`
  const tsx = import.meta.resolve?.('tsx') ?? `file://${ROOT}node_modules/tsx/dist/loader.mjs`
  const node = ['--import', tsx, '--input-type=module', '--eval', script]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, node, { cwd: '/' })
  expect([stdout.trim(), stderr]).toEqual(['党费收缴登记表 2026年.xlsx true', ''])
})

it('the name of a file has nothing that Windows or WeCom refuse', () => {
  expect(fileNameOf('党费收缴登记表 2026年.xlsx')).toBe('党费收缴登记表 2026年.xlsx')
  expect(fileNameOf('a.XLSX')).toBe('a.xlsx')
  expect(fileNameOf('..\\C:\\a/b*?"<>|\u0000\u200d')).toBe('C a b \u200d.xlsx')
  expect(fileNameOf(' .. ')).toBe('表格.xlsx')
  expect(fileNameOf('长'.repeat(300))).toBe(`${'长'.repeat(80)}.xlsx`)
})
