import type { CommandReadTx } from '../bot/command.ts'
import { citation } from '../domain/grounds.ts'
import { COMMITTEE_FROM, type Duty, shapeOf } from '../domain/plan.ts'
import { type Branch, people } from '../store/collections.ts'
import { PERIOD_NAMES, planOf } from './plan.ts'

/** Behind what a branch is asked to hold: the people counted, each duty with its article, and what was counted for it. */
export async function whyPlan(tx: CommandReadTx, branch: Branch, now: Date): Promise<string> {
  const branchPeople = await tx.township.find(people, 'branch', branch.branchId)
  const { fullMembers, groups } = shapeOf(branch.branchId, branchPeople)
  const duties = await planOf(tx.township, tx.township, branch.branchId, now)
  const committee = fullMembers >= COMMITTEE_FROM ? '设支委会' : `不足 ${COMMITTEE_FROM} 人，不设支委会，不用开支委会`
  const parts = groups.length > 0 ? `党小组 ${groups.length} 个：${groups.join('、')}` : '没有党小组，不用开党小组会'
  const lines = [
    `${branch.name}：正式党员 ${fullMembers} 人，${committee}；${parts}。`,
    ...duties.flatMap(duty => [`${counted(duty)}`, `　${duty.rule.says}（${articleOf(duty)}）`]),
    '只数已结束的会，一个会有几种就各算一次。看一个会请发：依据 会议编号',
  ]
  return lines.join('\n')
}

/** '党员大会：本季度已开 1 次（m-3），计划 1 次' */
function counted({ kind, group, period, held, required }: Duty): string {
  const ids = held.length > 0 ? `（${held.join('、')}）` : ''
  return `${kind}${group ? `（${group}）` : ''}：${PERIOD_NAMES[period]}已开 ${held.length} 次${ids}，计划 ${required} 次`
}

const articleOf = ({ rule }: Duty): string => citation(rule.law, rule.article, rule.effectiveFrom)
