import { monthOf } from '../clock.ts'
import { inRosterOrder } from '../domain/meeting.ts'
import { describe } from '../domain/people.ts'
import { isActive, ownBranchId } from '../domain/roster.ts'
import { type StudySum, studyKindOf, sumOfStudy } from '../domain/study-hours.ts'
import {
  attendances,
  type Branch,
  branches,
  type Meeting,
  meetings,
  type Person,
  people,
  type StudyEntry,
  studyEntries,
} from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

/** What the papers of study are made of: the people of one branch with what they attended in it and what it entered for them. */

export interface StudyRow {
  branch: Branch
  person: Person
  /** People of one name are told apart by group and year of joining. */
  name: string
  /** False: he studied here and belongs elsewhere, or to nobody any more. */
  isHere: boolean
  attended: readonly Meeting[]
  entries: readonly StudyEntry[]
}

/** In roster order, never by hours; who is not of the branch (any more) and studied with it comes behind. */
export async function studyRegisterOf(tx: ReadTx, branchId: string): Promise<StudyRow[]> {
  const branch = await tx.get(branches, branchId)
  if (!branch) throw new Error('a report names no branch')
  const attended = await attendedIn(tx, branchId)
  const entries = byPerson(await tx.find(studyEntries, 'branch', branchId))
  const there = await tx.find(people, 'branch', branchId)
  const here = inRosterOrder(there.filter(person => isActive(person) && ownBranchId(person) === branchId))
  const known = new Set(here.map(({ personId }) => personId))
  const others: Person[] = []
  for (const personId of new Set([...attended.keys(), ...entries.keys()])) {
    const person = known.has(personId) ? undefined : await tx.get(people, personId)
    if (person) others.push(person)
  }
  const all = [...here, ...inRosterOrder(others)]
  const times = new Map<string, number>()
  for (const { name } of all) times.set(name, (times.get(name) ?? 0) + 1)
  return all.map(person => ({
    branch,
    person,
    name: (times.get(person.name) ?? 0) > 1 ? describe(person, branchId) : person.name,
    isHere: known.has(person.personId),
    attended: attended.get(person.personId) ?? [],
    entries: entries.get(person.personId) ?? [],
  }))
}

/** personId to the closed meetings of study with his presence. */
async function attendedIn(tx: ReadTx, branchId: string): Promise<ReadonlyMap<string, readonly Meeting[]>> {
  const found = new Map<string, Meeting[]>()
  for (const meeting of await tx.find(meetings, 'branch', branchId)) {
    if (meeting.state !== 'closed' || studyKindOf(meeting) === null) continue
    for (const { personId, presence } of await tx.find(attendances, 'meeting', meeting.meetingId)) {
      if (presence) found.set(personId, [...(found.get(personId) ?? []), meeting])
    }
  }
  return found
}

function byPerson(entries: readonly StudyEntry[]): ReadonlyMap<string, readonly StudyEntry[]> {
  const found = new Map<string, StudyEntry[]>()
  for (const entry of entries) found.set(entry.personId, [...(found.get(entry.personId) ?? []), entry])
  return found
}

export function sumIn({ attended, entries }: StudyRow, months: ReadonlySet<string>): StudySum {
  return sumOfStudy(
    attended.filter(({ startsAt }) => months.has(monthOf(new Date(startsAt)))),
    entries.filter(({ day }) => months.has(day.slice(0, 7))),
  )
}
