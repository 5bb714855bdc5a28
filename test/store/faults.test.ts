import { describe, expect, it } from 'vitest'
import { type LowdbStore, openLowdbStore } from '../../src/store/lowdb.ts'
import type { Store } from '../../src/store/records.ts'
import { Disk, type Fault, type Loss } from './disk.ts'
import { kept, noteOf, notes, SAMPLES } from './samples.ts'

const FOLDER = '/data'

interface World {
  disk: Disk
  acknowledged: Set<number>
  attempted: number
  fatal: boolean
}

const newWorld = (): World => ({ disk: new Disk(), acknowledged: new Set(), attempted: 0, fatal: false })

const open = (world: World): Promise<LowdbStore> =>
  openLowdbStore({
    folder: FOLDER,
    corpId: 'ww-test',
    files: world.disk,
    collections: SAMPLES,
    lock: async () => async () => undefined,
    fatal: () => {
      world.fatal = true
    },
  })

/** Each update writes to three collections: note n, entry n (which moves to another part later), and the number of both. */
async function addOne(store: Store, world: World): Promise<void> {
  const n = ++world.attempted
  await store.update('township', async tx => {
    await tx.insert(notes, noteOf(`n${n}`, { code: `c${n}`, tags: [`t${n % 3}`, 'all'] }))
    await tx.insert(kept, { id: `e${n}`, day: `2099-01-0${1 + (n % 3)}`, owner: 'li', text: '字'.repeat(n % 50) })
    const earlier = await tx.get(kept, `e${n - 2}`)
    if (earlier) await tx.put(kept, { ...earlier, day: '2099-02-01' })
    const total = await tx.get(notes, 'total')
    if (total) await tx.put(notes, { ...total, size: total.size + 1 })
    else await tx.insert(notes, noteOf('total', { size: 1 }))
  })
  if (world.fatal) throw new Error(`${n} was acknowledged after the journal had failed`)
  world.acknowledged.add(n)
}

const burst = (store: Store, world: World, count: number) =>
  Promise.allSettled(Array.from({ length: count }, () => addOne(store, world)))

/** A day of a small store: open, storm, checkpoint in the middle of it, more, close, open, storm, close. */
async function live(world: World): Promise<void> {
  for (const _ of [1, 2]) {
    const store = await open(world).catch(() => undefined)
    if (!store) return
    await burst(store, world, 5)
    await burst(store, world, 5)
    const checkpoint = store.checkpoint()
    await burst(store, world, 4)
    await burst(store, world, 4)
    await checkpoint
    await burst(store, world, 3)
    await store.close().catch(() => undefined)
    if (world.fatal) return
  }
}

/** Everything acknowledged is there; whatever is there is whole. */
async function verify(world: World): Promise<void> {
  world.fatal = false
  const store = await open(world)
  let seen = 0
  await store.read(async tx => {
    const numbers = new Set((await tx.all(notes)).filter(r => r.id !== 'total').map(r => Number(r.id.slice(1))))
    const entries = new Set((await tx.all(kept)).map(r => Number(r.id.slice(1))))
    for (const n of world.acknowledged) expect(numbers, `acknowledged ${n}`).toContain(n)
    expect(entries).toEqual(numbers)
    expect((await tx.get(notes, 'total'))?.size ?? 0).toBe(numbers.size)
    expect(await tx.count(notes, 'tag', 'all')).toBe(numbers.size)
    seen = numbers.size
    for (const n of numbers) expect((await tx.getBy(notes, 'code', `c${n}`))?.id).toBe(`n${n}`)
  })
  // What somebody was told after the start outlasts the power, too.
  const afterCut = await open({ ...world, disk: world.disk.crash('all') })
  expect(await afterCut.read(tx => tx.count(notes, 'tag', 'all'))).toBe(seen)
  // And it goes on: another storm, another start.
  await burst(store, world, 2)
  await store.close()
  const again = await open(world)
  expect((await again.read(tx => tx.get(notes, 'total')))?.size).toBeGreaterThanOrEqual(world.acknowledged.size)
  await again.close()
}

/** A reproducible stand-in for chance. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return state / 0x7fffffff
  }
}

async function everyCall(how: Fault, loss: Loss): Promise<number> {
  for (let k = 1; ; k++) {
    const world = newWorld()
    world.disk.failAt(k, how)
    await live(world)
    const survived = !world.disk.failed
    world.disk = world.disk.crash(loss, randomFrom(k))
    try {
      await verify(world)
    } catch (error) {
      throw new Error(`call ${k}, ${how}, lost: ${loss}`, { cause: error })
    }
    if (survived) return k - 1
  }
}

describe('a file-system call that fails, whichever it is,', () => {
  for (const loss of ['nothing', 'all', 'some'] as const) {
    it(`with an error loses nothing acknowledged and leaves nothing half-done (lost of the unsynced: ${loss})`, async () => {
      expect(await everyCall('error', loss)).toBeGreaterThan(60)
    })
    it(`after half of a write loses nothing acknowledged (lost of the unsynced: ${loss})`, async () => {
      await everyCall('half', loss)
    })
    it(`with all that follow it (power cut) loses nothing acknowledged (lost of the unsynced: ${loss})`, async () => {
      await everyCall('gone', loss)
    })
  }

  it('by writing less than it was given is simply called again', async () => {
    for (let k = 1; ; k++) {
      const world = newWorld()
      world.disk.failAt(k, 'short')
      await live(world)
      expect(world.fatal).toBe(false)
      expect(world.acknowledged.size).toBe(world.attempted)
      if (!world.disk.failed) break
      world.disk = world.disk.crash('nothing')
      await verify(world)
    }
  })
})

describe('a journal that cannot be written', () => {
  it('is fatal at once: nothing is acknowledged any more, and nothing is written any more', async () => {
    const world = newWorld()
    const store = await open(world)
    await burst(store, world, 3)
    world.disk.full = path => path.includes('journal')
    const results = await burst(store, world, 3)
    expect(world.fatal).toBe(true)
    expect(results.map(r => r.status)).toEqual(['rejected', 'rejected', 'rejected'])
    world.disk.heal()
    const { calls } = world.disk
    await expect(addOne(store, world)).rejects.toThrow('nothing is accepted any more')
    await expect(store.read(tx => tx.all(notes))).rejects.toThrow('nothing is accepted any more')
    expect(world.disk.calls).toBe(calls)
    await store.close()
    await verify(world)
  })
})

describe('a disk that is full at a checkpoint', () => {
  it('loses nothing: updates go on, and the next checkpoint succeeds', async () => {
    const world = newWorld()
    const store = await open(world)
    await burst(store, world, 10)
    world.disk.full = path => path.endsWith('.tmp')
    expect(await store.checkpoint()).toBe(false)
    await burst(store, world, 10)
    expect(await store.checkpoint()).toBe(false)
    expect(world.acknowledged.size).toBe(20)
    world.disk.heal()
    expect(await store.checkpoint()).toBe(true)
    expect(world.disk.paths().filter(path => path.includes('journal'))).toHaveLength(1)
    await store.close()
    await verify(world)
  })

  it('leaves no half-written file behind', async () => {
    const world = newWorld()
    const store = await open(world)
    await burst(store, world, 2)
    world.disk.full = path => path.endsWith('.tmp')
    await store.checkpoint()
    expect(world.disk.paths().filter(path => path.endsWith('.tmp'))).toEqual([])
    world.disk.heal()
    await store.close()
  })
})
