import type { SeenAccount, SeenDirectory } from '../bot/message.ts'
import { UserError } from '../errors.ts'
import type { Branch, Person } from '../store/collections.ts'
import { blankPerson, canBeTold, isActive, ownBranchId } from './roster.ts'
import { nameKey, readName } from './roster-cells.ts'
import { isGone } from './roster-match.ts'

/**
 * WeCom's directory beside the roster. Only who is named, and stands in the department of one branch, can be put on the roster;
 * everybody else is listed for people to decide. Nobody is ever taken off it, and nothing of who is on it changes.
 */
export interface SyncPlan {
  add: NewPerson[]
  /** Branches that there are as departments alone, of those in `add`. */
  newBranches: string[]
  /** Departments that are called like a branch, are none on the roster, and have nobody in `add`. */
  likeBranches: string[]
  left: LeftAlone[]
  /** On the roster, with a phone, and not in what the app sees: personIds. */
  missing: Person[]
  /** What WeCom did not show: then `missing` may be there all the same. */
  unseen: readonly string[]
}

export interface NewPerson {
  userId: string
  name: string
  branch: string
}

export interface LeftAlone {
  userId: string
  name: string | null
  why: string
}

interface Known {
  people: readonly Person[]
  branches: readonly Branch[]
}

/** '水泉村党支部', '镇机关党总支': a department that is called so is a branch. */
const LOOKS_LIKE_BRANCH = /(?:党支部|党总支|联合支部)$/u
const SUFFIX = /(?:联合)?(?:党支部|党总支|支部|总支)$/u
const stemOf = (name: string): string => nameKey(name).replace(SUFFIX, '')

export function planSync({ accounts, departments, unseen }: SeenDirectory, known: Known): SyncPlan {
  const linked = new Set(known.people.flatMap(({ userId }) => userId ?? []))
  const there = new Set(accounts.map(({ userId }) => userId))
  const plan: SyncPlan = { add: [], newBranches: [], likeBranches: [], left: [], missing: [], unseen }
  const branchOf = naming(known.branches)
  const place = placing(known, branchOf)
  for (const account of accounts) {
    if (linked.has(account.userId)) continue
    const placed = place(account)
    if ('why' in placed) plan.left.push({ userId: account.userId, name: account.name, why: placed.why })
    else plan.add.push(placed)
  }
  separateTwins(plan)
  const names = new Set(known.branches.map(({ name }) => name))
  plan.newBranches = [...new Set(plan.add.map(({ branch }) => branch))].filter(name => !names.has(name))
  const like = new Set(departments.flatMap(department => branchOf(department) ?? []))
  plan.likeBranches = [...like].filter(name => !names.has(name) && !plan.newBranches.includes(name))
  plan.missing = known.people.filter(
    person => isActive(person) && canBeTold(person) && !there.has(person.userId) && ownBranchId(person) !== undefined,
  )
  return plan
}

type BranchOf = (department: string) => string | undefined

/**
 * Which branch a department is: one of the roster by its name, 水泉村支部 for 水泉村党支部 too; or one that is called a party branch. The
 * department 水泉村 is the village, with people who are in no branch.
 */
function naming(branches: readonly Branch[]): BranchOf {
  const byName = new Map(branches.map(({ name }) => [nameKey(name), name]))
  const byStem = new Map(branches.map(({ name }) => [stemOf(name), name]))
  return department =>
    byName.get(nameKey(department)) ??
    (SUFFIX.test(department.trim()) ? byStem.get(stemOf(department)) : undefined) ??
    (LOOKS_LIKE_BRANCH.test(department.trim()) ? department.trim() : undefined)
}

function placing({ people }: Known, branchOf: BranchOf): (account: SeenAccount) => NewPerson | { why: string } {
  const named = new Map<string, Person[]>()
  for (const person of people) {
    const key = nameKey(person.name)
    named.set(key, [...(named.get(key) ?? []), person])
  }
  return ({ userId, name: written, departments }) => {
    const read = written === null ? null : readName(written, '')
    if (!read || !('value' in read)) return { why: '看不到姓名' }
    const name = read.value
    const found = new Set(departments.flatMap(department => branchOf(department) ?? []))
    const [branch, another] = found
    if (branch === undefined) return { why: '不在哪个支部的部门里' }
    if (another !== undefined) return { why: `在${[...found].join('、')}，不知道哪个是本支部` }
    const sameName = named.get(nameKey(name)) ?? []
    if (sameName.some(({ status }) => isGone(status))) return { why: '名册上有同名的人已转出或去世' }
    // Anywhere in the township: he may have changed his account and his branch.
    if (sameName.length > 0) return { why: '名册上有同名的人，可能是换了账号' }
    return { userId, name, branch }
  }
}

/** Two new accounts of one name in one branch may be one person with two accounts. */
function separateTwins(plan: SyncPlan): void {
  const keyOf = ({ name, branch }: NewPerson) => `${nameKey(branch)}:${nameKey(name)}`
  const counts = new Map<string, number>()
  for (const one of plan.add) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1)
  const isTwin = (one: NewPerson) => (counts.get(keyOf(one)) ?? 0) > 1
  for (const { userId, name } of plan.add.filter(isTwin)) {
    plan.left.push({ userId, name, why: '本支部有两个同名的新账号' })
  }
  plan.add = plan.add.filter(one => !isTwin(one))
}

/** What they are is said by people: WeCom knows accounts, and a vote or dues must not come of one. */
export const NEW_IDENTITIES = ['正式党员', '预备党员', '积极分子'] as const
export type NewIdentity = (typeof NEW_IDENTITIES)[number]

const IDENTITY_OF = {
  正式党员: 'full',
  预备党员: 'probationary',
  积极分子: 'activist',
} as const satisfies Record<NewIdentity, Person['identity']>

/** Throws UserError for anything else: nobody is put on the roster without it. */
export function readNewIdentity(said: string | undefined): NewIdentity {
  const identity = NEW_IDENTITIES.find(each => each === said)
  if (identity) return identity
  throw new UserError(`还没有登记：要写明他们是什么身份，${NEW_IDENTITIES.join('、')}之一。不一样的请用名册表导入。`)
}

/** In no group, without a post. */
export const newPerson = (
  { userId, name }: NewPerson,
  { personId, branchId, identity }: { personId: string; branchId: string; identity: NewIdentity },
): Person => ({
  ...blankPerson(personId),
  identity: IDENTITY_OF[identity],
  userId,
  name,
  memberships: [{ branchId, group: null, posts: [], standingLeave: null }],
})
