import { yearOf } from '../clock.ts'
import { type Attendance, attendances, type Meeting, meetings, type Person } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { rowOf } from './roll.ts'

/** One person's attendance in a year, of closed meetings. Late minutes are in no sum (COMMANDS.md). */
export interface Year {
  /** 应到 */
  expected: number
  /** 到会: of 应到, and 可免考勤 who came. */
  present: number
  /** Of those, entered from the paper list. */
  backfilled: number
  onLeave: number
  observed: number
}

/** Meetings of branches outside the reach of `tx` are left out by it. */
export async function yearAtMeetings(tx: ReadTx, person: Person, year: string): Promise<Year> {
  const records = new Map((await tx.find(attendances, 'person', person.personId)).map(r => [r.meetingId, r]))
  const sum: Year = { expected: 0, present: 0, backfilled: 0, onLeave: 0, observed: 0 }
  for (const branchId of branchesOf(person)) {
    for (const meeting of await tx.find(meetings, 'branch', branchId)) {
      if (meeting.state === 'closed' && yearOf(new Date(meeting.startsAt)) === year) {
        add(sum, meeting, person, records.get(meeting.meetingId))
      }
    }
  }
  return sum
}

/** Where he is, and where he was. */
const branchesOf = ({ memberships, formerly = [] }: Person): ReadonlySet<string> =>
  new Set([...memberships, ...formerly.flatMap(each => each.memberships)].map(({ branchId }) => branchId))

function add(sum: Year, meeting: Meeting, person: Person, record: Attendance | undefined): void {
  const standing = rowOf(meeting, person)?.standing
  if (!standing || standing === 'away') return
  if (standing === 'observer') {
    if (record?.presence) sum.observed += 1
    return
  }
  if (standing === 'expected') sum.expected += 1
  if (record?.presence) {
    sum.present += 1
    if (record.presence.method === 'backfill') sum.backfilled += 1
  } else if (standing === 'expected' && record?.leave?.state === 'granted') sum.onLeave += 1
}

/** '应到 9 到会 8 请假 1（其中补签 2）' */
export function yearWords({ expected, present, backfilled, onLeave, observed }: Year): string {
  const paper = backfilled > 0 ? `（其中补签 ${backfilled}）` : ''
  const sat = observed > 0 ? ` 列席 ${observed}` : ''
  return `应到 ${expected} 到会 ${present} 请假 ${onLeave}${sat}${paper}`
}
