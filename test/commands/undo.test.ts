import { expect, it } from 'vitest'
import { audits } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function callLesson(bot: TestBot): Promise<void> {
  await bot.says('wangshuji', '会议 新建 党课 明晚7点 村党群服务中心 学习党章第三章')
  expect(await bot.chooses('wangshuji', '发布')).toContain('已发布 m-1')
}

inBothRenderings('taking back', client => {
  it('takes back a check-in of the last ten minutes; the next check-in works again', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.at('2026-11-25T18:45:00+08:00')
    await bot.says('lisi', '签到')
    await bot.says('zhangsan', '签到')
    await bot.at('2026-11-25T18:54:00+08:00')
    expect(await bot.says('lisi', '撤回')).toContain('已撤回签到')
    expect(await bot.says('zhangsan', '签到')).toContain('已签到')
    expect(await bot.says('lisi', '签到')).toContain('签到成功')
    const what = await bot.service.store.read(async tx => (await tx.all(audits)).map(entry => entry.what))
    expect(what).toContain('undo-check-in')
  })

  it('after ten minutes says so and changes nothing', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.at('2026-11-25T18:40:00+08:00')
    await bot.says('zhangsan', '签到')
    await bot.at('2026-11-25T18:51:00+08:00')
    expect(await bot.says('zhangsan', '撤回')).toContain('10 分钟')
    expect(await bot.says('zhangsan', '签到')).toContain('已签到')
  })

  it('takes back a leave, asked or granted, and tells the secretary', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    for (const [userId, granted, name] of [
      ['zhangsan', false, '张三'],
      ['lisi', true, '李四'],
    ] as const) {
      expect(await bot.says(userId, '请假 发烧')).toContain('请假待批')
      if (granted) await bot.says('wangshuji', `准假 ${name}`)
      bot.forget('wangshuji')
      bot.forget('zhaozuzhi')
      expect(await bot.says(userId, '/撤回')).toContain('已撤回请假')
      const told = bot.newFor('wangshuji')
      expect(told).toContain(`${name} ${granted ? '撤回了已准的请假' : '撤回了请假，不用再批'}：m-1 党课`)
      expect(told).toMatch(/（\d\d:\d\d 撤回的，编号假\d+）/)
      if (granted) expect(told).not.toContain('不用再批')
      expect(bot.newFor('zhaozuzhi')).toBe('')
      expect(await bot.says(userId, '撤回')).toContain('没有能撤回')
    }
  })

  it('tells each withdrawal, two within one minute too', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    for (const times of [1, 2]) {
      await bot.says('zhangsan', '请假 发烧')
      await bot.says('zhangsan', '撤回')
      const told = bot.sentTo('wangshuji')
      expect(told.filter(text => text.includes('张三 请假'))).toHaveLength(times)
      expect(told.filter(text => text.includes('张三 撤回了请假'))).toHaveLength(times)
    }
  })

  it('takes back no leave that an officer entered', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    expect(await bot.says('wangshuji', '准假 张三 出差')).toContain('已准假：张三')
    expect(await bot.says('zhangsan', '撤回')).toContain('没有能撤回')
    expect(await bot.says('zhangsan', '会议')).toContain('已准假')
  })

  it('takes back the last of the two first', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.at('2026-11-25T18:40:00+08:00')
    await bot.says('zhangsan', '请假 发烧')
    await bot.at('2026-11-25T18:42:00+08:00')
    await bot.says('zhangsan', '签到')
    expect(await bot.says('zhangsan', '撤回')).toContain('已撤回签到')
    await bot.says('zhangsan', '签到')
    expect(await bot.says('zhangsan', '撤回 请假')).toContain('已撤回请假')
    expect(await bot.says('zhangsan', '撤回')).toContain('已撤回签到')
  })

  it('is refused once the meeting is closed, and nothing of what others entered can be taken back', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.at('2026-11-25T18:45:00+08:00')
    await bot.says('wangshuji', '补签 李四')
    expect(await bot.says('lisi', '撤回')).toContain('没有能撤回')
    await bot.says('zhangsan', '签到')
    await bot.says('wangshuji', '会议 结束')
    const refused = await bot.says('zhangsan', '撤回')
    expect(refused).toContain('已结束')
    expect(refused).toContain('请找书记')
    expect(await bot.says('zhangsan', '签到')).toContain('已签到')
  })
})

inBothRenderings('taking back that dues were paid', client => {
  it('frees the months, tells whom it was put to, and settles his card', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhangsan', '已缴')).toContain('已记下（c-1），待确认')
    for (const userId of ['zhaozuzhi', 'wangshuji']) bot.forget(userId)
    await bot.at('2026-11-24T10:09:00+08:00')
    expect(await bot.says('zhangsan', '撤回')).toBe('已撤回 c-1：11月党费 0.50 元，没有记。要重新报请发：已缴')
    expect(bot.newFor('zhaozuzhi')).toBe('张三撤回了 c-1：11月党费 0.50 元，不用再确认。')
    expect(bot.newFor('wangshuji')).toBe('')
    expect(await bot.chooses('zhaozuzhi', '确认')).toContain('已由本人撤回')
    expect(await bot.says('zhangsan', '党费')).toContain('未缴：11月')
    expect(await bot.says('zhangsan', '撤回')).toContain('没有能撤回')
    expect(await bot.says('zhangsan', '已缴')).toContain('c-2')
    expect(await bot.says('zhaozuzhi', '党费 确认')).toContain('已确认')
    const what = await bot.service.store.read(async tx => (await tx.all(audits)).map(entry => entry.what))
    expect(what).toContain('withdraw-dues')
    expect(await bot.says('zhaozuzhi', '验 D2026-1-0001')).toContain('有效')
  })

  it('is not possible after ten minutes, nor once it is confirmed, nor for what others said', async () => {
    const bot = await startBot({ client })
    await bot.says('zhangsan', '已缴')
    await bot.says('lisi', '已缴 替张伟一组')
    expect(await bot.says('zhangweia', '撤回 党费')).toContain('没有能撤回')
    await bot.at('2026-11-24T10:11:00+08:00')
    expect(await bot.says('zhangsan', '撤回 党费')).toContain('10 分钟内没有能撤回')
    await bot.says('qianxuan', '已缴')
    await bot.says('zhaozuzhi', '党费 确认 钱宣')
    expect(await bot.says('qianxuan', '撤回')).toContain('没有能撤回')
    expect(await bot.says('qianxuan', '党费')).toContain('已缴：11月')
  })

  it('is for who brought the money of another, without its amount', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('lisi', '已缴 替张三')).toContain('c-1')
    bot.forget('zhaozuzhi')
    const answer = await bot.says('lisi', '撤回 党费')
    expect(answer).toBe('已撤回 c-1：张三11月党费，没有记。要重新报请发：已缴 替张三')
    expect(bot.newFor('zhaozuzhi')).toContain('李四撤回了 c-1：张三的11月党费 0.50 元')
    expect(await bot.says('zhangsan', '党费')).toContain('未缴：11月')
  })

  it('goes by time among the kinds, and by name', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('zhangsan', '请假 发烧')
    await bot.at('2026-11-24T10:02:00+08:00')
    await bot.says('zhangsan', '已缴')
    await bot.at('2026-11-24T10:04:00+08:00')
    expect(await bot.says('zhangsan', '撤回 请假')).toContain('已撤回请假')
    await bot.says('zhangsan', '请假 发烧')
    expect(await bot.says('zhangsan', '撤回 党费')).toContain('已撤回 c-1')
    await bot.at('2026-11-24T10:05:00+08:00')
    await bot.says('zhangsan', '已缴')
    expect(await bot.says('zhangsan', '撤回')).toContain('已撤回 c-2')
    expect(await bot.says('zhangsan', '撤回')).toContain('已撤回请假')
  })
})
