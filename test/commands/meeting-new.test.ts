import { expect, it } from 'vitest'
import { inBothRenderings, startBot } from '../bot.ts'

inBothRenderings('calling a meeting', client => {
  it('shows what, when, where and to how many, and sends nothing before 发布', async () => {
    const bot = await startBot({ client })
    const preview = await bot.says('wangshuji', '/会议 新建 党课 2026-11-26 19:00 村党群服务中心 学习党章第三章')
    expect(preview).toContain('d-1')
    expect(preview).toContain('党课 · 学习党章第三章')
    expect(preview).toContain('11月26日 周四 19:00')
    expect(preview).toContain('村党群服务中心')
    expect(preview).toContain('发给 17 人（1 人无手机）')
    expect(preview).toContain('发布')
    expect(bot.sentTo('zhangsan')).toEqual([])
  })

  it('tells those expected once it is published, with how to ask leave', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 11-26 19:00 村部 学习党章')
    expect(await bot.chooses('wangshuji', '发布')).toContain('已发布 m-1')
    const told = bot.newFor('zhangsan')
    expect(told).toContain('党课 · 学习党章')
    expect(told).toContain('11月26日 周四 19:00')
    expect(told).toContain(client === 'cards' ? '请假' : '不能来请回：请假1 事由')
    expect(bot.sentTo('zhangsan')).toHaveLength(1)
    expect(bot.sentTo('jiji')).toHaveLength(1)
    expect(bot.sentTo('qiaoyi')).toHaveLength(0)
    expect(bot.sentTo('likai')).toHaveLength(0)
  })

  it('goes step by step when nothing is said', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '会议 新建')).toContain('党小组会')
    expect(await bot.chooses('wangshuji', '党课')).toContain('哪一天')
    expect(await bot.says('wangshuji', '后天')).toContain('几点')
    expect(await bot.chooses('wangshuji', '19:00')).toContain('在哪里')
    expect(await bot.says('wangshuji', '村部')).toContain('主题')
    const preview = await bot.says('wangshuji', '培训 党章怎么学')
    expect(preview).toContain('党课 · 培训 党章怎么学')
    expect(preview).toContain('11月26日 周四 19:00')
    expect(await bot.chooses('wangshuji', '发布')).toContain('已发布 m-1')
    await bot.says('wangshuji', '会议 新建 主题党日 11-30 9:00')
    expect(await bot.chooses('wangshuji', '村部')).toContain('主题')
  })

  it('takes the whole answer for the place, spaces and all, and offers it again', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '会议 新建 党课 后天晚7点')).not.toContain('空格')
    expect(await bot.says('wangshuji', '村部 二楼 会议室')).toContain('什么主题')
    const preview = await bot.says('wangshuji', '主题：学习 党章')
    expect(preview).toContain('党课 · 学习 党章')
    expect(preview).toContain('，村部 二楼 会议室')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('wangshuji', '会议 新建 党课 11-30 9:00')).toContain('村部 二楼 会议室')
    expect(await bot.says('wangshuji', '村'.repeat(61))).toContain('最多 60 个字')
    expect(await bot.chooses('wangshuji', '村部 二楼 会议室')).toContain('什么主题')
    expect(await bot.says('wangshuji', '再学')).toContain('，村部 二楼 会议室')
    const marked = await bot.says('wangshuji', '会议 新建 党课 12-1 9:00 地点：村部 三楼 主题：学习 党史')
    expect(marked).toContain('党课 · 学习 党史')
    expect(marked).toContain('，村部 三楼')
  })

  it('several kinds are one meeting, with the forecast of the vote', async () => {
    const bot = await startBot({ client })
    for (const kinds of ['党员大会＋党课', '党员大会 + 党课', '党员大会 ＋党课']) {
      const preview = await bot.says('wangshuji', `会议 新建 ${kinds} 明天15:00-16:30 村部 四季度党员大会`)
      expect(preview).toContain('党员大会+党课 · 四季度党员大会')
      expect(preview).toContain('有表决权 应到 14，至多可到 14，法定 7')
    }
  })

  it.each([
    ['wangshuji', '会议 新建 党课 村部 明晚7点 学习', '会议 新建 党课 明晚7点 村部 学习'],
    ['wangshuji', '会议 新建 党课 村部 晚7点 学习', '会议 新建 党课 明天晚7点 村部 学习'],
    ['wangshuji', '会议 新建 党课 晚7点 村部 学习', '会议 新建 党课 明天19:00 村部 学习'],
    ['wangshuji', '会议 新建 党课 村部 学习', '会议 新建 党课 明晚7点 村部 学习'],
    ['wangshuji', '会议 新建 党课 明晚25点 村部 学习', '会议 新建 党课 明晚7点 村部 学习'],
    ['zhenban', '会议 新建 水泉 党课 明晚7点 村部 学习', '会议 新建 @水泉 党课 明晚7点 村部 学习'],
  ])('answers a slip with the line that was meant: %s says %s', async (by, line, meant) => {
    const bot = await startBot({ client })
    const said = await bot.says(by, line)
    const example = /这样发：(.+)/.exec(said)?.[1] ?? ''
    expect(example).toBe(meant)
    expect(await bot.says(by, example)).toContain('预览 d-1')
  })

  it('calls a group’s meeting wherever the @ stands, or says where it has to', async () => {
    const bot = await startBot({ client })
    const said = await bot.says('wangshuji', '会议 新建 党小组会 @二组 明晚7点 村部 学习')
    const preview = said.includes('预览') ? said : await bot.says('wangshuji', /这样发：(.+)/.exec(said)?.[1] ?? '')
    expect(preview).toContain('党小组会 · 学习（二组）')
    const asked = await bot.says('zhenban', '会议 新建 @水泉 党小组会 明晚7点 村部 学习')
    expect(await bot.says('zhenban', /这样发：(.+)/.exec(asked)?.[1] ?? '')).toContain('党小组会 · 学习（一组）')
  })

  it('names the branch to who may act in several, and to nobody else', async () => {
    const bot = await startBot({ client })
    for (const by of ['zhenban', 'wangshuji']) {
      const named = by === 'zhenban'
      const at = named ? '@水泉 ' : ''
      const hour = named ? '7' : '9'
      const isNamed = (text: string) => expect(text.includes('水泉村党支部')).toBe(named)
      isNamed(await bot.says(by, `会议 新建 ${at}党课 明晚${hour}点半 村部 学习`))
      await bot.chooses(by, '发布')
      const id = named ? 'm-1' : 'm-2'
      isNamed(await bot.says(by, `会议 改期 ${id} 后天晚8点`))
      isNamed(await bot.says(by, `会议 取消 ${id} 大雪`))
      await bot.says(by, '作罢 d-2')
    }
  })

  it.each([
    ['会议 新建 党课 昨天19:00 村部 学习', '已过'],
    ['会议 新建 党课 今天9:00 村部 学习', '已过'],
    ['会议 新建 党课 明晚25点 村部 学习', '没看懂时间'],
    ['会议 新建 茶话会 明晚7点 村部 学习', '没有“茶话会”这种会议'],
    ['会议 新建 党课 + 茶话会 明晚7点 村部 学习', '没有“茶话会”这种会议'],
  ])('refuses %s', async (line, why) => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', line)).toContain(why)
  })

  it('refuses an overlap of the same people, not of other people', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('lifushu', '会议 新建 主题党日 明晚8点 村部 活动')).toContain('冲突')
    expect(await bot.says('lifushu', '会议 新建 主题党日 明晚9点 村部 活动')).toContain('d-2')
    expect(await bot.says('qiaoshuji', '会议 新建 党课 明晚7点 村部 学习')).toContain('d-3')
  })

  it('lets the first of two officers publish a draft and tells the second who it was', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    expect(await bot.says('lifushu', '发布 d-1')).toContain('已发布 m-1')
    expect(await bot.says('wangshuji', '发布')).toContain('d-1 已由李福书发布，编号 m-1')
    expect(await bot.says('wangshuji', '发布 d-1')).toContain('李福书')
    expect(await bot.says('lifushu', '发布 d-1')).toContain('已发布 m-1')
    expect(bot.sentTo('zhangsan')).toHaveLength(1)
  })

  it('asks again after thirty minutes, and 1 sends it all the same', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    await bot.at('2026-11-24T10:31:00+08:00')
    expect(await bot.says('wangshuji', '发布')).toContain('预览已过期，照发请回 1')
    expect(await bot.says('wangshuji', '1')).toContain('已发布 m-1')
  })

  it('drops a draft, which then cannot be published', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    expect(await bot.chooses('wangshuji', '作罢')).toContain('作罢')
    expect(await bot.says('wangshuji', '发布 d-1')).toContain('已由您作罢')
    expect(await bot.says('wangshuji', '发布')).toContain('要开会请发：会议 新建')
    expect(bot.sentTo('zhangsan')).toEqual([])
  })

  it('is for officers, for a leader in his group, for the township in any branch it names', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhangsan', '会议 新建 党课 明晚7点 村部 学习')).toContain('支部书记')
    expect(await bot.says('zuzhang', '会议 新建 党课 明晚7点 村部 学习')).toContain('党小组会')
    expect(await bot.says('zuzhang', '会议 新建 党小组会 明晚7点 村部 学习')).toContain('发给 8 人')
    expect(await bot.says('zhenban', '会议 新建 党课 明晚7点 村部 学习')).toContain('支部')
    expect(await bot.says('zhenban', '会议 新建 @水泉 党课 明晚7点 村部 学习')).toContain('发给 17 人')
    expect(await bot.says('wangshuji', '会议 新建 @石桥 党课 明晚7点 村部 学习')).toContain('不归您管')
    expect(await bot.says('qiaoyi', '发布 d-1')).toContain('支部书记')
    expect(await bot.says('qiaoshuji', '发布 d-1')).toContain('没有这个编号')
  })

  it('publishes nothing with an option that its draft does not take', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    expect(await bot.says('wangshuji', '发布 d-1 需回执')).toContain('没看懂“需回执”')
    expect(await bot.says('wangshuji', '发布 d-1 紧急')).toContain('请写明为什么紧急')
    expect(await bot.says('wangshuji', '发布 d-1 现场码')).toContain('已发布 m-1')
    await bot.says('wangshuji', '会议 取消 m-1 大雪封路')
    expect(await bot.says('wangshuji', '发布 d-2 现场码')).toContain('没看懂“现场码”')
    await bot.says('wangshuji', '会议 改期 m-1 后天晚8点')
    expect(await bot.says('wangshuji', '发布 d-3 现场码')).toContain('没看懂“现场码”')
    expect(bot.sentTo('zhangsan')).toHaveLength(1)
  })

  it('keeps the number that was said in the example, and has an example where nothing was said', async () => {
    const bot = await startBot({ client })
    for (const hour of [7, 9]) {
      await bot.says('wangshuji', `会议 新建 党课 明晚${hour}点 村部 学习`)
      await bot.chooses('wangshuji', '发布')
    }
    expect(await bot.says('wangshuji', '会议 改期 1')).toContain('会议 改期 m-1 后天晚7点')
    expect(await bot.says('wangshuji', '会议 取消 1')).toContain('会议 取消 m-1 ')
    await bot.at('2026-11-25T18:45:00+08:00')
    await bot.says('lifushu', '签到')
    const example = /这样发：(.+)/.exec(await bot.says('wangshuji', '补签'))?.[1] ?? ''
    expect(example).toContain('赵祖志 m-1')
    expect(await bot.says('wangshuji', example)).toContain('已补签 1 人：赵祖志')
  })

  it('moved there and back and there again, tells everybody each time', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    await bot.chooses('wangshuji', '发布')
    for (const [minute, hour] of [8, 7, 8, 7, 8].entries()) {
      await bot.at(`2026-11-24T11:0${minute}:00+08:00`)
      await bot.says('wangshuji', `会议 改期 m-1 明晚${hour}点`)
      await bot.chooses('wangshuji', '发布')
    }
    expect(bot.sentTo('zhangsan').filter(text => text.includes('会议改期'))).toHaveLength(5)
  })

  it('moves and cancels, telling everybody who was told before', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('wangshuji', '会议 改期 m-1 后天晚8点')).toContain('11月26日 周四 20:00')
    bot.forget('zhangsan')
    expect(await bot.chooses('wangshuji', '发布')).toContain('已发布 m-1')
    expect(bot.newFor('zhangsan')).toContain('11月26日 周四 20:00')
    await bot.says('wangshuji', '会议 取消 1 大雪封路')
    bot.forget('zhangsan')
    expect(await bot.chooses('wangshuji', '发布')).toContain('已发布 m-1')
    expect(bot.newFor('zhangsan')).toContain('大雪封路')
    await bot.at('2026-11-26T20:00:00+08:00')
    expect(await bot.says('zhangsan', '签到')).toContain('没有要您参加的会议')
  })

  it('of a group is the group’s, whatever else is held with it, and never the whole branch’s', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zuzhang', '会议 新建 党小组会+党员大会 明晚7点 村部 学习')).toContain('请分开发两次')
    expect(await bot.says('wangshuji', '会议 新建 支委会+党小组会 明晚7点 村部 学习')).toContain('请分开发两次')
    expect(await bot.says('zuzhang', '会议 新建 党小组会+组织生活会 明晚7点 村部 学习')).toContain('发给 8 人')
    expect(await bot.chooses('zuzhang', '发布')).toContain('已发布 m-1')
    expect(bot.sentTo('zengguofan')).toEqual([])
    await bot.at('2026-11-25T18:45:00+08:00')
    expect(await bot.says('zengguofan', '签到')).toContain('没有要您参加的会议')
    await bot.says('zhangsan', '签到')
    expect(await bot.says('zuzhang', '会议 结束')).toContain('应到 8 实到 1')
    expect(await bot.says('wangshuji', '名单 1')).toContain('应到 8 实到 1')
  })

  it('sees a conflict with a meeting of the branch, also where a leader calls', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党员大会 明晚7点 村部 大会')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('zuzhang', '会议 新建 党小组会 明晚8点 组长家 学习')).toContain('冲突')
  })

  it('takes no audience that would be lost without a word', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '会议 新建 @全镇 党课 明晚7点 村部 学习')).toContain('一个支部一个支部')
    expect(await bot.says('zhenban', '会议 新建 @水泉 @石桥 党课 明晚7点 村部 学习')).toContain('不能一起写')
    expect(await bot.says('wangshuji', '会议 新建 @一组 @二组 培训 明晚7点 村部 学习')).toContain('不能一起写')
    expect(await bot.says('wangshuji', '会议 新建 @书记 @组织委员 培训 明晚7点 村部 学习')).toContain('发给 2 人')
    expect(await bot.says('zhenban', '会议 新建 @石桥 @书记 培训 明晚7点 镇政府 学习')).toContain('发给 1 人')
    expect(await bot.says('zhenban', '会议 新建 @书记 培训 后天晚7点 镇政府 学习')).toContain('请写明是哪个支部')
  })

  it('asks again for a time that cannot be, and loses nothing that was said', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课')
    const hours = await bot.says('wangshuji', '今天')
    expect(hours).not.toContain('09:00')
    expect(hours).toContain('14:30')
    expect(await bot.says('wangshuji', '9点')).toContain('09:00 已过')
    expect(await bot.says('wangshuji', '今晚7点半')).toContain('在哪里')
    await bot.says('wangshuji', '村部')
    expect(await bot.says('wangshuji', '学习')).toContain('11月24日 周二 19:30')
    expect(await bot.says('wangshuji', '会议 新建 培训 今晚 村部 学习 防火')).toContain('几点开始')
    const preview = await bot.says('wangshuji', '明天9点')
    expect(preview).toContain('培训 · 学习 防火')
    expect(preview).toContain('11月25日 周三 09:00')
    expect(preview).toContain('，村部')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('wangshuji', '会议 新建 党课 明天10点 村部 再学')).toContain('冲突')
    expect(await bot.says('wangshuji', '12点半')).toContain('11月25日 周三 12:30')
  })

  it.each(['12-26 25:00', '2026-02-30 19:00', '2027-02-29 9:00'])('says that %s is no time', async time => {
    const bot = await startBot({ client })
    const [day = ''] = time.split(' ')
    const answer = await bot.says('wangshuji', `会议 新建 党课 ${time} 村部 学习`)
    expect(answer).toContain('没看懂时间')
    expect(answer.split('这样发')[1]).not.toContain(day === '12-26' ? '25:00' : day)
  })

  it('asks a leader for no kind: there is one', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zuzhang', '会议 新建')).toContain('哪一天')
  })

  it('said twice sends nothing old: a preview that lay open since the morning is not meant', async () => {
    const bot = await startBot({ client, at: '2026-11-24T08:30:00+08:00' })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 早上')
    await bot.at('2026-11-24T10:00:00+08:00')
    await bot.says('wangshuji', '会议 新建 党课 后天晚7点 村部 现在')
    expect(await bot.says('wangshuji', '发布')).toContain('已发布 m-1')
    expect(await bot.says('wangshuji', '发布')).toContain('已发布 m-1')
    expect(await bot.says('wangshuji', '1')).not.toContain('m-2')
  })

  it('of several previews says which is which', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 早上')
    await bot.says('wangshuji', '会议 新建 党课 后天晚7点 村部 晚上')
    expect(await bot.says('wangshuji', '发布')).toMatch(/d-2（党课 · 晚上）[\s\S]*d-1（党课 · 早上）/)
    expect(await bot.says('wangshuji', '发布 m-1')).toContain('没有这个编号')
  })

  it('asks for an hour at which nobody sits in another meeting', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    await bot.chooses('wangshuji', '发布')
    const asked = await bot.says('wangshuji', '会议 新建 主题党日 明天')
    expect(asked).toContain('14:30')
    expect(asked).not.toMatch(/19:00　|19:30/)
    const clash = await bot.says('wangshuji', '晚上7点半')
    expect(clash).toContain('时间冲突')
  })

  it('moved, keeps no presence from the old time, and whoever sits in the room stays present', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党员大会 今天10:20 村部 大会')
    await bot.chooses('wangshuji', '发布')
    await bot.says('zhangsan', '签到')
    await bot.says('wangshuji', '会议 改期 m-1 今天10:25')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('zhangsan', '签到')).toContain('已签到')
    expect(await bot.says('wangshuji', '会议 改期 m-1 明天9点')).toContain('已签到的 1 人到时要重新签到')
    await bot.chooses('wangshuji', '发布')
    await bot.at('2026-11-25T09:05:00+08:00')
    const report = await bot.says('wangshuji', '会议 结束')
    expect(report).toContain('实到 0')
    expect(report).toContain('未达到法定人数')
  })

  it('cancelled twice in a minute under one name, is told twice', async () => {
    const bot = await startBot({ client })
    for (const id of ['m-1', 'm-2']) {
      await bot.says('wangshuji', '会议 新建 党课 后天9点 村部 同名')
      await bot.chooses('wangshuji', '发布')
      await bot.says('wangshuji', `会议 取消 ${id} 写错了`)
      expect(await bot.chooses('wangshuji', '发布')).toContain(`已发布 ${id}，会议取消`)
    }
    expect(bot.sentTo('zhangsan').filter(text => text.includes('会议取消'))).toHaveLength(2)
  })
})
