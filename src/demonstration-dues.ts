import type { Inbound, Outcome } from './bot/message.ts'
import { instantAt, monthOf, moveClock, now, nowMs } from './clock.ts'
import { addMonths, monthsFrom, quarterEnd, quarterOf } from './domain/month-words.ts'
import { outbox } from './store/collections.ts'
import type { Store } from './store/records.ts'

/**
 * Two years of dues in the sample township, said line by line by its own people (data/sample-roster.csv) with the clock at the
 * day on which they say it: nothing is written that a command did not write.
 */

const MONTHS = 24

/** Who takes the money, and who pays a quarter at a time, in its first month. */
const QUARTERLY: readonly (readonly [collector: string, payers: string])[] = [
  ['lixiuying', '王建国 赵桂兰 孙磊 周敏 张国富 钱为民 张伟一组 何大山 蔡守业 韩冰'],
  ['wangjianguo', '李秀英'],
  ['liuchangshun', '姚芳 潘德海 姜守田'],
  ['luohong', '柳长顺 沈海涛 袁超 任杰 余红梅 董志远 陈刚'],
  ['shenhaitao', '罗红'],
]

/** Who pays month by month, from when on: those who joined since, and those who stopped some months ago. */
const MONTHLY: readonly { collector: string; name: string; from?: string; stopsBefore?: number }[] = [
  { collector: 'lixiuying', name: '唐静', from: '2026-01' },
  { collector: 'liuchangshun', name: '白娟', from: '2026-01' },
  { collector: 'luohong', name: '苏丹丹', from: '2025-12' },
  { collector: 'luohong', name: '崔颖' },
  { collector: 'liuchangshun', name: '杜小虎', stopsBefore: 1 },
  { collector: 'lixiuying', name: '张伟三组', stopsBefore: 3 },
  { collector: 'lixiuying', name: '马小军', stopsBefore: 5 },
]

type Line = readonly [userId: string, line: string]

/** `ago`: months before the present one. */
function linesOf(month: string, ago: number): Line[] {
  return [
    ...decisions(month, ago),
    ...quarterly(month, ago),
    ...monthly(month, ago),
    ...claims(ago),
    ...madeUp(month, ago),
    ...mistakes(ago),
  ]
}

/** Reliefs that the committee above approved, a raise at the start of the year, and a standard that was set later. */
function decisions(month: string, ago: number): Line[] {
  const until = (months: number) => addMonths(month, months - 1)
  const lines: (Line | false)[] = [
    ago % 12 === MONTHS % 12 || ago === MONTHS - 1
      ? ['lixiuying', `党费 减免 陆玉芬 免 ${month} ${until(12)} 镇党委${Number(month.slice(5))}月批准`]
      : false,
    ago === 10 && ['luohong', `党费 减免 崔颖 14.00 ${month} ${until(6)} 镇党委会议批准`],
    ago < 12 && month.endsWith('-01') && ['lixiuying', `党费 标准 孙磊 1.00 从 ${month}`],
  ]
  return lines.filter(line => line !== false)
}

function quarterly(month: string, ago: number): Line[] {
  const isFirst = quarterOf(month)[0] === month || ago === MONTHS - 1
  if (!isFirst) return []
  const months = monthsFrom(month, quarterEnd(month)).join(' ')
  return QUARTERLY.flatMap(([collector, payers]) =>
    payers.split(' ').map((name): Line => [collector, `收缴 ${name} ${months}`]),
  )
}

const monthly = (month: string, ago: number): Line[] =>
  MONTHLY.filter(({ from = month, stopsBefore = 0 }) => from <= month && ago >= stopsBefore).map(
    ({ collector, name }): Line => [collector, `收缴 ${name}`],
  )

/** One says so himself, one has a neighbour bring it; this month's still waits for the organizer. */
function claims(ago: number): Line[] {
  if (ago === 0) return [['liuyang', '已缴']]
  const wrong: Line[] = [
    ['liuyang', '已缴 0.60'],
    ['lixiuying', '党费 有误 刘洋 收到的是 0.50 元'],
  ]
  return [
    ...(ago === 4 ? wrong : []),
    ['liuyang', '已缴'],
    ['lixiuying', '党费 确认 刘洋'],
    ['fengxiaoyan', '已缴'],
    ['fengxiaoyan', '已缴 替郑水生 0.50'],
    ['lixiuying', '党费 确认 冯晓燕'],
    ['lixiuying', '党费 确认 郑水生'],
  ]
}

/** Every third month she brings what she owes of the last three. */
function madeUp(month: string, ago: number): Line[] {
  if (ago % 3 !== 0) return []
  return [
    [
      'lixiuying',
      `收缴 吴春梅 ${monthsFrom(addMonths(month, -2), month)
        .slice(ago === MONTHS - 3 ? 1 : 0)
        .join(' ')}`,
    ],
  ]
}

/** A receipt that was taken back and given again. */
const mistakes = (ago: number): Line[] =>
  ago === 7
    ? [
        ['luohong', '冲销 崔颖 收错了月份'],
        ['luohong', '1'],
        ['luohong', '收缴 崔颖'],
      ]
    : []

export interface Filling {
  store: Store
  receive(inbound: Inbound): Promise<Outcome>
  /** Brings in the roster as it was on that day. */
  enrol(day: string): Promise<void>
}

/** Resolves with the answers to all lines, oldest first; the clock is then where it was, and nothing is left to be sent. */
export async function fillSampleDues({ store, receive, enrol }: Filling): Promise<string[]> {
  const [present, started] = [now(), performance.now()]
  const answers: string[] = []
  for (let ago = MONTHS - 1; ago >= 0; ago -= 1) {
    const month = addMonths(monthOf(present), -ago)
    moveClock(instantAt(`${month}-01`, '09:00'))
    await enrol(`${month}-01`)
    for (const [userId, line] of linesOf(month, ago)) {
      // A minute for each: a repeat within seconds is one wish.
      moveClock(new Date(nowMs() + 60_000))
      const { reply } = await receive({ key: `sample:${answers.length}`, userId, line, via: 'text' })
      answers.push(`${month} ${line}: ${reply?.text ?? ''}`)
    }
  }
  moveClock(new Date(present.getTime() + performance.now() - started))
  await settleOutbox(store)
  return answers
}

/** What they were told then is not told today. */
function settleOutbox(store: Store): Promise<void> {
  return store.update(
    'sample',
    async tx => {
      for (const record of await tx.find(outbox, 'unfinished', 'yes')) {
        await tx.put(outbox, { ...record, state: 'done', calls: [] })
      }
    },
    { long: 'import' },
  )
}
