import { describe, expect, it } from 'vitest'
import { type BranchShape, type Duty, dutiesOf, type PlanRule, shapeOf, stillAhead } from '../../src/domain/plan.ts'
import { blankPerson } from '../../src/domain/roster.ts'
import type { Meeting, MeetingKind, Person } from '../../src/store/collections.ts'

const VILLAGE: BranchShape = { fullMembers: 16, groups: ['一组', '二组'] }
const SMALL: BranchShape = { fullMembers: 5, groups: [] }

let last = 0
function meeting(day: string, kinds: MeetingKind[], more: Partial<Meeting> = {}): Meeting {
  const startsAt = new Date(`${day}T19:00:00+08:00`).toISOString()
  last += 1
  const id = { meetingId: `m-${last}`, branchId: 'b-1', group: null, calledBy: 'p-1', code: '1234', codeWanted: false }
  const told = { place: '村部', topic: '', calledAt: startsAt, invited: null, closed: null, cancelReason: null }
  return { ...id, ...told, kinds, startsAt, endsAt: startsAt, closesAt: startsAt, state: 'closed', ...more }
}

const plan = (day: string, meetings: Meeting[], shape = VILLAGE, lessonsPerYear = 4) =>
  dutiesOf({ day, shape, meetings, lessonsPerYear })
const names = (duties: readonly Duty[]) => duties.map(({ kind, group }) => `${kind}${group ?? ''}`)
const ahead = (day: string, meetings: Meeting[], shape = VILLAGE, lessonsPerYear = 4) =>
  names(stillAhead(plan(day, meetings, shape, lessonsPerYear), day))

describe('the plan of a branch', () => {
  it('has every kind once, each group its own meeting', () => {
    expect(names(plan('2026-11-24', []))).toEqual([
      '党员大会',
      '支委会',
      '党小组会一组',
      '党小组会二组',
      '主题党日',
      '党课',
      '组织生活会',
      '民主评议',
    ])
  })

  it('asks a branch under seven full members for no committee meeting, one without groups for no group meeting', () => {
    expect(names(plan('2026-11-24', [], SMALL))).toEqual(['党员大会', '主题党日', '党课', '组织生活会', '民主评议'])
    expect(names(plan('2026-11-24', [], { fullMembers: 7, groups: [] }))).toContain('支委会')
    expect(names(plan('2026-11-24', [], { fullMembers: 6, groups: [] }))).not.toContain('支委会')
  })

  it('counts each kind of one meeting', () => {
    const both = meeting('2026-11-05', ['党员大会', '党课'])
    const duties = plan('2026-11-24', [both])
    for (const kind of ['党员大会', '党课']) {
      expect(duties.find(duty => duty.kind === kind)?.held).toEqual([both.meetingId])
    }
    expect(ahead('2026-11-24', [both])).not.toContain('党员大会')
  })

  it('counts closed meetings of the period alone, by Beijing days', () => {
    expect(ahead('2026-11-24', [meeting('2026-10-31', ['主题党日'])])).toContain('主题党日')
    expect(ahead('2026-11-24', [meeting('2026-11-01', ['主题党日'])])).not.toContain('主题党日')
    expect(ahead('2026-11-24', [meeting('2026-09-30', ['党员大会'])])).toContain('党员大会')
    expect(ahead('2026-12-31', [meeting('2026-10-01', ['党员大会'])])).not.toContain('党员大会')
    expect(ahead('2027-01-04', [meeting('2026-12-31', ['党员大会'])])).toContain('党员大会')
    const late = meeting('2026-11-30', ['主题党日'], { startsAt: '2026-11-30T16:30:00.000Z' })
    expect(ahead('2026-11-30', [late])).toContain('主题党日')
    expect(ahead('2026-12-01', [late])).not.toContain('主题党日')
  })

  it('counts neither what was cancelled nor what is only called, and knows the latter', () => {
    const cancelled = meeting('2026-11-05', ['主题党日'], { state: 'cancelled' })
    const called = meeting('2026-11-28', ['主题党日'], { state: 'open' })
    const [duty] = stillAhead(plan('2026-11-24', [cancelled, called]), '2026-11-24').filter(
      ({ kind }) => kind === '主题党日',
    )
    expect(duty?.called.map(({ meetingId }) => meetingId)).toEqual([called.meetingId])
  })

  it('counts a group’s meeting for that group', () => {
    const first = meeting('2026-11-05', ['党小组会'], { group: '一组' })
    const groups = ahead('2026-11-24', [first]).filter(name => name.startsWith('党小组会'))
    expect(groups).toEqual(['党小组会二组'])
  })

  it('shares out what is due in a year over its quarters', () => {
    const yearly = (day: string, meetings: Meeting[], lessons = 4) =>
      ahead(day, meetings, SMALL, lessons).filter(name => ['党课', '组织生活会', '民主评议'].includes(name))
    expect(yearly('2026-01-05', [])).toEqual(['党课'])
    expect(yearly('2026-01-05', [], 0)).toEqual([])
    expect(yearly('2026-05-05', [], 1)).toEqual([])
    const one = meeting('2026-02-05', ['党课'])
    expect(yearly('2026-03-05', [one])).toEqual([])
    expect(yearly('2026-04-01', [one])).toEqual(['党课'])
    expect(yearly('2026-10-08', [one], 1)).toEqual(['组织生活会', '民主评议'])
  })

  it('takes the rule that was in force on the day', () => {
    const old: PlanRule = {
      kind: '党员大会',
      period: 'quarter',
      count: 1,
      for: 'every',
      law: '旧',
      article: '第一条',
      says: '',
      effectiveFrom: '2018-10-28',
    }
    const rules = [old, { ...old, period: 'month' as const, law: '新', effectiveFrom: '2027-01-01' }]
    const facts = { shape: SMALL, meetings: [], lessonsPerYear: 4, rules }
    expect(dutiesOf({ ...facts, day: '2018-10-27' })).toEqual([])
    expect(dutiesOf({ ...facts, day: '2026-12-31' }).map(duty => duty.rule.law)).toEqual(['旧'])
    expect(dutiesOf({ ...facts, day: '2027-01-01' }).map(duty => duty.rule.law)).toEqual(['新'])
  })
})

describe('the shape of a branch', () => {
  const person = (id: string, more: Partial<Person>, branchId = 'b-1', group: string | null = null): Person => ({
    ...blankPerson(id),
    memberships: [{ branchId, group, posts: [], standingLeave: null }],
    ...more,
  })

  it('counts full members whose own branch it is, and groups that have members', () => {
    const elsewhere = { branchId: 'b-2', group: null, posts: [], standingLeave: null }
    const here = { branchId: 'b-1', group: '三组', posts: [], standingLeave: null }
    const shape = shapeOf('b-1', [
      person('p-1', {}, 'b-1', '二组'),
      person('p-2', {}, 'b-1', '一组'),
      person('p-3', { identity: 'probationary' }, 'b-1', '一组'),
      person('p-4', { identity: 'activist' }, 'b-1', '四组'),
      person('p-5', { status: 'transferred' }, 'b-1', '五组'),
      person('p-6', { memberships: [elsewhere, here] }),
    ])
    expect(shape.fullMembers).toBe(2)
    expect(shape.groups).toEqual(['二组', '一组'])
  })
})
