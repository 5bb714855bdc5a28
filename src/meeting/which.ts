import type { Answer } from '../bot/message.ts'
import { timeOf } from '../clock.ts'
import type { Meeting } from '../store/collections.ts'
import { titleOf } from './words.ts'

/** Several meetings are open: which one does he sign? */
export function askWhich(open: readonly Meeting[], branchOf: (meeting: Meeting) => string): Answer {
  const offered = open.slice(0, 6)
  const labels = offered.map(meeting => `${timeOf(new Date(meeting.startsAt))} ${meeting.kinds[0] ?? ''}`.slice(0, 10))
  const isAlone = (label: string) => labels.indexOf(label) === labels.lastIndexOf(label)
  const choices = offered.map((meeting, at) => {
    const label = labels[at] ?? ''
    const told = branchOf(meeting).trim() || meeting.meetingId
    return { label: isAlone(label) ? label : told.slice(0, 10), line: `/签到 ${meeting.meetingId}` }
  })
  const lines = open.map(meeting => `${meeting.meetingId} ${branchOf(meeting)}${titleOf(meeting)}`)
  return { text: ['签哪个会？', ...lines].join('\n'), choices }
}
