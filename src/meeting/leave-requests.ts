import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { attendances, type Meeting, meetings, type Person, people } from '../store/collections.ts'
import { isDue } from './close-due.ts'
import { rowOf } from './roll.ts'
import { branchIdsWithin } from './within.ts'

/** A leave of one person from one meeting. */
export interface Target {
  meeting: Meeting
  person: Person
}

export interface Request extends Target {
  askedAt: string
}

/** Open meetings that expect or invite this person, soonest first. */
export async function openMeetingsOf(ctx: CommandContext, tx: CommandReadTx, person: Person): Promise<Meeting[]> {
  const open: Meeting[] = []
  for (const { branchId } of person.memberships) open.push(...(await tx.find(meetings, 'openInBranch', branchId)))
  return open
    .filter(meeting => !isDue(meeting, ctx.now) && rowOf(meeting, person))
    .sort((a, b) => a.startsAt.localeCompare(b.startsAt) || a.meetingId.localeCompare(b.meetingId))
}

/** Requests nobody has decided yet, for meetings still to come or under way, oldest first. His own are not his to decide. */
export async function openRequests(ctx: CommandContext, tx: CommandReadTx): Promise<readonly Request[]> {
  const found: Request[] = []
  for (const branchId of await branchIdsWithin(ctx, tx)) {
    for (const record of await tx.find(attendances, 'leaveAsked', branchId)) {
      if (record.presence || record.personId === ctx.person.personId) continue
      const meeting = await tx.get(meetings, record.meetingId)
      const person = await tx.get(people, record.personId)
      if (!meeting || !person || meeting.state !== 'open' || isDue(meeting, ctx.now)) continue
      // He has left, or gone to another branch, since he asked.
      if (!rowOf(meeting, person)) continue
      found.push({ meeting, person, askedAt: record.leave?.askedAt ?? '' })
    }
  }
  return found.sort((a, b) => a.askedAt.localeCompare(b.askedAt))
}
