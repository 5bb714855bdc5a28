import { expect, it } from 'vitest'
import { type DuesEntry, dues, duesBooks } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'
import { auditsOf, balanceIn, faultsInBooks, linesOf } from '../dues.ts'

/** D2026-1-0001 of 张三, -0002 of 李四, -0003 of 周祖章. */
async function started(client: 'cards' | 'text'): Promise<TestBot> {
  const bot = await startBot({ client })
  for (const name of ['张三', '李四', '周祖章']) await bot.says('zhaozuzhi', `收缴 ${name}`)
  for (const userId of ['zhangsan', 'lisi', 'zuzhang', 'zhaozuzhi']) bot.forget(userId)
  return bot
}

inBothRenderings('冲销', client => {
  it('by number and reason takes a receipt back with a second line, and tells the member why', async () => {
    const bot = await started(client)
    const told = await bot.says('zhaozuzhi', '冲销 D2026-1-0001 记错人')
    expect(told).toBe('已冲销 D2026-1-0001：张三 11月 0.50 元。已告诉本人。要重新记请发：收缴 张三')
    expect(bot.newFor('zhangsan')).toContain('收据 D2026-1-0001 已冲销：11月 0.50 元\n原因：记错人')
    const lines = await linesOf(bot)
    expect(lines.map(({ kind }) => kind)).toEqual(['collected', 'collected', 'collected', 'reversed'])
    expect(lines.at(-1)).toMatchObject({ receiptNo: 'D2026-1-0001', why: '记错人', by: 'p-3', personId: 'p-7' })
    expect(await bot.says('zhangsan', '党费')).toContain('未缴：11月')
    expect(await auditsOf(bot, 'reverse-dues')).toMatchObject([{ about: 'D2026-1-0001', why: '记错人' }])
    expect([await balanceIn(bot), await faultsInBooks(bot)]).toEqual([150, []])
  })

  it('asks the reason where none is said, and is understood in other spellings', async () => {
    const bot = await started(client)
    expect(await bot.says('zhaozuzhi', '冲销 d2026-1-1')).toBe('D2026-1-0001 为什么冲销？请回原因。')
    expect(await bot.says('zhaozuzhi', '收错了 钱')).toContain('已冲销 D2026-1-0001')
    expect(await bot.says('zhaozuzhi', '冲销 Ｄ２０２６-1-0002 收错')).toContain('已冲销 D2026-1-0002')
    expect((await linesOf(bot)).at(-2)).toMatchObject({ why: '收错了 钱' })
  })

  it('by name offers his last three that stand, newest first, and asks the reason too', async () => {
    const bot = await started(client)
    await bot.says('zhaozuzhi', '收缴 张三 12月')
    await bot.says('zhaozuzhi', '冲销 D2026-1-0001 记错人')
    await bot.says('zhaozuzhi', '收缴 张三 11月')
    const asked = await bot.says('zhaozuzhi', '冲销 张三')
    expect(asked).toContain('冲销张三的哪一张？请回数字：\n1 D2026-1-0005 11月 0.50 元\n2 D2026-1-0004 12月 0.50 元')
    expect(asked).not.toContain('D2026-1-0001')
    expect(await bot.says('zhaozuzhi', '2')).toContain('D2026-1-0004 为什么冲销')
    expect(await bot.says('zhaozuzhi', '预交退回')).toContain('已冲销 D2026-1-0004')
    await bot.says('zhaozuzhi', '冲销 张三 多记')
    expect(await bot.says('zhaozuzhi', '1')).toContain('已冲销 D2026-1-0005')
    expect(await bot.says('zhaozuzhi', '冲销 张三 再来')).toContain('张三没有能冲销的收据')
    expect([await balanceIn(bot), await faultsInBooks(bot)]).toEqual([150, []])
  })

  it('twice is told who did it and why', async () => {
    const bot = await started(client)
    await bot.says('zhaozuzhi', '冲销 D2026-1-0001 记错人')
    const again = 'D2026-1-0001 已由赵祖志冲销，原因：记错人。不用再冲。'
    expect(await bot.says('zhaozuzhi', '冲销 D2026-1-0001 又记错')).toBe(again)
    expect(await bot.says('zhenban', '冲销 D2026-1-0001')).toBe(again)
    expect(await linesOf(bot)).toHaveLength(4)
  })

  it('leaves its number taken: the next receipt has the next', async () => {
    const bot = await started(client)
    await bot.says('zhaozuzhi', '冲销 D2026-1-0003 记错人')
    expect(await bot.says('zhaozuzhi', '收缴 周祖章 0.5')).toContain('D2026-1-0004')
    expect(await bot.says('zhangsan', '验 D2026-1-0001')).toContain('有效')
  })

  it('is the collector’s, of nobody’s own, and of no other branch', async () => {
    const bot = await started(client)
    await bot.says('zhenban', '收缴 赵祖志')
    expect(await bot.says('zhaozuzhi', '冲销 D2026-1-0004 记错')).toContain('自己的党费不能自己办')
    expect(await bot.says('wangshuji', '冲销 D2026-1-0001 记错')).toContain('要由组织委员赵祖志来办')
    expect(await bot.says('qiaoshuji', '冲销 D2026-1-0001 记错')).toContain('没有这个编号：D2026-1-0001')
    expect(await bot.says('zhaozuzhi', '冲销 D2026-1-0099 记错')).toContain('没有这个编号：D2026-1-0099')
    expect(await bot.says('zhaozuzhi', '冲销 赵六 记错')).toContain('没有找到“赵六”')
    expect(await bot.says('wangshuji', '冲销 D2026-1-0004 记错')).toContain('已冲销')
    expect(await linesOf(bot)).toHaveLength(5)
  })
})

inBothRenderings('验', client => {
  it('of one’s own says that it stands, with what is in it', async () => {
    const bot = await started(client)
    const told = await bot.says('zhangsan', '验 d2026-1-1')
    expect(told).toContain('有效：D2026-1-0001\n张三 11月党费 0.50 元，2026-11-24 赵祖志收')
    expect(told).toMatch(/校验码 [\dA-F]{4}-[\dA-F]{4}/)
    for (const userId of ['zhaozuzhi', 'wangshuji', 'zhenban'])
      expect(await bot.says(userId, '验 D2026-1-0001'), userId).toContain('有效')
  })

  it('of another’s is as if it were not there', async () => {
    const bot = await started(client)
    const missing = await bot.says('lisi', '验 D2026-1-0099')
    expect(missing).toContain('没有这个编号：D2026-1-0099')
    for (const userId of ['lisi', 'lifushu', 'qianxuan', 'zuzhang', 'jiji', 'qiaoyi', 'qiaoshuji', 'liangbian'])
      expect(await bot.says(userId, '验 D2026-1-0001'), userId).toBe(missing.replace('0099', '0001'))
  })

  it('of one that was reversed says when and why', async () => {
    const bot = await started(client)
    await bot.says('zhaozuzhi', '冲销 D2026-1-0001 记错人')
    expect(await bot.says('zhangsan', '验 D2026-1-0001')).toContain('无效：D2026-1-0001 已于 2026-11-24 冲销')
    expect(await bot.says('zhangsan', '验 D2026-1-0001')).toContain('原因：记错人')
    expect(await bot.says('lisi', '验 D2026-1-0002')).toContain('有效')
  })

  const TAMPERINGS: readonly [string, (line: DuesEntry) => DuesEntry][] = [
    ['an amount', line => ({ ...line, months: [{ month: '2026-11', fen: 5 }] })],
    ['whose it is', line => ({ ...line, personId: 'p-9' })],
    ['who took it', line => ({ ...line, by: 'p-1' })],
  ]
  it.each(TAMPERINGS)('warns where %s was changed behind the bot’s back', async (_, change) => {
    const bot = await started(client)
    await bot.service.store.update('township', async tx => {
      const line = await tx.getBy(dues, 'receipt', 'D2026-1-0002')
      if (line) await tx.put(dues, change(line))
    })
    const told = await bot.says('zhangsan', '验 D2026-1-0001')
    expect(told).toContain('D2026-1-0001 验不出：这个支部的账和原来记的对不上')
    expect(told).not.toContain('有效')
    await bot.restart()
    expect(await bot.says('zhangsan', '验 D2026-1-0001')).toContain('验不出')
    await bot.says('qiaoshuji', '收缴 乔一')
    expect(await bot.says('qiaoyi', '验 D2026-2-0001')).toContain('有效')
  })

  it('warns where the end was cut off, and does not where a reason was mended', async () => {
    const bot = await started(client)
    await bot.says('zhaozuzhi', '冲销 D2026-1-0003 写了张三的名字')
    await bot.service.store.update('township', async tx => {
      const line = (await tx.all(dues)).find(({ kind }) => kind === 'reversed')
      if (line) await tx.put(dues, { ...line, why: '记错人' })
    })
    expect(await bot.says('zhangsan', '验 D2026-1-0001')).toContain('有效')
    await bot.service.store.update('township', async tx => {
      const line = (await tx.all(dues)).find(({ kind }) => kind === 'reversed')
      if (line) await tx.remove(dues, dues.key(line))
    })
    expect(await bot.says('zhangsan', '验 D2026-1-0001')).toContain('验不出')
  })

  it('wants a number', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhangsan', '验')).toContain('这样发：验 D')
    expect(await bot.says('zhangsan', '验 张三')).toContain('后面写收据号')
  })
})

inBothRenderings('对账', client => {
  const bookOf = async (bot: TestBot) => (await bot.service.store.read(tx => tx.all(duesBooks)))[0]

  it('says 相符 where the money is what the ledger says, and changes no line', async () => {
    const bot = await started(client)
    const before = await linesOf(bot)
    expect(await bot.says('zhaozuzhi', '对账 11-24 2.00')).toBe('相符：到11月24日 周二，账上共收 2.00 元，和点的一样。')
    expect(await bot.says('zhaozuzhi', '对账 今天 2')).toContain('相符')
    expect(await linesOf(bot)).toEqual(before)
    expect((await bookOf(bot))?.matched).toMatchObject({ day: '2026-11-24', fen: 200, entries: 3 })
    expect(await auditsOf(bot, 'reconcile-dues')).toHaveLength(2)
  })

  it('else the difference and what came since it matched last', async () => {
    const bot = await started(client)
    await bot.says('zhaozuzhi', '对账 今天 2')
    await bot.at('2026-11-25T10:00:00+08:00')
    await bot.says('zhaozuzhi', '收缴 钱宣')
    await bot.says('zhaozuzhi', '冲销 D2026-1-0001 记错人')
    const before = await linesOf(bot)
    const told = await bot.says('zhaozuzhi', '对账 今天 1.50')
    expect(told).toContain('不符：到11月25日 周三，账上共收 2.00 元，点的 1.50 元，点的少 0.50 元。账没有改。')
    expect(told).toContain('上次相符是11月24日 周二，之后的账：')
    expect(told).toContain('2026-11-25 D2026-1-0004 钱宣 11月 0.50')
    expect(told).toContain('2026-11-25 冲销 D2026-1-0001 张三 11月 -0.50')
    expect(told).not.toContain('李四')
    expect(await bot.says('zhaozuzhi', '对账 今天 2.5')).toContain('点的多 0.50 元')
    expect(await bot.says('zhaozuzhi', '对账 昨天 2')).toContain('相符')
    expect(await linesOf(bot)).toEqual(before)
    expect((await bookOf(bot))?.matched?.day).toBe('2026-11-24')
  })

  it('looks back, and refuses what is none', async () => {
    const bot = await started(client)
    expect(await bot.says('zhaozuzhi', '对账 11-30 2')).toContain('2026-11-30 还没到')
    expect(await bot.says('zhaozuzhi', '对账 8-1 0')).toContain('相符：到8月1日')
    expect(await bot.says('zhaozuzhi', '对账 abc 2')).toContain('没看懂日期')
    expect(await bot.says('zhaozuzhi', '对账 今天 -2')).toContain('是负数')
    expect(await bot.says('zhaozuzhi', '对账')).toContain('这样发：对账')
    expect(await bot.says('qiaoshuji', '对账 今天 0')).toContain('相符')
  })
})
