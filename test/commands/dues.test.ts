import { expect, it } from 'vitest'
import { inBothRenderings, startBot } from '../bot.ts'
import { faultsInBooks, linesOf } from '../dues.ts'

/** Of 水泉, with a standard of half a yuan. */
const PAYERS = [
  'zhangsan',
  'qianxuan',
  'sunjijian',
  'zuzhang',
  'wangshuji',
  'lifushu',
  'zhangweia',
  'zhangweib',
  'liudong',
  'yubei',
]

inBothRenderings('党费', client => {
  it('says what is owed a month, what is open this year and how to pay', async () => {
    const bot = await startBot({ client })
    const told = await bot.says('zhangsan', '党费')
    expect(told).toContain('每月应缴 0.50 元（农民）')
    expect(told).toContain('未缴：11月')
    expect(told).toContain('把钱交给组织委员赵祖志，再发：已缴')
    expect(await bot.says('zhangsan', '党费 2026-11')).toContain('11月应缴 0.50 元，未缴')
    expect(await bot.says('zhangsan', '党费 10月')).toContain('没有应缴的党费')
    expect(await bot.says('zhangsan', '党费 13月')).toContain('没有 13 月')
  })

  it('follows a payment from 未缴 over 待确认 to 已缴', async () => {
    const bot = await startBot({ client })
    await bot.says('zhangsan', '已缴')
    expect(await bot.says('zhangsan', '党费')).toContain('待确认：11月')
    expect(await bot.says('zhangsan', '党费 11月')).toContain('11月您已报（c-1），待确认')
    await bot.says('zhaozuzhi', '党费 确认')
    const paid = await bot.says('zhangsan', '党费')
    expect(paid).toContain('已缴：11月')
    expect(paid).not.toContain('未缴')
    expect(await bot.says('zhangsan', '党费 11月')).toContain('11月已缴 0.50 元（D2026-1-0001）')
  })

  it('in the new year names what last year left open', async () => {
    const bot = await startBot({ client })
    await bot.at('2027-01-05T10:00:00+08:00')
    const told = await bot.says('zhangsan', '党费')
    expect(told).toContain('未缴：1月')
    expect(told).toContain('以前未缴：2026年11、12月')
    expect(told).toContain('未缴一共 1.50 元')
    expect(told).toContain('再发：已缴 2026年11、12月、2027年1月')
  })

  it('names whom to ask where no standard was set, and is not for who pays none', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zengguofan', '党费')).toContain('您还没有定党费标准。请找组织委员赵祖志定标准')
    expect(await bot.says('jiji', '党费')).toContain('要由正式党员或预备党员来发')
    expect(await bot.says('wangshuji', '党费')).toContain('把钱交给组织委员赵祖志')
    expect(await bot.says('qiaoshuji', '党费')).toContain('把钱交给镇党建办')
  })
})

inBothRenderings('已缴', client => {
  it('without anything is this month by the standard, and goes to the organizer', async () => {
    const bot = await startBot({ client })
    const told = await bot.says('zhangsan', '党费 已缴')
    expect(told).toContain('待确认：11月党费 0.50 元')
    expect(told).toContain('组织委员赵祖志核对后，收据号会发给您')
    expect(told).not.toMatch(/收据号 D/)
    const asked = bot.newFor('zhaozuzhi')
    for (const word of ['张三说已缴党费 0.50 元：11月', 'c-1', '确认', '有误']) expect(asked).toContain(word)
    if (client === 'text') expect(asked).toContain('确认请回：党费 确认 c-1\n不对请回：党费 有误 c-1 原因')
    expect(bot.newFor('wangshuji')).toBe('')
  })

  it('is said in many ways', async () => {
    const bot = await startBot({ client })
    const ways = ['已交', '交了', '缴了', '党费 交了', '党费已交', '党费交了', '/已缴', '、已缴', '／党费　已缴']
    for (const [n, said] of ways.entries())
      expect(await bot.says(PAYERS[n] ?? '', said), said).toContain('待确认：11月党费 0.50 元')
  })

  it('is not meant by what else people hand in', async () => {
    const bot = await startBot({ client })
    for (const said of ['交了一份入党申请书', '已交三本学习笔记', '交了两次思想汇报'])
      expect(await bot.says('zhangsan', said), said).not.toContain('金额')
    expect(await linesOf(bot)).toEqual([])
  })

  it('is understood in whole sentences that name the dues', async () => {
    const bot = await startBot({ client })
    const ways = [
      '我交了党费',
      '已缴党费',
      '党费我已经交了。',
      '党费缴了',
      '11月党费已交',
      '交了11月的党费',
      '交了0.5元党费',
      '已缴党费5角',
      '我的党费交了',
    ]
    for (const [n, said] of ways.entries())
      expect(await bot.says(PAYERS[n] ?? '', said), said).toContain('待确认：11月党费 0.50 元')
    for (const said of ['党费什么时候交', '交党费', '党费还没交', '收了党费吗'])
      expect(await bot.says('liangbian', said), said).not.toContain('待确认')
  })

  it('understands half a yuan as people type it', async () => {
    const bot = await startBot({ client })
    const amounts = ['0.5', '0.50元', '５角', '５毛', '五角', '０．５０', '0。5', '¥0.5', '50分', '0.5 元']
    for (const [n, amount] of amounts.entries())
      expect(await bot.says(PAYERS[n] ?? '', `已缴 ${amount}`), amount).toContain('待确认：11月党费 0.50 元')
    for (const { months } of await linesOf(bot)) expect(months).toEqual([{ month: '2026-11', fen: 50 }])
  })

  it('asks which months more is for, however it is typed', async () => {
    const bot = await startBot({ client, at: '2026-10-20T10:00:00+08:00' })
    const amounts = ['1块5', '一元五角', '1.5', '１．５', '一块五', '1元5角', '人民币壹元伍角整']
    for (const amount of amounts)
      expect(await bot.says('zhangsan', `已交 ${amount}`), amount).toBe(
        '1.50 元：10、11、12月？是请回 1，不是请写明月份，如：已缴 1.50 11月',
      )
    expect(await linesOf(bot)).toEqual([])
    expect(await bot.says('zhangsan', '1')).toContain('待确认：10、11、12月党费 1.50 元')
    expect(bot.newFor('zhaozuzhi')).toContain('11、12月预交')
    expect(await bot.says('lisi', '已交 2')).toContain('10、11月？')
    expect(await bot.says('lisi', '已交 2 11、12月')).toContain('待确认：11、12月党费 2.00 元')
  })

  it('takes the months that are named, in any form', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhangsan', '已缴 2026-12')).toContain('待确认：12月党费 0.50 元')
    expect(await bot.says('lisi', '已缴 2 11、12月')).toContain('待确认：11、12月党费 2.00 元')
    expect(await bot.says('qianxuan', '已缴 11月')).toContain('待确认：11月')
    expect(await bot.says('sunjijian', '已缴 0.6元 11月')).toContain('超出标准 0.10 元（自愿）')
  })

  it('of ten times the standard is asked before it is kept', async () => {
    const bot = await startBot({ client })
    const asked = await bot.says('zhangsan', '已缴 5 11月')
    expect(asked).toBe('5.00 元：11月，超出标准 4.50 元（自愿）？是请回 1，不是请写明月份，如：已缴 5.00 11月')
    expect(await linesOf(bot)).toEqual([])
    expect(await bot.says('zhangsan', '1')).toContain('待确认：11月党费 5.00 元，超出标准 4.50 元（自愿）')
  })

  it('said twice is kept once, and says that it waits', async () => {
    const bot = await startBot({ client })
    const first = await bot.says('zhangsan', '已缴')
    expect(await bot.says('zhangsan', '已缴')).toBe(first)
    expect(await bot.says('zhangsan', '已缴 11月')).toBe('11月已报（c-1），待确认，不用再发。')
    expect(await bot.says('zhangsan', '已缴 0.5')).toContain('12月？是请回 1')
    await bot.says('zhaozuzhi', '党费 确认')
    expect(await bot.says('zhangsan', '已缴 11月')).toBe('11月已缴（D2026-1-0001）。')
    expect((await linesOf(bot)).map(({ kind }) => kind)).toEqual(['claimed', 'confirmed'])
  })

  const REFUSED = [
    ['已缴 -1', '“-1”是负数'],
    ['已缴 0', '金额不能是 0'],
    ['已缴 1e3', '“1e3”里有字母'],
    ['已缴 abc', '“abc”里有字母'],
    ['已缴 0.505', '最多两位小数'],
    ['已缴 1000.01', '1000.01 元太多了，一次最多 1000.00 元，大额党费另有程序'],
    ['已缴 0.3', '11月应缴 0.50 元，0.30 元不够'],
    ['已缴 五', '没有说是元还是角'],
    ['已缴 0.5 0.6', '写了两个金额'],
    ['已缴 13月', '没有 13 月'],
    ['已缴 2026-13', '没有 13 月'],
    ['已缴 2026-10', '您的党费在这里从11月记起，10月的请看党费证'],
    ['已缴 2027-01', '现在最多缴到12月，2027年1月还不能缴'],
    ['已缴 张三 0.5', '自己的不用写姓名'],
  ] as const
  it('is refused with its reason where it cannot be so', async () => {
    const bot = await startBot({ client })
    for (const [said, reason] of REFUSED) expect(await bot.says('zhangsan', said), said).toContain(reason)
    expect(await linesOf(bot)).toEqual([])
    expect(bot.newFor('zhaozuzhi')).toBe('')
  })

  it('before the month of the branch vote is refused with the day', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('yubei', '已缴 2026-02')).toContain('您2026-03-01 入党，2月还不用缴')
  })

  it('goes as far ahead as the township says', async () => {
    const bot = await startBot({ client })
    await bot.says('zhenban', '设置 预交月数 2')
    expect(await bot.says('zhangsan', '已缴 2027-01')).toContain('待确认：2027年1月党费 0.50 元')
    expect(await bot.says('zhangsan', '已缴 2027-02')).toContain('现在最多缴到')
    await bot.says('zhenban', '设置 预交月数 0')
    expect(await bot.says('lisi', '已缴 12月')).toContain('现在最多缴到11月，12月还不能缴')
  })
})

inBothRenderings('已缴 for another', client => {
  it('keeps who brought it, and tells him that it was taken', async () => {
    const bot = await startBot({ client })
    const ways = ['替吴梅吉交 0.5', '代吴梅吉交了0.5', '帮吴梅吉交了 五角', '已缴 替吴梅吉 0.5', '党费 已缴 替wmj 0.5']
    for (const [n, said] of ways.entries()) {
      const claimId = `c-${n + 1}`
      expect(await bot.says('lisi', said), said).toContain('待确认：吴梅吉的11月党费 0.50 元')
      expect(bot.newFor('zhaozuzhi')).toContain('李四说替吴梅吉缴了党费')
      expect((await linesOf(bot)).at(-1)).toMatchObject({ kind: 'claimed', by: 'p-8', personId: 'p-13', paidBy: 'p-8' })
      if (n < ways.length - 1) await bot.says('zhaozuzhi', `党费 有误 ${claimId} 再报一次`)
    }
    bot.forget('lisi')
    expect(await bot.says('zhaozuzhi', '党费 确认')).toContain('没有手机，请当面告知收据号')
    expect(bot.newFor('lisi')).toContain('您替吴梅吉交的11月党费已确认，收据号 D2026-1-0001')
    expect(await bot.says('lisi', '验 D2026-1-0001')).toContain('有效')
  })

  it('tells who brought it nothing of what the other owes or has paid', async () => {
    const bot = await startBot({ client })
    const told = await bot.says('lisi', '替张三交')
    expect(told).toContain('张三的11月党费')
    expect(told).not.toContain('0.50')
    await bot.says('zhaozuzhi', '党费 确认 c-1')
    const refused = '张三的党费这样报不了。请向他问清月份和金额再报。'
    for (const said of ['替张三交 11月', '替张三交 0.4 12月', '替张三交 2026-10'])
      expect(await bot.says('lisi', said), said).toBe(refused)
    for (const said of ['替张三交 1.5', '替周祖章交 1.5', '替周祖章交 1.5 自愿'])
      expect(await bot.says('lisi', said), said).toMatch(
        /^(张三|周祖章)的 1\.50 元是哪几个月的？请向他问清，写明月份再发/,
      )
    expect(await bot.says('lisi', '替张三交 5 12月')).toBe(
      '张三 5.00 元：12月？是请回 1，不是请写明月份，如：已缴 替张三 5.00 11月',
    )
    expect(await bot.says('lisi', '验 D2026-1-0001')).not.toContain('0.50')
    expect(bot.sentTo('lisi').join('\n')).not.toMatch(/0\.50|4\.50/)
  })

  it('of several people, of nobody or of two with one name is asked', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('lisi', '已缴 替张三 周祖章')).toContain('请一位一位地报')
    expect(await bot.says('lisi', '替张伟交 0.5')).toContain('叫“张伟”的有 2 位')
    expect(await bot.says('lisi', '替赵六交 0.5')).toContain('没有找到“赵六”')
    expect(await linesOf(bot)).toEqual([])
  })

  it('and by himself is the same month once', async () => {
    const bot = await startBot({ client })
    await bot.says('lisi', '替张三交 0.5')
    expect(await bot.says('zhangsan', '已缴')).toBe('11月已报（c-1），待确认，不用再发。')
    expect(await faultsInBooks(bot)).toEqual([])
  })
})
