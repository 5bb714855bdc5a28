import { expect, it } from 'vitest'
import { attendances, audits, meetings, people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function callLesson(bot: TestBot): Promise<void> {
  await bot.says('wangshuji', '会议 新建 党课 明晚7点 村党群服务中心 学习党章第三章')
  expect(await bot.chooses('wangshuji', '发布')).toContain('已发布 m-1')
}

/** What /请假 leaves behind, whoever writes that command. */
async function askedLeave(bot: TestBot, userId: string, state: 'asked' | 'granted'): Promise<void> {
  await bot.service.store.update('meeting:m-1', async tx => {
    const person = await tx.getBy(people, 'userId', userId)
    const meeting = await tx.get(meetings, 'm-1')
    if (!person || !meeting) throw new Error('not there')
    const askedAt = tx.now.toISOString()
    const decided =
      state === 'granted' ? { decidedBy: 'p-1', decidedAt: askedAt } : { decidedBy: null, decidedAt: null }
    const leave = { state, reason: '发烧', askedAt, why: null, ...decided }
    const { branchId } = meeting
    const key = { meetingId: 'm-1', personId: person.personId, branchId, group: '一组', year: '2026' }
    await tx.insert(attendances, { ...key, presence: null, leave, wrongCodes: 0 })
  })
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
    for (const [userId, state, name] of [
      ['zhangsan', 'asked', '张三'],
      ['lisi', 'granted', '李四'],
    ] as const) {
      await askedLeave(bot, userId, state)
      bot.forget('wangshuji')
      bot.forget('zhaozuzhi')
      expect(await bot.says(userId, '/撤回')).toContain('已撤回请假')
      expect(bot.newFor('wangshuji')).toContain(`${name} 撤回了请假`)
      expect(bot.newFor('zhaozuzhi')).toBe('')
      expect(await bot.says(userId, '撤回')).toContain('没有能撤回')
    }
  })

  it('takes back the last of the two first', async () => {
    const bot = await startBot({ client })
    await callLesson(bot)
    await bot.at('2026-11-25T18:40:00+08:00')
    await askedLeave(bot, 'zhangsan', 'asked')
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
