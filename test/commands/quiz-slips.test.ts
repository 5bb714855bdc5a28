import { expect, it } from 'vitest'
import { attempts } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

/** What thumbs do in the middle of a quiz costs nobody a question. */
async function withQuiz(client: 'cards' | 'text', said: string): Promise<TestBot> {
  const bot = await startBot({ client })
  await bot.says('qianxuan', `测验 发布 ${said}`)
  expect(await bot.says('qianxuan', '发布')).toContain('已发布 q-1')
  return bot
}

const answersOf = async (bot: TestBot) =>
  (await bot.service.store.read(tx => tx.find(attempts, 'quiz', 'q-1'))).map(({ answers }) => answers.length)

inBothRenderings('in the middle of a quiz', client => {
  it('a command, an id, a mark or a word to stop is no answer to a blank', async () => {
    const bot = await withQuiz(client, '党章 填空2 11-30')
    await bot.says('zhangsan', '答题')
    for (const line of ['请假 q-1', 'q-1', '。', '👍']) await bot.says('zhangsan', line)
    await bot.says('zhangsan', '答题')
    expect(await bot.says('zhangsan', '停')).toContain('停在第 1 题')
    expect(await bot.says('zhangsan', '答题')).toContain('第 1/2 题')
    expect(await bot.says('zhangsan', '继续')).toContain('第 1/2 题')
    expect(await answersOf(bot)).toEqual([0])
  })

  it('不对 is the answer to a statement', async () => {
    const bot = await withQuiz(client, '党章 判断2 11-30')
    await bot.says('zhangsan', '答题')
    expect(await bot.says('zhangsan', '不对')).toContain('出处')
    expect(await answersOf(bot)).toEqual([1])
  })

  it('what is no answer and no line of its own is said so', async () => {
    const bot = await withQuiz(client, '党章 5 11-30')
    expect(await bot.says('zhangsan', '答题 q-1 撤')).toContain('没看懂“撤”')
  })

  it('a clock that runs is said before it runs', async () => {
    const bot = await withQuiz(client, '党章 5 11-30 限时20分钟')
    expect(bot.sentTo('zhangsan').join('\n')).toContain('限时 20 分钟')
    expect(await bot.says('zhangsan', '答题')).toContain('现在开始计时，停下也算时间')
  })
})

it('a quiz whose deadline passed while the preview lay is not published', async () => {
  const bot = await startBot({})
  await bot.says('qianxuan', '测验 发布 党章 5 11-24 10:20')
  await bot.at('2026-11-24T10:25:00+08:00')
  expect(await bot.says('qianxuan', '发布')).toContain('截止时间已过，没有发布')
})

it('a card of an earlier go answers nothing of the next', async () => {
  const bot = await withQuiz('cards', '党章 单选2 11-30')
  for (const line of ['/答题 q-1', '/答题 q-1 1 A', '/答题 q-1 2 A', '/答题 q-1']) await bot.says('zhangsan', line)
  expect(await bot.says('zhangsan', '/答题 q-1 1.1 A')).toContain('那是上一次的题，没有记')
  expect((await answersOf(bot)).at(-1)).toBe(0)
  await bot.says('zhangsan', '/答题 q-1 1.2 A')
  expect((await answersOf(bot)).at(-1)).toBe(1)
})
