import type { Attendance, RollRow } from '../store/collections.ts'

/** What stands for one person at one meeting on a table of many meetings. */
export type Mark = '√' | '补' | '假' | '缺' | '免' | '列' | '流'

export const MARKS_LEGEND =
  '√ 到会　补 补签到会　假 准假　缺 未到　免 可免考勤、未到　列 列席　流 长期请假的流动党员到会　— 不在应到'

export interface Marked {
  mark: Mark
  /** In 应到. */
  expected: boolean
}

/** By personId, of a frozen roll. Who was neither expected nor came has none. The same counts come of it as of `tally`. */
export function marksOf(roll: readonly RollRow[], attendances: readonly Attendance[]): ReadonlyMap<string, Marked> {
  const records = new Map(attendances.map(record => [record.personId, record]))
  const marks = new Map<string, Marked>()
  for (const { personId, standing } of roll) {
    const mark = markOf(standing, records.get(personId))
    if (mark) marks.set(personId, { mark, expected: standing === 'expected' })
  }
  return marks
}

function markOf(standing: RollRow['standing'], record: Attendance | undefined): Mark | null {
  if (record?.presence) {
    if (standing === 'observer') return '列'
    if (standing === 'away') return '流'
    return record.presence.method === 'backfill' ? '补' : '√'
  }
  if (standing === 'exempt') return '免'
  if (standing !== 'expected') return null
  return record?.leave?.state === 'granted' ? '假' : '缺'
}

export interface MarkCounts {
  expected: number
  present: number
  onLeave: number
  absent: number
}

export function countMarks(marked: readonly (Marked | undefined)[]): MarkCounts {
  const of = (...marks: Mark[]) => marked.filter(each => each && marks.includes(each.mark)).length
  return {
    expected: marked.filter(each => each?.expected).length,
    present: of('√', '补'),
    onLeave: of('假'),
    absent: of('缺'),
  }
}
