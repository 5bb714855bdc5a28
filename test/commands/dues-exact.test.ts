import { expect, it } from 'vitest'
import { inBothRenderings, startBot } from '../bot.ts'

/** Whose money, which months, how much: said so that it can be meant in one way alone. */
inBothRenderings('what is said of dues', client => {
  it('tells people of one name apart wherever money is spoken of, in words that find them', async () => {
    const bot = await startBot({ client })
    bot.forget('zhaozuzhi')
    await bot.says('zhangweib', '已缴')
    expect(bot.newFor('zhaozuzhi')).toContain('张伟二组说已缴党费')
    expect(await bot.says('zhaozuzhi', '待办')).toContain('张伟二组 党费 11月')
    expect(await bot.chooses('zhaozuzhi', '确认')).toContain('：张伟二组 11月')
    expect(await bot.says('zhaozuzhi', '收缴 张伟一组')).toContain('：张伟一组 11月')
    const reversed = await bot.says('zhaozuzhi', '冲销 D2026-1-0002 记错')
    expect(reversed).toContain('要重新记请发：收缴 张伟一组')
    expect(await bot.says('zhaozuzhi', '收缴 张伟一组')).toContain('收据号')
  })

  it('names every month that is open, however old, with one sum and a line that can be sent back', async () => {
    const bot = await startBot({ client })
    await bot.at('2027-02-05T10:00:00+08:00')
    await bot.says('zhaozuzhi', '收缴 张三 2026-12 2027-01')
    const told = await bot.says('zhangsan', '党费')
    expect(told).toContain('以前未缴：2026年11月')
    expect(told).toContain('未缴一共 1.00 元')
    expect(told).not.toContain('不用再缴')
    expect(told).toContain('再发：已缴 2026年11月、2027年2月')
    expect(await bot.says('zhangsan', '已缴 2026年11月、2027年2月')).toContain('待确认')
  })

  it('of months half paid since records nothing and says what is left', async () => {
    const bot = await startBot({ client })
    await bot.at('2026-12-05T10:00:00+08:00')
    await bot.says('zhaozuzhi', '收缴 张三')
    expect(await bot.says('zhangsan', '已缴 11、12月')).toContain('11月还没有记，请发：已缴 2026-11')
  })

  it('of somebody who brings it says that he says so', async () => {
    const bot = await startBot({ client })
    bot.forget('zhaozuzhi')
    await bot.says('lisi', '替刘东交 0.5')
    expect(bot.newFor('zhaozuzhi')).toContain('李四说替刘东缴了党费 0.50 元')
  })

  it('confirms one at a time', async () => {
    const bot = await startBot({ client })
    for (const userId of ['zhangsan', 'lisi']) await bot.says(userId, '已缴')
    for (const line of ['党费 确认 张三 李四', '党费 确认 全部']) {
      expect(await bot.says('zhaozuzhi', line)).toContain('有 2 笔等着确认，一次确认一笔')
    }
  })

  it('gives no standard and no relief to who pays no dues', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhaozuzhi', '党费 标准 季吉 0.2')).toContain('不缴党费')
    expect(await bot.says('zhaozuzhi', '党费 减免 季吉 免 2026-12 2027-01 镇党委批准')).toContain('不缴党费')
  })

  it('takes a relief as it was said, names what it replaces, and takes it back', async () => {
    const bot = await startBot({ client })
    const line = (months: string, what = '免') => `党费 减免 张三 ${what} ${months} 镇党委11月批准`
    expect(await bot.says('zhaozuzhi', line('2027-05 2027-01'))).toContain('写反了')
    expect(await bot.says('zhaozuzhi', line('2027-01 2027-05', '0.20'))).toContain('减为每月 0.20 元')
    expect(await bot.says('zhaozuzhi', line('2027-01 2027-05'))).toContain('原来登记的每月 0.20 元')
    expect(await bot.says('zhaozuzhi', '党费 减免 张三 撤 记错人')).toContain('已撤销张三2027年1-5月的减免')
    await bot.says('zhangsan', '已缴')
    expect(await bot.says('zhaozuzhi', line('2026-11 2026-12'))).toContain('报了还没确认')
  })

  it('answers how and how much with what is due, and leads nobody to say that he paid', async () => {
    const bot = await startBot({ client })
    for (const line of ['党费怎么交', '党费多少', '交党费']) {
      expect(await bot.says('zhangsan', line)).toContain('每月应缴 0.50 元')
    }
    await bot.says('zhangsan', '已交 1')
    expect(await bot.says('zhangsan', '不是')).toContain('不算了')
  })

  it('shows who only looks at the list who collects, and what is open besides', async () => {
    const bot = await startBot({ client })
    await bot.at('2026-12-05T10:00:00+08:00')
    const list = await bot.says('wangshuji', '党费 名单')
    expect(list).toContain('收党费要由组织委员赵祖志来办')
    expect(list).toContain('张三 0.50，11月也未缴')
    await bot.says('zhaozuzhi', '党费 名单')
    expect(await bot.says('zhaozuzhi', '收缴 7')).toContain('还有11月没缴')
  })
})
