import { beforeAll, describe, expect, it } from 'vitest'
import { type Audit, audits } from '../../src/store/collections.ts'
import { startBot } from '../bot.ts'
import { type Rows, rowOf, sheetsFor } from '../export/reading.ts'
import { autumn } from './year.ts'

const wordsOf = (rows: Rows | undefined) => rows?.map(row => row.join(' ')).join('\n') ?? ''
const numbered = (rows: Rows | undefined) => rows?.filter(row => typeof row[0] === 'number') ?? []
const totals = (rows: Rows | undefined) => rows?.find(row => String(row[0]).startsWith('合计')) ?? []

const ORDERS = [
  ['sunjijian', '报表 签到'],
  ['wangshuji', '报表 签到 9月'],
  ['wangshuji', '报表 签到 2025-2026'],
  ['lifushu', '报表 签到 2024'],
  ['zhenban', '报表 签到'],
  ['zhenban', '报表 签到 2025-2026'],
  ['zhenban', '报表 @水泉 签到 四季度'],
  ['qianxuan', '报表 三会一课'],
  ['qianxuan', '报表 三会一课 2025'],
  ['qianxuan', '报表 三会一课 10-11月'],
  ['zhenban', '报表 三会一课'],
] as const

describe('the tables of meetings', () => {
  const papers = new Map<string, { name: string; sheets: Map<string, Rows> }>()
  const paper = (who: string, line: string) => papers.get(`${who} ${line}`)?.sheets ?? new Map<string, Rows>()
  let looks: readonly Audit[]
  let told: string

  beforeAll(async () => {
    const bot = await autumn()
    for (const [userId, line] of ORDERS) {
      expect(await bot.says(userId, line), line).toContain('做好就发给您')
      papers.set(`${userId} ${line}`, { name: bot.simulator.fileOf(userId).name, sheets: await sheetsFor(bot, userId) })
    }
    looks = await bot.service.store.read(tx => tx.all(audits))
    told = bot.sentTo('sunjijian').join('\n')
    await bot.close()
  }, 120_000)

  describe('of attendance', () => {
    const own = () => paper('sunjijian', '报表 签到')

    it('name each meeting with the figures of its close, later 补签 in them', () => {
      expect(papers.get('sunjijian 报表 签到')?.name).toBe('会议到会情况表 水泉村党支部 2026年.xlsx')
      const rows = numbered(own().get('2026年到会情况'))
      expect(rows).toEqual([
        [1, '2026-09-22', '19:00-20:10', '党课', '=cmd()', 15, 4, 1, 10, 0.27, 0.33, '列席 1'],
        [2, '2026-10-20', '19:00-20:00', '党员大会+党课', '冬季取暖', 15, 2, 0, 14, 0.13, 0.13, '可免考勤到会 1'],
        [3, '2026-11-11', '19:00-20:00', '党小组会（一组）', '学习', 7, 1, 0, 6, 0.14, 0.14, ''],
      ])
    })

    it('sum up in 人次, and say what was left out', () => {
      const sheet = own().get('2026年到会情况')
      expect(totals(sheet).slice(5, 11)).toEqual([37, 7, 1, 30, 0.19, 0.22])
      expect(wordsOf(sheet)).toContain('另有 1 场还没有结束，1 场自动结束且没有人签到（补签后就计入），没有计入')
      expect(wordsOf(sheet)).not.toContain('不开了')
    })

    it('show members × meetings in roster order, who has left where he was expected', () => {
      const rows = numbered(own().get('2026年名单'))
      const marks = (name: string) => rowOf(rows, name).slice(2, 9)
      expect(rows.map(row => row[1]).slice(0, 4)).toEqual(['王树基', '李福书', '赵祖志', '钱宣'])
      expect(marks('张三')).toEqual(['√', '√', '—', 2, 2, 0, 0])
      expect(marks('李四')).toEqual(['假', '缺', '—', 2, 0, 1, 1])
      expect(marks('李福书')).toEqual(['补', '缺', '缺', 3, 1, 0, 2])
      expect(marks('赵祖志')).toEqual(['补', '缺', '—', 2, 1, 0, 1])
      expect(marks('郑老年')).toEqual(['免', '√', '—', 0, 1, 0, 0])
      expect(marks('季吉')).toEqual(['列', '—', '—', 0, 0, 0, 0])
      expect(marks('辛来')).toEqual(['—', '—', '缺', 1, 0, 0, 1])
      expect([rowOf(rows, '张三').at(-1), rowOf(rows, '李四').at(-1)]).toEqual(['已不在本支部', '已不在名册'])
      expect(rows.map(row => row[1])).toEqual(expect.arrayContaining(['张伟一组', '张伟二组']))
      expect(wordsOf(own().get('2026年名单'))).not.toMatch(/迟到|名次|得分/)
    })

    it('are of a month, and of years a sheet each', () => {
      const month = paper('wangshuji', '报表 签到 9月')
      expect([...month.keys()]).toEqual(['2026年9月到会情况', '2026年9月名单'])
      expect(numbered(month.get('2026年9月到会情况'))).toHaveLength(1)
      expect([...paper('wangshuji', '报表 签到 2025-2026').keys()]).toEqual([
        ...['2025年到会情况', '2026年到会情况', '2026年名单'],
      ])
    })

    it('say of a year without meetings that there were none', () => {
      expect(wordsOf(paper('lifushu', '报表 签到 2024').get('2024年到会情况'))).toContain('这段时间没有已结束的会议')
    })

    it('are the township’s: sums in branch order, then each branch; of years no names', () => {
      const township = paper('zhenban', '报表 签到')
      expect([...township.keys()]).toEqual(['2026年汇总', '2026年到会情况', '水泉村党支部'])
      const summary = numbered(township.get('2026年汇总'))
      expect(summary.map(row => row.slice(1, 4))).toEqual([
        ['水泉村党支部', 3, 37],
        ['石桥村党支部', 0],
      ])
      expect(wordsOf(township.get('2026年汇总'))).not.toContain('张三')
      expect([...paper('zhenban', '报表 签到 2025-2026').keys()]).toEqual([
        ...['2025年汇总', '2025年到会情况', '2026年汇总', '2026年到会情况'],
      ])
      expect(wordsOf(paper('zhenban', '报表 签到 2025-2026').get('2026年汇总'))).toContain('要名单请一年一年地要')
      expect(wordsOf(township.get('2026年汇总'))).not.toContain('要名单')
      expect([...paper('zhenban', '报表 @水泉 签到 四季度').keys()][1]).toBe('2026年10、11、12月名单')
    })
  })

  describe('of 三会一课', () => {
    const own = () => paper('qianxuan', '报表 三会一课')

    it('have the columns of the form, the leader and the writer to be filled in by hand', () => {
      expect(papers.get('qianxuan 报表 三会一课')?.name).toBe('三会一课开展情况 水泉村党支部 2026年.xlsx')
      const sheet = own().get('2026年明细')
      expect(sheet?.find(row => row[0] === '序号')).toEqual([
        ...['序号', '会议类型', '主题', '支部', '日期', '起止时间', '地点', '主持人', '记录人'],
        ...['应到', '实到', '到会率', '到会+准假', '状态'],
      ])
      const [first, , , unseen, ahead] = numbered(sheet)
      expect([first?.[7] ?? null, first?.[8] ?? null, ...(first?.slice(9) ?? [])]).toEqual([
        null,
        null,
        15,
        4,
        0.27,
        0.33,
        '已结束',
      ])
      expect(unseen?.at(-1)).toBe('自动结束，没有人签到')
      expect(ahead?.at(-1)).toBe('未开始')
      expect(numbered(sheet)).toHaveLength(5)
      expect(totals(sheet).slice(9, 13)).toEqual([37, 7, 0.19, 0.22])
    })

    it('count a joint meeting for each of its kinds, beside the plan', () => {
      const rows = own().get('2026年次数')
      const of = (kind: string) => rowOf(rows, kind).slice(2)
      expect(of('党员大会')).toEqual(['每季度 1 次', 0, 0, 0, 1, 1, ''])
      expect(of('党课').slice(0, 6)).toEqual(['每年 4 次', 0, 0, 1, 1, 2])
      expect(of('支委会').at(-1)).toBe('本月尚未召开：支委会')
      expect(of('党小组会（一组）')).toEqual(['每月 1 次', 0, 0, 0, 1, 1, ''])
      expect(of('党小组会（二组）').at(-1)).toBe('本月尚未召开：党小组会（二组）')
      expect(rowOf(rows, '警示教育')).toEqual([])
      expect(wordsOf(rows)).not.toMatch(/未召开(?!：)|违/)
    })

    it('count months where months were asked for, and say of a year that is over nothing that is ahead', () => {
      const months = paper('qianxuan', '报表 三会一课 10-11月').get('2026年10、11月次数')
      expect(rowOf(months, '党员大会').slice(3, 6)).toEqual([1, 0, 1])
      const before = paper('qianxuan', '报表 三会一课 2025')
      expect(wordsOf(before.get('2025年次数'))).not.toContain('尚未召开')
      expect(wordsOf(before.get('2025年明细'))).toContain('这段时间没有会议')
    })

    it('list the days to type into another system', () => {
      const row = own()
        .get('2026年日期')
        ?.find(each => each[0] === '水泉村党支部')
      expect(
        own()
          .get('2026年日期')
          ?.find(each => each[0] === '支部'),
      ).toEqual([
        ...['支部', '党员大会', '支委会', '党小组会', '党课', '主题党日', '组织生活会', '民主评议', '警示教育'],
      ])
      expect([row?.[1], row?.[3], row?.[4]]).toEqual(['2026-10-20', '一组：2026-11-11', '2026-09-22\n2026-10-20'])
    })

    it('are the township’s in branch order', () => {
      const township = paper('zhenban', '报表 三会一课')
      expect([...township.keys()]).toEqual(['2026年汇总', '2026年次数', '2026年日期', '2026年明细'])
      const [first, second] = numbered(township.get('2026年汇总'))
      expect(first?.slice(1, 15)).toEqual(['水泉村党支部', 1, 0, 1, 2, 0, 0, 0, 0, 3, 37, 7, 0.19, 0.22])
      expect(second?.[1]).toBe('石桥村党支部')
      expect(second?.at(-1)).toContain('本季度尚未召开：党员大会')
      expect(rowOf(township.get('2026年次数'), '石桥村党支部')[2]).toBe('党员大会')
    })
  })

  it('are each kept in the audit log, with who asked, and come with a warning', () => {
    const exports = looks.filter(({ what }) => what === 'export-attendance' || what === 'export-meetings')
    expect(exports).toHaveLength(ORDERS.length)
    expect(exports[0]).toMatchObject({ branchId: 'b-1', about: '2026', by: 'p-5' })
    expect(exports[4]).toMatchObject({ branchId: null, after: { township: true } })
    expect(told).toContain('里面有每个人的到会情况，请不要转发到群里')
  })
})

it('报表 alone offers what the speaker may have, a wrong kind names it', async () => {
  const bot = await startBot()
  const asked = await bot.says('qianxuan', '报表')
  expect(asked).toMatch(/1 签到　2 三会一课　3 学习/)
  expect(asked).not.toContain('党费')
  expect(await bot.says('qianxuan', '2')).toContain('三会一课报表在做')
  expect(await bot.says('zhaozuzhi', '报表')).toMatch(/签到.*党费.*三会一课/)
  expect(await bot.says('wangshuji', '报表 考评')).toContain('没有“考评”报表，您可以要：签到、党费、三会一课、学习')
  expect(await bot.says('zhangsan', '报表')).toContain('要由')
  expect(await bot.says('zuzhang', '报表 签到')).toContain('要由')
  expect(await bot.says('qiaoshuji', '报表 @水泉 签到')).toContain('不归您管')
  expect(await bot.says('wangshuji', '报表 签到 昨天')).toContain('没看懂期间“昨天”')
  expect(await bot.says('wangshuji', '报表 三会一课 2030')).toContain(
    '2030年还没有到，没有可做的。这样发：报表 三会一课 2026',
  )
  await bot.at('2026-12-10T10:00:00+08:00')
  expect(await bot.says('zhaozuzhi', '报表 党费 2027年1月')).toContain('党费报表在做')
  expect(await bot.says('zhaozuzhi', '报表 党费 2028')).toContain('2028年还没有到')
  expect(await bot.says('wangshuji', '报表 签到 2027')).toContain('2027年还没有到')
  expect(await bot.says('wangshuji', '报表 三会一课 2010-2026')).toContain('一次最多 6 年')
})

it('the same line twice within five seconds makes one file', async () => {
  const bot = await startBot()
  for (let time = 0; time < 2; time += 1) expect(await bot.says('wangshuji', '报表 签到')).toContain('报表在做')
  const kept = await bot.service.store.read(tx => tx.all(audits))
  expect(kept.filter(({ what }) => what === 'export-attendance')).toHaveLength(1)
})

it('what closed by itself with nobody there is a meeting as soon as the paper list is entered', async () => {
  const bot = await autumn()
  expect(await bot.says('wangshuji', '补签 周祖章 m-4')).toContain('已补签')
  await bot.says('wangshuji', '报表 签到 11月')
  const sheets = await sheetsFor(bot, 'wangshuji')
  expect(numbered(sheets.get('2026年11月到会情况')).map(row => [row[3], row[6], row.at(-1)])).toEqual([
    ['党小组会（一组）', 1, ''],
    ['警示教育', 1, '自动结束'],
  ])
  expect(rowOf(sheets.get('2026年11月名单'), '周祖章').slice(2, 4)).toEqual(['√', '补'])
}, 60_000)
