import { describe, expect, it } from 'vitest'
import { collectorsOf } from '../../src/domain/dues-collectors.ts'
import type { Person, Post } from '../../src/store/collections.ts'
import { BRANCH, person } from './people-at-meetings.ts'

const MEMBER = person(1)
const holder = (number: number, ...posts: Post[]): Person => person(number, {}, { posts })
const ORGANIZER = holder(2, 'organizer')
const DEPUTY = holder(3, 'deputy')
const SECRETARY = holder(4, 'secretary')
const OTHERS = [holder(5, 'publicity'), holder(6, 'discipline'), holder(7, 'leader')]
const ADMIN = person(8, { admin: true, memberships: [] })

const collectors = (payer: Person, branchPeople: readonly Person[], admins: readonly Person[] = [ADMIN]) =>
  collectorsOf(payer, BRANCH, { branchPeople: [payer, ...OTHERS, ...branchPeople], admins }).map(
    ({ personId }) => personId,
  )

describe('a member’s dues are taken by', () => {
  it.each([
    ['the organizer', [SECRETARY, DEPUTY, ORGANIZER], ['p-2']],
    ['the deputy, where that post is empty', [SECRETARY, DEPUTY], ['p-3']],
    ['the secretary, where both are', [SECRETARY], ['p-4']],
    ['the township, where nobody is', [], ['p-8']],
    ['either of two organizers', [ORGANIZER, holder(9, 'organizer')], ['p-2', 'p-9']],
    [
      'the secretary, where the organizer has no phone',
      [person(2, { noPhone: true }, { posts: ['organizer'] }), SECRETARY],
      ['p-4'],
    ],
    [
      'the secretary, where the organizer has no phone: the deputy has no line for it',
      [person(2, { noPhone: true }, { posts: ['organizer'] }), DEPUTY, SECRETARY],
      ['p-4'],
    ],
    [
      'the deputy, where the organizer has no phone and there is no secretary',
      [person(2, { noPhone: true }, { posts: ['organizer'] }), DEPUTY],
      ['p-3'],
    ],
    [
      'the secretary, where the organizer left',
      [person(2, { status: 'transferred' }, { posts: ['organizer'] }), SECRETARY],
      ['p-4'],
    ],
  ] as const)('%s', (_, people, wanted) => expect(collectors(MEMBER, people)).toEqual(wanted))
})

describe('the dues of who collects are taken by', () => {
  it('the secretary, where he is the organizer', () => {
    expect(collectors(ORGANIZER, [DEPUTY, SECRETARY])).toEqual(['p-4'])
  })

  it('the other organizer, where there are two', () => {
    expect(collectors(ORGANIZER, [holder(9, 'organizer'), SECRETARY])).toEqual(['p-9'])
  })

  it('the township, where the organizer is the secretary too', () => {
    expect(collectors(holder(2, 'organizer', 'secretary'), [DEPUTY])).toEqual(['p-8'])
  })

  it('the deputy, where there is an organizer and no secretary', () => {
    expect(collectors(ORGANIZER, [DEPUTY])).toEqual(['p-3'])
  })

  it('the secretary, where he is the deputy', () => {
    expect(collectors(DEPUTY, [SECRETARY])).toEqual(['p-4'])
  })

  it('the township, where he is the secretary and alone', () => {
    expect(collectors(SECRETARY, [])).toEqual(['p-8'])
  })

  it('the organizer, where the secretary does not collect', () => {
    expect(collectors(SECRETARY, [ORGANIZER, DEPUTY])).toEqual(['p-2'])
  })

  it('another administrator, where he is one', () => {
    const office = person(10, { admin: true }, { posts: ['secretary'] })
    expect(collectors(office, [], [office, ADMIN])).toEqual(['p-8'])
    expect(collectors(office, [], [office])).toEqual([])
  })
})

it('nobody ever takes his own dues', () => {
  for (const payer of [MEMBER, ORGANIZER, DEPUTY, SECRETARY, ADMIN])
    expect(collectors(payer, [ORGANIZER, DEPUTY, SECRETARY], [ADMIN])).not.toContain(payer.personId)
})
