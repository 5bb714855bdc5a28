import { expect, it } from 'vitest'
import { quizzes } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

const states = (bot: TestBot) =>
  bot.service.store.read(async tx =>
    (await tx.find(quizzes, 'series', 'q-1')).map(({ state }) => state.slice(0, 5)).join(' '),
  )

async function published(options: Parameters<typeof startBot>[0]): Promise<TestBot> {
  const bot = await startBot(options)
  await bot.bindsGroup('wangshuji')
  await bot.says('zhenban', '测验 每日 @全镇 廉政 5 11-26 11-30')
  await bot.chooses('zhenban', '发布')
  // What a store never looked for it makes up for none of.
  await bot.at('2026-11-25T10:00:00+08:00')
  for (const userId of ['zhangsan', 'qiaoyi', 'meiji']) bot.forget(userId)
  return bot
}

inBothRenderings('the days of a daily quiz', client => {
  it('open at nine, with a post a day and a word on the first and the last', async () => {
    const bot = await published({ client })
    await bot.at('2026-11-26T08:59:00+08:00')
    expect(await states(bot)).toBe('sched sched sched')
    expect(bot.posts()).toEqual([])
    await bot.at('2026-11-26T09:01:00+08:00')
    expect(await states(bot)).toBe('open sched sched')
    expect(bot.newFor('zhangsan')).toContain('自愿参加，得分只有您自己看')
    expect(bot.newFor('qiaoyi')).toContain('11月26日 周四 至 11月30日 周一')
    expect(bot.newFor('meiji')).toBe('')
    for (const userId of ['zhangsan', 'qiaoyi']) bot.forget(userId)
    await bot.at('2026-11-27T09:01:00+08:00')
    expect(await states(bot)).toBe('open open sched')
    await bot.at('2026-11-28T09:01:00+08:00')
    await bot.at('2026-11-29T09:01:00+08:00')
    expect(bot.newFor('zhangsan') + bot.newFor('qiaoyi')).toBe('')
    await bot.at('2026-11-30T09:01:00+08:00')
    expect(await states(bot)).toBe('open open open')
    expect(bot.newFor('zhangsan')).toContain('今天终测（q-3）')
    expect(bot.posts().map(text => text.split('：')[0])).toEqual([
      '廉政每日测验第 1/3 天',
      '廉政每日测验第 2/3 天',
      '廉政每日测验终测',
    ])
    expect(bot.posts().join()).not.toMatch(/张三|王树基/)
  })

  it('open later on the day where the machine slept, once, and say it in the evening', async () => {
    const bot = await published({ client })
    await bot.sleepsUntil('2026-11-26T18:00:00+08:00')
    expect(await states(bot)).toBe('open sched sched')
    expect(bot.sentTo('zhangsan')).toHaveLength(1)
    await bot.at('2026-11-26T18:05:00+08:00')
    expect(bot.sentTo('zhangsan')).toHaveLength(1)
  })

  it('wait for the end of the quiet hours with what they say, and two days slept through are told as one', async () => {
    const bot = await published({ client })
    await bot.sleepsUntil('2026-11-26T22:00:00+08:00')
    expect(await states(bot)).toBe('open sched sched')
    expect(bot.sentTo('zhangsan')).toEqual([])
    await bot.at('2026-11-27T08:01:00+08:00')
    expect(bot.sentTo('zhangsan')).toHaveLength(1)
    const other = await published({ client })
    await other.sleepsUntil('2026-11-27T10:00:00+08:00')
    expect(await states(other)).toBe('open open sched')
    expect(other.sentTo('zhangsan')).toHaveLength(1)
  })

  it('can be tried without sending, and are not opened by a second run', async () => {
    const bot = await published({ client })
    const at = new Date('2026-11-26T09:00:00+08:00')
    const dry = await bot.service.job('quiz-open', { at, dryRun: true })
    expect(dry?.report).toBe('opened 1 quizzes, told 22 people, posted in 1 groups')
    expect(dry?.sent.map(({ to }) => to.length).sort()).toEqual([1, 22])
    expect(await states(bot)).toBe('sched sched sched')
    await bot.service.job('quiz-open', { at, dryRun: false })
    expect(await states(bot)).toBe('sched sched sched')
    await bot.at('2026-11-26T09:01:00+08:00')
    const again = await bot.service.job('quiz-open', { at, dryRun: false })
    expect(again?.sent).toEqual([])
    await bot.idle()
    expect(bot.sentTo('zhangsan').filter(text => text.includes('每日测验'))).toHaveLength(1)
  })

  it('say the final test not to who wants no reminders, who has heard of the week once', async () => {
    const bot = await published({ client })
    await bot.says('zhangsan', '退订')
    bot.forget('zhangsan')
    await bot.at('2026-11-26T09:01:00+08:00')
    expect(bot.newFor('zhangsan')).toContain('每日测验')
    bot.forget('zhangsan')
    for (const day of ['11-27', '11-28', '11-29', '11-30']) await bot.at(`2026-${day}T09:01:00+08:00`)
    expect(bot.newFor('zhangsan')).toBe('')
  })
})
