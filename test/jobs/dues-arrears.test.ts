import { expect, it } from 'vitest'
import { people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

const notesFor = (bot: TestBot, userId: string) => bot.sentTo(userId).filter(text => text.includes('了解原因'))
const lastNote = (bot: TestBot, userId = 'wangshuji') => notesFor(bot, userId).at(-1) ?? ''

/** The first workdays of the months after May 2026, from which the township's dues are counted here. */
const FIRST_WORKDAYS = ['06-01', '07-01', '08-03', '09-01', '10-08', '11-02', '12-01']
const OTHERS = [
  'lifushu',
  'zhaozuzhi',
  'zhangsan',
  'lisi',
  'laonian',
  'meiji',
  'liudong',
  'liangbian',
  'zhenban',
  'qiaoyi',
]

const startInMay = (client: TestBot['client']) => startBot({ client, at: '2026-05-06T10:00:00+08:00' })

async function change(bot: TestBot, userId: string, to: object): Promise<void> {
  await bot.service.store.update('township', async tx => {
    const person = await tx.getBy(people, 'userId', userId)
    if (person) await tx.put(people, { ...person, ...to })
  })
}

inBothRenderings('months that were not paid', client => {
  it('are told to the secretary alone, at 1, 3 and 5 in a row, on the first workday at nine', async () => {
    const bot = await startInMay(client)
    await bot.bindsGroup('wangshuji')
    const told: number[] = []
    for (const day of FIRST_WORKDAYS) {
      await bot.at(`2026-${day}T08:59:00+08:00`)
      const before = notesFor(bot, 'wangshuji').length
      await bot.at(`2026-${day}T09:00:00+08:00`)
      await bot.at(`2026-${day}T09:30:00+08:00`)
      told.push(notesFor(bot, 'wangshuji').length - before)
    }
    expect(told).toEqual([1, 0, 1, 0, 1, 0, 0])
    const [first, second, third] = notesFor(bot, 'wangshuji')
    expect(first).toContain('水泉村党支部到5月有 14 人连续没有缴党费，请私下了解原因：\n连续 1 个月：李福书、')
    expect(first).toContain('张伟一组、张伟二组')
    for (const marked of ['吴梅吉（无手机）', '刘东（流动）', '郑老年']) expect(first).toContain(marked)
    for (const name of ['王树基', '曾国凡', '季吉', '李开', '乔一']) expect(first).not.toContain(name)
    expect(first).toContain('《关于中国共产党党费收缴、使用和管理的规定》第十二条')
    expect(second).toContain('连续 3 个月：李福书、')
    expect(third).toContain('到9月有 14 人')
    expect(third).toContain('连续 5 个月：李福书、')
    for (const text of notesFor(bot, 'wangshuji')) expect(text).not.toMatch(/自行脱党|欠|通报|除名|\d ?元/)
    for (const userId of OTHERS) expect(notesFor(bot, userId), userId).toEqual([])
    expect(notesFor(bot, 'qiaoshuji')).toHaveLength(3)
    expect(notesFor(bot, 'qiaoshuji')[0]).not.toContain('张三')
    expect(bot.posts()).toEqual([])
  })

  it('are counted back from last month: a paid, waived or claimed one ends it, an older one that is made up does not', async () => {
    const bot = await startInMay(client)
    await bot.at('2026-07-20T10:00:00+08:00')
    await bot.says('zhaozuzhi', '收缴 张三 2026-06')
    await bot.says('zhaozuzhi', '党费 减免 李四 免 2026-06 2026-06 镇党委会6月1日')
    await bot.says('zhaozuzhi', '收缴 钱宣 2026-05')
    await bot.says('sunjijian', '已缴 7月')
    await bot.at('2026-08-03T09:00:00+08:00')
    const august = lastNote(bot)
    expect(august).toMatch(/连续 1 个月：张三、李四\n连续 3 个月：李福书、/)
    for (const name of ['钱宣', '孙纪俭']) expect(august).not.toContain(name)
    await bot.says('zhaozuzhi', '收缴 张三 2026-07')
    await bot.at('2026-09-01T09:00:00+08:00')
    expect(lastNote(bot)).toMatch(/到8月有 3 人.*\n连续 1 个月：孙纪俭、张三\n连续 3 个月：钱宣\n/)
  })

  it('are those of a probationary member from the month in which he was taken in', async () => {
    const bot = await startInMay(client)
    await change(bot, 'yubei', { joinedOn: '2026-07-15' })
    await bot.at('2026-08-03T09:00:00+08:00')
    expect(lastNote(bot)).toMatch(/连续 1 个月：余备\n连续 3 个月：/)
  })

  it('are not told where nobody has any, and of the secretary himself to nobody', async () => {
    const bot = await startInMay(client)
    for (const name of ['乔一', '乔二', '乔三', '甄办']) await bot.says('qiaoshuji', `收缴 ${name}`)
    await bot.at('2026-06-01T09:00:00+08:00')
    for (const userId of ['qiaoshuji', 'zhenban', 'liangbian']) expect(notesFor(bot, userId)).toEqual([])
    expect(lastNote(bot)).not.toContain('王树基')
  })

  it('go to the deputy where there is no secretary', async () => {
    const bot = await startInMay(client)
    await change(bot, 'wangshuji', { status: 'transferred' })
    await bot.at('2026-06-01T09:00:00+08:00')
    expect(notesFor(bot, 'lifushu')).toHaveLength(1)
    expect(lastNote(bot, 'lifushu')).not.toContain('李福书')
  })

  it('are told once after a downtime, and can be tried without a trace', async () => {
    const bot = await startInMay(client)
    await bot.at('2026-05-31T20:00:00+08:00')
    const at = new Date('2026-06-01T09:00:00+08:00')
    const dry = await bot.service.job('dues-arrears', { at, dryRun: true })
    expect(dry).toMatchObject({ report: 'told 2 of 2 branches', failed: false })
    expect(dry?.sent.map(({ to }) => to)).toEqual([['wangshuji'], ['qiaoshuji']])
    await bot.idle()
    expect(notesFor(bot, 'wangshuji')).toEqual([])
    await bot.sleepsUntil('2026-06-01T14:00:00+08:00')
    expect(notesFor(bot, 'wangshuji')).toHaveLength(1)
    const again = await bot.service.job('dues-arrears', { at, dryRun: false })
    expect(again).toMatchObject({ sent: [], failed: false })
    const other = await bot.service.job('dues-arrears', { at: new Date('2026-06-02T09:00:00+08:00'), dryRun: true })
    expect(other).toMatchObject({ sent: [] })
  })
})
