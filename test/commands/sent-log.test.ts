import { expect, it } from 'vitest'
import { notices, outbox, people } from '../../src/store/collections.ts'
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

  it('shows of a township notice the people of the own branch', async () => {
    const bot = await startBot({ client })
    await bot.service.store.update('township', async tx => {
      const at = tx.now.toISOString()
      const to = (await tx.all(people)).map(({ personId }) => personId)
      const about = {
        noticeId: 'n-1',
        branchId: null,
        branchIds: ['b-1', 'b-2'],
        by: 'p-1',
        text: '防火',
        picture: null,
      }
      const state = { state: 'sent' as const, publishedAt: at, dueAt: at, receipt: false, urgent: null, urgedOn: null }
      const outgoingId = await tx.send({ text: '防火通知' }, to, { about: 'n-1' })
      await tx.insert(notices, { ...about, ...state, to, outgoingIds: outgoingId ? [outgoingId] : [] })
    })
    await bot.idle()
    await miss(bot, 'n-1', ['zhangsan', 'qiaoer'], '没有激活')
    const told = await bot.says('wangshuji', '发送记录 n1')
    expect(told).toContain('张三：没有激活')
    expect(told).not.toContain('乔二')
    expect(await bot.says('zhenban', '发送记录 n-1')).toContain('乔二')
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
