import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { moveClock } from '../../src/clock.ts'
import { type LowdbStore, openLowdbStore } from '../../src/store/lowdb.ts'
import type { StoreState } from '../../src/store/records.ts'
import { Disk } from './disk.ts'
import { kept, noteOf, notes, SAMPLES } from './samples.ts'

let store: LowdbStore
/** Of an earlier day that has left memory; of days that have not. */
const OLD = '2026-10-01'
const DAYS = ['2026-11-21', '2026-11-22', '2026-11-23']

const entry = (id: string, day: string, text = '') => ({ id, day, owner: 'li', text })

beforeEach(async () => {
  moveClock(new Date('2026-11-24T04:00:00Z'))
  const lock = async () => async () => undefined
  store = await openLowdbStore({ folder: '/db', corpId: 'ww', collections: SAMPLES, files: new Disk(), lock })
  await store.update('x', async tx => {
    for (const id of ['a', 'b', 'c']) await tx.insert(notes, noteOf(id))
    for (const day of [OLD, ...DAYS]) for (const n of [1, 2]) await tx.insert(kept, entry(`${day}/${n}`, day))
  })
  await store.checkpoint()
})
afterEach(async () => {
  await store.close()
})

async function textOf(state: StoreState, between: () => Promise<unknown> = async () => undefined): Promise<string> {
  let all = ''
  await between()
  for await (const { text } of state.slices()) {
    all += text
    await between()
  }
  return all
}

const change = fc.record({
  does: fc.constantFrom('insert', 'put', 'move', 'remove', 'note'),
  which: fc.nat(),
  day: fc.constantFrom(OLD, ...DAYS, '2026-11-24'),
})
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

let inserted = 0
const make = ({ does, which, day }: Change) =>
  store.update('x', async tx => {
    const all = await tx.all(kept)
    const one = all[which % all.length]
    if (does === 'insert') await tx.insert(kept, entry(`new${++inserted}`, day))
    else if (does === 'note') await tx.put(notes, noteOf('b', { size: which }))
    else if (one && does === 'remove') await tx.remove(kept, one.id)
    else if (one) await tx.put(kept, { ...one, text: `${one.text}!`, ...(does === 'move' && { day }) })
  })

describe('a state', () => {
  it('is the one at its beginning, whatever is committed before and between its slices', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async changes => {
        const before = await store.state(textOf)
        let next = 0
        const between = async () => {
          const one = changes[next++]
          if (one) await make(one)
        }
        expect(await store.state(state => textOf(state, between))).toBe(before)
      }),
      { numRuns: 300 },
    )
  })

  it('tells the records of a part in the order of their insertion, once each, also of what is on disk alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 6 }), async changes => {
        for (const one of changes) await make(one)
        const text = await store.state(textOf)
        const lines = text
          .trimEnd()
          .split('\n')
          .map(line => JSON.parse(line))
        const places = lines.flatMap(([name, order, { id, day }]) => (name === 'kept' ? [{ day, order, id }] : []))
        const sorted = places.toSorted((a, b) => (a.day === b.day ? a.order - b.order : a.day < b.day ? -1 : 1))
        expect(places).toEqual(sorted)
        expect(new Set(places.map(({ id }) => id)).size).toBe(places.length)
        expect(places.map(({ id }) => id)).toEqual(expect.arrayContaining([`${OLD}/1`, `${OLD}/2`]))
      }),
      { numRuns: 100 },
    )
  })

  it('and a checkpoint wait for each other', async () => {
    const order: string[] = []
    const note = (what: string) => () => order.push(what)
    const first = store.checkpoint().then(note('checkpoint'))
    const state = store.state(async () => {
      order.push('begun')
      void store.checkpoint().then(note('second checkpoint'))
      for (let turn = 0; turn < 500; turn++) await new Promise(resolve => setImmediate(resolve))
      order.push('ended')
    })
    await Promise.all([first, state])
    await store.checkpoint()
    expect(order).toEqual(['checkpoint', 'begun', 'ended', 'second checkpoint'])
  })

  it('that fails leaves the store as it was', async () => {
    await expect(store.state(async () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await make({ does: 'insert', which: 0, day: OLD })
    expect(await store.checkpoint()).toBe(true)
    expect(await store.state(textOf)).toContain(`["kept",`)
  })
})
