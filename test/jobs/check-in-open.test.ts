import { expect, it } from 'vitest'
import { people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function call(bot: TestBot, what = '党课 明晚7点 村部 学习', by = 'wangshuji'): Promise<void> {
  await bot.says(by, `会议 新建 ${what}`)
  expect(await bot.chooses(by, '发布')).toContain('已发布 m-1')
}

inBothRenderings('when check-in opens', client => {
  it('whoever called the meeting gets the count and what he can do', async () => {
    const bot = await startBot({ client })
    await call(bot, undefined, 'zhaozuzhi')
    await bot.at('2026-11-25T18:29:00+08:00')
    for (const userId of ['wangshuji', 'zhaozuzhi', 'zhangsan']) bot.forget(userId)
    await bot.at('2026-11-25T18:30:00+08:00')
    await bot.at('2026-11-25T18:40:00+08:00')
    const card = bot.newFor('zhaozuzhi')
    expect(card.match(/签到中/g)).toHaveLength(1)
    expect(card).toContain('签到中 0/15')
    expect(card).toContain('m-1 党课 · 学习')
    expect(card).not.toContain('签到要现场码')
    for (const userId of ['wangshuji', 'zhangsan']) expect(bot.newFor(userId)).toBe('')
    expect(await bot.chooses('zhaozuzhi', '名单')).toContain('未签到 15 人')
    await bot.says('zhangsan', '签到')
    expect(await bot.chooses('zhaozuzhi', '补签')).toContain('补签谁')
    const booked = await bot.says('zhaozuzhi', '李四 7 手机没电')
    expect(booked).toContain('已补签 1 人：李四')
    expect(booked).toContain('张三 已签到')
    expect(await bot.chooses('zhaozuzhi', '结束')).toContain('m-1 已结束')
  })

  it('with the code where one is wanted', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    const code = /现场码 (\d{4})/.exec(await bot.chooses('wangshuji', '现场码'))?.[1]
    await bot.at('2026-11-25T18:30:00+08:00')
    expect(bot.newFor('wangshuji')).toContain(`签到要现场码 ${code}`)
  })

  it('at once for a meeting that is called within its half hour', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 今天10:15 村部 学习')
    await bot.at('2026-11-24T10:01:00+08:00')
    expect(bot.newFor('wangshuji')).toContain('签到中 0/15')
    await bot.at('2026-11-24T10:02:00+08:00')
    expect(bot.newFor('wangshuji').match(/签到中/g)).toHaveLength(1)
  })

  it('the secretary instead, where he who called it is none any more', async () => {
    const bot = await startBot({ client })
    await call(bot, undefined, 'zhaozuzhi')
    await bot.service.store.update('person:p-3', async tx => {
      const person = await tx.get(people, 'p-3')
      if (!person) return
      await tx.put(people, { ...person, memberships: person.memberships.map(m => ({ ...m, posts: [] })) })
    })
    await bot.at('2026-11-25T18:29:00+08:00')
    for (const userId of ['wangshuji', 'zhaozuzhi']) bot.forget(userId)
    await bot.at('2026-11-25T18:30:00+08:00')
    expect(bot.newFor('wangshuji')).toContain('签到中')
    expect(bot.newFor('zhaozuzhi')).toBe('')
  })

  it('nobody, where the meeting was cancelled', async () => {
    const bot = await startBot({ client })
    await call(bot)
    await bot.says('wangshuji', '会议 取消 m-1 大雪')
    await bot.chooses('wangshuji', '发布')
    await bot.at('2026-11-25T18:00:00+08:00')
    bot.forget('wangshuji')
    await bot.at('2026-11-25T18:30:00+08:00')
    expect(bot.newFor('wangshuji')).toBe('')
  })
})

inBothRenderings('a meeting that nobody closes', client => {
  it('is asked about once, two hours after its end, and closes an hour later', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 明天9:00-10:30 村部 学习', 'zhaozuzhi')
    await bot.at('2026-11-25T12:29:00+08:00')
    for (const userId of ['wangshuji', 'zhaozuzhi']) bot.forget(userId)
    await bot.at('2026-11-25T12:30:00+08:00')
    await bot.at('2026-11-25T13:00:00+08:00')
    const nudge = bot.newFor('zhaozuzhi')
    expect(nudge.match(/m-1 还没结束/g)).toHaveLength(1)
    expect(nudge).toContain('13:30 会自动结束')
    expect(nudge).toContain(client === 'cards' ? '结束' : '请发：会议 结束 1')
    expect(bot.newFor('wangshuji')).toBe('')
    await bot.at('2026-11-25T13:30:00+08:00')
    expect(bot.newFor('zhaozuzhi')).toContain('m-1 自动结束')
  })

  it('is not asked about once it is closed, nor at night', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 明晚7点 村部 学习')
    await bot.at('2026-11-25T23:00:00+08:00')
    bot.forget('wangshuji')
    await bot.at('2026-11-26T00:00:00+08:00')
    await bot.at('2026-11-26T08:00:00+08:00')
    expect(bot.newFor('wangshuji')).toContain('m-1 自动结束')
    expect(bot.newFor('wangshuji')).not.toContain('还没结束')
  })
})
