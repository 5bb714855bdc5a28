import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createChores } from '../../src/bot/chores.ts'
import type { Chat, Platform } from '../../src/bot/message.ts'
import { moveClock, nowMs } from '../../src/clock.ts'
import { WecomError, WecomUnreachableError } from '../../src/errors.ts'
import { audits, type BranchChat, branches, outbox, people, chores as records } from '../../src/store/collections.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import type { NewChore } from '../../src/store/records.ts'
import { onStage, person, until } from './outbox-stage.ts'

onStage()

const GROUP: BranchChat = { kind: 'appchat', chatId: 'zhibub1', members: ['u-p-1', 'u-p-2'] }
const refused = (code: number, api = 'appchat/send') => new WecomError(api, code, `请看说明 ${code}`)
const lost = () => new WecomUnreachableError('appchat/send', true)
const notConnected = () => new WecomUnreachableError('appchat/send', false)

/** What WeCom was asked for, and what it answers: an error, something to wait for, or all is well. */
function fakePlatform() {
  const asked: string[] = []
  const script: (Error | Promise<void> | null)[] = []
  const judge: { refuse(what: string): Error | null } = { refuse: () => null }
  const play = async (what: string) => {
    asked.push(what)
    const next = script.shift() ?? judge.refuse(what)
    if (next instanceof Error) throw next
    await next
  }
  const platform: Platform = {
    createChat: ({ chatId, name, owner, userIds }) => play(`create ${chatId} ${name} ${owner}: ${userIds.join(' ')}`),
    updateChat: ({ chatId, add, remove, owner }) =>
      play(owner ? `owner ${chatId} ${owner}` : `update ${chatId} +${add.join(' ')} -${remove.join(' ')}`),
    postParts: text => text.split('|').map(content => ({ msgtype: 'text', text: { content } })),
    post: (chat: Chat, part) =>
      play(`${chat.kind === 'appchat' ? chat.chatId : 'webhook'}: ${(part.text as { content: string }).content}`),
    recall: msgid => play(`recall ${msgid}`),
    rehost: async mediaId => mediaId,
  }
  return { platform, asked, script, judge }
}

const open: { close(): Promise<void> }[] = []
beforeEach(() => {
  moveClock(new Date('2026-11-24T10:00:00+08:00'))
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

const officer = (personId: string, post: 'secretary' | 'deputy') =>
  person(personId, { memberships: [{ branchId: 'b-1', group: null, posts: [post], standingLeave: null }] })

async function start(chat: BranchChat | null = GROUP, from?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'zhibu-chores-'))
  if (from) await cp(from, folder, { recursive: true })
  const store = await openLowdbStore({ folder, corpId: 'ww0123456789abcdef' })
  if (!from)
    await store.update('township', async tx => {
      const branch = { number: 1, kind: null, leader: null, termEndsOn: null, chat }
      await tx.insert(branches, { branchId: 'b-1', name: '水泉村党支部', ...branch })
      await tx.insert(branches, { ...branch, branchId: 'b-2', number: 2, name: '石桥村党支部' })
      for (const one of [officer('p-1', 'secretary'), person('p-2'), officer('p-3', 'deputy')])
        await tx.insert(people, one)
    })
  const wire = fakePlatform()
  const chores = createChores({ store, platform: wire.platform })
  chores.start()
  const bench = {
    ...wire,
    folder,
    store,
    chores,
    queue: (chore: Partial<NewChore> & Pick<NewChore, 'what'>) =>
      store.update('township', tx => tx.chore({ lane: 'chat:b-1', by: 'p-2', branchId: 'b-1', ...chore })),
    post: (text: string, more: Partial<NewChore> = {}) => bench.queue({ what: { does: 'post', text }, ...more }),
    async pass(seconds: number) {
      moveClock(new Date(nowMs() + seconds * 1000))
      await chores.idle()
    },
    states: () => store.read(async tx => (await tx.all(records)).map(({ state }) => state)),
    branch: () => store.read(tx => tx.get(branches, 'b-1')),
    /** What people were told, with to whom. */
    told: () =>
      store.read(async tx => (await tx.all(outbox)).map(({ to, message }) => `${to.join()}: ${message.text}`)),
    async close() {
      await chores.stop()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  open.push(bench)
  return bench
}

function held() {
  let answer: () => void = () => undefined
  const answered = new Promise<void>(resolve => {
    answer = resolve
  })
  return { answered, answer: () => answer() }
}

describe('the chores of one lane', () => {
  it('are done one after the other; other lanes do not wait for them', async () => {
    const bench = await start()
    const slow = held()
    bench.script.push(slow.answered)
    await bench.post('一')
    await bench.post('二')
    await until(() => bench.asked.length === 1)
    await bench.post('三', { lane: 'chat:b-2', branchId: 'b-2' })
    await until(() => bench.asked.length === 2)
    expect(bench.asked).toEqual(['zhibub1: 一', 'zhibub1: 三'])
    slow.answer()
    await bench.chores.idle()
    expect(bench.asked).toEqual(['zhibub1: 一', 'zhibub1: 三', 'zhibub1: 二'])
    expect(await bench.states()).toEqual(['done', 'done', 'done'])
  })

  it('keep their order where the first has to wait for WeCom', async () => {
    const bench = await start()
    bench.script.push(refused(45009))
    await bench.post('一')
    await bench.post('二')
    await bench.chores.idle()
    expect(bench.asked).toEqual(['zhibub1: 一'])
    await bench.pass(59)
    expect(bench.asked).toHaveLength(1)
    await bench.pass(2)
    expect(bench.asked).toEqual(['zhibub1: 一', 'zhibub1: 一', 'zhibub1: 二'])
  })

  it('rest till the instant that WeCom, or our own count of a webhook, names', async () => {
    const bench = await start({ kind: 'webhook', key: 'k' })
    bench.script.push(new WecomError('webhook/send', 45009, '', new Date(nowMs() + 20_000)))
    await bench.post('一')
    await bench.pass(18)
    expect(bench.asked).toHaveLength(1)
    await bench.pass(3)
    expect(bench.asked).toEqual(['webhook: 一', 'webhook: 一'])
    expect(await bench.states()).toEqual(['done'])
  })

  it('with the same key are one', async () => {
    const bench = await start()
    expect(await bench.post('一', { key: 'm-1' })).toBe(true)
    expect(await bench.post('一', { key: 'm-1' })).toBe(false)
    await bench.chores.idle()
    expect(bench.asked).toHaveLength(1)
  })
})

describe('when a post goes', () => {
  it('is by day, at its time, or at once where it is urgent', async () => {
    moveClock(new Date('2026-11-24T21:00:00+08:00'))
    const bench = await start()
    await bench.post('明天')
    await bench.post('后天', { dueAt: new Date('2026-11-26T10:00:00+08:00') })
    await bench.post('夜里', { urgent: true })
    await bench.chores.idle()
    expect(bench.asked).toEqual(['zhibub1: 夜里'])
    await bench.pass(10 * 3600 + 3595)
    expect(bench.asked).toHaveLength(1)
    await bench.pass(6)
    expect(bench.asked).toEqual(['zhibub1: 夜里', 'zhibub1: 明天'])
    await bench.pass(26 * 3600)
    expect(bench.asked.at(-1)).toBe('zhibub1: 后天')
  })

  it('waits for the morning as the members do whom the roster brings: phones may show that they were put into a group', async () => {
    moveClock(new Date('2026-11-24T21:00:00+08:00'))
    const bench = await start()
    await bench.queue({ what: { does: 'sync-chat' } })
    await bench.queue({ lane: 'notice:n-1', what: { does: 'recall', msgid: 'msg-1' } })
    await bench.chores.idle()
    expect(bench.asked).toEqual(['recall msg-1'])
    await bench.pass(11 * 3600 + 5)
    expect(bench.asked).toEqual(['recall msg-1', 'update zhibub1 +u-p-3 -'])
  })

  it('has an end: what could not go out before is dropped', async () => {
    moveClock(new Date('2026-11-24T21:00:00+08:00'))
    const bench = await start()
    await bench.post('今晚开会', { until: new Date('2026-11-24T22:00:00+08:00') })
    await bench.pass(12 * 3600)
    expect(bench.asked).toEqual([])
    expect(await bench.states()).toEqual(['failed'])
  })

  it('needs a group: where there is none nothing is said', async () => {
    const bench = await start(null)
    await bench.post('一')
    await bench.chores.idle()
    expect([bench.asked, await bench.states(), await bench.told()]).toEqual([[], ['done'], []])
  })
})

describe('when WeCom does not take it', () => {
  it.each([49008, 93000, 86001])(
    'with %i the group is gone: it is dropped, audited, and the secretary told',
    async code => {
      const bench = await start()
      bench.script.push(refused(code))
      await bench.post('一')
      await bench.post('二')
      await bench.chores.idle()
      expect(bench.asked).toEqual(['zhibub1: 一'])
      expect((await bench.branch())?.chat).toBeNull()
      expect(await bench.told()).toEqual([expect.stringMatching(/^p-1: 支部群已不在了.*群 建/)])
      expect(await bench.store.read(async tx => (await tx.all(audits)).map(({ what }) => what))).toEqual(['drop-chat'])
      expect(await bench.states()).toEqual(['failed', 'done'])
    },
  )

  it('two failures are never told in the same words, which WeCom would show once', async () => {
    const bench = await start()
    for (const code of [93000, 93000]) {
      bench.script.push(refused(code))
      await bench.post('一')
      await bench.chores.idle()
      await bench.store.update('branch:b-1', async tx => {
        const branch = await tx.get(branches, 'b-1')
        if (branch) await tx.put(branches, { ...branch, chat: GROUP })
      })
    }
    const told = await bench.told()
    expect(told[0]).toMatch(/“一”没有发到群里[\s\S]*\n10:00，编号办1$/)
    expect(new Set(told).size).toBe(2)
  })

  describe('what people get alone instead', () => {
    const instead = {
      message: { text: '提醒', choices: [{ label: '请假', line: '/请假 m-1' }] },
      to: ['p-2', 'p-3'],
      about: 'm-1',
      reminder: 'meeting:m-1',
      until: '2026-11-25T11:00:00.000Z',
    }
    const remind = (bench: Awaited<ReturnType<typeof start>>, text = '今晚') =>
      bench.queue({ what: { does: 'post', text, instead } })
    const reminded = async (bench: Awaited<ReturnType<typeof start>>) =>
      (await bench.told()).filter(told => told.endsWith(': 提醒'))

    it('comes where the group is gone, once each, also for the posts behind', async () => {
      const bench = await start()
      await bench.store.update('township', tx => tx.send({ text: '提醒' }, ['p-3'], { reminder: 'meeting:m-1' }))
      bench.script.push(refused(93000))
      await remind(bench)
      await remind(bench)
      await bench.chores.idle()
      expect(await reminded(bench)).toEqual(['p-3: 提醒', 'p-2: 提醒'])
      expect((await bench.told()).join()).toContain('已改为单独发给每个人')
      const record = await bench.store.read(async tx => (await tx.all(outbox)).find(({ to }) => to[0] === 'p-2'))
      expect(record).toMatchObject({
        about: 'm-1',
        reminder: 'meeting:m-1',
        until: instead.until,
        message: instead.message,
      })
    })

    it('comes where the group was let go before the post went', async () => {
      const bench = await start(null)
      await remind(bench)
      await bench.chores.idle()
      expect([await bench.told(), await bench.states()]).toEqual([['p-2,p-3: 提醒'], ['done']])
    })

    it('comes after all tries, but not where the post may be in the group, or in part is', async () => {
      const bench = await start()
      bench.script.push(refused(48002))
      await remind(bench)
      await bench.chores.idle()
      expect(await reminded(bench)).toHaveLength(1)
      await bench.pass(24 * 3600)
      bench.script.push(lost())
      await remind(bench)
      await bench.chores.idle()
      bench.script.push(null, refused(48002))
      await remind(bench, '一|二')
      await bench.chores.idle()
      expect(await reminded(bench)).toHaveLength(1)
    })
  })

  it('a group that was bound meanwhile is not dropped for the old one', async () => {
    const bench = await start()
    const slow = held()
    bench.script.push(slow.answered.then(() => Promise.reject(refused(49008))))
    await bench.post('一')
    await until(() => bench.asked.length === 1)
    await bench.store.update('branch:b-1', async tx => {
      const branch = await tx.get(branches, 'b-1')
      if (branch) await tx.put(branches, { ...branch, chat: { kind: 'webhook', key: 'new' } })
    })
    slow.answer()
    await bench.chores.idle()
    expect((await bench.branch())?.chat).toEqual({ kind: 'webhook', key: 'new' })
  })

  it('a post that may have arrived is not sent again; the secretary is told to look', async () => {
    const bench = await start()
    bench.script.push(lost())
    await bench.post('一|二')
    await bench.pass(3600)
    expect(bench.asked).toEqual(['zhibub1: 一'])
    expect(await bench.told()).toEqual([expect.stringMatching(/^p-1: .*不确定.*请到群里看/)])
    expect((await bench.branch())?.chat).toEqual(GROUP)
  })

  it('a network that is down, for however long, loses nothing', async () => {
    const bench = await start()
    bench.script.push(...Array.from({ length: 40 }, notConnected))
    await bench.post('一')
    for (let minute = 0; minute < 45; minute += 1) await bench.pass(61)
    expect(bench.asked).toHaveLength(41)
    expect([await bench.states(), await bench.told()]).toEqual([['done'], []])
  })

  it('a refused token costs no part of a post', async () => {
    const bench = await start()
    bench.script.push(refused(40001, 'gettoken'), null, refused(40001, 'gettoken'))
    await bench.post('一|二')
    for (let minute = 0; minute < 4; minute += 1) await bench.pass(61)
    expect(bench.asked).toEqual(['zhibub1: 一', 'zhibub1: 一', 'zhibub1: 二', 'zhibub1: 二'])
    expect(await bench.states()).toEqual(['done'])
  })

  it('a busy WeCom is tried for ten minutes, then the reason is kept and told', async () => {
    const bench = await start()
    bench.script.push(...Array.from({ length: 40 }, () => refused(-1)))
    await bench.post('一')
    for (let minute = 0; minute < 30; minute += 1) await bench.pass(61)
    expect(bench.asked).toHaveLength(16)
    expect(await bench.states()).toEqual(['failed'])
    expect(await bench.told()).toEqual([expect.stringContaining('p-1: 支部群里的“一”没有发出去：请看说明 -1')])
  })

  it('a bug of ours is tried three times more, told with its number, and holds up nothing for ever', async () => {
    const bench = await start()
    bench.script.push(...Array.from({ length: 4 }, () => new TypeError('x is undefined')))
    await bench.post('一')
    await bench.post('二')
    for (let minute = 0; minute < 6; minute += 1) await bench.pass(61)
    expect(bench.asked).toEqual([...Array.from({ length: 4 }, () => 'zhibub1: 一'), 'zhibub1: 二'])
    expect(await bench.told()).toEqual([expect.stringMatching(/程序出错.*E\d{6}/)])
  })

  it('the deputy is told where there is no secretary, and who asked where there is neither', async () => {
    const bench = await start()
    const fails = async () => {
      bench.script.push(refused(48002))
      await bench.post('一')
      await bench.chores.idle()
      return (await bench.told()).at(-1)?.slice(0, 4)
    }
    await bench.store.update('township', tx => tx.put(people, officer('p-1', 'deputy')))
    await bench.store.update('township', tx => tx.put(people, person('p-3')))
    expect(await fails()).toBe('p-1:')
    await bench.store.update('township', tx => tx.put(people, person('p-1')))
    expect(await fails()).toBe('p-2:')
  })
})

describe('killed', () => {
  it('with a part under way: that one is not sent again, the next are', async () => {
    const bench = await start()
    const never = held()
    bench.script.push(null, never.answered)
    await bench.post('一|二|三')
    await until(() => bench.asked.length === 2)
    const after = await start(GROUP, bench.folder)
    await after.chores.idle()
    expect(after.asked).toEqual(['zhibub1: 三'])
    expect(await after.states()).toEqual(['done'])
    expect(await after.told()).toEqual([expect.stringMatching(/^p-1: .*“一|二|三”.*不确定.*请到群里看/)])
    never.answer()
  })

  it('with its only part under way: it ends there, and the secretary is told to look', async () => {
    const bench = await start()
    const never = held()
    bench.script.push(never.answered)
    await bench.post('一')
    await until(() => bench.asked.length === 1)
    const after = await start(GROUP, bench.folder)
    await after.chores.idle()
    expect([after.asked, await after.states()]).toEqual([[], ['done']])
    expect(await after.told()).toEqual([expect.stringMatching(/^p-1: .*“一”不确定.*请到群里看/)])
    never.answer()
  })

  it('between two parts, the second of which was certainly not sent: there is nothing to look for', async () => {
    const bench = await start()
    bench.script.push(null, refused(45009))
    await bench.post('一|二')
    await bench.chores.idle()
    const after = await start(GROUP, bench.folder)
    await after.chores.idle()
    expect([after.asked, await after.told()]).toEqual([['zhibub1: 二'], []])
  })

  it('before anything was sent: the next start does it', async () => {
    const bench = await start()
    await bench.chores.stop()
    await bench.post('一')
    const after = await start(GROUP, bench.folder)
    await after.chores.idle()
    expect([bench.asked, after.asked]).toEqual([[], ['zhibub1: 一']])
  })
})

describe('the branch’s group', () => {
  const make = { does: 'make-chat', chatId: 'zhibub1', name: '水泉村党支部', ownerId: 'p-1' } as const

  it('is made with everybody whom WeCom reaches, kept, and told to who asked', async () => {
    const bench = await start(null)
    await bench.store.update('township', async tx => {
      await tx.insert(people, person('p-4', { noPhone: true }))
      await tx.insert(people, person('p-5', { status: 'transferred' }))
      await tx.insert(people, person('p-6', { userId: null }))
    })
    await bench.queue({ what: make })
    await bench.chores.idle()
    expect(bench.asked).toEqual(['create zhibub1 水泉村党支部 u-p-1: u-p-1 u-p-2 u-p-3'])
    expect((await bench.branch())?.chat).toEqual({
      kind: 'appchat',
      chatId: 'zhibub1',
      owner: 'u-p-1',
      members: ['u-p-1', 'u-p-2', 'u-p-3'],
    })
    expect(await bench.told()).toEqual([expect.stringMatching(/^p-2: .*建好了，3 人[\s\S]*\n10:00，编号办1$/)])
  })

  it('is made on a second try where nobody knows what became of the first', async () => {
    const bench = await start(null)
    bench.script.push(lost())
    await bench.queue({ what: make })
    await bench.chores.idle()
    await bench.pass(2)
    expect(bench.asked).toHaveLength(2)
    expect((await bench.branch())?.chat).toMatchObject({ chatId: 'zhibub1' })
  })

  it('has an owner who is in it, and is not asked for with fewer than two people', async () => {
    const bench = await start(null)
    await bench.store.update('township', tx => tx.insert(people, person('p-7', { memberships: [] })))
    await bench.queue({ what: { ...make, ownerId: 'p-7' } })
    await bench.chores.idle()
    expect(bench.asked).toEqual(['create zhibub1 水泉村党支部 u-p-1: u-p-1 u-p-2 u-p-3'])
    await bench.store.update('township', async tx => {
      for (const personId of ['p-2', 'p-3']) await tx.put(people, person(personId, { noPhone: true }))
    })
    await bench.queue({ what: make })
    await bench.chores.idle()
    expect(bench.asked).toHaveLength(1)
    expect((await bench.told()).at(-1)).toMatch(/^p-1,p-2: 支部群没有建成：.*不到 2 人/)
  })

  it('is kept in step, and left alone where nothing changed', async () => {
    const bench = await start()
    await bench.store.update('township', tx => tx.put(people, person('p-2', { status: 'transferred' })))
    await bench.queue({ what: { does: 'sync-chat' } })
    await bench.queue({ what: { does: 'sync-chat' } })
    await bench.chores.idle()
    expect(bench.asked).toEqual(['update zhibub1 +u-p-3 -u-p-2'])
    expect((await bench.branch())?.chat).toMatchObject({ members: ['u-p-1', 'u-p-3'] })
  })

  it('goes with the secretary’s post, before the old owner leaves it; one whom WeCom refuses changes nothing', async () => {
    const bench = await start({ kind: 'appchat', chatId: 'zhibub1', owner: 'u-p-1', members: ['u-p-1', 'u-p-2'] })
    await bench.store.update('township', async tx => {
      await tx.put(people, person('p-1', { status: 'transferred' }))
      await tx.put(people, officer('p-2', 'secretary'))
    })
    bench.script.push(refused(86207))
    await bench.queue({ what: { does: 'sync-chat' } })
    await bench.queue({ what: { does: 'sync-chat' } })
    await bench.queue({ what: { does: 'sync-chat' } })
    await bench.chores.idle()
    expect(bench.asked).toEqual(['owner zhibub1 u-p-2', 'update zhibub1 +u-p-3 -u-p-1', 'owner zhibub1 u-p-2'])
    expect((await bench.branch())?.chat).toMatchObject({ owner: 'u-p-2', members: ['u-p-2', 'u-p-3'] })
  })
})

describe('people whom WeCom does not know', () => {
  const make = { does: 'make-chat', chatId: 'zhibub1', name: '水泉村党支部', ownerId: 'p-1' } as const
  const sync = { does: 'sync-chat' } as const

  /** Every list in which one of these stands is refused. */
  async function startWith(unknown: string[], chat: BranchChat | null) {
    const bench = await start(chat)
    await bench.store.update('township', async tx => {
      for (const personId of ['p-4', 'p-5']) await tx.insert(people, person(personId, { name: `名${personId}` }))
    })
    bench.judge.refuse = what => (unknown.some(userId => what.includes(userId)) ? refused(60111) : null)
    return bench
  }

  it('are left out of a group that is made, and named once', async () => {
    const bench = await startWith(['u-p-1', 'u-p-4'], null)
    await bench.queue({ what: make })
    await bench.chores.idle()
    expect((await bench.branch())?.chat).toEqual({
      kind: 'appchat',
      chatId: 'zhibub1',
      owner: 'u-p-2',
      members: ['u-p-2', 'u-p-3', 'u-p-5'],
      leftOut: ['p-1', 'p-4'],
    })
    expect(await bench.told()).toEqual([expect.stringMatching(/^p-2: .*建好了，3 人[\s\S]*2 人没有进支部群：.*名p-4/)])
    await bench.queue({ what: sync })
    await bench.chores.idle()
    expect(await bench.told()).toHaveLength(1)
  })

  it('hold up nobody else who comes or goes; the secretary hears of them when they change', async () => {
    const unknown = ['u-p-4']
    const bench = await startWith(unknown, {
      kind: 'appchat',
      chatId: 'zhibub1',
      members: ['u-p-1', 'u-p-2', 'u-gone'],
    })
    const look = async () => {
      await bench.queue({ what: sync })
      await bench.chores.idle()
      return (await bench.told()).length
    }
    expect(await look()).toBe(1)
    expect((await bench.branch())?.chat).toMatchObject({
      members: ['u-p-1', 'u-p-2', 'u-p-3', 'u-p-5'],
      leftOut: ['p-4'],
    })
    expect((await bench.told())[0]).toMatch(/^p-1: 1 人没有进支部群：名p-4.*“账号”一栏/)
    expect(await look()).toBe(1)
    await bench.store.update('township', tx => tx.insert(people, person('p-6')))
    unknown.push('u-p-6')
    expect(await look()).toBe(2)
    unknown.splice(0)
    expect(await look()).toBe(2)
    expect((await bench.branch())?.chat).toEqual({
      kind: 'appchat',
      chatId: 'zhibub1',
      members: ['u-p-1', 'u-p-2', 'u-p-3', 'u-p-4', 'u-p-5', 'u-p-6'],
    })
  })

  it('leave no group where fewer than two are known, which is said once', async () => {
    const bench = await startWith(['u-p-1', 'u-p-2', 'u-p-3', 'u-p-4'], null)
    await bench.queue({ what: make })
    await bench.pass(3600)
    expect([(await bench.branch())?.chat, await bench.states()]).toEqual([null, ['failed']])
    expect(await bench.told()).toEqual([expect.stringMatching(/^p-1,p-2: 支部群没有建成：.*不到 2 人/)])
  })

  it('or a roster of fewer than two, leave the group as it is, which is said once', async () => {
    const bench = await start()
    await bench.store.update('township', async tx => {
      for (const personId of ['p-2', 'p-3']) await tx.put(people, person(personId, { noPhone: true }))
    })
    for (let day = 0; day < 3; day += 1) {
      await bench.queue({ what: sync })
      await bench.pass(24 * 3600)
    }
    expect([bench.asked, await bench.told()]).toEqual([[], [expect.stringMatching(/^p-1: .*不到 2 人/)]])
  })

  it('do not undo what was made when WeCom is not reached half-way', async () => {
    const bench = await startWith(['u-p-5'], null)
    const refuse = bench.judge.refuse
    bench.judge.refuse = what => (what.startsWith('update') ? notConnected() : refuse(what))
    await bench.queue({ what: make })
    await bench.chores.idle()
    bench.judge.refuse = refuse
    await bench.pass(2)
    expect(bench.asked.filter(what => what.startsWith('create')).length).toBe(2)
    expect((await bench.branch())?.chat).toMatchObject({
      members: ['u-p-1', 'u-p-2', 'u-p-3', 'u-p-4'],
      leftOut: ['p-5'],
    })
    expect(await bench.told()).toEqual([expect.stringMatching(/建好了，4 人/)])
  })
})

it('recalls of one notice that come too late are told once, to who recalled too; those of another apart', async () => {
  const bench = await start()
  bench.script.push(refused(42052, 'message/recall'), refused(42052, 'message/recall'))
  const recall = (noticeId: string, msgids: readonly string[]) =>
    bench.store.update('township', async tx => {
      for (const msgid of msgids) {
        const lane = `notice:${noticeId}`
        await tx.chore({ lane, by: 'p-2', branchId: 'b-1', what: { does: 'recall', msgid } })
      }
    })
  await recall('n-1', ['msg-1', 'msg-2', 'msg-3'])
  await bench.chores.idle()
  expect(bench.asked).toEqual(['recall msg-1', 'recall msg-2', 'recall msg-3'])
  const TOLD = /^p-1,p-2: 通知 n-1 没有全部收回：请看说明 42052.*\n10:00，编号办1$/
  expect(await bench.told()).toEqual([expect.stringMatching(TOLD)])
  bench.script.push(refused(42052, 'message/recall'))
  await recall('n-2', ['msg-4'])
  await bench.chores.idle()
  expect(await bench.told()).toEqual([expect.stringMatching(TOLD), expect.stringContaining('通知 n-2 没有全部收回')])
})

it('what one look found is not done twice when the next was begun before it ended', async () => {
  const bench = await start()
  for (let round = 0; round < 25; round += 1) {
    await Promise.all([bench.post(`${round}`), bench.chores.idle(), bench.pass(1)])
  }
  await bench.chores.idle()
  expect([...bench.asked].sort()).toEqual(Array.from({ length: 25 }, (_, round) => `zhibub1: ${round}`).sort())
})
