import { expect, it } from 'vitest'
import { attendances, audits, drafts } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function call(bot: TestBot, kind = '党课', by = 'wangshuji'): Promise<void> {
  await bot.says(by, `会议 新建 ${kind} 明晚7点 村党群服务中心 学习党章第三章`)
  expect(await bot.chooses(by, '发布')).toContain('已发布 m-1')
}

async function callAndOpen(bot: TestBot, kind = '党课'): Promise<void> {
  await call(bot, kind)
  await bot.at('2026-11-25T18:45:00+08:00')
}

const presentCount = (bot: TestBot): Promise<number> =>
  bot.service.store.read(tx => tx.count(attendances, 'present', 'm-1'))

inBothRenderings('presence from the paper list', client => {
  it('books one or several at once, by name, initials or row, and says who was there already', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot)
    await bot.says('zhangsan', '签到')
    const answer = await bot.says('wangshuji', '补签 张三、李四 zgf 2')
    expect(answer).toContain('已补签 3 人：')
    for (const name of ['李四', '曾国凡', '李福书']) expect(answer).toContain(name)
    expect(answer).toContain('张三 已签到（18:45）')
    expect(answer).toContain('纸质签到')
    expect(await bot.says('lisi', '签到')).toContain('已签到')
    expect(await bot.says('lisi', '签到')).toContain('补签')
    expect(await bot.says('zhaozuzhi', '补签 李四')).toContain('都已签到')
    expect(await presentCount(bot)).toBe(4)
  })

  it('asks who, where nobody is named, and takes the next text for the list', async () => {
    const bot = await startBot({ client })
    await call(bot)
    expect(await bot.says('wangshuji', '补签')).toContain('开始签到')
    await bot.at('2026-11-25T18:45:00+08:00')
    for (const line of ['补签', '/补签 m-1']) {
      const asked = await bot.says('wangshuji', line)
      expect(asked).toContain('补签谁')
      expect(asked).toContain('m-1 党课 · 学习党章第三章')
      expect(asked).toContain('这样发：补签 李福书 m-1')
    }
    expect(await bot.says('wangshuji', '7')).toContain('已补签 1 人：张三')
    await bot.says('wangshuji', '补签')
    expect(await bot.says('wangshuji', '李四 曾国凡')).toContain('已补签 2 人：李四、曾国凡')
    await bot.says('wangshuji', '补签')
    expect(await bot.says('wangshuji', '全到 缺 王树基')).toContain('除外 1 人：王树基')
    expect(await bot.says('zhangsan', '补签')).not.toContain('补签谁')
  })

  it('leaves the rows of a sheet handed out as they were, whoever leaves or comes since', async () => {
    const bot = await startBot({ client })
    await call(bot)
    await bot.says('wangshuji', '名单')
    await bot.says('wangshuji', '党员 转出 赵祖志 县直机关党支部')
    await bot.chooses('wangshuji', '发布')
    await bot.says('qiaoshuji', '党员 转出 乔一 水泉村党支部')
    await bot.chooses('qiaoshuji', '发布')
    await bot.at('2026-11-25T18:45:00+08:00')
    expect(await bot.says('wangshuji', '补签 7')).toContain('已补签 1 人：张三')
    const refused = await bot.says('wangshuji', '补签 8 3')
    expect(refused).toContain('第 3 行 赵祖志 已转出，不用补签。一个也没有补签')
    const listed = await bot.says('wangshuji', '名单 全部')
    expect(listed).toMatch(/已不在名单（不计应到）1 人：\n3 赵祖志/)
    const last = Math.max(...[...listed.matchAll(/^(\d+) /gm)].map(([, number]) => Number(number)))
    expect(listed).toMatch(new RegExp(`^${last} 乔一`, 'm'))
    await bot.says('wangshuji', `补签 全到 缺 8 ${last}`)
    expect(await bot.chooses('wangshuji', '发布')).not.toContain('赵祖志')
    await bot.says('wangshuji', '会议 结束')
    // The numbers on the paper hold after the close too.
    expect(await bot.says('wangshuji', '补签 8')).toContain('已补签 1 人：李四')
    expect(await bot.says('wangshuji', '补签 3')).toContain('第 3 行 赵祖志 已转出')
    expect(await bot.says('wangshuji', '名单 全部')).not.toMatch(/补签.*赵祖志/)
  })

  it('keeps who entered it and why', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot)
    expect(await bot.says('zhaozuzhi', '补签 吴梅吉 m-1 手机没电')).toContain('手机没电')
    const entry = await bot.service.store.read(async tx =>
      (await tx.all(audits)).find(audit => audit.what === 'backfill'),
    )
    expect(entry).toMatchObject({ about: 'm-1', why: '手机没电', by: 'p-3' })
  })

  it('writes nothing where a name is not clear, and says each', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot)
    expect(await bot.says('wangshuji', '补签 张三 李思')).toMatch(/没有找到“李思”.*李四/s)
    expect(await bot.says('wangshuji', '补签 张三 马大哈')).toContain('没有找到“马大哈”')
    expect(await bot.says('wangshuji', '补签 张三 高烧')).toContain('原因：高烧')
    expect(await bot.says('wangshuji', '补签 马大哈、张三')).toContain('没有找到“马大哈”')
    const two = await bot.says('wangshuji', '补签 张三 张伟')
    expect(two).toContain('2 位')
    expect(two).toContain('张伟（一组，2008年入党）')
    expect(two).toContain('张伟（二组，2015年入党）')
    expect(two).toContain('这样发：补签 张伟一组')
    expect(await bot.says('wangshuji', '补签 99')).toContain('没有第 99 行')
    expect(await bot.says('wangshuji', '补签 乔一')).toContain('没有找到“乔一”')
    expect(await presentCount(bot)).toBe(0)
    expect(await bot.says('wangshuji', '补签 张伟（二组，2015年入党）')).toContain('已补签 1 人：张伟（二组')
    expect(await bot.says('wangshuji', '补签 张伟 一组 手机没电')).toContain('已补签 1 人：张伟（一组')
  })

  it('tells somebody of the branch who was not invited from one who is not known', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot, '党员大会')
    expect(await bot.says('wangshuji', '补签 季吉')).toContain('不在 m-1 的名单上')
  })

  it('enters everybody but those named, after a preview', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot)
    await bot.says('wangshuji', '签到')
    const preview = await bot.says('zhaozuzhi', '补签 1 全到 缺 3 7 13')
    expect(preview).toMatch(/d-2/)
    expect(preview).toContain('补签 11 人')
    expect(preview).toContain('除外 3 人：赵祖志、张三、吴梅吉')
    expect(await presentCount(bot)).toBe(1)
    await bot.says('lisi', '签到')
    expect(await bot.chooses('zhaozuzhi', '发布')).toContain('已补签 10 人')
    expect(await presentCount(bot)).toBe(12)
    const draft = await bot.service.store.read(tx => tx.get(drafts, 'd-2'))
    expect(draft).toMatchObject({ state: 'published', became: 'm-1' })
    expect(await bot.says('wangshuji', '发布 d-2')).toContain('赵祖志')
    expect(await presentCount(bot)).toBe(12)
  })

  it('finds the meeting on either side of 全到, and those left out behind 缺', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot)
    for (const words of [
      '全到 m-1 缺 张三 李四',
      'm-1 全到 缺 张三 李四',
      '全到 1 缺 张三、李四',
      '全到，缺张三 李四 m-1',
      '全到除了张三 李四',
      '全到 少 7 8',
      '全到 没来 张三 李四。',
    ]) {
      const preview = await bot.says('wangshuji', `补签 ${words}`)
      expect(preview, words).toContain('补签 13 人')
      expect(preview, words).toContain('除外 2 人：张三、李四')
      expect(preview, words).not.toContain('原因')
      expect(preview, words).toContain('d-2')
    }
    expect(await bot.says('wangshuji', '补签 全到 m-1')).toContain('应到的全到')
  })

  it('takes nothing beside 全到 for a reason that is not called one', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot)
    for (const words of [
      '全到 m-1 张三 李四',
      '全到 停电',
      '张三 全到',
      'm-1 张三 全到',
      '全到 缺 m-1',
      '全到 m-1 缺 3 m-2',
      '全到 7 8',
    ]) {
      const refused = await bot.says('wangshuji', `补签 ${words}`)
      expect(refused, words).toContain('缺 3 7 12')
      expect(refused, words).not.toContain('d-')
    }
    expect(await bot.says('wangshuji', '补签 全到 缺 张三 停电')).toContain('没有找到“停电”')
    expect(await bot.says('wangshuji', '补签 全到 m-1 原因：停电')).toContain('原因：停电')
    expect(await bot.says('wangshuji', '补签 全到 缺 张三，原因：停电')).toMatch(/除外 1 人：张三\n原因：停电/)
    expect(await presentCount(bot)).toBe(0)
  })

  it('takes in those on leave, and makes one preview of a list said twice', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot)
    await bot.service.store.update('meeting:m-1', async tx => {
      const askedAt = tx.now.toISOString()
      const leave = {
        state: 'granted' as const,
        reason: '发烧',
        askedAt,
        decidedBy: 'p-1',
        decidedAt: askedAt,
        why: null,
      }
      const key = { meetingId: 'm-1', personId: 'p-8', branchId: 'b-1', group: '一组', year: '2026' }
      await tx.insert(attendances, { ...key, presence: null, leave, wrongCodes: 0 })
    })
    expect(await bot.says('wangshuji', '补签 1全到，缺2-5、7 原因：停电')).toContain('补签 10 人（含请假 1 人）')
    expect(await bot.says('wangshuji', '补签 m-1 全到 缺 李福书 3 4 5 张三 原因：停电')).toContain('d-2')
    expect(await bot.says('wangshuji', '发布')).toContain('已补签 10 人')
    const record = await bot.service.store.read(tx => tx.get(attendances, 'm-1:p-8'))
    expect(record).toMatchObject({ presence: { method: 'backfill', why: '停电', by: 'p-1' } })
    expect(await bot.says('wangshuji', '补签 全到 缺 2-5 7')).toContain('没有要补签的人')
  })

  it('asks which meeting the rows of an older roll are of', async () => {
    const bot = await startBot({ client })
    await call(bot)
    await bot.at('2026-11-25T18:45:00+08:00')
    await bot.says('wangshuji', '会议 结束')
    await bot.says('wangshuji', '会议 新建 主题党日 明天9点 村部 学雷锋')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('wangshuji', '名单 m-1')).toContain('m-1')
    expect(await bot.says('wangshuji', '补签 2')).toContain('m-1 党课')
    await bot.at('2026-11-26T09:00:00+08:00')
    expect(await bot.says('wangshuji', '补签 3')).toContain('请带上会议编号')
    expect(await bot.says('wangshuji', '补签 3 m-2')).toContain('m-2 主题党日')
    expect(await bot.says('wangshuji', '补签 张三')).toContain('m-2 主题党日')
  })

  it('does nothing when the preview is dropped', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot)
    expect(await bot.says('wangshuji', '补签 全到')).toContain('补签 15 人')
    expect(await bot.chooses('wangshuji', '作罢')).toContain('作罢')
    expect(await presentCount(bot)).toBe(0)
  })

  it('counts for the quorum before the close, and afterwards in attendance only', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot, '党员大会')
    await bot.says('wangshuji', '补签 1-6')
    expect(await bot.says('wangshuji', '会议 结束')).toContain('有表决权 应到 14 实到 6')
    const after = await bot.says('wangshuji', '补签 张三 李四 m-1')
    expect(after).toContain('已补签 2 人')
    expect(after).toContain('法定人数不变')
    const again = await bot.says('wangshuji', '会议 结束 m-1')
    expect(again).toContain('有表决权 应到 14 实到 6')
    expect(again).toContain('应到 15 实到 8')
  })

  it('is open from the window to seven days after, then to the township with a reason', async () => {
    const bot = await startBot({ client })
    await call(bot)
    expect(await bot.says('wangshuji', '补签 张三')).toContain('18:30 开始签到')
    await bot.at('2026-12-02T12:00:00+08:00')
    expect(await bot.says('wangshuji', '补签 张三')).toContain('已补签 1 人')
    await bot.at('2026-12-03T12:00:00+08:00')
    expect(await bot.says('wangshuji', '补签 李四')).toContain('已过 7 天')
    expect(await bot.says('zhenban', '补签 李四 m-1')).toContain('原因')
    expect(await bot.says('zhenban', '补签 李四 m-1 名单漏交')).toContain('已补签 1 人：李四')
  })

  it('never takes a number for the wrong thing', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot)
    expect(await bot.says('wangshuji', '补签 张三 1')).toContain('是行号还是会议')
    expect(await presentCount(bot)).toBe(0)
    expect(await bot.says('wangshuji', '补签 张三 1号')).toContain('已补签 2 人')
  })

  it('is refused to members, to other branches and to a leader for what is not his group’s', async () => {
    const bot = await startBot({ client })
    await callAndOpen(bot)
    expect(await bot.says('zhangsan', '补签 李四')).toContain('要由')
    expect(await bot.says('qiaoshuji', '补签 李四 m-1')).toContain('没有这个编号')
    expect(await bot.says('zuzhang', '补签 李四 m-1')).not.toContain('已补签')
    expect(await presentCount(bot)).toBe(0)
  })

  it('lets a leader enter his own group meeting', async () => {
    const bot = await startBot({ client })
    await call(bot, '党小组会', 'zuzhang')
    await bot.at('2026-11-25T18:45:00+08:00')
    expect(await bot.says('zuzhang', '补签 李四')).toContain('已补签 1 人：李四')
    expect(await bot.says('zuzhang', '补签 张三 曾国凡')).toContain('曾国凡不在一组。一个也没有补签')
    expect(await bot.says('zuzhang', '补签 季吉')).toContain('季吉不在 m-1 的名单上')
    expect(await bot.says('zuzhang', '补签 全到 缺 张三')).toContain('除外 1 人：张三')
    expect(await bot.chooses('zuzhang', '发布')).toContain('已补签')
  })
})
