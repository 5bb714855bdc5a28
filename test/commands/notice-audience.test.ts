import { expect, it } from 'vitest'
import { notices, people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

/** UserIDs of those who belong to the branch and fit. */
const who = (bot: TestBot, fits: (posts: readonly string[], group: string | null) => boolean) =>
  bot.service.store.read(async tx =>
    (await tx.find(people, 'branch', 'b-1'))
      .filter(({ status, noPhone }) => status === 'active' && !noPhone)
      .filter(({ memberships }) => memberships.some(m => m.branchId === 'b-1' && fits(m.posts, m.group)))
      .map(({ userId }) => userId ?? '')
      .sort(),
  )

async function gotIt(bot: TestBot, text: string): Promise<string[]> {
  const everybody = await bot.service.store.read(tx => tx.all(people))
  const userIds = everybody.map(({ userId }) => userId ?? '')
  return userIds.filter(userId => bot.sentTo(userId).some(sent => sent.includes(text))).sort()
}

inBothRenderings('a notice for a part of the people', client => {
  it('reaches the group, or those who hold the posts, or both, and says so before', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '通知 发 @一组 明早修渠')).toContain('只发给一组')
    await bot.chooses('wangshuji', '发布')
    expect(await gotIt(bot, '明早修渠')).toEqual(await who(bot, (_, group) => group === '一组'))

    expect(await bot.says('wangshuji', '通知 发 @委员 今晚碰头')).toContain('只发给书记、副书记')
    await bot.chooses('wangshuji', '发布')
    const committee = await who(bot, posts => posts.some(post => post !== 'leader' && post !== 'firstSecretary'))
    expect(committee.length).toBeGreaterThan(2)
    expect(await gotIt(bot, '今晚碰头')).toEqual(committee)

    await bot.says('wangshuji', '通知 发 @一组 @书记 两样都要')
    await bot.chooses('wangshuji', '发布')
    const both = await who(bot, (posts, group) => group === '一组' || posts.includes('secretary'))
    expect(await gotIt(bot, '两样都要')).toEqual(both)
  })

  it('counts those alone, and still those who have left the group since', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '通知 发 @一组 明早修渠')
    await bot.says('wangshuji', '发布 d-1 需回执')
    const group = await who(bot, (_, name) => name === '一组')
    expect(await bot.says('wangshuji', '通知 状态')).toContain(`已收到 0 / 共 ${group.length}`)
    const [first = ''] = group.filter(userId => userId !== 'wangshuji')
    await bot.service.store.update('township', async tx => {
      const person = await tx.getBy(people, 'userId', first)
      if (person)
        await tx.put(people, { ...person, memberships: person.memberships.map(m => ({ ...m, group: '二组' })) })
    })
    expect(await bot.says(first, '收到1')).toContain('已收到 n-1')
    expect(await bot.says('wangshuji', '通知 状态')).toContain(`已收到 1 / 共 ${group.length}`)
  })

  it('stays with those it was sent to, whoever moves to another branch', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '通知 发 明早大扫除')
    await bot.says('wangshuji', '发布 d-1 需回执')
    await bot.says('lisi', '收到')
    const before = await bot.says('wangshuji', '通知 状态')
    await bot.service.store.update('township', async tx => {
      for (const userId of ['lisi', 'zhangsan']) {
        const person = await tx.getBy(people, 'userId', userId)
        const memberships = [{ branchId: 'b-2', group: null, posts: [], standingLeave: null }]
        if (person) await tx.put(people, { ...person, memberships })
      }
    })
    expect(await bot.says('wangshuji', '通知 状态')).toBe(before)
    expect(await bot.says('zhangsan', '通知')).toContain('明早大扫除')
    expect(await bot.says('zhangsan', '收到')).toContain('已收到 n-1')
    expect(await bot.says('wangshuji', '通知 状态')).toContain('已收到 2 / 共 16')
    expect(await bot.says('wangshuji', '发送记录 n-1')).toContain('17 人，送到 16')
  })

  it('for one person can be looked up and is no business of others', async () => {
    const bot = await startBot({ client })
    await bot.says('zhenban', '通知 发 @石桥 @书记 请回电')
    await bot.chooses('zhenban', '发布')
    expect(await bot.says('zhenban', '发送记录 n-1')).toContain('1 人，送到 1')
  })

  it('leaves out of every count of open receipts those whom WeCom could not reach', async () => {
    const bot = await startBot({ client })
    bot.simulator.faults.invalid.add('lisi').add('yubei')
    await bot.says('wangshuji', '通知 发 明早大扫除')
    await bot.says('wangshuji', '发布 d-1 需回执')
    const status = await bot.says('wangshuji', '通知 状态')
    expect(status).toContain('还没确认 14 人')
    expect(status).toContain('没有送到 2 人')
    expect(await bot.says('wangshuji', '待办')).toContain('n-1 还有 14 人没有回执')
    expect(await bot.says('wangshuji', '催办 1')).toContain('提醒了 13 人。您自己还没确认')
  })

  it('that reached nobody is not urged, and says where to look', async () => {
    const bot = await startBot({ client })
    bot.simulator.faults.invalid.add('qiaoshuji')
    await bot.says('zhenban', '通知 发 @石桥 @书记 请回电')
    await bot.says('zhenban', '发布 d-1 需回执')
    expect(await bot.says('zhenban', '催办 1')).toContain('发送记录 n-1')
    expect(await bot.says('zhenban', '待办')).not.toContain('没有回执')
  })

  it('is refused where the @ stands behind, so that it never reaches everybody', async () => {
    const bot = await startBot({ client })
    for (const line of ['通知 定时 明早9点 @一组 停水', '通知 发 停水 @一组']) {
      expect(await bot.says('wangshuji', line), line).toContain('“@一组”要写在最前面')
    }
    expect(await bot.says('zhenban', '通知 发 @一组 停水')).toContain('写明是哪个支部')
    expect(await bot.says('zhenban', '通知 发 @水泉 @一组 停水')).toContain('只发给一组')
  })

  it('is no business of the branch’s group', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '群 建')
    await bot.chooses('wangshuji', '发布')
    await bot.service.idle()
    await bot.says('wangshuji', '通知 发 @委员 今晚碰头')
    await bot.chooses('wangshuji', '发布')
    await bot.says('wangshuji', '通知 发 明早大扫除')
    await bot.chooses('wangshuji', '发布')
    await bot.service.idle()
    const posted = bot.posts().join('\n')
    expect(posted).toContain('明早大扫除')
    expect(posted).not.toContain('今晚碰头')
  })

  it('for the secretaries of all branches is the township’s, at once and at a time', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhenban', '群发 @书记 明早9点到镇里开会')).toContain('只发给书记')
    await bot.chooses('zhenban', '发布')
    expect(await gotIt(bot, '镇党建办通知 n-1')).toEqual(['qiaoshuji', 'wangshuji'])
    await bot.says('zhenban', '通知 定时 @全镇 @书记 11-25 9:00 带上材料')
    await bot.chooses('zhenban', '发布')
    expect(await bot.service.store.read(tx => tx.get(notices, 'n-2'))).toMatchObject({
      branchId: null,
      state: 'scheduled',
    })
    await bot.at('2026-11-25T09:00:00+08:00')
    await bot.service.job('notice-publisher', { dryRun: false })
    await bot.service.idle()
    expect(await gotIt(bot, '镇党建办通知 n-2')).toEqual(['qiaoshuji', 'wangshuji'])
  })

  it('that means nobody, or the whole township from a branch, is refused', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '通知 发 @全镇 停水')).toContain('由镇党建办发')
    expect(await bot.says('zhenban', '通知 发 @全镇 @一组 停水')).toContain('小组是一个支部里的')
    expect(await bot.says('zhenban', '群发 @一组 停水')).toContain('通知 发 @')
    expect(await bot.says('qiaoshuji', '通知 发 @一组 停水')).toContain('名册上没有人')
  })

  it('asks the township for what is open of everybody', async () => {
    const bot = await startBot({ client })
    await bot.says('zhenban', '群发 明天暴雪')
    await bot.says('zhenban', '发布 d-1 需回执')
    await bot.says('zhangsan', '收到')
    expect(await bot.says('zhenban', '待办')).toContain('n-1 还有 20 人没有回执')
    expect(await bot.says('zhenban', '待办 @石桥')).toContain('n-1 还有 5 人没有回执')
    expect(await bot.says('wangshuji', '待办')).toContain('n-1 还有 15 人没有回执')
  })
})

inBothRenderings('收到 as people put it', client => {
  it.each(['收到，谢谢', '好的收到', '好的，收到了！', '收到：1', '收到，1', '收到n-1', '收到 1', '收到'])(
    '‘%s’ confirms',
    async words => {
      const bot = await startBot({ client })
      await bot.says('wangshuji', '通知 发 明早大扫除')
      await bot.says('wangshuji', '发布 d-1 需回执')
      expect(await bot.says('zhangsan', words)).toContain('已收到 n-1')
    },
  )

  it('with more words is answered by how to say it, where something is open', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhangsan', '收到，我去不了')).toBe('')
    await bot.says('wangshuji', '通知 发 明早大扫除')
    await bot.says('wangshuji', '发布 d-1 需回执')
    expect(await bot.says('zhangsan', '收到，我去不了')).toContain('要确认 n-1 请只回：收到1')
    expect(await bot.says('wangshuji', '通知 状态 1')).toContain('已收到 0 /')
    expect(await bot.says('zhangsan', '收到👌')).toContain('已收到 n-1')
  })

  it('does not take the answer to a question for a command', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    await bot.chooses('wangshuji', '发布')
    for (const reason of ['通知：医院让复查', '请假，孩子病了']) {
      await bot.says('zhangsan', '请假')
      expect(await bot.says('zhangsan', reason), reason).toContain('请假待批')
    }
  })

  it('is silence where nothing is open, and other commands take a comma too', async () => {
    const bot = await startBot({ client })
    for (const words of ['收到，谢谢', '好的收到', '好的谢谢']) expect(await bot.says('zhangsan', words)).toBe('')
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('zhangsan', '请假，孙子结婚')).toContain('请假待批')
    expect(await bot.says('wangshuji', '准假：张三')).toContain('已准假')
  })
})
