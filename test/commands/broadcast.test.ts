import { expect, it } from 'vitest'
import { audits, notices, outbox } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

const TEXT = '明天有暴雪，请各支部看望独居老人'

async function broadcast(bot: TestBot, options = ''): Promise<string> {
  await bot.says('zhenban', `群发 ${TEXT}`)
  return bot.says('zhenban', `发布 d-1 ${options}`.trim())
}

const outgoingOf = (bot: TestBot, about = 'n-1') =>
  bot.service.store.read(async tx => (await tx.find(outbox, 'about', about)).at(0))

inBothRenderings('a notice to all branches', client => {
  it('is shown with its totals, reaches each person once, and tells who started it how it went', async () => {
    const bot = await startBot({ client })
    const preview = await bot.says('zhenban', `群发 @全镇 ${TEXT}`)
    expect(preview).toContain('发给 22 人（1 人无手机），2 个支部')
    bot.forget('zhenban')
    const published = await bot.chooses('zhenban', '发布')
    expect(published).toContain('已发布 n-1，已通知 21 人')
    expect(published).toContain('群发 停 n-1')
    expect(bot.newFor('zhenban')).toContain('n-1 发完了：共 22 人')
    for (const userId of ['zhangsan', 'qiaoyi', 'liangbian']) {
      const got = bot.sentTo(userId)
      expect(got).toHaveLength(1)
      expect(got[0]).toContain('镇党建办通知 n-1')
    }
  })

  it('shows each branch its own figures and names, and the township the sums in branch order', async () => {
    const bot = await startBot({ client })
    await broadcast(bot, '需回执')
    await bot.says('zhangsan', '收到')
    await bot.says('qiaoyi', '收到')
    const own = await bot.says('wangshuji', '通知 状态')
    expect(own).toContain('已收到 1 / 共 16')
    expect(own).not.toContain('乔')
    expect(own).not.toContain('催办')
    expect(await bot.says('qiaoshuji', '通知 状态 n-1')).toContain('已收到 1 / 共 5')
    const all = await bot.says('zhenban', '通知 状态 n-1')
    expect(all).toContain('已收到 2 / 共 21')
    expect(all).toMatch(/水泉村党支部 1\/16\n石桥村党支部 1\/5/)
    expect(all).not.toContain('李四')
    expect(await bot.says('zhenban', '通知 状态 @石桥 n-1')).toContain('乔二')
  })

  it('is the township’s to urge, to recall and to stop', async () => {
    const bot = await startBot({ client })
    await broadcast(bot, '需回执')
    for (const line of ['催办 n-1', '通知 收回 n-1', '通知 改 n-1 11-28 9:00']) {
      expect(await bot.says('wangshuji', line), line).toContain('要由镇党建办来办')
    }
    expect(await bot.says('wangshuji', '群发 停 n-1')).toContain('要由镇党建办来发')
    expect(await bot.says('zhenban', '催办 n-1')).toContain('提醒了 20 人')
    expect(await bot.says('zhenban', '通知 收回 n-1')).toContain('已收回 n-1')
  })

  it('is stopped before it went: nobody gets it', async () => {
    const bot = await startBot({ client, at: '2026-11-24T22:00:00+08:00' })
    await broadcast(bot)
    expect(await bot.says('zhenban', '群发 停 n-1')).toBe('已停发 n-1，22 人不再发。没有发给任何人。')
    await bot.at('2026-11-25T08:30:00+08:00')
    expect(bot.sentTo('zhangsan')).toEqual([])
    expect((await outgoingOf(bot))?.state).toBe('done')
    expect(await bot.says('zhenban', '群发 停 n-1')).toContain('已经停发')
    const what = await bot.service.store.read(async tx => (await tx.all(audits)).map(entry => entry.what))
    expect(what).toContain('stop-notice')
  })

  it('is stopped while WeCom makes it wait: what was put back is not sent later', async () => {
    const bot = await startBot({ client })
    await bot.says('zhenban', `群发 ${TEXT}`)
    bot.simulator.faults.rateLimit(1)
    await bot.says('zhenban', '发布 d-1 需回执')
    expect((await outgoingOf(bot))?.calls?.every(({ state }) => state === 'waiting')).toBe(true)
    expect(await bot.says('zhenban', '通知 状态')).toContain('还有 21 人在发')
    expect(await bot.says('zhenban', '群发 停 1')).toContain('21 人不再发。没有发给任何人。')
    await bot.at('2026-11-24T10:10:00+08:00')
    for (const userId of ['zhangsan', 'qiaoyi']) expect(bot.sentTo(userId)).toEqual([])
    expect((await outgoingOf(bot))?.state).toBe('done')
    expect(await bot.says('zhangsan', '收到')).toBe('')
  })

  it('is stopped half-way: who has it keeps it and may confirm, who has not gets nothing', async () => {
    const bot = await startBot({ client, at: '2026-11-24T22:00:00+08:00' })
    await broadcast(bot, '需回执')
    // As the deliverer leaves it with one call done and one to go.
    await bot.service.store.update('outbox', async tx => {
      const record = (await tx.find(outbox, 'about', 'n-1'))[0]
      if (!record) return
      const part = { msgtype: 'text', text: { content: TEXT } }
      const done = {
        part,
        userIds: ['zhangsan'],
        state: 'done' as const,
        markedAt: tx.now.toISOString(),
        msgids: ['x'],
      }
      const rest = { part, userIds: ['lisi', 'qiaoyi'], state: 'waiting' as const }
      const after = { ...rest, userIds: ['zhangsan'] }
      await tx.put(outbox, { ...record, dueAt: '2026-11-25T00:00:00.000Z', calls: [done, rest, after] })
    })
    expect(await bot.says('zhenban', '群发 停 n-1')).toContain('已停发 n-1，2 人不再发。已经发出的要收回')
    await bot.at('2026-11-25T08:30:00+08:00')
    expect(bot.sentTo('zhangsan').join()).toContain(TEXT)
    for (const userId of ['lisi', 'qiaoyi']) expect(bot.sentTo(userId)).toEqual([])
    expect((await bot.service.store.read(tx => tx.get(notices, 'n-1')))?.state).toBe('stopped')
    expect(await bot.says('lisi', '收到 n-1')).toContain('没有这个编号')
  })

  it('has a text that begins with 停, and no audience but all', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhenban', '群发 停水三天，请各户存水')).toContain('停水三天，请各户存水')
    expect(await bot.says('zhenban', '群发 @水泉 停水')).toContain('通知 发 @水泉村党支部 内容')
    expect(await bot.says('zhenban', '群发 停 n-9')).toContain('没有这个编号')
    await bot.says('wangshuji', '通知 发 停水')
    await bot.says('wangshuji', '发布')
    expect(await bot.says('zhenban', '群发 停 n-1')).toContain('不是群发')
  })

  it('that has gone out cannot be stopped, only recalled', async () => {
    const bot = await startBot({ client })
    await broadcast(bot)
    expect(await bot.says('zhenban', '群发 停 n-1')).toContain('已经发完，停不了')
  })

  it('is open to an administrator who is not on the roster, whom no branch’s draft obeys', async () => {
    const bot = await startBot({ client, env: { ADMIN_USERIDS: 'office1' } })
    await bot.says('wangshuji', '通知 发 停水')
    await bot.says('office1', `群发 ${TEXT}`)
    expect(await bot.says('office1', '发布 d-1')).toContain('没有这个编号')
    expect(await bot.says('office1', '作罢 d-1')).toContain('没有这个编号')
    expect(await bot.says('wangshuji', '发布 d-2')).toContain('没有这个编号')
    expect(await bot.says('office1', '发布')).toContain('已发布 n-1')
    expect(bot.sentTo('zhangsan')).toHaveLength(1)
  })

  it('is looked after by such an administrator, who is told to ask since no report reaches him', async () => {
    const bot = await startBot({ client, env: { ADMIN_USERIDS: 'office1' } })
    await bot.says('wangshuji', '通知 发 停水')
    await bot.says('wangshuji', '发布')
    bot.simulator.faults.invalid.add('qiaoer')
    await bot.says('office1', `群发 ${TEXT}`)
    expect(await bot.says('office1', '发布 d-2 需回执')).toContain('发完了没法另外告诉您，看进度请发：通知 状态 n-2')
    expect((await outgoingOf(bot, 'n-2'))?.reportTo).toBeUndefined()
    await bot.says('zhangsan', '收到 n-2')
    const status = await bot.says('office1', '通知 状态')
    expect(status).toContain('n-2')
    expect(status).toContain('已收到 1 / 共 21')
    expect(status).toContain('没有送到：乔二（石桥村党支部）（')
    const sent = await bot.says('office1', '发送记录')
    expect(sent).toContain('n-2 通知：22 人，送到 20，没送到 1，无手机 1')
    expect(sent).not.toContain('n-1')
    for (const line of ['通知 状态 n-1', '催办 n-1', '通知 收回 n-1', '发送记录 n-1']) {
      expect(await bot.says('office1', line), line).toContain('没有这个编号')
    }
    bot.simulator.faults.invalid.clear()
    await bot.says('office1', '发送记录 n-2 重发')
    expect(await bot.says('office1', '发布 d-3')).toContain('已重发 n-2，发给 1 人')
    expect(bot.sentTo('qiaoer').at(-1)).toContain(TEXT)
    expect(await bot.says('office1', '催办 n-2')).toContain('提醒了 20 人')
    expect(await bot.says('office1', '通知 收回 n-2')).toContain('已收回 n-2')
  })
})
