import { sheetRows } from '../domain/attendance.ts'
import { expectedRoll, inRosterOrder, withStandingLeaves } from '../domain/meeting.ts'
import { membershipIn } from '../domain/roster.ts'
import {
  type Attendance,
  attendances,
  type Meeting,
  meetings,
  type Person,
  people,
  type RollRow,
} from '../store/collections.ts'
import type { ReadTx, Tx } from '../store/records.ts'

/** Who is expected at a meeting, what each did about it, and who they are. */
export interface Roll {
  rows: readonly RollRow[]
  attendances: readonly Attendance[]
  /** Everybody of the branch, by personId; of a closed meeting also who has gone to another branch since, and of any meeting whoever left after the sheet was made, by his name alone. */
  people: ReadonlyMap<string, Person>
  noPhone: ReadonlySet<string>
}

/** As it was frozen at the close; while the meeting is open, as the roster stands now. */
export async function rollOf(tx: ReadTx & { readonly township?: ReadTx }, meeting: Meeting): Promise<Roll> {
  const branchPeople = await tx.find(people, 'branch', meeting.branchId)
  const recorded = await tx.find(attendances, 'meeting', meeting.meetingId)
  const byId = new Map(branchPeople.map(person => [person.personId, person]))
  const rows = meeting.closed ? meeting.closed.roll : withKeptRows(meeting, expectedRoll(meeting, branchPeople))
  for (const { personId } of rows) {
    if (byId.has(personId)) continue
    // Found past the reach: history stays where it happened, and its names with it.
    const person = await (tx.township ?? tx).get(people, personId)
    if (person) byId.set(personId, { ...person, memberships: [] })
  }
  return {
    rows,
    attendances: meeting.closed ? recorded : withStandingLeaves(meeting, branchPeople, recorded),
    people: byId,
    noPhone: new Set(inRosterOrder(branchPeople).flatMap(person => (person.noPhone ? [person.personId] : []))),
  }
}

/** Whoever was on the sheet keeps his row. A sheet is in somebody's hands, and its numbers are entered afterwards. */
function withKeptRows({ rows = [] }: Meeting, roll: readonly RollRow[]): RollRow[] {
  const places = new Map(rows.map((personId, place) => [personId, place]))
  const there = new Set(roll.map(row => row.personId))
  const gone = rows.filter(personId => !there.has(personId))
  return [
    ...roll.map(row => {
      const place = places.get(row.personId)
      return place === undefined ? row : { ...row, place }
    }),
    ...gone.map(personId => ({ personId, standing: 'left' as const, votes: false, place: places.get(personId) })),
  ]
}

/** The rows of an open meeting with those who came since they were kept; null: nobody did. */
export async function rowsToKeep(tx: ReadTx, meeting: Meeting): Promise<string[] | null> {
  if (meeting.state !== 'open') return null
  const roll = await rollOf(tx, meeting)
  const rows = sheetRows(roll.rows, roll.attendances).map(row => row.personId)
  return rows.length > (meeting.rows?.length ?? 0) ? rows : null
}

/**
 * Before rows are shown or printed: they stay so for this meeting, whoever comes or leaves. Under the lock of the meeting,
 * and of everybody: the rows do not depend on who asks.
 */
export async function keepRows(tx: Tx & { readonly township: ReadTx }, meeting: Meeting): Promise<void> {
  const rows = await rowsToKeep(tx.township, meeting)
  if (rows) await tx.put(meetings, { ...meeting, rows })
}

/** Why his row is there no more. */
export function goneWords(person: Person | undefined, branchId: string): string {
  if (person?.status === 'transferred') return '已转出'
  if (person?.status !== 'active') return '已不在册'
  return membershipIn(person, branchId) ? '已不应到' : '已转出'
}

/** His row, where the meeting expects or invites him. */
export const rowOf = (meeting: Meeting, person: Person): RollRow | undefined =>
  meeting.closed
    ? meeting.closed.roll.find(row => row.personId === person.personId && row.standing !== 'left')
    : expectedRoll(meeting, [person])[0]
