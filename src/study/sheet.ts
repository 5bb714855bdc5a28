import { allTenths, STUDY_RULE, type StudySum } from '../domain/study-hours.ts'
import type { Column, Row, Sheet } from '../export/workbook.ts'
import type { Person } from '../store/collections.ts'
import { type StudyRow, sumIn } from './register.ts'

/** The sheet of study as offices exchange them (DOMAIN.md 11). */

export interface Made {
  rows: readonly StudyRow[]
  where: string
  /** Of the whole township: with a column for the branch. */
  township: boolean
  /** 'YYYY-MM-DD' */
  today: string
  /** Hours a year; 0: not told. */
  usual: number
}

const SIGNATURES = ['填表人', '审核人', '负责人', '日期']
const RULE_HOURS = 32

/** `span`: '2026年', '2026年10-12月'. In roster order. */
export function studySheet(made: Made, span: string, months: readonly string[]): Sheet {
  const within = new Set(months)
  const counted = made.rows.map(row => ({ row, sum: sumIn(row, within) }))
  const shown = counted.filter(({ row, sum }) => row.isHere || allTenths(sum) > 0 || sum.lessons > 0)
  return {
    name: span,
    title: `${made.where}${span}党员学习情况登记表`,
    lines: [{ left: `单位：${made.where}`, right: `制表日期：${made.today}　单位：学时` }],
    columns: columnsOf(made),
    rows: shown.map(({ row, sum }, at) => rowOf(made, row, { sum, at })),
    totals: [
      totalsOf(
        made,
        shown.map(({ sum }) => sum),
      ),
    ],
    empty: '名册上还没有人',
    notes: notesOf(made),
    signatures: SIGNATURES,
    orientation: 'portrait',
  }
}

const columnsOf = ({ township }: Made): Column[] => [
  { header: '序号', kind: 'integer' },
  { header: '姓名', kind: 'text' },
  ...(township ? [{ header: '支部', kind: 'text', width: 20 } as const] : []),
  { header: '党课次数', kind: 'integer', width: 10 },
  { header: '党课学时', kind: 'tenths', width: 10 },
  { header: '培训学时', kind: 'tenths', width: 10 },
  { header: '合计学时', kind: 'tenths', width: 10 },
  { header: '备注', kind: 'text', width: 16 },
]

const rowOf = ({ township }: Made, row: StudyRow, { sum, at }: { sum: StudySum; at: number }): Row => [
  at + 1,
  row.name,
  ...(township ? [row.branch.name] : []),
  ...figuresOf(sum),
  remarkOf(row),
]

const figuresOf = (sum: StudySum): number[] => [sum.lessons, sum.lessonTenths, sum.trainingTenths, allTenths(sum)]

/** What tells why somebody may have another year than the rest. */
function remarkOf({ person, isHere }: StudyRow): string {
  if (!isHere) return person.status === 'active' ? '组织关系不在本支部' : '已不在名册'
  return [identityWords(person), person.floating ? '流动党员' : ''].filter(word => word !== '').join('，')
}

function identityWords({ identity }: Person): string {
  if (identity === 'full') return ''
  if (identity === 'probationary') return '预备党员'
  return identity === 'activist' ? '入党积极分子' : '发展对象'
}

function totalsOf({ township }: Made, sums: readonly StudySum[]): Row {
  const all = sums.map(figuresOf)
  const columns = [0, 1, 2, 3].map(at => all.reduce((total, row) => total + (row[at] ?? 0), 0))
  return ['合计', null, ...(township ? [null] : []), ...columns]
}

function notesOf({ usual }: Made): string[] {
  const how = [
    '党课含警示教育。会议只计到会的人，按起止时间（提前结束的到结束为止），几种合开的计整场。',
    '培训含参加的培训会议和支部记入的学时。条例没有写一学时多长，这里 1 小时计 1 学时。',
  ]
  if (usual === 0) return how
  const from = usual === RULE_HOURS ? STUDY_RULE : '全镇设置'
  return [`党员每年集中学习培训时间一般不少于${usual}学时（${from}）。`, ...how]
}
