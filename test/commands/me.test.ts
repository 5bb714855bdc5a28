import { expect, it } from 'vitest'
import { people, suggestions } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function holdLesson(bot: TestBot): Promise<void> {
  await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习党章')
  await bot.chooses('wangshuji', '发布')
  await bot.says('lisi', '请假 发烧')
  await bot.says('wangshuji', '准假')
  await bot.at('2026-11-25T19:12:00+08:00')
  await bot.says('zhangsan', '签到')
  await bot.says('wangshuji', '补签 曾国凡')
  expect(await bot.says('wangshuji', '会议 结束')).toBeTruthy()
  await bot.at('2026-11-26T00:10:00+08:00')
}

inBothRenderings('what is mine', client => {
  it('is who I am, my year, what is kept and how it is put right', async () => {
    const bot = await startBot({ client })
    await holdLesson(bot)
    const told = await bot.says('zhangsan', '我的')
    for (const words of [
      '张三，正式党员',
      '水泉村党支部 一组',
      '应到 1 到会 1 请假 0',
      '5年',
      '聊天原话不保存',
      '界面',
    ]) {
      expect(told).toContain(words)
    }
    expect(told).not.toContain('迟到')
    expect(told).not.toContain('补签')
    expect(await bot.says('lisi', '我的')).toContain('应到 1 到会 0 请假 1')
    expect(await bot.says('zengguofan', '我的')).toContain('到会 1 请假 0（其中补签 1）')
    expect(await bot.says('laonian', '我的')).toContain('应到 0')
    expect(await bot.says('wangshuji', '党员 李四')).toContain('应到 1 到会 0 请假 1')
    const both = await bot.says('liangbian', '我的')
    for (const words of ['水泉村党支部', '石桥村党支部 第一书记', '应到 1 ']) expect(both).toContain(words)
  })

  it('is this year’s dues in one line, for who pays them', async () => {
    const bot = await startBot({ client, at: '2026-09-01T10:00:00+08:00' })
    expect(await bot.says('zhangsan', '我的')).toContain('\n今年党费：未缴 9月\n')
    await bot.says('zhaozuzhi', '收缴 张三 0.50')
    await bot.at('2026-11-24T10:00:00+08:00')
    expect(await bot.says('zhangsan', '我的')).toContain('\n今年党费：已缴 9月 0.50 元，未缴 10、11月\n')
    await bot.says('zhaozuzhi', '党费 减免 张三 免 2026-12 2026-12 镇党委会11月2日')
    await bot.says('zhangsan', '已缴')
    const told = await bot.says('zhangsan', '我的')
    expect(told).toContain('\n今年党费：已缴 9月 0.50 元，待确认 11月，免缴 12月，未缴 10月\n')
    expect(told).toContain('党费（账目长期）')
    expect(await bot.says('zengguofan', '我的')).toContain('今年党费：还没有定标准')
    expect(await bot.says('jiji', '我的')).not.toContain('今年党费')
    expect(await bot.says('liangbian', '我的')).toContain('今年党费：未缴 9、10、11月')
  })

  it('is how choices are shown to me', async () => {
    const bot = await startBot({ client })
    const asked = await bot.says('zhangsan', '界面')
    expect(asked).toContain('1 文字　2 卡片')
    expect(bot.items('zhangsan').some(item => item.card)).toBe(false)
    expect(await bot.says('zhangsan', '2')).toContain('卡片')
    expect(await bot.says('zhangsan', '我的')).toContain('选项用卡片')
    expect(await bot.says('zhangsan', '界面 文字')).toContain('文字')
    expect(await bot.says('zhangsan', '我的')).toContain('选项用文字')
    expect(await bot.says('zhangsan', '界面 大字')).toContain('这样发')
    const stored = await bot.service.store.read(tx => tx.getBy(people, 'userId', 'zhangsan'))
    expect(stored?.client).toBe('text')
  })

  it('is a word to the branch and the township, kept under a number', async () => {
    const bot = await startBot({ client })
    for (const userId of ['wangshuji', 'zhenban', 'lifushu']) bot.forget(userId)
    expect(await bot.says('zhangsan', '建议 会前一天再提醒一次')).toContain('s-1')
    expect(bot.newFor('wangshuji')).toContain('会前一天再提醒一次')
    expect(bot.newFor('zhenban')).toContain('s-1')
    expect(bot.newFor('lifushu')).toBe('')
    bot.forget('wangshuji')
    expect(await bot.says('wangshuji', '建议 发个投影仪')).toContain('s-2')
    expect(bot.newFor('wangshuji')).not.toContain('王树基 的建议')
    expect(await bot.says('zhangsan', '建议')).toContain('这样发')
    expect(await bot.says('zhangsan', `建议 ${'好'.repeat(501)}`)).toContain('最多 500 个字')
    const kept = await bot.service.store.read(tx => tx.all(suggestions))
    expect(kept).toHaveLength(2)
  })
})
