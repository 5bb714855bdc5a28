import { describe, expect, it } from 'vitest'
import { outbox, quizReminders } from '../../src/store/collections.ts'
import { remindsAt } from '../../src/study/remind.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'
import { answersAll, quizOf } from '../study.ts'

const remindersFor = (bot: TestBot, userId: string) => bot.sentTo(userId).filter(text => text.includes('还没有答完'))

async function publish(bot: TestBot, said = '党章 5 11-30'): Promise<void> {
  await bot.says('qianxuan', `测验 发布 ${said}`)
  await bot.says('qianxuan', '发布')
}

describe('the reminder of a quiz', () => {
  it.each([
    ['11-24T10:00', '11-30T23:59', '11-30T10:00', 'the last day at ten'],
    ['11-24T10:00', '11-30T12:00', '11-30T10:00', 'two hours are enough'],
    ['11-24T10:00', '11-30T11:00', '11-27T10:00', null],
    ['11-30T09:00', '11-30T23:59', '11-30T21:59', 'opened too late for ten'],
    ['11-24T10:00', '11-29T23:59', '11-27T10:00', 'the 29th is a Sunday: the Friday before'],
    ['11-28T10:00', '11-29T23:59', null, 'opened on the weekend itself'],
    ['11-30T09:00', '11-30T10:30', null, 'too short'],
  ])('opened %s, closing %s: %s', (opens, closes, wanted, why) => {
    const at = (instant: string) => new Date(`2026-${instant}:00+08:00`).toISOString()
    const got = remindsAt({ opensAt: at(opens), closesAt: at(closes) })?.toISOString() ?? null
    if (why !== null) expect(got).toBe(wanted && at(wanted))
    else expect(got).toBe(at('11-30T09:00'))
  })
})

inBothRenderings('the end of a quiz', client => {
  it('is said once, privately, on the last day to who began or asked, and to nobody else', async () => {
    const bot = await startBot({ client })
    await bot.bindsGroup('wangshuji')
    await publish(bot)
    const posts = bot.posts().length
    await bot.says('zhangsan', '答题')
    await bot.says('lisi', '答题')
    await answersAll(bot, 'lisi', () => true)
    const asked = await bot.chooses('zengguofan', '到时提醒')
    expect(asked).toContain('好，11月30日 周一 10:00 提醒您一次：党章测验（q-1）。')
    await bot.says('zengguofan', '答题 提醒我')
    await bot.says('zhangweia', '答题 q-1 提醒')
    await bot.says('zhangweia', '答题')
    await answersAll(bot, 'zhangweia', () => false)
    await bot.says('jiji', '答题')
    await bot.says('jiji', '退订')
    expect(await bot.says('jiji', '答题 提醒')).toContain('您退订了提醒')
    expect(await bot.service.store.read(async tx => (await tx.all(quizReminders)).length)).toBe(2)
    for (const at of ['30T09:59', '30T10:00', '30T10:01', '30T15:00']) await bot.at(`2026-11-${at}:00+08:00`)
    expect(remindersFor(bot, 'zhangsan')).toEqual([
      '党章测验（q-1）11月30日 周一 23:59 截止。\n您还没有答完，想答请发：答题 q-1',
    ])
    expect(bot.sentTo('zengguofan').filter(text => text.includes('还没有答'))).toHaveLength(1)
    for (const userId of ['lisi', 'zhangweia', 'jiji', 'yubei', 'meiji', 'qianxuan']) {
      expect(remindersFor(bot, userId), userId).toEqual([])
    }
    expect(bot.posts()).toHaveLength(posts)
    expect(await bot.says('yubei', '答题 提醒')).toContain('来不及再提醒了。现在就可以答，请发：答题 q-1')
  })

  it('closes it by itself, with the sums to who published it alone', async () => {
    const bot = await startBot({ client })
    await publish(bot)
    for (const userId of ['zhangsan', 'lisi', 'zengguofan']) {
      await bot.says(userId, '答题')
      await answersAll(bot, userId, () => userId !== 'zengguofan')
    }
    await bot.at('2026-11-30T23:58:30+08:00')
    expect((await quizOf(bot)).state).toBe('open')
    for (const at of ['2026-11-30T23:59:30', '2026-12-01T08:00:00', '2026-12-01T08:05:00']) await bot.at(`${at}+08:00`)
    const { state, closesAt, figures } = await quizOf(bot)
    expect({ state, closesAt }).toEqual({ state: 'closed', closesAt: '2026-11-30T15:59:00.000Z' })
    expect(figures?.branches).toMatchObject([{ branchId: 'b-1', invited: 17, taken: 3, passed: 2, sum: 200 }])
    const sums = (userId: string) => bot.sentTo(userId).filter(text => text.includes('已截止：'))
    expect(sums('qianxuan')).toEqual([
      'q-1 党章测验 已截止：参加 3/17 人，合格 2 人，平均 67 分。\n看难题请发：测验 状态 q-1',
    ])
    for (const userId of ['wangshuji', 'zhangsan', 'zhenban']) expect(sums(userId)).toEqual([])
  })

  it('is made up for after a sleep, can be tried without a trace, and never comes twice', async () => {
    const bot = await startBot({ client })
    await publish(bot)
    await bot.says('zhangsan', '答题')
    const at = new Date('2026-11-30T10:00:00+08:00')
    for (const minute of ['09:59', '10:01', '11:00']) {
      const other = await bot.service.job('quiz-closing', {
        at: new Date(`2026-11-30T${minute}:00+08:00`),
        dryRun: true,
      })
      expect(other?.sent, minute).toEqual([])
    }
    const before = await bot.service.store.read(async tx => (await tx.all(outbox)).length)
    const dry = await bot.service.job('quiz-closing', { at, dryRun: true })
    expect(dry).toMatchObject({ report: 'reminded 1 people, closed 0 of 1 quizzes', failed: false })
    expect(dry?.sent.flatMap(({ to }) => to)).toEqual(['zhangsan'])
    expect(await bot.service.store.read(async tx => (await tx.all(outbox)).length)).toBe(before)
    await bot.at('2026-11-30T09:30:00+08:00')
    await bot.sleepsUntil('2026-11-30T11:30:00+08:00')
    expect(remindersFor(bot, 'zhangsan')).toHaveLength(1)
    expect((await bot.service.job('quiz-closing', { at, dryRun: false }))?.sent).toEqual([])
    await bot.sleepsUntil('2026-12-02T09:00:00+08:00')
    expect((await quizOf(bot)).state).toBe('closed')
    expect(bot.sentTo('qianxuan').filter(text => text.includes('已截止：'))).toHaveLength(1)
    const after = await bot.service.job('quiz-closing', { at: new Date('2026-12-02T09:01:00+08:00'), dryRun: false })
    expect(after).toMatchObject({ sent: [], report: 'reminded 0 people, closed 0 of 0 quizzes' })
  })

  it('does not remind whoever is at it when it was opened that very day', async () => {
    const bot = await startBot({ client })
    await publish(bot, '党章 5 11-24 12:30')
    expect(bot.newFor('zhangsan')).not.toContain('提醒')
    await bot.says('zhangsan', '答题')
    for (const at of ['10:01', '10:30', '12:00']) await bot.at(`2026-11-24T${at}:00+08:00`)
    expect(remindersFor(bot, 'zhangsan')).toEqual([])
  })
})
