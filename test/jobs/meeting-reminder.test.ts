import { expect, it } from 'vitest'
import { branches, people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function call(bot: TestBot, what: string, by = 'wangshuji'): Promise<void> {
  await bot.says(by, `会议 新建 ${what}`)
  expect(await bot.chooses(by, '发布')).toContain('已发布 m-')
}

const EVERYBODY = ['wangshuji', 'lifushu', 'zuzhang', 'zhangsan', 'lisi', 'laonian', 'meiji', 'jiji', 'qiaoyi', 'likai']

function forgetAll(bot: TestBot): void {
  for (const userId of EVERYBODY) bot.forget(userId)
}

const remindedOf = (bot: TestBot, words: string): string[] =>
  EVERYBODY.filter(userId => bot.newFor(userId).includes(words))

inBothRenderings('a meeting is reminded of', client => {
  it('at seven the evening before and an hour before, each of those expected once, with how to ask leave', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 11-27 19:00 村党群服务中心 学习党章')
    await bot.at('2026-11-26T18:59:00+08:00')
    forgetAll(bot)
    await bot.at('2026-11-26T19:00:00+08:00')
    await bot.at('2026-11-26T19:20:00+08:00')
    const evening = bot.newFor('zhangsan')
    expect(evening).toContain('会议提醒：党课 · 学习党章')
    expect(evening).toContain('11月27日 周五 19:00')
    expect(evening).toContain(client === 'cards' ? '请假' : '不能来请回：请假1 事由')
    expect(remindedOf(bot, '会议提醒')).toEqual(['wangshuji', 'lifushu', 'zuzhang', 'zhangsan', 'lisi'])
    expect(evening.match(/会议提醒/g)).toHaveLength(1)
    await bot.at('2026-11-27T17:59:00+08:00')
    forgetAll(bot)
    await bot.at('2026-11-27T18:00:00+08:00')
    await bot.at('2026-11-27T18:25:00+08:00')
    expect(bot.newFor('zhangsan')).toContain('快开会了：党课 · 学习党章')
    expect(bot.newFor('zhangsan')).toContain('18:30 开始签到')
    expect(remindedOf(bot, '快开会了')).toEqual(['wangshuji', 'lifushu', 'zuzhang', 'zhangsan', 'lisi'])
    expect(await bot.chooses('zhangsan', '请假')).toContain('什么事由')
    expect(await bot.says('zhangsan', '发烧')).toContain('请假待批')
  })

  it('not by those who are on leave, but by those whose leave nobody decided', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 明晚7点 村部 学习')
    await bot.says('zhangsan', '请假 发烧')
    await bot.says('wangshuji', '准假 张三')
    await bot.says('wangshuji', '准假 李四 长期 外出务工')
    await bot.says('zuzhang', '请假 接孩子')
    forgetAll(bot)
    await bot.at('2026-11-24T19:00:00+08:00')
    expect(remindedOf(bot, '会议提醒')).toEqual(['wangshuji', 'lifushu', 'zuzhang'])
    forgetAll(bot)
    await bot.at('2026-11-25T18:00:00+08:00')
    expect(remindedOf(bot, '快开会了')).toEqual(['wangshuji', 'lifushu', 'zuzhang'])
  })

  it('by one call list for those without a phone, who get nothing', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 明晚7点 村部 学习')
    forgetAll(bot)
    await bot.at('2026-11-24T19:00:00+08:00')
    const list = bot.newFor('wangshuji')
    expect(list).toContain('请打电话或当面告知 1 人：吴梅吉')
    expect(remindedOf(bot, '吴梅吉')).toEqual(['wangshuji'])
    expect(await bot.says('wangshuji', /请假 吴梅吉 m-1 事由/.exec(list)?.[0].replace('事由', '腿疼') ?? '')).toContain(
      '已替吴梅吉报给',
    )
    await bot.at('2026-11-25T18:00:00+08:00')
    expect(bot.newFor('wangshuji').match(/打电话/g) ?? []).toHaveLength(0)
    expect(bot.sentTo('meiji')).toEqual([])
  })

  it('to the leader of the group, where somebody without a phone is in his', async () => {
    const bot = await startBot({ client })
    await bot.service.store.update('person:p-8', async tx => {
      const person = await tx.get(people, 'p-8')
      if (person) await tx.put(people, { ...person, noPhone: true })
    })
    await call(bot, '党课 明晚7点 村部 学习')
    forgetAll(bot)
    await bot.at('2026-11-24T19:00:00+08:00')
    expect(bot.newFor('zuzhang')).toContain('请打电话或当面告知 1 人：李四')
    expect(bot.newFor('wangshuji')).not.toContain('李四')
    expect(bot.newFor('lisi')).toBe('')
  })

  it('in the branch’s group the evening before, without names, and then by nobody alone', async () => {
    const bot = await startBot({ client })
    await bot.bindsGroup('wangshuji')
    await call(bot, '党课 明晚7点 村部 学习')
    forgetAll(bot)
    await bot.at('2026-11-24T19:00:00+08:00')
    const [, reminder = '', another] = bot.posts()
    expect(reminder).toContain('会议提醒：党课 · 学习')
    expect(reminder).toContain('单独发给机器人')
    expect(reminder).toContain('可转到支部微信群')
    expect(reminder).not.toMatch(/王树基|张三|吴梅吉/)
    expect(another).toBeUndefined()
    expect(remindedOf(bot, '会议提醒')).toEqual([])
    expect(bot.newFor('wangshuji')).toContain('吴梅吉')
  })

  it('each alone on the same evening, where the group with the robot is gone; nobody twice', async () => {
    const bot = await startBot({ client })
    await bot.bindsGroup('wangshuji')
    await call(bot, '党课 明晚7点 村部 学习')
    await call(bot, '主题党日 明天15:00 村部 打扫')
    forgetAll(bot)
    for (const group of bot.simulator.groups) bot.simulator.removeWebhook(group.id)
    await bot.at('2026-11-24T19:00:00+08:00')
    await bot.at('2026-11-24T19:20:00+08:00')
    expect(bot.posts().join()).not.toContain('会议提醒')
    expect(remindedOf(bot, '会议提醒：党课')).toEqual(['wangshuji', 'lifushu', 'zuzhang', 'zhangsan', 'lisi'])
    expect(remindedOf(bot, '会议提醒：主题党日')).toEqual(['wangshuji', 'lifushu', 'zuzhang', 'zhangsan', 'lisi'])
    expect(bot.newFor('zhangsan').match(/会议提醒/g)).toHaveLength(2)
    expect(bot.newFor('zhangsan')).toContain('请假')
    expect(bot.newFor('wangshuji')).toContain('支部群已不在了')
  })

  it('alone by those who do not see the group that the bot made, or are not in it', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '群 建')
    await bot.chooses('wangshuji', '发布')
    await bot.service.store.update('branch:b-1', async tx => {
      const branch = await tx.get(branches, 'b-1')
      if (branch?.chat?.kind !== 'appchat') throw new Error('no group')
      const members = branch.chat.members.filter(userId => userId !== 'lisi')
      await tx.put(branches, { ...branch, chat: { ...branch.chat, members } })
    })
    await bot.service.store.update('township', async tx => {
      const person = await tx.getBy(people, 'userId', 'zhangsan')
      if (person) await tx.put(people, { ...person, client: 'text' })
    })
    await call(bot, '党课 明晚7点 村部 学习')
    forgetAll(bot)
    const posted = bot.posts().length
    await bot.at('2026-11-24T19:00:00+08:00')
    expect(bot.posts()).toHaveLength(posted + 1)
    const expected = ['wangshuji', 'lifushu', 'zuzhang', 'zhangsan', 'lisi']
    expect(remindedOf(bot, '会议提醒')).toEqual(client === 'text' ? expected : ['zhangsan', 'lisi'])
  })

  it('each alone where a meeting is not the whole branch’s, also where the branch has a group', async () => {
    const bot = await startBot({ client })
    await bot.bindsGroup('wangshuji')
    await call(bot, '@一组 党小组会 明天15:00 村部 学习')
    await call(bot, '支委会 明晚7点 村部 研究工作')
    forgetAll(bot)
    await bot.at('2026-11-24T19:00:00+08:00')
    expect(bot.posts()).toEqual([])
    expect(remindedOf(bot, '会议提醒：党小组会')).toEqual(['wangshuji', 'lifushu', 'zuzhang', 'zhangsan', 'lisi'])
    expect(remindedOf(bot, '会议提醒：支委会')).toEqual(['wangshuji', 'lifushu'])
  })

  it('at its new hour when it is moved, and not at all when it is cancelled or closed', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 明晚7点 村部 学习')
    await bot.says('wangshuji', '会议 改期 m-1 11-27 19:00')
    await bot.chooses('wangshuji', '发布')
    await call(bot, '主题党日 明天15:00 村部 打扫')
    await bot.says('wangshuji', '会议 取消 m-2 大雪封路')
    await bot.chooses('wangshuji', '发布')
    forgetAll(bot)
    for (const at of ['24T19:00', '25T14:00', '25T18:00']) {
      await bot.at(`2026-11-${at}:00+08:00`)
      for (const words of ['党课', '主题党日']) expect(remindedOf(bot, words), at).toEqual([])
    }
    await bot.at('2026-11-26T19:00:00+08:00')
    expect(bot.newFor('zhangsan')).toContain('11月27日 周五 19:00')
  })

  it('only an hour before, where it was called later than seven the evening before', async () => {
    const bot = await startBot({ client })
    await bot.at('2026-11-24T19:10:00+08:00')
    await call(bot, '党课 明晚7点 村部 学习')
    await bot.at('2026-11-24T19:30:00+08:00')
    expect(bot.sentTo('zhangsan')).toHaveLength(1)
    await bot.at('2026-11-25T17:59:00+08:00')
    bot.forget('zhangsan')
    await bot.at('2026-11-25T18:00:00+08:00')
    expect(bot.newFor('zhangsan')).toMatch(/^快开会了/)
  })

  it('by nobody in the quiet hours: at their end, or never where the meeting has begun by then', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 11-27 8:30 村部 学习')
    await call(bot, '主题党日 11-28 7:30 村部 打扫')
    await bot.at('2026-11-27T07:30:00+08:00')
    forgetAll(bot)
    await bot.at('2026-11-27T07:59:00+08:00')
    expect(bot.newFor('zhangsan')).toBe('')
    await bot.at('2026-11-27T08:00:00+08:00')
    expect(bot.newFor('zhangsan')).toContain('快开会了：党课')
    await bot.at('2026-11-27T19:00:00+08:00')
    expect(bot.newFor('zhangsan')).toContain('会议提醒：主题党日')
    await bot.at('2026-11-28T06:30:00+08:00')
    forgetAll(bot)
    for (const at of ['07:31', '08:01', '12:00']) await bot.at(`2026-11-28T${at}:00+08:00`)
    expect(bot.newFor('zhangsan')).toBe('')
  })

  it('not beside the call itself, which waited for the morning', async () => {
    const bot = await startBot({ client })
    await bot.at('2026-11-24T22:00:00+08:00')
    await call(bot, '党课 11-25 8:30 村部 学习')
    bot.forget('zhangsan')
    await bot.at('2026-11-25T07:30:00+08:00')
    await bot.at('2026-11-25T08:00:00+08:00')
    await bot.at('2026-11-25T08:10:00+08:00')
    expect(bot.newFor('zhangsan')).toContain('请您参加')
    expect(bot.newFor('zhangsan')).not.toContain('快开会了')
  })

  it('in a dry run by nobody, and run twice for one minute each person once', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 明晚7点 村部 学习')
    forgetAll(bot)
    const at = new Date('2026-11-24T19:00:00+08:00')
    const dry = await bot.service.job('meeting-reminder', { at, dryRun: true })
    expect(dry?.report).toContain('reminded 14 people')
    expect(dry?.sent.flatMap(planned => planned.to)).toContain('zhangsan')
    await bot.idle()
    expect(remindedOf(bot, '党课')).toEqual([])
    await bot.service.job('meeting-reminder', { at, dryRun: false })
    expect((await bot.service.job('meeting-reminder', { at, dryRun: false }))?.sent).toEqual([])
    await bot.at('2026-11-24T19:00:00+08:00')
    expect(bot.newFor('zhangsan').match(/会议提醒/g)).toHaveLength(1)
    expect(bot.newFor('wangshuji').match(/打电话/g)).toHaveLength(1)
  })

  it('not on a day off, but for that day’s meeting: then with the call list', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 11-29 19:00 村部 学习')
    await bot.at('2026-11-28T18:59:00+08:00')
    forgetAll(bot)
    await bot.at('2026-11-28T19:00:00+08:00')
    expect([...EVERYBODY].map(userId => bot.newFor(userId)).join('')).toBe('')
    await bot.at('2026-11-29T18:00:00+08:00')
    expect(bot.newFor('zhangsan')).toContain('快开会了')
    expect(bot.newFor('wangshuji')).toContain('请打电话或当面告知 1 人：吴梅吉')
  })

  it('an hour before with the call list, where the meeting was called after the evening before', async () => {
    const bot = await startBot({ client })
    await bot.at('2026-11-24T20:00:00+08:00')
    await call(bot, '党课 明天15:00 村部 学习')
    forgetAll(bot)
    await bot.at('2026-11-25T14:00:00+08:00')
    expect(bot.newFor('wangshuji')).toContain('请打电话或当面告知 1 人：吴梅吉')
  })

  it('also after an outage of an hour at seven; the hour before is not made up for so late', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 明晚7点 村部 学习')
    await bot.at('2026-11-24T18:30:00+08:00')
    forgetAll(bot)
    await bot.at('2026-11-24T20:00:00+08:00')
    expect(bot.newFor('zhangsan')).toContain('会议提醒')
    await bot.at('2026-11-25T17:30:00+08:00')
    forgetAll(bot)
    await bot.at('2026-11-25T18:55:00+08:00')
    expect(bot.newFor('zhangsan')).toBe('')
  })

  it('of its new hour, and its card of an open check-in comes, where it was moved within its window', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 今天18:55 村部 学习')
    await bot.at('2026-11-24T18:50:00+08:00')
    await bot.says('wangshuji', '会议 改期 m-1 今天19:15')
    await bot.chooses('wangshuji', '发布')
    forgetAll(bot)
    await bot.at('2026-11-24T18:52:00+08:00')
    expect(bot.newFor('wangshuji')).toContain('签到中 0/')
  })

  it('and not closed by a run for a minute ahead: that cannot be taken back', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 明晚7点 村部 学习')
    await bot.service.job('meeting-close', { at: new Date('2026-12-31T10:00:00+08:00'), dryRun: false })
    expect(await bot.says('wangshuji', '会议 1')).toContain('待参加')
  })
})
