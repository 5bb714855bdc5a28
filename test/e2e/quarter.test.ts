import { expect, it } from 'vitest'
import { monthOf, timeOf } from '../../src/clock.ts'
import { QUIET_HOURS } from '../../src/domain/quiet.ts'
import type { Item } from '../../src/simulator/simulator.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

/**
 * One branch through a quarter, by moving the clock alone. It has no group of its own, so each reminder goes to each person:
 * the most that people ever get.
 */
const MONTHLY_MOST = 6
const ORDINARY = ['zhangsan', 'lisi', 'zengguofan', 'zhangweia', 'zhangweib', 'liudong', 'yubei', 'laonian', 'jiji']
const OFFICERS = ['wangshuji', 'lifushu', 'zhaozuzhi', 'qianxuan', 'sunjijian', 'zuzhang']
const COMING = ['zhangsan', 'lisi', 'zhangweia', 'zhaozuzhi', 'zuzhang']
/** They pay for the quarter and have their receipts at once; 流动 and 可免考勤 are not asked. */
const PAYING = ['zhangsan', 'lisi', 'zhangweia', 'zhangweib', 'yubei', 'zuzhang', 'sunjijian']
/** Who pays nothing is reminded twice a month. */
const NOT_PAYING = 'qianxuan'
const isOfDues = (text: string): boolean => /^您.*党费.*未缴/.test(text)

/** What the bot said to somebody of itself: neither his own lines, nor the answers to them. */
class Quarter {
  readonly #answered = new Map<string, Set<number>>()
  constructor(readonly bot: TestBot) {}

  async says(userId: string, line: string): Promise<string> {
    return this.#answering(userId, () => this.bot.says(userId, line))
  }

  async publishes(userId: string, line: string): Promise<void> {
    expect(await this.says(userId, line)).toContain('预览')
    expect(await this.#answering(userId, () => this.bot.chooses(userId, '发布'))).toContain('已发布 m-')
  }

  async #answering(userId: string, say: () => Promise<string>): Promise<string> {
    const before = new Set(this.bot.items(userId).map(item => item.seq))
    const answer = await say()
    const seen = this.#answered.get(userId) ?? new Set<number>()
    this.#answered.set(userId, seen)
    // What a call tells the caller is his own doing, but it is told to everybody: only the answer is left out.
    const isTold = (item: Item) => item.text.startsWith('请您参加') || item.text.startsWith('会议')
    for (const item of this.bot.items(userId)) if (!before.has(item.seq) && !isTold(item)) seen.add(item.seq)
    return answer
  }

  told(userId: string): readonly Item[] {
    const answered = this.#answered.get(userId)
    return this.bot.items(userId).filter(item => item.from !== 'me' && !answered?.has(item.seq))
  }

  async day(day: string, ...times: readonly string[]): Promise<void> {
    for (const time of times) await this.bot.at(`2026-${day}T${time}:00+08:00`)
  }

  /** From the evening before to the morning after; those who come check in. */
  async meeting(eve: string, day: string, start: string, close: (quarter: Quarter) => Promise<unknown>): Promise<void> {
    const hour = Number(start.slice(0, 2))
    const clock = (hours: number, minutes = '00') => `${String(hour + hours).padStart(2, '0')}:${minutes}`
    await this.day(eve, '19:00')
    await this.day(day, clock(-1), clock(-1, '30'))
    for (const userId of COMING) expect(await this.says(userId, '签到')).toContain('签到成功')
    await this.day(day, clock(2))
    await close(this)
  }
}

const closes = (by: string) => async (quarter: Quarter) => {
  await quarter.says(by, '补签 曾国凡 吴梅吉')
  expect(await quarter.says(by, '会议 结束')).toContain('已结束')
}
const forgets = async (quarter: Quarter) => quarter.day('10-25', '13:00', '14:00')

async function payTheQuarter(quarter: Quarter): Promise<void> {
  for (const userId of PAYING) {
    expect(await quarter.says(userId, '已缴 10-12月')).toContain('待确认：10、11、12月党费')
    expect(await quarter.says('zhaozuzhi', '党费 确认')).toContain('已确认')
  }
}

async function october(quarter: Quarter): Promise<void> {
  await quarter.day('10-09', '10:00')
  await payTheQuarter(quarter)
  await quarter.publishes('wangshuji', '会议 新建 党员大会+党课 10-15 15:00 村部 四季度党员大会')
  await quarter.says('liudong', '请假 在外务工')
  await quarter.says('wangshuji', '准假')
  await quarter.meeting('10-14', '10-15', '15:00', closes('wangshuji'))
  await quarter.day('10-20', '22:30')
  await quarter.publishes('wangshuji', '会议 新建 主题党日 10-25 9:00 村口 打扫卫生')
  await quarter.day('10-21', '03:30', '08:00')
  await quarter.meeting('10-24', '10-25', '09:00', forgets)
  await quarter.day('10-26', '09:00')
}

async function november(quarter: Quarter): Promise<void> {
  await quarter.day('11-02', '09:00')
  await quarter.publishes('lifushu', '会议 新建 主题党日 11-10 19:00 村部 学习')
  await quarter.day('11-09', '10:00')
  await quarter.publishes('wangshuji', '会议 改期 m-3 11-12 19:00')
  await quarter.says('zhangweib', '请假 孩子发烧')
  await quarter.says('lifushu', '不准 张伟二组 要表决')
  await quarter.meeting('11-11', '11-12', '19:00', closes('wangshuji'))
  await quarter.day('11-13', '09:00')
  await quarter.says('wangshuji', '通知 发 取暖费请在月底前交到村部')
  expect(await quarter.says('wangshuji', '发布 d-5 需回执')).toContain('已发布 n-1')
  for (const userId of ['lisi', 'zhangweib']) await quarter.says(userId, '收到')
  await quarter.day('11-14', '09:00')
  await quarter.says('wangshuji', '催办 1')
  await quarter.day('11-16', '09:00')
  await quarter.publishes('wangshuji', '会议 新建 支委会 11-18 10:00 村部 研究工作')
  await quarter.day('11-17', '19:00')
  await quarter.day('11-18', '09:00', '09:30')
  await quarter.says('wangshuji', '会议 结束')
  await quarter.day('11-25', '09:00')
}

async function december(quarter: Quarter): Promise<void> {
  await quarter.day('12-01', '09:00')
  await quarter.publishes('wangshuji', '会议 新建 组织生活会+民主评议 12-08 14:00 村部 年度评议')
  await quarter.meeting('12-07', '12-08', '14:00', closes('lifushu'))
  await quarter.publishes('wangshuji', '会议 新建 主题党日 12-20 9:00 村部 冬季清洁取暖')
  await quarter.day('12-18', '10:00')
  await quarter.publishes('wangshuji', '会议 取消 m-6 大雪封路')
  await quarter.day('12-19', '19:00')
  await quarter.day('12-20', '08:00', '08:30', '10:00')
  await quarter.day('12-25', '09:00')
  await quarter.day('12-31', '03:30', '10:00')
}

function countByMonth(items: readonly Item[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { at } of items) {
    const month = monthOf(new Date(at))
    counts[month] = (counts[month] ?? 0) + 1
  }
  return counts
}

const isAtNight = ({ at }: Item): boolean => {
  const time = timeOf(new Date(at))
  return time >= QUIET_HOURS.from || time < QUIET_HOURS.to
}

inBothRenderings('a branch through a quarter', client => {
  it('hears little, never at night, nothing twice, and people without a phone nothing', async () => {
    const quarter = new Quarter(await startBot({ client, at: '2026-10-09T09:00:00+08:00' }))
    await october(quarter)
    await november(quarter)
    await december(quarter)
    for (const userId of [...ORDINARY, ...OFFICERS]) {
      const told = quarter.told(userId)
      const texts = told.map(item => item.text).filter(text => !isOfDues(text))
      expect(told.filter(isAtNight), userId).toEqual([])
      expect(new Set(texts).size, userId).toBe(texts.length)
    }
    for (const userId of ORDINARY) {
      const counts = countByMonth(quarter.told(userId))
      expect(Math.max(...Object.values(counts)), `${userId} ${JSON.stringify(counts)}`).toBeLessThanOrEqual(
        MONTHLY_MOST,
      )
    }
    // The test would pass as well where nobody hears anything.
    expect(countByMonth(quarter.told('zhangsan'))).toEqual({ '2026-10': 6, '2026-11': 6, '2026-12': 5 })
    for (const userId of [...PAYING, 'laonian', 'liudong', 'zengguofan', 'jiji']) {
      expect(quarter.bot.sentTo(userId).filter(isOfDues), userId).toEqual([])
    }
    const ofDues = quarter.told(NOT_PAYING).filter(({ text }) => isOfDues(text))
    expect(countByMonth(ofDues)).toEqual({ '2026-10': 1, '2026-11': 2, '2026-12': 2 })
    for (const userId of ['meiji', 'likai']) expect(quarter.bot.sentTo(userId)).toEqual([])
    // Of another branch, which calls nothing.
    expect(quarter.bot.sentTo('qiaoyi').filter(text => !isOfDues(text))).toEqual([])
    const secretary = quarter.told('wangshuji').map(item => item.text)
    for (const words of [
      '月的安排',
      '签到中',
      '打电话或当面告知 1 人：吴梅吉',
      '还没结束',
      '了解原因',
      '自动结束',
      '请假',
    ]) {
      expect(secretary.filter(text => text.includes(words)).length, words).toBeGreaterThan(0)
    }
    expect(
      quarter
        .told('zhangsan')
        .map(item => item.text)
        .join(),
    ).not.toMatch(/排名|通报|末位|收到请回复|接龙|缺席/)
  }, 60_000)
})
