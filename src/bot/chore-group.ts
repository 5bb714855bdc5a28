import { FEWEST_IN_GROUP, groupPeople } from '../domain/group.ts'
import { headsOf, type Reachable } from '../domain/roster.ts'
import { WecomError } from '../errors.ts'
import {
  type Branch,
  type BranchChat,
  branches,
  type Chore,
  chores,
  type Person,
  people,
} from '../store/collections.ts'
import type { ReadTx, Store, Tx } from '../store/records.ts'
import { leftOutWords, madeWords, markOf, TOO_FEW, TOO_FEW_KNOWN, TOO_FEW_LEFT, whoHears } from './chore-words.ts'
import { firstTaken, withAsMany } from './halving.ts'
import type { Platform } from './message.ts'

/** A branch's group at WeCom: made with everybody whom WeCom knows, and kept in step with the roster. */

/** Why a chore cannot be done, in Chinese; nobody has to be asked for that. */
export class CannotError extends Error {}

/** appchat/update of members: so many UserIDs a call keeps the body small. */
const MEMBERS_A_CALL = 500
/** One UserID that WeCom does not know refuses the whole list, unnamed (WECOM.md 11). */
const BAD_MEMBER: readonly number[] = [60111, 40003, 86216, 46004]
const isBadMember = (error: unknown): boolean => error instanceof WecomError && BAD_MEMBER.includes(error.code)
/** appchat/update of an owner who is not in it, or whom WeCom does not know (WECOM.md 11). */
const BAD_OWNER: readonly number[] = [...BAD_MEMBER, 86005, 86207]
/** With an owner whom WeCom does not know every list is refused; each costs two calls a member. */
const OWNERS_TRIED = 3

type AppChat = Extract<BranchChat, { kind: 'appchat' }>
type Making = Extract<Chore['what'], { does: 'make-chat' }>

/** A group in step with the roster. */
interface InStep {
  branch: Branch
  chat: AppChat
  inIt: readonly Person[]
  leftOut: readonly Person[]
}

export function createGroupWork({ store, platform }: { store: Store; platform: Platform }) {
  async function makeChat(chore: Chore, { branchId }: Branch, what: Making): Promise<void> {
    const { chatId, name } = what
    if (chore.done === 0) await createGroup(chore, branchId, what)
    await bringInStep(branchId, chatId, async (tx, { inIt, leftOut }) => {
      await tx.send({ text: madeWords(name, inIt, leftOut) + markOf(chore, tx.now) }, [chore.by])
    })
  }

  /** With as many as WeCom takes at once, noted before anything else is tried: who is missing comes when it is brought in step. */
  async function createGroup(chore: Chore, branchId: string, { chatId, name, ownerId }: Making): Promise<void> {
    const found = await store.read(tx => belonging(tx, branchId))
    if (found.length < FEWEST_IN_GROUP) throw new CannotError(TOO_FEW)
    const owners = [...found].sort((a, b) => Number(b.personId === ownerId) - Number(a.personId === ownerId))
    for (const { userId: owner } of owners.slice(0, OWNERS_TRIED)) {
      const others = found.map(({ userId }) => userId).filter(userId => userId !== owner)
      const members = (some: readonly string[]) => found.map(({ userId }) => userId).filter(inList([owner, ...some]))
      const create = (some: readonly string[]) => platform.createChat({ chatId, name, owner, userIds: members(some) })
      const taken = await firstTaken(others, create, isBadMember)
      if (!taken) continue
      return store.update([`chore:${chore.choreId}`, `branch:${branchId}`], async tx => {
        const [branch, latest] = [await tx.get(branches, branchId), await tx.get(chores, chore.choreId)]
        if (branch)
          await tx.put(branches, { ...branch, chat: { kind: 'appchat', chatId, owner, members: members(taken) } })
        if (latest) await tx.put(chores, { ...latest, done: 1 })
      })
    }
    throw new CannotError(TOO_FEW_KNOWN)
  }

  async function syncChat(chore: Chore, { branchId, chat }: Branch): Promise<void> {
    if (chat?.kind !== 'appchat') return
    await bringInStep(branchId, chat.chatId, async (tx, { chat: before, leftOut }) => {
      if (leftOut.length === 0 || isSameSet(before.leftOut ?? [], idsOf(leftOut))) return
      await tx.send({ text: leftOutWords(leftOut) + markOf(chore, tx.now) }, await whoHears(tx, chore))
    })
    const { branch, found } = await read(branchId)
    if (branch?.chat?.kind !== 'appchat' || branch.chat.tooFew || found.length >= FEWEST_IN_GROUP) return
    await keep(branchId, chat.chatId, async (tx, latest) => {
      await tx.put(branches, { ...latest.branch, chat: { ...latest.chat, tooFew: true } })
      await tx.send({ text: TOO_FEW_LEFT + markOf(chore, tx.now) }, await whoHears(tx, chore))
    })
  }

  /** Whom WeCom does not know is tried again each time: he may have been put right there. */
  async function bringInStep(
    branchId: string,
    chatId: string,
    tell: (tx: Tx, step: InStep) => Promise<void>,
  ): Promise<void> {
    const { branch, found } = await read(branchId)
    if (branch?.chat?.kind !== 'appchat' || branch.chat.chatId !== chatId || found.length < FEWEST_IN_GROUP) return
    const { chat: before } = branch
    const owner = ownerFor(before, branchId, found)
    // Before the old owner is taken out of it, where that can be.
    const handed = owner !== undefined && before.members.includes(owner) && (await handOver(chatId, owner))
    const refused = await move(chatId, before.members, found)
    const joins = owner !== undefined && !before.members.includes(owner) && !refused.includes(owner)
    const owned = handed || (joins && (await handOver(chatId, owner))) ? owner : before.owner
    const inIt = found.filter(({ userId }) => !refused.includes(userId))
    const leftOut = found.filter(({ userId }) => refused.includes(userId))
    await keep(branchId, chatId, async (tx, latest) => {
      await tell(tx, { ...latest, inIt, leftOut })
      const members = inIt.map(({ userId }) => userId)
      const others = leftOut.length > 0 && { leftOut: idsOf(leftOut) }
      const chat = { kind: 'appchat', chatId, ...(owned && { owner: owned }), members, ...others } as const
      if (JSON.stringify(chat) !== JSON.stringify(latest.chat)) await tx.put(branches, { ...latest.branch, chat })
    })
  }

  /** Puts in who is missing and takes out who left. Resolves with the UserIDs that WeCom refused. */
  async function move(chatId: string, members: readonly string[], found: readonly Reachable[]): Promise<string[]> {
    const wanted = found.map(({ userId }) => userId)
    const comes = new Set(wanted.filter(userId => !members.includes(userId)))
    const moved = [...comes, ...members.filter(userId => !wanted.includes(userId))]
    const refused: string[] = []
    for (let at = 0; at < moved.length; at += MEMBERS_A_CALL) {
      const update = (some: readonly string[]) => {
        const add = some.filter(userId => comes.has(userId))
        return platform.updateChat({ chatId, add, remove: some.filter(userId => !comes.has(userId)) })
      }
      refused.push(...(await withAsMany(moved.slice(at, at + MEMBERS_A_CALL), update, isBadMember)))
    }
    return refused
  }

  /** False: WeCom does not take him, and the group keeps the owner it has. */
  const handOver = (chatId: string, owner: string): Promise<boolean> =>
    platform.updateChat({ chatId, add: [], remove: [], owner }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof WecomError && BAD_OWNER.includes(error.code)) return false
        throw error
      },
    )

  const read = (branchId: string) =>
    store.read(async tx => ({ branch: await tx.get(branches, branchId), found: await belonging(tx, branchId) }))

  /** Nothing where the group was let go, or changed for another, meanwhile. */
  const keep = (
    branchId: string,
    chatId: string,
    run: (tx: Tx, latest: Pick<InStep, 'branch' | 'chat'>) => Promise<unknown>,
  ) =>
    store.update(`branch:${branchId}`, async tx => {
      const branch = await tx.get(branches, branchId)
      if (branch?.chat?.kind === 'appchat' && branch.chat.chatId === chatId)
        await run(tx, { branch, chat: branch.chat })
    })

  return { makeChat, syncChat }
}

const belonging = async (tx: ReadTx, branchId: string): Promise<readonly Reachable[]> =>
  groupPeople(await tx.find(people, 'branch', branchId))

/** The group goes with the secretary's post; of a group whose owner the bot does not know nothing is changed. */
function ownerFor({ owner }: AppChat, branchId: string, found: readonly Reachable[]): string | undefined {
  const heads = headsOf(found, branchId)
  if (owner === undefined || heads.some(({ userId }) => userId === owner)) return undefined
  return heads[0]?.userId ?? undefined
}

const idsOf = (found: readonly Person[]): string[] => found.map(({ personId }) => personId)

const inList =
  (list: readonly string[]) =>
  (one: string): boolean =>
    list.includes(one)

const isSameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every(inList(other))
