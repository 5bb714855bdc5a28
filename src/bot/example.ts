import { checkInWindow, expectedRoll } from '../domain/meeting.ts'
import { isOfficerOf } from '../domain/roster.ts'
import { attendances, type Meeting, meetings, notices, type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import type { Command } from './command.ts'

/** A valid example made of what he said and of his own data: the meeting he named, somebody who is missing from it. */
export async function exampleFor(tx: ReadTx, person: Person, command: Command, said = ''): Promise<string> {
  const [example] = command.examples
  const own = person.memberships[0]
  if (!own) return example
  const branchPeople = await tx.find(people, 'branch', own.branchId)
  const open = (await tx.find(meetings, 'openInBranch', own.branchId)).filter(
    meeting => command.allow === 'everyone' || isOfficerOf(person, own.branchId) || meeting.group === own.group,
  )
  const named = /(?:^|\s)(?:m-?|会议)?(\d{1,9})(?:\s|$)/u.exec(said)?.[1]
  const underWay = open.filter(meeting => checkInWindow(meeting).opens <= tx.now).at(-1)
  const meeting = open.find(each => each.meetingId === `m-${Number(named)}`) ?? underWay ?? open.at(-1)
  const others = branchPeople.filter(other => other.personId !== person.personId)
  const fellow = (meeting && (await missingFrom(tx, meeting, others))) ?? others[0]
  const noticeId = example.includes('n-17')
    ? (await tx.find(notices, 'branch', own.branchId)).at(-1)?.noticeId
    : undefined
  return example
    .replace(/^\//, '')
    .replace(/n-17/g, noticeId ?? 'n-17')
    .replace(/m-17/g, (named ? `m-${Number(named)}` : meeting?.meetingId) ?? 'm-17')
    .replace(/张三/g, fellow?.name ?? '张三')
}

/** Somebody whose name is his alone: a namesake's would be asked about. */
async function missingFrom(tx: ReadTx, meeting: Meeting, others: readonly Person[]): Promise<Person | undefined> {
  const recorded = await tx.find(attendances, 'meeting', meeting.meetingId)
  const present = new Set(recorded.filter(record => record.presence).map(record => record.personId))
  const expected = expectedRoll(meeting, others).filter(
    row => row.standing === 'expected' && !present.has(row.personId),
  )
  const missing = expected.map(row => others.find(other => other.personId === row.personId))
  return missing.find(person => others.filter(other => other.name === person?.name).length === 1)
}
