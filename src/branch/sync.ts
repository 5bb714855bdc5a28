import { z } from 'zod'
import type { Directory, SeenDirectory } from '../bot/message.ts'
import { type NewIdentity, type NewPerson, newPerson, planSync, type SyncPlan } from '../domain/roster-sync.ts'
import { UserError } from '../errors.ts'
import { type Branch, branches, type Person, people } from '../store/collections.ts'
import type { ReadTx, Tx } from '../store/records.ts'
import { addBranch, keepGroupsInStep } from './registering.ts'

/** The roster beside WeCom's directory: what is planned, what is said of it, and what is carried out. */

/** What WeCom shows, read outside an update. Throws UserError where that is nobody: then nothing may be concluded of anybody. */
export async function lookAround(
  directory: Directory,
  read: <T>(run: (tx: ReadTx) => Promise<T>) => Promise<T>,
): Promise<SeenDirectory> {
  const linked = await read(async tx => new Set((await tx.all(people)).map(({ userId }) => userId)))
  const seen = await directory.look(userId => linked.has(userId))
  if (seen.accounts.length > 0) return seen
  throw new UserError(`企业微信没有给出一个账号，名册没有动。${seen.unseen.join('；') || '请看应用的可见范围'}。`)
}

export async function planFor(tx: ReadTx, seen: SeenDirectory): Promise<SyncPlan> {
  return planSync(seen, { people: await tx.all(people), branches: await tx.all(branches) })
}

const newcomer = z.object({ userId: z.string(), name: z.string(), branch: z.string() })
export const newcomers = z.array(newcomer)

/** Who of these may still be put on the roster: somebody may have been, meanwhile. */
export async function stillNew(tx: ReadTx, some: readonly NewPerson[]): Promise<NewPerson[]> {
  const accounts = some.map(({ userId, name, branch }) => ({ userId, name, departments: [branch] }))
  return (await planFor(tx, { accounts, departments: [], unseen: [] })).add
}

/** Puts them on the roster of their branches; a branch that there is not yet is made. */
export async function register(
  tx: Tx,
  some: readonly NewPerson[],
  { identity: said, by }: { identity: NewIdentity; by: string },
): Promise<void> {
  const touched = new Set<string>()
  for (const one of some) {
    const branchId = (await tx.getBy(branches, 'name', one.branch))?.branchId ?? (await addBranch(tx, one.branch, by))
    const of = { personId: await tx.nextId('p'), branchId, identity: said }
    const person = await tx.insert(people, newPerson(one, of))
    const { personId, name, identity, memberships } = person
    const after = { name, identity, memberships, userId: 'linked' }
    await tx.audit({ by, branchId, what: 'add-person', about: personId, after, why: '企业微信同步' })
    touched.add(branchId)
  }
  await keepGroupsInStep(tx, touched, by)
}

/** So many names people still read; the command line shows all. */
export const IN_CHAT = 20
export const IN_FULL = Number.POSITIVE_INFINITY

/** Branch by branch, in the order in which they come. */
export function addLines({ newBranches }: SyncPlan, add: readonly NewPerson[], most: number): string[] {
  if (add.length === 0) return []
  const groups = new Map<string, string[]>()
  for (const { branch, name } of add) groups.set(branch, [...(groups.get(branch) ?? []), name])
  const made = newBranches.filter(name => groups.has(name))
  return [
    ...(made.length > 0 ? [`新建支部：${made.join('、')}`] : []),
    ...[...groups].map(([branch, names]) => `${branch} ${names.length} 人：${some(names, most)}`),
    '他们是什么身份，企业微信里没有：一样的请选，不一样的请用名册表导入。职务和党小组也用名册表补。',
  ]
}

/** What people have to see to: nothing of it is changed. */
export function remarkLines(plan: SyncPlan, branchNames: ReadonlyMap<string, string>, most: number): string[] {
  const { left, missing, unseen, likeBranches } = plan
  const reasons = new Map<string, string[]>()
  for (const { userId, name, why } of left) {
    reasons.set(why, [...(reasons.get(why) ?? []), name === null ? userId : `${name}（${userId}）`])
  }
  const unsure = unseen.length > 0 ? '，也可能只是看不到' : ''
  const inBranch = ({ name, memberships }: Person) =>
    `${name}（${branchNames.get(memberships[0]?.branchId ?? '') ?? ''}）`
  return [
    ...unseen,
    ...[...reasons].map(([why, names]) => `没有登记 ${names.length} 个账号，${why}：${some(names, most)}`),
    ...(likeBranches.length > 0 ? [`像支部的部门，名册里没有（没有建）：${some(likeBranches, most)}`] : []),
    ...(missing.length > 0
      ? [`名册上有、企业微信里没看到 ${missing.length} 人（没有动${unsure}）：${some(missing.map(inBranch), most)}`]
      : []),
  ]
}

function some(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join('、')
  return names.length > most ? `${shown} 等` : shown
}

export const namesOf = (all: readonly Branch[]): ReadonlyMap<string, string> =>
  new Map(all.map(({ branchId, name }) => [branchId, name]))
