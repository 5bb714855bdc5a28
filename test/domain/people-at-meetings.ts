import { blankPerson } from '../../src/domain/roster.ts'
import type { Attendance, Leave, Membership, Person, Presence, RollRow } from '../../src/store/collections.ts'

/** Plain records for tests of the domain. */

export const BRANCH = 'b-3'

export const membership = (over: Partial<Membership> = {}): Membership => ({
  branchId: BRANCH,
  group: null,
  posts: [],
  standingLeave: null,
  ...over,
})

export const person = (number: number, over: Partial<Person> = {}, at: Partial<Membership> = {}): Person => ({
  ...blankPerson(`p-${number}`),
  userId: `u${number}`,
  name: `党员${number}`,
  memberships: [membership(at)],
  ...over,
})

export const STANDING_LEAVE = { reason: '外出务工', by: 'p-1', at: '2026-01-05T01:00:00.000Z' }

export const MEETING = {
  meetingId: 'm-17',
  branchId: BRANCH,
  group: null,
  startsAt: '2026-11-26T11:00:00.000Z',
  endsAt: '2026-11-26T13:00:00.000Z',
  invited: null,
}

export const row = (
  number: number,
  standing: RollRow['standing'] = 'expected',
  votes = standing !== 'observer',
): RollRow => ({ personId: `p-${number}`, standing, votes })

export const attendance = (number: number, over: Partial<Attendance>): Attendance => ({
  meetingId: 'm-17',
  personId: `p-${number}`,
  branchId: BRANCH,
  group: null,
  year: '2026',
  presence: null,
  leave: null,
  wrongCodes: 0,
  ...over,
})

const presenceOf = (over: Partial<Presence>): Presence => ({
  at: '2026-11-26T10:50:00.000Z',
  method: 'self',
  by: null,
  why: null,
  lateMinutes: 0,
  position: 1,
  beforeClose: true,
  ...over,
})

const leaveOf = (state: Leave['state']): Leave => ({
  state,
  reason: '发烧',
  askedAt: '2026-11-26T01:00:00.000Z',
  decidedBy: null,
  decidedAt: null,
  why: null,
})

export const came = (number: number, over: Partial<Presence> = {}): Attendance =>
  attendance(number, { presence: presenceOf(over) })
export const onLeave = (number: number, state: Leave['state'] = 'granted'): Attendance =>
  attendance(number, { leave: leaveOf(state) })
export const cameThough = (number: number, state: Leave['state']): Attendance =>
  attendance(number, { presence: presenceOf({}), leave: leaveOf(state) })
