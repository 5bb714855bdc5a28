import { dayOf, spellDay } from '../clock.ts'
import { isUnseen } from '../domain/meeting.ts'
import { lessonsPerYear, settingOf } from '../domain/parameters.ts'
import { type Duty, dutiesOf, type Period, shapeOf, stillAhead } from '../domain/plan.ts'
import { attendances, branches, type Meeting, meetings, people, settings } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

/** What a branch still has ahead in this month, quarter and year, and how that is put. */

/**
 * `everywhere`: the township's figure is outside an officer's reach. A general branch (党总支) has none: the regulations ask
 * these meetings of the branches under it.
 */
export async function planOf(tx: ReadTx, everywhere: ReadTx, branchId: string, now: Date): Promise<readonly Duty[]> {
  if ((await tx.get(branches, branchId))?.kind === '总支') return []
  return dutiesOf({
    day: dayOf(now),
    shape: shapeOf(branchId, await tx.find(people, 'branch', branchId)),
    meetings: await withSomebody(tx, await tx.find(meetings, 'branch', branchId)),
    lessonsPerYear: settingOf(lessonsPerYear, await everywhere.get(settings, lessonsPerYear.name)),
  })
}

export async function withSomebody(tx: ReadTx, all: readonly Meeting[]): Promise<readonly Meeting[]> {
  const held: Meeting[] = []
  for (const meeting of all) {
    const present = await tx.count(attendances, 'present', meeting.meetingId)
    if (!isUnseen(meeting, present > 0)) held.push(meeting)
  }
  return held
}

export const PERIOD_NAMES: Readonly<Record<Period, string>> = { month: '本月', quarter: '本季度', year: '今年' }

/** '本月尚未召开：支委会、党小组会（一组、二组）、主题党日（已定11月28日）', a line a period; [] where nothing is ahead. */
export function aheadLines(duties: readonly Duty[], now: Date): string[] {
  const ahead = stillAhead(duties, dayOf(now))
  const begun = ahead.filter(({ held }) => held.length > 0)
  const lines = (['month', 'quarter', 'year'] as const).flatMap(period => {
    const mine = ahead.filter(duty => duty.period === period && duty.held.length === 0)
    return mine.length > 0 ? [`${PERIOD_NAMES[period]}尚未召开：${kindWords(mine).join('、')}`] : []
  })
  const counts = begun.map(
    duty => `${duty.kind}：${PERIOD_NAMES[duty.period]}已开 ${duty.held.length} 次，计划 ${duty.required} 次`,
  )
  return [...lines, ...counts]
}

/** Groups of one kind stand together; what is called already says its day. */
function kindWords(duties: readonly Duty[]): string[] {
  const kinds = [...new Set(duties.map(({ kind }) => kind))]
  return kinds.map(kind => {
    const mine = duties.filter(duty => duty.kind === kind)
    const marks = mine.flatMap(({ group, called }) => {
      const day = called[0] && `已定${spellDay(dayOf(new Date(called[0].startsAt))).split(' ')[0]}`
      const words = [group, day].filter(Boolean).join('')
      return words === '' ? [] : [words]
    })
    return marks.length > 0 ? `${kind}（${marks.join('、')}）` : kind
  })
}
