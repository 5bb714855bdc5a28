import { expect, it } from 'vitest'
import meetingClose from '../../jobs/meeting-close.ts'
import { runJob } from '../../src/bot/job-run.ts'
import { now } from '../../src/clock.ts'
import { meetings } from '../../src/store/collections.ts'
import type { Store } from '../../src/store/records.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function call(bot: TestBot, kind: string, by = 'wangshuji'): Promise<void> {
  await bot.says(by, `会议 新建 ${kind} 明晚7点 村党群服务中心 冬季清洁取暖`)
  expect(await bot.chooses(by, '发布')).toContain('已发布 m-')
}

/** As if the process had slept past the hour: moving the clock would close it at once. */
async function makeOverdue(bot: TestBot, meetingId: string): Promise<void> {
  await bot.service.store.update(`meeting:${meetingId}`, async tx => {
    const meeting = await tx.get(meetings, meetingId)
    if (meeting) await tx.put(meetings, { ...meeting, closesAt: '2026-11-24T01:00:00.000Z' })
  })
}

const NUMBERS = /应到 (\d+) 实到 (\d+) 请假 (\d+) 缺席 (\d+) 到会率 (\d+)%/

inBothRenderings('closing a meeting', client => {
  it('says the numbers, then again to whoever closes it twice', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课')
    await bot.at('2026-11-25T18:45:00+08:00')
    for (const userId of ['wangshuji', 'zhangsan', 'laonian', 'jiji']) await bot.says(userId, '签到')
    await bot.at('2026-11-25T20:10:00+08:00')
    const closed = await bot.says('wangshuji', '会议 结束')
    expect(closed).toContain('m-1 已结束')
    expect(NUMBERS.exec(closed)?.slice(1)).toEqual(['15', '3', '0', '13', '20'])
    expect(closed).toContain('到会+准假 20%')
    expect(closed).toContain('列席 1')
    expect(closed).toContain('补签')
    expect(closed).not.toContain('有表决权')
    const again = await bot.says('lifushu', '会议 结束')
    expect(NUMBERS.exec(again)?.[0]).toBe(NUMBERS.exec(closed)?.[0])
    expect(again).toContain('王树基')
    expect(await bot.says('lisi', '签到')).toContain('请书记补签')
  })

  it('says whether a general meeting reached its quorum', async () => {
    const bot = await startBot({ client })
    await call(bot, '党员大会')
    await bot.at('2026-11-25T18:45:00+08:00')
    for (const userId of ['wangshuji', 'zhangsan', 'yubei']) await bot.says(userId, '签到')
    const closed = await bot.says('zhaozuzhi', '会议 结束 m-1')
    expect(closed).toMatch(/有表决权 应到 14 实到 2，未达到法定人数/)
    expect(closed).toContain('需赞成 8 票')
  })

  it('is refused before check-in opens, with what to do instead', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课')
    const refused = await bot.says('wangshuji', '会议 结束')
    expect(refused).toContain('还没开始')
    expect(refused).toContain('会议 取消 m-1')
    expect(await bot.says('wangshuji', '会议 结束 m-9')).toContain('没有这个编号')
  })

  it('says 自动结束 of a meeting that was forgotten', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课')
    await bot.at('2026-11-25T19:00:00+08:00')
    await bot.says('zhangsan', '签到')
    await bot.at('2026-11-26T00:01:00+08:00')
    const late = await bot.says('wangshuji', '会议 结束')
    expect(late).toContain('自动结束')
    expect(late).toMatch(NUMBERS)
  })

  it('tells the secretary, and whoever called it, in the morning of a meeting that was closed by itself at night', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课', 'zhaozuzhi')
    for (const userId of ['wangshuji', 'zhaozuzhi', 'lifushu']) bot.forget(userId)
    await bot.at('2026-11-26T00:01:00+08:00')
    expect(await bot.says('zhangsan', '会议')).toContain('没有要您参加的会议')
    await bot.at('2026-11-26T07:59:00+08:00')
    for (const userId of ['wangshuji', 'zhaozuzhi']) expect(bot.newFor(userId)).toBe('')
    await bot.at('2026-11-26T08:00:00+08:00')
    for (const userId of ['wangshuji', 'zhaozuzhi']) {
      expect(bot.newFor(userId)).toContain('m-1 自动结束')
      expect(bot.newFor(userId)).toContain('补签 姓名 m-1')
    }
    expect(bot.newFor('lifushu')).toBe('')
  })

  it('tells the leader of the group, and not the secretary, where the forgotten meeting was the group’s', async () => {
    const bot = await startBot({ client })
    await call(bot, '党小组会', 'zuzhang')
    for (const userId of ['wangshuji', 'zuzhang']) bot.forget(userId)
    await bot.at('2026-11-26T00:01:00+08:00')
    await bot.at('2026-11-26T08:00:00+08:00')
    expect(bot.newFor('zuzhang')).toContain('m-1 自动结束')
    expect(bot.newFor('wangshuji')).toBe('')
  })

  it('tells the same people when somebody closes an overdue meeting first', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课', 'zhaozuzhi')
    await makeOverdue(bot, 'm-1')
    for (const userId of ['wangshuji', 'zhaozuzhi']) bot.forget(userId)
    const closed = await bot.says('lifushu', '会议 结束 1')
    expect(closed.match(/自动结束/g)).toHaveLength(1)
    for (const userId of ['wangshuji', 'zhaozuzhi']) expect(bot.newFor(userId)).toContain('m-1 自动结束')
  })

  it('closes the others where one cannot be closed', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课')
    await call(bot, '党课', 'qiaoshuji')
    await makeOverdue(bot, 'm-1')
    await makeOverdue(bot, 'm-2')
    const { store } = bot.service
    const broken: Store = {
      read: run => store.read(run),
      update: (lock, run) => (lock === 'meeting:m-1' ? Promise.reject(new Error('broken')) : store.update(lock, run)),
      state: use => store.state(use),
      onQueued: listener => store.onQueued(listener),
      close: () => store.close(),
    }
    const { report, failed } = await runJob(broken, meetingClose, now(), false)
    expect([report, failed]).toEqual(['closed 1 of 2 open meetings', true])
    const states = await store.read(async tx =>
      (await tx.all(meetings)).map(({ meetingId, state }) => [meetingId, state]),
    )
    expect(Object.fromEntries(states)).toEqual({ 'm-1': 'open', 'm-2': 'closed' })
  })

  it('says that a cancelled meeting was cancelled', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课')
    await bot.says('wangshuji', '会议 取消 m-1 大雪封路')
    await bot.chooses('wangshuji', '发布')
    const refused = await bot.says('wangshuji', '会议 结束 1')
    expect(refused).toContain('已取消')
    expect(refused).toContain('大雪封路')
  })

  it('is for officers, and for the leader of the group whose meeting it is', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课')
    await bot.at('2026-11-25T18:40:00+08:00')
    expect(await bot.says('zhangsan', '会议 结束')).toContain('要由')
    expect(await bot.says('zuzhang', '会议 结束 m-1')).not.toContain('已结束')
    expect(await bot.says('qiaoshuji', '会议 结束 m-1')).toContain('没有这个编号')
    expect(await bot.says('zhenban', '会议 结束 m-1')).toContain('m-1 已结束')
  })

  it('lets a leader close his group meeting', async () => {
    const bot = await startBot({ client })
    await call(bot, '党小组会', 'zuzhang')
    await bot.at('2026-11-25T18:45:00+08:00')
    await bot.says('zhangsan', '签到')
    const closed = await bot.says('zuzhang', '会议 结束')
    expect(closed).toContain('m-1 已结束')
    expect(NUMBERS.exec(closed)?.[2]).toBe('1')
  })
})

inBothRenderings('the code of a meeting', client => {
  it('comes first, says whether it is wanted, and is switched on and off', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课')
    const shown = await bot.says('wangshuji', '会议 签到码')
    expect(shown).toMatch(/^签到码 \d{4}\n.*党课 · 冬季清洁取暖/)
    expect(shown).toContain('不要求')
    expect(shown).toContain('会议 签到码 1 开')
    expect(await bot.says('zhaozuzhi', '签到码 1 开')).toContain('会议 签到码 1 关')
    await bot.at('2026-11-25T18:45:00+08:00')
    expect(await bot.says('zhangsan', '签到')).not.toContain('签到成功')
    await bot.says('wangshuji', '会议 签到码 关')
    expect(await bot.says('zhangsan', '签到')).toContain('签到成功')
  })

  it('is not shown to members, to other branches, or after the close', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课')
    expect(await bot.says('zhangsan', '会议 签到码')).not.toMatch(/\d{4}/)
    expect(await bot.says('qiaoshuji', '会议 签到码 m-1')).toContain('没有这个编号')
    await bot.at('2026-11-25T18:45:00+08:00')
    await bot.says('wangshuji', '会议 结束 1')
    const refused = await bot.says('wangshuji', '会议 签到码 m-1')
    expect(refused).toContain('已经结束')
    expect(refused).toContain('补签 姓名 m-1')
  })

  it('said twice never closes the next meeting before it begins', async () => {
    const bot = await startBot({ client })
    for (const line of ['党课 今天16:30-18:30 村部 甲', '党员大会 今天19:00-20:00 村部 乙']) {
      await bot.says('wangshuji', `会议 新建 ${line}`)
      await bot.chooses('wangshuji', '发布')
    }
    await bot.at('2026-11-24T18:35:00+08:00')
    await bot.says('wangshuji', '会议 结束 1')
    await bot.says('zhangsan', '签到')
    expect(await bot.says('wangshuji', '会议 结束')).toContain('m-1 已结束')
    await bot.at('2026-11-24T18:50:00+08:00')
    expect(await bot.says('wangshuji', '会议 结束')).toContain('m-2 已结束')
  })

  it('closes nothing before its start while nobody has come', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党员大会 今天19:00 村部 乙')
    await bot.chooses('wangshuji', '发布')
    await bot.at('2026-11-24T18:45:00+08:00')
    expect(await bot.says('wangshuji', '会议 结束')).toContain('还没开始')
  })

  it('said by the township without a branch is about its own branch, never another', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建 党员大会 今天10:20 村部 乙')
    await bot.chooses('wangshuji', '发布')
    await bot.says('zhangsan', '签到')
    await bot.at('2026-11-24T10:25:00+08:00')
    for (const line of ['会议 结束', '补签 李四', '会议 签到码 开', '名单']) {
      expect(await bot.says('zhenban', line), line).toContain('请带上编号再发：\nm-1 水泉村党支部')
    }
    expect(await bot.says('zhenban', '会议 结束 m-1')).toContain('m-1 已结束')
  })
})
