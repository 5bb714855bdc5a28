import { type Meeting, people } from '../store/collections.ts'
import type { ReadTx, Tx } from '../store/records.ts'
import { closeMeeting, type Report, reportWords } from './close.ts'
import { keepersOf } from './heads.ts'

export const isDue = (meeting: Meeting, now: Date): boolean =>
  meeting.state === 'open' && new Date(meeting.closesAt) <= now

/** 自动结束: told to whoever keeps the branch's (the group's) meetings and to whoever called this one; `asker` reads it in his answer. */
export async function closeByItself(
  tx: Tx,
  everywhere: ReadTx,
  meeting: Meeting,
  asker: string | null = null,
): Promise<Report> {
  const report = await closeMeeting(tx, meeting, null)
  const keepers = keepersOf(await everywhere.find(people, 'branch', meeting.branchId), meeting)
  const told = new Set([...keepers.map(person => person.personId), meeting.calledBy])
  if (asker) told.delete(asker)
  const text = reportWords(meeting, report, '自动结束')
  if (told.size > 0) await tx.send({ text }, [...told], { about: meeting.meetingId })
  return report
}
