import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { readDuesPeriod } from '../../src/domain/dues-period.ts'
import { importRoster } from '../../src/import/roster.ts'
import { type Audit, audits } from '../../src/store/collections.ts'
import { startBot, type TestBot, TOWNSHIP } from '../bot.ts'
import { type Rows, rowOf, sheetsFor } from '../export/reading.ts'

async function paidSomething(): Promise<TestBot> {
  const bot = await startBot()
  for (const [userId, line] of [
    ['zhangsan', '已缴'],
    ['zhaozuzhi', '党费 确认'],
    ['zhaozuzhi', '收缴 李四 2 2026-11 2026-12'],
    ['zhaozuzhi', '收缴 钱宣 0.80'],
    ['zhaozuzhi', '收缴 张伟一组'],
    ['lisi', '替刘东交 0.5'],
    ['zhaozuzhi', '党费 确认'],
    ['sunjijian', '已缴'],
    ['zhaozuzhi', '党费 减免 吴梅吉 免 2026-11 2027-05 镇党委11月批准'],
    ['zhaozuzhi', '收缴 周祖章'],
    ['zhaozuzhi', '冲销 D2026-1-0006 收错了人'],
    ['qiaoshuji', '收缴 乔一'],
  ] as const) {
    expect(await bot.says(userId, line), line).toMatch(/收据号 D|待确认|免缴|已冲销/)
  }
  return bot
}

/** Who asks for which; the file's name and its sheets by that line. */
const ORDERS = [
  ['zhaozuzhi', '报表 党费'],
  ['zhaozuzhi', '报表 党费 本月'],
  ['zhaozuzhi', '报表 党费 四季度'],
  ['zhaozuzhi', '报表 党费 2021'],
  ['zhaozuzhi', '报表 党费 2025-2026'],
  ['zhenban', '报表 党费 2026'],
  ['wangshuji', '报表 党费 2026-11'],
] as const

describe('papers of dues', () => {
  const papers = new Map<string, { name: string; sheets: Map<string, Rows> }>()
  const paper = (line: string) => papers.get(line)?.sheets ?? new Map<string, Rows>()
  let looks: readonly Audit[]

  beforeAll(async () => {
    const bot = await paidSomething()
    for (const [userId, line] of ORDERS) {
      expect(await bot.says(userId, line)).toContain('做好就发给您')
      papers.set(line, { name: bot.simulator.fileOf(userId).name, sheets: await sheetsFor(bot, userId) })
    }
    looks = await bot.service.store.read(tx => tx.all(audits))
    await bot.close()
  })

  it('are this year’s register and this month’s sheet, where no period is said', () => {
    expect([...paper('报表 党费').keys()]).toEqual(['2026年登记表', '2026年11月收缴表'])
    expect(papers.get('报表 党费')?.name).toBe('党费收缴登记表 水泉村党支部 2026年.xlsx')
  })

  it('have twelve months, totals and room for signatures', () => {
    const rows = paper('报表 党费').get('2026年登记表')
    const heads = rows?.find(row => row[0] === '序号') ?? []
    expect(heads).toEqual([
      ...['序号', '姓名', '月标准'],
      ...Array.from({ length: 12 }, (_, month) => `${month + 1}月`),
      ...['合计', '党员签名', '收款人签名'],
    ])
    expect(rowOf(rows, '李四').slice(2, 16)).toEqual([1, ...Array.from({ length: 10 }, () => '—'), 1, 1, 2])
    expect(rowOf(rows, '吴梅吉')[13]).toBe('免')
    expect(rowOf(rows, '曾国凡')[2]).toBe('未定')
    expect(rowOf(rows, '周祖章')[13]).toBeUndefined()
    expect(rowOf(rows, '周祖章')[15]).toBe(0)
    expect(rows?.find(row => row[0] === '合计')?.slice(13, 16)).toEqual([3.3, 1, 4.3])
    expect(rows?.at(-1)?.join('')).toContain('填表人')
  })

  it('say of a month what was due, what was paid, by which receipt, and what is to be known of it', () => {
    const rows = paper('报表 党费').get('2026年11月收缴表')
    expect(rowOf(rows, '张三').slice(2, 8)).toEqual(['农民', 0.5, 0.5, '2026-11-24', 'D2026-1-0001', '赵祖志'])
    expect(rowOf(rows, '钱宣')[8]).toBe('自愿多缴 0.30')
    expect(rowOf(rows, '刘东')[8]).toBe('李四代交')
    expect(rowOf(rows, '孙纪俭')[8]).toBe('待确认')
    expect(rowOf(rows, '吴梅吉')[8]).toBe('免缴：镇党委11月批准')
    expect(rows?.map(row => row.join(' ')).join('\n')).toContain('2026年11月内收款 4.30 元')
  })

  it('tell people of one name apart', () => {
    const names = paper('报表 党费')
      .get('2026年登记表')
      ?.map(row => row[1])
    expect(names).toContain('张伟一组')
    expect(names).toContain('张伟二组')
  })

  it('are of a month, with its year’s register, and of a quarter', () => {
    expect(papers.get('报表 党费 本月')?.name).toBe('党费收缴表 水泉村党支部 2026年11月.xlsx')
    expect([...paper('报表 党费 本月').keys()]).toEqual(['2026年11月收缴表', '2026年登记表'])
    expect([...paper('报表 党费 四季度').keys()]).toHaveLength(4)
    expect([...paper('报表 党费 2026-11').keys()]).toEqual(['2026年11月收缴表', '2026年登记表'])
  })

  it('show of a year before there was anything that nothing was due', () => {
    const rows = paper('报表 党费 2021').get('2021年登记表')
    expect(rowOf(rows, '张三').slice(3, 16)).toEqual([...Array.from({ length: 12 }, () => '—'), 0])
  })

  it('are the township’s for the township: sums in branch order without names, then everybody', () => {
    expect(papers.get('报表 党费 2026')?.name).toBe('党费收缴登记表 全镇 2026年.xlsx')
    const summary = paper('报表 党费 2026').get('各支部汇总')
    expect(summary?.map(row => String(row[1])).filter(name => name.endsWith('村党支部'))).toEqual([
      '水泉村党支部',
      '石桥村党支部',
    ])
    expect(summary?.map(row => row.join(' ')).join('\n')).not.toContain('张三')
    expect(rowOf(paper('报表 党费 2026').get('2026年登记表'), '乔一')[2]).toBe('石桥村党支部')
  })

  it('put years beside each other', () => {
    const row = rowOf(paper('报表 党费 2025-2026').get('2025-2026年'), '李四')
    expect(row[2]).toBeUndefined()
    expect(row.slice(4)).toEqual([1, 2, 2])
  })

  it('are each kept in the audit log, with who asked', () => {
    const exports = looks.filter(({ what }) => what === 'export-dues')
    expect(exports).toHaveLength(ORDERS.length)
    expect(exports[0]).toMatchObject({ branchId: 'b-1', about: '2026', by: 'p-3' })
    expect(exports[5]).toMatchObject({ branchId: null, after: { township: true } })
  })
})

it('of who came from another branch the months that he paid there are not due here', async () => {
  const bot = await startBot()
  await bot.says('zhaozuzhi', '收缴 张三 11、12月')
  const roster = (await readFile(TOWNSHIP, 'utf8')).replace('张三,水泉村党支部,一组', '张三,石桥村党支部,')
  const report = await importRoster(bot.service.store, Buffer.from(roster), { dryRun: false, by: 'test' })
  expect(report.ok).toBe(true)
  await bot.at('2026-12-05T10:00:00+08:00')
  await bot.says('zhenban', '报表 党费 四季度')
  const sheets = await sheetsFor(bot, 'zhenban')
  const rows = sheets.get('2026年登记表')?.filter(row => row[1] === '张三') ?? []
  expect(rows.map(row => [row[2], ...row.slice(14, 17)])).toEqual([
    ['水泉村党支部', 0.5, 0.5, 1],
    ['石桥村党支部', '—', '—', 0],
  ])
  const month = sheets.get('2026年12月收缴表')?.filter(row => row[1] === '张三') ?? []
  expect(month.map(row => [row[2], row[4] ?? null, row[5], row[9]])).toEqual([
    ['水泉村党支部', null, 0.5, '预交，已不在本支部'],
  ])
  const stoneBridge = sheets.get('各支部汇总')?.find(row => row[1] === '石桥村党支部') ?? []
  expect(stoneBridge.slice(2)).toEqual([6, 5, 0, 0, 0, 5])
})

it('reports are for the organizer, the secretary and the township, and no period is guessed', async () => {
  const bot = await startBot()
  expect(await bot.says('zhangsan', '报表 党费')).toContain('要由')
  expect(await bot.says('qianxuan', '报表 党费')).toContain('要由')
  expect(await bot.says('qiaoshuji', '报表 @水泉 党费')).toContain('不归您管')
  expect(await bot.says('zhaozuzhi', '报表 党费 昨天')).toContain('没看懂期间“昨天”')
  expect(await bot.says('zhaozuzhi', '报表 党费 2010-2026')).toContain('一次最多 6 年')
  expect(await bot.says('zhaozuzhi', '报表 党费 2026 @水泉')).toContain('报表 党费 @支部名')
})

describe('a period', () => {
  const now = new Date('2026-11-24T10:00:00+08:00')
  it.each([
    ['', { kind: 'year', year: '2026' }],
    ['2025', { kind: 'year', year: '2025' }],
    ['去年', { kind: 'year', year: '2025' }],
    ['本月', { kind: 'months', months: ['2026-11'] }],
    ['上月', { kind: 'months', months: ['2026-10'] }],
    ['2026-03', { kind: 'months', months: ['2026-03'] }],
    ['四季度', { kind: 'months', months: ['2026-10', '2026-11', '2026-12'] }],
    ['2024到2026', { kind: 'years', years: ['2024', '2025', '2026'] }],
    ['２０２４－２０２６', { kind: 'years', years: ['2024', '2025', '2026'] }],
  ])('%s', (said, period) => {
    expect(readDuesPeriod(said, now)).toEqual(period)
  })

  it.each(['2026-2021', '2010-2026'])('%s is refused with how to write it', said => {
    expect(readDuesPeriod(said, now)).toMatchObject({ refused: expect.stringContaining('请写成') })
  })
})
