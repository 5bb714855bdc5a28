import { z } from 'zod'
import shipped from '../../data/meeting-plan.json' with { type: 'json' }
import { dayOf, isDay } from '../clock.ts'
import { MEETING_KINDS, type Meeting, type MeetingKind, type Person } from '../store/collections.ts'
import { inRosterOrder } from './meeting.ts'
import { isActive, membershipIn, ownBranchId } from './roster.ts'

/**
 * Which meetings a branch holds in a month, a quarter and a year (DOMAIN.md 1.2), and what of it is still ahead. Everything says
 * 一般: what is not held is 尚未召开, never a violation.
 */
const PERIODS = ['month', 'quarter', 'year'] as const
export type Period = (typeof PERIODS)[number]

const rule = z.strictObject({
  kind: z.enum(MEETING_KINDS),
  period: z.enum(PERIODS),
  /** 'lessonsPerYear': the township's figure. */
  count: z.union([z.number().int().nonnegative(), z.literal('lessonsPerYear')]),
  /** 'committee': with a committee; 'groups': each group of a branch that has groups. */
  for: z.enum(['every', 'committee', 'groups']),
  law: z.string(),
  article: z.string(),
  says: z.string(),
  /** The newest rule of a kind that is in force holds; a new one with count 0 ends it. */
  effectiveFrom: z.string().refine(isDay, 'is no day'),
})
export type PlanRule = z.infer<typeof rule>

export const planRules: readonly PlanRule[] = z.array(rule).parse(shipped)

/** With fewer full members a branch has a secretary and no committee: 支部工作条例 ch. 6 (DOMAIN.md 1.1). */
export const COMMITTEE_FROM = 7

export interface BranchShape {
  fullMembers: number
  /** Of members alone: those who only study make no party group. */
  groups: readonly string[]
}

/** A member belongs to the branch where his own relation is; a group is one that has members here. */
export function shapeOf(branchId: string, branchPeople: readonly Person[]): BranchShape {
  const members = branchPeople.filter(
    person => isActive(person) && (person.identity === 'full' || person.identity === 'probationary'),
  )
  const own = members.filter(person => ownBranchId(person) === branchId)
  // In the order in which the roster names them: 一组 sorts behind 二组 by sound, behind 三组 by character.
  const groups = inRosterOrder(own).flatMap(person => membershipIn(person, branchId)?.group ?? [])
  return {
    fullMembers: own.filter(person => person.identity === 'full').length,
    groups: [...new Set(groups)],
  }
}

/** One duty of one branch (or group) in the period that the day lies in. */
export interface Duty {
  rule: PlanRule
  kind: MeetingKind
  period: Period
  group: string | null
  required: number
  /** Ids of the closed meetings that count. */
  held: readonly string[]
  /** Called and not closed yet, soonest first. */
  called: readonly Meeting[]
}

export interface PlanFacts {
  day: string
  shape: BranchShape
  /** Of the branch; cancelled ones count for nothing. */
  meetings: readonly Meeting[]
  lessonsPerYear: number
  rules?: readonly PlanRule[]
}

export function dutiesOf(facts: PlanFacts): Duty[] {
  const { day, shape } = facts
  return rulesOn(day, facts.rules ?? planRules).flatMap(rule => {
    if (rule.for === 'committee' && shape.fullMembers < COMMITTEE_FROM) return []
    const groups = rule.for === 'groups' ? shape.groups : [null]
    return groups.map(group => dutyOf(rule, group, facts)).filter(duty => duty.required > 0)
  })
}

/** In the order of the file. */
const rulesOn = (day: string, rules: readonly PlanRule[]): PlanRule[] =>
  rules.filter(
    one =>
      one.effectiveFrom <= day &&
      !rules.some(
        other => other.kind === one.kind && other.effectiveFrom <= day && other.effectiveFrom > one.effectiveFrom,
      ),
  )

function dutyOf(rule: PlanRule, group: string | null, { day, meetings, lessonsPerYear }: PlanFacts): Duty {
  const { kind, period } = rule
  const mine = meetings.filter(
    meeting =>
      meeting.kinds.includes(kind) &&
      (group === null || meeting.group === group) &&
      samePeriod(period, dayOf(new Date(meeting.startsAt)), day),
  )
  return {
    rule,
    kind,
    period,
    group,
    required: rule.count === 'lessonsPerYear' ? lessonsPerYear : rule.count,
    held: mine.filter(meeting => meeting.state === 'closed').map(meeting => meeting.meetingId),
    called: mine.filter(meeting => meeting.state === 'open').sort((a, b) => a.startsAt.localeCompare(b.startsAt)),
  }
}

const samePeriod = (period: Period, one: string, other: string): boolean =>
  nameOf(period, one) === nameOf(period, other)

const quarterOf = (day: string): number => Math.ceil(Number(day.slice(5, 7)) / 3)

function nameOf(period: Period, day: string): string {
  if (period === 'month') return day.slice(0, 7)
  return period === 'year' ? day.slice(0, 4) : `${day.slice(0, 4)}-${quarterOf(day)}`
}

/**
 * What is still ahead now: of a month and a quarter what is not held; of a year what its quarters so far and this one share
 * out, so that one meeting a year is asked for in the fourth quarter, four a year in each.
 */
export function stillAhead(duties: readonly Duty[], day: string): Duty[] {
  return duties.filter(({ period, required, held }) => {
    const dueNow = period === 'year' ? Math.floor((required * quarterOf(day)) / 4) : required
    return held.length < dueNow
  })
}
