import { describe, expect, it } from 'vitest'
import { instantAt } from '../../src/clock.ts'
import {
  checkInWindow,
  closesItselfAt,
  expectedRoll,
  forecast,
  isVoting,
  meetingTitle,
  overlaps,
  readKinds,
  sharePeople,
  spanOf,
  withStandingLeaves,
} from '../../src/domain/meeting.ts'
import type { MeetingKind, Person } from '../../src/store/collections.ts'
import { came, cameThough, MEETING, membership, onLeave, person, row, STANDING_LEAVE } from './people-at-meetings.ts'

const rollOf = (kinds: MeetingKind[], people: Person[], over: { group?: string; invited?: string[] } = {}) =>
  expectedRoll({ ...MEETING, kinds, ...over }, people).map(r => `${r.personId} ${r.standing}${r.votes ? ' votes' : ''}`)

describe('the title', () => {
  it('is the kinds joined by + and the topic after a dot', () => {
    expect(meetingTitle(['党员大会', '党课'], '冬季清洁取暖')).toBe('党员大会+党课 · 冬季清洁取暖')
    expect(meetingTitle(['支委会'], ' ')).toBe('支委会')
  })
})

describe('kinds', () => {
  it.each<[string, MeetingKind[]]>([
    ['党员大会', ['党员大会']],
    ['党员大会+党课', ['党员大会', '党课']],
    ['主题党日＋党课、党员大会', ['主题党日', '党课', '党员大会']],
    ['支部党员大会', ['党员大会']],
    ['大会+党员大会', ['党员大会']],
    ['支部委员会', ['支委会']],
    ['小组会', ['党小组会']],
    ['民主评议党员', ['民主评议']],
  ])('%s', (word, kinds) => expect(readKinds(word)).toEqual(kinds))

  it.each(['', '开会', '党员大会+', '党员大会+饭局', 'constructor', '党员'])('refuses %j', word =>
    expect(readKinds(word)).toBeNull(),
  )

  it('with a quorum are the general and the committee meeting', () => {
    expect(isVoting(['党课', '党员大会'])).toBe(true)
    expect(isVoting(['支委会'])).toBe(true)
    expect(isVoting(['党小组会', '组织生活会'])).toBe(false)
  })
})

const BRANCH_PEOPLE = [
  person(10, {}, { group: '二组' }),
  person(2, { identity: 'probationary', votingRight: true }, { group: '一组' }),
  person(1, {}, { group: '一组', posts: ['secretary', 'organizer'] }),
  person(3, { identity: 'activist' }, { group: '一组' }),
  person(4, { identity: 'developmentTarget' }),
  person(5, { exempt: true }),
  person(6, { status: 'transferred' }),
  person(7, {}, { branchId: 'b-4' }),
  person(8, {}, { posts: ['leader'], group: '二组' }),
  person(9, {}, { posts: ['discipline'] }),
]

describe('who is expected', () => {
  it('at a general meeting: full and probationary members, in roster order; only full members vote', () => {
    expect(rollOf(['党员大会'], BRANCH_PEOPLE)).toEqual([
      'p-1 expected votes',
      'p-2 expected',
      'p-5 exempt votes',
      'p-8 expected votes',
      'p-9 expected votes',
      'p-10 expected votes',
    ])
  })

  it('at lessons, theme days and warning education: activists sit in', () => {
    for (const kind of ['党课', '主题党日', '警示教育'] as const) {
      const roll = rollOf([kind], BRANCH_PEOPLE)
      expect(roll).toContain('p-3 observer')
      expect(roll).toContain('p-4 observer')
      expect(roll).toHaveLength(8)
    }
    expect(rollOf(['组织生活会'], BRANCH_PEOPLE).join()).not.toContain('observer')
    expect(rollOf(['民主评议'], BRANCH_PEOPLE)).toHaveLength(6)
  })

  it('at a committee meeting: the holders of its posts, not group leaders', () => {
    expect(rollOf(['支委会'], BRANCH_PEOPLE)).toEqual(['p-1 expected votes', 'p-9 expected votes'])
  })

  it('at a group meeting: the members of the group', () => {
    expect(rollOf(['党小组会'], BRANCH_PEOPLE, { group: '一组' })).toEqual(['p-1 expected', 'p-2 expected'])
    expect(rollOf(['党小组会'], BRANCH_PEOPLE)).toEqual([])
  })

  it('at a training: those named, whoever they are, else the whole branch', () => {
    expect(rollOf(['培训'], BRANCH_PEOPLE, { invited: ['p-3', 'p-10', 'p-7', 'p-6'] })).toEqual([
      'p-3 expected',
      'p-10 expected',
    ])
    expect(rollOf(['其他'], BRANCH_PEOPLE)).toHaveLength(8)
  })

  it('at several kinds: the union, and the strongest standing wins', () => {
    expect(rollOf(['支委会', '党课'], BRANCH_PEOPLE)).toHaveLength(8)
    const roll = rollOf(['党课', '培训'], BRANCH_PEOPLE, { invited: ['p-3'] })
    expect(roll).toContain('p-3 expected')
    expect(roll).toContain('p-4 observer')
    expect(rollOf(['党员大会', '支委会'], BRANCH_PEOPLE)).toContain('p-10 expected votes')
  })

  it('leaves a floating member on standing leave away; another’s standing leave keeps him in 应到', () => {
    const people = [
      person(1, { floating: true }, { standingLeave: STANDING_LEAVE }),
      person(2, { floating: true }),
      person(3, {}, { standingLeave: STANDING_LEAVE }),
    ]
    expect(rollOf(['党员大会'], people)).toEqual(['p-1 away votes', 'p-2 expected votes', 'p-3 expected votes'])
  })

  it('the first secretary only where his own relation is', () => {
    const sent = membership({ posts: ['firstSecretary'] })
    const home = membership({ branchId: 'b-9' })
    expect(rollOf(['党员大会'], [person(1, { memberships: [home, sent] })])).toEqual([])
    expect(rollOf(['党员大会'], [person(1, { memberships: [sent, home] })])).toEqual(['p-1 expected votes'])
  })

  it('a member of two branches in both, but with a vote only in his own general meeting', () => {
    const two = person(1, { memberships: [membership({ branchId: 'b-9' }), membership({ posts: ['secretary'] })] })
    expect(rollOf(['党员大会'], [two])).toEqual(['p-1 expected'])
    expect(rollOf(['支委会'], [two])).toEqual(['p-1 expected votes'])
  })
})

describe('the vote', () => {
  it('is lost by 表决权 否 and by 不计法定人数, with its day or without', () => {
    const people = [
      person(1, { votingRight: false }),
      person(2, { excludedFromQuorum: true }),
      person(3, { excludedFromQuorum: '2026-03-01' }),
      person(4, { exempt: true, excludedFromQuorum: true }),
    ]
    expect(rollOf(['党员大会'], people)).toEqual(['p-1 expected', 'p-2 expected', 'p-3 expected', 'p-4 exempt'])
  })
})

describe('the forecast', () => {
  it('says what can still be reached, without those on granted leave or away', () => {
    const roll = [row(1), row(2), row(3), row(4, 'away'), row(5, 'exempt'), row(6, 'expected', false)]
    const reached = { entitled: 5, reachable: 4, needed: 3, yesNeeded: 3, reachesQuorum: true }
    expect(forecast(roll, [])).toEqual(reached)
    expect(forecast(roll, [onLeave(1, 'asked'), onLeave(2, 'refused'), onLeave(6), cameThough(3, 'granted')])).toEqual(
      reached,
    )
    expect(forecast(roll, [onLeave(1), onLeave(2)])).toMatchObject({ reachable: 2, reachesQuorum: false })
    expect(forecast([], [])).toMatchObject({ entitled: 0, reachesQuorum: false })
  })

  it('knows standing leaves once they are added, and keeps what was decided for this meeting', () => {
    const people = [1, 2, 3].map(n => person(n, {}, { standingLeave: STANDING_LEAVE, group: '一组' }))
    const records = withStandingLeaves(MEETING, [...people, person(4)], [onLeave(2, 'refused'), came(3)])
    const found = (n: number) => records.find(r => r.personId === `p-${n}`)
    expect(records).toHaveLength(3)
    expect(found(1)).toMatchObject({ year: '2026', group: '一组', leave: { state: 'granted', reason: '外出务工' } })
    expect(found(2)?.leave?.state).toBe('refused')
    expect(found(3)).toMatchObject({ presence: { method: 'self' }, leave: { state: 'granted' } })
  })
})

describe('times', () => {
  const span = (day: string, from: string, to: string) => ({
    startsAt: instantAt(day, from).toISOString(),
    endsAt: instantAt(day, to).toISOString(),
  })

  it('last two hours unless an end was said', () => {
    const said = { day: '2026-11-26', start: '19:00', end: null }
    expect(spanOf(said)).toEqual(span('2026-11-26', '19:00', '21:00'))
    expect(spanOf({ ...said, end: '20:30' })).toEqual(span('2026-11-26', '19:00', '20:30'))
    expect(spanOf({ ...said, start: '23:00' })?.endsAt).toBe(instantAt('2026-11-27', '01:00').toISOString())
    expect(spanOf({ ...said, start: null })).toBeNull()
    expect(spanOf({ ...said, day: null })).toBeNull()
  })

  it('open half an hour before, and close by themselves three hours after the planned end', () => {
    const { opens, closes } = checkInWindow(MEETING)
    expect(opens).toEqual(instantAt('2026-11-26', '18:30'))
    expect(closes).toEqual(instantAt('2026-11-26', '21:01'))
    expect(closesItselfAt(MEETING.endsAt)).toEqual(instantAt('2026-11-27', '00:00'))
  })

  it('overlap where one begins before the other ends', () => {
    const evening = span('2026-11-26', '19:00', '21:00')
    expect(overlaps(evening, span('2026-11-26', '20:59', '22:00'))).toBe(true)
    expect(overlaps(evening, span('2026-11-26', '19:30', '20:00'))).toBe(true)
    expect(overlaps(evening, span('2026-11-26', '21:00', '22:00'))).toBe(false)
    expect(overlaps(span('2026-11-26', '17:00', '19:00'), evening)).toBe(false)
  })

  it('make a conflict only for people expected at both', () => {
    expect(sharePeople([row(1), row(2)], [row(2, 'exempt')])).toBe(true)
    expect(sharePeople([row(1), row(2)], [row(3)])).toBe(false)
    expect(sharePeople([row(1, 'observer')], [row(1)])).toBe(false)
  })
})
