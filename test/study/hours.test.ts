import { beforeEach, describe, expect, it } from 'vitest'
import { audits, studyEntries } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

const entered = (bot: TestBot) => bot.service.store.read(tx => tx.all(studyEntries))

/** 19:00 to 21:00, closed at the end; 张三 checks in, 曾国凡 stands on the paper list, 李四 was not there. */
async function holds(bot: TestBot, kind: string, day: string): Promise<void> {
  await bot.says('wangshuji', `会议 新建 ${kind} ${day} 19:00-21:00 村部 学习党章`)
  await bot.chooses('wangshuji', '发布')
  await bot.at(`2026-${day}T19:12:00+08:00`)
  await bot.says('zhangsan', '签到')
  await bot.says('wangshuji', '补签 曾国凡')
  await bot.at(`2026-${day}T21:05:00+08:00`)
  await bot.says('wangshuji', '会议 结束')
}

inBothRenderings('hours of study', client => {
  let bot: TestBot
  beforeEach(async () => {
    bot = await startBot({ client })
  })

  it('are entered for one person at once, with a number and a word how to take it back', async () => {
    const told = await bot.says('qianxuan', '学时 张三 4 县里党员培训 11-20')
    expect(told).toContain('已记 e-1：张三 4 学时，县里党员培训（11月20日 周五）')
    expect(told).toContain('学时 撤 e-1 原因')
    expect(await entered(bot)).toMatchObject([
      { entryId: 'e-1', personId: 'p-7', branchId: 'b-1', tenths: 40, day: '2026-11-20', by: 'p-4' },
    ])
    expect(await bot.says('wangshuji', '学时 张三 4 县里党员培训 11-20')).toContain('已经记过，编号 e-1')
    expect(await bot.says('wangshuji', '学时 张三1.5学时 镇里 轮训')).toContain(
      '已记 e-2：张三 1.5 学时，镇里 轮训（11月24日',
    )
    expect(await bot.says('wangshuji', '学时 张三 11-23')).toContain('还缺几学时')
    expect(await bot.says('wangshuji', '学时 李四 2 11-23 党章')).toContain('李四 2 学时，党章（11月23日')
  })

  it('of several are shown first, without those that have them already', async () => {
    await bot.says('wangshuji', '学时 张三 1.5 镇里轮训 11-20')
    const shown = await bot.says('wangshuji', '学时 张三 李四 曾国凡 1.5 镇里轮训 11-20')
    expect(shown).toContain('2 人，每人 1.5 学时，镇里轮训（11月20日 周五）')
    expect(shown).toContain('已经记过，不再记：张三 e-1')
    expect(await entered(bot)).toHaveLength(1)
    expect(await bot.chooses('wangshuji', '发布')).toContain('已记 2 人，每人 1.5 学时')
    expect(await entered(bot)).toHaveLength(3)
    expect(await bot.says('wangshuji', '学时 李四 曾国凡 1.5 镇里轮训 11-20')).toContain('都已经记过')
  })

  it('are taken back with a reason, which the audit log keeps with what they were', async () => {
    await bot.says('wangshuji', '学时 张三 4 县里培训')
    expect(await bot.says('wangshuji', '学时 张三')).toContain('e-1 4 学时，县里培训')
    expect(await bot.says('wangshuji', '学时 撤 e-1')).toContain('为什么撤')
    expect(await bot.says('wangshuji', '记错人了')).toContain('已撤 e-1：张三 4 学时')
    expect(await entered(bot)).toEqual([])
    expect(await bot.says('wangshuji', '学时 撤 e-1 又来')).toContain('没有这个编号')
    const kept = await bot.service.store.read(tx => tx.all(audits))
    expect(kept.find(({ what }) => what === 'enter-study')).toMatchObject({ by: 'p-1', branchId: 'b-1', about: 'e-1' })
    expect(kept.find(({ what }) => what === 'withdraw-study')).toMatchObject({
      ...{ by: 'p-1', branchId: 'b-1', about: 'e-1', why: '记错人了' },
      before: { personId: 'p-7', tenths: 40, what: '县里培训', day: '2026-11-24' },
    })
  })

  it('are of the year in 我的: lessons and trainings attended and what was entered, without pressure', async () => {
    expect(await bot.says('zhangsan', '我的')).toContain('\n今年学习 0 学时，一般每年不少于32学时\n')
    await holds(bot, '党课', '11-25')
    await holds(bot, '警示教育', '11-26')
    await holds(bot, '主题党日', '11-27')
    await holds(bot, '培训', '11-28')
    await bot.says('qianxuan', '学时 张三 4.5 县里培训 11-20')
    await bot.says('qianxuan', '学时 张三 8 去年的培训 2025-11-20')
    const told = await bot.says('zhangsan', '我的')
    expect(told).toContain('\n今年学习 10.5 学时（党课 2 次 4 学时，培训 6.5 学时），一般每年不少于32学时\n')
    for (const words of ['测验的答题（3个月）', '错题（自己发错题时用，一年没有用就删）', '学时（5年）'])
      expect(told).toContain(words)
    expect(told).not.toMatch(/还差|未达标|排名/)
    expect(await bot.says('zengguofan', '我的')).toContain('今年学习 6 学时（党课 2 次 4 学时，培训 2 学时）')
    expect(await bot.says('lisi', '我的')).toContain('今年学习 0 学时，')
    expect(await bot.says('jiji', '我的')).toContain('\n今年学习 0 学时\n')
    expect(await bot.says('zhenban', '设置 学时 40学时')).toContain('现在每年 40 学时')
    expect(await bot.says('lisi', '我的')).toContain('一般每年不少于40学时')
    await bot.says('zhenban', '设置 学时 0')
    expect(await bot.says('lisi', '我的')).toContain('\n今年学习 0 学时\n')
  })
})

describe('hours of study', () => {
  it.each([
    ['学时', '这样发'],
    ['学时 4 县里培训', '还缺姓名'],
    ['学时 全体 4 县里培训', '要写明是谁'],
    ['学时 张三', '张三 2026年学习 0 学时'],
    ['学时 张三 4', '还缺学习内容'],
    ['学时 张三 县里培训', '还缺几学时'],
    ['学时 李四四 4 县里培训', '没有找到“李四四”'],
    ['学时 张伟 4 县里培训', '叫“张伟”的有 2 位'],
    ['学时 3号 4 县里培训', '不用行号'],
    ['学时 张三 4.25 县里培训', '一位小数'],
    ['学时 张三 400 县里培训', '一次最多 80 学时'],
    ['学时 张三 4 县里培训 11-30', '还没有到'],
    ['学时 张三 4 县里培训 2024-11-20', '太早了'],
    [`学时 张三 4 ${'学'.repeat(61)}`, '最多 60 个字'],
    ['学时 乔一 4 县里培训', '没有找到“乔一”'],
    ['学时 撤 三 记错', '请写编号'],
  ])('%s is answered with what to do', async (line, words) => {
    const bot = await startBot()
    expect(await bot.says('wangshuji', line)).toContain(words)
    expect(await entered(bot)).toEqual([])
  })

  it('are entered where one belongs, and what another branch entered does not exist', async () => {
    const bot = await startBot()
    await bot.says('qiaoshuji', '学时 乔一 2 党章')
    expect(await bot.says('wangshuji', '学时 撤 e-1 记错')).toContain('没有这个编号')
    expect(await bot.says('zhangsan', '学时 张三 40 自学')).toContain('要由')
    expect(await bot.says('zhaozuzhi', '学时 张三 4 自学')).toContain('要由')
    expect(await bot.says('qiaoshuji', '学时 梁边 2 党章')).toMatch(/组织关系在水泉村党支部/)
    expect(await bot.says('zhenban', '学时 乔一 张三 2 党章')).toContain('请分开记')
    expect(await entered(bot)).toHaveLength(1)
  })
})
