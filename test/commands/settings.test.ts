import { expect, it } from 'vitest'
import { audits, settings } from '../../src/store/collections.ts'
import { inBothRenderings, startBot } from '../bot.ts'

inBothRenderings('the township’s parameters', client => {
  it('are shown with what may be typed', async () => {
    const bot = await startBot({ client })
    const told = await bot.says('zhenban', '设置')
    expect(told).toContain('休息时间：21:00 到 08:00（默认）')
    expect(told).toContain('党课次数：每年 4 次（默认）')
    expect(await bot.says('zhenban', '设置 党课次数')).toContain('全国没有统一规定')
    expect(await bot.says('wangshuji', '设置')).toContain('镇党建办')
  })

  it('are changed, audited, and hold at once', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhenban', '设置 党课次数 ０')).toContain('原来每年 4 次，现在不计')
    expect(await bot.says('wangshuji', '待办')).not.toContain('党课')
    expect(await bot.says('zhenban', '设置 休息时间 22:00 到 7:30')).toContain('现在22:00 到 07:30')
    expect(await bot.says('zhenban', '设置')).toContain('休息时间：22:00 到 07:30\n')
    const kept = await bot.service.store.read(tx => tx.all(audits))
    expect(kept.filter(one => one.what === 'change-setting')).toMatchObject([
      { about: 'lessonsPerYear', before: 4, after: 0, branchId: null },
      { about: 'quietHours', after: { from: '22:00', to: '07:30' } },
    ])
    expect(await bot.says('zhenban', '设置 党课次数 默认')).toContain('现在每年 4 次')
    expect((await bot.service.store.read(tx => tx.all(settings))).map(({ name }) => name)).toEqual(['quietHours'])
  })

  it('of dues have no figure for farmers until one is set, and none again', async () => {
    const bot = await startBot({ client })
    const told = await bot.says('zhenban', '设置')
    for (const line of ['党费日：每月 1 日', '预交月数：到季末', '农民党费：还没有定', '党费取整：到分']) {
      expect(told).toContain(`${line}（默认）`)
    }
    expect(await bot.says('zhenban', '设置 农民党费 5角')).toContain('原来还没有定，现在每月 0.50 元')
    expect(await bot.says('zhenban', '设置 预交月数 3个月')).toContain('现在3 个月')
    expect(await bot.says('zhenban', '设置 农民党费 默认')).toContain('现在还没有定')
    expect(await bot.says('zhenban', '设置 农民党费')).toContain('第六条')
    expect((await bot.service.store.read(tx => tx.all(settings))).map(({ name }) => name)).toEqual(['prepayMonths'])
  })

  it.each([
    ['设置 党课次数 很多', '0 是不计'],
    ['设置 党课次数 99', '0 是不计'],
    ['设置 休息时间 25:00-08:00', '21:00-08:00'],
    ['设置 党费日 29', '1 到 28'],
    ['设置 预交月数 12', '0 到 6 个月'],
    ['设置 农民党费 1.50', '0.20 到 1.00 元'],
    ['设置 党费取整 厘', '分、角、元'],
    ['设置 积分 10', '可以设置：休息时间、党课次数、学时、党费日、预交月数、农民党费、党费取整'],
  ])('%s is refused with what is allowed, and changes nothing', async (line, allowed) => {
    const bot = await startBot({ client })
    expect(await bot.says('zhenban', line)).toContain(allowed)
    expect(await bot.service.store.read(tx => tx.all(settings))).toEqual([])
  })
})

inBothRenderings('an answer to a suggestion', client => {
  it('reaches who made it, once, and is audited without its words', async () => {
    const bot = await startBot({ client })
    await bot.says('zhangsan', '建议 换个投影仪')
    bot.forget('zhangsan')
    expect(await bot.says('wangshuji', '回复 s-1 下周到，谢谢提醒')).toContain('已答复 s-1')
    expect(bot.newFor('zhangsan')).toContain('您的建议 s-1 有答复了，王树基（书记）：\n下周到，谢谢提醒')
    const again = await bot.says('zhenban', '回复 s-1 已经买了')
    expect(again).toContain('s-1 已由王树基答复：下周到')
    expect(bot.sentTo('zhangsan').filter(text => text.includes('有答复了'))).toHaveLength(1)
    const [entry] = (await bot.service.store.read(tx => tx.all(audits))).filter(one => one.what === 'answer-suggestion')
    expect(entry).toMatchObject({ about: 's-1', branchId: 'b-1' })
    expect(JSON.stringify(entry)).not.toContain('下周')
  })

  it('is not one’s own, not another branch’s, and has words', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '建议 换个投影仪')
    expect(await bot.says('wangshuji', '回复 s-1 好')).toContain('自己提的')
    expect(await bot.says('qiaoshuji', '回复 s-1 好')).toContain('没有这个编号')
    expect(await bot.says('lifushu', '回复 s-1')).toContain('这样发')
    expect(await bot.says('lifushu', '回复 s-9 好')).toContain('没有这个编号')
    expect(await bot.says('lifushu', '回复 1 好的')).toContain('已答复 s-1')
  })
})
