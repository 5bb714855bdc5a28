import { expect, it } from 'vitest'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function callLesson(bot: TestBot): Promise<void> {
  await bot.says('wangshuji', '会议 新建 党课 明晚7点 村党群服务中心 学习党章第三章')
  expect(await bot.chooses('wangshuji', '发布')).toContain('已发布 m-1')
}

/** The part in front of the first heading: what this person most likely needs. */
const nowPart = (help: string): string => help.split('【')[0] ?? ''

inBothRenderings('help', client => {
  it('gives each the lines that are his, under the moments, and no empty heading', async () => {
    const bot = await startBot({ client })
    const member = await bot.says('zhangsan', '帮助')
    for (const line of ['【会前】', '【会中】', '签到 — 开会时签到', '请假 — ', '我的 — ', '【学习】\n答题 — '])
      expect(member).toContain(line)
    for (const line of ['准假', '名单', '会议 新建', '题库 打印', '签到表', '测验 发布', '题目 改'])
      expect(member).not.toContain(line)
    expect(member).not.toMatch(/】\n(?:\n|【|$)/)
    const secretary = await bot.says('wangshuji', '怎么用')
    for (const line of ['准假 — ', '不准 — ', '名单 — ', '会议 新建 — ', '签到 — ']) expect(secretary).toContain(line)
    for (const said of ['?', '？', 'help', '/帮助']) expect(await bot.says('zhangsan', said)).toContain('【会前】')
  })

  it('has the lines of a moment in the order in which they are used', async () => {
    const bot = await startBot({ client })
    const lines = (await bot.says('wangshuji', '帮助')).split('\n').map(line => line.split(' — ')[0])
    const before = lines.slice(lines.indexOf('【会前】') + 1, lines.indexOf('【会中】') - 1)
    expect(before.slice(0, 10)).toEqual([
      '会议 新建',
      '会议 照旧',
      '发布',
      '作罢',
      '会议 改期',
      '会议 取消',
      '会议',
      '请假',
      '准假',
      '不准',
    ])
    expect(await bot.says('wangshuji', '帮助')).not.toContain('@支部')
    expect(await bot.says('zhenban', '帮助')).toMatch(/【会前】\n会议 新建 @支部 … — 召集会议/)
  })

  it('begins with what this person needs now', async () => {
    const bot = await startBot({ client })
    expect(nowPart(await bot.says('zhangsan', '帮助'))).toContain('会议 — ')
    expect(nowPart(await bot.says('wangshuji', '帮助'))).toContain('会议 新建')
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    expect(nowPart(await bot.says('wangshuji', '帮助'))).toContain('发布 d-1')
    await bot.says('wangshuji', '发布 d-1')
    expect(nowPart(await bot.says('zhangsan', '帮助'))).toContain('请假1 事由')
    await bot.says('lisi', '请假 发烧')
    expect(nowPart(await bot.says('wangshuji', '帮助'))).toContain('准假 李四 — 有 1 个请假等着批')
    expect(nowPart(await bot.says('zhangsan', '帮助'))).not.toContain('李四')
    await bot.at('2026-11-25T19:05:00+08:00')
    expect(nowPart(await bot.says('zhangsan', '帮助'))).toMatch(/签到 — 党课 · 学习/)
    await bot.says('zhaozuzhi', '签到')
    await bot.says('wangshuji', '准假 李四')
    const secretary = nowPart(await bot.says('zhaozuzhi', '帮助'))
    for (const line of ['名单 1', '会议 结束 1']) expect(secretary).toContain(line)
    expect(secretary.match(/ — /g)).toHaveLength(3)
  })

  it('tells of one command how it is said', async () => {
    const bot = await startBot({ client })
    const told = await bot.says('zhangsan', '帮助 请假')
    for (const words of ['请假 发烧', '请假 m-17 孙子结婚', '也可以说', '来不了', 'm-17是举例，请换成要说的会议号'])
      expect(told).toContain(words)
    expect(await bot.says('zhangsan', '/帮助 打卡')).toContain('开会时签到')
    expect(await bot.says('wangshuji', '帮助 会议新建')).toContain('召集会议')
  })

  it('names the nearest of what this person may use for a name that is none', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhangsan', '帮助 签倒')).toContain('是“签到”吗')
    const refused = await bot.says('zhangsan', '帮助 准假')
    expect(refused).toContain('没有“准假”这条')
    expect(refused).not.toContain('批准')
    const print = await bot.says('zhangsan', '帮助 印出来')
    expect(print).toContain('没有“印出来”这条')
    expect(print).not.toContain('签到')
  })

  it('answers text that is no command with two or three things and the way to the rest', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    const told = await bot.says('zhangsan', '党员大会几点开')
    expect(told).toContain('请假1 事由')
    expect(told).not.toContain('【')
    expect(told.trim().split('\n').length).toBeLessThanOrEqual(5)
    expect(told.trim().endsWith('发“帮助”看全部')).toBe(true)
  })

  it('helps an administrator who is not on the roster', async () => {
    const bot = await startBot({ client, env: { ADMIN_USERIDS: 'office' } })
    expect(await bot.says('office', '帮助')).toContain('帮助 — ')
    expect(await bot.says('office', '帮助')).not.toContain('签到 — ')
    expect(await bot.says('office', '界面 文字')).toContain('不在名册')
  })
})
