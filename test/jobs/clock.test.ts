import { expect, it, vi } from 'vitest'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

/** What the jobs do where time is not as it should be. */

async function call(bot: TestBot, what: string, by = 'wangshuji'): Promise<void> {
  await bot.says(by, `会议 新建 ${what}`)
  expect(await bot.chooses(by, '发布')).toContain('已发布 m-')
}

const timesIn = (bot: TestBot, userId: string, words: string): number =>
  bot.sentTo(userId).filter(text => text.includes(words)).length

inBothRenderings('a clock', client => {
  it('that jumps a week leaves out what is over, and goes on with what is to come', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 11-26 19:00 村部 学习')
    await call(bot, '主题党日 12-2 9:00 村部 打扫')
    bot.forget('zhangsan')
    bot.forget('wangshuji')
    await bot.at('2026-12-01T10:00:00+08:00')
    // Of what came due in the week only today's is still said.
    expect(bot.newFor('zhangsan')).toMatch(/^您12月党费[^\n]*\n[^\n]*$/)
    expect(bot.newFor('wangshuji')).toContain('m-1 自动结束')
    expect(bot.newFor('wangshuji')).not.toMatch(/签到中|还没结束|打电话/)
    await bot.at('2026-12-01T19:00:00+08:00')
    expect(bot.newFor('zhangsan')).toContain('会议提醒：主题党日')
  })

  it('that is set back and comes again says nothing twice', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 明晚7点 村部 学习')
    for (const at of ['24T19:00', '24T18:00', '24T19:00', '25T18:00', '25T17:30', '25T18:00']) {
      await bot.at(`2026-11-${at}:00+08:00`)
    }
    expect(timesIn(bot, 'zhangsan', '会议提醒')).toBe(1)
    expect(timesIn(bot, 'zhangsan', '快开会了')).toBe(1)
  })

  it('that stood still while the machine slept from six to seven wakes nobody at night, and reminds an hour before', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 明天9:00 村部 学习')
    await call(bot, '党课 明天7:20 石桥 学习', 'qiaoshuji')
    await bot.at('2026-11-24T18:00:00+08:00')
    await bot.sleepsUntil('2026-11-25T07:00:00+08:00')
    for (const userId of ['zhangsan', 'wangshuji', 'qiaoyi']) expect(bot.sentTo(userId)).toEqual([])
    await bot.at('2026-11-25T08:00:00+08:00')
    expect(timesIn(bot, 'zhangsan', '快开会了')).toBe(1)
    expect(timesIn(bot, 'zhangsan', '会议提醒')).toBe(0)
    expect(timesIn(bot, 'wangshuji', '打电话')).toBe(0)
    expect(bot.sentTo('qiaoyi')).toEqual([])
    await bot.at('2026-11-25T08:30:00+08:00')
    expect(timesIn(bot, 'wangshuji', '签到中')).toBe(1)
  })

  it('that was off for half an hour makes up for what is still of use', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 明晚7点 村部 学习')
    await bot.at('2026-11-25T17:50:00+08:00')
    await bot.sleepsUntil('2026-11-25T18:20:00+08:00')
    expect(timesIn(bot, 'zhangsan', '快开会了')).toBe(1)
    await bot.at('2026-11-25T18:21:00+08:00')
    await bot.sleepsUntil('2026-11-25T18:25:00+08:00')
    expect(bot.sentTo('zhangsan')).toEqual([])
  })
})

inBothRenderings('a job', client => {
  it('that throws half-way is taken up again, and tells only those whom it had not told', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 明晚7点 村部 学习')
    await call(bot, '党课 明晚7点 石桥 学习', 'qiaoshuji')
    await bot.at('2026-11-25T17:59:00+08:00')
    const { store } = bot.service
    const update = store.update.bind(store)
    const broken = vi
      .spyOn(store, 'update')
      .mockImplementation((lock, run, options) =>
        lock === 'meeting:m-1' ? Promise.reject(new Error('broken')) : update(lock, run, options),
      )
    await bot.at('2026-11-25T18:00:00+08:00')
    expect([timesIn(bot, 'zhangsan', '快开会了'), timesIn(bot, 'qiaoyi', '快开会了')]).toEqual([0, 1])
    broken.mockRestore()
    await bot.at('2026-11-25T18:01:00+08:00')
    await bot.at('2026-11-25T18:02:00+08:00')
    expect([timesIn(bot, 'zhangsan', '快开会了'), timesIn(bot, 'qiaoyi', '快开会了')]).toEqual([1, 1])
  })

  it('due together with others does its own: today’s meeting an hour before, tomorrow’s the evening before', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 今晚8点 村部 学习')
    await call(bot, '主题党日 明晚8点 村部 打扫')
    await call(bot, '其他 今晚7点半 石桥 商量', 'qiaoshuji')
    await bot.at('2026-11-24T18:59:00+08:00')
    for (const userId of ['zhangsan', 'qiaoshuji']) bot.forget(userId)
    await bot.at('2026-11-24T19:00:00+08:00')
    const told = bot.newFor('zhangsan')
    expect(told).toContain('快开会了：党课')
    expect(told).toContain('会议提醒：主题党日')
    expect(told.match(/学习|打扫/g)).toHaveLength(2)
    expect(bot.newFor('qiaoshuji')).toContain('签到中')
  })

  it('that cannot be found, or whose minute has nothing due, says so', async () => {
    const bot = await startBot({ client })
    expect(await bot.service.job('nothing', { dryRun: true })).toBeUndefined()
    const idle = await bot.service.job('meeting-reminder', { dryRun: false })
    expect(idle).toMatchObject({ failed: false, sent: [] })
    expect(idle?.report).toContain('0 meetings')
  })
})
