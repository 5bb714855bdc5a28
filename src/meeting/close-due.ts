import { type Meeting, meetings } from '../store/collections.ts'
import type { Store } from '../store/records.ts'
import { closeMeeting, reportWords } from './close.ts'
import { shortId } from './words.ts'

export const isDue = (meeting: Meeting, now: Date): boolean =>
  meeting.state === 'open' && new Date(meeting.closesAt) <= now

/** Closes every meeting whose time to close by itself has come, and tells who called it. Returns how many. */
export async function closeDueMeetings(store: Store): Promise<number> {
  const due = await store.read(async tx => (await tx.find(meetings, 'open', 'yes')).filter(m => isDue(m, tx.now)))
  let closed = 0
  for (const { meetingId } of due) if (await closeDue(store, meetingId)) closed += 1
  return closed
}

/** Looked at again inside the update: somebody may have closed or moved it meanwhile. */
function closeDue(store: Store, meetingId: string): Promise<boolean> {
  return store.update(`meeting:${meetingId}`, async tx => {
    const meeting = await tx.get(meetings, meetingId)
    if (!meeting || !isDue(meeting, tx.now)) return false
    const report = await closeMeeting(tx, meeting, null)
    const next = `漏签的可以补签，这样发：补签 姓名 m-${shortId(meetingId)}`
    await tx.send({ text: `${reportWords(meeting, report, '自动结束')}\n${next}` }, [meeting.calledBy], {
      about: meetingId,
    })
    return true
  })
}
