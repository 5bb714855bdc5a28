import { randomBytes } from 'node:crypto'
import type { CommandContext, CommandTx } from '../bot/command.ts'
import { FEWEST_IN_GROUP, groupPeople } from '../domain/group.ts'
import { headsOf } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { groupPost } from '../meeting/group-post.ts'
import { type Branch, branches, chores, type Person, people } from '../store/collections.ts'

/** The branch's group: made by the bot, or an ordinary WeCom group into which an officer puts a robot. */

/** The branch as it stands now; the reach decided whose it may be. */
export async function branchNow(tx: CommandTx, branchId: string): Promise<Branch> {
  const branch = await tx.get(branches, branchId)
  if (!branch) throw new UserError(`“${branchId}”不归您管。请去掉 @ 再发一次。`)
  return branch
}

/** Who will be in it. */
export async function reachablePeople(tx: CommandTx, branchId: string): Promise<readonly Person[]> {
  return groupPeople(await tx.find(people, 'branch', branchId))
}

export async function refuseSecondGroup(tx: CommandTx, { branchId, chat }: Branch): Promise<void> {
  if (chat) throw new UserError('支部已经有群了，通知会在群里发一份。要换一个请先发：群 解绑')
  await refuseWhileMaking(tx, branchId)
}

/** What is being made would take the place of what is bound meanwhile. */
async function refuseWhileMaking(tx: CommandTx, branchId: string): Promise<void> {
  const waiting = await tx.find(chores, 'unfinished', 'yes')
  if (waiting.some(chore => chore.branchId === branchId && chore.what.does === 'make-chat')) {
    throw new UserError('支部群正在建，建好会告诉您。不用再发。')
  }
}

export function refuseTooFew(found: readonly Person[]): void {
  if (found.length >= FEWEST_IN_GROUP) return
  throw new UserError(`能进群的只有 ${found.length} 人，建不了群。请先在名册里补上账号。`)
}

/** A new chatId each time: one that WeCom knows already is taken for the same group (86215), a dissolved one included. */
const newChatId = ({ number }: Branch): string => `zhibu${number}x${randomBytes(8).toString('hex')}`

/** Queues its making, and a first post behind it: a group without one may stay unseen (WECOM.md 6). */
export async function makeGroup(ctx: CommandContext, tx: CommandTx, branch: Branch): Promise<readonly Person[]> {
  const { branchId, name } = branch
  const found = await reachablePeople(tx, branchId)
  await refuseSecondGroup(tx, branch)
  refuseTooFew(found)
  const by = ctx.person.personId
  const [head] = headsOf(found, branchId)
  const ownerId = (head ?? found[0])?.personId ?? by
  const lane = `chat:${branchId}`
  await tx.chore({ lane, branchId, by, what: { does: 'make-chat', chatId: newChatId(branch), name, ownerId } })
  await tx.chore({ lane, branchId, by, what: { does: 'post', text: welcome(branch) } })
  await tx.audit({ by, branchId, what: 'make-group', about: branchId, after: { people: found.length } })
  return found
}

/** Its first post also proves the key: a wrong one is told to the secretary, and dropped (WECOM.md 7, 93000). */
export async function bindRobot(ctx: CommandContext, tx: CommandTx, branch: Branch, key: string): Promise<void> {
  const { branchId, chat } = branch
  if (chat?.kind === 'appchat') await refuseSecondGroup(tx, branch)
  await refuseWhileMaking(tx, branchId)
  const by = ctx.person.personId
  await tx.put(branches, { ...branch, chat: { kind: 'webhook', key } })
  const post = await groupPost(tx, { branchId, text: welcome(branch), by })
  if (post) await tx.chore(post)
  await tx.audit({ by, branchId, what: chat ? 'change-group-robot' : 'bind-group-robot', about: branchId })
}

/** What waits for the group is posted nowhere; the group itself stays, and its people. */
export async function unbindGroup(ctx: CommandContext, tx: CommandTx, branch: Branch): Promise<'appchat' | 'webhook'> {
  const { branchId, chat } = branch
  if (!chat) throw new UserError('支部没有绑定群。要建群请发：群 建')
  const by = ctx.person.personId
  await tx.put(branches, { ...branch, chat: null })
  await tx.audit({ by, branchId, what: 'unbind-group', about: branchId, before: { kind: chat.kind } })
  return chat.kind
}

const welcome = ({ name }: Branch): string => `${name}的会议和通知，以后在这里也发一份，不点名，不用回。`
