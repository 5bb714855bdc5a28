import { expect, it } from 'vitest'
import { outbox } from '../../src/store/collections.ts'
import { startBot, type TestBot } from '../bot.ts'

/** What WeCom does to a bot on a bad day, and what the members notice of it: nothing. */
const called = async (): Promise<TestBot> => {
  const bot = await startBot()
  await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
  return bot
}
const sends = (bot: TestBot) => bot.simulator.calls.filter(call => call.path === '/cgi-bin/message/send')

it('an expired token is renewed unseen', async () => {
  const bot = await called()
  await bot.says('zhangsan', '我的')
  bot.simulator.faults.expireToken()
  await bot.says('wangshuji', '1')
  expect(bot.sentTo('zhangsan').at(-1)).toContain('请您参加')
  expect(bot.sentTo('zhangsan').filter(text => text.includes('请您参加'))).toHaveLength(1)
})

it('a busy API is asked again', async () => {
  const bot = await called()
  bot.simulator.faults.busy(2)
  await bot.says('wangshuji', '1')
  expect(sends(bot).map(call => call.errcode)).toEqual([-1, -1, 0])
  expect(bot.sentTo('zhangsan').at(-1)).toContain('请您参加')
})

it('at the rate limit it waits a minute and goes on', async () => {
  const bot = await called()
  bot.simulator.faults.rateLimit(1)
  await bot.says('wangshuji', '1')
  expect(bot.sentTo('zhangsan')).toEqual([])
  await bot.at('2026-11-24T10:01:30+08:00')
  expect(bot.sentTo('zhangsan')).toHaveLength(1)
})

it('a call whose answer was lost is repeated as it was, and WeCom delivers it once', async () => {
  const bot = await called()
  bot.simulator.faults.hang(1)
  await bot.says('wangshuji', '1')
  await bot.at('2026-11-24T10:00:10+08:00')
  const bodies = sends(bot).map(call => JSON.stringify(call.body))
  expect(bodies).toHaveLength(2)
  expect(bodies[0]).toBe(bodies[1])
  expect(bot.sentTo('zhangsan')).toHaveLength(1)
})

it('keeps who could not be reached and what to do about it', async () => {
  const bot = await called()
  bot.simulator.faults.unlicensed.add('lisi')
  bot.simulator.faults.invalid.add('zhangsan')
  await bot.says('wangshuji', '1')
  const [record] = await bot.service.store.read(tx => tx.all(outbox))
  expect(record?.unreached.map(({ code }) => code).sort()).toEqual(['invalid', 'no-phone', 'unlicensed'])
  expect(record?.unreached.every(({ advice }) => advice.length > 4)).toBe(true)
  expect(bot.sentTo('zengguofan')).toHaveLength(1)
})

it('a card that WeCom refuses arrives as words', async () => {
  const bot = await startBot({ client: 'cards' })
  bot.simulator.faults.refuseCards = true
  expect(await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')).toContain('1 发布')
  expect(await bot.says('wangshuji', '1')).toContain('已发布 m-1')
})
