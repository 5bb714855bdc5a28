import { expect, it } from 'vitest'
import { people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

/** A lesson tomorrow at seven, called and published by the secretary: m-1. */
async function callLesson(bot: TestBot, option?: string): Promise<void> {
  await bot.says('wangshuji', '会议 新建 党课 明晚7点 村党群服务中心 学习党章第三章')
  const answer = await bot.chooses('wangshuji', option ?? '发布')
  expect(answer).toContain('已发布 m-1')
}

inBothRenderings('checking in', client => {
  it('before the window says when it opens, and works in the window', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    expect(await bot.says('zhangsan', '签到')).toContain('18:30 开始签到')
    await bot.at('2026-11-25T18:29:00+08:00')
    expect(await bot.says('zhangsan', '/签到')).toMatch(/^18:30 开始签到/)
    await bot.at('2026-11-25T18:30:00+08:00')
    const answer = await bot.says('zhangsan', '／签到')
    expect(answer).toContain('签到成功')
    expect(answer).toContain('第 1 位')
    expect(answer).toContain('党课 · 学习党章第三章')
    expect(answer).not.toContain('迟到')
  })

  it('counts positions, says who is late and changes nothing the second time', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.at('2026-11-25T18:45:00+08:00')
    await bot.says('zhangsan', '到了')
    await bot.at('2026-11-25T19:12:30+08:00')
    const late = await bot.says('lisi', '签到')
    expect(late).toContain('第 2 位')
    expect(late).toContain('19:12 到（迟到 12 分钟）')
    const again = await bot.says('zhangsan', '签到')
    expect(again).toContain('已签到')
    expect(again).toContain('18:45')
    expect(await bot.says('yubei', '打卡')).toContain('第 3 位')
    await bot.says('wangshuji', '补签 赵祖志')
    expect(await bot.says('zengguofan', '签到')).toContain('第 5 位')
  })

  it('after the planned end sends to the secretary', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.at('2026-11-25T20:59:30+08:00')
    expect(await bot.says('zhangsan', '签到')).toContain('签到成功')
    await bot.at('2026-11-25T21:01:00+08:00')
    expect(await bot.says('lisi', '签到')).toContain('请书记补签')
    expect(await bot.says('zhangsan', '签到')).toContain('已签到')
  })

  it('wants the code where the secretary asked for it, and stops after five wrong ones', async () => {
    const bot = await startBot({ client })
    await callLesson(bot, '现场码')
    await bot.at('2026-11-25T18:45:00+08:00')
    const code = /签到码 (\d{4})/.exec(await bot.says('wangshuji', '会议 签到码'))?.[1] ?? ''
    expect(code).toMatch(/^\d{4}$/)
    const wrong = code === '1111' ? '2222' : '1111'
    expect(await bot.says('zhangsan', '签到')).toContain('签到码')
    expect(await bot.says('zhangsan', code)).toContain('签到成功')
    expect(await bot.says('zengguofan', `签到码 ${code}`)).toContain('签到成功')
    for (let tries = 1; tries <= 5; tries += 1) expect(await bot.says('lisi', `签到${wrong}`)).toContain('签到码')
    expect(await bot.says('lisi', code)).toContain('请书记补签')
  })

  it('ignores a code where none is wanted, and refuses to sign for somebody else', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.at('2026-11-25T18:45:00+08:00')
    expect(await bot.says('zhangsan', '签到 李四')).toContain('签到只给自己签')
    expect(await bot.says('zhangsan', '４８２１')).toContain('签到成功')
    expect(await bot.says('lisi', '签到')).toContain('第 2 位')
  })

  it('does not know another branch’s meeting', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.at('2026-11-25T18:45:00+08:00')
    expect(await bot.says('qiaoyi', '签到 m-1')).toContain('没有这个编号')
    expect(await bot.says('qiaoyi', '签到')).toContain('没有要您参加的会议')
    expect(await bot.says('fremder', '签到')).toContain('不在名册')
    expect(await bot.says('likai', '签到')).toContain('不在名册')
  })

  it('asks which of two, and a digit answers', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.says('zuzhang', '会议 新建 党小组会 11-25 21:00-21:30 村部 组务')
    await bot.chooses('zuzhang', '发布')
    await bot.at('2026-11-25T20:50:00+08:00')
    const asked = await bot.says('zhangsan', '签到')
    expect(asked).toContain('签哪个会')
    expect(await bot.says('zhangsan', '2')).toContain('党小组会 · 组务')
    expect(await bot.says('zhangsan', '签到 m-1')).toContain('签到成功')
  })

  it('just before a meeting speaks of that one, not of the one of the afternoon', async () => {
    const bot = await startBot({ client })
    for (const line of ['党课 今天14:00-15:00 村部 甲', '党员大会 今天19:00-20:00 村部 乙']) {
      await bot.says('wangshuji', `会议 新建 ${line}`)
      await bot.chooses('wangshuji', '发布')
    }
    await bot.at('2026-11-24T14:05:00+08:00')
    await bot.says('zhangsan', '签到')
    await bot.at('2026-11-24T15:10:00+08:00')
    expect(await bot.says('lisi', '签到')).toContain('请书记补签')
    await bot.at('2026-11-24T18:25:00+08:00')
    for (const userId of ['zhangsan', 'lisi']) expect(await bot.says(userId, '签到')).toMatch(/^18:30 开始签到/)
  })

  it('in two branches at once offers what is not signed yet, told apart, and then says 已签到', async () => {
    const bot = await startBot({ client })
    for (const userId of ['wangshuji', 'qiaoshuji']) {
      await bot.says(userId, '会议 新建 党课 今天10:20 村部 学习')
      await bot.chooses(userId, '发布')
    }
    await bot.service.store.update('township', async tx => {
      const person = await tx.getBy(people, 'userId', 'zhangsan')
      const other = await tx.getBy(people, 'userId', 'qiaoyi')
      if (person && other)
        await tx.put(people, { ...person, memberships: [...person.memberships, ...other.memberships] })
    })
    const asked = await bot.says('zhangsan', '签到')
    expect(asked).toContain('水泉村党支部')
    expect(asked).toContain('石桥村党支部')
    expect(await bot.chooses('zhangsan', '水泉村党支部')).toContain('签到成功')
    expect(await bot.says('zhangsan', '签到')).toContain('签到成功')
    expect(await bot.says('zhangsan', '签到')).toContain('已签到')
  })

  it('with several open counts a wrong code all the same', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 今天10:20 村部 学习')
    await bot.chooses('wangshuji', '现场码')
    await bot.says('wangshuji', '会议 新建 @一组 培训 今天12:25 村部 防火')
    await bot.chooses('wangshuji', '发布')
    await bot.at('2026-11-24T12:00:00+08:00')
    const code = /\d{4}/.exec(await bot.says('wangshuji', '会议 签到码 1'))?.[0] ?? ''
    for (let tries = 0; tries < 5; tries += 1) await bot.says('zhangsan', code === '1111' ? '2222' : '1111')
    expect(await bot.says('zhangsan', code)).toContain('请书记补签')
  })
})
