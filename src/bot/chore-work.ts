import { nowMs } from '../clock.ts'
import { isActive } from '../domain/roster.ts'
import { WecomError, WecomUnreachableError } from '../errors.ts'
import { log, logIncident } from '../log.ts'
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
import type { Chat, Platform } from './message.ts'

/** One chore, from where it stands to its end: what is called, what is written down, and who hears of a failure. */
export interface WorkParts {
  store: Store
  platform: Platform
}

const MINUTE_MS = 60_000
const FIRST_REST_MS = 1000
/** With rests of 1, 2, 4 … 60 s these are ten minutes of a WeCom that is busy, or answers nothing that can be read. */
const MOST_TRIES = 15
/** A bug of ours does not go away by trying; a store that failed may. */
const MOST_TRIES_WITH_FAULT = 3
const TOO_MANY = 45009
const BUSY: readonly number[] = [-1, 6000, 45033]
/** The group is gone: 49008 dissolved; 86001, 86003, 40050 no such chat; 93000, 93004, 93008 the robot was removed. */
const GONE: readonly number[] = [49008, 86001, 86003, 40050, 93000, 93004, 93006, 93008]
/** WECOM.md 6. */
const FEWEST_MEMBERS = 2
const TOO_FEW = '支部里有企业微信账号的不到 2 人，建不成群。可以请书记在微信里建群，把通知转过去'
/** appchat/update of members: so many UserIDs a call keeps the body small. */
const MEMBERS_A_CALL = 500

/** How long the lane rests before the same chore is tried again; `counts`: there is an end to the tries. */
export interface Rest {
  ms: number
  counts: boolean
}

/** Resolves with null when the chore is over. */
export type ChoreWork = (choreId: string, tries: number) => Promise<Rest | null>

/** Why a chore cannot be done, in Chinese; nobody has to be asked for that. */
class CannotError extends Error {}

export function createChoreWork({ store, platform }: WorkParts): ChoreWork {
  async function carryOut(chore: Chore, branch: Branch | undefined): Promise<void> {
    const { what } = chore
    if (what.does === 'recall') return platform.recall(what.msgid)
    if (!branch) return
    if (what.does === 'post') return post(chore, branch, what.text)
    return what.does === 'make-chat' ? makeChat(chore, branch, what) : syncChat(branch)
  }

  /** Each part is noted before it is sent: nobody tells whether WeCom has it already, so it is not sent twice. */
  async function post(chore: Chore, branch: Branch, text: string): Promise<void> {
    const chat = chatOf(branch)
    if (!chat) return
    const parts = platform.postParts(text)
    for (let at = chore.done; at < parts.length; at += 1) {
      const part = parts[at]
      if (!part) continue
      // Whoever called it off was first.
      if (!(await note(chore, { state: 'underway', done: at + 1 }))) return
      try {
        await platform.post(chat, part)
      } catch (error) {
        if (wasNotSent(error)) await note(chore, { state: at === 0 ? 'waiting' : 'underway', done: at })
        throw error
      }
    }
  }

  async function makeChat(
    chore: Chore,
    branch: Branch,
    { chatId, name, ownerId }: { chatId: string; name: string; ownerId: string },
  ): Promise<void> {
    const { members, owner } = await store.read(async tx => ({
      members: await membersOf(tx, branch.branchId),
      owner: await tx.get(people, ownerId),
    }))
    const [first] = members
    if (first === undefined || members.length < FEWEST_MEMBERS) throw new CannotError(TOO_FEW)
    const ownerUserId = owner?.userId
    const isMember = typeof ownerUserId === 'string' && members.includes(ownerUserId)
    await platform.createChat({ chatId, name, owner: isMember ? ownerUserId : first, userIds: members })
    await store.update(`branch:${branch.branchId}`, async tx => {
      const latest = await tx.get(branches, branch.branchId)
      if (latest) await tx.put(branches, { ...latest, chat: { kind: 'appchat', chatId, members: [...members] } })
      await tx.send({ text: `支部群“${name}”建好了，${members.length} 人在群里。以后通知会在群里发一份，不点名。` }, [
        chore.by,
      ])
    })
  }

  async function syncChat({ branchId }: Branch): Promise<void> {
    const { branch, wanted } = await store.read(async tx => ({
      branch: await tx.get(branches, branchId),
      wanted: await membersOf(tx, branchId),
    }))
    if (branch?.chat?.kind !== 'appchat') return
    const { chatId, members } = branch.chat
    const add = wanted.filter(userId => !members.includes(userId))
    const remove = members.filter(userId => !wanted.includes(userId))
    for (let at = 0; at < Math.max(add.length, remove.length); at += MEMBERS_A_CALL) {
      const some = (list: readonly string[]) => list.slice(at, at + MEMBERS_A_CALL)
      await platform.updateChat({ chatId, add: some(add), remove: some(remove) })
    }
    if (add.length + remove.length === 0) return
    await store.update(`branch:${branchId}`, async tx => {
      const latest = await tx.get(branches, branchId)
      if (latest?.chat?.kind === 'appchat' && latest.chat.chatId === chatId)
        await tx.put(branches, { ...latest, chat: { ...latest.chat, members: [...wanted] } })
    })
  }

  /** False: it is over already. */
  const note = (chore: Chore, change: Partial<Pick<Chore, 'state' | 'done' | 'why'>>): Promise<boolean> =>
    store.update(`chore:${chore.choreId}`, async tx => {
      const latest = await tx.get(chores, chore.choreId)
      if (!latest || latest.state === 'done' || latest.state === 'failed') return false
      await tx.put(chores, { ...latest, ...change })
      return true
    })

  /** Written down and told to who keeps the branch's group; a group that is gone is dropped, unless there is another by now. */
  const fail = (chore: Chore, used: BranchChat | null, why: string, code: number | null) =>
    store.update([`chore:${chore.choreId}`, `branch:${chore.branchId ?? ''}`], async tx => {
      const latest = await tx.get(chores, chore.choreId)
      if (latest) await tx.put(chores, { ...latest, state: 'failed', why })
      log.warn('a chore failed', { choreId: chore.choreId, does: chore.what.does, code })
      const gone = code !== null && GONE.includes(code) && (await dropChat(tx, chore, used))
      const to = await keepersOf(tx, chore)
      if (to.length > 0) await tx.send({ text: failureWords(chore, why, gone) }, to)
    })

  /** What was read earlier may be behind: another look may have done the chore meanwhile. */
  const latestOf = (choreId: string) =>
    store.read(async tx => {
      const chore = await tx.get(chores, choreId)
      if (!chore || chore.state === 'done' || chore.state === 'failed') return undefined
      return { chore, branch: await branchOf(tx, chore) }
    })

  async function afterError(
    chore: Chore,
    used: BranchChat | null,
    error: unknown,
    tries: number,
  ): Promise<Rest | null> {
    const rest = { ms: Math.min(FIRST_REST_MS * 2 ** tries, MINUTE_MS), counts: true }
    if (error instanceof WecomError) {
      if (error.code === TOO_MANY) return { ms: untilOf(error), counts: false }
      // Without a token nothing was sent, and nothing is wrong with the chore: it is done when the setting is mended.
      if (error.api === 'gettoken') return { ms: MINUTE_MS, counts: false }
      if (BUSY.includes(error.code) && tries < MOST_TRIES) return rest
      await fail(chore, used, error.advice, error.code)
    } else if (error instanceof WecomUnreachableError) {
      if (!error.ambiguous) return rest
      if (chore.what.does !== 'post' && tries < MOST_TRIES) return rest
      await fail(chore, used, UNSURE, null)
    } else if (error instanceof CannotError) {
      await fail(chore, used, error.message, null)
    } else {
      const incident = logIncident('a chore could not be done', error, { choreId: chore.choreId })
      if (tries < MOST_TRIES_WITH_FAULT) return rest
      await fail(chore, used, `程序出错，请把编号 ${incident} 告诉管理员`, null)
    }
    return null
  }

  return async (choreId, tries) => {
    const found = await latestOf(choreId)
    if (!found) return null
    const { chore, branch } = found
    if (chore.until !== undefined && chore.state === 'waiting' && Date.parse(chore.until) < nowMs()) {
      await note(chore, { state: 'failed', why: '没有发：等到能发的时候，事情已经过了' })
      return null
    }
    try {
      await carryOut(chore, branch)
    } catch (error) {
      return afterError(chore, branch?.chat ?? null, error, tries)
    }
    await note(chore, { state: 'done' })
    return null
  }
}

const UNSURE = '企业微信没有回应，不确定办成没有，请到群里看一下'

const untilOf = ({ retryAt }: WecomError): number =>
  Math.max(FIRST_REST_MS, retryAt ? retryAt.getTime() - nowMs() : MINUTE_MS)

/** Also what is refused, by WeCom or by a check of ours. */
const wasNotSent = (error: unknown): boolean => !(error instanceof WecomUnreachableError && error.ambiguous)

const branchOf = async (tx: ReadTx, { branchId }: Chore): Promise<Branch | undefined> =>
  branchId === null ? undefined : tx.get(branches, branchId)

function chatOf({ chat }: Branch): Chat | undefined {
  if (!chat) return undefined
  return chat.kind === 'appchat' ? { kind: 'appchat', chatId: chat.chatId } : chat
}

/** UserIDs of who belongs into the branch's group: everybody of it whom WeCom reaches. */
async function membersOf(tx: ReadTx, branchId: string): Promise<string[]> {
  const belongs = (person: Person) => isActive(person) && !person.noPhone && person.userId !== null
  return (await tx.find(people, 'branch', branchId)).filter(belongs).flatMap(({ userId }) => userId ?? [])
}

async function dropChat(tx: Tx, chore: Chore, used: BranchChat | null): Promise<boolean> {
  const branch = await branchOf(tx, chore)
  if (!branch?.chat || used === null || !isSameChat(branch.chat, used)) return false
  const { branchId } = branch
  await tx.put(branches, { ...branch, chat: null })
  await tx.audit({ by: 'auto', branchId, what: 'drop-chat', about: branch.branchId, why: 'the group is gone' })
  return true
}

const isSameChat = (one: BranchChat, other: BranchChat): boolean =>
  one.kind === 'appchat'
    ? other.kind === 'appchat' && one.chatId === other.chatId
    : other.kind === 'webhook' && one.key === other.key

/** The secretary, where there is none the deputy; of what concerns no branch, who asked for it. */
async function keepersOf(tx: ReadTx, { branchId, by, what }: Chore): Promise<string[]> {
  const branchPeople = branchId === null ? [] : await tx.find(people, 'branch', branchId)
  // Who waits for the group that he asked for hears of it too.
  const asker = what.does === 'make-chat' && (await tx.get(people, by)) ? [by] : []
  for (const post of ['secretary', 'deputy'] as const) {
    const holders = branchPeople.filter(
      person => isActive(person) && person.memberships.some(m => m.branchId === branchId && m.posts.includes(post)),
    )
    if (holders.length > 0) return [...new Set([...holders.map(person => person.personId), ...asker])]
  }
  return (await tx.get(people, by)) ? [by] : []
}

function failureWords({ what }: Chore, why: string, gone: boolean): string {
  if (gone) return `支部群已不在了（${why}），以后通知只单独发给每个人。要再建群请发：群 建`
  if (what.does === 'post' && why === UNSURE) return `支部群里有一条消息不确定发没发出去，请到群里看一下。`
  if (what.does === 'post') return `支部群里的消息没有发出去：${why}。每个人的通知照常单独发。`
  if (what.does === 'recall') return `有一条消息没有收回：${why}。需要时请发一条更正。`
  return what.does === 'make-chat' ? `支部群没有建成：${why}` : `支部群的成员没有更新：${why}`
}
