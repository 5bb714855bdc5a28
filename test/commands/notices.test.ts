import { expect, it } from 'vitest'
import { audits, branches, chores, notices, outbox, people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

const TEXT = '明早8点在村部大扫除，请带工具'

async function send(bot: TestBot, options = '', by = 'wangshuji', text = TEXT): Promise<string> {
  const preview = await bot.says(by, `通知 发 ${text}`)
  const draftId = /预览 (d-\d+)/.exec(preview)?.[1]
  return bot.says(by, `发布 ${draftId} ${options}`.trim())
}

const whats = (bot: TestBot) =>
  bot.service.store.read(async tx => (await tx.all(audits)).map(({ what, why }) => (why ? `${what}: ${why}` : what)))
const noticeOf = (bot: TestBot, noticeId: string) => bot.service.store.read(tx => tx.get(notices, noticeId))
const choresOf = (bot: TestBot) => bot.service.store.read(tx => tx.all(chores))

inBothRenderings('sending a notice', client => {
  it('is shown first: to how many, when, with what; then everybody of the branch gets it, and nobody else', async () => {
    const bot = await startBot({ client })
    const preview = await bot.says('wangshuji', `通知 发 ${TEXT}`)
    for (const words of ['预览 d-1', '发给 17 人（1 人无手机）', '现在就发', '没有附图片', TEXT])
      expect(preview).toContain(words)
    expect(bot.sentTo('zhangsan')).toEqual([])
    expect(await bot.chooses('wangshuji', '发布')).toContain('已发布 n-1，已通知 16 人，1 人无手机')
    for (const userId of ['zhangsan', 'yubei', 'jiji', 'wangshuji', 'liangbian']) {
      expect(
        bot
          .sentTo(userId)
          .filter(text => text.includes(TEXT))
          .at(-1),
      ).toContain('水泉村党支部通知 n-1')
    }
    for (const userId of ['meiji', 'likai', 'qiaoyi', 'zhenban']) expect(bot.sentTo(userId)).toEqual([])
    expect(await whats(bot)).toContain('publish-notice')
    expect(bot.sentTo('zhangsan').join()).not.toContain('收到')
  })

  it('names those without a phone to the officer who shows it to himself, where they are few', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', `通知 发 ${TEXT}`)).toContain('无手机：吴梅吉，请当面或打电话告知')
    await bot.says('wangshuji', '通知 定时 11-26 9:00 停水')
    await bot.says('wangshuji', '发布 d-2')
    expect(await bot.says('wangshuji', '通知 改 n-1 11-27 9:00')).toContain('无手机：吴梅吉')
    expect(await bot.says('zhenban', `群发 ${TEXT}`)).not.toContain('吴梅吉')
    await bot.service.store.update('x', async tx => {
      const like = await tx.getBy(people, 'userId', 'meiji')
      for (let at = 0; like && at < 10; at += 1)
        await tx.insert(people, { ...like, personId: `p-mei${at}`, userId: `mei${at}` })
    })
    const many = await bot.says('wangshuji', `通知 发 ${TEXT}`)
    expect(many).toContain('11 人无手机')
    expect(many).not.toContain('吴梅吉')
  })

  it('that asks for a receipt, or is urgent, gives the leader of a group one list of whom to call', async () => {
    const bot = await startBot({ client })
    const lists = (userId: string) => bot.sentTo(userId).filter(text => text.startsWith('请打电话'))
    await bot.says('qianxuan', `通知 发 ${TEXT}`)
    await bot.says('qianxuan', '发布 d-1')
    expect(lists('wangshuji')).toEqual([])
    await bot.says('qianxuan', '通知 发 后天查体')
    await bot.says('qianxuan', '发布 d-2 需回执')
    // 二组 has no leader.
    expect(lists('wangshuji')).toEqual([expect.stringMatching(/^请打电话或当面告知 1 人：吴梅吉\nn-2 后天查体/)])
    await bot.says('wangshuji', '党员 职务 曾国凡 党小组长')
    await bot.says('wangshuji', '发布 d-3')
    await bot.says('qianxuan', '通知 发 今晚暴雪')
    await bot.says('qianxuan', '发布 d-4 紧急 暴雪')
    expect([lists('wangshuji').length, lists('zengguofan').length]).toEqual([1, 1])
    // Who published it has their names in his answer.
    await bot.says('wangshuji', '通知 发 @书记 明天碰头')
    await bot.says('wangshuji', '发布 d-5 需回执')
    await bot.says('wangshuji', '党员 职务 曾国凡 无')
    await bot.says('wangshuji', '发布 d-6')
    await bot.says('wangshuji', '通知 发 查体改到周五')
    await bot.says('wangshuji', '发布 d-7 需回执')
    expect(lists('wangshuji')).toHaveLength(1)
  })

  it('of two officers on one draft the first wins, and the second is told who', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', `通知 发 ${TEXT}`)
    expect(await bot.says('lifushu', '发布 d-1')).toContain('已发布 n-1')
    expect(await bot.says('wangshuji', '发布 d-1')).toContain('已由李福书发布，编号 n-1')
    expect(bot.sentTo('zhangsan')).toHaveLength(1)
  })

  it('takes 5,000 characters whole, in as many messages as it needs', async () => {
    const bot = await startBot({ client })
    const long = Array.from({ length: 600 }, (_, at) => `第${String(at).padStart(3, '0')}条请注意`)
      .join('，')
      .slice(0, 5000)
    expect(long).toHaveLength(5000)
    await send(bot, '需回执', 'wangshuji', long)
    const got = bot.sentTo('zhangsan')
    expect(got.length).toBeGreaterThan(5)
    for (const words of ['第000条', '第250条', '第499条']) expect(got.join('')).toContain(words)
    expect(await bot.says('zhangsan', '收到')).toContain('已收到 n-1')
  })

  it('takes emoji alone, and refuses nothing and too much with the fact', async () => {
    const bot = await startBot({ client })
    expect(await send(bot, '', 'wangshuji', '🎉🎉')).toContain('已发布 n-1')
    expect(bot.sentTo('zhangsan').at(-1)).toContain('🎉🎉')
    expect(await bot.says('wangshuji', '通知 发')).toContain('这样发：通知 发 ')
    expect(await bot.says('wangshuji', '通知 发 　 ')).toContain('这样发')
    expect(await bot.says('wangshuji', `通知 发 ${'字'.repeat(6001)}`)).toContain('最多 6000 个字')
  })

  it('waits for the morning, says so, and goes at once with 紧急 and why', async () => {
    const bot = await startBot({ client, at: '2026-11-24T22:00:00+08:00' })
    const preview = await bot.says('wangshuji', `通知 发 ${TEXT}`)
    expect(preview).toContain('现在是休息时间，明天 08:00 发出')
    expect(preview).toContain('发布 d-1 紧急 原因')
    expect(await bot.says('wangshuji', '发布 d-1')).toContain('明天 08:00 发出给 16 人')
    expect(bot.sentTo('zhangsan')).toEqual([])
    expect(await bot.says('wangshuji', '通知 状态')).toContain('还没有发，明天 08:00 发给 16 人')
    await bot.says('wangshuji', '通知 发 河水上涨，请立即转移')
    expect(await bot.says('wangshuji', '发布 d-2 紧急')).toContain('为什么紧急')
    expect(await bot.says('wangshuji', '发布 d-2 紧急 河水上涨')).toContain('已通知 16 人')
    expect(bot.sentTo('zhangsan')).toHaveLength(1)
    expect(await whats(bot)).toContain('publish-notice: 河水上涨')
    await bot.at('2026-11-25T08:00:00+08:00')
    expect(bot.sentTo('zhangsan').at(-1)).toContain(TEXT)
  })

  it('attaches the picture that was sent before it, once', async () => {
    const bot = await startBot({ client })
    await bot.simulator.picture('wangshuji')
    await bot.idle()
    expect(bot.sentTo('wangshuji').at(-1)).toContain('半小时内')
    expect(await bot.says('wangshuji', `通知 发 ${TEXT}`)).toContain('附图片 1 张')
    expect(await bot.says('wangshuji', '通知 发 另一件事')).toContain('没有附图片')
    await bot.says('wangshuji', '发布 d-1')
    const sent = await bot.service.store.read(async tx => (await tx.find(outbox, 'about', 'n-1'))[0])
    expect(sent?.message.picture).toBeTruthy()
    expect(bot.items('zhangsan').map(({ kind }) => kind)).toEqual(['text', 'image'])
    expect((await noticeOf(bot, 'n-1'))?.picture?.mediaId).toBe(sent?.message.picture)
  })

  it('posts a copy in the branch’s group, without asking anybody', async () => {
    const bot = await startBot({ client })
    await bot.service.store.update('branch:b-1', async tx => {
      const branch = await tx.get(branches, 'b-1')
      if (branch) await tx.put(branches, { ...branch, chat: { kind: 'webhook', key: 'k' } })
    })
    await send(bot, '需回执')
    const [post] = await choresOf(bot)
    expect(post?.what).toMatchObject({ does: 'post', text: expect.stringContaining(TEXT) })
    expect(JSON.stringify(post?.what)).not.toContain('收到')
  })
})

inBothRenderings('confirming a notice', client => {
  it('is one press or one word, told once more with its time, and the officers see who has not', async () => {
    const bot = await startBot({ client })
    expect(await send(bot, '需回执')).toContain('已发布 n-1')
    expect(await bot.chooses('zhangsan', '收到')).toContain('已收到 n-1')
    await bot.at('2026-11-24T10:20:00+08:00')
    expect(await bot.says('zhangsan', '收到 17')).toContain('没有这个编号：n-17')
    expect(await bot.says('zhangsan', '收到1')).toMatch(/已收到，11月24日 周二 10:0\d 确认的/)
    expect(await bot.says('lisi', '收到')).toContain('已收到 n-1')
    const status = await bot.says('zhaozuzhi', '通知 状态')
    expect(status).toContain('已收到 2 / 共 16')
    expect(status).toContain('还没确认 14 人')
    expect(status).toContain('曾国凡')
    expect(status).not.toContain('张三')
    expect(status).toMatch(/无手机 1 人.*吴梅吉/)
    expect(status).toContain('已送出 16 人')
    expect(await bot.says('zhangsan', '通知 状态 n-1')).toContain('要由')
  })

  it('收到 alone is silence where nothing, or more than one, is open; with the slash it is answered', async () => {
    const bot = await startBot({ client })
    for (const word of ['收到', '收到。', '收到了', '收到 谢谢']) expect(await bot.says('zhangsan', word)).toBe('')
    expect(await bot.says('zhangsan', '/收到')).toContain('没有等您确认')
    await send(bot, '需回执')
    await send(bot, '需回执', 'wangshuji', '后天停水')
    expect(await bot.says('zhangsan', '收到')).toBe('')
    expect(await bot.says('zhangsan', '/收到')).toContain('有 2 条等您确认')
    const list = await bot.says('zhangsan', '通知')
    expect(list.indexOf('n-2')).toBeLessThan(list.indexOf('n-1'))
    expect(list.indexOf('n-2')).toBeGreaterThan(0)
    expect(await bot.says('zhangsan', '2')).toContain('已收到 n-1')
    expect(await bot.says('zhangsan', '收到')).toContain('已收到 n-2')
    expect(await bot.says('zhangsan', '通知')).toContain('没有等您确认')
  })

  it('does not disturb a question that is open', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    await bot.chooses('wangshuji', '发布')
    await bot.says('lisi', '请假')
    expect(await bot.says('lisi', '收到')).toBe('')
    expect(await bot.says('lisi', '发烧')).toContain('请假待批')
  })

  it('is taken back by 撤回 within ten minutes, and only the own', async () => {
    const bot = await startBot({ client })
    await send(bot, '需回执')
    await bot.says('zhangsan', '收到')
    expect(await bot.says('lisi', '撤回')).toContain('没有能撤回')
    expect(await bot.says('zhangsan', '撤回')).toContain('已撤回对 n-1 的确认')
    expect(await bot.says('wangshuji', '通知 状态 1')).toContain('已收到 0 / 共 16')
    expect(await whats(bot)).toContain('undo-receipt')
    await bot.says('zhangsan', '收到')
    await bot.at('2026-11-24T10:15:00+08:00')
    expect(await bot.says('zhangsan', '撤回')).toContain('没有能撤回')
  })

  it('is asked of nobody where the officer did not say so', async () => {
    const bot = await startBot({ client })
    await send(bot)
    expect(await bot.says('zhangsan', '收到')).toBe('')
    expect(await bot.says('zhangsan', '收到 n-1')).toContain('不用确认')
    expect(await bot.says('wangshuji', '催办 1')).toContain('没有要回执')
    expect(await bot.says('wangshuji', '通知 状态')).toContain('没有要回执')
    expect(await bot.says('zhangsan', '通知 n-1')).toContain(TEXT)
  })

  it('tells officers whom WeCom could not reach, why, and what to do, apart from who has not confirmed', async () => {
    const bot = await startBot({ client })
    bot.simulator.faults.invalid.add('lisi')
    bot.simulator.faults.unlicensed.add('yubei')
    await send(bot, '需回执')
    const status = await bot.says('wangshuji', '通知 状态')
    expect(status).toContain('已收到 0 / 共 16')
    expect(status).toMatch(/还没确认 14 人：(?!.*李四)(?!.*余备)/)
    expect(status).toContain('已送出 14 人，没有送到 2 人')
    expect(status).toMatch(/没有送到：李四（.*激活.*）/)
    expect(status).toMatch(/没有送到：余备（.*许可.*）/)
  })

  it('is among what a member is told he can say now', async () => {
    const bot = await startBot({ client })
    await send(bot, '需回执')
    expect(await bot.says('zhangsan', '帮助')).toMatch(/收到1 — 确认通知“明早8点在村部大扫除，请…”/)
    await bot.says('zhangsan', '收到')
    expect(await bot.says('zhangsan', '帮助')).not.toContain('收到1')
    expect(await bot.says('zhangsan', '我的')).toContain('您的通知回执（2年）')
  })

  it('an id of another branch does not exist', async () => {
    const bot = await startBot({ client })
    await send(bot, '需回执')
    for (const line of ['通知 状态 n-1', '催办 n-1', '通知 收回 n-1', '收到 n-1', '通知 n-1']) {
      expect(await bot.says('qiaoshuji', line), line).toContain('没有这个编号')
    }
  })
})

inBothRenderings('urging', client => {
  it('reminds those who have not confirmed, once a day', async () => {
    const bot = await startBot({ client })
    await send(bot, '需回执')
    await bot.says('zhangsan', '收到')
    await bot.says('zengguofan', '退订')
    for (const userId of ['zhangsan', 'lisi', 'zengguofan', 'meiji']) bot.forget(userId)
    expect(await bot.says('wangshuji', '催办 n-1')).toBe(
      '已催办 n-1，提醒了 13 人。另有 1 人退订了提醒，请当面或打电话告知。您自己还没确认，看过了请发：收到1。',
    )
    expect(bot.newFor('lisi')).toContain('n-1')
    for (const userId of ['zhangsan', 'zengguofan', 'meiji']) expect(bot.newFor(userId), userId).toBe('')
    bot.forget('lisi')
    await bot.at('2026-11-24T15:00:00+08:00')
    expect(await bot.says('lifushu', '催办 n-1')).toContain('今天已经催办过')
    expect(bot.newFor('lisi')).toBe('')
    await bot.at('2026-11-25T15:00:00+08:00')
    expect(await bot.says('lifushu', '催办 n-1')).toContain('提醒了 13 人')
    expect(await bot.chooses('lisi', '收到')).toContain('已收到 n-1')
  })

  it('at night counts for the next day, when it goes', async () => {
    const bot = await startBot({ client })
    await send(bot, '需回执')
    await bot.at('2026-11-24T22:00:00+08:00')
    bot.forget('lisi')
    expect(await bot.says('wangshuji', '催办 n-1')).toContain('明天 08:00 发出')
    await bot.at('2026-11-25T09:00:00+08:00')
    expect(bot.newFor('lisi')).toContain('n-1')
    expect(await bot.says('wangshuji', '催办 n-1')).toContain('今天已经催办过')
  })

  it('退订 and 订阅 say what still comes', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhangsan', '别提醒我')).toMatch(/已退订.*照常发给您.*订阅/)
    const unsubscribed = () => bot.service.store.read(tx => tx.getBy(people, 'userId', 'zhangsan'))
    expect((await unsubscribed())?.unsubscribed).toBe(true)
    await send(bot, '需回执')
    expect(bot.sentTo('zhangsan').at(-1)).toContain(client === 'cards' ? '收到' : '收到1')
    expect(await bot.says('zhangsan', '提醒我')).toContain('已订阅')
    expect((await unsubscribed())?.unsubscribed).toBe(false)
  })
})

inBothRenderings('a scheduled notice', client => {
  async function schedule(bot: TestBot, when = '11-26 9:00', options = ''): Promise<string> {
    const preview = await bot.says('wangshuji', `通知 定时 ${when} 今天下午停水`)
    const draftId = /预览 (d-\d+)/.exec(preview)?.[1]
    return bot.says('wangshuji', `发布 ${draftId} ${options}`.trim())
  }

  it('goes at its time, once, to those who are there then', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '通知 定时 11-26 9:00 今天下午停水')).toContain('11月26日 周四 09:00 发')
    expect(await bot.chooses('wangshuji', '发布')).toContain('已发布 n-1，11月26日 周四 09:00 发给 17 人')
    expect(await bot.says('lifushu', '通知')).toContain('n-1 水泉村党支部，11月26日 周四 09:00：今天下午停水')
    expect(await bot.says('zhangsan', '通知')).not.toContain('n-1')
    expect(await bot.says('zhangsan', '通知 n-1')).toContain('没有这个编号')
    await bot.service.store.update('x', async tx => {
      const leaver = await tx.getBy(people, 'userId', 'lisi')
      if (leaver) await tx.put(people, { ...leaver, status: 'transferred' })
    })
    await bot.at('2026-11-26T08:59:00+08:00')
    expect(bot.sentTo('zhangsan').join()).not.toContain('下午停水')
    await bot.at('2026-11-26T09:00:30+08:00')
    await bot.at('2026-11-26T09:05:00+08:00')
    expect(bot.sentTo('zhangsan').filter(text => text.includes('今天下午停水'))).toHaveLength(1)
    expect(bot.sentTo('lisi')).toEqual([])
    expect((await noticeOf(bot, 'n-1'))?.state).toBe('sent')
  })

  it('is refused in the past, and without a day or an hour', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '通知 定时 11-24 9:00 停水')).toContain('已过')
    expect(await bot.says('wangshuji', '通知 定时 明天 停水')).toContain('哪天几点')
    expect(await bot.says('wangshuji', '通知 定时 停水')).toContain('这样发')
    await bot.says('wangshuji', '通知 定时 10:10 停水')
    await bot.says('wangshuji', '通知 定时 11-24 10:10 停水')
    await bot.at('2026-11-24T10:15:00+08:00')
    expect(await bot.says('wangshuji', '发布 d-1')).toContain('已过')
    expect(await noticeOf(bot, 'n-1')).toBeUndefined()
  })

  it('in the quiet hours goes in the morning, unless 紧急', async () => {
    const bot = await startBot({ client })
    expect(await schedule(bot, '今晚10点')).toContain('11月25日 周三 08:00 发给')
    expect(await schedule(bot, '今晚10点', '紧急 防汛值守')).toContain('11月24日 周二 22:00 发给')
    await bot.at('2026-11-24T22:01:00+08:00')
    expect(bot.sentTo('zhangsan')).toHaveLength(1)
    expect(bot.sentTo('zhangsan')[0]).toContain('n-2')
    await bot.at('2026-11-25T08:01:00+08:00')
    expect(bot.sentTo('zhangsan')).toHaveLength(2)
  })

  it('can be changed and taken back until then, which is audited', async () => {
    const bot = await startBot({ client })
    await schedule(bot)
    expect(await bot.says('lifushu', '通知 改 n-1 11-27 9:30')).toContain('原定 11月26日 周四 09:00')
    expect(await bot.chooses('lifushu', '发布')).toContain('已改 n-1，11月27日 周五 09:30 发')
    await bot.says('lifushu', '通知 改 1 停水改到周六')
    await bot.chooses('lifushu', '发布')
    expect(await noticeOf(bot, 'n-1')).toMatchObject({ text: '停水改到周六', dueAt: '2026-11-27T01:30:00.000Z' })
    expect(await bot.says('lifushu', '通知 改 n-1')).toContain('要写新的时间或内容')
    expect(await bot.says('lifushu', '通知 改 n-1 11-20 9:00')).toContain('已过')
    expect(await bot.says('wangshuji', '通知 收回 n-1')).toContain('没有发给任何人')
    expect(await bot.says('wangshuji', '通知 改 n-1 11-28 9:00')).toContain('已经取消')
    await bot.at('2026-11-27T09:31:00+08:00')
    expect(bot.sentTo('zhangsan')).toEqual([])
    expect(await whats(bot)).toEqual(expect.arrayContaining(['change-notice', 'recall-notice']))
  })

  it('a change that comes too late changes nothing', async () => {
    const bot = await startBot({ client })
    await schedule(bot, '11-24 10:05')
    await bot.says('lifushu', '通知 改 n-1 11-27 9:30')
    await bot.at('2026-11-24T10:06:00+08:00')
    expect(await bot.says('lifushu', '发布 d-2')).toContain('已经发出')
    expect(bot.sentTo('zhangsan')).toHaveLength(1)
  })

  it('that a sleeping machine missed goes when it wakes, and who set it is told', async () => {
    const bot = await startBot({ client })
    await schedule(bot)
    bot.forget('wangshuji')
    await bot.at('2026-12-03T10:00:00+08:00')
    expect(bot.sentTo('zhangsan').filter(text => text.includes('停水'))).toHaveLength(1)
    expect(bot.newFor('wangshuji')).toContain('现在才发')
  })

  it('with a picture must go before WeCom forgets the picture', async () => {
    const bot = await startBot({ client })
    await bot.simulator.picture('wangshuji')
    expect(await bot.says('wangshuji', '通知 定时 11-28 9:00 停水')).toContain('只保存三天')
    expect(await bot.says('wangshuji', '通知 定时 11-26 9:00 停水')).toContain('附图片 1 张')
  })

  it('is named by a dry run, and not sent by it', async () => {
    const bot = await startBot({ client })
    await schedule(bot)
    const dry = await bot.service.job('notice-publisher', { at: new Date('2026-11-26T09:00:00+08:00'), dryRun: true })
    expect(dry?.report).toBe('sent 1 of 1 scheduled notices')
    expect(dry?.sent[0]?.to).toContain('zhangsan')
    await bot.idle()
    expect(bot.sentTo('zhangsan')).toEqual([])
    await bot.service.job('notice-publisher', { at: new Date('2026-11-26T09:00:00+08:00'), dryRun: false })
    await bot.service.job('notice-publisher', { at: new Date('2026-11-26T09:00:00+08:00'), dryRun: false })
    await bot.idle()
    expect(bot.sentTo('zhangsan')).toHaveLength(1)
  })
})

inBothRenderings('recalling', client => {
  it('takes WeCom’s copies back, and corrects where the copy stays', async () => {
    const bot = await startBot({ client })
    await bot.says('zhangsan', client === 'cards' ? '界面 卡片' : '界面 文字')
    await send(bot, '需回执')
    await bot.says('lifushu', '收到')
    const said = await bot.says('wangshuji', '通知 收回 n-1')
    expect(said).toContain('已收回 n-1：企业微信里的正在撤回')
    await bot.idle()
    const phone = bot.sentTo('zhangsan')
    if (client === 'cards') {
      expect(phone.filter(text => text.includes(TEXT))).toEqual([])
      expect(phone.join()).not.toContain('更正')
    } else expect(phone.at(-1)).toMatch(/^更正：水泉村党支部 11月24日 周二 10:0\d 的通知 n-1 已收回/)
    expect((await choresOf(bot)).every(chore => chore.what.does === 'recall' && chore.state === 'done')).toBe(true)
    for (const userId of ['lisi', 'lifushu'])
      expect(await bot.says(userId, '收到 n-1')).toContain('已经收回，不用确认，请不要照它办')
    expect(await bot.says('wangshuji', '催办 1')).toContain('已经收回')
    await bot.at('2026-11-24T10:30:00+08:00')
    const corrections = bot.sentTo('lisi').filter(text => text.includes('更正')).length
    expect(await bot.says('lifushu', '通知 收回 n-1')).toContain('已经收回过了')
    expect(bot.sentTo('lisi').filter(text => text.includes('更正'))).toHaveLength(corrections)
  })

  it('after 24 hours is a correction alone, to everybody', async () => {
    const bot = await startBot({ client })
    await send(bot)
    await bot.at('2026-11-25T11:00:00+08:00')
    expect(await bot.says('wangshuji', '通知 收回 1')).toContain('已过 24 小时，企业微信里的收不回；已发更正给 16 人')
    for (const userId of ['zhangsan', 'lifushu']) expect(bot.sentTo(userId).at(-1)).toContain('更正')
    expect(await choresOf(bot)).toEqual([])
  })

  it('of a notice whose sending nobody remembers is a correction to all', async () => {
    const bot = await startBot({ client })
    await send(bot)
    const { outgoingIds } = (await noticeOf(bot, 'n-1')) ?? {}
    await bot.service.store.update('x', tx => tx.remove(outbox, outgoingIds?.[0] ?? ''))
    await bot.at('2027-01-20T10:00:00+08:00')
    expect(await bot.says('wangshuji', '通知 收回 n-1')).toContain('已发更正给 16 人')
    expect(bot.sentTo('zhangsan').at(-1)).toContain('更正')
  })

  it('corrects nobody whom WeCom could not reach: he has no copy', async () => {
    const bot = await startBot({ client })
    bot.simulator.faults.invalid.add('lisi')
    bot.simulator.faults.unlicensed.add('yubei')
    await send(bot)
    await bot.at('2026-11-25T11:00:00+08:00')
    bot.simulator.faults.invalid.clear()
    bot.simulator.faults.unlicensed.clear()
    expect(await bot.says('wangshuji', '通知 收回 1')).toContain('已发更正给 14 人')
    for (const userId of ['lisi', 'yubei']) expect(bot.sentTo(userId)).toEqual([])
    expect(bot.sentTo('zhangsan').at(-1)).toContain('更正')
  })

  it('so late that nobody knows which groups have a copy says that none was corrected', async () => {
    const bot = await startBot({ client })
    await bot.bindsGroup('wangshuji')
    await send(bot)
    await send(bot)
    await bot.service.store.update('x', async tx => {
      for (const { outgoingId } of await tx.all(outbox)) await tx.remove(outbox, outgoingId)
      for (const { choreId } of await tx.all(chores)) await tx.remove(chores, choreId)
    })
    await bot.at('2027-01-20T10:00:00+08:00')
    expect(await bot.says('wangshuji', '通知 收回 n-1')).toContain('群里的没有更正，请到群里说一声')
    await bot.says('wangshuji', '群 解绑')
    expect(await bot.says('wangshuji', '通知 收回 n-2')).not.toContain('群里')
  })

  it('before it went is silence, for the group too', async () => {
    const bot = await startBot({ client, at: '2026-11-24T22:00:00+08:00' })
    await bot.service.store.update('branch:b-1', async tx => {
      const branch = await tx.get(branches, 'b-1')
      if (branch) await tx.put(branches, { ...branch, chat: { kind: 'webhook', key: 'k' } })
    })
    await send(bot, '需回执')
    expect(await bot.says('wangshuji', '通知 收回 n-1')).toContain('没有发给任何人')
    await bot.at('2026-11-25T08:30:00+08:00')
    expect(bot.sentTo('zhangsan')).toEqual([])
    expect((await choresOf(bot)).map(({ state }) => state)).toEqual(['failed'])
    expect(await bot.says('zhangsan', '收到')).toBe('')
  })
})
