import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { citation } from '../domain/grounds.ts'
import { COMMITTEE_FROM, type Duty, shapeOf } from '../domain/plan.ts'
import { concerns } from '../meeting/agenda.ts'
import { type Branch, meetings, people } from '../store/collections.ts'
import { PERIOD_NAMES, planOf } from './plan.ts'

/** Behind what a branch is asked to hold: the people counted, each duty with its article, and what was counted for it. */
export async function whyPlan(ctx: CommandContext, tx: CommandReadTx, branch: Branch): Promise<string> {
  const branchPeople = await tx.township.find(people, 'branch', branch.branchId)
  const { fullMembers, groups } = shapeOf(branch.branchId, branchPeople)
  const duties = await planOf(tx.township, tx.township, branch.branchId, ctx.now)
  const seen = await idsSeen(ctx, tx, branch)
  const committee = fullMembers >= COMMITTEE_FROM ? '设支委会' : `不足 ${COMMITTEE_FROM} 人，不设支委会，不用开支委会`
  const parts = groups.length > 0 ? `党小组 ${groups.length} 个：${groups.join('、')}` : '没有党小组，不用开党小组会'
  const lines = [
    `${branch.name}：正式党员 ${fullMembers} 人，${committee}；${parts}。`,
    ...duties.flatMap(duty => [counted(duty, seen), `　${duty.rule.says}（${articleOf(duty)}）`]),
    '只数已结束的会，一个会有几种就各算一次。看一个会请发：依据 会议编号',
  ]
  return lines.join('\n')
}

/** A number counts all; the ids are of those meetings that he may look at. */
async function idsSeen(ctx: CommandContext, tx: CommandReadTx, { branchId }: Branch): Promise<ReadonlySet<string>> {
  const mine = (await tx.find(meetings, 'branch', branchId)).filter(meeting => concerns(ctx.person, meeting))
  return new Set(mine.map(({ meetingId }) => meetingId))
}

/** '党员大会：本季度已开 1 次（m-3），计划 1 次' */
function counted({ kind, group, period, held, required }: Duty, seen: ReadonlySet<string>): string {
  const shown = held.filter(meetingId => seen.has(meetingId))
  const ids = shown.length > 0 ? `（${shown.join('、')}）` : ''
  return `${kind}${group ? `（${group}）` : ''}：${PERIOD_NAMES[period]}已开 ${held.length} 次${ids}，计划 ${required} 次`
}

const articleOf = ({ rule }: Duty): string => citation(rule.law, rule.article, rule.effectiveFrom)
