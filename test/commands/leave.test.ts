import { expect, it } from 'vitest'
import { attendances, audits, meetings, outbox, people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function call(bot: TestBot, what: string): Promise<void> {
  await bot.says('wangshuji', `会议 新建 ${what}`)
  expect(await bot.chooses('wangshuji', '发布')).toContain('已发布 m-')
  for (const userId of ['wangshuji', 'zhangsan', 'lifushu']) bot.forget(userId)
}

const callLesson = (bot: TestBot) => call(bot, '党课 后天晚7点 村党群服务中心 学习党章第三章')

/** The card's button, or the words that a pushed text names. */
const decides = (bot: TestBot, userId: string, label: '准假' | '不准', words: string): Promise<string> =>
  bot.client === 'cards' ? bot.chooses(userId, label) : bot.says(userId, words)

const leaveOf = (bot: TestBot, userId: string, meetingId = 'm-1') =>
  bot.service.store.read(async tx => {
    const person = await tx.getBy(people, 'userId', userId)
    return (await tx.get(attendances, `${meetingId}:${person?.personId}`))?.leave
  })

const cardOf = (bot: TestBot, userId: string, text: string) =>
  bot.items(userId).find(item => item.card && item.text.includes(text))?.card

inBothRenderings('asking leave', client => {
  it('goes to the secretary with name, reason and title, and his 准假 comes back', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    const told = await bot.says('zhangsan', '请假 孙子结婚')
    expect(told).toContain('已报给书记，等批准')
    expect(told).toContain('党课 · 学习党章第三章')
    const asked = bot.newFor('wangshuji')
    for (const word of ['张三', '孙子结婚', '党课 · 学习党章第三章', '准假', '不准']) expect(asked).toContain(word)
    if (client === 'text') expect(asked).toContain('同意请回：准假 张三 1\n不同意请回：不准 张三 1 理由')
    expect(bot.newFor('lifushu')).toBe('')
    expect(await bot.says('zhangsan', '会议')).toContain('请假待批')
    bot.forget('zhangsan')
    expect(await decides(bot, 'wangshuji', '准假', '准假 张三 1')).toContain('已准假：张三')
    expect(bot.newFor('zhangsan')).toContain('您的请假已准：党课 · 学习党章第三章')
    expect(await bot.says('zhangsan', '会议')).toContain('已准假')
    if (client === 'cards') expect(cardOf(bot, 'wangshuji', '张三 请假')?.greyed).toBe('已准假')
    const log = await bot.service.store.read(tx => tx.all(audits))
    expect(log.map(entry => entry.what)).toContain('grant-leave')
  })

  it('asks the reason behind the button, and the card lives until it is said', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    const asked = client === 'cards' ? await bot.chooses('zhangsan', '请假') : await bot.says('zhangsan', '请假1 事由')
    expect(asked).toContain('什么事由？')
    if (client === 'cards') expect(cardOf(bot, 'zhangsan', '请您参加')?.greyed).toBeNull()
    expect(await bot.says('zhangsan', '到县医院看病')).toContain('已报给书记，等批准')
    if (client === 'cards') expect(cardOf(bot, 'zhangsan', '请您参加')?.greyed).toBe('已请假')
    expect(await leaveOf(bot, 'zhangsan')).toMatchObject({ state: 'asked', reason: '到县医院看病' })
  })

  it('asked again, takes the new reason and tells it; asked with the same words, tells nobody twice', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('zhangsan', '请假 发烧')
    expect(await bot.says('zhangsan', '请假 孩子发烧')).toContain('事由已更新')
    expect(await bot.says('zhangsan', '请假 孩子发烧')).toContain('等批准')
    expect(bot.newFor('wangshuji').split('事由：')).toHaveLength(3)
    expect(await leaveOf(bot, 'zhangsan')).toMatchObject({ reason: '孩子发烧' })
  })

  it('of two meetings asks which, and keeps the reason', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await call(bot, '主题党日 11-30 9:00 村部 打扫卫生')
    const which = await bot.says('zhangsan', '请假 发烧')
    expect(which).toContain('哪一次？')
    expect(which).toContain('26日 党课')
    expect(await bot.chooses('zhangsan', '30日 主题党日')).toContain('主题党日 · 打扫卫生')
    expect(await leaveOf(bot, 'zhangsan', 'm-2')).toMatchObject({ reason: '发烧' })
    expect(await leaveOf(bot, 'zhangsan', 'm-1')).toBeUndefined()
    expect(await bot.says('lisi', '请假2 腿疼')).toContain('等批准')
    expect(await leaveOf(bot, 'lisi', 'm-2')).toMatchObject({ reason: '腿疼' })
  })

  it('is not needed by those who came, who have it, who sit in or who are free of it', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('lisi', '请假 发烧')
    await bot.says('wangshuji', '准假 李四')
    expect(await bot.says('lisi', '请假 发烧')).toContain('已准假')
    expect(await bot.says('jiji', '请假 上班')).toContain('列席')
    expect(await bot.says('laonian', '请假 腿疼')).toContain('免考勤')
    await bot.at('2026-11-26T18:45:00+08:00')
    await bot.says('zhangsan', '签到')
    expect(await bot.says('zhangsan', '请假 发烧')).toContain('您已签到')
    expect(await leaveOf(bot, 'jiji')).toBeUndefined()
  })

  it('knows only meetings that expect the person, and none that is over', async () => {
    const bot = await startBot({ client })
    await call(bot, '支委会 明晚7点 村部 研究工作')
    for (const userId of ['zhangsan', 'qiaoyi']) {
      expect(await bot.says(userId, '请假 m-1 发烧')).toContain('没有这个编号')
    }
    expect(await bot.says('zhangsan', '请假 m-99 发烧')).toContain('没有这个编号')
    expect(await bot.says('zhangsan', '请假 发烧')).toContain('没有要您参加的会议')
    await bot.at('2026-11-25T21:30:00+08:00')
    expect(await bot.says('qianxuan', '请假1 发烧')).toContain('不能再请假')
  })

  it('takes a reason of at most 100 characters', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    expect(await bot.says('zhangsan', `请假 ${'病'.repeat(101)}`)).toContain('最多 100 个字')
    expect(await leaveOf(bot, 'zhangsan')).toBeUndefined()
  })

  it('of the secretary goes to the deputy, and nobody decides his own', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    expect(await bot.says('wangshuji', '请假 到镇里开会')).toContain('已报给副书记，等批准')
    expect(bot.newFor('lifushu')).toContain('王树基')
    expect(await bot.says('wangshuji', '准假 王树基')).toBe('您的请假已报给李福书，等批准。')
    expect(await bot.says('wangshuji', '准假 王树基 1')).toBe('您的请假已报给李福书，等批准。')
    expect(await bot.says('wangshuji', '准假')).toContain('没有等着批的请假。发“会议”可以看到')
    await bot.says('wangshuji', '撤回')
    expect(await bot.says('wangshuji', '准假 王树基')).toContain('要由副书记李福书来批')
    await bot.says('wangshuji', '请假 到镇里开会')
    expect(await decides(bot, 'lifushu', '准假', '准假 王树基 1')).toContain('已准假：王树基')
  })

  it('of a branch without other officers goes to the township', async () => {
    const bot = await startBot({ client })
    await bot.says('qiaoshuji', '会议 新建 党课 后天晚7点 桥头 学习')
    await bot.chooses('qiaoshuji', '发布')
    bot.forget('zhenban')
    expect(await bot.says('qiaoshuji', '请假 住院')).toContain('已报给镇党建办')
    expect(bot.newFor('zhenban')).toContain('乔书记')
    expect(await decides(bot, 'zhenban', '准假', '准假 乔书记 1')).toContain('已准假：乔书记')
  })

  it('that nobody can decide is kept, and says whom to phone', async () => {
    const bot = await startBot({ client })
    await bot.says('qiaoshuji', '会议 新建 党课 后天晚7点 桥头 学习')
    await bot.chooses('qiaoshuji', '发布')
    await bot.service.store.update('township', async tx => {
      const office = await tx.getBy(people, 'userId', 'zhenban')
      if (office) await tx.put(people, { ...office, admin: false })
    })
    expect(await bot.says('qiaoshuji', '请假 住院')).toContain('打个电话')
    expect(await leaveOf(bot, 'qiaoshuji')).toMatchObject({ state: 'asked' })
  })
})

inBothRenderings('deciding leave', client => {
  it('refuses by the button with a reason asked for, and the person hears it with the next step', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('zhangsan', '请假 发烧')
    expect(await decides(bot, 'wangshuji', '不准', '不准 张三 1 理由')).toContain('什么原因？')
    if (client === 'cards') expect(cardOf(bot, 'wangshuji', '张三 请假')?.greyed).toBeNull()
    bot.forget('zhangsan')
    expect(await bot.says('wangshuji', '当天要表决')).toContain('不准：张三')
    if (client === 'cards') expect(cardOf(bot, 'wangshuji', '张三 请假')?.greyed).toBe('不准')
    const told = bot.newFor('zhangsan')
    for (const words of ['没有批准', '当天要表决', '请按时参加，确有困难请联系书记']) expect(told).toContain(words)
    expect(await bot.says('wangshuji', '准假 张三 1')).toContain('由您')
    expect(await bot.says('zhangsan', '请假 烧到39度')).toContain('等批准')
    expect(await bot.says('wangshuji', '准假')).toContain('已准假：张三')
  })

  it('the first of two officers decides, the second hears by whom', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('zhangsan', '请假 发烧')
    await bot.says('zhaozuzhi', '准假 张三')
    const second = await decides(bot, 'wangshuji', '准假', '准假 张三 1')
    expect(second).toContain('赵祖志')
    if (client === 'cards') expect(cardOf(bot, 'wangshuji', '张三 请假')?.greyed).toBe('已准假')
    expect(await bot.says('wangshuji', '不准 张三 1 来不及')).toContain('赵祖志')
    expect(await leaveOf(bot, 'zhangsan')).toMatchObject({ state: 'granted' })
  })

  it('bare, decides the last request', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('zhangsan', '请假 发烧')
    await bot.at('2026-11-24T10:05:00+08:00')
    await bot.says('lisi', '请假 腿疼')
    expect(await bot.says('wangshuji', '准假')).toContain('已准假：李四')
    expect(await bot.says('wangshuji', '准假')).toContain('已准假：张三')
    expect(await bot.says('wangshuji', '准假')).toContain('没有等着批的请假')
  })

  it('enters the leave of people without a phone, and sends them nothing', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    const before = await bot.service.store.read(async tx => (await tx.all(outbox)).length)
    const said = await bot.says('wangshuji', '准假 吴梅吉 1')
    expect(said).toContain('已准假：吴梅吉')
    expect(said).toContain('\n没有手机，请当面或打电话告知。')
    expect(await leaveOf(bot, 'meiji')).toMatchObject({ state: 'granted', reason: '书记登记' })
    expect(await bot.says('meiji', '请假 腿疼')).toContain('已准假，不用再请，事由记下了')
    expect(await leaveOf(bot, 'meiji')).toMatchObject({ state: 'granted', reason: '书记登记：腿疼' })
    expect(await bot.says('meiji', '请假 又腿疼')).toContain('已准假，不用再请。')
    expect(await bot.service.store.read(async tx => (await tx.all(outbox)).length)).toBe(before)
  })

  it('grants and ends long leave, which then holds for every meeting', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '准假 张三 长期')).toContain('要写原因')
    expect(await bot.says('wangshuji', '准假 张三 长期 外出务工')).toContain('已准假：张三，长期')
    expect(bot.newFor('zhangsan')).toContain('外出务工')
    await callLesson(bot)
    expect(await bot.says('zhangsan', '请假 发烧')).toContain('长期请假')
    expect(await bot.says('zhangsan', '会议')).toContain('已准假')
    expect(await bot.says('wangshuji', '准假 张三 长期 取消')).toContain('已取消张三的长期请假')
    expect(await bot.says('zhangsan', '会议')).toContain('待参加')
    const log = await bot.service.store.read(tx => tx.all(audits))
    const marks = log.map(entry => entry.what).filter(what => what.endsWith('standing-leave'))
    expect(marks).toEqual(['grant-standing-leave', 'end-standing-leave'])
  })

  it('tells namesakes apart in the question and takes them apart in the answer', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('zhangweib', '请假 出差')
    expect(bot.newFor('wangshuji')).toContain('张伟（二组，2015年入党）')
    expect(await bot.says('wangshuji', '准假 张伟')).toMatch(/叫“张伟”的有 2 位.*这样发：准假 张伟一组/s)
    expect(await bot.says('wangshuji', '不准 张伟 一组 太忙')).toContain('张伟没有等着批的请假')
    const words = client === 'text' ? (/请回：(准假 .+)/.exec(bot.sentTo('wangshuji').join('\n'))?.[1] ?? '') : ''
    expect(await decides(bot, 'wangshuji', '准假', words)).toContain('已准假：张伟')
    expect(await leaveOf(bot, 'zhangweib')).toMatchObject({ state: 'granted' })
  })

  it('takes a row number where a roll was shown', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    const roll = await bot.says('wangshuji', '名单')
    const row = /(\d+) 李四/.exec(roll)?.[1]
    expect(await bot.says('wangshuji', `准假 ${row} 1`)).toContain('已准假：李四')
  })

  it('takes a number alone for the meeting where leave was asked of it', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('lisi', '请假 腿疼')
    await bot.says('wangshuji', '名单')
    expect(await bot.says('wangshuji', '准假 1')).toContain('已准假：李四')
  })

  it('by the township needs a name where several branches wait', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('qiaoshuji', '会议 新建 党课 后天晚7点 桥头 学习')
    await bot.chooses('qiaoshuji', '发布')
    await bot.says('lisi', '请假 腿疼')
    await bot.says('qiaoyi', '请假 发烧')
    expect(await bot.says('zhenban', '准假')).toContain('请写明姓名')
    expect(await bot.says('zhenban', '准假 @水泉')).toContain('已准假：李四')
    expect(await bot.says('zhenban', '准假')).toContain('已准假：乔一')
  })

  it('takes no typing mistake in a name for a reason, and no several names', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('lisi', '请假 腿疼')
    expect(await bot.says('wangshuji', '不准 王三 太忙')).toContain('是张三吗')
    expect(await bot.says('wangshuji', '准假 李四 张三')).toContain('一位一位')
    expect(await bot.says('wangshuji', '准假 不认识')).toContain('没有找到')
    expect(await leaveOf(bot, 'lisi')).toMatchObject({ state: 'asked' })
    expect(await bot.says('wangshuji', '不准 当天要表决')).toContain('不准：李四')
  })

  it('is for officers of that branch', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('zhangsan', '请假 发烧')
    expect(await bot.says('lisi', '准假 张三 1')).toContain('要由')
    expect(await bot.says('qiaoshuji', '准假 张三')).toContain('没有找到')
    expect(await bot.says('qiaoshuji', '准假 p-7 m-1')).toContain('没有')
    expect(await bot.says('zhenban', '准假 张三')).toContain('已准假：张三')
  })

  it('ends with the meeting', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('zhangsan', '请假 发烧')
    await bot.service.store.update('meeting:m-1', async tx => {
      const meeting = await tx.get(meetings, 'm-1')
      if (meeting) await tx.put(meetings, { ...meeting, state: 'cancelled', cancelReason: '下雪' })
    })
    expect(await bot.says('wangshuji', '准假 张三 1')).toContain('已取消')
    expect(await leaveOf(bot, 'zhangsan')).toMatchObject({ state: 'asked' })
    await call(bot, '主题党日 11-27 9:00 村部 打扫卫生')
    await bot.at('2026-11-27T09:30:00+08:00')
    await bot.says('wangshuji', '会议 结束 m-2')
    expect(await bot.says('wangshuji', '准假 张三 m-2')).toContain('不能再批请假。到会的请发：补签 张三 m-2')
  })

  it('reaches the person each time, twice within one minute too', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    const heard = (words: string) => bot.sentTo('zhangsan').filter(text => text.includes(words))
    for (const times of [1, 2]) {
      await bot.says('zhangsan', '请假 发烧')
      await bot.says('wangshuji', '不准 张三 当天要表决')
      expect(heard('您的请假没有批准')).toHaveLength(times)
      await bot.says('zhangsan', '请假 发烧')
      await bot.says('wangshuji', '准假 张三')
      expect(heard('您的请假已准')).toHaveLength(times)
      await bot.says('zhangsan', '撤回')
      await bot.says('wangshuji', '准假 张三 长期 外出务工')
      expect(heard('您已长期请假')).toHaveLength(times)
      await bot.says('wangshuji', '准假 张三 长期 取消')
      expect(heard('长期请假已取消')).toHaveLength(times)
    }
    expect(heard('您的请假已准')[0]).toMatch(/（10:0\d 批的，编号假\d+）/)
  })

  it('by an old card grants nothing once the request was withdrawn; only what an officer says himself does', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('zhangsan', '请假 发烧')
    await bot.says('zhangsan', '撤回')
    if (client === 'cards') {
      expect(await bot.chooses('wangshuji', '准假')).toBe('张三已撤回这次请假，不用再批。')
      expect(cardOf(bot, 'wangshuji', '张三 请假')?.greyed).toBe('已撤回')
      expect(await leaveOf(bot, 'zhangsan')).toBeNull()
      await bot.says('zhangsan', '请假 还是发烧')
      await bot.says('zhangsan', '撤回')
      expect(await bot.chooses('wangshuji', '不准')).toBe('张三已撤回这次请假，不用再批。')
    }
    expect(await bot.says('wangshuji', '准假 张三 1 电话里说的')).toContain('已准假：张三')
    expect(await leaveOf(bot, 'zhangsan')).toMatchObject({ by: 'p-1', reason: '书记登记：电话里说的' })
  })

  it('is not needed for 可免考勤, 列席 and long leave, and the refusal says which', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    expect(await bot.says('wangshuji', '准假 郑老年')).toBe('郑老年可免考勤，不用请假。')
    expect(await bot.says('wangshuji', '准假 季吉')).toBe('季吉是列席，不用请假。')
    await bot.says('wangshuji', '准假 刘东 长期 外出务工')
    expect(await bot.says('wangshuji', '准假 刘东')).toBe('刘东已长期请假，不用再批。')
  })

  it('of one’s own names who decides in the branch of the meeting', async () => {
    const bot = await startBot({ client })
    await bot.service.store.update('township', async tx => {
      const first = await tx.getBy(people, 'userId', 'liangbian')
      const [own, sent] = first?.memberships ?? []
      if (first && own && sent)
        await tx.put(people, { ...first, memberships: [sent, { ...own, posts: ['publicity'] }] })
    })
    await callLesson(bot)
    expect(await bot.says('liangbian', '准假 梁边')).toContain('要由书记王树基来批')
  })
})

inBothRenderings('leave for somebody without a phone', client => {
  /** 吴梅吉 has no phone; she is of the second group, which gets a leader here. */
  async function startWithLeader(): Promise<TestBot> {
    const bot = await startBot({ client })
    await bot.service.store.update('township', async tx => {
      const leader = await tx.getBy(people, 'userId', 'zengguofan')
      const memberships = leader?.memberships.map(each => ({ ...each, posts: ['leader' as const] }))
      if (leader && memberships) await tx.put(people, { ...leader, memberships })
    })
    await callLesson(bot)
    return bot
  }

  it('is entered by the leader of the group, decided by the secretary, and the leader hears of it', async () => {
    const bot = await startWithLeader()
    expect(await bot.says('zhangsan', '帮助 请假')).not.toContain('没有手机')
    const shown = /没有手机的同志请假，这样发：(.+)/.exec(await bot.says('zengguofan', '帮助 请假'))
    expect(shown?.[1]).toBe('请假 吴梅吉 生病')
    const told = await bot.says('zengguofan', '请假 吴梅吉 生病')
    expect(told).toContain('已替吴梅吉报给书记，等批准')
    expect(told).toContain('党课 · 学习党章第三章')
    const asked = bot.newFor('wangshuji')
    for (const words of ['吴梅吉 请假', '事由：生病', '由组长曾国凡代报']) expect(asked).toContain(words)
    expect(await leaveOf(bot, 'meiji')).toMatchObject({ state: 'asked', reason: '生病', by: 'p-9' })
    expect(await leaveOf(bot, 'zengguofan')).toBeUndefined()
    bot.forget('zengguofan')
    expect(await decides(bot, 'wangshuji', '准假', '准假 吴梅吉 1')).toContain('没有手机')
    expect(bot.newFor('zengguofan')).toContain('吴梅吉的请假已准')
    expect(await bot.says('zengguofan', '请假 吴梅吉 生病')).toContain('已准假，不用再请')
    const log = await bot.service.store.read(tx => tx.all(audits))
    expect(log.find(entry => entry.what === 'ask-leave-for')).toMatchObject({ by: 'p-9', after: { personId: 'p-13' } })
  })

  it('is entered by an officer too, asks for the reason and for the meeting', async () => {
    const bot = await startWithLeader()
    await call(bot, '主题党日 11-30 9:00 村部 打扫卫生')
    expect(await bot.says('zhaozuzhi', '请假 m-1 吴梅吉')).toContain('吴梅吉什么事由？')
    expect(await bot.says('zhaozuzhi', '腿疼')).toContain('已替吴梅吉报给书记')
    expect(bot.newFor('wangshuji')).toContain('由组织委员赵祖志代报')
    expect(await bot.says('zengguofan', '请假 吴梅吉 生病')).toContain('哪一次？')
    expect(await bot.chooses('zengguofan', '30日 主题党日')).toContain('已替吴梅吉报给书记')
    expect(await leaveOf(bot, 'meiji', 'm-2')).toMatchObject({ reason: '生病', by: 'p-9' })
    expect(await bot.says('zengguofan', '请假 吴梅吉 m-1 住院')).toContain('事由已更新')
    expect(await leaveOf(bot, 'meiji')).toMatchObject({ reason: '住院', by: 'p-9' })
  })

  it('leaves the card alone that asks the leader himself', async () => {
    const bot = await startWithLeader()
    if (client === 'cards') await bot.chooses('zengguofan', '请假')
    else await bot.says('zengguofan', '请假1')
    expect(await bot.says('zengguofan', '吴梅吉 生病')).toContain('已替吴梅吉报给书记')
    if (client === 'cards') expect(cardOf(bot, 'zengguofan', '请您参加')?.greyed).toBeNull()
    expect(await leaveOf(bot, 'zengguofan')).toBeUndefined()
  })

  it('is refused to others and for people with a phone, and never becomes one’s own', async () => {
    const bot = await startWithLeader()
    for (const [by, words] of [
      ['zuzhang', '吴梅吉 生病'],
      ['zhangsan', '吴梅吉 生病'],
      ['zengguofan', '李四 发烧'],
      ['zengguofan', '刘东 发烧'],
      ['wangshuji', '张三 发烧'],
      ['zhangsan', '张伟 二组 发烧'],
    ] as const) {
      expect(await bot.says(by, `请假 ${words}`)).toBe('请假只给自己请。替没有手机的同志请假要由组长或书记来报。')
      expect(await leaveOf(bot, by)).toBeUndefined()
    }
    expect(await bot.says('zengguofan', '请假 吴梅吉、李四 发烧')).toContain('一位一位')
    expect(await leaveOf(bot, 'meiji')).toBeUndefined()
  })

  it('is not meant by a reason that only begins with a name, nor by one’s own name', async () => {
    const bot = await startWithLeader()
    for (const reason of ['吴梅吉结婚', '曾国凡 发烧', 'lsk 比赛', '第3行 写错']) {
      expect(await bot.says('zengguofan', `请假 ${reason}`)).toContain('已报给书记')
      expect(await leaveOf(bot, 'zengguofan')).toMatchObject({ reason, by: 'p-9' })
      expect(await bot.says('zengguofan', '撤回')).toContain('已撤回请假')
    }
    expect(await leaveOf(bot, 'meiji')).toBeUndefined()
  })

  it('that is answered by long leave is open no more, and counts at the close', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('zhangsan', '请假 外出务工')
    expect(await bot.says('wangshuji', '准假 张三 长期 外出务工')).toContain('已准假')
    expect(await bot.says('zhangsan', '会议')).toContain('已准假')
    expect(await bot.says('wangshuji', '准假')).toContain('没有等着批的请假')
    await bot.at('2026-11-26T19:05:00+08:00')
    expect(await bot.says('wangshuji', '会议 结束')).toContain('请假 1')
  })

  it('refused before, yields to long leave that is granted later', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('zhangsan', '请假 外出')
    await bot.says('wangshuji', '不准 张三 要表决')
    await bot.at('2026-11-24T10:05:00+08:00')
    await bot.says('wangshuji', '准假 张三 长期 外出务工')
    expect(await bot.says('zhangsan', '会议')).toContain('已准假')
  })

  it('has no code and no digit for a reason, and a command that means nothing is one', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('zhangsan', '请假')
    expect(await bot.says('zhangsan', '3239')).toContain('像是签到码')
    await bot.says('zhangsan', '请假')
    expect(await bot.says('zhangsan', '3')).toContain('什么事由')
    expect(await leaveOf(bot, 'zhangsan')).toBeUndefined()
    expect(await bot.says('zhangsan', '会议 冲突')).toContain('请假待批')
    expect((await leaveOf(bot, 'zhangsan'))?.reason).toBe('会议 冲突')
  })

  it('for somebody without a phone may name him by his initials', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    expect(await bot.says('wangshuji', '请假 wmj 病了')).toContain('替吴梅吉报')
    expect(await bot.says('zhangsan', '请假 ls 家里有事')).toContain('请假待批')
    expect((await leaveOf(bot, 'zhangsan'))?.reason).toBe('ls 家里有事')
  })
})
