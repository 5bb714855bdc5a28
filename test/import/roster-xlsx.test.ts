import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { writeXlsx } from 'hucre/xlsx'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { moveClock } from '../../src/clock.ts'
import { planBook } from '../../src/domain/roster-book.ts'
import { importRoster } from '../../src/import/roster.ts'
import { readRosterFile } from '../../src/import/roster-file.ts'
import { audits, branches, people } from '../../src/store/collections.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import type { Store } from '../../src/store/records.ts'
import { bytesOf, zipOf } from './bank-stage.ts'
import { type SheetOf, type Value, workbookOf } from './workbook.ts'

const HEADER = ['账号', '姓名', '支部', '党小组', '身份', '党内职务', '入党日期', '月缴党费']
const day = (text: string) => new Date(`${text}T00:00:00Z`)

let folder: string
let store: Store

beforeEach(async () => {
  moveClock(new Date('2026-11-24T09:00:00+08:00'))
  folder = await mkdtemp(join(tmpdir(), 'zhibu-xlsx-'))
  store = await openLowdbStore({ folder, corpId: 'ww-test' })
})

afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const bringBytes = (bytes: Uint8Array, dryRun = false) => importRoster(store, bytes, { dryRun, by: 'control' })
const bring = async (sheets: Readonly<Record<string, SheetOf>>, dryRun = false) =>
  bringBytes(await workbookOf(sheets), dryRun)
const bringRows = (...rows: Value[][]) => bring({ 名册: { rows: [HEADER, ...rows] } })
const everybody = () => store.read(tx => tx.all(people))
const everyBranch = () => store.read(tx => tx.all(branches))

describe('a roster in a workbook', () => {
  it('is read as people see it: titles above, merged cells, blank rows, days and money as Excel has them', async () => {
    const rows = [
      ['水泉村党员花名册'],
      ['填表日期：', '2026-11-20'],
      HEADER,
      ['wang', '王建国', '水泉村党支部', '一组', '正式党员', '书记', day('2003-06-20'), 1],
      [],
      ['zhou', '周红', null, null, '预备党员', null, '2025.10', 0.2],
      ['li', '李秀英', null, '二组', '正式党员', '组织委员、党小组长', 2010.1, '0.50'],
    ]
    const formats = { G4: 'yyyy"年"m"月"d"日"', G7: '0.00', H4: '¥#,##0.00' }
    const report = await bring({ 名册: { rows, formats, merged: ['A1:H1', 'C4:C7'] } })
    expect(report.wrong).toEqual([])
    expect(report.added.map(({ row, name }) => `${row}${name}`)).toEqual(['4王建国', '6周红', '7李秀英'])
    expect(await everybody()).toMatchObject([
      {
        name: '王建国',
        joinedOn: '2003-06-20',
        monthlyDuesFen: 100,
        memberships: [{ branchId: 'b-1', group: '一组' }],
      },
      { name: '周红', joinedOn: '2025-10-01', monthlyDuesFen: 20, memberships: [{ branchId: 'b-1' }] },
      { name: '李秀英', joinedOn: '2010-10-01', monthlyDuesFen: 50, memberships: [{ posts: ['organizer', 'leader'] }] },
    ])
  })

  it('names what is wrong by the rows of the sheet, and imports nothing', async () => {
    const rows = [['花名册'], HEADER, ['wang', '王建国', '水泉'], [], ['zhou', '', '水泉', '', '党员', '', 45352]]
    const formulas = { H3: { formula: 'A1+1' }, B5: { formula: 'VLOOKUP(1,2,3)' } }
    const report = await bring({ 名册: { rows, formulas } })
    expect(report.ok).toBe(false)
    expect(report.text.slice(1, 6)).toEqual([
      '第 3 行“月缴党费”：这一格是公式，没有算好的结果。请改成文字，或在 Excel 里打开保存一次',
      '第 5 行“姓名”：这一格是公式，没有算好的结果。请改成文字，或在 Excel 里打开保存一次',
      '第 5 行“身份”：没有“党员”，可填：正式党员、预备党员、发展对象、入党积极分子',
      '第 5 行“入党日期”：45352 不是日期，请写成 2024-03-01 或 2024.03',
      '新增 1 人，改动 0 人，不变 0 人',
    ])
    expect(await everybody()).toEqual([])
  })

  it('takes the result of a formula, and a formula in a column that nobody reads is no fault', async () => {
    const rows = [
      [...HEADER, '工龄'],
      ['wang', '', '水泉'],
    ]
    const formulas = { B2: { formula: 'C1', result: '王建国' }, I2: { formula: 'TODAY()' } }
    expect(await bring({ 名册: { rows, formulas } })).toMatchObject({ ok: true, unknownColumns: ['工龄'] })
    expect((await everybody())[0]?.name).toBe('王建国')
  })

  it('takes a row that has a number or a remark alone for nobody', async () => {
    const rows = [['序号', ...HEADER], [1, 'wang', '王建国', '水泉'], [2], [3], ['填表人：某某']]
    expect(await bring({ 名册: { rows } })).toMatchObject({ ok: true, counts: { added: 1, wrong: 0 } })
  })

  it('keeps a name that looks like a formula as text', async () => {
    await bringRows(['evil', '=cmd()', '水泉'])
    expect((await everybody())[0]?.name).toBe('=cmd()')
  })

  it('leaves hidden and other sheets alone, and says so', async () => {
    const report = await bring({
      说明: { rows: [['怎么填这张表']] },
      名册: { rows: [HEADER, ['wang', '王建国', '水泉']] },
      去年: { rows: [HEADER, ['old', '老张', '水泉']], hidden: true },
    })
    expect(report.text).toContain('没有读的工作表：说明、去年（隐藏的）')
    expect((await everybody()).map(({ name }) => name)).toEqual(['王建国'])
  })

  it.each([
    ['two rosters', { 水泉: { rows: [HEADER, ['a', '甲', '水泉']] }, 石桥: { rows: [HEADER, ['b', '乙', '石桥']] } }],
    ['two sheets of branches', { 一: { rows: [['支部', '类型']] }, 二: { rows: [['支部', '联系领导']] } }],
  ])('with %s is refused, for rows would have two meanings', async (_, sheets) => {
    await expect(bring(sheets)).rejects.toThrow('请合成一张')
  })

  it('without the heads of a roster is told which are missing', async () => {
    expect(
      (
        await bring({
          Sheet1: {
            rows: [
              ['姓名', '支部'],
              ['甲', '水泉'],
            ],
          },
        })
      ).text[1],
    ).toBe('第 1 行“账号”：表头里缺少这一列，请补上')
  })

  it('of 2,000 people with 30 of one name comes in, and changes nothing the second time', async () => {
    const rows = Array.from({ length: 2000 }, (_, at) => [
      `u${at}`,
      at < 30 ? '张伟' : `张${at}`,
      `第${at % 40}支部`,
      '一组',
      '正式党员',
      '',
      day('2010-06-01'),
      0.5,
    ])
    const bytes = await workbookOf({ 名册: { rows: [HEADER, ...rows] } })
    expect(await bringBytes(bytes)).toMatchObject({ counts: { added: 2000 } })
    expect((await everybody()).filter(({ name }) => name === '张伟')).toHaveLength(30)
    expect(await bringBytes(bytes)).toMatchObject({ counts: { unchanged: 2000, changed: 0, added: 0 } })
  })
})

describe('the sheet of branches', () => {
  const people: SheetOf = { rows: [HEADER, ['wang', '王建国', '水泉村党支部']] }
  const second = (...rows: Value[][]): SheetOf => ({ rows: [['支部', '类型', '联系领导', '换届日期'], ...rows] })

  it('says what kind they are, who looks after them and when their term ends', async () => {
    const sheets = {
      名册: people,
      支部: second(['水泉村党支部', '村', '张镇长', day('2027-05-31')], ['镇机关党总支', '党总支']),
    }
    const dry = await bring(sheets, true)
    expect(dry.text).toEqual([
      '试算完成，还没有导入。',
      '新增 1 人，改动 0 人，不变 0 人',
      '新支部：水泉村党支部、镇机关党总支',
      '第 2 行 新增 王建国（水泉村党支部）',
      '支部表第 2 行 水泉村党支部 类型：空 → 村',
      '支部表第 2 行 水泉村党支部 联系领导：空 → 张镇长',
      '支部表第 2 行 水泉村党支部 换届日期：空 → 2027-05-31',
      '支部表第 3 行 镇机关党总支 类型：空 → 总支',
      '请看一下：第 2 行“身份”：没有填，按正式党员登记',
    ])
    expect(await everyBranch()).toEqual([])
    const real = await bring(sheets)
    expect(real.text.slice(1)).toEqual(dry.text.slice(1))
    const stored = await everyBranch()
    expect(stored).toMatchObject([
      { name: '水泉村党支部', kind: '村', leader: '张镇长', termEndsOn: '2027-05-31' },
      { name: '镇机关党总支', kind: '总支', leader: null, termEndsOn: null },
    ])
    for (const one of stored) expect(branches.schema.parse(one)).toEqual(one)
    expect(await bring(sheets)).toMatchObject({ changedBranches: [], newBranches: [] })
  })

  it('changes what differs, with an audit; a blank cell clears, a missing column leaves alone', async () => {
    await bring({ 名册: people, 支部: second(['水泉村党支部', '村', '张镇长', '2027.05']) })
    await bring({
      名册: people,
      支部: {
        rows: [
          ['支部', '联系领导'],
          ['水泉村 党支部', ''],
        ],
      },
    })
    expect(await everyBranch()).toMatchObject([{ kind: '村', leader: null, termEndsOn: '2027-05-01' }])
    const [, last] = (await store.read(tx => tx.all(audits))).filter(({ what }) => what === 'change-branch')
    expect(last).toMatchObject({
      by: 'control',
      branchId: 'b-1',
      before: { leader: '张镇长' },
      after: { leader: null },
    })
  })

  it('with a wrong row stops the people too', async () => {
    const report = await bring({
      名册: people,
      支部: second(['水泉村党支部', '乡', '', '2099-01-01'], ['', '村'], ['水泉村党支部', '村']),
    })
    expect(report.wrong).toEqual([
      { sheet: '支部', row: 2, column: '类型', why: '没有“乡”，可填：村、社区、机关、非公、联合、总支' },
      { sheet: '支部', row: 2, column: '换届日期', why: '2099-01-01 太远了：一届最长 5 年，请核对' },
      { sheet: '支部', row: 3, column: '支部', why: '空着，请填支部' },
      { sheet: '支部', row: 4, column: '支部', why: '与第 2 行是同一个支部，请删去一行' },
    ])
    expect(report.text[1]).toMatch(/^支部表第 2 行“类型”/)
    expect([await everybody(), await everyBranch()]).toEqual([[], []])
  })
})

describe('a workbook that cannot be read', () => {
  const bomb = () =>
    zipOf({ 'xl/workbook.xml': bytesOf('<x/>'), 'xl/worksheets/sheet1.xml': new Uint8Array(300 * 1024 * 1024) })
  it('because it is a bomb is refused within a second and without the memory', async () => {
    const bytes = bomb()
    const [at, before] = [performance.now(), process.memoryUsage().rss]
    await expect(bringBytes(bytes)).rejects.toThrow('展开以后太大')
    expect(performance.now() - at).toBeLessThan(1000)
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
  })

  it.each([
    ['a half', async () => (await workbookOf({ 名册: { rows: [HEADER] } })).slice(0, 3000), '损坏'],
    ['a zip of something', async () => zipOf({ 'a.txt': bytesOf('x') }), '不是 Excel 表格'],
    ['a workbook that is none', async () => zipOf({ 'xl/workbook.xml': bytesOf('<x') }), '读不下去'],
    ['an empty one', async () => workbookOf({ 名册: { rows: [] } }), '是空的'],
    ['one with hidden sheets alone', async () => hiddenAlone(), '没有找到名册'],
    ['6,000 people', async () => bytesOf(`账号,姓名,支部\n${'a,甲,水泉\n'.repeat(6000)}`), '一次最多 5000 行'],
    ['11 MiB', async () => new Uint8Array(11 * 1024 * 1024), '超过 10 MB'],
  ])('%s is refused in words', async (_what, bytes, why) => {
    await expect(bringBytes(await bytes())).rejects.toThrow(why)
  })

  const hiddenAlone = () =>
    workbookOf({ 空: { rows: [] }, 名册: { rows: [HEADER, ['a', '甲', '水泉']], hidden: true } })
})

describe('CSV and workbook of the same rows', () => {
  const cell = fc.oneof(
    fc.constantFrom(
      '',
      '是',
      '否',
      '2024.03',
      '2024-03-01',
      '202403',
      '0.50',
      '书记',
      '一组',
      '=1+1',
      '"引"',
      'a,b',
      '张　伟',
    ),
    fc.string({ maxLength: 6, unit: 'grapheme-ascii' }).map(text => text.trim()),
  )
  const row = fc.tuple(fc.stringMatching(/^[a-z]{1,4}$/), cell, cell, cell, cell, cell, cell, cell)
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  const known = { people: [], branches: [] }

  it('are the same plan, whichever library wrote it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async rows => {
        const all = [HEADER, ...rows]
        const csv = bytesOf(all.map(cells => cells.map(quoted).join(',')).join('\r\n'))
        const planOf = async (bytes: Uint8Array) => planBook(await readRosterFile(bytes), known, '2026-11-24')
        const expected = await planOf(csv)
        expect(await planOf(await workbookOf({ 名册: { rows: all } }))).toEqual(expected)
        const byHucre = await writeXlsx({ sheets: [{ name: '名册', rows: all.map(cells => [...cells]) }] })
        expect(await planOf(byHucre)).toEqual(expected)
      }),
      { numRuns: 40 },
    )
  })
})
