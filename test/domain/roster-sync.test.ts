import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SeenAccount } from '../../src/bot/message.ts'
import { blankPerson } from '../../src/domain/roster.ts'
import { planSync } from '../../src/domain/roster-sync.ts'
import type { Branch, Person } from '../../src/store/collections.ts'

const branch = (number: number, name: string): Branch => ({
  ...{ branchId: `b-${number}`, number, name, kind: null, leader: null, termEndsOn: null },
})
const BRANCHES = [branch(1, '水泉村党支部'), branch(2, '石桥村党支部')]
const person = (personId: string, name: string, more: Partial<Person> = {}): Person => ({
  ...blankPerson(personId),
  userId: personId,
  name,
  memberships: [{ branchId: 'b-1', group: null, posts: [], standingLeave: null }],
  ...more,
})
const account = (userId: string, name: string | null, ...departments: string[]): SeenAccount => ({
  userId,
  name,
  departments,
})
const plan = (accounts: SeenAccount[], people: Person[] = []) =>
  planSync({ accounts, departments: [], unseen: [] }, { people, branches: BRANCHES })

it('finds the branch of a department that is called like it; the village and the youth league are none', () => {
  const of = (department: string) => plan([account('a', '甲', department)]).add[0]?.branch
  expect(of('水泉村党支部')).toBe('水泉村党支部')
  expect(of(' 水泉村 党支部')).toBe('水泉村党支部')
  expect(of('水泉村支部')).toBe('水泉村党支部')
  expect(of('沙沟村党支部')).toBe('沙沟村党支部')
  for (const other of ['水泉村', '水泉', '水泉村团支部', '水泉村委会']) expect(of(other), other).toBeUndefined()
  expect(of('民政办')).toBeUndefined()
  expect(plan([account('a', '甲', '水泉村支部', '水泉村党支部', '水泉村')]).add).toHaveLength(1)
})

it('names departments that are called like a branch and have nobody who can be added', () => {
  const departments = ['水泉村党支部', '沙沟村党支部', '北沟党支部', '民政办']
  const accounts = [account('a', '甲', '沙沟村党支部'), account('b', null, '北沟党支部')]
  const made = planSync({ accounts, departments, unseen: [] }, { people: [], branches: BRANCHES })
  expect([made.newBranches, made.likeBranches]).toEqual([['沙沟村党支部'], ['北沟党支部']])
})

it('does not miss who has no phone, no account, or has left', () => {
  const people = [
    person('p-1', '甲'),
    person('p-2', '乙', { noPhone: true }),
    person('p-3', '丙', { userId: null }),
    person('p-4', '丁', { status: 'suspended' }),
  ]
  expect(plan([account('x', null)], people).missing.map(({ name }) => name)).toEqual(['甲'])
})

it('puts each account in one place, and never adds who is linked, nameless, or has the name of somebody of that branch', () => {
  const name = fc.constantFrom('甲', '乙', '丙', '丁', '戊', null)
  const department = fc.constantFrom('水泉村党支部', '石桥村', '沙沟村党支部', '民政办')
  const anAccount = fc.record({
    userId: fc.constantFrom('p-1', 'p-2', 'p-3', 'n1', 'n2', 'n3', 'n4'),
    name,
    departments: fc.uniqueArray(department, { maxLength: 2 }),
  })
  const status = fc.constantFrom('active' as const, 'transferred' as const, 'suspended' as const)
  const somebody = fc.record({
    id: fc.constantFrom('p-1', 'p-2', 'p-3'),
    name: fc.constantFrom('甲', '乙', '丙'),
    status,
  })
  const lists = fc.tuple(
    fc.uniqueArray(anAccount, { selector: one => one.userId, maxLength: 6 }),
    fc.uniqueArray(somebody, { selector: one => one.id, maxLength: 3 }),
  )
  fc.assert(
    fc.property(lists, ([accounts, known]) => {
      const people = known.map(({ id, name, status }) =>
        person(id, name, { status, userId: status === 'transferred' ? null : id }),
      )
      const made = plan(accounts, people)
      const linked = people.flatMap(({ userId }) => userId ?? [])
      const placed = [...made.add, ...made.left].map(({ userId }) => userId)
      expect(placed.toSorted()).toEqual(
        accounts
          .map(one => one.userId)
          .filter(id => !linked.includes(id))
          .toSorted(),
      )
      for (const one of made.add) {
        expect(people.some(other => other.name === one.name && other.status === 'transferred')).toBe(false)
        expect(people.some(other => other.name === one.name) && one.branch === '水泉村党支部').toBe(false)
      }
    }),
  )
})
