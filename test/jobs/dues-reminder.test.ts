import { describe, expect, it } from 'vitest'
import { calendar } from '../../src/domain/holidays.ts'
import { monthsFrom } from '../../src/domain/month-words.ts'
import { writeReceipt } from '../../src/dues/book.ts'
import { reminderDaysIn, remindersIn } from '../../src/dues/reminder.ts'
import { branches, outbox, type Person, people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

const OWING = ['wangshuji', 'lifushu', 'zhaozuzhi', 'qianxuan', 'sunjijian', 'zuzhang', 'zhangsan', 'lisi']
const ALSO_OWING = [
  'zhangweia',
  'zhangweib',
  'yubei',
  'liangbian',
  'qiaoshuji',
  'qiaoyi',
  'qiaoer',
  'qiaosan',
  'zhenban',
]
/** 可免考勤, 无手机, 流动, no standard, activist, left. */
const NOT_ASKED = ['laonian', 'meiji', 'liudong', 'zengguofan', 'jiji', 'likai']

/** He is told whom to speak to. */
const COLLECTOR = 'zhaozuzhi'

const remindersFor = (bot: TestBot, userId: string) =>
  bot.sentTo(userId).filter(text => text.startsWith('您') && text.includes('再发：已缴'))

async function change(bot: TestBot, userId: string, to: Partial<Person>): Promise<void> {
  await bot.service.store.update('township', async tx => {
    const person = await tx.getBy(people, 'userId', userId)
    if (person) await tx.put(people, { ...person, ...to })
  })
}

describe('the days on which dues are spoken of', () => {
  it.each([
    ['2026-11', 1, ['2026-11-02', '2026-11-25'], 'the 1st is a Sunday'],
    ['2027-01', 1, ['2027-01-04', '2027-01-25'], 'New Year'],
    ['2026-10', 1, ['2026-10-08', '2026-10-26'], 'the holidays, and a 25th on a Sunday'],
    ['2026-10', 25, ['2026-10-26'], 'both fall together'],
    ['2026-12', 28, ['2026-12-28'], 'the 25th is before the dues day'],
  ])('in %s by the %d: %j, as %s', (month, day, days) => expect(reminderDaysIn(month, day, calendar)).toEqual(days))
})

inBothRenderings('a reminder of dues', client => {
  it('comes at nine on the dues day and on the 25th, privately, to each who owes and to nobody else', async () => {
    const bot = await startBot({ client, at: '2026-11-30T20:00:00+08:00' })
    await bot.bindsGroup('wangshuji')
    await bot.at('2026-12-01T08:59:00+08:00')
    expect(remindersFor(bot, 'zhangsan')).toEqual([])
    for (const at of ['01T09:00', '01T09:05', '02T09:00', '24T09:00']) await bot.at(`2026-12-${at}:00+08:00`)
    for (const userId of [...OWING, ...ALSO_OWING]) expect(remindersFor(bot, userId), userId).toHaveLength(1)
    expect(remindersFor(bot, 'zhangsan')).toEqual([
      '您12月党费应缴 0.50 元，未缴；11月也未缴，一共 1.00 元。\n把钱交给组织委员赵祖志，再发：已缴 11、12月',
    ])
    expect(remindersFor(bot, 'lisi')[0]).toContain('一共 2.00 元')
    expect(remindersFor(bot, 'zhaozuzhi')[0]).toContain('把钱交给书记王树基')
    expect(remindersFor(bot, 'qiaoyi')[0]).toContain('把钱交给书记乔书记')
    expect(remindersFor(bot, 'qiaoshuji')[0]).toContain('把钱交给镇党建办')
    await bot.at('2026-12-25T09:00:00+08:00')
    await bot.at('2026-12-26T09:00:00+08:00')
    expect(remindersFor(bot, 'zhangsan')).toHaveLength(2)
    for (const userId of NOT_ASKED) expect(remindersFor(bot, userId), userId).toEqual([])
    expect(bot.posts()).toEqual([])
    const all = [...OWING, ...ALSO_OWING].flatMap(userId => remindersFor(bot, userId)).join()
    expect(all).not.toMatch(/欠|通报|逾期|必须|尽快|自行脱党/)
  })

  it('says what is done by saying it back', async () => {
    const bot = await startBot({ client, at: '2026-11-24T10:00:00+08:00' })
    await bot.at('2026-12-01T09:00:00+08:00')
    const say = /再发：(.+)$/.exec(remindersFor(bot, 'zhangsan')[0] ?? '')?.[1] ?? ''
    expect(await bot.says('zhangsan', say)).toContain('待确认：11、12月党费 1.00 元')
    expect(await bot.chooses('zhaozuzhi', '确认')).toContain('张三 11、12月 1.00 元')
  })

  it('is of this month alone where nothing else is open, and of the months before where this one is paid', async () => {
    const bot = await startBot({ client })
    await bot.says('zhaozuzhi', '收缴 张三 2026-12')
    await bot.at('2026-11-25T09:00:00+08:00')
    expect(remindersFor(bot, 'zhangsan')).toEqual([
      '您11月党费应缴 0.50 元，未缴。\n把钱交给组织委员赵祖志，再发：已缴',
    ])
    await bot.at('2026-12-01T09:00:00+08:00')
    const later = remindersFor(bot, 'zhangsan')[1] ?? ''
    expect(later).toBe('您11月党费未缴，共 0.50 元。\n把钱交给组织委员赵祖志，再发：已缴 11月')
    await bot.at('2027-01-04T09:00:00+08:00')
    const nextYear = remindersFor(bot, 'zhangsan').at(-1) ?? ''
    expect(nextYear).toContain('您1月党费应缴 0.50 元，未缴；2026年11月也未缴，一共 1.00 元。')
    const say = /再发：(.+)$/.exec(nextYear)?.[1] ?? ''
    expect(await bot.says('zhangsan', say)).toContain('2026年11月、2027年1月党费 1.00 元')
  })

  it('is not for who claimed, paid, paid ahead, is freed, or wants none; what is reduced is said reduced', async () => {
    const bot = await startBot({ client })
    await bot.says('zhangsan', '已缴')
    await bot.says('zhaozuzhi', '收缴 李四')
    expect(await bot.says('zhaozuzhi', '收缴 余备 1.00 2026-11 2026-12')).toContain('预交')
    expect(await bot.says('zhaozuzhi', '党费 减免 钱宣 免 2026-11 2026-12 镇党委会11月2日')).toContain('免缴')
    expect(await bot.says('zhaozuzhi', '党费 减免 孙纪俭 0.20 2026-11 2026-12 镇党委会11月2日')).toContain('0.20')
    await bot.says('zuzhang', '退订')
    await bot.at('2026-11-25T09:00:00+08:00')
    for (const userId of ['zhangsan', 'lisi', 'yubei', 'qianxuan', 'zuzhang']) {
      expect(remindersFor(bot, userId), userId).toEqual([])
    }
    expect(remindersFor(bot, 'sunjijian')[0]).toContain('您11月党费应缴 0.20 元')
    await bot.at('2026-12-01T09:00:00+08:00')
    for (const userId of ['yubei', 'qianxuan', 'zuzhang']) expect(remindersFor(bot, userId), userId).toEqual([])
    for (const userId of ['zhangsan', 'lisi']) expect(remindersFor(bot, userId), userId).toHaveLength(1)
    await bot.says('zhaozuzhi', '党费 有误 c-1 没有收到')
    await bot.at('2026-12-25T09:00:00+08:00')
    expect(remindersFor(bot, 'zhangsan').at(-1)).toContain('11月也未缴')
  })

  it('is for a probationary member from the month in which he was taken in', async () => {
    const bot = await startBot({ client, at: '2026-10-09T10:00:00+08:00' })
    await change(bot, 'yubei', { joinedOn: '2026-12-18' })
    await bot.at('2026-11-02T09:00:00+08:00')
    expect(remindersFor(bot, 'zhangsan')).toHaveLength(1)
    expect(remindersFor(bot, 'yubei')).toEqual([])
    await bot.at('2026-12-25T09:00:00+08:00')
    expect(remindersFor(bot, 'yubei')).toHaveLength(1)
    expect(remindersFor(bot, 'yubei')[0]).toContain('您12月党费应缴 0.50 元，未缴。')
  })

  it('keeps to the township’s day, moved to a workday', async () => {
    const bot = await startBot({ client })
    await bot.says('zhenban', '设置 党费日 12')
    await bot.at('2026-12-01T09:00:00+08:00')
    await bot.at('2026-12-12T09:00:00+08:00')
    expect(remindersFor(bot, 'zhangsan')).toEqual([])
    await bot.at('2026-12-14T09:00:00+08:00')
    expect(remindersFor(bot, 'zhangsan')).toHaveLength(1)
  })

  it('is made up for until the evening, and never comes twice', async () => {
    const bot = await startBot({ client, at: '2026-11-30T20:00:00+08:00' })
    await bot.at('2026-11-30T20:05:00+08:00')
    await bot.sleepsUntil('2026-12-01T15:00:00+08:00')
    expect(remindersFor(bot, 'zhangsan')).toHaveLength(1)
    await bot.sleepsUntil('2026-12-01T16:00:00+08:00')
    await bot.service.job('dues-reminder', { at: new Date('2026-12-01T09:00:00+08:00'), dryRun: false })
    await bot.idle()
    expect(remindersFor(bot, 'zhangsan')).toEqual([])
    await bot.sleepsUntil('2026-12-25T20:30:00+08:00')
    expect(remindersFor(bot, 'zhangsan')).toEqual([])
  })

  it('tells the collector once a month whom to speak to: without a phone, and owing', async () => {
    const lists = (bot: TestBot) => bot.sentTo('zhaozuzhi').filter(text => text.includes('（没有手机'))
    const bot = await startBot({ client, at: '2026-12-01T08:59:00+08:00' })
    await bot.at('2026-12-01T09:00:00+08:00')
    expect(lists(bot)).toEqual([
      expect.stringMatching(/^12月党费，请当面或打电话告知 1 人（没有手机或账号）：吴梅吉\n收了请发：收缴 姓名/),
    ])
    await bot.at('2026-12-25T09:00:00+08:00')
    expect(lists(bot)).toHaveLength(1)
    expect(bot.sentTo('wangshuji').join('\n')).not.toContain('（没有手机')
    const paid = await startBot({ client, at: '2026-12-01T08:59:00+08:00' })
    expect(await paid.says('zhaozuzhi', '收缴 吴梅吉 0.5 2026-12')).toContain('D2026-1-0001')
    await paid.at('2026-12-01T09:00:00+08:00')
    expect(remindersFor(paid, 'zhangsan')).toHaveLength(1)
    expect(lists(paid)).toEqual([])
  })

  it('can be tried without a trace; a second run tells only whom the first did not, in whatever words', async () => {
    const bot = await startBot({ client })
    const at = new Date('2026-12-01T09:00:00+08:00')
    const before = await bot.service.store.read(async tx => (await tx.all(outbox)).length)
    const dry = await bot.service.job('dues-reminder', { at, dryRun: true })
    expect(dry?.report).toBe('reminded 17 people of 2 branches')
    expect(dry?.sent.flatMap(({ to }) => to).toSorted()).toEqual([...OWING, ...ALSO_OWING, COLLECTOR].toSorted())
    expect(dry?.sent.length).toBeLessThan(8)
    expect(await bot.service.store.read(async tx => (await tx.all(outbox)).length)).toBe(before)
    await change(bot, 'zhangsan', { unsubscribed: true })
    await bot.service.job('dues-reminder', { at, dryRun: false })
    await change(bot, 'zhangsan', { unsubscribed: false })
    await bot.says('zhaozuzhi', '收缴 李四')
    await bot.at('2026-11-24T15:00:00+08:00')
    const again = await bot.service.job('dues-reminder', { at, dryRun: false })
    expect(again?.sent.map(({ to }) => to)).toEqual([['zhangsan']])
    await bot.at('2026-11-30T15:00:00+08:00')
    const third = await bot.service.job('dues-reminder', { at, dryRun: false })
    expect(third?.sent).toEqual([])
    expect(remindersFor(bot, 'lisi').filter(text => text.includes('12月'))).toHaveLength(1)
    const other = await bot.service.job('dues-reminder', { at: new Date('2026-12-02T09:00:00+08:00'), dryRun: true })
    expect(other).toMatchObject({ sent: [], failed: false })
  })
})

/** Members with an amount of their own each, who paid month by month until October. */
async function addPayers(bot: TestBot, count: number): Promise<void> {
  await bot.service.store.update(
    'township',
    async tx => {
      const model = await tx.getBy(people, 'userId', 'zhangsan')
      const branch = await tx.get(branches, 'b-1')
      if (!model || !branch) throw new Error('the township has no 张三')
      for (let n = 0; n < count; n += 1) {
        const personId = `x-${n}`
        const fen = 100 + n
        const duesStandards = [{ from: '2024-11', fen, by: 'p-1', at: '2024-11-01T00:00:00.000Z' }]
        await tx.insert(people, { ...model, personId, userId: personId, duesStandards })
        for (const month of monthsFrom('2024-11', '2026-10')) {
          await writeReceipt(tx, branch, { kind: 'collected', by: 'p-1', personId, months: [{ month, fen }] })
        }
      }
    },
    { long: 'import' },
  )
}

it('goes through a branch of many amounts in updates that the store takes', async () => {
  const bot = await startBot()
  await addPayers(bot, 100)
  const byText = await bot.service.store.read(tx => remindersIn(tx, 'b-1', '2026-12'))
  expect(byText.size).toBeGreaterThanOrEqual(100)
  const at = new Date('2026-12-01T09:00:00+08:00')
  // An update that takes too long throws.
  const reminder = await bot.service.job('dues-reminder', { at, dryRun: true })
  expect(reminder).toMatchObject({ failed: false, report: 'reminded 117 people of 2 branches' })
  const arrears = await bot.service.job('dues-arrears', { at, dryRun: true })
  expect(arrears).toMatchObject({ failed: false, report: 'told 2 of 2 branches' })
}, 60_000)
