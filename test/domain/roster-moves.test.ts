import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { handoversFor, leftEmpty, withoutPosts, withPosts } from '../../src/domain/posts.ts'
import { blankPerson } from '../../src/domain/roster.ts'
import { asBefore, comeBack, leave, leftOn, moveTo, probationEnds } from '../../src/domain/roster-moves.ts'
import { type Membership, type Person, POSTS, person as personSchema } from '../../src/store/collections.ts'

const membershipIn = (branchId: string): fc.Arbitrary<Membership> =>
  fc.record({
    branchId: fc.constant(branchId),
    group: fc.constantFrom(null, '一组', '二组'),
    posts: fc.uniqueArray(fc.constantFrom(...POSTS), { maxLength: 3 }),
    standingLeave: fc.constantFrom(null, { reason: '外出', by: 'p-1', at: '2026-11-01T00:00:00.000Z' }),
  })

const anybody: fc.Arbitrary<Person> = fc
  .record({
    own: membershipIn('b-1'),
    other: fc.option(membershipIn('b-2'), { nil: undefined }),
    excludedFromQuorum: fc.constantFrom(false, true, '2025-03-05'),
    relationFrom: fc.option(fc.constant('2025-04'), { nil: undefined }),
  })
  .map(({ own, other, excludedFromQuorum, relationFrom }) => ({
    ...blankPerson('p-9'),
    userId: 'lisi',
    memberships: other ? [own, other] : [own],
    excludedFromQuorum,
    ...(relationFrom && { relationFrom }),
  }))

const LEAVING = { day: '2026-11-20', to: '石桥村党支部', at: '2026-11-24T02:00:00.000Z' }
const today = (at: string) => at.slice(0, 10)

describe('leaving and moving', () => {
  it('taken back is as if it had not happened, whichever way he went', () => {
    fc.assert(
      fc.property(anybody, fc.constantFrom(null, 'b-2', 'b-3'), (person, branchId) => {
        const gone = branchId === null ? leave(person, LEAVING) : moveTo(person, branchId, LEAVING)
        const last = leftOn(gone, today, '2026-11-24')
        expect(last && asBefore(gone, last)).toEqual(person)
        expect(leftOn(gone, today, '2026-11-25')).toBeUndefined()
        expect(personSchema.parse(gone)).toEqual(gone)
      }),
    )
  })

  it('never leaves him in two branches for one, nor the old one among them', () => {
    fc.assert(
      fc.property(anybody, fc.array(fc.constantFrom('b-1', 'b-2', 'b-3'), { maxLength: 5 }), (person, way) => {
        let now = person
        for (const to of way) {
          const from = now.memberships[0]?.branchId
          if (to === from) continue
          now = moveTo(now, to, LEAVING)
          const places = now.memberships.map(({ branchId }) => branchId)
          expect(places[0]).toBe(to)
          expect(new Set(places).size).toBe(places.length)
          expect(places).not.toContain(from)
        }
      }),
    )
  })

  it('out of the township ends posts and long leave; back he owes from that month, and nothing where he left in it', () => {
    const person = {
      ...blankPerson('p-1'),
      memberships: [{ branchId: 'b-1', group: '一组', posts: [], standingLeave: null }],
    }
    const gone = leave(person, LEAVING)
    expect(gone.memberships).toEqual(person.memberships)
    expect(comeBack(gone, '2027-02')).toMatchObject({ status: 'active', relationFrom: '2027-02' })
    expect(comeBack(gone, '2026-11')).not.toHaveProperty('relationFrom')
  })

  it.each([
    ['2025-12-26', '2026-12-26'],
    ['2024-02-29', '2025-02-28'],
    ['2023-02-28', '2024-02-28'],
  ])('the probation of %s is over on %s', (joined, ends) => expect(probationEnds(joined)).toBe(ends))
})

describe('posts', () => {
  const branch: fc.Arbitrary<Person[]> = fc
    .array(membershipIn('b-1'), { minLength: 2, maxLength: 6 })
    .map(some => some.map((own, at) => ({ ...blankPerson(`p-${at}`), memberships: [own] })))

  it('handed over have one holder, a leader one for a group, and nobody loses another', () => {
    fc.assert(
      fc.property(branch, fc.uniqueArray(fc.constantFrom(...POSTS), { maxLength: 4 }), (people, posts) => {
        const [first, ...others] = people
        const own = first?.memberships[0]
        if (!first || !own) return
        const handovers = handoversFor(first.personId, { ...own, posts }, people)
        const after = [
          withPosts(first, 'b-1', posts),
          ...others.map(person => {
            const given = handovers.find(each => each.person.personId === person.personId)?.posts ?? []
            return withoutPosts(person, 'b-1', given)
          }),
        ]
        for (const post of posts) {
          const holders = after.filter(({ memberships: [there] }) => {
            const leadsHere = post !== 'leader' || there?.group === own.group
            return there?.posts.includes(post) && leadsHere
          })
          if (post !== 'deputy' && post !== 'firstSecretary') expect(holders.map(h => h.personId)).toEqual(['p-0'])
        }
        others.forEach((person, at) => {
          const lost = person.memberships[0]?.posts.filter(post => !after[at + 1]?.memberships[0]?.posts.includes(post))
          expect(posts).toEqual(expect.arrayContaining(lost ?? []))
        })
      }),
    )
  })

  it('without one in a branch that is not his own he does not belong there', () => {
    const there = (branchId: string, posts: Membership['posts']) => ({
      branchId,
      group: null,
      posts,
      standingLeave: null,
    })
    const person = {
      ...blankPerson('p-1'),
      memberships: [there('b-1', ['secretary']), there('b-2', ['firstSecretary'])],
    }
    expect(withPosts(person, 'b-2', []).memberships).toEqual([there('b-1', ['secretary'])])
    expect(withPosts(person, 'b-1', []).memberships).toEqual([there('b-1', []), there('b-2', ['firstSecretary'])])
    expect(leftEmpty('b-1', ['secretary', 'deputy'], [person], 'p-9')).toEqual(['deputy'])
  })
})
