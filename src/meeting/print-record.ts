import { z } from 'zod'
import { now } from '../clock.ts'
import { type NumberedRow, sheetRows } from '../domain/attendance.ts'
import { isVoting } from '../domain/meeting.ts'
import { UserError } from '../errors.ts'
import type { Block, Document, Field, TableRow } from '../export/document.ts'
import {
  type Attendance,
  type Ballot,
  ballots,
  branches,
  type Meeting,
  meetings,
  people,
  type RollRow,
} from '../store/collections.ts'
import type { ReadTx, Store } from '../store/records.ts'
import { ballotLines } from './ballot.ts'
import { type Report, reportOf } from './close.ts'
import { namesIn } from './names.ts'
import { isUnderWay } from './pick.ts'
import { fileOf, presentOnPaper, printedAt, spanOnPaper } from './print-words.ts'
import { type Roll, rollOf } from './roll.ts'
import { quorumWords } from './words.ts'

/**
 * The record of a meeting (DOMAIN.md 1.6): the facts that the bot holds, and ruled blanks for what it cannot know. What was
 * said, decided and by whom is written by people, never here.
 */

export const RECORD_REPORT = 'record'

const order = z.object({ meetingId: z.string() })
export type RecordOrder = z.infer<typeof order>

export const collectRecord =
  (store: Store) =>
  async (args: unknown): Promise<Document> => {
    const { meetingId } = order.parse(args)
    return store.read(async tx => recordDocument(await recordedOf(tx, meetingId), now()))
  }

export interface Recorded {
  meeting: Meeting
  branchName: string
  roll: Roll
  report: Report
  ballots: readonly Ballot[]
  /** '' where he is known no more. */
  caller: string
  /** null: it closed by itself, or is open. */
  closer: string | null
}

async function recordedOf(tx: ReadTx, meetingId: string): Promise<Recorded> {
  const meeting = await tx.get(meetings, meetingId)
  if (!meeting) throw new UserError('没有这个会议。')
  const nameOf = async (personId: string) => (await tx.get(people, personId))?.name ?? ''
  return {
    meeting,
    branchName: (await tx.get(branches, meeting.branchId))?.name ?? '',
    roll: await rollOf(tx, meeting),
    report: await reportOf(tx, meeting),
    ballots: await tx.find(ballots, 'meeting', meetingId),
    caller: await nameOf(meeting.calledBy),
    closer: meeting.closed?.by ? await nameOf(meeting.closed.by) : null,
  }
}

type Stage = 'cancelled' | 'ahead' | 'underWay' | 'closed'

/** From the moment on at which people check in, their names stand on it. */
const stageOf = (meeting: Meeting, at: Date): Stage =>
  meeting.state !== 'open' ? meeting.state : isUnderWay(meeting, at) ? 'underWay' : 'ahead'

export function recordDocument(recorded: Recorded, at: Date): Document {
  const { meeting, branchName } = recorded
  const stage = stageOf(meeting, at)
  return {
    fileName: fileOf('会议记录', meeting),
    title: '会议记录',
    lines: [
      `${branchName}　${meeting.meetingId}　${printedAt(at)}印`,
      ...stateLines(meeting, stage),
      ...(stage === 'cancelled' ? [] : ['到会、请假、票数照机器人里的登记，空白处由记录人填写']),
    ],
    blocks: [
      { kind: 'fields', fields: headOf(recorded, stage) },
      ...(stage === 'cancelled'
        ? []
        : [...attendanceBlocks(recorded, stage), ...voteBlocks(recorded, stage), ...BY_HAND]),
    ],
  }
}

function stateLines({ cancelReason }: Meeting, stage: Stage): string[] {
  if (stage === 'cancelled') return [`会议已取消，没有召开${cancelReason ? `：${cancelReason}` : ''}`]
  if (stage === 'ahead') return ['会议还没有召开']
  return stage === 'underWay' ? ['会议还没有结束，到会情况到打印时为止'] : []
}

function headOf({ meeting, caller, closer }: Recorded, stage: Stage): Field[] {
  const { closed, group, kinds, topic, place } = meeting
  const ended = closed ? `${printedAt(new Date(closed.at))}${closed.by ? `（${closer}登记）` : '（自动结束）'}` : ''
  const facts: Field[] = [
    { label: '会议', value: kinds.join('+'), wide: true },
    ...(group ? [{ label: '党小组', value: group, wide: true }] : []),
    { label: '原定时间', value: spanOnPaper(meeting), wide: true },
    { label: '地点', value: place, wide: true },
    { label: '议题', value: topic, wide: true },
    { label: '召集人', value: caller, wide: stage === 'cancelled' },
  ]
  if (stage === 'cancelled') return facts
  return [
    ...facts,
    { label: '主持人', value: '' },
    { label: '记录人', value: '' },
    { label: '实际起止', value: '' },
    ...(closed ? [{ label: '登记结束', value: ended, wide: true }] : []),
  ]
}

function attendanceBlocks({ meeting, roll, report }: Recorded, stage: Stage): Block[] {
  const { expected, onLeave, absent, rate, presentOrLeaveRate } = report.tally
  const known = stage !== 'ahead'
  const closed = stage === 'closed'
  const fields: Field[] = [
    { label: '应到', value: `${expected} 人` },
    { label: '实到', value: known ? presentOnPaper(report.tally) : '' },
    { label: '请假', value: `${onLeave} 人` },
    { label: stage === 'underWay' ? '未签到' : '缺席', value: known ? `${absent} 人` : '' },
    ...(closed ? [{ label: '到会率', value: `${rate}%（到会+准假 ${presentOrLeaveRate}%）`, wide: true }] : []),
  ]
  const rows = sheetRows(roll.rows, roll.attendances, roll.noPhone)
  return [
    { kind: 'heading', text: '到会情况' },
    { kind: 'fields', fields },
    ...(rows.length === 0 ? [{ kind: 'text' as const, text: '名册上没有这次会议应到的人。' }] : []),
    ...presentBlocks(rows, roll, meeting.branchId),
    ...missingBlocks(rows, roll, meeting, closed),
  ]
}

/** Of each standing those who came. 补签 is marked, and apart where it came after the close: the quorum does not know it. */
const CAME: readonly { label: string; standings: readonly RollRow['standing'][] }[] = [
  { label: '实到', standings: ['expected', 'exempt'] },
  { label: '列席', standings: ['observer'] },
  { label: '到会的流动党员（长期请假，不计应到实到）', standings: ['away'] },
]

function presentBlocks(rows: readonly NumberedRow[], roll: Roll, branchId: string): Block[] {
  const nameOf = namesIn(roll, branchId)
  const records = new Map(roll.attendances.map(record => [record.personId, record]))
  const came = rows.filter(({ state }) => state === 'present' || state === 'backfilled')
  return CAME.flatMap(({ label, standings }): Block[] => {
    const listed = came.filter(({ standing }) => standings.includes(standing))
    if (listed.length === 0) return []
    const names = listed.map(row => nameOf(row.personId) + marksOf(row, records.get(row.personId)))
    return [{ kind: 'text', strong: `${label} ${listed.length} 人：`, text: names.join('、') }]
  })
}

function marksOf({ state, standing }: NumberedRow, record: Attendance | undefined): string {
  const late = record?.presence?.beforeClose === false
  const marks = [standing === 'exempt' && '可免考勤', state === 'backfilled' && (late ? '会后补签' : '补签')]
  const said = marks.filter(mark => typeof mark === 'string')
  return said.length > 0 ? `（${said.join('，')}）` : ''
}

/** Who was on leave, and after the close who was absent; why stands where it was told. */
function missingBlocks(rows: readonly NumberedRow[], roll: Roll, meeting: Meeting, closed: boolean): Block[] {
  const nameOf = namesIn(roll, meeting.branchId)
  const records = new Map(roll.attendances.map(record => [record.personId, record.leave]))
  const due = rows.filter(({ standing }) => standing === 'expected')
  const absent = due.filter(({ state }) => state === 'missing' || state === 'noPhone' || state === 'leaveAsked')
  const listed: Missing[] = [
    ...due.filter(({ state }) => state === 'onLeave').map(row => ({ row, what: '请假' })),
    ...rows.filter(({ state }) => state === 'away').map(row => ({ row, what: '长期请假（不计应到）' })),
    ...(closed ? absent : []).map(row => ({ row, what: absenceOf(records.get(row.personId)?.state) })),
  ]
  if (listed.length === 0) return closed && rows.length > 0 ? [{ kind: 'text', text: '没有人请假、缺席。' }] : []
  const reasonOf = ({ personId }: NumberedRow) => records.get(personId)?.reason ?? ''
  const [told, untold] = [
    listed.filter(({ row }) => reasonOf(row) !== ''),
    listed.filter(({ row }) => reasonOf(row) === ''),
  ]
  return [
    ...byKind(untold, row => nameOf(row.personId)),
    ...(untold.length > 0 ? WHY_BY_HAND : []),
    ...(told.length > 0 ? [tableOf(told, row => [nameOf(row.personId), reasonOf(row)])] : []),
  ]
}

const WHY_BY_HAND: readonly Block[] = [
  { kind: 'text', text: '原因没有登记的，写在这里：' },
  { kind: 'ruled', lines: 1 },
]

interface Missing {
  row: NumberedRow
  what: string
}

/** A row each would make a third page of a branch of twenty. */
function byKind(missing: readonly Missing[], nameOf: (row: NumberedRow) => string): Block[] {
  return [...new Set(missing.map(({ what }) => what))].map(what => {
    const of = missing.filter(each => each.what === what)
    return { kind: 'text', strong: `${what} ${of.length} 人：`, text: of.map(({ row }) => nameOf(row)).join('、') }
  })
}

function tableOf(missing: readonly Missing[], cellsOf: (row: NumberedRow) => [name: string, reason: string]): Block {
  const columns = [
    { header: '姓名', width: 30 },
    { header: '情况', width: 28 },
    { header: '原因', width: 42 },
  ]
  const rows = missing.map(({ row, what }): TableRow => {
    const [name, reason] = cellsOf(row)
    return { cells: [name, what, reason] }
  })
  return { kind: 'table', columns, rows }
}

function absenceOf(leave: 'asked' | 'granted' | 'refused' | undefined): string {
  if (leave === 'asked') return '缺席（请假未批）'
  return leave === 'refused' ? '缺席（请假未准）' : '缺席'
}

/** The denominators of each count are those of its moment, as they were frozen then. */
function voteBlocks({ meeting, report, ballots: counted }: Recorded, stage: Stage): Block[] {
  const { quorum } = report
  if (!quorum || !isVoting(meeting.kinds)) return []
  const { entitled, needed, yesNeeded } = quorum
  const words =
    stage === 'ahead'
      ? `有表决权 应到 ${entitled} 人，到 ${needed} 人达到法定人数，决议通过需赞成 ${yesNeeded} 票`
      : quorumWords(quorum)
  return [
    { kind: 'heading', text: '表决' },
    { kind: 'text', text: `${words}。是否有效由支部认定。` },
    ...counted.map((ballot): Block => {
      const [first = '', ...more] = ballotLines(ballot)
      const at = `（${printedAt(new Date(ballot.at))} 记）`
      return { kind: 'text', strong: `${first}${at}`, text: ['', ...more].join('\n') }
    }),
    ...(counted.length > 0 ? [] : VOTES_BY_HAND),
  ]
}

const VOTES_BY_HAND: readonly Block[] = [
  { kind: 'text', text: '机器人里没有记票。会上表决的，写明事项和票数：' },
  { kind: 'ruled', lines: 2 },
]

const BY_HAND: readonly Block[] = [
  { kind: 'heading', text: '会议内容' },
  { kind: 'text', strong: '发言要点', text: '（谁说了什么）' },
  { kind: 'ruled', lines: 5 },
  { kind: 'text', strong: '决定事项', text: '' },
  { kind: 'ruled', lines: 4 },
  { kind: 'text', strong: '不同意见', text: '' },
  { kind: 'ruled', lines: 2 },
  { kind: 'text', strong: '主持人小结、遗留问题', text: '' },
  { kind: 'ruled', lines: 2 },
  { kind: 'signatures', who: ['主持人签名', '记录人签名', '日期'] },
]
