import { expect, it } from 'vitest'
import { meetings } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function call(bot: TestBot, line: string, by = 'wangshuji'): Promise<void> {
  await bot.says(by, `会议 新建 ${line}`)
  expect(await bot.chooses(by, '发布')).toContain('已发布 m-')
}

inBothRenderings('the meeting again', client => {
  it('keeps kinds, place, topic and hours, and is a preview like any other', async () => {
    const bot = await startBot({ client })
    await call(bot, '党员大会+党课 11-26 19:00-20:30 村部 季度大会')
    const preview = await bot.says('wangshuji', '会议 照旧 12-3')
    expect(preview).toContain('预览 d-2')
    expect(preview).toContain('党员大会+党课 · 季度大会')
    expect(preview).toContain('12月3日 周四 19:00')
    expect(preview).toContain('20:30 结束，村部')
    expect(preview).toContain('法定 7')
    bot.forget('zhangsan')
    expect(await bot.chooses('wangshuji', '发布')).toContain('已发布 m-2')
    expect(bot.newFor('zhangsan')).toContain('12月3日 周四 19:00–20:30')
  })

  it('asks for the day where none was said, and takes another hour', async () => {
    const bot = await startBot({ client })
    await call(bot, '主题党日 11-27 9:00 村部 义务植树')
    const asked = await bot.says('wangshuji', '照旧')
    expect(asked).toContain('照 主题党日 · 义务植树（11月27日 周五 09:00，村部）再开一次。哪一天')
    expect(bot.items('wangshuji').at(-1)?.text).toMatch(/12月4日 周五/)
    expect(await bot.chooses('wangshuji', '12月4日 周五')).toContain('12月4日 周五 09:00')
    await bot.says('wangshuji', '照旧')
    expect(await bot.says('wangshuji', '12-8 14:30')).toContain('12月8日 周二 14:30')
    expect(await bot.says('wangshuji', '会议 照旧 15:00')).toContain('哪一天')
    expect(await bot.chooses('wangshuji', '12月4日 周五')).toContain('12月4日 周五 15:00')
  })

  it('means the kind that is named, and never one that was cancelled', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 11-26 19:00 村部 学习党章')
    await call(bot, '主题党日 11-27 9:00 村部 义务植树')
    expect(await bot.says('wangshuji', '会议 照旧 党课 12-3')).toContain('党课 · 学习党章')
    await bot.says('wangshuji', '会议 取消 m-2 大雪')
    await bot.says('wangshuji', '发布 d-4')
    expect(await bot.says('wangshuji', '会议 照旧 12-4')).toContain('党课 · 学习党章')
    expect(await bot.says('wangshuji', '会议 照旧 支委会 12-4')).toContain('还没有开过支委会')
    expect(await bot.says('qiaoshuji', '照旧')).toContain('没有可照的')
  })

  it('is refused in the past and where the same people meet', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 11-26 19:00 村部 学习党章')
    expect(await bot.says('wangshuji', '会议 照旧 11-23')).toContain('已过')
    expect(await bot.says('wangshuji', '会议 照旧 11-26')).toContain('冲突')
  })

  it('keeps the group, whoever says it; a leader sees his own alone', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 @二组 党小组会 11-26 19:00 村部 学习')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('lifushu', '会议 照旧 12-3')).toContain('党小组会 · 学习（二组）')
    expect(await bot.says('zuzhang', '会议 照旧 12-3')).toContain('没有可照的')
    await call(bot, '党小组会 11-27 19:00 村部 谈心', 'zuzhang')
    expect(await bot.says('zuzhang', '会议 照旧 12-3')).toContain('党小组会 · 谈心（一组）')
    expect(await bot.says('wangshuji', '会议 照旧 @二组 党小组会 12-3')).toContain('党小组会 · 学习（二组）')
    expect(await bot.says('zhenban', '会议 照旧 @水泉 12-4')).toContain('党小组会 · 谈心（一组）')
    await call(bot, '党课 11-26 9:00 村部 党章')
    expect(await bot.says('zhenban', '会议 照旧 @水泉 12-4')).toContain('党课 · 党章')
    expect((await bot.service.store.read(tx => tx.all(meetings))).length).toBe(3)
  })
})
