import { expect, it } from 'vitest'
import { now } from '../../src/clock.ts'
import { spokenMoment } from '../../src/meeting/spoken.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function call(bot: TestBot, by: string, what: string): Promise<void> {
  await bot.says(by, `会议 新建 ${what}`)
  expect(await bot.chooses(by, '发布')).toContain('已发布 m-')
}

inBothRenderings('the meetings ahead', client => {
  it('are told in words, soonest first, with the state of who asks', async () => {
    const bot = await startBot({ client })
    await call(bot, 'wangshuji', '主题党日 11-30 9:30 村部 打扫卫生')
    await call(bot, 'wangshuji', '党课 后天晚7点 村党群服务中心 学习党章')
    const told = await bot.says('zhangsan', '会议')
    expect(told).toContain('m-2 党课 · 学习党章')
    expect(told).toContain('周四晚上7点，还有2天，村党群服务中心')
    expect(told).toContain('周一上午9点半，还有6天，村部')
    expect(told.indexOf('m-2')).toBeLessThan(told.indexOf('m-1'))
    expect(told).toContain('待参加')
    expect(told).not.toContain('已签到 ')
    await bot.says('zhangsan', '请假2 发烧')
    expect(await bot.says('zhangsan', '会议')).toContain('请假待批')
    await bot.says('wangshuji', '准假')
    expect(await bot.says('zhangsan', '会议')).toContain('已准假')
    await bot.at('2026-11-26T18:45:00+08:00')
    await bot.says('lisi', '签到')
    expect(await bot.says('lisi', '会议')).toContain('已签到')
    expect(await bot.says('lisi', '会议')).toContain('今天周四晚上7点')
  })

  it('show officers the counts of those they answer for, and nobody else', async () => {
    const bot = await startBot({ client })
    await call(bot, 'wangshuji', '党小组会 @一组 明晚7点 村部 学习'.replace('党小组会 @一组', '@一组 党小组会'))
    await bot.says('lisi', '请假 发烧')
    const secretary = await bot.says('zhaozuzhi', '会议')
    expect(secretary).toMatch(/您负责：已签到 0\/\d+，请假 0，待批 1/)
    expect(secretary).not.toContain('李四')
    expect(secretary).not.toContain('待参加')
    expect(await bot.says('zuzhang', '会议')).toContain('您负责')
    const member = await bot.says('zhangsan', '会议')
    expect(member).toContain('待参加')
    expect(member).not.toContain('您负责')
    expect(await bot.says('zengguofan', '会议')).toContain('近期没有要您参加的会议')
    expect(await bot.says('qiaoshuji', '会议')).not.toContain('m-1')
  })

  it('mark who sits in, and tell officers how to call one where there is none', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '会议')).toContain('会议 新建')
    const none = await bot.says('zhangsan', '会议')
    expect(none).toContain('近期没有要您参加的会议')
    expect(none).not.toContain('会议 新建')
    await call(bot, 'wangshuji', '党课 明晚7点 村部 学习党章')
    expect(await bot.says('jiji', '开会')).toContain('列席')
  })

  it('name the branch and the group to those who have several', async () => {
    const bot = await startBot({ client })
    await call(bot, 'wangshuji', '@二组 党小组会 明晚7点 村部 学习')
    await call(bot, 'qiaoshuji', '党课 明晚8点 桥头 学习')
    const admin = await bot.says('zhenban', '会议')
    expect(admin).toContain('m-1 水泉村党支部 党小组会 · 学习（二组）')
    expect(admin).toContain('m-2 石桥村党支部 党课 · 学习')
    expect(await bot.says('liangbian', '会议')).toContain('m-2 石桥村党支部 党课 · 学习')
    expect(await bot.says('zhenban', '会议 m-1')).toContain('水泉村党支部')
    expect(await bot.says('wangshuji', '会议')).toContain('m-1 党小组会 · 学习（二组）')
    await bot.at('2026-11-25T19:40:00+08:00')
    const unclear = await bot.says('zhenban', '名单')
    expect(unclear).toContain('m-1 水泉村党支部 党小组会 · 学习（二组）')
    expect(unclear).toContain('m-2 石桥村党支部 党课 · 学习')
  })

  it('are the group’s own to its leader, who hears that there is none', async () => {
    const bot = await startBot({ client })
    await call(bot, 'wangshuji', '党课 明晚7点 村部 学习')
    for (const line of ['名单', '会议 签到码']) {
      expect(await bot.says('zuzhang', line)).toContain('您的小组现在没有会议')
    }
    expect(await bot.says('qiaoshuji', '名单')).toContain('要开会请发：会议 新建')
  })

  it('one of them by its number, for those whom it concerns', async () => {
    const bot = await startBot({ client })
    await call(bot, 'wangshuji', '支委会 明晚7点 村部 研究工作')
    const detail = await bot.says('qianxuan', '会议1')
    for (const words of ['m-1 支委会 · 研究工作', '11月25日 周三 19:00–21:00', '村部', '待参加', '已签到 0/5']) {
      expect(detail).toContain(words)
    }
    for (const userId of ['zhangsan', 'qiaoshuji']) {
      expect(await bot.says(userId, '/会议 m-1')).toContain('没有这个编号')
    }
    await bot.at('2026-11-26T00:30:00+08:00')
    expect(await bot.says('qianxuan', '会议 m-1')).toContain('已结束')
    expect(await bot.says('qianxuan', '会议 m-1')).toContain('应到 5')
    expect(await bot.says('qianxuan', '会议')).toContain('近期没有')
  })

  it('at most eight', async () => {
    const bot = await startBot({ client })
    for (let day = 1; day <= 9; day += 1) await call(bot, 'qiaoshuji', `党课 12-0${day} 9:00 桥头 学习`)
    const told = await bot.says('qiaoyi', '会议')
    expect(told.match(/^m-\d+ /gm)).toHaveLength(8)
    expect(told).toContain('还有 1 个会没有列出')
  })
})

it.each([
  ['2026-11-24T19:00:00+08:00', '今天周二晚上7点'],
  ['2026-11-25T15:05:00+08:00', '明天周三下午3点05分，还有1天'],
  ['2026-11-26T09:30:00+08:00', '后天周四上午9点半，还有2天'],
  ['2026-11-27T12:00:00+08:00', '周五中午12点，还有3天'],
  ['2026-12-03T08:00:00+08:00', '12月3日周四上午8点，还有9天'],
  ['2026-11-23T08:00:00+08:00', '11月23日周一上午8点'],
])('%s is said as %s', async (at, words) => {
  await startBot()
  expect(spokenMoment(new Date(at), now())).toBe(words)
})
