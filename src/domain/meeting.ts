import { addMinutes, dayOf, instantAt, yearOf } from '../clock.ts'
import {
  type Attendance,
  type Leave,
  MEETING_KINDS,
  type Meeting,
  type MeetingKind,
  type Membership,
  type Person,
  type Post,
  type RollRow,
} from '../store/collections.ts'
import { generalQuorum, votesNeeded } from './quorum.ts'
import type { When } from './when.ts'

/** Who is expected, and the times of a meeting. COMMANDS.md "Who is expected", DOMAIN.md 1.5. */

export const DEFAULT_MINUTES = 120
export const OPENS_MINUTES_BEFORE = 30
export const CLOSES_ITSELF_MINUTES = 180

const SHORT_FORMS: Readonly<Record<string, MeetingKind>> = {
  大会: '党员大会',
  支部大会: '党员大会',
  支部党员大会: '党员大会',
  支部委员会: '支委会',
  支部委员会会议: '支委会',
  小组会: '党小组会',
  生活会: '组织生活会',
  党日: '主题党日',
  民主评议党员: '民主评议',
}

/** '党员大会+党课 · 冬季清洁取暖' */
export function meetingTitle(kinds: readonly string[], topic: string): string {
  const said = topic.trim()
  return said === '' ? kinds.join('+') : `${kinds.join('+')} · ${said}`
}

/** '党员大会 + 党课 + 主题党日 + 警示教育' */
export const KINDS_WORDS = 7

/** '党员大会＋党课' → both, each once, in the order said; null where any part is unknown. */
export function readKinds(word: string): MeetingKind[] | null {
  const kinds = new Set<MeetingKind>()
  for (const part of word.normalize('NFKC').split(/[+、]/)) {
    const kind = readKind(part.trim())
    if (kind === null) return null
    kinds.add(kind)
  }
  return [...kinds]
}

const readKind = (word: string): MeetingKind | null =>
  MEETING_KINDS.find(kind => kind === word) ?? (Object.hasOwn(SHORT_FORMS, word) ? (SHORT_FORMS[word] ?? null) : null)

/** Kinds with a quorum: 支部工作条例 arts 11 and 12. */
export const isVoting = (kinds: readonly MeetingKind[]): boolean =>
  kinds.includes('党员大会') || kinds.includes('支委会')

/** The committee's posts (支部工作条例 ch. 6); group leaders and 第一书记 are none. */
export const COMMITTEE_POSTS: readonly Post[] = ['secretary', 'deputy', 'organizer', 'publicity', 'discipline']

const WHOLE_BRANCH: readonly MeetingKind[] = ['党员大会', '主题党日', '党课', '组织生活会', '民主评议', '警示教育']
const OPEN_TO_ACTIVISTS: readonly MeetingKind[] = ['党课', '主题党日', '警示教育']

export type Called = Pick<Meeting, 'branchId' | 'group' | 'kinds' | 'invited'> & Partial<Pick<Meeting, 'startsAt'>>

/** The roll as the roster stands now, in roster order. With several kinds the union; the strongest standing wins. */
export function expectedRoll(meeting: Called, people: readonly Person[]): RollRow[] {
  const roll: RollRow[] = []
  const day = meeting.startsAt === undefined ? null : dayOf(new Date(meeting.startsAt))
  for (const person of inRosterOrder(people)) {
    const membership = membershipAt(meeting.branchId, person)
    if (membership === null) continue
    // A lesson or a day of its own that a group holds with its meeting is the group's.
    if (meeting.group !== null && membership.group !== meeting.group) continue
    const standing = standingOf(meeting, person, membership)
    if (standing === null) continue
    roll.push({ personId: person.personId, standing, votes: hasVote(meeting, person, membership, day) })
  }
  return roll
}

const numberOf = (personId: string): number => Number(/\d+/.exec(personId)?.[0] ?? Number.MAX_SAFE_INTEGER)

/** By the number in the personId, which is the order in which the roster named them. */
export const inRosterOrder = (people: readonly Person[]): Person[] =>
  [...people].sort((a, b) => numberOf(a.personId) - numberOf(b.personId) || (a.personId < b.personId ? -1 : 1))

/** 第一书记 is sent to a branch and expected only where his own relation is, which is his first membership. */
function membershipAt(branchId: string, person: Person): Membership | null {
  if (person.status !== 'active') return null
  const at = person.memberships.findIndex(membership => membership.branchId === branchId)
  const membership = person.memberships[at]
  if (membership === undefined) return null
  return at > 0 && membership.posts.includes('firstSecretary') ? null : membership
}

function standingOf(meeting: Called, person: Person, membership: Membership): RollRow['standing'] | null {
  const calls = meeting.kinds.map(kind => callFor(kind, meeting, person, membership))
  if (!calls.includes('expected')) return calls.includes('observer') ? 'observer' : null
  if (person.floating && membership.standingLeave !== null) return 'away'
  return person.exempt ? 'exempt' : 'expected'
}

const isMember = (person: Person): boolean => person.identity === 'full' || person.identity === 'probationary'
const onCommittee = (membership: Membership): boolean => membership.posts.some(post => COMMITTEE_POSTS.includes(post))

/** Probationary members attend everything; activists may sit in on lessons: DOMAIN.md 1.5. */
function callFor(
  kind: MeetingKind,
  meeting: Called,
  person: Person,
  membership: Membership,
): 'expected' | 'observer' | null {
  if (kind === '支委会') return onCommittee(membership) ? 'expected' : null
  if (kind === '党小组会') return isMember(person) && meeting.group !== null ? 'expected' : null
  if (WHOLE_BRANCH.includes(kind)) {
    if (isMember(person)) return 'expected'
    return OPEN_TO_ACTIVISTS.includes(kind) ? 'observer' : null
  }
  if (meeting.invited !== null) return meeting.invited.includes(person.personId) ? 'expected' : null
  return isMember(person) ? 'expected' : 'observer'
}

/**
 * 有表决权: full members, without those who lost the vote (留党察看: 党章 art. 41). A probationary member has none, whatever
 * the roster says (党章 art. 7), nor has one in the meeting that makes him a full one, or in one before. In a general meeting also without 不计法定人数, and only where his own relation is: a member belongs
 * to one branch (教育管理条例 art. 25), so nobody is counted in two denominators. In a committee its members.
 */
function hasVote(meeting: Called, person: Person, membership: Membership, day: string | null): boolean {
  if (person.identity !== 'full' || person.votingRight === false) return false
  if (day !== null && person.confirmedOn !== null && day <= person.confirmedOn) return false
  if (meeting.kinds.includes('党员大会')) {
    return person.excludedFromQuorum === false && person.memberships[0] === membership
  }
  return meeting.kinds.includes('支委会') && onCommittee(membership)
}

/**
 * The records with those added that a standing leave stands for: a member who is not 流动 keeps his place in 应到 and
 * is on leave. What was granted for this very meeting, or decided later, stays. The caller writes them at the close, to freeze them.
 */
export function withStandingLeaves(
  meeting: Pick<Meeting, 'meetingId' | 'branchId' | 'startsAt'>,
  people: readonly Person[],
  attendances: readonly Attendance[],
): Attendance[] {
  const byPerson = new Map(attendances.map(record => [record.personId, record]))
  for (const person of inRosterOrder(people)) {
    const membership = membershipAt(meeting.branchId, person)
    const standing = membership?.standingLeave
    if (!membership || !standing) continue
    const record = byPerson.get(person.personId) ?? blankAttendance(meeting, person.personId, membership.group)
    const { reason, by, at } = standing
    if (!standingLeaveHolds(record.leave, standing)) continue
    const leave = { state: 'granted' as const, reason, askedAt: at, decidedBy: by, decidedAt: at, why: null }
    byPerson.set(person.personId, { ...record, leave })
  }
  return [...byPerson.values()]
}

/** Unless a leave was granted for this very meeting, or asked or refused after the standing one. */
export const standingLeaveHolds = (leave: Leave | null, { at }: { at: string }): boolean =>
  leave === null || (leave.state !== 'granted' && (leave.decidedAt ?? leave.askedAt) < at)

/** The record of somebody who has not done anything about the meeting yet. */
export function blankAttendance(
  meeting: Pick<Meeting, 'meetingId' | 'branchId' | 'startsAt'>,
  personId: string,
  group: string | null,
): Attendance {
  const { meetingId, branchId } = meeting
  const year = yearOf(new Date(meeting.startsAt))
  return { meetingId, personId, branchId, group, year, presence: null, leave: null, wrongCodes: 0 }
}

export interface Forecast {
  /** 有表决权应到 */
  entitled: number
  /** 至多可到: entitled and neither on granted leave nor away. */
  reachable: number
  needed: number
  yesNeeded: number
  /** False: the meeting cannot become valid as things stand. */
  reachesQuorum: boolean
}

/** Said in the preview, so that a general meeting that cannot reach its quorum is seen before: 支部工作条例 art. 11. */
export function forecast(
  roll: readonly RollRow[],
  attendances: readonly Attendance[],
  quorum: (entitled: number) => number = generalQuorum,
): Forecast {
  const onLeave = new Set(attendances.filter(r => r.leave?.state === 'granted' && !r.presence).map(r => r.personId))
  const voters = roll.filter(row => row.votes)
  const entitled = voters.length
  const reachable = voters.filter(row => row.standing !== 'away' && !onLeave.has(row.personId)).length
  const needed = quorum(entitled)
  const yesNeeded = votesNeeded('一般', entitled, reachable)
  return { entitled, reachable, needed, yesNeeded, reachesQuorum: entitled > 0 && reachable >= needed }
}

/** Closed by itself with nobody there: most likely it was not held. A 补签 makes it one that was. */
export const isUnseen = ({ closed }: Pick<Meeting, 'closed'>, anybodyThere: boolean): boolean =>
  closed !== null && closed.by === null && !anybodyThere

/** The planned end, or the close where it came first. */
export const endOf = ({ endsAt, closed }: Pick<Meeting, 'endsAt' | 'closed'>): Date =>
  new Date(closed && closed.at < endsAt ? closed.at : endsAt)

export interface Span {
  startsAt: string
  endsAt: string
}

/** The planned start and end of a day and hour; two hours where no end was said. Null without a day or an hour. */
export function spanOf(when: Pick<When, 'day' | 'start' | 'end'>): Span | null {
  if (when.day === null || when.start === null) return null
  const startsAt = instantAt(when.day, when.start)
  const endsAt = when.end === null ? addMinutes(startsAt, DEFAULT_MINUTES) : instantAt(when.day, when.end)
  return { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() }
}

/** From half an hour before the start to the planned end, that minute included; an earlier close ends it, which the caller knows. */
export const checkInWindow = (
  span: Span,
  opensMinutesBefore = OPENS_MINUTES_BEFORE,
): { opens: Date; closes: Date } => ({
  opens: addMinutes(new Date(span.startsAt), -opensMinutesBefore),
  closes: addMinutes(new Date(span.endsAt), 1),
})

/** 自动结束: three hours after the planned end. */
export const closesItselfAt = (endsAt: string): Date => addMinutes(new Date(endsAt), CLOSES_ITSELF_MINUTES)

/** True where one begins before the other ends; one that begins as the other ends is no conflict. */
export const overlaps = (a: Span, b: Span): boolean =>
  Date.parse(a.startsAt) < Date.parse(b.endsAt) && Date.parse(b.startsAt) < Date.parse(a.endsAt)

/** True where somebody is expected at both. Those who only sit in, or are away, make no conflict. */
export function sharePeople(a: readonly RollRow[], b: readonly RollRow[]): boolean {
  const expected = (row: RollRow): boolean => row.standing === 'expected' || row.standing === 'exempt'
  const there = new Set(a.filter(expected).map(row => row.personId))
  return b.some(row => expected(row) && there.has(row.personId))
}
