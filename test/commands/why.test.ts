import { expect, it } from 'vitest'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function call(bot: TestBot, line: string, by = 'wangshuji'): Promise<void> {
  await bot.says(by, `会议 新建 ${line}`)
  expect(await bot.chooses(by, '发布')).toContain('已发布 m-')
}

inBothRenderings('why a number is what it is', client => {
  it('is, of the plan, the article, its day in force and the meetings counted', async () => {
    const bot = await startBot({ client })
    await call(bot, '党员大会+党课 今天10:30-11:00 村部 大会')
    await bot.at('2026-11-24T11:00:00+08:00')
    await bot.says('wangshuji', '会议 结束 1')
    const told = await bot.says('zhangsan', '为什么')
    expect(told).toContain('水泉村党支部：正式党员 15 人，设支委会；党小组 2 个：一组、二组')
    expect(told).toContain('党员大会：本季度已开 1 次（m-1），计划 1 次')
    expect(told).toContain('党课：今年已开 1 次（m-1），计划 4 次')
    expect(told).toContain('《中国共产党支部工作条例（试行）》第十一条、第十四条，2018-10-28 起施行')
    await call(bot, '支委会 今天11:30-12:00 村部 研究')
    await bot.at('2026-11-24T12:00:00+08:00')
    await bot.says('wangshuji', '会议 结束 2')
    expect(await bot.says('zhangsan', '依据')).toContain('支委会：本月已开 1 次，计划 1 次')
    expect(await bot.says('wangshuji', '依据')).toContain('支委会：本月已开 1 次（m-2），计划 1 次')
    expect(await bot.says('zhangsan', '依据')).toContain('党小组会：本月一组已开 0 次、二组已开 0 次，各计划 1 次')
    const small = await bot.says('qiaoyi', '依据')
    expect(small).toContain('不足 7 人，不设支委会')
    expect(small).toContain('没有党小组')
    expect(small).not.toContain('支委会：本月')
  })

  it('is, of a meeting, who is expected and who votes, with names for officers alone', async () => {
    const bot = await startBot({ client })
    await call(bot, '党员大会 明晚7点 村部 大会')
    const officer = await bot.says('wangshuji', '依据 m-1')
    expect(officer).toContain('应到 15 人 = 正式党员 14 + 预备党员 1（本支部党员）')
    expect(officer).toContain('可免考勤，不计应到 1 人：郑老年')
    expect(officer).toContain('有表决权 应到 14')
    expect(officer).toContain('预备党员没有表决权 1 人（余备）')
    expect(officer).toContain('经批准不计法定人数 1 人（郑老年）')
    expect(officer).toContain('第十一条，2018-10-28 起施行')
    expect(officer).toContain('您：应到，计入有表决权')
    const member = await bot.says('yubei', '依据 1')
    expect(member).toContain('应到 15 人')
    expect(member).toContain('您：应到，不计有表决权')
    for (const name of ['郑老年', '余备']) expect(member).not.toContain(name)
    expect(await bot.says('laonian', '依据 m-1')).toContain('您：可免考勤，不计应到，不计有表决权')
  })

  it('is frozen with the meeting', async () => {
    const bot = await startBot({ client })
    await call(bot, '支委会 今天10:30-11:00 村部 研究')
    await bot.at('2026-11-24T11:00:00+08:00')
    expect(await bot.says('wangshuji', '依据 m-1')).toContain('按现在的名册算')
    await bot.says('wangshuji', '会议 结束 1')
    const told = await bot.says('wangshuji', '依据 m-1')
    expect(told).toContain('按结束时的名册算')
    expect(told).toContain('应到 5 人 = 正式党员 5（支委会成员）')
    expect(told).toContain('第十二条')
  })

  it('does not exist for whom the meeting does not concern, and for what is no meeting', async () => {
    const bot = await startBot({ client })
    await call(bot, '支委会 明晚7点 村部 研究')
    for (const userId of ['zhangsan', 'qiaoshuji']) {
      expect(await bot.says(userId, '依据 m-1')).toContain('没有这个编号')
    }
    for (const id of ['m-9', 'n-1', 'D2026-3-0007']) {
      expect(await bot.says('wangshuji', `依据 ${id}`)).toContain('没有这个编号')
    }
    expect(await bot.says('wangshuji', '依据 开会')).toContain('会议编号')
  })

  it('is, of a receipt, the standard with who set it, what reduced it, and the article', async () => {
    const bot = await startBot({ client })
    await bot.says('zhaozuzhi', '收缴 张三 0.60')
    const told = await bot.says('zhangsan', '依据 d2026-1-1')
    expect(told).toContain('D2026-1-0001 张三 11月党费 0.60 元\n标准：11月起每月 0.50 元（农民），按名册')
    expect(told).toContain('《关于中国共产党党费收缴、使用和管理的规定》第六条，2008-04-01 起施行')
    expect(told).toContain('超出标准 0.10 元（自愿）')
    await bot.says('zhaozuzhi', '党费 标准 李四 0.80')
    await bot.says('zhaozuzhi', '党费 减免 李四 0.20 2026-11 2026-12 镇党委会11月2日')
    await bot.says('zhaozuzhi', '收缴 李四')
    const reduced = await bot.says('wangshuji', '依据 D2026-1-0002')
    for (const words of ['11月党费 0.20 元', '每月 0.80 元（农民），赵祖志定', '批准：镇党委会11月2日', '第七条']) {
      expect(reduced).toContain(words)
    }
    expect(reduced).not.toContain('超出标准')
    for (const userId of ['lisi', 'qianxuan', 'qiaoshuji', 'liangbian']) {
      expect(await bot.says(userId, '依据 D2026-1-0001'), userId).toContain('没有这个编号')
    }
    expect(await bot.says('zhenban', '依据 D2026-1-0001')).toContain('张三')
  })
})
