import { expect, it } from 'vitest'
import { importRoster } from '../../src/import/roster.ts'
import { audits } from '../../src/store/collections.ts'
import { startBot, type TestBot } from '../bot.ts'
import { type Rows, rowOf, sheetsFor } from '../export/reading.ts'

const numbered = (rows: Rows | undefined) => rows?.filter(row => typeof row[0] === 'number') ?? []

it('支部 sends the township its branches and its members, and keeps who asked', async () => {
  const bot = await startBot()
  const answer = await bot.says('zhenban', '支部')
  expect(answer).toContain('2 个支部，正式 20 预备 1 积极分子 1')
  expect(bot.simulator.fileOf('zhenban').name).toBe('支部和党员花名册 全镇 2026-11-24.xlsx')
  const sheets = await sheetsFor(bot, 'zhenban')
  expect([...sheets.keys()]).toEqual(['支部一览', '党员花名册', '发展对象和积极分子'])
  const overview = sheets.get('支部一览')
  expect(rowOf(overview, '水泉村党支部').slice(3, 11)).toEqual(['王树基', 2, 15, 1, 0, 1, 1, 1])
  expect(overview?.find(row => row[0] === '合计')?.slice(4, 11)).toEqual([2, 20, 1, 0, 1, 1, 1])
  const roster = sheets.get('党员花名册')
  expect(roster?.find(row => row[0] === '序号')).toEqual([
    ...['序号', '姓名', '所属支部', '党小组', '身份', '入党日期', '转正日期', '党内职务', '流动党员', '备注'],
  ])
  expect(rowOf(roster, '刘东').slice(2, 9)).toEqual([
    ...['水泉村党支部', '二组', '正式党员', '2009-07-01', '2010-07-01', '', '是'],
  ])
  const of = (name: string) => numbered(roster).filter(row => row[1] === name)
  expect(of('梁边').map(row => [row[2], row[9]])).toEqual([['水泉村党支部', '兼石桥村党支部第一书记']])
  expect([of('李开'), of('季吉')]).toEqual([[], []])
  expect(numbered(sheets.get('发展对象和积极分子')).map(row => row[1])).toEqual(['季吉'])
  expect(JSON.stringify([...sheets.values()])).not.toMatch(/党费|0\.5|1\d{10}/)
  const looks = await bot.service.store.read(tx => tx.all(audits))
  expect(looks.find(({ what }) => what === 'export-roster')).toMatchObject({ branchId: null, about: 'township' })
})

it('支部 @石桥 is about that branch alone', async () => {
  const bot = await startBot()
  await bot.says('zhenban', '支部 @石桥')
  const sheets = await sheetsFor(bot, 'zhenban')
  expect(new Set(numbered(sheets.get('党员花名册')).map(row => row[2]))).toEqual(new Set(['石桥村党支部']))
})

it('who is administrator by a setting alone gets the words, and hears why no file comes', async () => {
  const bot = await startBot({ env: { ADMIN_USERIDS: 'office1' } })
  const answer = await bot.says('office1', '支部')
  expect(answer).toContain('2 个支部')
  expect(answer).toContain('请先把自己登记进名册')
  expect(await bot.service.store.read(tx => tx.all(audits))).toEqual(
    expect.not.arrayContaining([expect.objectContaining({ what: 'export-roster' })]),
  )
})

/** A branch of 200, thirty of one name, one whose name is a formula. */
async function bigBranch(): Promise<TestBot> {
  const bot = await startBot()
  const names = Array.from({ length: 200 }, (_, at) => (at < 30 ? '王小明' : at === 30 ? '=cmd()' : `党员${at}`))
  const rows = names.map(
    (name, at) => `big${at},${name},大村党支部,正式党员,${at === 40 ? '书记' : ''},2010-07-01,是,农民,0.50`,
  )
  const csv = ['账号,姓名,支部,身份,党内职务,入党日期,微信,缴费类别,月缴党费', ...rows].join('\n')
  const report = await importRoster(bot.service.store, Buffer.from(csv), { dryRun: false, by: 'test' })
  expect(report.ok).toBe(true)
  await bot.says('big40', '会议 新建 党课 今天10:20 村部 学习')
  expect(await bot.says('big40', '发布')).toContain('已发布 m-1')
  for (const userId of ['big0', 'big30']) expect(await bot.says(userId, '签到')).toContain('签到成功')
  expect(await bot.says('big40', '会议 结束')).toContain('应到 200 实到 2')
  return bot
}

it('a branch of 200 with thirty of one name has a row for each, and no formula', async () => {
  const bot = await bigBranch()
  expect(await bot.says('big40', '报表 签到')).toContain('做好就发给您')
  const rows = numbered((await sheetsFor(bot, 'big40')).get('2026年名单'))
  expect(rows).toHaveLength(200)
  const namesakes = rows.map(row => String(row[1])).filter(name => name.startsWith('王小明'))
  expect(new Set(namesakes).size).toBe(30)
  expect(rows.filter(row => row[2] === '√').map(row => row[1])).toEqual([namesakes[0], '=cmd()'])
})
