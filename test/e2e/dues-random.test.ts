import fc from 'fast-check'
import { expect, it } from 'vitest'
import { startBot, type TestBot } from '../bot.ts'
import { balanceIn, faultsInBooks, linesOf, receiptIn } from '../dues.ts'

/**
 * Whatever is said, by whom and in what order: the money that the answers name is the money in the ledger, no month of anybody
 * is paid twice, receipts have no gaps, and the chain is whole.
 */
const MEMBERS = ['zhangsan', 'lisi', 'qianxuan', 'zuzhang'] as const
const NAMES = ['张三', '李四', '钱宣', '周祖章'] as const
const COLLECTORS = ['zhaozuzhi', 'zhenban'] as const

const name = fc.constantFrom(...NAMES)
const amount = fc.constantFrom('', '0.5', '1', '1.5', '五角', '5', '0.77', '-1', '1000.01')
const month = fc.constantFrom('', '11月', '12月', '11、12月', '2026-10', '2027-01')
const words = (...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map(said => said.filter(part => part !== '').join(' '))

const byMember = fc.tuple(
  fc.constantFrom(...MEMBERS),
  fc.oneof(
    words(fc.constant('已缴'), amount, month),
    words(
      name.map(other => `替${other}交`),
      amount,
    ),
    fc.constant('1'),
    fc.constant('党费'),
  ),
)
const claimId = fc.integer({ min: 1, max: 6 }).map(n => `c-${n}`)
const receiptNo = fc.integer({ min: 1, max: 6 }).map(n => `D2026-1-${n}`)
const byCollector = fc.tuple(
  fc.constantFrom(...COLLECTORS),
  fc.oneof(
    words(fc.constant('收缴'), name, amount, month),
    words(fc.constant('收缴'), name, name),
    fc.constantFrom('发布', '1', '党费 确认', '党费 名单 @水泉'),
    words(fc.constant('党费 确认'), fc.oneof(claimId, name)),
    words(fc.constant('党费 有误'), claimId, fc.constant('没有收到')),
    words(fc.constant('冲销'), fc.oneof(receiptNo, name), fc.constant('记错')),
    words(fc.constant('党费 标准'), name, fc.constantFrom('0.6', '1'), fc.constantFrom('', '从 12月')),
    words(fc.constant('党费 减免'), name, fc.constant('免 2026-12 2026-12 镇党委批准')),
  ),
)

/** What the answers said was taken and given back, in fen: by receipt, since a line said twice is answered alike. */
class Said {
  readonly #taken = new Map<string, number>()
  readonly #reversed = new Set<string>()

  hear(answer: string): void {
    for (const line of answer.split('\n')) {
      const [, yuan] = / (\d+\.\d\d) 元/u.exec(line) ?? []
      if (/收据号 D/.test(line) && yuan) this.#taken.set(receiptIn(line), Math.round(Number(yuan) * 100))
      if (line.startsWith('已冲销')) this.#reversed.add(receiptIn(line))
    }
  }

  get fen(): number {
    const standing = [...this.#taken].filter(([receipt]) => !this.#reversed.has(receipt))
    return standing.reduce((sum, [, fen]) => sum + fen, 0)
  }
}

/** What was answered late came as a push: what the phones show is what was said. */
async function saysAll(bot: TestBot, lines: readonly (readonly [string, string])[], atOnce: boolean): Promise<Said> {
  if (atOnce) await Promise.all(lines.map(([userId, line]) => bot.simulator.say(userId, line)))
  else for (const [userId, line] of lines) await bot.simulator.say(userId, line)
  await bot.idle()
  for (const userId of [...MEMBERS, ...COLLECTORS]) expect(bot.sentTo(userId).join('\n')).not.toContain('系统出错')
  const said = new Said()
  for (const text of COLLECTORS.flatMap(userId => bot.sentTo(userId))) said.hear(text)
  return said
}

it.each([
  ['one after the other', false],
  ['all at once', true],
] as const)('no order of messages makes a cent appear or vanish: %s', async (_, atOnce) => {
  const lines = fc.array(fc.oneof(byMember, byCollector), { minLength: 20, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(lines, async all => {
      const bot = await startBot()
      const said = await saysAll(bot, all, atOnce)
      expect(await faultsInBooks(bot)).toEqual([])
      expect(await balanceIn(bot)).toBe(said.fen)
      const before = await linesOf(bot)
      await bot.restart()
      expect(await linesOf(bot)).toEqual(before)
      await bot.close()
    }),
    { numRuns: 12, endOnFailure: true },
  )
})
