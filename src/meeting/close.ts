import { quorumFigures, type Tally, tally } from '../domain/attendance.ts'
import { isVoting, withStandingLeaves } from '../domain/meeting.ts'
import { committeeQuorum, generalQuorum } from '../domain/quorum.ts'
import {
  type Attendance,
  attendances,
  type Meeting,
  meetings,
  people,
  type QuorumFigures,
} from '../store/collections.ts'
import type { ReadTx, Tx } from '../store/records.ts'
import { rollOf } from './roll.ts'
import { quorumWords, shortId, tallyWords, titleOf } from './words.ts'

export interface Report {
  tally: Tally
  quorum: QuorumFigures | null
}

/** The numbers of a meeting as they stand: frozen quorum after the close, attendance with all later entries. */
export async function reportOf(tx: ReadTx, meeting: Meeting): Promise<Report> {
  const roll = await rollOf(tx, meeting)
  const figures = () => quorumFigures(roll.rows, roll.attendances, quorumRuleFor(meeting))
  const quorum = meeting.closed ? meeting.closed.quorum : isVoting(meeting.kinds) ? figures() : null
  return { tally: tally(roll.rows, roll.attendances), quorum }
}

/** A general meeting's rule holds where it is both: it is the stricter denominator. */
export const quorumRuleFor = (meeting: Pick<Meeting, 'kinds'>): ((entitled: number) => number) =>
  meeting.kinds.includes('党员大会') ? generalQuorum : committeeQuorum

/** Freezes roll, standing leaves and quorum. `by`: personId, or null for 自动结束. */
export async function closeMeeting(tx: Tx, meeting: Meeting, by: string | null): Promise<Report> {
  const roll = await rollOf(tx, meeting)
  const quorum = isVoting(meeting.kinds) ? quorumFigures(roll.rows, roll.attendances, quorumRuleFor(meeting)) : null
  await keepStandingLeaves(tx, meeting, new Set(roll.rows.map(row => row.personId)))
  const closed = { at: tx.now.toISOString(), by, roll: [...roll.rows], quorum }
  await tx.put(meetings, { ...meeting, state: 'closed', closed })
  const counts = tally(roll.rows, roll.attendances)
  await tx.audit({
    by: by ?? 'auto',
    branchId: meeting.branchId,
    what: 'close-meeting',
    about: meeting.meetingId,
    after: { expected: counts.expected, present: counts.present, onLeave: counts.onLeave, absent: counts.absent },
  })
  return { tally: counts, quorum }
}

async function keepStandingLeaves(tx: Tx, meeting: Meeting, onRoll: ReadonlySet<string>): Promise<void> {
  const recorded = await tx.find(attendances, 'meeting', meeting.meetingId)
  const known = new Map<string, Attendance>(recorded.map(record => [record.personId, record]))
  const branchPeople = await tx.find(people, 'branch', meeting.branchId)
  for (const record of withStandingLeaves(meeting, branchPeople, recorded)) {
    if (!onRoll.has(record.personId)) continue
    const before = known.get(record.personId)
    if (!before) await tx.insert(attendances, record)
    else if (before !== record) await tx.put(attendances, record)
  }
}

/** 'm-17 已结束：党课 · 学习党章', the numbers and what can still be done. */
export function reportWords(meeting: Meeting, report: Report, how: '已结束' | '自动结束'): string {
  const lines = [`${meeting.meetingId} ${how}：${titleOf(meeting)}`, tallyWords(report.tally)]
  if (report.quorum) lines.push(quorumWords(report.quorum))
  lines.push(`漏签的可以补签，这样发：补签 姓名 m-${shortId(meeting.meetingId)}`)
  return lines.join('\n')
}
