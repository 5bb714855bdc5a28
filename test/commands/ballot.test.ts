import { expect, it } from 'vitest'
import { ballots } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function callAndOpen(bot: TestBot, kind = '党员大会'): Promise<void> {
  await bot.says('wangshuji', `会议 新建 ${kind} 明晚7点 村党群服务中心 村内道路维修`)
  expect(await bot.chooses('wangshuji', '发布')).toContain('已发布 m-1')
  await bot.at('2026-11-25T19:05:00+08:00')
}

const kept = (bot: TestBot) => bot.service.store.read(tx => tx.all(ballots))

inBothRenderings('a count of votes', client => {
  it('is shown back with its denominators and saved', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot)
    await bot.says('wangshuji', '补签 1-9')
    const answer = await bot.says('zhaozuzhi', '表决 一般 村内 道路维修 赞成8 反对1 弃权0')
    expect(answer).toContain('v-1 一般：村内 道路维修')
    expect(answer).toContain('赞成 8 反对 1 弃权 0')
    expect(answer).toContain('有表决权 应到 14 实到 9')
    expect(answer).toContain('需赞成 8 票')
    expect(answer).toContain('票数达到')
    expect(answer).toContain('由支部认定')
    expect(await kept(bot)).toMatchObject([{ matter: '村内 道路维修', entitled: 14, present: 9, suffices: true }])
  })

  it('keeps the denominators of its moment, whatever is entered later', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot)
    await bot.says('wangshuji', '补签 1-7')
    expect(await bot.says('wangshuji', '表决 一般 修路 7 0 0')).toContain('票数未达到')
    await bot.says('wangshuji', '会议 结束')
    await bot.says('wangshuji', '补签 8-9 m-1')
    expect(await bot.says('wangshuji', '表决 一般 修渠 7 0 0')).toContain('实到 7')
    expect(await bot.says('wangshuji', '表决 一般 修桥 8 0 0')).toContain('多于有表决权实到 7 人')
    await bot.at('2026-12-05T10:00:00+08:00')
    expect(await bot.says('wangshuji', '表决 一般 修桥 7 0 0')).toContain('7 天内没有开过')
    expect(await kept(bot)).toHaveLength(2)
  })

  it('takes written opinions for admission and confirmation only', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot)
    await bot.says('wangshuji', '补签 1-8')
    expect(await bot.says('wangshuji', '表决 一般 修路 9 0 0 书面 1')).toContain('不计书面意见')
    expect(await bot.says('wangshuji', '表决 接收 余备 １０ 0 0')).toContain('多于有表决权实到 8 人')
    const answer = await bot.says('wangshuji', '表决 接收 余备 10 0 0 书面 2')
    expect(answer).toContain('其中书面 2')
    expect(answer).toContain('票数达到')
  })

  it('says that too few were there, and that the branch decides', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot)
    await bot.says('wangshuji', '补签 1-8')
    const answer = await bot.says('wangshuji', '表决 选举 支部委员 8 0 0')
    expect(answer).toContain('未达到法定人数（12 人）')
    expect(answer).not.toContain('票数达到')
    expect(answer).toContain('由支部认定')
  })

  it('is not counted twice when said twice', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot)
    await bot.says('wangshuji', '补签 1-8')
    await bot.says('wangshuji', '表决 一般 修路 8 0 0')
    expect(await bot.says('lifushu', '表决 一般 修路 赞成 8 弃权 0 反对 0')).toContain('已记过')
    expect(await bot.says('lifushu', '表决 一般 修路 7 1 0')).toContain('先前记过 v-1')
    expect(await kept(bot)).toHaveLength(2)
  })

  it('belongs to a meeting that votes: 一般 also to the committee', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot, '支委会')
    await bot.says('wangshuji', '补签 1-3')
    expect(await bot.says('wangshuji', '表决 一般 分工 3 0 0')).toContain('应到 5 实到 3')
    expect(await bot.says('wangshuji', '表决 接收 余备 3 0 0')).toContain('党员大会')
    expect(await bot.says('wangshuji', '表决 一般 分工')).toContain('没看懂票数')
    expect(await bot.says('wangshuji', '表决 投票 分工 3 0 0')).toContain('一般 接收 转正 选举')
    expect(await bot.says('zhangsan', '表决 一般 分工 3 0 0')).toContain('要由')
  })
})
