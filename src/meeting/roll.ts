import { expectedRoll, inRosterOrder, withStandingLeaves } from '../domain/meeting.ts'
import { type Attendance, attendances, type Meeting, type Person, people, type RollRow } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

/** Who is expected at a meeting, what each did about it, and who they are. */
export interface Roll {
  rows: readonly RollRow[]
  attendances: readonly Attendance[]
  /** Everybody of the branch, by personId; of a closed meeting also who has gone to another branch since, by his name alone. */
  people: ReadonlyMap<string, Person>
  noPhone: ReadonlySet<string>
}

/** As it was frozen at the close; while the meeting is open, as the roster stands now. */
export async function rollOf(tx: ReadTx & { readonly township?: ReadTx }, meeting: Meeting): Promise<Roll> {
  const branchPeople = await tx.find(people, 'branch', meeting.branchId)
  const recorded = await tx.find(attendances, 'meeting', meeting.meetingId)
  const byId = new Map(branchPeople.map(person => [person.personId, person]))
  const rows = meeting.closed ? meeting.closed.roll : expectedRoll(meeting, branchPeople)
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

/** His row, where the meeting expects or invites him. */
export const rowOf = (meeting: Meeting, person: Person): RollRow | undefined =>
  meeting.closed
    ? meeting.closed.roll.find(row => row.personId === person.personId)
    : expectedRoll(meeting, [person])[0]
