import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCommands } from '../src/bot/load.ts'
import { moveClock, now, resetClock } from '../src/clock.ts'
import { makeSampleTownship } from '../src/demonstration.ts'
import { brokenAt } from '../src/domain/dues-ledger.ts'
import { type DuesEntry, dues, duesBooks, outbox, people } from '../src/store/collections.ts'
import { type LowdbStore, openLowdbStore } from '../src/store/lowdb.ts'

/** What the simulator's township begins with: two years of dues that its own people said. */
const ROSTER = new URL('../data/sample-roster.csv', import.meta.url)
const PRESENT = new Date('2026-11-24T10:00:00+08:00')

let folder: string
let store: LowdbStore
let said: string[]
let lines: readonly DuesEntry[]

const registry = await loadCommands(fileURLToPath(new URL('../commands/', import.meta.url)))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhibu-sample-'))
  moveClock(PRESENT)
  said = await makeSampleTownship({ folder, corpId: 'ww-test', roster: ROSTER, registry })
  store = await openLowdbStore({ folder, corpId: 'ww-test' })
  lines = await store.read(tx => tx.all(dues))
})

afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
  resetClock()
})

describe('the sample township', () => {
  it('took every line that its people said', () => {
    const refused = said.filter(
      line =>
        !/: (?:收据号 D|已记下（c-|已确认。收据号 D|已记：|已定：|已记有误：|已冲销 D|冲销崔颖的哪一张)/u.test(line),
    )
    expect(refused).toEqual([])
    expect(said.length).toBeGreaterThan(400)
  })

  it('has every kind of line and every case in two years', async () => {
    expect(new Set(lines.map(({ kind }) => kind))).toEqual(
      new Set(['claimed', 'confirmed', 'rejected', 'collected', 'reversed']),
    )
    expect(new Set(lines.map(({ at }) => at.slice(0, 7))).size).toBe(24)
    const monthIn = ({ at }: DuesEntry) => new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 7)
    expect(lines.some(line => line.months.some(({ month }) => month > monthIn(line)))).toBe(true)
    expect(lines.some(line => line.months.some(({ month }) => month < monthIn(line)))).toBe(true)
    expect(lines.some(({ paidBy }) => paidBy !== null)).toBe(true)
    const all = await store.read(tx => tx.all(people))
    expect(all.some(({ duesReliefs }) => duesReliefs?.some(({ fen }) => fen === 0))).toBe(true)
    expect(all.some(({ duesReliefs }) => duesReliefs?.some(({ fen }) => fen > 0))).toBe(true)
    expect(all.some(({ duesStandards }) => (duesStandards?.length ?? 0) > 1)).toBe(true)
    expect(all.some(({ name, monthlyDuesFen }) => name === '田野' && monthlyDuesFen === null)).toBe(true)
  })

  it('has books that are whole, and one claim that waits', async () => {
    const books = await store.read(tx => tx.all(duesBooks))
    expect(books).toHaveLength(3)
    for (const book of books) {
      const own = lines.filter(({ branchId }) => branchId === book.branchId)
      expect(brokenAt(own, book)).toBeNull()
    }
    expect(books.flatMap(({ openClaims }) => openClaims)).toHaveLength(1)
  })

  it('tells nobody today what was told then, and leaves the clock where it was', async () => {
    expect(await store.read(tx => tx.find(outbox, 'unfinished', 'yes'))).toEqual([])
    const passed = now().getTime() - PRESENT.getTime()
    expect(passed).toBeGreaterThanOrEqual(0)
    expect(passed).toBeLessThan(60_000)
  })
})

it('the sample township leaves what else lies in the folder, and records alone', async () => {
  const own = join(folder, 'own')
  await mkdir(join(own, 'backups'), { recursive: true })
  await writeFile(join(own, 'holidays.json'), '{}')
  const make = (folder: string) => makeSampleTownship({ folder, corpId: 'ww-test', roster: ROSTER, registry })
  expect(await make(own)).toEqual(said)
  expect(await readdir(own)).toEqual(expect.arrayContaining(['backups', 'holidays.json', 'dues-2026.json']))
  expect(await readdir(own)).not.toContain('sampling')
  expect(await make(own)).toEqual([])
  const file = join(own, 'holidays.json')
  await expect(make(file)).rejects.toThrow('EEXIST')
  expect(await readFile(file, 'utf8')).toBe('{}')
})

it('a sample that was cut off is nobody’s, and a restore that was is not sampled over', async () => {
  const cut = join(folder, 'cut')
  await mkdir(join(cut, 'sampling'), { recursive: true })
  await writeFile(join(cut, 'dues-2026.json'), '[')
  const opened = await openLowdbStore({ folder: cut, corpId: 'ww-test' })
  expect(await opened.read(tx => tx.all(people))).toEqual([])
  await opened.close()
  const restored = join(folder, 'restored')
  await mkdir(join(restored, 'restoring'), { recursive: true })
  const made = makeSampleTownship({ folder: restored, corpId: 'ww-test', roster: ROSTER, registry })
  await expect(made).rejects.toThrow('恢复备份没有做完')
  expect(await readdir(restored)).toContain('restoring')
})
