import { expect, it } from 'vitest'
import { audits } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

const looks = (bot: TestBot) =>
  bot.service.store.read(async tx => (await tx.all(audits)).filter(entry => entry.what === 'look-up-person'))

inBothRenderings('looking a member up', client => {
  it('tells what an officer needs, and keeps that he looked', async () => {
    const bot = await startBot({ client })
    const told = await bot.says('wangshuji', '党员 刘东')
    for (const words of ['刘东', '水泉村党支部 二组', '正式党员', '2009-07-01 入党', '流动党员', '应到 0 到会 0']) {
      expect(told).toContain(words)
    }
    expect(await bot.says('wangshuji', '党员 zgf')).toContain('曾国凡')
    expect(await bot.says('wangshuji', '党员 王树基')).toContain('书记')
    expect(await looks(bot)).toHaveLength(3)
    expect((await looks(bot))[0]).toMatchObject({ branchId: 'b-1', by: 'p-1' })
  })

  it('asks which of one name, and takes the digit', async () => {
    const bot = await startBot({ client })
    const asked = await bot.says('wangshuji', '党员 张伟')
    expect(asked).toContain('1 张伟（一组，2008年入党）')
    expect(asked).toContain('2 张伟（二组，2015年入党）')
    expect(await looks(bot)).toHaveLength(0)
    expect(await bot.says('wangshuji', '2')).toContain('2015-07-01 入党')
    expect(await looks(bot)).toHaveLength(1)
  })

  it('is for officers, and ends at their branch', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '党员 乔一')).toContain('没有这个人')
    expect(await bot.says('wangshuji', '党员 张散')).toContain('是张三吗')
    expect(await bot.says('wangshuji', '党员 李开')).toContain('没有这个人')
    for (const userId of ['zuzhang', 'zhangsan']) expect(await bot.says(userId, '党员 李四')).toContain('要由')
    expect(await bot.says('zhenban', '党员 李四')).toContain('水泉村党支部')
  })

  it('without a name counts the branch by group', async () => {
    const bot = await startBot({ client })
    const told = await bot.says('wangshuji', '党员')
    expect(told).toContain('正式 15 预备 1 积极分子 1，流动 1，无手机 1')
    expect(told).toContain('一组：正式 7 预备 1 积极分子 1')
    expect(told).toContain('二组：正式 8')
    expect(await bot.says('qiaoshuji', '党员')).toContain('正式 5')
    expect(await bot.says('zhenban', '党员 ')).toContain('请写明是哪个支部')
    expect(await bot.says('zhenban', '党员 @石桥')).toContain('正式 5')
    expect(await looks(bot)).toHaveLength(0)
  })
})
