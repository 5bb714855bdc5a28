import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { moveClock } from '../../src/clock.ts'
import { COLLECTIONS } from '../../src/store/collections.ts'
import { type LowdbStore, openLowdbStore } from '../../src/store/lowdb.ts'
import type { Collection } from '../../src/store/records.ts'
import { isPastHold, isPastKeeping } from '../../src/store/snapshots.ts'
import { Disk } from './disk.ts'
import { kept, type LogEntry, passing, SAMPLES, yearly } from './samples.ts'

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
const files = () => disk.paths().filter(path => /kept|passing|yearly/.test(path))
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

  it('goes from memory and disk when the years it is kept are over, and not a day before', async () => {
    await insert(yearly, entry('1', '2026-01-02'), entry('2', '2026-11-23'), entry('3', '2027-05-01'))
    laterBy('2028-12-31')
    await store.checkpoint()
    expect(await ids(yearly)).toEqual(['1', '2', '3'])
    laterBy('2029-01-01')
    await store.checkpoint()
    expect([await ids(yearly), files()]).toEqual([['3'], ['/data/yearly-2027.json']])
    disk = disk.crash('nothing')
    store = await open()
    expect(await ids(yearly)).toEqual(['3'])
  })

  it('that grew too old while nothing ran goes at the first checkpoint, whether its file or only its lines are left', async () => {
    await insert(yearly, entry('1', '2025-01-02'), entry('2', '2026-01-02'))
    await store.checkpoint()
    await insert(yearly, entry('3', '2025-01-02'))
    disk = disk.crash('nothing')
    await disk.remove('/data/yearly-2025.json')
    laterBy('2029-01-01')
    store = await open()
    expect(await store.checkpoint()).toBe(true)
    expect([await ids(yearly), files()]).toEqual([[], []])
    expect(await store.checkpoint()).toBe(true)
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

  it('is kept for its months after its last one', () => {
    const monthly = { ...kept, dropAfterMonths: 12 }
    expect(isPastKeeping(monthly, '2026-02', '2027-02-28')).toBe(false)
    expect(isPastKeeping(monthly, '2026-02', '2027-03-01')).toBe(true)
    expect(isPastKeeping(monthly, '2026-12', '2027-12-31')).toBe(false)
    expect(isPastKeeping(monthly, '2026-12', '2028-01-01')).toBe(true)
    expect(isPastKeeping(kept, '1999-12-31', '2026-01-01')).toBe(false)
    expect(isPastKeeping(passing, '2026-11-24', '2026-11-26')).toBe(true)
    expect(isPastKeeping(monthly, 'north', '2099-01-01')).toBe(false)
  })
})

describe('what is promised', () => {
  const promised = (name: string) => COLLECTIONS.find(one => one.name === name)?.kept

  it('is said in the words of the number that drops it', () => {
    const numbers = ['meetings', 'attendances', 'ballots', 'suggestions', 'audits', 'outbox', 'drafts', 'answers']
    expect(numbers.map(promised)).toEqual(['5 年', '5 年', '5 年', '5 年', '5 年', '1 年', '31 天', '1 天'])
  })

  it('names a number only where the store drops by it, and whatever is dropped has parts', () => {
    for (const { name, kept: words, part, dropAfterMonths, afterHold } of COLLECTIONS) {
      const goes = dropAfterMonths !== undefined || afterHold === 'delete'
      expect(/\d/.test(words), name).toBe(goes)
      if (goes) expect(part, name).toBeDefined()
    }
  })
})
