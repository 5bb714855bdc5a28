import { expect, it } from 'vitest'
import { people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

const plansFor = (bot: TestBot, userId: string) => bot.sentTo(userId).filter(text => text.includes('月的安排'))

inBothRenderings('the plan of the month', client => {
  it('reaches each secretary at nine on the first workday, once, and nobody else', async () => {
    const bot = await startBot({ client, at: '2026-11-30T20:00:00+08:00' })
    await bot.at('2026-12-01T08:59:00+08:00')
    expect(plansFor(bot, 'wangshuji')).toEqual([])
    await bot.at('2026-12-01T09:01:00+08:00')
    await bot.at('2026-12-02T09:01:00+08:00')
    const [told, ...more] = plansFor(bot, 'wangshuji')
    expect(more).toEqual([])
    expect(told).toContain('水泉村党支部 12月的安排')
    expect(told).toContain('本月尚未召开：支委会、党小组会（一组、二组）、主题党日')
    expect(told).toContain('本季度尚未召开：党员大会')
    expect(told).toContain('会议 新建')
    const [small] = plansFor(bot, 'qiaoshuji')
    expect(small).toContain('石桥村党支部')
    expect(small).not.toContain('支委会')
    for (const userId of ['lifushu', 'zhangsan', 'zhenban', 'liangbian']) expect(plansFor(bot, userId)).toEqual([])
  })

  it('waits for the end of the holidays', async () => {
    const bot = await startBot({ client, at: '2026-09-30T20:00:00+08:00' })
    await bot.at('2026-10-01T09:01:00+08:00')
    expect(plansFor(bot, 'wangshuji')).toEqual([])
    await bot.at('2026-10-08T09:01:00+08:00')
    expect(plansFor(bot, 'wangshuji')).toHaveLength(1)
  })

  it('goes to the deputy where there is no secretary, and not to who wants no reminders', async () => {
    const bot = await startBot({ client, at: '2026-11-30T20:00:00+08:00' })
    await bot.service.store.update('township', async tx => {
      for (const [userId, change] of [
        ['wangshuji', { status: 'transferred' }],
        ['qiaoshuji', { unsubscribed: true }],
      ] as const) {
        const person = await tx.getBy(people, 'userId', userId)
        if (person) await tx.put(people, { ...person, ...change })
      }
    })
    await bot.at('2026-12-01T09:01:00+08:00')
    expect(plansFor(bot, 'lifushu')).toHaveLength(1)
    expect(plansFor(bot, 'qiaoshuji')).toEqual([])
  })

  it('can be tried without sending, and a second run sends nothing twice', async () => {
    const bot = await startBot({ client })
    const at = new Date('2026-12-01T09:00:00+08:00')
    const dry = await bot.service.job('monthly-plan', { at, dryRun: true })
    expect(dry?.report).toBe('told 2 of 2 branches')
    expect(dry?.sent.map(({ to }) => to)).toEqual([['wangshuji'], ['qiaoshuji']])
    await bot.idle()
    expect(plansFor(bot, 'wangshuji')).toEqual([])
    await bot.at('2026-11-24T12:00:00+08:00')
    for (let run = 0; run < 2; run += 1) await bot.service.job('monthly-plan', { at, dryRun: false })
    await bot.idle()
    expect(plansFor(bot, 'wangshuji')).toHaveLength(1)
    const other = await bot.service.job('monthly-plan', { at: new Date('2026-12-02T09:00:00+08:00'), dryRun: true })
    expect(other?.sent).toEqual([])
  })
})
