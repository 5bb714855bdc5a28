import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { moveClock, resetClock } from '../../src/clock.ts'
import { setLogLevel } from '../../src/log.ts'
import { type LowdbStore, openLowdbStore } from '../../src/store/lowdb.ts'
import type { Collection } from '../../src/store/records.ts'
import { isPastHold } from '../../src/store/snapshots.ts'
import { Disk } from './disk.ts'
import { kept, type LogEntry, passing, SAMPLES } from './samples.ts'

setLogLevel('silent')

let disk: Disk
let store: LowdbStore

const open = () =>
  openLowdbStore({
    folder: '/data',
    corpId: 'ww',
    files: disk,
    collections: SAMPLES,
    lock: async () => async () => undefined,
  })

beforeEach(async () => {
  moveClock(new Date('2026-11-24T04:00:00Z'))
  disk = new Disk()
  store = await open()
})

afterEach(async () => {
  await store.close()
  resetClock()
})

const entry = (id: string, day: string, text = ''): LogEntry => ({ id, day, owner: 'li', text })
const insert = (collection: Collection<LogEntry>, ...entries: LogEntry[]) =>
  store.update('x', async tx => {
    for (const one of entries) await tx.insert(collection, one)
  })
const ids = (collection: Collection<LogEntry>) =>
  store.read(async tx => (await tx.find(collection, 'owner', 'li')).map(r => r.id))
const inFile = (name: string): string[] => {
  const { records } = JSON.parse(disk.content(`/data/${name}`).toString())
  return records.map((r: LogEntry) => `${r.id}${r.text}`)
}
const files = () => disk.paths().filter(path => /kept|passing/.test(path))
const laterBy = (day: string) => moveClock(new Date(`${day}T04:00:00Z`))

describe('history', () => {
  it('stands in one file a part, which people can open', async () => {
    await insert(kept, entry('1', '2026-11-23'), entry('2', '2026-11-24'))
    await store.checkpoint()
    expect(files()).toEqual(['/data/kept-2026-11-23.json', '/data/kept-2026-11-24.json'])
    expect(inFile('kept-2026-11-23.json')).toEqual(['1'])
  })

  it('leaves memory at a checkpoint when it is older than it is held; its file stays', async () => {
    await insert(kept, entry('1', '2026-11-23'), entry('2', '2026-11-24'))
    laterBy('2026-12-23')
    await store.checkpoint()
    expect(await ids(kept)).toEqual(['1', '2'])
    laterBy('2026-12-24')
    await store.checkpoint()
    expect(await ids(kept)).toEqual(['2'])
    expect(inFile('kept-2026-11-23.json')).toEqual(['1'])
    await store.close()
    store = await open()
    expect(await ids(kept)).toEqual(['2'])
    expect(inFile('kept-2026-11-23.json')).toEqual(['1'])
  })

  it('that is only to pass goes from the disk too, and does not come back', async () => {
    await insert(passing, entry('1', '2026-11-24'))
    await store.checkpoint()
    await insert(passing, entry('2', '2026-11-24'))
    laterBy('2026-11-26')
    await store.checkpoint()
    expect([await ids(passing), files()]).toEqual([[], []])
    disk = disk.crash('nothing')
    store = await open()
    expect([await ids(passing), files()]).toEqual([[], []])
  })

  it('that grew too old while nothing ran is written before it leaves', async () => {
    await insert(kept, entry('1', '2026-11-23'))
    await store.checkpoint()
    await insert(kept, entry('2', '2026-11-23'))
    await store.update('x', tx => tx.put(kept, entry('1', '2026-11-23', '!')))
    disk = disk.crash('nothing')
    laterBy('2027-11-24')
    store = await open()
    await store.checkpoint()
    expect(await ids(kept)).toEqual([])
    expect(inFile('kept-2026-11-23.json')).toEqual(['1!', '2'])
  })

  it('that is written again after it left keeps what was in its file (the clock was moved back)', async () => {
    await insert(kept, entry('1', '2026-11-23'), entry('2', '2026-11-23'))
    laterBy('2027-01-01')
    await store.checkpoint()
    laterBy('2026-11-23')
    await insert(kept, entry('3', '2026-11-23'), entry('4', '2026-11-23'))
    await store.update('x', tx => tx.remove(kept, '4'))
    await store.checkpoint()
    expect(inFile('kept-2026-11-23.json')).toEqual(['1', '2', '3'])
    await store.update('x', tx => tx.remove(kept, '3'))
    disk = disk.crash('nothing')
    store = await open()
    expect(await ids(kept)).toEqual(['1', '2'])
    await store.close()
    expect(inFile('kept-2026-11-23.json')).toEqual(['1', '2'])
    store = await open()
    expect(await ids(kept)).toEqual(['1', '2'])
  })

  it('that people cleared away is not needed to start; history that is held is', async () => {
    await insert(kept, entry('1', '2026-01-01'), entry('2', '2026-11-24'))
    await store.close()
    await disk.remove('/data/kept-2026-01-01.json')
    store = await open()
    expect(await ids(kept)).toEqual(['2'])
    await store.close()
    await disk.remove('/data/kept-2026-11-24.json')
    await expect(open()).rejects.toThrow('kept-2026-11-24.json: the file is missing')
    disk = new Disk()
    store = await open()
  })

  it('is not rewritten when it did not change', async () => {
    await insert(kept, entry('1', '2026-11-23'), entry('2', '2026-11-24'))
    await store.checkpoint()
    const before = disk.content('/data/kept-2026-11-23.json')
    await insert(kept, entry('3', '2026-11-24'))
    await store.checkpoint()
    expect(disk.content('/data/kept-2026-11-23.json')).toBe(before)
    expect(inFile('kept-2026-11-24.json')).toEqual(['2', '3'])
  })

  it('whose part could not be a file name is refused', async () => {
    for (const day of ['../x', '', 'a/b', '-'])
      await expect(insert(kept, entry('1', day))).rejects.toThrow('names no part')
    expect(await ids(kept)).toEqual([])
  })
})

describe('a part', () => {
  it('is held for its days after its last one', () => {
    const monthly = { ...kept, holdDays: 31 }
    expect(isPastHold(monthly, '2026-10', '2026-12-01')).toBe(false)
    expect(isPastHold(monthly, '2026-10', '2026-12-02')).toBe(true)
    expect(isPastHold(monthly, '2026-12', '2027-01-31')).toBe(false)
    expect(isPastHold(monthly, '2025', '2026-02-01')).toBe(true)
    expect(isPastHold(passing, '2026-11-24', '2026-11-25')).toBe(false)
    expect(isPastHold(passing, '2026-11-24', '2026-11-26')).toBe(true)
    expect(isPastHold({ ...kept, holdDays: undefined }, '1999', '2026-01-01')).toBe(false)
    expect(isPastHold(kept, 'north', '2026-01-01')).toBe(false)
  })
})
