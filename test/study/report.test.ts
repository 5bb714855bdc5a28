import { beforeAll, describe, expect, it } from 'vitest'
import { type Audit, audits } from '../../src/store/collections.ts'
import { startBot, type TestBot } from '../bot.ts'
import { type Rows, rowOf, sheetsFor } from '../export/reading.ts'

const wordsOf = (rows: Rows | undefined) => rows?.map(row => row.join(' ')).join('\n') ?? ''

async function holds(bot: TestBot, kind: string, day: string): Promise<void> {
  await bot.says('wangshuji', `会议 新建 ${kind} ${day} 19:00-21:00 村部 学习党章`)
  await bot.says('wangshuji', '发布')
  await bot.at(`2026-${day}T18:50:00+08:00`)
  for (const userId of ['zhangsan', 'jiji', 'zhangweia']) await bot.says(userId, '签到')
  await bot.at(`2026-${day}T21:05:00+08:00`)
  await bot.says('wangshuji', '会议 结束')
}

/** In September, October and November; a quiz, of which nothing may be seen. */
async function studied(): Promise<TestBot> {
  const bot = await startBot({ at: '2026-09-20T10:00:00+08:00' })
  await holds(bot, '党课', '09-22')
  await holds(bot, '培训', '10-20')
  await holds(bot, '主题党日', '11-20')
  await holds(bot, '警示教育', '11-23')
  await bot.says('wangshuji', '测验 发布 党章 2 11-30')
  await bot.says('wangshuji', '发布')
  await bot.says('zhangsan', '答题')
  for (const [userId, line] of [
    ['qianxuan', '学时 张三 4.5 县里培训 11-20'],
    ['lifushu', '学时 李四 2 镇里轮训 2025-11-20'],
    ['qiaoshuji', '学时 乔一 8 县里培训 11-2'],
  ] as const) {
    expect(await bot.says(userId, line), line).toContain('已记')
  }
  return bot
}

const ORDERS = [
  ['qianxuan', '报表 学习'],
  ['lifushu', '报表 学习 四季度'],
  ['wangshuji', '报表 学习 2025-2026'],
  ['zhenban', '报表 学习 2026'],
  ['zhenban', '报表 学习 @石桥'],
] as const

describe('the paper of study', () => {
  const papers = new Map<string, { name: string; sheets: Map<string, Rows> }>()
  const paper = (line: string, sheet = '2026年') => papers.get(line)?.sheets.get(sheet)
  let looks: readonly Audit[]

  beforeAll(async () => {
    const bot = await studied()
    for (const [userId, line] of ORDERS) {
      expect(await bot.says(userId, line)).toContain('做好就发给您')
      papers.set(line, { name: bot.simulator.fileOf(userId).name, sheets: await sheetsFor(bot, userId) })
    }
    looks = await bot.service.store.read(tx => tx.all(audits))
    await bot.close()
  })

  it('is this year’s, where no period is said, as offices draw it', () => {
    expect(papers.get('报表 学习')?.name).toBe('党员学习情况登记表 水泉村党支部 2026年.xlsx')
    const rows = paper('报表 学习')
    expect(rows?.[0]?.[0]).toBe('水泉村党支部2026年党员学习情况登记表')
    expect(rows?.[1]?.join('')).toMatch(/单位：水泉村党支部.*单位：学时/)
    expect(rows?.find(row => row[0] === '序号')).toEqual([
      ...['序号', '姓名', '党课次数', '党课学时', '培训学时', '合计学时', '备注'],
    ])
    expect(rows?.at(-1)?.join('')).toContain('填表人')
  })

  it('counts lessons and trainings by presence, and what was entered', () => {
    const rows = paper('报表 学习')
    expect(rowOf(rows, '张三').slice(2, 6)).toEqual([2, 4, 6.5, 10.5])
    expect(rowOf(rows, '李四').slice(2, 6)).toEqual([0, 0, 0, 0])
    expect(rowOf(rows, '季吉').at(-1)).toBe('入党积极分子')
    expect(rowOf(rows, '余备').at(-1)).toBe('预备党员')
    expect(rows?.find(row => row[0] === '合计')?.slice(2, 6)).toEqual([6, 12, 10.5, 22.5])
    expect(wordsOf(rows)).toContain('一般不少于32学时（《中国共产党党员教育管理工作条例》第二十条）')
    expect(wordsOf(rows)).toContain('1 小时计 1 学时')
  })

  it('is in roster order, whoever studied most, tells namesakes apart and says nothing of quizzes', () => {
    const rows = paper('报表 学习')
    const names = rows?.filter(row => typeof row[0] === 'number').map(row => row[1]) ?? []
    expect(names.slice(0, 3)).toEqual(['王树基', '李福书', '赵祖志'])
    expect(names).toContain('张伟（一组，2008年入党）')
    expect(names).not.toContain('李开')
    expect(wordsOf(rows)).not.toMatch(/测验|得分|排名|名次/)
  })

  it('is of a quarter, and of years a sheet each', () => {
    expect(papers.get('报表 学习 四季度')?.name).toBe('党员学习情况登记表 水泉村党支部 2026年10、11、12月.xlsx')
    expect(rowOf(paper('报表 学习 四季度', '2026年10、11、12月'), '张三').slice(2, 6)).toEqual([1, 2, 6.5, 8.5])
    expect([...(papers.get('报表 学习 2025-2026')?.sheets.keys() ?? [])]).toEqual(['2025年', '2026年'])
    expect(rowOf(paper('报表 学习 2025-2026', '2025年'), '李四').slice(2, 6)).toEqual([0, 0, 2, 2])
  })

  it('is the township’s for the township, with the branch, and of a branch where it names one', () => {
    expect(papers.get('报表 学习 2026')?.name).toBe('党员学习情况登记表 全镇 2026年.xlsx')
    const row = rowOf(paper('报表 学习 2026'), '乔一')
    expect(row.slice(2, 7)).toEqual(['石桥村党支部', 0, 0, 8, 8])
    const named = paper('报表 学习 @石桥')
    expect(named?.[0]?.[0]).toBe('石桥村党支部2026年党员学习情况登记表')
    expect(wordsOf(named)).not.toContain('张三')
    // 第一书记 has his own relation in 水泉.
    expect(rowOf(named, '梁边')).toEqual([])
  })

  it('is kept in the audit log, with who asked', () => {
    const exports = looks.filter(({ what }) => what === 'export-study')
    expect(exports).toHaveLength(ORDERS.length)
    expect(exports[0]).toMatchObject({ branchId: 'b-1', about: '2026', by: 'p-4' })
    expect(exports[3]).toMatchObject({ branchId: null, after: { township: true } })
  })
})

it('the paper of study is for who answers for study, and no period is guessed', async () => {
  const bot = await startBot()
  for (const userId of ['zhangsan', 'zhaozuzhi', 'sunjijian', 'zuzhang']) {
    expect(await bot.says(userId, '报表 学习')).toContain('要由')
  }
  expect(await bot.says('qiaoshuji', '报表 学习 @水泉')).toContain('不归您管')
  expect(await bot.says('wangshuji', '报表 学习 昨天')).toContain('没看懂期间“昨天”')
})
