import { setImmediate as nextTurn } from 'node:timers/promises'
import { dayOf, monthOf, now, timeOf } from '../clock.ts'
import { type Tally, tally, wholePercent } from '../domain/attendance.ts'
import { type Marked, marksOf } from '../domain/attendance-marks.ts'
import { endOf, isUnseen } from '../domain/meeting.ts'
import { attendances, type Branch, branches, type Meeting, meetings } from '../store/collections.ts'
import type { ReadTx, Store } from '../store/records.ts'

/**
 * The meetings of a branch as they were: who was expected is what the close froze, whoever is on the roster today; what was
 * entered since (补签) counts. Cancelled ones are left out.
 */
export interface SeenMeeting {
  meeting: Meeting
  /** 'unseen': most likely not held. */
  state: 'held' | 'unseen' | 'open' | 'ahead'
  /** Of a meeting that was held. */
  tally: Tally | null
  /** By personId; of a meeting that was held, where names were asked for. */
  marks: ReadonlyMap<string, Marked>
}

export interface BranchMeetings {
  branch: Branch
  /** In the order in which they began. */
  seen: readonly SeenMeeting[]
}

/** So many are read in one turn of the loop: 20 of a branch of 200 are some milliseconds. */
const AT_ONCE = 20

export async function meetingsOf(
  store: Store,
  branchId: string,
  within: ReadonlySet<string>,
  withNames: boolean,
): Promise<BranchMeetings> {
  const { branch, all } = await store.read(async tx => {
    const branch = await tx.get(branches, branchId)
    if (!branch) throw new Error('a report names no branch')
    return { branch, all: inOrder(await tx.find(meetings, 'branch', branchId)).filter(each => isWithin(each, within)) }
  })
  const seen: SeenMeeting[] = []
  for (let at = 0; at < all.length; at += AT_ONCE) {
    seen.push(...(await store.read(tx => seeAll(tx, all.slice(at, at + AT_ONCE), withNames))))
    await nextTurn()
  }
  return { branch, seen }
}

const isWithin = ({ state, startsAt }: Meeting, months: ReadonlySet<string>): boolean =>
  state !== 'cancelled' && months.has(monthOf(new Date(startsAt)))

const numberOf = (meetingId: string): number => Number(meetingId.replace(/\D/g, ''))

const inOrder = (all: readonly Meeting[]): Meeting[] =>
  all.toSorted((a, b) => a.startsAt.localeCompare(b.startsAt) || numberOf(a.meetingId) - numberOf(b.meetingId))

async function seeAll(tx: ReadTx, all: readonly Meeting[], withNames: boolean): Promise<SeenMeeting[]> {
  const seen: SeenMeeting[] = []
  for (const meeting of all) seen.push(await see(tx, meeting, withNames))
  return seen
}

async function see(tx: ReadTx, meeting: Meeting, withNames: boolean): Promise<SeenMeeting> {
  const { closed } = meeting
  if (!closed) {
    return { meeting, state: new Date(meeting.startsAt) > now() ? 'ahead' : 'open', tally: null, marks: NO_MARKS }
  }
  const records = await tx.find(attendances, 'meeting', meeting.meetingId)
  if (
    isUnseen(
      meeting,
      records.some(({ presence }) => presence),
    )
  ) {
    return { meeting, state: 'unseen', tally: null, marks: NO_MARKS }
  }
  const marks = withNames ? marksOf(closed.roll, records) : NO_MARKS
  return { meeting, state: 'held', tally: tally(closed.roll, records), marks }
}

const NO_MARKS: ReadonlyMap<string, Marked> = new Map()

export const inMonths = ({ branch, seen }: BranchMeetings, months: ReadonlySet<string>): BranchMeetings => ({
  branch,
  seen: seen.filter(({ meeting }) => isWithin(meeting, months)),
})

export interface Held extends SeenMeeting {
  tally: Tally
}

export const heldOf = ({ seen }: BranchMeetings): Held[] =>
  seen.flatMap(each => (each.tally ? [{ ...each, tally: each.tally }] : []))

export const dayAt = ({ startsAt }: Meeting): string => dayOf(new Date(startsAt))

/** '19:00-20:40': to the close where that came first. */
export function hoursAt(meeting: Meeting): string {
  const starts = new Date(meeting.startsAt)
  const ends = endOf(meeting)
  return `${timeOf(starts)}-${timeOf(ends > starts ? ends : new Date(meeting.endsAt))}`
}

/** Of several meetings together: 人次, and both rates of the sums. */
export interface Sums {
  held: number
  expected: number
  present: number
  onLeave: number
  absent: number
  rate: number | null
  presentOrLeaveRate: number | null
}

export function sumUp(held: readonly Held[]): Sums {
  const of = (key: 'expected' | 'present' | 'onLeave' | 'absent') =>
    held.reduce((sum, each) => sum + each.tally[key], 0)
  const [expected, present, onLeave] = [of('expected'), of('present'), of('onLeave')]
  const share = (part: number) => (held.length > 0 ? wholePercent(part, expected) : null)
  return {
    held: held.length,
    expected,
    present,
    onLeave,
    absent: of('absent'),
    rate: share(present),
    presentOrLeaveRate: share(present + onLeave),
  }
}

/** '另有 1 场还没有结束、2 场自动结束且没有人签到，没有计入。' */
export function leftOutNote(all: readonly BranchMeetings[]): string[] {
  const of = (state: SeenMeeting['state']) =>
    all.reduce((sum, { seen }) => sum + seen.filter(each => each.state === state).length, 0)
  const [open, unseen] = [of('open') + of('ahead'), of('unseen')]
  const parts = [
    ...(open > 0 ? [`${open} 场还没有结束`] : []),
    ...(unseen > 0 ? [`${unseen} 场自动结束且没有人签到（补签后就计入）`] : []),
  ]
  return parts.length > 0 ? [`另有 ${parts.join('，')}，没有计入。`] : []
}
