import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { audits, drafts, outbox } from '../../src/store/collections.ts'
import { insideUpdate } from '../../src/store/inside.ts'
import { DuplicateKeyError, type Store, type Tx } from '../../src/store/records.ts'
import { kept, type Note, noteOf, notes } from './samples.ts'

/** A store on durable ground: `open` may be called again after `close`, and finds what was there. */
export interface Ground {
  open(): Promise<Store>
  remove(): Promise<void>
}

/** What every engine promises. `begin` makes an empty ground with the collections of samples.ts. */
export function describeStore(name: string, begin: () => Promise<Ground>): void {
  let ground: Ground
  let store: Store

  beforeEach(async () => {
    ground = await begin()
    store = await ground.open()
  })

  afterEach(async () => {
    await store.close()
    await ground.remove()
  })

  const reopen = async () => {
    await store.close()
    store = await ground.open()
  }
  const insert = (...records: Note[]) =>
    store.update('township', async tx => {
      for (const record of records) await tx.insert(notes, record)
    })
  const get = (id: string) => store.read(tx => tx.get(notes, id))
  const ids = (found: readonly { id: string }[]) => found.map(r => r.id)
  const find = (index: string, value: string) => store.read(async tx => ids(await tx.find(notes, index, value)))

  describe(`${name}: records`, () => {
    it('gives back what was inserted, put and removed', async () => {
      await insert(noteOf('a'), noteOf('b'))
      await store.update('x', async tx => {
        await tx.put(notes, noteOf('a', { size: 7 }))
        await tx.remove(notes, 'b')
      })
      expect(await get('a')).toEqual(noteOf('a', { size: 7 }))
      expect(await get('b')).toBeUndefined()
      await reopen()
      expect(await get('a')).toEqual(noteOf('a', { size: 7 }))
      expect(await get('b')).toBeUndefined()
    })

    it('keeps every character: Chinese, newlines, quotes, halves of a pair', async () => {
      const owner = '张三\n"\\\u2028\u0000😀\ud83d'
      await insert(noteOf('键"\n', { owner }))
      await reopen()
      expect(await get('键"\n')).toEqual(noteOf('键"\n', { owner }))
      expect(await find('owner', owner)).toEqual(['键"\n'])
    })

    it('refuses a key that is taken', async () => {
      await insert(noteOf('a'))
      await expect(insert(noteOf('a'))).rejects.toThrow(DuplicateKeyError)
    })

    it('refuses to put what is not there', async () => {
      await expect(store.update('x', tx => tx.put(notes, noteOf('a')))).rejects.toThrow('nothing to put')
      expect(await get('a')).toBeUndefined()
    })

    it('takes the removal of what is not there as done', async () => {
      await store.update('x', tx => tx.remove(notes, 'a'))
      expect(await get('a')).toBeUndefined()
    })

    it('changes nothing when a record is not valid', async () => {
      const wrong = { ...noteOf('b'), size: 1.5 }
      await expect(insert(noteOf('a'), wrong)).rejects.toThrow(/notes: not a valid record: size/)
      expect(await get('a')).toBeUndefined()
    })

    it('does not tell what an invalid record says', async () => {
      const wrong = { ...noteOf('b'), size: Number.NaN, owner: '王小明' }
      await expect(insert(wrong)).rejects.toThrow(expect.not.stringContaining('王小明'))
    })

    it('stores no keys that the schema does not know', async () => {
      await insert({ ...noteOf('a'), ...{ phone: '13800000000' } })
      expect(await get('a')).toEqual(noteOf('a'))
    })

    it('is not changed by what the caller does with his object afterwards', async () => {
      const record = noteOf('a', { tags: ['x'] })
      await insert(record)
      record.tags.push('y')
      expect(await get('a')).toEqual(noteOf('a', { tags: ['x'] }))
    })
  })

  describe(`${name}: unique keys`, () => {
    it('finds the one record of a value, also after it changed hands', async () => {
      await insert(noteOf('a', { code: '1' }), noteOf('b', { code: '2' }))
      await store.update('x', async tx => {
        await tx.put(notes, noteOf('a', { code: null }))
        await tx.put(notes, noteOf('b', { code: '1' }))
      })
      const by = (value: string) => store.read(async tx => (await tx.getBy(notes, 'code', value))?.id)
      expect([await by('1'), await by('2')]).toEqual(['b', undefined])
      await reopen()
      expect([await by('1'), await by('2')]).toEqual(['b', undefined])
    })

    it('refuses a value that another record has, by insert and by put', async () => {
      await insert(noteOf('a', { code: '1' }), noteOf('b'))
      await expect(insert(noteOf('c', { code: '1' }))).rejects.toThrow(DuplicateKeyError)
      await expect(store.update('x', tx => tx.put(notes, noteOf('b', { code: '1' })))).rejects.toThrow(
        DuplicateKeyError,
      )
    })

    it('refuses a value taken in the same update, and takes one that was given free in it', async () => {
      await expect(insert(noteOf('a', { code: '1' }), noteOf('b', { code: '1' }))).rejects.toThrow(DuplicateKeyError)
      await insert(noteOf('a', { code: '1' }))
      await store.update('x', async tx => {
        await tx.remove(notes, 'a')
        await tx.insert(notes, noteOf('b', { code: '1' }))
        expect((await tx.getBy(notes, 'code', '1'))?.id).toBe('b')
      })
    })

    it('lets any number of records do without', async () => {
      await insert(noteOf('a'), noteOf('b'), noteOf('c'))
    })
  })

  describe(`${name}: indexes`, () => {
    it('finds by each of several values, and counts the same', async () => {
      await insert(noteOf('a', { tags: ['x', 'y'] }), noteOf('b', { tags: ['y', 'y'] }), noteOf('c'))
      expect([await find('tag', 'x'), await find('tag', 'y'), await find('tag', 'z')]).toEqual([['a'], ['a', 'b'], []])
      expect(await store.read(tx => tx.count(notes, 'tag', 'y'))).toBe(2)
    })

    it('follows a put', async () => {
      await insert(noteOf('a', { tags: ['x', 'y'] }), noteOf('b', { tags: ['x'] }))
      await store.update('x', tx => tx.put(notes, noteOf('a', { tags: ['y', 'z'], size: 99 })))
      expect([await find('tag', 'x'), await find('tag', 'z'), await find('large', 'yes')]).toEqual([
        ['b'],
        ['a'],
        ['a'],
      ])
    })

    it('gives records in the order of their insertion, whatever happened to them since', async () => {
      await insert(noteOf('c'), noteOf('a'), noteOf('b'))
      await store.update('x', tx => tx.put(notes, noteOf('c', { owner: 'wang' })))
      await store.update('x', tx => tx.put(notes, noteOf('c')))
      expect(await find('owner', 'li')).toEqual(['c', 'a', 'b'])
      await store.update('x', async tx => {
        await tx.remove(notes, 'a')
        await tx.insert(notes, noteOf('a'))
        expect(ids(await tx.find(notes, 'owner', 'li'))).toEqual(['c', 'b', 'a'])
      })
      expect(await find('owner', 'li')).toEqual(['c', 'b', 'a'])
      await reopen()
      expect(await find('owner', 'li')).toEqual(['c', 'b', 'a'])
      expect(ids(await store.read(tx => tx.all(notes)))).toEqual(['c', 'b', 'a'])
    })

    it('gives records of several parts in the order of their insertion', async () => {
      const entry = (id: string, day: string) => ({ id, day, owner: 'li', text: '' })
      const far = '2099-01-01'
      await store.update('x', async tx => {
        await tx.insert(kept, entry('1', '2099-01-02'))
        await tx.insert(kept, entry('2', far))
        await tx.insert(kept, entry('3', '2099-01-02'))
      })
      const all = () => store.read(async tx => ids(await tx.find(kept, 'owner', 'li')))
      await reopen()
      expect(await all()).toEqual(['1', '2', '3'])
      await store.update('x', tx => tx.put(kept, entry('1', far)))
      await reopen()
      expect(await all()).toEqual(['1', '2', '3'])
    })
  })

  describe(`${name}: updates`, () => {
    it('see what they did themselves', async () => {
      await insert(noteOf('a', { tags: ['x'] }), noteOf('b', { tags: ['x'] }))
      await store.update('x', async tx => {
        await tx.put(notes, noteOf('b', { tags: [], code: '9' }))
        await tx.insert(notes, noteOf('c', { tags: ['x'] }))
        expect(ids(await tx.find(notes, 'tag', 'x'))).toEqual(['a', 'c'])
        expect(await tx.count(notes, 'tag', 'x')).toBe(2)
        expect(ids(await tx.all(notes))).toEqual(['a', 'b', 'c'])
        expect((await tx.getBy(notes, 'code', '9'))?.id).toBe('b')
        await tx.remove(notes, 'a')
        expect(await tx.get(notes, 'a')).toBeUndefined()
        expect(await tx.count(notes, 'tag', 'x')).toBe(1)
      })
    })

    it('change nothing when they throw, in no collection', async () => {
      await insert(noteOf('a'))
      const failing = store.update('x', async tx => {
        await tx.put(notes, noteOf('a', { size: 5 }))
        await tx.insert(notes, noteOf('b', { code: '1' }))
        await tx.audit({ by: 'p-1', branchId: null, what: 'test', about: 'b' })
        await tx.send({ text: '…' }, ['p-2'])
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      await reopen()
      expect(await store.read(tx => tx.all(notes))).toEqual([noteOf('a')])
      expect(await store.read(tx => tx.all(audits))).toEqual([])
      expect(await store.read(tx => tx.all(outbox))).toEqual([])
      expect(await store.read(tx => tx.getBy(notes, 'code', '1'))).toBeUndefined()
    })

    it('of one lock run one after the other', async () => {
      await insert(noteOf('a', { size: 0 }))
      const add = () =>
        store.update('note:a', async tx => {
          const before = await tx.get(notes, 'a')
          await tx.find(notes, 'owner', 'li')
          await tx.put(notes, noteOf('a', { size: (before?.size ?? 0) + 1 }))
        })
      await Promise.all(Array.from({ length: 500 }, add))
      expect((await get('a'))?.size).toBe(500)
    })

    it('take several locks whatever their order', async () => {
      await insert(noteOf('a', { size: 0 }))
      const add = (lock: string[]) =>
        store.update(lock, async tx => {
          await tx.put(notes, noteOf('a', { size: ((await tx.get(notes, 'a'))?.size ?? 0) + 1 }))
        })
      await Promise.all([add(['a', 'b']), add(['b', 'a']), add(['a', 'b']), add(['b', 'a'])])
      expect((await get('a'))?.size).toBe(4)
    })

    it('refuse a nested update and a nested read', async () => {
      const nestedUpdate = store.update('x', () => store.update('y', async () => 1))
      await expect(nestedUpdate).rejects.toThrow('inside an update')
      const nestedRead = store.update('x', () => store.read(async () => 1))
      await expect(nestedRead).rejects.toThrow('inside an update')
      expect(await store.update('x', async () => 1)).toBe(1)
    })

    it('can be told from outside', async () => {
      expect(insideUpdate()).toBe(false)
      expect(await store.update('x', async tx => [await tx.count(notes, 'owner', 'li'), insideUpdate()])).toEqual([
        0,
        true,
      ])
      expect(insideUpdate()).toBe(false)
      expect(await store.read(async () => insideUpdate())).toBe(false)
    })

    it('that await something else than tx are given up after 100 ms, and the next ones go on', async () => {
      let late: Tx | undefined
      const never = store.update('x', async tx => {
        late = tx
        await tx.insert(notes, noteOf('a'))
        await new Promise(() => undefined)
      })
      const next = store.update('x', tx => tx.insert(notes, noteOf('b')))
      await expect(never).rejects.toThrow('more than 100 ms')
      await next
      await expect(late?.insert(notes, noteOf('c'))).rejects.toThrow('over')
      expect(ids(await store.read(tx => tx.all(notes)))).toEqual(['b'])
    })

    it('that go on after they were given up change nothing, and are inside of nothing', async () => {
      const said: unknown[] = []
      let goneOn = () => {}
      const over = new Promise<void>(resolve => {
        goneOn = resolve
      })
      const stubborn = store.update('x', async tx => {
        await new Promise(resolve => setTimeout(resolve, 200))
        const refusals = [tx.insert(notes, noteOf('late')), tx.get(notes, 'b'), tx.nextId('m')]
        said.push(insideUpdate(), ...(await Promise.allSettled(refusals)).map(one => one.status))
        goneOn()
      })
      await expect(stubborn).rejects.toThrow('more than 100 ms')
      // Others come and go meanwhile, so that nothing is under way at one time and something at another.
      await store.update('x', tx => tx.insert(notes, noteOf('b')))
      await over
      expect(said).toEqual([false, 'rejected', 'rejected', 'rejected'])
      expect(ids(await store.read(tx => tx.all(notes)))).toEqual(['b'])
      expect(await store.update('x', tx => tx.nextId('m'))).toBe('m-1')
    })

    it('know that they are inside through a chain of calls, whatever ended before', async () => {
      const deep = async (tx: Tx, depth: number): Promise<boolean[]> => {
        await tx.get(notes, `n${depth}`)
        const here = insideUpdate()
        return depth === 0 ? [here] : [here, ...(await Promise.all([deep(tx, depth - 1)])).flat()]
      }
      const outside = async () => {
        for (let n = 0; n < 50; n++) await Promise.resolve()
        return insideUpdate()
      }
      for (let round = 0; round < 3; round++) {
        const inside = store.update('x', async tx => {
          await tx.count(notes, 'owner', 'li')
          return deep(tx, 20)
        })
        const [chain, ...others] = await Promise.all([
          inside,
          outside(),
          store.update('y', tx => deep(tx, 3)),
          outside(),
        ])
        expect([chain, others]).toEqual([Array(21).fill(true), [false, Array(4).fill(true), false]])
        expect(insideUpdate()).toBe(false)
      }
    })

    it('that hold the loop too long are run once more, and then given up', async () => {
      let runs = 0
      const slowUntil = (last: number) =>
        store.update('x', async tx => {
          const end = performance.now() + (++runs < last ? 110 : 0)
          while (performance.now() < end);
          await tx.insert(notes, noteOf(`n${runs}`))
        })
      await slowUntil(2)
      expect([runs, ids(await store.read(tx => tx.all(notes)))]).toEqual([2, ['n2']])
      runs = 10
      await expect(slowUntil(99)).rejects.toThrow('more than 100 ms')
      expect([runs, ids(await store.read(tx => tx.all(notes)))]).toEqual([12, ['n2']])
    })

    it('that name themselves long have more time', async () => {
      const run = async (tx: Tx) => {
        const end = performance.now() + 150
        while (performance.now() < end);
        await tx.insert(notes, noteOf('a'))
      }
      await store.update('township', run, { long: 'import' })
      expect(await get('a')).toBeDefined()
    })

    it('have one instant', async () => {
      await store.update('x', async tx => {
        const before = tx.now
        await tx.get(notes, 'a')
        expect(tx.now).toBe(before)
      })
    })

    it('are there after the next start, all of them', async () => {
      await Promise.all(Array.from({ length: 200 }, (_, n) => insert(noteOf(`n${n}`, { tags: [`t${n % 7}`] }))))
      const before = await store.read(tx => tx.all(notes))
      await reopen()
      expect(await store.read(tx => tx.all(notes))).toEqual(before)
      expect(await find('tag', 't3')).toEqual(before.filter(r => r.tags.includes('t3')).map(r => r.id))
    })

    it('are refused after close', async () => {
      const closing = store.close()
      await expect(store.update('x', async () => 1)).rejects.toThrow('closed')
      await expect(store.read(async () => 1)).rejects.toThrow('closed')
      await closing
      store = await ground.open()
    })
  })

  describe(`${name}: reads`, () => {
    it('see one state, between two updates', async () => {
      await insert(noteOf('a', { size: 0 }), noteOf('b', { size: 0 }))
      const step = (n: number) =>
        store.update('x', async tx => {
          await tx.put(notes, noteOf('a', { size: n }))
          await tx.put(notes, noteOf('b', { size: n }))
        })
      const look = () => store.read(async tx => [(await tx.get(notes, 'a'))?.size, (await tx.get(notes, 'b'))?.size])
      const seen = await Promise.all(Array.from({ length: 100 }, async (_, n) => [await step(n), await look()][1]))
      for (const [a, b] of seen.map(pair => pair ?? [])) expect(a).toBe(b)
    })

    it('that wait for something else do not hold up the others', async () => {
      let release = () => {}
      const gate = new Promise<void>(resolve => {
        release = resolve
      })
      const slow = store.read(async tx => {
        await gate
        return tx.count(notes, 'owner', 'li')
      })
      await insert(noteOf('a'))
      release()
      expect(await slow).toBe(1)
    })
  })

  describe(`${name}: a state`, () => {
    it('tells every record by collection, part and insertion, as JSON lines, the same after a start', async () => {
      const text = () =>
        store.state(async state => {
          let all = ''
          for await (const slice of state.slices()) all += slice.text
          return all
        })
      await insert(noteOf('b'), noteOf('a', { owner: '张三\n' }))
      const entry = (id: string, day: string) => ({ id, day, owner: 'li', text: '' })
      await store.update('x', async tx => {
        await tx.insert(kept, entry('1', '2099-01-02'))
        await tx.insert(kept, entry('2', '2099-01-01'))
        await tx.put(notes, noteOf('b', { size: 7 }))
      })
      const linesOf = (all: string) =>
        all
          .trimEnd()
          .split('\n')
          .map(line => JSON.parse(line))
      const before = await text()
      const found = linesOf(before).map(([collection, , { id }]) => [collection, id])
      expect(found).toEqual([
        ['notes', 'b'],
        ['notes', 'a'],
        ['kept', '2'],
        ['kept', '1'],
      ])
      expect(linesOf(before)[0]?.[2]).toEqual(noteOf('b', { size: 7 }))
      await reopen()
      expect(await text()).toBe(before)
    })
  })

  describe(`${name}: ids, messages, drafts, audit`, () => {
    it('never gives a number twice in a storm, nor after a start', async () => {
      const take = () => store.update('x', tx => tx.nextId('m'))
      const first = await Promise.all(Array.from({ length: 300 }, take))
      await reopen()
      const all = [...first, ...(await Promise.all(Array.from({ length: 50 }, take)))]
      expect(new Set(all).size).toBe(350)
      expect(all.at(-1)).toBe('m-350')
      expect(await store.update('x', tx => tx.nextId('q'))).toBe('q-1')
    })

    it('queues a message with its recipients, and tells the listener when it is durable', async () => {
      const listener = vi.fn()
      const stop = store.onQueued(listener)
      await insert(noteOf('a'))
      expect(listener).not.toHaveBeenCalled()
      const message = {
        text: '通知',
        facts: [{ label: '时间', value: '19:00' }],
        choices: [{ label: '收到', line: '/收到 n-1' }],
      }
      const dueAt = new Date('2030-01-01T00:00:00Z')
      await store.update('x', tx => tx.send(message, ['p-2', 'p-1'], { about: 'n-1', dueAt }))
      await vi.waitFor(() => expect(listener).toHaveBeenCalledTimes(1))
      stop()
      await store.update('x', tx => tx.send({ text: '2' }, ['p-1']))
      expect(listener).toHaveBeenCalledTimes(1)
      await reopen()
      const [first, second] = await store.read(tx => tx.find(outbox, 'unfinished', 'yes'))
      expect(first).toMatchObject({
        outgoingId: 'o-1',
        number: 1,
        message,
        to: ['p-2', 'p-1'],
        about: 'n-1',
        state: 'waiting',
      })
      expect(first?.dueAt).toBe(dueAt.toISOString())
      expect(second).toMatchObject({ outgoingId: 'o-2', number: 2, dueAt: second?.at, dedupeKey: null, calls: null })
    })

    it('queues nothing to nobody', async () => {
      await store.update('x', tx => tx.send({ text: '通知' }, []))
      expect(await store.read(tx => tx.all(outbox))).toEqual([])
    })

    it('queues a message with the same key once, also within one update', async () => {
      const send = () => store.update('x', tx => tx.send({ text: '提醒' }, ['p-1'], { key: 'job 08:00 p-1 m-1' }))
      await Promise.all([send(), send()])
      await reopen()
      await send()
      await store.update('x', async tx => {
        await tx.send({ text: '1' }, ['p-1'], { key: 'other' })
        await tx.send({ text: '1' }, ['p-1'], { key: 'other' })
      })
      expect(await store.read(tx => tx.all(outbox))).toHaveLength(2)
    })

    it('keeps a draft until it is settled', async () => {
      const content = { kinds: ['党课'], at: new Date(0), left: undefined }
      const id = await store.update('x', tx =>
        tx.draft({ command: 'meeting-new', branchId: 'b-1', by: 'p-1', content }),
      )
      await reopen()
      const draft = await store.read(tx => tx.get(drafts, id))
      expect(draft).toMatchObject({ draftId: 'd-1', command: 'meeting-new', group: null, state: 'open' })
      expect(draft?.content).toEqual({ kinds: ['党课'], at: '1970-01-01T00:00:00.000Z' })
      if (draft) await store.update('x', tx => tx.put(drafts, { ...draft, state: 'dropped' }))
      expect(await store.read(tx => tx.count(drafts, 'openBy', 'p-1'))).toBe(0)
    })

    it('appends to the audit', async () => {
      const entry = {
        by: 'p-1',
        branchId: 'b-1',
        what: 'close-meeting',
        about: 'm-17',
        before: { state: 'open' },
        why: '到点',
      }
      await store.update('x', tx => tx.audit(entry))
      await reopen()
      const [audit] = await store.read(tx => tx.all(audits))
      expect(audit).toMatchObject(entry)
    })
  })
}
