import { logIncident } from '../log.ts'
import { type Meeting, meetings, people } from '../store/collections.ts'
import type { ReadTx, Store, Tx } from '../store/records.ts'
import { closeMeeting, type Report, reportWords } from './close.ts'
import { keepersOf } from './heads.ts'

export const isDue = (meeting: Meeting, now: Date): boolean =>
  meeting.state === 'open' && new Date(meeting.closesAt) <= now

/** Closes every meeting whose time to close by itself has come; one that cannot be closed holds up no other. Returns how many. */
export async function closeDueMeetings(store: Store): Promise<number> {
  const due = await store.read(async tx => (await tx.find(meetings, 'open', 'yes')).filter(m => isDue(m, tx.now)))
  let closed = 0
  for (const { meetingId } of due) {
    try {
      if (await closeDue(store, meetingId)) closed += 1
    } catch (error) {
      logIncident('automatic close failed', error, { meetingId })
    }
  }
  return closed
}

/** Looked at again inside the update: somebody may have closed or moved it meanwhile. */
function closeDue(store: Store, meetingId: string): Promise<boolean> {
  return store.update(`meeting:${meetingId}`, async tx => {
    const meeting = await tx.get(meetings, meetingId)
    if (!meeting || !isDue(meeting, tx.now)) return false
    await closeByItself(tx, tx, meeting)
    return true
  })
}

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
