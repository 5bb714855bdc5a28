import { expect, it } from 'vitest'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function callLesson(bot: TestBot): Promise<void> {
  await bot.says('wangshuji', '会议 新建 党课 明晚7点 村党群服务中心 学习党章第三章')
  expect(await bot.chooses('wangshuji', '发布')).toContain('已发布 m-1')
  await bot.at('2026-11-25T18:45:00+08:00')
}

inBothRenderings('the roll', client => {
  it('names the missing first with their rows on the sheet, leave apart with its reason', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('wangshuji', '签到')
    await bot.says('zhangsan', '请假 孙子结婚')
    await bot.says('wangshuji', '准假 张三')
    await bot.says('lisi', '请假 发烧')
    const roll = await bot.says('zhaozuzhi', '名单')
    expect(roll).toContain('m-1 党课 · 学习党章第三章')
    expect(roll).toMatch(/应到 15 实到 1 请假 1，请假待批 1，未签到 12/)
    expect(roll).toMatch(/^2 李福书$/m)
    expect(roll).toMatch(/^\d+ 吴梅吉 无手机$/m)
    expect(roll).toMatch(/^\d+ 张伟（二组，2015年入党）$/m)
    expect(roll).toMatch(/请假待批 1 人：\n8 李四 发烧/)
    expect(roll).toMatch(/已准假 1 人：\n7 张三 孙子结婚/)
    expect(roll).not.toContain('王树基')
    expect(roll).not.toContain('郑老年')
    expect(roll.indexOf('李福书')).toBeLessThan(roll.indexOf('李四'))
    expect(roll).toContain('补签')
  })

  it('shows everybody on request, with times, and 补签 as such', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('wangshuji', '签到')
    await bot.says('wangshuji', '补签 季吉')
    const roll = await bot.says('wangshuji', '名单 1 全部')
    expect(roll).toMatch(/^1 王树基 18:45$/m)
    expect(roll).toMatch(/^\d+ 季吉 列席 补签$/m)
    expect(roll).toMatch(/^\d+ 郑老年$/m)
  })

  it('numbers a floating member on standing leave where he stands, and lists him apart from those who count', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    const rows = (roll: string) => [...roll.matchAll(/^(\d+ [^\s（]+)/gmu)].map(([, row]) => row).sort()
    const before = rows(await bot.says('wangshuji', '名单 1 全部'))
    await bot.says('wangshuji', '准假 刘东 长期 外出务工')
    const roll = await bot.says('wangshuji', '名单 1 全部')
    expect(roll).toMatch(/应到 14 实到 0 请假 0，未签到 14/)
    expect(roll).toMatch(/^长期请假（不计应到）1 人：\n14 刘东 外出务工$/m)
    expect(roll).not.toContain('已准假')
    expect(roll).toMatch(/^15 余备$/m)
    expect(rows(roll)).toEqual(before)
    await bot.says('wangshuji', '准假 刘东 长期 取消')
    expect(rows(await bot.says('wangshuji', '名单 1 全部'))).toEqual(before)
  })

  it('gives row numbers their meaning', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    const row = /^(\d+) 周祖章$/m.exec(await bot.says('wangshuji', 'roll'))?.[1]
    expect(await bot.says('wangshuji', `补签 ${row}`)).toContain('已补签 1 人：周祖章')
    expect(await bot.says('wangshuji', '名单')).not.toContain('周祖章')
  })

  it('is for officers only, and stays the same after the close', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    expect(await bot.says('zhangsan', '名单')).not.toContain('李福书')
    expect(await bot.says('qiaoshuji', '名单 m-1')).toContain('没有这个编号')
    await bot.says('wangshuji', '会议 结束 1')
    const roll = await bot.says('wangshuji', '名单')
    expect(roll).toMatch(/应到 15 实到 0 请假 0 缺席 15/)
    expect(roll).toMatch(/^2 李福书$/m)
  })
})
