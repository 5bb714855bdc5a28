import type { BookPlan } from '../domain/roster-book.ts'
import type { FieldChange, PlannedPerson, Remark } from '../domain/roster-file.ts'

/** What an import did or would do, as JSON for the control route and as lines for the command line. */
export interface RosterReport {
  /** No row is wrong: it was imported, or would be. */
  ok: boolean
  dryRun: boolean
  counts: { added: number; changed: number; unchanged: number; missing: number; wrong: number }
  added: ReportedPerson[]
  changed: (ReportedPerson & { changes: FieldChange[] })[]
  /** In the store and not in the file: they stay. */
  missing: string[]
  newBranches: string[]
  changedBranches: { row: number; name: string; changes: FieldChange[] }[]
  wrong: Remark[]
  notes: Remark[]
  unknownColumns: string[]
  /** Sheets of a workbook that were left alone. */
  unreadSheets: string[]
  text: string[]
}

export interface ReportedPerson {
  row: number
  name: string
  branch: string
}

export function reportOf(plan: BookPlan, dryRun: boolean): RosterReport {
  const report = {
    ok: plan.wrong.length === 0,
    dryRun,
    counts: {
      added: plan.added.length,
      changed: plan.changed.length,
      unchanged: plan.unchanged.length,
      missing: plan.missing.length,
      wrong: plan.wrong.length,
    },
    added: plan.added.map(reported),
    changed: plan.changed.map(person => ({ ...reported(person), changes: person.changes })),
    missing: plan.missing.map(person => person.name),
    newBranches: plan.newBranches,
    changedBranches: plan.changedBranches.map(({ row, name, changes }) => ({ row, name, changes })),
    wrong: plan.wrong,
    notes: plan.notes,
    unknownColumns: plan.unknownColumns,
    unreadSheets: [...plan.unread],
  }
  return { ...report, text: linesOf(report) }
}

const reported = (person: PlannedPerson): ReportedPerson => ({
  row: person.row,
  name: person.after.name,
  branch: person.memberships[0]?.branch ?? '',
})

function linesOf(report: Omit<RosterReport, 'text'>): string[] {
  const { counts, wrong, notes, newBranches, missing, unknownColumns, unreadSheets } = report
  return [
    headline(report),
    ...wrong.map(remarkLine),
    `新增 ${counts.added} 人，改动 ${counts.changed} 人，不变 ${counts.unchanged} 人`,
    ...listLine('新支部', newBranches),
    ...report.added.map(({ row, name, branch }) => `第 ${row} 行 新增 ${name}（${branch}）`),
    ...report.changed.flatMap(({ row, name, changes }) => changes.map(change => changeLine(row, name, change))),
    ...report.changedBranches.flatMap(({ row, name, changes }) =>
      changes.map(change => `支部表${changeLine(row, name, change)}`),
    ),
    ...notes.map(note => `请看一下：${remarkLine(note)}`),
    ...listLine(`名册里有、表里没有的 ${counts.missing} 人（没有动）`, missing),
    ...listLine('不认识的列（没有读）', unknownColumns),
    ...listLine('没有读的工作表', unreadSheets),
  ]
}

function headline({ ok, dryRun, counts }: Omit<RosterReport, 'text'>): string {
  if (!ok) return `有 ${counts.wrong} 处不对，什么也没有导入。请改好下面这些，再导入一次。`
  return dryRun ? '试算完成，还没有导入。' : '已导入。'
}

const remarkLine = ({ sheet, row, column, why }: Remark): string =>
  `${sheet === undefined ? '' : `${sheet}表`}第 ${row} 行${column && `“${column}”`}：${why}`
const changeLine = (row: number, name: string, { field, before, after }: FieldChange): string =>
  `第 ${row} 行 ${name} ${field}：${before || '空'} → ${after || '空'}`
const listLine = (title: string, names: readonly string[]): string[] =>
  names.length > 0 ? [`${title}：${names.join('、')}`] : []
