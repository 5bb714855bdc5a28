import { expect, it } from 'vitest'
import { attendances, audits } from '../../src/store/collections.ts'
import { inBothRenderings, startBot } from '../bot.ts'

inBothRenderings('hearing a line', client => {
  it('answers a repeat of the same message with the same words, also after a restart, and runs it once', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 今天10:20 村部 学习')
    await bot.chooses('wangshuji', '发布')
    const first = await bot.simulator.say('zhangsan', '签到', { msgId: '9007199254740993001' })
    expect(first.reply).toContain('第 1 位')
    await bot.simulator.say('lisi', '签到')
    const again = await bot.simulator.say('zhangsan', '签到', { msgId: '9007199254740993001' })
    expect(again.reply).toBe(first.reply)
    const neighbour = await bot.simulator.say('zhangsan', '签到', { msgId: '9007199254740993002' })
    expect(neighbour.reply).toContain('已签到')
    await bot.restart()
    const afterwards = await bot.simulator.say('zhangsan', '签到', { msgId: '9007199254740993001' })
    expect(afterwards.reply).toBe(first.reply)
    const records = await bot.service.store.read(tx => tx.find(attendances, 'meeting', 'm-1'))
    expect(records).toHaveLength(2)
  })

  it('runs once what WeCom delivers twice', async () => {
    const bot = await startBot({ client })
    bot.simulator.faults.deliverTwice(true)
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    await bot.chooses('wangshuji', '发布')
    await bot.idle()
    expect(bot.sentTo('zhangsan')).toHaveLength(1)
    const calls = await bot.service.store.read(tx => tx.all(audits))
    expect(calls.filter(entry => entry.what === 'call-meeting')).toHaveLength(1)
  })

  it('takes the same line within five seconds for one, and later for another', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    expect(await bot.says('wangshuji', '发布')).toContain('已发布 m-1')
    expect(await bot.says('wangshuji', '发布')).toContain('已发布 m-1')
    await bot.at('2026-11-24T10:01:00+08:00')
    expect(await bot.says('wangshuji', '发布')).toContain('没有等着发布的预览')
  })

  it('a digit tapped twice says the same, and a thank-you is no answer to a question', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部')
    expect(await bot.says('wangshuji', '好的')).toBe('')
    await bot.says('wangshuji', '学习')
    expect(await bot.says('wangshuji', '1')).toContain('已发布 m-1')
    expect(await bot.says('wangshuji', '1')).toContain('已发布 m-1')
  })

  it('a command said instead of an answer is a command, and no reason or topic swallows it', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    await bot.chooses('wangshuji', '发布')
    await bot.says('zhangsan', '请假 发烧')
    await bot.says('lisi', '请假')
    expect(await bot.says('lisi', '签到 4821')).toContain('18:30 开始签到')
    await bot.says('lisi', '请假')
    expect(await bot.says('lisi', '到医院看病')).toContain('待批')
    await bot.says('wangshuji', '不准 张三')
    bot.forget('zhangsan')
    expect(await bot.says('wangshuji', '准假 张三')).toContain('已准假')
    expect(bot.newFor('zhangsan')).toContain('已准')
    await bot.says('wangshuji', '会议 新建 党课 后天晚7点 村部')
    expect(await bot.says('wangshuji', '名单 m-1')).not.toContain('预览')
  })

  it('算了 takes the question back', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建')
    expect(await bot.says('wangshuji', '算了')).toContain('不算了')
    expect(await bot.says('wangshuji', '算了')).toBe('')
    expect(await bot.says('wangshuji', '4')).not.toContain('哪一天')
  })

  it('发布 alone sends one draft after the other, however fast they follow', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    expect(await bot.says('wangshuji', '发布')).toContain('已发布 m-1')
    await bot.says('wangshuji', '会议 取消 1 大雪')
    bot.forget('zhangsan')
    expect(await bot.says('wangshuji', '发布')).toContain('已发布 m-1')
    expect(bot.newFor('zhangsan')).toContain('大雪')
  })

  it('answers one person’s lines in the order they came, though they come at once', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    await bot.chooses('wangshuji', '发布')
    const say = (line: string) => bot.simulator.say('zhangsan', line)
    const [asked, answered] = await Promise.all([say('请假'), say('发烧了')])
    expect(asked.reply).toContain('什么事由')
    expect(answered.reply).toContain('待批')
    const twice = await Promise.all([say('建议 路灯坏了'), say('建议 路灯坏了')])
    expect(twice[0].reply).toBe(twice[1].reply)
  })

  it('an @ is an audience where officers speak of a branch, and text where a member speaks', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '名单 @二组')).toContain('只能写支部')
    await bot.says('zhangsan', '建议 @书记 路灯坏了')
    expect(bot.sentTo('wangshuji').at(-1)).toContain('@书记 路灯坏了')
  })

  it('an @ may stand in front of the command’s words too', async () => {
    const bot = await startBot({ client })
    for (const line of ['@水泉 报表 签到 四季度', '/＠水泉 报表 签到 四季度'])
      expect(await bot.says('zhenban', line)).toContain('签到报表在做，做好就发给您')
    expect(await bot.says('zhenban', '@石桥 会议 新建 党课 明晚7点 村部 学习')).toContain('石桥村党支部')
    expect(await bot.says('wangshuji', '@石桥 名单')).toContain('不归您管')
    expect(await bot.says('zhangsan', '@书记 签到')).not.toContain('签到成功')
  })

  it('an @ in front is text where text is awaited, unless a whole command is behind it', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部')
    expect(await bot.says('wangshuji', '@全体 签到表 请带来')).toContain('@全体 签到表 请带来')
    await bot.says('wangshuji', '会议 新建 党课 后天19:00 村部')
    expect(await bot.says('wangshuji', '@水泉 报表 签到 四季度')).toContain('签到报表在做')
  })

  it('knows how people say it', async () => {
    const bot = await startBot({ client })
    for (const line of ['散会', '大屏', '点名', '纪要', '几点开会', '今晚开会吗'])
      expect(await bot.says('wangshuji', line), line).not.toMatch(/没看懂|您是要发/)
    expect(await bot.says('liangbian', '我交了五毛')).toContain('11月党费 0.50 元')
  })

  it('knows people on the roster alone', async () => {
    const bot = await startBot({ client })
    for (const line of ['签到', '/帮助', '你好', '1']) expect(await bot.says('fremder', line)).toContain('不在名册')
    expect(await bot.says('likai', '签到')).toContain('不在名册')
    expect(await bot.says('ZhangSan', '签到')).not.toContain('不在名册')
  })

  it('says nothing to a thank-you, and reads text alone', async () => {
    const bot = await startBot({ client })
    for (const courtesy of ['好的', '谢谢', '嗯', '收到', '收到。'])
      expect(await bot.says('zhangsan', courtesy)).toBe('')
    await bot.simulator.picture('zhangsan')
    expect(bot.newFor('zhangsan')).toContain('我只认文字')
  })

  it('asks about a near word and acts only on the answer', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhangsan', '签道')).toContain('签到')
    expect(await bot.says('zhangsan', '1')).toContain('没有要您参加的会议')
    expect(await bot.says('zhangsan', '/签倒')).toContain('签到')
    expect(await bot.says('zhangsan', '/签倒')).not.toContain('签到成功')
  })

  it('does not take a sentence for a command', async () => {
    const bot = await startBot({ client })
    const answer = await bot.says('wangshuji', '党员大会几点开')
    expect(answer).toContain('帮助')
    expect(answer).not.toContain('郑老年')
  })

  it('digits answer only the last reply, any command clears it, and a stale one says how to go on', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建')
    await bot.says('wangshuji', '我的')
    expect(await bot.says('wangshuji', '4')).not.toContain('哪一天')
    await bot.says('wangshuji', '会议 新建')
    await bot.at('2026-11-24T10:40:00+08:00')
    expect(await bot.says('wangshuji', '4')).toContain('会议 新建')
    expect(await bot.says('wangshuji', '4')).not.toContain('哪一天')
  })

  it('a wrong answer leaves the question open', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建')
    await bot.says('wangshuji', '党课')
    expect(await bot.says('wangshuji', '猴年马月')).toContain('没看懂')
    expect(await bot.says('wangshuji', '后天')).toContain('几点')
  })

  it('shows an example of the person’s own when arguments are wrong', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('wangshuji', '会议 改期 m-1')).toContain('这样发：会议 改期 m-1')
  })

  it('menu items and scanned codes are lines; a foreign code is said to be one', async () => {
    const bot = await startBot({ client })
    await bot.simulator.click('zhangsan', '/签到')
    expect(bot.sentTo('zhangsan').at(-1)).toContain('没有要您参加的会议')
    await bot.simulator.scan('zhangsan', 'https://example.org/x')
    expect(bot.sentTo('zhangsan').at(-1)).toContain('这不是会议的签到码')
  })
})

it('an administrator who is not on the roster has the township’s lines only', async () => {
  const bot = await startBot({ env: { ADMIN_USERIDS: 'Office1, zhangsan' } })
  expect(await bot.says('office1', '帮助')).not.toContain('不在名册')
  expect(await bot.says('office1', '会议 新建 @水泉 党课 明晚7点 村部 学习')).toContain('不在名册')
  expect(await bot.says('zhangsan', '会议 新建 @石桥 党课 明晚7点 村部 学习')).toContain('预览')
})

it('a card’s button greys the card, and a button pressed twice says the same', async () => {
  const bot = await startBot({ client: 'cards' })
  await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
  await bot.simulator.press('wangshuji', { label: '发布' })
  await bot.idle()
  const card = bot.items('wangshuji').find(item => item.card)?.card
  expect(card?.greyed).toBe('已发布 m-1')
})

it('whoever presses a button is known to see cards', async () => {
  const bot = await startBot({ client: 'cards', env: { CLIENT_DEFAULT: 'text' } })
  await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')
  expect(bot.items('wangshuji').at(-1)?.kind).toBe('card')
  await bot.chooses('wangshuji', '发布')
  expect(bot.sentTo('zhangsan').at(-1)).toContain('不能来请回：请假1 事由')
})
