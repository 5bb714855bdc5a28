import { z } from 'zod'
import { now, timeOf } from '../clock.ts'
import { type NumberedRow, sheetRows, type Tally, tally } from '../domain/attendance.ts'
import { membershipIn, namePosts } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import type { Block, Document, Field, TableRow } from '../export/document.ts'
import { type Branch, branches, type Meeting, type Membership, meetings } from '../store/collections.ts'
import type { Store } from '../store/records.ts'
import { fileOf, fitsTitle, presentOnPaper, printedAt, spanOnPaper } from './print-words.ts'
import { goneWords, type Roll, rollOf } from './roll.ts'
import { fullTitleOf, kindsOnPaper } from './words.ts'

/** The 签到表: signed in the room by who has no phone, and entered afterwards by the numbers of its rows. */

export const SHEET_REPORT = 'sheet'

const order = z.object({ meetingId: z.string() })
export type SheetOrder = z.infer<typeof order>

export const collectSheet =
  (store: Store) =>
  async (args: unknown): Promise<Document> => {
    const { meetingId } = order.parse(args)
    return store.read(async tx => {
      const meeting = await tx.get(meetings, meetingId)
      const branch = meeting && (await tx.get(branches, meeting.branchId))
      if (!meeting || !branch) throw new UserError('没有这个会议。')
      return sheetDocument(meeting, branch, await rollOf(tx, meeting), now())
    })
  }

export function sheetDocument(meeting: Meeting, branch: Branch, roll: Roll, at: Date): Document {
  const counts = tally(roll.rows, roll.attendances)
  return {
    fileName: fileOf('签到表', meeting),
    title: `${fitsTitle(meeting.topic) ? fullTitleOf(meeting) : kindsOnPaper(meeting)} 签到表`,
    lines: [`${branch.name}　${meeting.meetingId}　${printedAt(at)}印`],
    blocks:
      meeting.state === 'cancelled'
        ? [{ kind: 'text', text: '本次会议已取消，没有召开。' }]
        : [
            { kind: 'fields', fields: headOf(meeting, roll, counts) },
            ...codeBlocks(meeting),
            tableOf(meeting, branch, roll),
            ...notesOf(meeting),
            { kind: 'signatures', who: ['主持人签名', '记录人签名', '日期'] },
          ],
  }
}

/** What is not known yet is written by hand. */
function headOf(meeting: Meeting, roll: Roll, counts: Tally): Field[] {
  const others = [
    ['可免考勤', 'exempt'],
    ['列席', 'observer'],
    ['长期请假', 'away'],
  ].flatMap(([name, standing]) => {
    const count = roll.rows.filter(row => row.standing === standing).length
    return count > 0 ? [`${name} ${count} 人`] : []
  })
  const { topic, place } = meeting
  return [
    ...(fitsTitle(topic) ? [] : [{ label: '议题', value: topic, wide: true }]),
    { label: '时间', value: spanOnPaper(meeting), wide: true },
    { label: '地点', value: place, wide: true },
    { label: '主持人', value: '' },
    { label: '记录人', value: '' },
    { label: '应到', value: `${counts.expected} 人` },
    { label: '实到', value: meeting.closed ? presentOnPaper(counts) : '' },
    ...(others.length > 0 ? [{ label: '不计应到', value: others.join('，'), wide: true }] : []),
  ]
}

/** As long as somebody may check in by it. */
function codeBlocks({ code, codeWanted, state }: Meeting): Block[] {
  if (!codeWanted || state !== 'open') return []
  return [{ kind: 'large', text: code, note: `签到码。有手机的发：签到 ${code}　没带手机的，在下面签名` }]
}

/** For who comes without being on the roll. */
const GUESTS = 3

/** Numbered as 名单 and 补签 number them; guests have no number, since nobody enters them. */
function tableOf(meeting: Meeting, branch: Branch, roll: Roll): Block {
  const rows = sheetRows(roll.rows, roll.attendances, roll.noPhone)
  const nameOf = namesOnSheet(roll, branch)
  const drawn = (row: NumberedRow): TableRow => ({
    cells: [
      String(row.number),
      nameOf(row.personId),
      placeOf(row.personId, branch, roll),
      '',
      signedAt(row, roll),
      row.standing === 'left' ? goneWords(roll.people.get(row.personId), branch.branchId) : remarkOf(row),
    ],
  })
  const sitting = rows.filter(row => row.standing === 'observer')
  const nobody =
    rows.length === 0 ? [{ band: `名册上没有这次会议应到的人${meeting.group ? `（${meeting.group}）` : ''}` }] : []
  return {
    kind: 'table',
    signed: true,
    columns: [
      { header: '序号', width: 8, align: 'center' },
      { header: '姓名', width: 18, align: 'center' },
      { header: '党小组/职务', width: 24, align: 'center' },
      { header: '签名', width: 23 },
      { header: '签到时间', width: 13, align: 'center' },
      { header: '备注', width: 14, align: 'center' },
    ],
    rows: [
      ...nobody,
      ...rows.filter(row => row.standing !== 'observer').map(drawn),
      ...(sitting.length > 0 ? [{ band: '列席' }, ...sitting.map(drawn)] : []),
      { band: '来宾' },
      ...Array.from({ length: GUESTS }, () => ({ cells: [] })),
    ],
  }
}

/** The group stands beside the name: the year is told where that is the same, too. */
function namesOnSheet(roll: Roll, branch: Branch): (personId: string) => string {
  const called = (personId: string) => `${roll.people.get(personId)?.name} ${groupOf(personId, branch, roll)}`
  const all = roll.rows.map(row => called(row.personId))
  return personId => {
    const person = roll.people.get(personId)
    if (!person) return '已不在册'
    const isAlone = all.indexOf(called(personId)) === all.lastIndexOf(called(personId))
    return isAlone || !person.joinedOn ? person.name : `${person.name}\n${person.joinedOn.slice(0, 4)}年入党`
  }
}

const membershipOf = (personId: string, { branchId }: Branch, roll: Roll): Membership | undefined => {
  const person = roll.people.get(personId)
  return person && membershipIn(person, branchId)
}

const groupOf = (personId: string, branch: Branch, roll: Roll): string =>
  membershipOf(personId, branch, roll)?.group ?? ''

function placeOf(personId: string, branch: Branch, roll: Roll): string {
  const posts = namePosts(membershipOf(personId, branch, roll)?.posts ?? [])
  return [groupOf(personId, branch, roll), posts].filter(words => words !== '').join(' ')
}

/** Of 补签 only the hour of the entry is known, which is not when he came. */
function signedAt({ personId, state }: NumberedRow, roll: Roll): string {
  const record = state === 'present' ? roll.attendances.find(each => each.personId === personId) : undefined
  return record?.presence ? timeOf(new Date(record.presence.at)) : ''
}

/** Never who is on leave or excused: the sheet lies on the table. */
function remarkOf({ state }: NumberedRow): string {
  if (state === 'present') return '手机签到'
  return state === 'backfilled' ? '补签' : ''
}

function notesOf({ meetingId }: Meeting): Block[] {
  return [
    { kind: 'text', text: '没带手机、没有手机的请亲笔签名，和手机签到一样算数；手机上签过的不用再签，不替别人签。' },
    {
      kind: 'text',
      strong: '会后登记：',
      text: `发“补签 ${meetingId} 全到 缺 3 7”（3、7 是没来的序号），或发“补签 3 7 ${meetingId}”（3、7 是来了的序号）。`,
    },
  ]
}
