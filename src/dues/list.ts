import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { monthOf } from '../clock.ts'
import { spellYuan } from '../domain/money.ts'
import { spellMonths } from '../domain/month-words.ts'
import { describe } from '../domain/people.ts'
import type { Branch } from '../store/collections.ts'
import { collectorsIn, nameCollectors } from './payer.ts'
import { type Standing, standingsIn } from './standings.ts'
import { openMonths } from './view.ts'

/** Who has not paid a month, for the collector's and the secretary's eyes. */

/** Every look at the list is kept, with who looked. */
export async function showList(ctx: CommandContext, tx: CommandTx, branch: Branch, month: string): Promise<Answer> {
  const { branchId, name } = branch
  await tx.audit({ by: ctx.person.personId, branchId, what: 'look-up-dues', about: month })
  const standings = await standingsIn(tx.township, branchId, month)
  const of = (state: Standing['state']) => standings.filter(each => each.state === state)
  const nameOf = namesOf(standings, branchId)
  const head = `${name} ${spellMonths([month], monthOf(ctx.now))}党费`
  const sections = [
    ...section(
      '未缴',
      of('unpaid'),
      each => `${nameOf(each)} ${spellYuan(each.owedFen)}${markOf(each)}${earlierOf(each, month)}`,
    ),
    ...section('待确认', of('claimed'), each => `${nameOf(each)}（${each.account.claimed.get(month)?.claimId}）`),
    ...section('没有定标准', of('no standard'), nameOf),
  ]
  const open = of('unpaid').filter(({ isHere }) => isHere)
  const next = open.length > 0 ? [await nextLine(ctx, tx, branchId, open)] : []
  return {
    text: [head, figures(standings), ...sections, ...next].join('\n'),
    duesList: { branchId, rows: standings.map(({ person }) => person.personId) },
  }
}

/** '，8、9月也未缴' */
function earlierOf({ person, account, isHere }: Standing, month: string): string {
  if (!isHere) return ''
  const earlier = openMonths(person, account, month).months.filter(each => each < month)
  return earlier.length > 0 ? `，${spellMonths(earlier, month)}也未缴` : ''
}

/** Who only looks is told who collects. */
async function nextLine(
  ctx: CommandContext,
  tx: CommandTx,
  branchId: string,
  [first]: readonly Standing[],
): Promise<string> {
  const collectors = first ? await collectorsIn(tx.township, first.person, branchId) : []
  const mayCollect = ctx.person.admin || collectors.some(({ personId }) => personId === ctx.person.personId)
  return mayCollect ? '收了请发：收缴 姓名或行号' : `收党费请找${nameCollectors(collectors, branchId)}`
}

/** '已缴 30 人 15.00 元，待确认 2 人，免缴 1 人，未缴 5 人 2.50 元' */
function figures(standings: readonly Standing[]): string {
  const of = (state: Standing['state']) => standings.filter(each => each.state === state)
  const sum = (some: readonly Standing[], what: 'paidFen' | 'owedFen') =>
    spellYuan(some.reduce((total, each) => total + each[what], 0))
  const count = (label: string, state: Standing['state']) =>
    of(state).length > 0 ? [`${label} ${of(state).length} 人`] : []
  return [
    `已缴 ${of('paid').length} 人 ${sum(of('paid'), 'paidFen')} 元`,
    ...count('待确认', 'claimed'),
    ...count('免缴', 'waived'),
    `未缴 ${of('unpaid').length} 人 ${sum(of('unpaid'), 'owedFen')} 元`,
  ].join('，')
}

const section = (title: string, some: readonly Standing[], line: (each: Standing) => string): string[] =>
  some.length > 0 ? [`${title}：`, ...some.map(each => `${each.row} ${line(each)}`)] : []

const markOf = ({ person: { noPhone, floating }, isHere }: Standing): string =>
  isHere ? (noPhone ? '（无手机）' : floating ? '（流动）' : '') : '（已不在本支部）'

function namesOf(standings: readonly Standing[], branchId: string): (each: Standing) => string {
  const times = new Map<string, number>()
  for (const { person } of standings) times.set(person.name, (times.get(person.name) ?? 0) + 1)
  return ({ person }) => ((times.get(person.name) ?? 0) > 1 ? describe(person, branchId) : person.name)
}
