import { minutesBetween } from '../clock.ts'
import type { Attendance, QuorumFigures, RollRow } from '../store/collections.ts'
import { generalQuorum, votesNeeded } from './quorum.ts'

/** The counts of one meeting, as `/会议 结束` says them (COMMANDS.md). The order of the records never matters. */

export interface Tally {
  /** 应到 */
  expected: number
  /** 实到: present of 应到, and 可免考勤 who came. */
  present: number
  /** 请假: of 应到, granted and not present. */
  onLeave: number
  /** 缺席: the rest of 应到; leave not yet decided and 无手机 included. */
  absent: number
  /** 到会率 in whole per cent, at most 100. */
  rate: number
  /** 到会 + 准假, likewise. */
  presentOrLeaveRate: number
  /** Of 实到: 可免考勤 who came. */
  exemptPresent: number
  /** 列席 who came: in none of the figures above. */
  observers: number
  /** 流动 on standing leave who came all the same: in no figure, but a vote at the quorum. */
  awayPresent: number
}

const byPerson = (attendances: readonly Attendance[]): Map<string, Attendance> =>
  new Map(attendances.map(record => [record.personId, record]))

export function tally(roll: readonly RollRow[], attendances: readonly Attendance[]): Tally {
  const records = byPerson(attendances)
  const came = (row: RollRow): boolean => Boolean(records.get(row.personId)?.presence)
  const comers = (standing: RollRow['standing']): number =>
    roll.filter(row => row.standing === standing && came(row)).length

  const due = roll.filter(row => row.standing === 'expected')
  const onLeave = due.filter(row => !came(row) && records.get(row.personId)?.leave?.state === 'granted').length
  const expected = due.length
  const duePresent = comers('expected')
  const exemptPresent = comers('exempt')
  const present = duePresent + exemptPresent
  return {
    expected,
    present,
    onLeave,
    absent: expected - duePresent - onLeave,
    rate: wholePercent(present, expected),
    presentOrLeaveRate: wholePercent(present + onLeave, expected),
    exemptPresent,
    observers: comers('observer'),
    awayPresent: comers('away'),
  }
}

/** Halves are rounded up, but 100 is said only of all. Of nobody expected: 100 where somebody came, else 0. */
export function wholePercent(part: number, whole: number): number {
  if (part >= whole) return part > 0 ? 100 : 0
  return Math.min(99, Math.round((100 * part) / whole))
}

/**
 * 有表决权 应到 and 实到, and what is needed: 支部工作条例 art. 11 (general meeting) and art. 12 (committee; pass
 * `committeeQuorum` with the township's share). Presence entered after the close never counts here.
 */
export function quorumFigures(
  roll: readonly RollRow[],
  attendances: readonly Attendance[],
  quorum: (entitled: number) => number = generalQuorum,
): QuorumFigures {
  const records = byPerson(attendances)
  const voters = roll.filter(row => row.votes)
  const entitled = voters.length
  const present = voters.filter(row => records.get(row.personId)?.presence?.beforeClose).length
  const needed = quorum(entitled)
  const yesNeeded = votesNeeded('一般', entitled, present)
  return { entitled, present, needed, yesNeeded, reached: entitled > 0 && present >= needed }
}

/** Whole minutes after the planned start, rounded down; 0 in time. */
export const lateMinutes = (startsAt: string | Date, at: string | Date): number =>
  Math.max(0, minutesBetween(new Date(startsAt), new Date(at)))

/** 'invited': 可免考勤 and 列席 who have not come, whom nobody misses. 'left': no longer on the roll. 'away': 流动 on standing leave, in no figure. */
export type RowState =
  | 'present'
  | 'backfilled'
  | 'onLeave'
  | 'leaveAsked'
  | 'missing'
  | 'noPhone'
  | 'invited'
  | 'away'
  | 'left'

export interface NumberedRow extends RollRow {
  /** The row on the printed 签到表. */
  number: number
  state: RowState
}

const PLACE_ON_SHEET: Readonly<Record<RollRow['standing'], number>> = {
  expected: 0,
  exempt: 0,
  away: 0,
  left: 0,
  observer: 1,
}

/**
 * The rows as on the printed 签到表, numbered from 1: as they were kept, and who came since at the end; members in roster
 * order, after them 列席. The roll comes in roster order (`expectedRoll`), and numbers depend on nothing else: a leave, a
 * standing one too, moves nobody.
 */
export function sheetRows(
  roll: readonly RollRow[],
  attendances: readonly Attendance[],
  noPhone: ReadonlySet<string> = new Set(),
): NumberedRow[] {
  const records = byPerson(attendances)
  return roll
    .toSorted((a, b) => comparePlaces(a, b) || PLACE_ON_SHEET[a.standing] - PLACE_ON_SHEET[b.standing])
    .map((row, at) => ({
      ...row,
      number: at + 1,
      state: stateOf(row, records.get(row.personId), noPhone.has(row.personId)),
    }))
}

/** Whoever has no place came after the sheet. */
function comparePlaces({ place: a }: RollRow, { place: b }: RollRow): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  return a - b
}

/** People without a phone are never "missing": the leader asks for them on paper. */
function stateOf(row: RollRow, record: Attendance | undefined, noPhone: boolean): RowState {
  if (row.standing === 'left') return 'left'
  if (record?.presence) return record.presence.method === 'backfill' ? 'backfilled' : 'present'
  if (row.standing === 'away') return 'away'
  if (record?.leave?.state === 'granted') return 'onLeave'
  if (record?.leave?.state === 'asked') return 'leaveAsked'
  if (row.standing !== 'expected') return 'invited'
  return noPhone ? 'noPhone' : 'missing'
}

const MISSING_FIRST: Readonly<Record<RowState, number>> = {
  missing: 0,
  noPhone: 1,
  leaveAsked: 2,
  onLeave: 3,
  away: 4,
  invited: 5,
  present: 6,
  backfilled: 6,
  left: 7,
}

/** The rows of the sheet with the missing first, then 无手机, leave not decided, on leave, away, invited, present. */
export const missingFirst = (
  roll: readonly RollRow[],
  attendances: readonly Attendance[],
  noPhone: ReadonlySet<string> = new Set(),
): NumberedRow[] =>
  sheetRows(roll, attendances, noPhone).toSorted((a, b) => MISSING_FIRST[a.state] - MISSING_FIRST[b.state])

/** The numbered rows of 应到 that nobody has heard of yet: no presence, no leave. */
export const unreachedRows = (
  roll: readonly RollRow[],
  attendances: readonly Attendance[],
  noPhone: ReadonlySet<string> = new Set(),
): NumberedRow[] => sheetRows(roll, attendances, noPhone).filter(row => ['missing', 'noPhone'].includes(row.state))
