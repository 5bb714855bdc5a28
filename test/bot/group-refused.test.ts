import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createChoreWork } from '../../src/bot/chore-work.ts'
import type { Platform } from '../../src/bot/message.ts'
import { blankPerson } from '../../src/domain/roster.ts'
import { WecomError } from '../../src/errors.ts'
import { branches, chores, outbox, type Post, people } from '../../src/store/collections.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import type { Store } from '../../src/store/records.ts'

/** What becomes of a group that WeCom will not make, by a platform that refuses. */
let folder: string
let store: Store

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhibu-group-'))
  store = await openLowdbStore({ folder, corpId: 'ww-test' })
  const posts: Post[][] = [['secretary'], ['deputy'], []]
  await store.update('township', async tx => {
    await tx.insert(branches, { branchId: 'b-1', number: 1, name: '水泉', kind: null, leader: null, termEndsOn: null })
    for (const [at, held] of posts.entries()) {
      const memberships = [{ branchId: 'b-1', group: null, posts: held, standingLeave: null }]
      await tx.insert(people, { ...blankPerson(`p-${at + 1}`), userId: `u${at + 1}`, name: `名${at}`, memberships })
    }
  })
})

afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const refusing = (code: number): Platform => {
  const refuse = () => Promise.reject(new WecomError('appchat/create', code, '应用没有权限'))
  return {
    createChat: refuse,
    updateChat: refuse,
    postParts: text => [{ text }],
    post: refuse,
    recall: refuse,
    rehost: refuse,
  }
}

async function makeBy(by: string): Promise<void> {
  await store.update('branch:b-1', async tx => {
    const what = { does: 'make-chat' as const, chatId: 'zhibu1x', name: '水泉', ownerId: 'p-1' }
    await tx.chore({ lane: 'chat:b-1', branchId: 'b-1', by, what })
  })
  const [chore] = await store.read(tx => tx.all(chores))
  if (chore) expect(await createChoreWork({ store, platform: refusing(48002) })(chore.choreId, 0)).toBeNull()
}

describe('a group that WeCom will not make', () => {
  it.each([
    ['p-1', ['p-1']],
    ['p-2', ['p-1', 'p-2']],
    ['control', ['p-1']],
  ])('asked for by %s, is told to %j, with why', async (by, told) => {
    await makeBy(by)
    const sent = await store.read(tx => tx.all(outbox))
    expect(sent.map(({ to }) => to)).toEqual([told])
    expect(sent[0]?.message.text).toMatch(/^支部群没有建成：应用没有权限\n\d\d:\d\d，编号办1$/)
    expect(
      await store.read(async tx => [(await tx.all(chores))[0]?.state, (await tx.get(branches, 'b-1'))?.chat]),
    ).toEqual(['failed', undefined])
  })
})
