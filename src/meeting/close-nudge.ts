import type { Message } from '../bot/message.ts'
import { addMinutes, timeOf } from '../clock.ts'
import type { Meeting } from '../store/collections.ts'
import { isDue } from './close-due.ts'
import { fullTitleOf, shortId } from './words.ts'

/** Two hours after its planned end nobody has closed it: the numbers are still those of the people who are there. */
const NUDGE_MINUTES = 120

export const nudgeIsDue = (meeting: Meeting, { slot, now }: { slot: Date; now: Date }): boolean =>
  meeting.state === 'open' &&
  !isDue(meeting, now) &&
  addMinutes(new Date(meeting.endsAt), NUDGE_MINUTES).getTime() === slot.getTime()

export function closeNudge(meeting: Meeting): Message {
  const { meetingId, closesAt } = meeting
  return {
    text: `${meetingId} 还没结束：${fullTitleOf(meeting)}\n${timeOf(new Date(closesAt))} 会自动结束`,
    choices: [{ label: '结束', line: `/会议 结束 ${meetingId}`, words: `开完了请发：会议 结束 ${shortId(meetingId)}` }],
  }
}
