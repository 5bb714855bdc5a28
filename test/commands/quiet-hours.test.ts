import { expect, it } from 'vitest'
import { audits } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

/** What the lines about meetings do at night, and what of them reaches the branch's group. */

async function call(bot: TestBot, what = '党课 11-25 7:30 村部 学习', by = 'wangshuji'): Promise<void> {
  await bot.says(by, `会议 新建 ${what}`)
  expect(await bot.chooses(by, '发布')).toContain('已发布 m-')
}

const NIGHT = '2026-11-24T21:30:00+08:00'
const MORNING = '2026-11-25T08:00:00+08:00'

inBothRenderings('a change that is published at night', client => {
  it('waits for the morning, and the preview and the answer say so', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 11-25 19:00 村部 学习')
    await bot.at(NIGHT)
    bot.forget('zhangsan')
    expect(await bot.says('wangshuji', '会议 改期 m-1 11-26 19:00')).toContain('现在是休息时间，明天 08:00 发出')
    const answer = await bot.chooses('wangshuji', '发布')
    expect(answer).toContain('已发布 m-1，会议改期。现在是休息时间，明天 08:00 发出给 16 人')
    expect(bot.newFor('zhangsan')).toBe('')
    await bot.at(MORNING)
    expect(bot.newFor('zhangsan')).toContain('会议改期')
  })

  it('is not published where the morning is too late, until it is called urgent, with why', async () => {
    const bot = await startBot({ client })
    await call(bot)
    await bot.at(NIGHT)
    bot.forget('zhangsan')
    const preview = await bot.says('wangshuji', '会议 取消 m-1 大雪封路')
    expect(preview).toContain('那时会已经开始')
    const refused = await bot.chooses('wangshuji', '发布')
    expect(refused).toContain('还没有发布')
    expect(refused).toContain('明天 08:00 才发出')
    expect(refused).toContain('发布 d-2 紧急 原因')
    expect(await bot.says('wangshuji', '发布 d-2 紧急')).toContain('为什么紧急')
    expect(bot.newFor('zhangsan')).toBe('')
    expect(await bot.says('wangshuji', '发布 d-2 紧急 一早就有人出门')).toContain('已发布 m-1，会议取消，已通知 16 人')
    expect(bot.newFor('zhangsan')).toContain('会议取消')
    const entry = await bot.service.store.read(async tx => (await tx.all(audits)).at(-1))
    expect(entry).toMatchObject({ what: 'cancel-meeting', why: '大雪封路；紧急：一早就有人出门' })
  })

  it('from an early hour to a later one is too late as well: who has not heard of it sets out', async () => {
    const bot = await startBot({ client })
    await call(bot)
    await bot.at(NIGHT)
    bot.forget('zhangsan')
    await bot.says('wangshuji', '会议 改期 m-1 11-26 19:00')
    expect(await bot.chooses('wangshuji', '发布')).toContain('还没有发布')
    expect(await bot.says('wangshuji', '发布 d-2 紧急 怕人白跑')).toContain('已通知 16 人')
    expect(bot.newFor('zhangsan')).toContain('11月26日 周四 19:00')
  })

  it('is a meeting called for before the morning: urgent, or not at all', async () => {
    const bot = await startBot({ client })
    await bot.at(NIGHT)
    const preview = await bot.says('wangshuji', '会议 新建 其他 11-25 早6点半 村部 防汛')
    expect(preview).toContain('发布 d-1 紧急 原因')
    expect(await bot.chooses('wangshuji', '发布')).toContain('还没有发布')
    expect(await bot.says('wangshuji', '发布 d-1 紧急 洪水要来')).toContain('已发布 m-1，已通知')
    expect(bot.newFor('zhangsan')).toContain('防汛')
    await bot.says('wangshuji', '会议 新建 党课 11-26 19:00 村部 学习')
    expect(await bot.chooses('wangshuji', '发布')).toContain('明天 08:00 发出给')
  })

  it('of a meeting that is over by the plan may wait', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 今晚7点 村部 学习')
    await bot.at(NIGHT)
    await bot.says('wangshuji', '会议 取消 m-1 没开成')
    expect(await bot.chooses('wangshuji', '发布')).toContain('已发布 m-1，会议取消。现在是休息时间')
  })

  it('is none by day: urgent or not, it goes at once', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 11-25 19:00 村部 学习')
    expect(await bot.says('wangshuji', '会议 改期 m-1 11-26 19:00')).not.toContain('休息时间')
    expect(await bot.says('wangshuji', '发布 d-2 紧急 大雪')).toContain('已通知 16 人')
  })
})

inBothRenderings('leave at night', client => {
  it('is reported and decided at once for a meeting before the morning', async () => {
    const bot = await startBot({ client })
    await call(bot)
    await bot.at(NIGHT)
    for (const userId of ['wangshuji', 'zhangsan', 'lisi']) bot.forget(userId)
    await bot.says('zhangsan', '请假 发烧')
    expect(bot.newFor('wangshuji')).toContain('张三 请假')
    bot.forget('zhangsan')
    await bot.says('wangshuji', '准假 张三')
    expect(bot.newFor('zhangsan')).toContain('您的请假已准')
    await bot.says('lisi', '请假 看孩子')
    bot.forget('lisi')
    await bot.says('wangshuji', '不准 李四 要表决')
    expect(bot.newFor('lisi')).toContain('请假没有批准')
  })

  it('waits for the morning for a meeting after it, and so do an undo and a suggestion', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 11-25 19:00 村部 学习')
    await bot.at(NIGHT)
    for (const userId of ['wangshuji', 'zhangsan']) bot.forget(userId)
    expect(await bot.says('zhangsan', '请假 发烧')).toContain('请假待批')
    await bot.says('lisi', '请假 看孩子')
    await bot.says('lisi', '撤回')
    await bot.says('zengguofan', '建议 会前一天再提醒一次')
    expect(bot.newFor('wangshuji')).toBe('')
    await bot.says('wangshuji', '准假 张三')
    bot.forget('zhangsan')
    bot.forget('wangshuji')
    await bot.at('2026-11-25T07:59:00+08:00')
    expect([bot.newFor('zhangsan'), bot.newFor('wangshuji')]).toEqual(['', ''])
    await bot.at(MORNING)
    expect(bot.newFor('zhangsan')).toContain('您的请假已准')
    for (const words of ['张三 请假', '李四 撤回了请假', '曾国凡 的建议'])
      expect(bot.newFor('wangshuji')).toContain(words)
  })

  it('taken back waits too, whatever the meeting', async () => {
    const bot = await startBot({ client })
    await call(bot)
    await bot.at(NIGHT)
    await bot.says('zhangsan', '请假 发烧')
    bot.forget('wangshuji')
    await bot.says('zhangsan', '撤回')
    expect(bot.newFor('wangshuji')).toBe('')
    await bot.at(MORNING)
    expect(bot.newFor('wangshuji')).toContain('张三 撤回了请假')
  })
})

inBothRenderings('the group of a branch', client => {
  it('gets one copy of the call and of each change, without names', async () => {
    const bot = await startBot({ client })
    await bot.bindsGroup('wangshuji')
    await call(bot, '党课 11-25 19:00 村部 学习')
    await bot.says('wangshuji', '会议 改期 m-1 11-26 19:00')
    await bot.chooses('wangshuji', '发布')
    await bot.says('wangshuji', '会议 取消 m-1 大雪封路')
    await bot.says('wangshuji', '发布 d-3 紧急 大雪')
    const [called, moved, cancelled, another] = bot.posts()
    expect(called).toContain('请您参加：党课 · 学习')
    expect(moved).toContain('会议改期：党课 · 学习')
    expect(cancelled).toContain('会议取消：党课 · 学习')
    expect(cancelled).toContain('大雪封路')
    expect(another).toBeUndefined()
    for (const post of [called, moved, cancelled]) {
      expect(post).not.toMatch(/王树基|张三|吴梅吉|请回/)
      expect(post).toContain('可转到支部微信群')
    }
  })

  it('hears nothing of a party group’s meeting', async () => {
    const bot = await startBot({ client })
    await bot.bindsGroup('wangshuji')
    await call(bot, '党小组会 11-25 19:00 村部 学习', 'zuzhang')
    await bot.says('zuzhang', '会议 取消 m-1 大雪封路')
    await bot.chooses('zuzhang', '发布')
    expect(bot.posts()).toEqual([])
  })
})
