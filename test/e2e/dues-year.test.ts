import { Workbook as Reader } from '@cj-tech-master/excelts'
import { expect, it } from 'vitest'
import { balanceOf, brokenAt } from '../../src/domain/dues-ledger.ts'
import { spellYuan } from '../../src/domain/money.ts'
import { dues, duesBooks } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

/**
 * The dues of one branch from January to December, said by its people: the organizer collects, the secretary takes the
 * organizer's own, somebody pays ahead, somebody late, somebody is waived, receipts are taken back.
 */
const YEAR = '2027'
/** Who pays every month, by name, when he comes to the organizer. */
const REGULAR = ['王树基', '李福书', '周祖章', '曾国凡', '张伟一组', '张伟二组', '郑老年', '余备', '梁边', '刘东']
const month = (number: number): string => `${YEAR}-${String(number).padStart(2, '0')}`
const day = (number: number, of: number): string => `${month(number)}-${String(of).padStart(2, '0')}`

async function at(bot: TestBot, when: string, time = '10:00'): Promise<void> {
  await bot.at(`${when}T${time}:00+08:00`)
}

async function books(bot: TestBot, userId: string, line: string): Promise<string> {
  const answer = await bot.says(userId, line)
  expect(answer, line).toContain('收据号 D2027-1-')
  return /D2027-1-\d{4}/.exec(answer)?.[0] ?? ''
}

/** What is the same every month. */
async function regulars(bot: TestBot): Promise<void> {
  const preview = await bot.says('zhaozuzhi', `收缴 ${REGULAR.join(' ')}`)
  expect(preview).toContain('预览 d-')
  expect(await bot.chooses('zhaozuzhi', '发布')).toContain(`已收 ${REGULAR.length} 人`)
  await books(bot, 'wangshuji', '收缴 赵祖志')
}

async function claimed(bot: TestBot, userId: string): Promise<string> {
  expect(await bot.says(userId, '已缴')).toContain('待确认')
  return bot.chooses('zhaozuzhi', '确认')
}

/** What happens in one month besides. */
const BESIDES: Readonly<Record<number, (bot: TestBot) => Promise<void>>> = {
  1: async bot => {
    await books(bot, 'zhaozuzhi', '收缴 钱宣')
    await books(bot, 'zhaozuzhi', '收缴 孙纪俭')
    expect(await bot.says('lisi', '替吴梅吉交 0.5')).toContain('待确认')
    expect(await bot.chooses('zhaozuzhi', '确认')).toContain('收据号 D2027-1-')
  },
  2: async bot => {
    await books(bot, 'zhaozuzhi', '收缴 钱宣')
    await books(bot, 'zhaozuzhi', '收缴 吴梅吉')
  },
  3: async bot => {
    expect(await bot.says('zhaozuzhi', `收缴 钱宣 ${month(4)}`)).toContain('还不能缴')
    await books(bot, 'zhaozuzhi', '收缴 钱宣')
    await books(bot, 'zhaozuzhi', '收缴 吴梅吉')
  },
  4: async bot => {
    expect(await bot.says('qianxuan', '已交 1.5')).toContain('4、5、6月')
    expect(await bot.says('qianxuan', '1')).toContain('待确认')
    expect(await bot.chooses('zhaozuzhi', '确认')).toContain('4、5、6月 1.50 元')
    await books(bot, 'zhaozuzhi', '收缴 吴梅吉')
  },
  5: async bot => {
    await books(bot, 'zhaozuzhi', '收缴 吴梅吉')
    expect(await bot.says('zhaozuzhi', `党费 减免 吴梅吉 免 ${month(6)} ${month(12)} 镇党委5月批准`)).toContain('免缴')
    expect(await bot.says('zhaozuzhi', `党费 标准 李四 0.80 从 ${month(7)}`)).toContain('0.80')
  },
  6: async bot => {
    expect(await bot.says('zhaozuzhi', '收缴 吴梅吉')).toContain('免缴')
    expect(await bot.says('zhaozuzhi', '冲销 周祖章 收错了人')).toContain('1 D2027-1-')
    expect(await bot.says('zhaozuzhi', '1')).toContain('冲销')
    await books(bot, 'zhaozuzhi', '收缴 周祖章')
  },
  7: async bot => {
    await books(bot, 'zhaozuzhi', `收缴 孙纪俭 ${[2, 3, 4, 5, 6, 7].map(month).join(' ')}`)
    await books(bot, 'zhaozuzhi', '收缴 钱宣')
  },
  8: async bot => {
    expect(await bot.says('sunjijian', '已缴')).toContain('待确认')
    await bot.says('zhaozuzhi', '党费 有误 孙纪俭 没有收到')
    expect(bot.sentTo('sunjijian').at(-1)).toContain('原因：没有收到')
    await books(bot, 'zhaozuzhi', '收缴 孙纪俭')
    await books(bot, 'zhaozuzhi', '收缴 钱宣')
  },
}

inBothRenderings('a year of dues', client => {
  it('is collected, receipted and reported from January to December', async () => {
    const bot = await startBot({ client, at: `${YEAR}-01-03T18:00:00+08:00` })
    await bot.bindsGroup('wangshuji')
    expect(await bot.says('zhaozuzhi', '党费 标准 曾国凡 0.50')).toContain('已定')
    const notes: string[] = []
    for (let number = 1; number <= 12; number += 1) {
      bot.forget('wangshuji')
      // Whatever day is the first that is worked: what falls due on it is made up for within hours, not days.
      for (const of of [1, 2, 3, 4, 5]) await at(bot, day(number, of), '09:05')
      notes.push(
        ...bot
          .newFor('wangshuji')
          .split('\n')
          .filter(line => line.includes('孙纪俭')),
      )
      await regulars(bot)
      expect(await claimed(bot, 'zhangsan')).toContain('收据号 D2027-1-')
      await books(bot, 'zhaozuzhi', '收缴 李四')
      const besides = BESIDES[number]
      if (besides) await besides(bot)
      else await books(bot, 'zhaozuzhi', '收缴 钱宣')
      if (number > 8) await books(bot, 'zhaozuzhi', '收缴 孙纪俭')
      for (const of of [25, 26, 27]) await at(bot, day(number, of), '09:05')
    }
    // February to June open: the secretary was asked to look after one, three and five months.
    expect(notes).toHaveLength(3)
    await isWhole(bot)
    await isOnPaper(bot)
    expect(bot.posts().join('\n')).not.toContain('党费')
    expect(await bot.says('zhangsan', '党费')).toContain('已缴：1-12月')
    expect(await bot.says('meiji', '党费')).toContain('免缴：6-12月')
  })
})

/** No number is missing, no line was changed, and the money is what the months say. */
async function isWhole(bot: TestBot): Promise<void> {
  const { lines, book } = await bot.service.store.read(async tx => ({
    lines: await tx.find(dues, 'branch', 'b-1'),
    book: await tx.get(duesBooks, 'b-1'),
  }))
  expect(book && brokenAt(lines, book)).toBeNull()
  const receipts = lines.filter(({ kind }) => kind === 'confirmed' || kind === 'collected').map(line => line.receiptNo)
  expect(receipts).toEqual(receipts.map((_, index) => `D2027-1-${String(index + 1).padStart(4, '0')}`))
  const balance = spellYuan(balanceOf(lines))
  expect(await bot.says('zhaozuzhi', `对账 今天 ${balance}`)).toContain('相符')
}

async function isOnPaper(bot: TestBot): Promise<void> {
  expect(await bot.says('zhaozuzhi', `报表 党费 ${YEAR}`)).toContain('党费报表')
  const { name, bytes } = bot.simulator.fileOf('zhaozuzhi')
  expect(name).toBe('党费收缴登记表 水泉村党支部 2027年.xlsx')
  const reader = new Reader()
  await reader.xlsx.load(bytes)
  const sheet = reader.worksheets[0]
  const rows: unknown[][] = []
  sheet?.eachRow(row => rows.push((row.values as unknown[]).slice(1)))
  const rowOf = (person: string) => rows.find(row => row[1] === person) ?? []
  expect(rowOf('张三').slice(3, 16)).toEqual([...Array.from({ length: 12 }, () => 0.5), 6])
  expect(rowOf('李四').slice(2, 16)).toEqual(['1.00/0.80', 1, 1, 1, 1, 1, 1, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 10.8])
  expect(rowOf('吴梅吉').slice(8, 16)).toEqual(['免', '免', '免', '免', '免', '免', '免', 2.5])
  const lines = await bot.service.store.read(tx => tx.find(dues, 'branch', 'b-1'))
  const total = rows.find(row => row[0] === '合计') ?? []
  expect(Math.round(Number(total[15]) * 100)).toBe(balanceOf(lines))
}
