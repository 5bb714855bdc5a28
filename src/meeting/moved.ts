import type { CommandContext, CommandTx } from '../bot/command.ts'
import { yearOf } from '../clock.ts'
import { lateMinutes } from '../domain/attendance.ts'
import { checkInWindow, type Span } from '../domain/meeting.ts'
import { type Attendance, attendances, type Meeting } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

/** What becomes of presence and leave when a meeting gets another time. */

/** Who came before check-in opens at the new time: that meeting did not take place, so it is no presence at this one. */
export async function presenceBefore(tx: ReadTx, { meetingId }: Meeting, span: Span): Promise<readonly Attendance[]> {
  const { opens } = checkInWindow(span)
  const recorded = await tx.find(attendances, 'meeting', meetingId)
  return recorded.filter(record => record.presence && new Date(record.presence.at) < opens)
}

/** Who sits in the room already, because it begins a little later, stays present; leave that was asked stays asked. */
export async function moveAttendances(ctx: CommandContext, tx: CommandTx, after: Meeting): Promise<void> {
  const gone = new Set((await presenceBefore(tx, after, after)).map(record => record.personId))
  const year = yearOf(new Date(after.startsAt))
  for (const record of await tx.find(attendances, 'meeting', after.meetingId)) {
    const { presence, personId } = record
    if (gone.has(personId)) await auditGone(ctx, tx, after, record)
    const moved = presence && !gone.has(personId) ? { ...presence, lateMinutes: lateAt(after, presence) } : null
    await tx.put(attendances, { ...record, year, presence: moved })
  }
}

const lateAt = (meeting: Meeting, { method, at }: NonNullable<Attendance['presence']>): number =>
  method === 'self' ? lateMinutes(meeting.startsAt, at) : 0

const auditGone = (ctx: CommandContext, tx: CommandTx, { branchId, meetingId }: Meeting, record: Attendance) =>
  tx.audit({
    by: ctx.person.personId,
    branchId,
    what: 'drop-presence',
    about: `${meetingId}:${record.personId}`,
    before: record.presence,
    why: '会议改期',
  })
