import { yearOf } from '../clock.ts'
import { type StudySum, sumOfStudy } from '../domain/study-hours.ts'
import { attendances, type Meeting, meetings, studyEntries } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

/** One person's study in a year: closed meetings with his presence, and what was entered. `tx` leaves out what it may not see. */
export async function studyOf(tx: ReadTx, personId: string, year: string): Promise<StudySum> {
  const attended: Meeting[] = []
  for (const record of await tx.find(attendances, 'person', personId)) {
    if (record.year !== year || !record.presence) continue
    const meeting = await tx.get(meetings, record.meetingId)
    if (meeting?.state === 'closed' && yearOf(new Date(meeting.startsAt)) === year) attended.push(meeting)
  }
  const entries = await tx.find(studyEntries, 'person', personId)
  return sumOfStudy(
    attended,
    entries.filter(({ day }) => day.startsWith(year)),
  )
}
