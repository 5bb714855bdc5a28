import { countMarks, MARKS_LEGEND } from '../domain/attendance-marks.ts'
import type { Cell, Column, Row, Sheet } from '../export/workbook.ts'
import { kindsOnPaper } from '../meeting/words.ts'
import type { MeetingKind } from '../store/collections.ts'
import { type BranchMeetings, dayAt, type Held, heldOf, hoursAt, leftOutNote, sumUp } from './held.ts'

/** The sheets of attendance. In the order of the branches, the days and the roster: never by how well anybody did. */

export interface Made {
  /** '水泉村党支部', '全镇' */
  where: string
  township: boolean
  /** 'YYYY-MM-DD' */
  today: string
}

/** Who stands on the rolls of a branch, in roster order. */
export interface RollPerson {
  personId: string
  /** People of one name are told apart. */
  name: string
  remark: string
}

export const SIGNATURES = ['填表人', '审核人', '负责人', '日期']
const NOTHING = '这段时间没有已结束的会议'
const FROZEN = '应到按会议结束时的名单，会后补签已计入实到。可免考勤的人到了计入实到，不计入应到；列席都不计入。'

export const linesOf = ({ where, today }: Pick<Made, 'where' | 'today'>) => [
  { left: `单位：${where}`, right: `制表日期：${today}` },
]

const FIGURES: readonly Column[] = [
  { header: '应到', kind: 'integer' },
  { header: '实到', kind: 'integer' },
  { header: '请假', kind: 'integer' },
  { header: '缺席', kind: 'integer' },
  { header: '到会率', kind: 'percent', width: 9 },
  { header: '到会+准假', kind: 'percent', width: 11 },
]

type Counted = Pick<Held['tally'], 'expected' | 'present' | 'onLeave' | 'absent'> & {
  rate: number | null
  presentOrLeaveRate: number | null
}
const figuresOf = ({ expected, present, onLeave, absent, rate, presentOrLeaveRate }: Counted): Cell[] => [
  ...[expected, present, onLeave, absent],
  ...[rate, presentOrLeaveRate],
]

/** A row a meeting. */
export function meetingsSheet(made: Made, span: string, all: readonly BranchMeetings[]): Sheet {
  const rows = all.flatMap(each => heldOf(each).map(held => ({ branch: each.branch.name, held })))
  const branchColumn: Column[] = made.township ? [{ header: '支部', kind: 'text', width: 20 }] : []
  return {
    name: `${span}到会情况`,
    title: `${made.where}${span}会议到会情况表`,
    lines: linesOf(made),
    columns: [
      { header: '序号', kind: 'integer', width: 6 },
      ...branchColumn,
      { header: '日期', kind: 'text', width: 12 },
      { header: '起止时间', kind: 'text', width: 13 },
      { header: '会议类型', kind: 'text', width: 18 },
      { header: '主题', kind: 'text', width: 26 },
      ...FIGURES,
      { header: '备注', kind: 'text', width: 20 },
    ],
    rows: rows.map(({ branch, held }, at) => [
      at + 1,
      ...(made.township ? [branch] : []),
      ...[dayAt(held.meeting), hoursAt(held.meeting), kindsOnPaper(held.meeting), held.meeting.topic],
      ...figuresOf(held.tally),
      remarkOf(held),
    ]),
    totals:
      rows.length > 0
        ? [
            totalsOf(
              made,
              rows.map(({ held }) => held),
            ),
          ]
        : [],
    empty: NOTHING,
    notes: ['合计为人次。', FROZEN, ...leftOutNote(all)],
    signatures: SIGNATURES,
    orientation: 'landscape',
  }
}

function totalsOf({ township }: Made, held: readonly Held[]): Row {
  return ['合计', `${held.length} 场`, ...blanks(township ? 4 : 3), ...figuresOf(sumUp(held))]
}

function remarkOf({ meeting, tally }: Held): string {
  const notes = [
    meeting.closed?.by === null ? '自动结束' : '',
    tally.exemptPresent > 0 ? `可免考勤到会 ${tally.exemptPresent}` : '',
    tally.awayPresent > 0 ? `长期请假到会 ${tally.awayPresent}` : '',
    tally.observers > 0 ? `列席 ${tally.observers}` : '',
  ]
  return notes.filter(note => note !== '').join('，')
}

/** Of the township: a row a branch, without names. */
export function branchesSheet(made: Made, span: string, all: readonly BranchMeetings[], withNames: boolean): Sheet {
  const sums = all.map(each => sumUp(heldOf(each)))
  const whole = sumUp(all.flatMap(heldOf))
  return {
    name: `${span}汇总`,
    title: `${made.where}${span}各支部会议到会情况汇总表`,
    lines: linesOf(made),
    columns: [
      { header: '序号', kind: 'integer' },
      { header: '支部', kind: 'text', width: 24 },
      { header: '会议场数', kind: 'integer', width: 10 },
      ...FIGURES,
    ],
    rows: all.map(({ branch }, at) => [at + 1, branch.name, ...summed(sums[at] ?? whole)]),
    totals: [['合计', null, ...summed(whole)]],
    empty: NOTHING,
    notes: [
      '按人次合计，按支部编号排列。',
      FROZEN,
      ...leftOutNote(all),
      ...(withNames ? [] : ['几年一起要没有名单。要名单请一年一年地要，如：报表 签到 2026']),
    ],
    signatures: SIGNATURES,
    orientation: 'landscape',
  }
}

const summed = (sums: ReturnType<typeof sumUp>): Cell[] =>
  sums.held === 0 ? [0, ...blanks(FIGURES.length)] : [sums.held, ...figuresOf(sums)]

/** Three characters fit into a column. */
const SHORT: Readonly<Record<MeetingKind, string>> = {
  党员大会: '大会',
  支委会: '支委会',
  党小组会: '小组会',
  党课: '党课',
  主题党日: '党日',
  组织生活会: '生活会',
  民主评议: '评议',
  警示教育: '警示',
  培训: '培训',
  其他: '其他',
}

/** So many leave room for an upright page. */
const MEETINGS_UPRIGHT = 8
/** A4 across has room for so many beside each other. */
const MEETINGS_ACROSS = 26

/** Members × meetings, in roster order; more meetings than fit beside each other make further sheets. */
export function namesSheets(
  made: Made,
  span: string,
  of: BranchMeetings,
  people: readonly RollPerson[],
): (() => Sheet)[] {
  const held = heldOf(of)
  const parts = Array.from({ length: Math.ceil(held.length / MEETINGS_ACROSS) }, (_, at) =>
    held.slice(at * MEETINGS_ACROSS, (at + 1) * MEETINGS_ACROSS),
  )
  return parts.map((part, at) => () => {
    const mark = parts.length > 1 ? ` ${at + 1}` : ''
    const name = made.township ? `${of.branch.name}${mark}` : `${span}名单${mark}`
    const title = `${of.branch.name}${span}党员到会情况表${parts.length > 1 ? `（${at + 1}/${parts.length}）` : ''}`
    return {
      ...namesSheet(part, people, parts.length > 1),
      name,
      title,
      lines: linesOf({ ...made, where: of.branch.name }),
    }
  })
}

function namesSheet(
  held: readonly Held[],
  people: readonly RollPerson[],
  isPart: boolean,
): Omit<Sheet, 'name' | 'title'> {
  const sums = isPart ? '本表合计' : '合计'
  return {
    columns: [
      { header: '序号', kind: 'integer' },
      { header: '姓名', kind: 'text' },
      ...held.map(({ meeting }): Column => {
        const header = [dayAt(meeting).slice(5), ...meeting.kinds.map(kind => SHORT[kind])].join('\n')
        return { header, kind: 'text', width: 7, align: 'center' }
      }),
      ...['应到', '到会', '请假', '缺席'].map((header): Column => ({ header, group: sums, kind: 'integer', width: 6 })),
      { header: '备注', kind: 'text', width: 14 },
    ],
    rows: people.map((person, at) => namesRow(person, at, held)),
    totals: [
      ['应到', null, ...held.map(({ tally }) => tally.expected)],
      ['实到', null, ...held.map(({ tally }) => tally.present)],
    ],
    notes: [`${MARKS_LEGEND}。`, '按名册顺序；只有这段时间在会议名单上的人，已离开支部的也照当时列出。'],
    signatures: SIGNATURES,
    orientation: held.length > MEETINGS_UPRIGHT ? 'landscape' : 'portrait',
  }
}

function namesRow({ personId, name, remark }: RollPerson, at: number, held: readonly Held[]): Row {
  const marked = held.map(({ marks }) => marks.get(personId))
  const { expected, present, onLeave, absent } = countMarks(marked)
  return [at + 1, name, ...marked.map(each => each?.mark ?? '—'), expected, present, onLeave, absent, remark]
}

export const blanks = (count: number): null[] => Array.from({ length: count }, () => null)
