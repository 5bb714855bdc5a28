import { nowMs } from '../clock.ts'
import { WecomError, WecomUnreachableError } from '../errors.ts'
import { log, logIncident } from '../log.ts'
import { type Branch, type BranchChat, branches, type Chore, chores } from '../store/collections.ts'
import type { ReadTx, Store, Tx } from '../store/records.ts'
import { CannotError, createGroupWork } from './chore-group.ts'
import { tellFailure, UNSURE } from './chore-words.ts'
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
/** How long the lane rests before the same chore is tried again; `counts`: there is an end to the tries. */
export interface Rest {
  ms: number
  counts: boolean
}

/** Resolves with null when the chore is over. */
export type ChoreWork = (choreId: string, tries: number) => Promise<Rest | null>

export function createChoreWork({ store, platform }: WorkParts): ChoreWork {
  const { makeChat, syncChat } = createGroupWork({ store, platform })

  async function carryOut(chore: Chore, branch: Branch | undefined): Promise<void> {
    const { what } = chore
    if (what.does === 'recall') return platform.recall(what.msgid)
    if (!branch) return
    if (what.does === 'post') return post(chore, branch, what.text)
    return what.does === 'make-chat' ? makeChat(chore, branch, what) : syncChat(chore, branch)
  }

  /** Each part is noted before it is sent: nobody tells whether WeCom has it already, so it is not sent twice. */
  async function post(chore: Chore, branch: Branch, text: string): Promise<void> {
    const chat = chatOf(branch)
    if (!chat) return withoutGroup(chore)
    const parts = platform.postParts(text)
    for (let at = chore.done; at < parts.length; at += 1) {
      const part = parts[at]
      if (!part) continue
      // Whoever called it off was first.
      if (!(await note(chore, { state: 'underway', done: at + 1 }))) return
      try {
        await platform.post(chat, part)
      } catch (error) {
        if (wasNotSent(error)) await note(chore, { state: at === 0 ? 'waiting' : 'underway', done: at, settled: at })
        throw error
      }
    }
  }

  /** The group was let go, or lost, since the post was queued. */
  const withoutGroup = ({ choreId }: Chore): Promise<void> =>
    store.update(`chore:${choreId}`, async tx => {
      const latest = await tx.get(chores, choreId)
      if (!latest || isOver(latest)) return
      await tx.put(chores, { ...latest, state: 'done' })
      await sendInstead(tx, latest)
    })

  /** An earlier process was ended in a call of it: that part is not sent again, and somebody has to look. */
  const tellUnsure = ({ choreId }: Chore): Promise<void> =>
    store.update(`chore:${choreId}`, async tx => {
      const latest = await tx.get(chores, choreId)
      if (!latest || isOver(latest)) return
      await tx.put(chores, { ...latest, settled: latest.done })
      await tellFailure(tx, latest, UNSURE, false)
    })

  /** False: it is over already. */
  const note = (chore: Chore, change: Partial<Pick<Chore, 'state' | 'done' | 'settled' | 'why'>>): Promise<boolean> =>
    store.update(`chore:${chore.choreId}`, async tx => {
      const latest = await tx.get(chores, chore.choreId)
      if (!latest || isOver(latest)) return false
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
      if (latest && !isOver(latest) && why !== UNSURE) await sendInstead(tx, latest)
      await tellFailure(tx, chore, why, gone)
    })

  /** What was read earlier may be behind: another look may have done the chore meanwhile. */
  const latestOf = (choreId: string) =>
    store.read(async tx => {
      const chore = await tx.get(chores, choreId)
      if (!chore || isOver(chore)) return undefined
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
      if (isUnsure(chore)) await tellUnsure(chore)
      await carryOut(chore, branch)
    } catch (error) {
      return afterError(chore, branch?.chat ?? null, error, tries)
    }
    await note(chore, { state: 'done' })
    return null
  }
}

const isOver = ({ state }: Chore): boolean => state === 'done' || state === 'failed'

const isUnsure = ({ what, state, done, settled }: Chore): boolean =>
  what.does === 'post' && state === 'underway' && settled !== done

/** Where the group has nothing of a post, each gets it alone. */
async function sendInstead(tx: Tx, { choreId, what, done }: Chore): Promise<void> {
  if (what.does !== 'post' || !what.instead || done > 0) return
  const { message, to, until, ...options } = what.instead
  await tx.send(message, to, { ...options, key: `instead:${choreId}`, ...(until && { until: new Date(until) }) })
}

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
