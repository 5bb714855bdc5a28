import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Allow,
  clientOf,
  leaveDeciders,
  OFFICERS,
  postsIn,
  ROLES,
  reaches,
  reachOf,
} from '../../src/domain/roster.ts'
import { type Person, POSTS, type Post } from '../../src/store/collections.ts'
import { person } from './people-at-meetings.ts'

const holding = (personId: string, posts: Post[], more: Partial<Person> = {}): Person =>
  person(1, { personId, memberships: [{ branchId: 'b-1', group: '一组', posts, standingLeave: null }], ...more })
const nobodyElse = () => new Set<Post>()

describe('where a line may act', () => {
  it('a post reaches its whole branch, a leader his group, nobody another branch', () => {
    const officer = reachOf(holding('p-1', ['publicity']), OFFICERS, nobodyElse)
    expect(reaches(officer, [{ branchId: 'b-1', group: '二组' }])).toBe(true)
    expect(reaches(officer, [{ branchId: 'b-2' }])).toBe(false)
    const leader = reachOf(holding('p-2', ['leader']), ['secretary', 'leader'], nobodyElse)
    expect(reaches(leader, [{ branchId: 'b-1', group: '一组' }])).toBe(true)
    expect(reaches(leader, [{ branchId: 'b-1', group: '二组' }])).toBe(false)
    expect(reaches(leader, [{ branchId: 'b-1', group: null }])).toBe(false)
  })

  it('an empty post’s lines fall to the deputy, then to the secretary, and to nobody where it is held', () => {
    const deputy = holding('p-1', ['deputy'])
    const secretary = holding('p-2', ['secretary'])
    const held =
      (...people: Person[]) =>
      () =>
        postsIn('b-1', people)
    const dues: Allow = ['organizer']
    expect(reachOf(deputy, dues, held(deputy, secretary)).places).toHaveLength(1)
    expect(reachOf(secretary, dues, held(deputy, secretary)).places).toHaveLength(0)
    expect(reachOf(secretary, dues, held(secretary)).places).toHaveLength(1)
    const organizer = holding('p-3', ['organizer'])
    expect(reachOf(deputy, dues, held(deputy, secretary, organizer)).places).toHaveLength(0)
    expect(reachOf(deputy, ['secretary'], held(deputy)).places).toHaveLength(1)
  })

  it('the first secretary has the secretary’s lines where he is sent', () => {
    const sent = holding('p-1', ['firstSecretary'])
    expect(reachOf(sent, ['secretary'], nobodyElse).places).toEqual([{ branchId: 'b-1' }])
  })

  it('the township reaches everything it is named for, and who is not active nothing at all', () => {
    const admin = holding('p-1', [], { admin: true })
    expect(reachOf(admin, ['secretary', 'admin'], nobodyElse).township).toBe(true)
    expect(reachOf(admin, ['secretary'], nobodyElse).township).toBe(false)
    for (const status of ['transferred', 'suspended', 'deceased'] as const) {
      const gone = holding('p-1', ['secretary'], { admin: true, status })
      expect(reachOf(gone, 'everyone', nobodyElse)).toEqual({ township: false, places: [] })
    }
  })

  it('whatever the roster holds, no reach goes beyond the person’s own branches', () => {
    const anyPosts = fc.subarray([...POSTS])
    const anyAllow = fc.subarray([...ROLES], { minLength: 1 })
    fc.assert(
      fc.property(anyPosts, anyAllow, anyPosts, (posts, allow, held) => {
        const [first, ...rest] = allow
        if (!first) return
        const reach = reachOf(holding('p-1', posts), [first, ...rest], () => new Set(held))
        expect(reach.township).toBe(false)
        expect(reach.places.every(place => place.branchId === 'b-1')).toBe(true)
      }),
    )
  })
})

describe('who decides a leave', () => {
  const secretary = holding('p-1', ['secretary'])
  const deputy = holding('p-2', ['deputy'])
  const publicity = holding('p-3', ['publicity'])
  const member = holding('p-4', [])
  const admin = person(9, { personId: 'p-9', admin: true, memberships: [] })
  const ids = (people: readonly Person[]) => people.map(found => found.personId)

  it('the secretary; his own the deputy, then a committee member, then the township', () => {
    expect(ids(leaveDeciders(member, 'b-1', [secretary, deputy, publicity, member], [admin]))).toEqual(['p-1'])
    expect(ids(leaveDeciders(secretary, 'b-1', [secretary, deputy, publicity], [admin]))).toEqual(['p-2'])
    expect(ids(leaveDeciders(secretary, 'b-1', [secretary, publicity], [admin]))).toEqual(['p-3'])
    expect(ids(leaveDeciders(secretary, 'b-1', [secretary, member], [admin]))).toEqual(['p-9'])
    expect(ids(leaveDeciders(admin, 'b-1', [], [admin]))).toEqual([])
  })
})

it('how choices look: what he said or showed, then the roster, then his post, then the setting', () => {
  expect(clientOf(holding('p-1', ['secretary'], { client: 'text' }), 'cards')).toBe('text')
  expect(clientOf(holding('p-1', [], { client: 'cards', wechatOnly: true }), 'text')).toBe('cards')
  expect(clientOf(holding('p-1', ['secretary'], { wechatOnly: true }), 'cards')).toBe('text')
  expect(clientOf(holding('p-1', ['publicity']), 'text')).toBe('cards')
  expect(clientOf(holding('p-1', ['leader']), 'text')).toBe('text')
  expect(clientOf(holding('p-1', []), 'cards')).toBe('cards')
})
