import { z } from 'zod'
import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import { citation } from '../domain/grounds.ts'
import { COMMITTEE_POSTS } from '../domain/meeting.ts'
import { type Handover, handoversFor, leftEmpty, withoutPosts, withPosts } from '../domain/posts.ts'
import { canBeTold, headsOf, hears, isActive, membershipIn, namePosts, ownBranchId, reaches } from '../domain/roster.ts'
import { UnknownIdError, UserError } from '../errors.ts'
import { nameIdentity } from '../meeting/persons.ts'
import { type Branch, branches, type Membership, type Person, POSTS, type Post, people } from '../store/collections.ts'
import { type Change, carryOut } from './carry.ts'
import { doneBy } from './leaving.ts'
import { described } from './member.ts'
import { emptyWords } from './posts-words.ts'

/** 职务: who holds which posts of a branch, and who gives them up for it. Both in one update: a branch has one secretary at a time. */

export const postsPlan = z.object({
  personId: z.string(),
  branchId: z.string(),
  posts: z.array(z.enum(POSTS)),
  /** What he held in the preview, and the group he would lead: a post given since shall not be taken away unseen. */
  held: z.array(z.enum(POSTS)),
  group: z.string().nullable(),
  /** Who gave up what in the preview: where that has changed, people look again. */
  handovers: z.array(z.object({ personId: z.string(), posts: z.array(z.enum(POSTS)) })),
  title: z.string(),
})
export type PostsPlan = z.infer<typeof postsPlan>
/** Without a branch: the one of his that the line reaches, his own first. */
export type Wanted = Pick<PostsPlan, 'personId' | 'posts'> & Partial<Pick<PostsPlan, 'branchId'>>

export interface Posting {
  person: Person
  branch: Branch
  membership: Membership
  posts: readonly Post[]
  handovers: readonly Handover[]
  branchPeople: readonly Person[]
}

/** No right to be elected: a warning, since an old roster may be what is wrong. */
const NOT_ELIGIBLE = citation('《中国共产党章程》', '第七条', '2022-10-22')

/** As the roster stands now. Throws UserError for what cannot be. */
export async function postingNow(
  ctx: CommandContext,
  tx: CommandReadTx,
  { personId, posts, branchId }: Wanted,
): Promise<Posting> {
  const person = await tx.get(people, personId)
  if (!person) throw new UnknownIdError(personId)
  if (!isActive(person)) throw new UserError(`${person.name}已经不在册，不能任职。`)
  const membership = person.memberships.find(
    each => reaches(ctx.reach, [each]) && (branchId === undefined || each.branchId === branchId),
  )
  const branch = membership && (await tx.township.get(branches, membership.branchId))
  if (!membership || !branch) throw new UserError(`${person.name}不在本支部，职务要由他的支部来定。`)
  refuseUnfit(person, membership, posts)
  refuseSentFromAbove(ctx, membership, posts)
  const branchPeople = await tx.township.find(people, 'branch', branch.branchId)
  const handovers = handoversFor(personId, { ...membership, posts: [...posts] }, branchPeople)
  return { person, branch, membership, posts, handovers, branchPeople }
}

function refuseUnfit({ name, identity }: Person, { group, posts: before }: Membership, posts: readonly Post[]): void {
  if (isSame(before, posts)) {
    throw new UserError(`${name}现在就是${posts.length > 0 ? namePosts(posts) : '没有职务'}，不用改。`)
  }
  if (posts.length > 0 && identity !== 'full' && identity !== 'probationary') {
    throw new UserError(`${name}是${nameIdentity(identity)}，不能担任党内职务。请核对姓名。`)
  }
  if (posts.includes('leader') && group === null) {
    throw new UserError(`${name}没有编进党小组，当不了组长。请先在名册里填党小组。`)
  }
}

/** 第一书记 is sent by the party committee above: the branch neither makes nor dismisses him. */
function refuseSentFromAbove(ctx: CommandContext, { posts: before }: Membership, posts: readonly Post[]): void {
  if (ctx.person.admin || before.includes('firstSecretary') === posts.includes('firstSecretary')) return
  throw new UserError('第一书记由上级党组织选派，支部不能定。请镇党建办来办。')
}

const isSame = (some: readonly Post[], others: readonly Post[]): boolean =>
  some.length === others.length && some.every(post => others.includes(post))

export const planOf = ({ person, branch, membership, posts, handovers }: Posting): PostsPlan => ({
  personId: person.personId,
  branchId: branch.branchId,
  posts: [...posts],
  held: [...membership.posts],
  group: membership.group,
  handovers: handovers.map(each => ({ personId: each.person.personId, posts: [...each.posts] })),
  title: `职务 ${person.name}`,
})

export function postingLines(posting: Posting): string[] {
  const { person, branch, membership, posts, handovers, branchPeople } = posting
  const lost = membership.posts.filter(post => !posts.includes(post))
  const ends = ownBranchId(person) !== branch.branchId && posts.length === 0
  const empty = leftEmpty(branch.branchId, lost, branchPeople, person.personId)
  const headChanges = [...lost, ...posts, ...handovers.flatMap(each => each.posts)].includes('secretary')
  return [
    `职务：${described(person, branch)}`,
    `${branch.name}：${named(membership.posts)} → ${named(posts)}`,
    ...handovers.map(each => `${each.person.name}免去${namePosts(each.posts)}，${restWords(each, branch)}`),
    ...emptyWords(branch.branchId, empty, branchPeople, person.personId),
    ...(ends ? ['他的组织关系不在这里，免了职务就不再算这里的人'] : []),
    ...warnings(person, posts),
    ...(headChanges && branch.chat?.kind === 'appchat' ? ['支部群的群主跟着换'] : []),
    '发布后马上生效',
  ]
}

const named = (posts: readonly Post[]): string => (posts.length > 0 ? namePosts(posts) : '无职务')

function restWords({ person, posts }: Handover, { branchId }: Branch): string {
  const rest = (membershipIn(person, branchId)?.posts ?? []).filter(post => !posts.includes(post))
  return rest.length > 0 ? `还是${namePosts(rest)}` : '没有别的职务'
}

function warnings(person: Person, posts: readonly Post[]): string[] {
  const committee = posts.some(post => COMMITTEE_POSTS.includes(post))
  const noVote = person.identity !== 'full' || person.votingRight === false
  const why = person.identity === 'full' ? '名册上他没有表决权' : `预备党员没有被选举权（${NOT_ELIGIBLE}）`
  return [
    ...(committee && noVote ? [`请核对：${why}`] : []),
    ...(posts.length > 0 && !canBeTold(person) ? ['他没有手机或账号，用不了机器人，事情要别的委员代办'] : []),
  ]
}

export async function carryPosts(ctx: CommandContext, tx: CommandTx, plan: PostsPlan): Promise<Posting> {
  const posting = await postingNow(ctx, tx, plan)
  const { person, branch, posts, handovers, membership } = posting
  if (JSON.stringify(planOf(posting)) !== JSON.stringify(plan)) {
    throw new UserError(`预览以后${branch.name}的职务有变动，没有改。请再发一次：党员 职务 ${person.name}`)
  }
  const { branchId } = branch
  const changes: Change[] = [
    { before: person, after: withPosts(person, branchId, posts), what: 'change-posts' },
    ...handovers.map(each => ({
      before: each.person,
      after: withoutPosts(each.person, branchId, each.posts),
      what: 'hand-over-posts',
    })),
  ]
  await carryOut(ctx, tx, changes)
  const lost = membership.posts.filter(post => !posts.includes(post))
  const concerned = [{ person, posts: lost }, ...handovers]
  for (const each of concerned) await tell(ctx, tx, each, posting)
  const knows = new Set([ctx.person.personId, ...concerned.map(each => each.person.personId)])
  await tellHeads(ctx, tx, posting, knows)
  return posting
}

/** The secretary hears of what the township, or another officer, has changed in his branch. */
async function tellHeads(
  ctx: CommandContext,
  tx: CommandTx,
  { person, branch, posts, handovers }: Posting,
  knows: ReadonlySet<string>,
): Promise<void> {
  const heads = headsOf(await tx.township.find(people, 'branch', branch.branchId), branch.branchId)
  const to = heads.map(({ personId }) => personId).filter(personId => !knows.has(personId))
  const handedOver = handovers.map(each => `${each.person.name}免去${namePosts(each.posts)}`)
  const words = [`${branch.name}职务有变动：${person.name}现在${named(posts)}`, ...handedOver].join('，')
  await tx.send({ text: `${words}。${doneBy(ctx)}` }, to, { about: person.personId })
}

/** Each hears of himself. */
async function tell(
  ctx: CommandContext,
  tx: CommandTx,
  lost: Handover,
  { person, branch, posts }: Posting,
): Promise<void> {
  const { personId } = lost.person
  if (personId === ctx.person.personId || !hears(lost.person)) return
  const isNew = personId === person.personId
  const rest = isNew
    ? posts
    : (membershipIn(lost.person, branch.branchId)?.posts ?? []).filter(p => !lost.posts.includes(p))
  const now = rest.length > 0 ? `您现在是${branch.name}${namePosts(rest)}` : `您在${branch.name}没有职务了`
  const text = `${now}（${doneBy(ctx)}）。能用的命令请发：帮助`
  await tx.send({ text }, [personId], { about: personId })
}
