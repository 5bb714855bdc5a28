import { expect, it } from 'vitest'
import { audits, chores, outbox, people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function call(bot: TestBot, line: string, by = 'wangshuji'): Promise<void> {
  await bot.says(by, `会议 新建 ${line}`)
  expect(await bot.chooses(by, '发布')).toContain('已发布 m-')
}

/** As WeCom would have answered for them. */
async function miss(bot: TestBot, about: string, userIds: readonly string[], advice: string): Promise<void> {
  await bot.service.store.update('outbox:o-1', async tx => {
    const [record] = await tx.find(outbox, 'about', about)
    if (!record) return
    const unreached = [...record.unreached]
    for (const userId of userIds) {
      const person = await tx.getBy(people, 'userId', userId)
      unreached.push({ personId: person?.personId ?? '', code: '43004', advice })
    }
    await tx.put(outbox, { ...record, unreached })
  })
}

async function broadcast(bot: TestBot): Promise<void> {
  await bot.says('zhenban', '群发 防火通知')
  expect(await bot.says('zhenban', '发布 d-1')).toContain('已发布 n-1')
}

inBothRenderings('what was sent', client => {
  it('is told in numbers, then by whom it did not reach and why', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '发送记录')).toContain('没有给多人发过')
    await call(bot, '党课 11-26 19:00 村部 学习')
    await miss(bot, 'm-1', ['zhangsan', 'lisi'], '没有关注微信插件：请他扫微信插件二维码')
    expect(await bot.says('lifushu', '发送记录')).toContain('m-1 党课 · 学习：17 人，送到 14，没送到 2，无手机 1')
    const told = await bot.says('wangshuji', '发送记录 m-1')
    expect(told).toContain('张三、李四：没有关注微信插件：请他扫微信插件二维码')
    expect(told).toContain('吴梅吉：无手机，请当面或打电话告知')
    expect(told).toContain('可以再发给 2 人')
  })

  it('goes once more to those it did not reach, after a preview, and to nobody else', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 11-26 19:00 村部 学习')
    await miss(bot, 'm-1', ['zhangsan', 'lisi'], '没有激活')
    await bot.says('wangshuji', '发送记录 1')
    const preview = await bot.chooses('wangshuji', '重发')
    expect(preview).toContain('请您参加：党课 · 学习')
    expect(preview).toContain('发给 2 人：张三、李四')
    for (const userId of ['zhangsan', 'lisi', 'zengguofan']) bot.forget(userId)
    expect(await bot.chooses('wangshuji', '发布')).toContain('已重发 m-1，发给 2 人')
    for (const userId of ['zhangsan', 'lisi']) expect(bot.newFor(userId)).toContain('请您参加：党课 · 学习')
    expect(bot.newFor('zengguofan')).toBe('')
    const after = await bot.says('wangshuji', '发送记录 m-1')
    expect(after).toContain('17 人，送到 16，无手机 1')
    expect(after).not.toContain('再发给')
    expect(await bot.says('wangshuji', '发送记录 m-1 重发')).toContain('没有可以重发的人')
  })

  it('is of the speaker’s branch alone: another branch’s sends do not exist', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 11-26 19:00 村部 学习')
    await call(bot, '党课 11-26 19:00 村部 学党史', 'qiaoshuji')
    expect(await bot.says('wangshuji', '发送记录')).not.toContain('m-2')
    expect(await bot.says('wangshuji', '发送记录 m-2')).toContain('没有这个编号')
    expect(await bot.says('wangshuji', '发送记录 m-2 重发')).toContain('没有这个编号')
    const all = await bot.says('zhenban', '发送记录')
    for (const id of ['m-1', 'm-2']) expect(all).toContain(id)
    expect(await bot.says('zhenban', '发送记录 @石桥')).not.toContain('m-1')
  })

  it('shows of a township notice the people of the own branch, and the township the sums by branch', async () => {
    const bot = await startBot({ client })
    await broadcast(bot)
    await miss(bot, 'n-1', ['zhangsan', 'lisi', 'qiaoer'], '没有激活')
    const told = await bot.says('wangshuji', '发送记录 n1')
    expect(told).toContain('张三、李四：没有激活')
    expect(told).toContain('吴梅吉：无手机')
    expect(told).not.toContain('乔二')
    const all = await bot.says('zhenban', '发送记录 n-1')
    expect(all).toContain('乔二（石桥村党支部）：没有激活')
    expect(all).toContain('没送到：水泉村党支部 2、石桥村党支部 1')
    expect(all).toContain('无手机：水泉村党支部 1')
    expect(all).not.toContain('吴梅吉')
    expect(await bot.says('zhenban', '发送记录 @石桥 n-1')).toContain('　乔二：没有激活')
  })

  it('names a few of very many, and how to see the rest', async () => {
    const bot = await startBot({ client })
    const many = Array.from({ length: 300 }, (_, at) => `duo${at}`)
    await bot.service.store.update('township', async tx => {
      const like = await tx.getBy(people, 'userId', 'qiaoer')
      for (const userId of many)
        if (like) await tx.insert(people, { ...like, personId: `p-${userId}`, userId, name: '钱多多' })
    })
    await broadcast(bot)
    await miss(bot, 'n-1', many, '没有激活')
    const all = await bot.says('zhenban', '发送记录 n-1')
    expect(all.length).toBeLessThan(600)
    expect(all).toMatch(/没送到：石桥村党支部 300/)
    expect(all).toContain('发送记录 @支部名 n-1')
    expect((await bot.says('zhenban', '发送记录 n-1 重发')).length).toBeLessThan(1500)
  })

  it('is settled by those whose matter it is: the township’s resend by no branch', async () => {
    const bot = await startBot({ client })
    await broadcast(bot)
    await miss(bot, 'n-1', ['zhangsan', 'qiaoer'], '没有激活')
    await bot.says('zhenban', '发送记录 n-1 重发')
    for (const userId of ['wangshuji', 'qiaoshuji']) {
      expect(await bot.says(userId, '发布 d-2'), userId).toContain('没有这个编号')
      expect(await bot.says(userId, '作罢 d-2'), userId).toContain('没有这个编号')
    }
    expect(await bot.chooses('zhenban', '发布')).toContain('发给 2 人')
    const resent = await bot.service.store.read(async tx =>
      (await tx.all(audits)).find(({ what }) => what === 'resend'),
    )
    expect(resent).toMatchObject({ about: 'n-1', branchId: null, after: { people: 2 } })
  })

  it('of a meeting of another branch lies with that branch, though the township proposed it', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 11-26 19:00 村部 学党史', 'qiaoshuji')
    await miss(bot, 'm-1', ['qiaoer'], '没有激活')
    await bot.says('zhenban', '发送记录 m-1 重发')
    expect(await bot.says('wangshuji', '发布 d-2')).toContain('没有这个编号')
    expect(await bot.says('qiaoshuji', '发布 d-2')).toContain('已重发 m-1，发给 1 人')
    const resent = await bot.service.store.read(async tx =>
      (await tx.all(audits)).find(({ what }) => what === 'resend'),
    )
    expect(resent?.branchId).toBe('b-2')
  })

  it('goes once, whoever published a resend of it too', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 11-26 19:00 村部 学习')
    await miss(bot, 'm-1', ['zhangsan', 'lisi'], '没有激活')
    await bot.says('wangshuji', '发送记录 m-1 重发')
    await bot.says('lifushu', '发送记录 m-1 重发')
    expect(await bot.says('wangshuji', '发布 d-2')).toContain('发给 2 人')
    bot.forget('zhangsan')
    expect(await bot.says('lifushu', '发布 d-3')).toContain('m-1 已重发过')
    expect(bot.newFor('zhangsan')).toBe('')
    expect(await bot.says('wangshuji', '发布 d-3')).toContain('已由李福书发布')
  })

  it('of the old hour is not told to who knows the new one', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 11-26 19:00 村部 学习')
    await miss(bot, 'm-1', ['zhangsan'], '没有激活')
    await bot.says('wangshuji', '发送记录 m-1 重发')
    await bot.says('wangshuji', '会议 改期 m-1 11-27 19:00')
    await bot.says('wangshuji', '发布 d-3')
    bot.forget('zhangsan')
    expect(await bot.says('wangshuji', '发布 d-2')).toContain('已重发过')
    expect(await bot.says('wangshuji', '发送记录 m-1 重发')).toContain('没有可以重发的人')
    expect(bot.newFor('zhangsan')).toBe('')
  })

  it('of what another replaced is refused for who missed both', async () => {
    const bot = await startBot({ client })
    bot.simulator.faults.invalid.add('zhangsan')
    await call(bot, '党课 11-26 19:00 村部 学习')
    await bot.says('wangshuji', '发送记录 m-1 重发')
    await bot.says('wangshuji', '会议 改期 m-1 11-27 19:00')
    await bot.says('wangshuji', '发布 d-3')
    expect(await bot.says('wangshuji', '发布 d-2')).toContain('后来又发过新的')
    bot.simulator.faults.invalid.clear()
    await bot.says('wangshuji', '发送记录 m-1 重发')
    expect(await bot.says('wangshuji', '发布 d-4')).toContain('发给 1 人')
    expect(bot.sentTo('zhangsan')).toHaveLength(1)
    expect(bot.sentTo('zhangsan')[0]).toContain('11月27日')
  })

  it('of a notice is seen by its status, and taken back with it', async () => {
    const bot = await startBot({ client })
    bot.simulator.faults.invalid.add('lisi')
    bot.simulator.faults.invalid.add('yubei')
    await bot.says('wangshuji', '通知 发 明早大扫除')
    await bot.says('wangshuji', '发布 d-1 需回执')
    await bot.says('wangshuji', '催办 n-1')
    expect(await bot.says('wangshuji', '通知 状态 n-1')).toContain('没有送到 2 人')
    bot.simulator.faults.invalid.delete('lisi')
    const preview = await bot.says('wangshuji', '发送记录 n-1 重发')
    expect(preview).toContain('水泉村党支部通知 n-1')
    expect(preview).not.toContain('提醒您')
    expect(await bot.chooses('wangshuji', '发布')).toContain('发给 2 人')
    expect(bot.sentTo('lisi').at(-1)).toContain('明早大扫除')
    const status = await bot.says('wangshuji', '通知 状态 n-1')
    expect(status).toContain('已送出 15 人，没有送到 1 人')
    expect(status).toMatch(/没有送到：余备（/)
    expect(await bot.says('wangshuji', '发送记录 n-1')).toContain('17 人，送到 15，没送到 1，无手机 1')
    await bot.says('wangshuji', '通知 收回 n-1')
    await bot.idle()
    const phone = bot.sentTo('lisi')
    if (client === 'cards') expect(phone.join()).not.toContain('明早大扫除')
    const recalled = await bot.service.store.read(async tx => {
      const resent = (await tx.find(outbox, 'about', 'n-1')).find(({ dedupeKey }) => dedupeKey === 'resend:o-1:1')
      const msgid = resent?.calls?.[0]?.msgids?.[0]
      return (await tx.all(chores)).some(({ what }) => what.does === 'recall' && what.msgid === msgid)
    })
    expect(recalled).toBe(true)
  })

  it('that waits for the morning counts as waiting, not as received', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 11-26 19:00 村部 学习')
    await miss(bot, 'm-1', ['zhangsan', 'lisi'], '没有激活')
    await bot.at('2026-11-24T22:00:00+08:00')
    await bot.says('wangshuji', '发送记录 m-1 重发')
    expect(await bot.chooses('wangshuji', '发布')).toContain('明天 08:00 发出给 2 人')
    expect(await bot.says('wangshuji', '发送记录 m-1')).toContain('17 人，送到 14，无手机 1，还有 2 人在发')
    expect(await bot.says('wangshuji', '发送记录 m-1 重发')).toContain('没有可以重发的人')
  })

  it('says nothing of answers to one person, and announces nothing that is over', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 明晚7点 村部 学习')
    await bot.says('lisi', '请假 发烧')
    await bot.says('wangshuji', '准假 李四 1')
    await miss(bot, 'm-1', ['zhangsan'], '没有激活')
    expect((await bot.says('wangshuji', '发送记录 m-1')).match(/人，送到/g)).toHaveLength(1)
    await bot.at('2026-11-26T00:01:00+08:00')
    expect(await bot.says('wangshuji', '发送记录')).toContain('17 人')
    expect(await bot.says('wangshuji', '发送记录 m-1 重发')).toContain('不用再发')
  })
})
