import type { Cell, Column, Sheet } from '../export/workbook.ts'
import { kindsOnPaper } from '../meeting/words.ts'
import { MEETING_KINDS, type MeetingKind } from '../store/collections.ts'
import { blanks, linesOf, type Made, SIGNATURES } from './attendance-sheets.ts'
import { type BranchMeetings, dayAt, heldOf, hoursAt, leftOutNote, type SeenMeeting, type Sums, sumUp } from './held.ts'
import type { Bucket, KindCount } from './kind-counts.ts'

/** The sheets of 三会一课: what was held, how often beside the plan, and on which days. Always in branch order. */

/** A branch within the span of a sheet. */
export interface BranchPart extends BranchMeetings {
  counts: readonly KindCount[]
  /** '本季度尚未召开：党员大会'; '' of a time that is over. */
  ahead: string
}

const NOTHING = '这段时间没有会议'
const PLAN = '计划按现在的名册和条例的“一般”次数；合开的会，每种各计一次；只计已召开的。'

const STATES: Readonly<Record<SeenMeeting['state'], string>> = {
  held: '已结束',
  unseen: '自动结束，没有人签到',
  open: '未结束',
  ahead: '未开始',
}

const branchColumn = (width = 20): Column => ({ header: '支部', kind: 'text', width })

/** The columns of the form that offices exchange (DOMAIN.md 11). Who led and who wrote is not known here, so it is left to write in. */
export function listSheet(made: Made, span: string, all: readonly BranchPart[]): Sheet {
  const rows = all.flatMap(({ branch, seen }) => seen.map(each => ({ branch: branch.name, each })))
  const sums = sumUp(all.flatMap(heldOf))
  return {
    name: `${span}明细`,
    title: `${made.where}${span}三会一课开展情况`,
    lines: linesOf(made),
    columns: [
      { header: '序号', kind: 'integer', width: 6 },
      { header: '会议类型', kind: 'text', width: 18 },
      { header: '主题', kind: 'text', width: 24 },
      branchColumn(16),
      { header: '日期', kind: 'text', width: 12 },
      { header: '起止时间', kind: 'text', width: 13 },
      { header: '地点', kind: 'text', width: 16 },
      { header: '主持人', kind: 'text', width: 8 },
      { header: '记录人', kind: 'text', width: 8 },
      { header: '应到', kind: 'integer', width: 6 },
      { header: '实到', kind: 'integer', width: 6 },
      { header: '到会率', kind: 'percent', width: 8 },
      { header: '到会+准假', kind: 'percent', width: 11 },
      { header: '状态', kind: 'text', width: 12 },
    ],
    rows: rows.map(({ branch, each }, at) => [
      at + 1,
      ...[kindsOnPaper(each.meeting), each.meeting.topic, branch, dayAt(each.meeting), hoursAt(each.meeting)],
      ...[each.meeting.place, null, null],
      ...figuresOf(each),
      each.state === 'held' && each.meeting.closed?.by === null ? '自动结束' : STATES[each.state],
    ]),
    totals: sums.held > 0 ? [['合计', `${sums.held} 场`, ...blanks(7), ...ratesOf(sums)]] : [],
    empty: NOTHING,
    notes: ['合计为人次。应到按会议结束时的名单，会后补签已计入。主持人、记录人请手写。', ...leftOutNote(all)],
    signatures: SIGNATURES,
    orientation: 'landscape',
  }
}

const figuresOf = ({ tally }: SeenMeeting): Cell[] => (tally ? ratesOf(tally) : blanks(4))

const ratesOf = (of: Pick<Sums, 'expected' | 'present' | 'rate' | 'presentOrLeaveRate'>): Cell[] => [
  ...[of.expected, of.present, of.rate, of.presentOrLeaveRate],
]

/** Each kind of each branch: the plan, then how often. */
export function countsSheet(made: Made, span: string, buckets: readonly Bucket[], all: readonly BranchPart[]): Sheet {
  const rows = all.flatMap(({ branch, counts }) => counts.map(each => ({ branch: branch.name, each })))
  return {
    name: `${span}次数`,
    title: `${made.where}${span}三会一课次数表`,
    lines: linesOf(made),
    columns: [
      { header: '序号', kind: 'integer' },
      ...(made.township ? [branchColumn()] : []),
      { header: '会议类型', kind: 'text', width: 18 },
      { header: '计划（一般）', kind: 'text', width: 14 },
      ...buckets.map(({ name }): Column => ({ header: name, kind: 'integer', width: 9 })),
      { header: '合计', kind: 'integer', width: 8 },
      { header: '说明', kind: 'text', width: 32 },
    ],
    rows: rows.map(({ branch, each }, at) => [
      at + 1,
      ...(made.township ? [branch] : []),
      each.group === null ? each.kind : `${each.kind}（${each.group}）`,
      ...[each.plan, ...each.counts, each.total, each.ahead],
    ]),
    empty: NOTHING,
    notes: [PLAN, ...leftOutNote(all)],
    signatures: SIGNATURES,
    orientation: 'landscape',
  }
}

/** Kinds in the order in which a provincial system asks for their dates. */
const DATED: readonly MeetingKind[] = MEETING_KINDS.slice(0, 8)
/** Held each month, so that two dates stand in a line. */
const MONTHLY: readonly MeetingKind[] = ['支委会', '党小组会', '主题党日']
const widthFor = (kind: MeetingKind): number => (kind === '党小组会' ? 32 : MONTHLY.includes(kind) ? 25 : 13)

/** To type from: a row a branch, the days of each kind. */
export function datesSheet(made: Made, span: string, all: readonly BranchPart[]): Sheet {
  return {
    name: `${span}日期`,
    title: `${made.where}${span}三会一课召开日期`,
    lines: linesOf(made),
    columns: [
      branchColumn(18),
      ...DATED.map((kind): Column => ({ header: kind, kind: 'text', width: widthFor(kind) })),
    ],
    rows: all.map(each => [each.branch.name, ...DATED.map(kind => datesOf(each, kind))]),
    empty: NOTHING,
    notes: ['只列已召开的；合开的会，日期列在每种下面。'],
    signatures: SIGNATURES,
    orientation: 'landscape',
  }
}

/** '2026-01-15、2026-02-12', lines of them; of groups each its own: '一组：2026-01-15'. */
function datesOf(of: BranchMeetings, kind: MeetingKind): string {
  const held = heldOf(of).filter(({ meeting }) => meeting.kinds.includes(kind))
  const groups = [...new Set(held.map(({ meeting }) => (kind === '党小组会' ? meeting.group : null)))]
  return groups
    .map(group => {
      const days = held.filter(({ meeting }) => group === null || meeting.group === group)
      return `${group ? `${group}：` : ''}${linesOfDays(
        days.map(({ meeting }) => dayAt(meeting)),
        kind,
      )}`
    })
    .join('\n')
}

function linesOfDays(days: readonly string[], kind: MeetingKind): string {
  const across = MONTHLY.includes(kind) ? 2 : 1
  const lines = days.flatMap((_, at) => (at % across === 0 ? [days.slice(at, at + across).join('、')] : []))
  return lines.join('\n')
}

const COUNTED: readonly MeetingKind[] = MEETING_KINDS.slice(0, 7)

/** Of the township: a row a branch. */
export function summarySheet(made: Made, span: string, all: readonly BranchPart[]): Sheet {
  const columns = (parts: readonly BranchPart[]): Cell[] => {
    const total = (kinds: readonly MeetingKind[]) => parts.reduce((sum, { counts }) => sum + countOf(counts, kinds), 0)
    const sums = sumUp(parts.flatMap(heldOf))
    const rest = MEETING_KINDS.filter(kind => !COUNTED.includes(kind))
    return [...COUNTED.map(kind => total([kind])), total(rest), sums.held, ...ratesOf(sums)]
  }
  return {
    name: `${span}汇总`,
    title: `${made.where}${span}三会一课开展情况汇总表`,
    lines: linesOf(made),
    columns: [
      { header: '序号', kind: 'integer' },
      branchColumn(),
      ...[...COUNTED, '其他'].map((header): Column => ({ header, group: '召开次数', kind: 'integer', width: 9 })),
      { header: '会议场数', kind: 'integer', width: 9 },
      { header: '应到人次', kind: 'integer', width: 9 },
      { header: '实到人次', kind: 'integer', width: 9 },
      { header: '到会率', kind: 'percent', width: 8 },
      { header: '到会+准假', kind: 'percent', width: 11 },
      { header: '说明', kind: 'text', width: 44 },
    ],
    rows: all.map((part, at) => [at + 1, part.branch.name, ...columns([part]), part.ahead]),
    totals: [['合计', null, ...columns(all)]],
    empty: NOTHING,
    notes: ['按支部编号排列。合开的会，每种各计一次，场数只计一场。', PLAN, ...leftOutNote(all)],
    signatures: SIGNATURES,
    orientation: 'landscape',
  }
}

const countOf = (counts: readonly KindCount[], kinds: readonly MeetingKind[]): number =>
  counts.filter(({ kind }) => kinds.includes(kind)).reduce((sum, { total }) => sum + total, 0)
