import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { describe } from '../domain/people.ts'
import { isActive, membershipIn, namePosts, ownBranchId, reaches } from '../domain/roster.ts'
import { UnknownIdError, UserError } from '../errors.ts'
import { nameIdentity } from '../meeting/persons.ts'
import { type Branch, branches, type Person, people } from '../store/collections.ts'

/** Somebody on the roster, and the branch of his own relation. */
export interface Member {
  person: Person
  branch: Branch
}

/** As the roster stands now. Throws UserError for who has left, or belongs elsewhere: his own branch answers for him. */
export async function memberNow(ctx: CommandContext, tx: CommandReadTx, personId: string): Promise<Member> {
  const person = await tx.get(people, personId)
  if (!person) throw new UnknownIdError(personId)
  const { name } = person
  if (!isActive(person)) throw new UserError(`${name}已经不在册，不用再办。回来了请发：党员 返回 ${name}`)
  const ownId = ownBranchId(person)
  const branch = ownId === undefined ? undefined : await tx.township.get(branches, ownId)
  if (!branch) throw new UserError(`${name}不在任何支部。请先在名册里登记。`)
  if (!reaches(ctx.reach, [{ branchId: branch.branchId }])) {
    const isHere = person.memberships.some(each => reaches(ctx.reach, [each]))
    const next = isHere ? `免去这里的职务请发：党员 职务 ${name} 无` : '请找那里的书记。'
    throw new UserError(`${name}的组织关系在${branch.name}，要在那里办。${next}`)
  }
  return { person, branch }
}

/** '张三（一组，2010年入党，正式党员，组织委员）' */
export function described(person: Person, { branchId }: Pick<Branch, 'branchId'>): string {
  const told = describe(person, branchId)
  const posts = namePosts(membershipIn(person, branchId)?.posts ?? [])
  const more = [nameIdentity(person.identity), posts].filter(Boolean).join('，')
  return told.endsWith('）') ? `${told.slice(0, -1)}，${more}）` : `${told}（${more}）`
}
