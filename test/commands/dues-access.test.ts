import { afterEach, expect, it, vi } from 'vitest'
import { lockOf, writeReceipt } from '../../src/dues/book.ts'
import { setLogLevel } from '../../src/log.ts'
import { branches, people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'
import { auditsOf, balanceIn, faultsInBooks, linesOf, receiptIn } from '../dues.ts'

afterEach(() => vi.restoreAllMocks())

inBothRenderings('党费 名单', client => {
  it('shows the organizer who has not paid, in roster order with rows, and what waits', async () => {
    const bot = await startBot({ client })
    await bot.says('zhaozuzhi', '收缴 李四')
    await bot.says('zhangsan', '已缴')
    const list = await bot.says('zhaozuzhi', '党费 名单')
    expect(list).toContain('水泉村党支部 11月党费\n已缴 1 人 1.00 元，待确认 1 人，未缴 13 人 6.20 元')
    for (const line of [
      '1 王树基 0.50',
      '10 张伟（一组，2008年入党） 0.50',
      '13 吴梅吉 0.50（无手机）',
      '14 刘东 0.50（流动）',
    ])
      expect(list).toContain(line)
    expect(list).toContain('待确认：\n7 张三（c-1）')
    expect(list).toContain('没有定标准：\n9 曾国凡')
    for (const name of ['李四', '季吉', '李开', '乔一']) expect(list).not.toContain(name)
    expect(await bot.says('zhaozuzhi', '党费 名单 2026-12')).toContain('12月党费\n已缴 0 人 0.00 元')
    expect(await bot.says('zhaozuzhi', '党费 名单 abc')).toContain('请写一个月份')
  })

  it('keeps every look with who looked, and is for the organizer, the secretary and the township', async () => {
    const bot = await startBot({ client })
    for (const userId of ['zhaozuzhi', 'wangshuji', 'qiaoshuji', 'liangbian']) await bot.says(userId, '党费 名单')
    await bot.says('zhenban', '党费 名单 @水泉 2026-12')
    for (const userId of ['lifushu', 'qianxuan', 'sunjijian', 'zuzhang', 'zhangsan', 'jiji'])
      expect(await bot.says(userId, '党费 名单'), userId).toContain('要由组织委员或支部书记来发')
    const looks = await auditsOf(bot, 'look-up-dues')
    expect(looks.map(({ by, branchId, about }) => `${by} ${branchId} ${about}`)).toEqual([
      'p-3 b-1 2026-11',
      'p-1 b-1 2026-11',
      'p-17 b-2 2026-11',
      'p-22 b-2 2026-11',
      'p-21 b-1 2026-12',
    ])
    expect(await bot.says('zhaozuzhi', '党费 名单 @石桥')).not.toContain('乔一')
    expect(await auditsOf(bot, 'look-up-dues')).toHaveLength(5)
  })
})

inBothRenderings('amounts', client => {
  it('reach the person, the organizer, the secretary and the township, and nobody else', async () => {
    const bot = await startBot({ client })
    await bot.says('zhangsan', '已缴 0.77')
    await bot.says('zhaozuzhi', '党费 确认')
    await bot.says('zhaozuzhi', '冲销 D2026-1-0001 记错')
    const everybody = await bot.service.store.read(tx => tx.all(people))
    const knowing = everybody.flatMap(({ userId }) =>
      userId && bot.sentTo(userId).some(text => text.includes('0.77')) ? [userId] : [],
    )
    expect(knowing.sort()).toEqual(['zhangsan', 'zhaozuzhi'])
    expect(bot.posts()).toEqual([])
  })

  it('and names are in no line of the log', async () => {
    const bot = await startBot({ client })
    const written: string[] = []
    vi.spyOn(process.stdout, 'write').mockImplementation(text => written.push(String(text)) > 0)
    setLogLevel('debug')
    for (const [userId, said] of [
      ['zhangsan', '已缴 0.77'],
      ['zhaozuzhi', '党费 确认 c-1'],
      ['zhaozuzhi', '收缴 李四 钱宣'],
      ['zhaozuzhi', '发布'],
      ['zhaozuzhi', '冲销 D2026-1-0001 张三说没交'],
      ['zhaozuzhi', '党费 名单'],
      ['zhaozuzhi', '党费 标准 曾国凡 0.5'],
      ['lisi', '替吴梅吉交 0.5'],
      ['zhaozuzhi', '对账 今天 1'],
      ['zhangsan', '收缴 李四'],
    ] as const)
      await bot.says(userId, said)
    setLogLevel('silent')
    vi.restoreAllMocks()
    expect(await balanceIn(bot)).toBe(150)
    expect(written.join('')).not.toMatch(/张三|李四|钱宣|曾国凡|吴梅吉|赵祖志|0\.77|没交/)
  })
})

inBothRenderings('who has posts in two branches', client => {
  it('pays in that of his own relation, and sees the list where he is sent', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('liangbian', '党费')).toContain('把钱交给组织委员赵祖志')
    expect(await bot.says('liangbian', '已缴')).toContain('组织委员赵祖志核对后')
    expect(await bot.says('zhaozuzhi', '党费 确认')).toContain('D2026-1-0001：梁边')
    const list = await bot.says('liangbian', '党费 名单')
    expect(list).toContain('石桥村党支部')
    expect(list).not.toContain('梁边')
    expect(await bot.says('qiaoshuji', '收缴 梁边')).toContain('梁边的组织关系在水泉村党支部，党费在那里缴')
    expect(await bot.says('zhaozuzhi', '党费 名单')).not.toContain('梁边')
    expect(await bot.says('liangbian', '收缴 张三')).toContain('没有找到“张三”')
  })
})

/** What each said last counts once for five seconds: the lines of one person differ. */
const MONTHS = ['11月', '12月']
const NAMES = ['张三', '李四', '钱宣', '孙纪俭', '周祖章', '郑老年', '刘东', '余备']

async function answersOf(bot: TestBot, lines: readonly (readonly [string, string])[]): Promise<string[]> {
  const said = await Promise.all(lines.map(([userId, line]) => bot.simulator.say(userId, line)))
  await bot.idle()
  return said.map(({ reply }) => reply ?? '')
}

inBothRenderings('collectors at once', client => {
  it('give numbers without a gap, and book nobody’s month twice', async () => {
    const bot = await startBot({ client })
    const lines = NAMES.flatMap(name =>
      MONTHS.flatMap(month => [
        ['zhaozuzhi', `收缴 ${name} ${month}`] as const,
        ['zhenban', `收缴 ${name} ${month}`] as const,
      ]),
    )
    const answers = await answersOf(bot, lines)
    const receipts = new Set(answers.filter(text => text.startsWith('收据号')).map(receiptIn))
    expect(receipts.size).toBe(NAMES.length * MONTHS.length)
    expect(answers.filter(text => text.includes('已缴（'))).toHaveLength(NAMES.length * MONTHS.length)
    expect(await linesOf(bot)).toHaveLength(NAMES.length * MONTHS.length)
    expect(await faultsInBooks(bot)).toEqual([])
  })

  it('deciding one claim, reversing one receipt or publishing one preview do it once', async () => {
    const bot = await startBot({ client })
    await bot.says('zhangsan', '已缴')
    await answersOf(bot, [
      ['zhaozuzhi', '党费 确认 c-1'],
      ['zhenban', '党费 有误 c-1 没收到'],
      ['zhaozuzhi', '收缴 张三'],
      ['zhenban', '收缴 张三 0.5'],
    ])
    expect((await linesOf(bot)).length).toBeLessThanOrEqual(3)
    await bot.says('zhaozuzhi', '收缴 李四')
    const receiptNo = (await linesOf(bot)).at(-1)?.receiptNo
    await answersOf(bot, [
      ['zhaozuzhi', `冲销 ${receiptNo} 记错`],
      ['zhenban', `冲销 ${receiptNo} 记错`],
    ])
    expect((await linesOf(bot)).filter(({ kind }) => kind === 'reversed')).toHaveLength(1)
    await bot.says('zhaozuzhi', '收缴 钱宣 孙纪俭')
    await answersOf(bot, [
      ['zhaozuzhi', '发布 d-1'],
      ['zhenban', '发布 d-1'],
    ])
    expect(await faultsInBooks(bot)).toEqual([])
  })

  it('with every message delivered twice book once', async () => {
    const bot = await startBot({ client })
    bot.simulator.faults.deliverTwice(true)
    await answersOf(bot, [
      ['zhangsan', '已缴'],
      ['zhaozuzhi', '收缴 李四'],
      ['zhaozuzhi', '收缴 钱宣 12月'],
      ['zhenban', '收缴 孙纪俭'],
    ])
    await answersOf(bot, [['zhaozuzhi', '冲销 D2026-1-0001 记错']])
    expect((await linesOf(bot)).map(({ kind }) => kind).sort()).toEqual([
      'claimed',
      'collected',
      'collected',
      'collected',
      'reversed',
    ])
    expect(await faultsInBooks(bot)).toEqual([])
  })
})

it('a write that fails in the middle uses up no number and leaves no line', async () => {
  const bot = await startBot()
  await bot.says('zhaozuzhi', '收缴 张三')
  const failing = bot.service.store.update(lockOf('b-1'), async tx => {
    const branch = await tx.get(branches, 'b-1')
    if (!branch) throw new Error('no branch')
    const months = [{ month: '2026-11', fen: 100 }]
    const entry = await writeReceipt(tx, branch, { kind: 'collected', by: 'p-3', personId: 'p-8', months })
    expect(entry.receiptNo).toBe('D2026-1-0002')
    throw new Error('the machine stumbles')
  })
  await expect(failing).rejects.toThrow('stumbles')
  expect(await linesOf(bot)).toHaveLength(1)
  expect(await bot.says('zhaozuzhi', '收缴 李四')).toContain('D2026-1-0002')
  expect(await faultsInBooks(bot)).toEqual([])
})

it('receipts begin again at 1 in a new year, in the same chain', async () => {
  const bot = await startBot()
  await bot.says('zhaozuzhi', '收缴 张三')
  await bot.at('2027-01-04T10:00:00+08:00')
  expect(await bot.says('zhaozuzhi', '收缴 张三 12月')).toContain('D2027-1-0001')
  expect(await bot.says('zhangsan', '验 D2026-1-0001')).toContain('有效')
  await bot.restart()
  expect(await bot.says('zhangsan', '验 D2027-1-0001')).toContain('有效')
})
