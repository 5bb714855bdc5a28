import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { citation } from '../domain/grounds.ts'
import { COMMITTEE_FROM, type Duty, shapeOf } from '../domain/plan.ts'
import { concerns } from '../meeting/agenda.ts'
import { type Branch, meetings, people } from '../store/collections.ts'
import { PERIOD_NAMES, planOf } from './plan.ts'

/** Behind what a branch is asked to hold: the people counted, each duty with its article, and what was counted for it. */
export async function whyPlan(ctx: CommandContext, tx: CommandReadTx, branch: Branch): Promise<string> {
  if (branch.kind === '总支') return `${branch.name}是党总支，三会一课的计划按下属支部算。看一个会请发：依据 会议编号`
  const branchPeople = await tx.township.find(people, 'branch', branch.branchId)
  const { fullMembers, groups } = shapeOf(branch.branchId, branchPeople)
  const duties = await planOf(tx.township, tx.township, branch.branchId, ctx.now)
  const seen = await idsSeen(ctx, tx, branch)
  const committee = fullMembers >= COMMITTEE_FROM ? '设支委会' : `不足 ${COMMITTEE_FROM} 人，不设支委会，不用开支委会`
  const parts = groups.length > 0 ? `党小组 ${groups.length} 个：${groups.join('、')}` : '没有党小组，不用开党小组会'
  const lines = [
    `${branch.name}：正式党员 ${fullMembers} 人，${committee}；${parts}。`,
    ...dutyLines(duties, seen),
    '只数已结束的会，一个会有几种就各算一次；自动结束又没有一人到会的不算。看一个会请发：依据 会议编号',
  ]
  return lines.join('\n')
}

/** A number counts all; the ids are of those meetings that he may look at. */
async function idsSeen(ctx: CommandContext, tx: CommandReadTx, { branchId }: Branch): Promise<ReadonlySet<string>> {
  const mine = (await tx.find(meetings, 'branch', branchId)).filter(meeting => concerns(ctx.person, meeting))
  return new Set(mine.map(({ meetingId }) => meetingId))
}

/** '党员大会：本季度已开 1 次（m-3），计划 1 次', for groups '党小组会：本月一组已开 0 次、二组已开 1 次（m-4），各计划 1 次', and the rule. */
function dutyLines(duties: readonly Duty[], seen: ReadonlySet<string>): string[] {
  const kinds = new Map<string, Duty[]>()
  for (const duty of duties) kinds.set(duty.kind, [...(kinds.get(duty.kind) ?? []), duty])
  return [...kinds].flatMap(([kind, mine]) => {
    const [first] = mine
    if (!first) return []
    const { period, required, rule } = first
    const held = mine.map(duty => heldWords(duty, seen)).join('、')
    const cite = citation(rule.law, rule.article, rule.effectiveFrom)
    const each = mine.length > 1 ? '各' : ''
    return [`${kind}：${PERIOD_NAMES[period]}${held}，${each}计划 ${required} 次`, `　${rule.says}（${cite}）`]
  })
}

function heldWords({ group, held }: Duty, seen: ReadonlySet<string>): string {
  const shown = held.filter(meetingId => seen.has(meetingId))
  return `${group ?? ''}已开 ${held.length} 次${shown.length > 0 ? `（${shown.join('、')}）` : ''}`
}
