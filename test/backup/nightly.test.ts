import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Backups, createBackups } from '../../src/backup/backups.ts'
import { isScarce, KEPT, noteChecked } from '../../src/backup/keeping.ts'
import { addDays, instantAt, moveClock } from '../../src/clock.ts'
import { type FileSystem, nodeFiles } from '../../src/store/files.ts'
import { type LowdbStore, openLowdbStore } from '../../src/store/lowdb.ts'
import { startBot } from '../bot.ts'

let folder: string
let store: LowdbStore
let backups: Backups
let failing: string | null

/** The real disk, but that it may be full. */
const files: FileSystem = {
  ...nodeFiles,
  async open(path, mode) {
    const file = await nodeFiles.open(path, mode)
    const write = async (data: Uint8Array) => {
      if (failing) throw Object.assign(new Error(failing), { code: failing })
      return file.write(data)
    }
    return { write, datasync: () => file.datasync(), truncate: l => file.truncate(l), close: () => file.close() }
  },
}

const begin = () => createBackups({ store, folder, corpId: 'ww-test', key: null, files })
const inFolder = async () => (await readdir(join(folder, 'backups'))).sort()
const nights = async () => (await inFolder()).filter(name => name.endsWith('-nightly.jsonl.gz'))

beforeEach(async () => {
  failing = null
  moveClock(instantAt('2026-11-24', '02:40'))
  folder = await mkdtemp(join(tmpdir(), 'zhibu-nights-'))
  store = await openLowdbStore({ folder, corpId: 'ww-test' })
  await store.update('x', tx => tx.nextId('m'))
  backups = await begin()
})
afterEach(async () => {
  await backups.stop()
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

describe('every night', () => {
  it('there is one backup more, for its owner alone, and one a day is enough', async () => {
    expect(await backups.nightly()).toMatch(/^backed up \d+ records, 1 KB, 1 nightly ones kept, .* free$/)
    const [name = ''] = await inFolder()
    expect(name).toMatch(/^2026-11-24-0240\d\d-nightly\.jsonl\.gz$/)
    expect((await stat(join(folder, 'backups'))).mode & 0o777).toBe(0o700)
    expect((await stat(join(folder, 'backups', name))).mode & 0o777).toBe(0o600)
    moveClock(instantAt('2026-11-24', '08:40'))
    expect(await backups.nightly()).toContain('is there')
    expect(await inFolder()).toHaveLength(1)
  })

  it(`${KEPT} stay, and whatever else lies there: what was asked for by hand, other files`, async () => {
    await backups.byHand()
    const mine = ['2020-01-01-000000-nightly.jsonl.gz.copy', '2020-01-01.jsonl.gz', 'notes.txt']
    for (const name of mine) await writeFile(join(folder, 'backups', name), 'x')
    for (let day = 0; day < KEPT + 3; day++) {
      moveClock(instantAt(addDays('2026-11-24', day), '02:40'))
      await backups.nightly()
    }
    expect((await nights()).at(0)).toContain('2026-11-27')
    expect((await nights()).at(-1)).toContain('2026-12-10')
    expect(await nights()).toHaveLength(KEPT)
    expect(await inFolder()).toEqual(expect.arrayContaining(mine))
    expect((await inFolder()).filter(name => name.includes('by-hand'))).toHaveLength(1)
  })

  it('never removes the last that was found good', async () => {
    await backups.nightly()
    const [good = ''] = await nights()
    expect(await backups.weekly()).toContain('all the same')
    for (let day = 1; day < KEPT + 5; day++) {
      moveClock(instantAt(addDays('2026-11-24', day), '02:40'))
      await backups.nightly()
    }
    expect((await nights()).at(0)).toBe(good)
    expect(await nights()).toHaveLength(KEPT + 1)
  })

  it('a disk that is full leaves the older ones and no torn one, and shows until a later night', async () => {
    await backups.nightly()
    const before = await inFolder()
    moveClock(instantAt('2026-11-25', '02:40'))
    failing = 'ENOSPC'
    const full = { report: expect.stringContaining('the disk is full'), again: false }
    expect(await backups.nightly()).toEqual(full)
    expect(await inFolder()).toEqual(before)
    expect(await backups.warnings()).toEqual(['backups: that of 2026-11-25 failed, see the log'])
    await expect(backups.byHand()).rejects.toThrow(/没有备份成：.*磁盘满了.*以前的备份没有动/)
    failing = null
    moveClock(instantAt('2026-11-25', '08:40'))
    expect(await backups.nightly()).toContain('backed up')
    expect(await backups.warnings()).toEqual([])
  })

  it('a machine that was off for days says so', async () => {
    expect(await backups.warnings()).toEqual([])
    await backups.nightly()
    moveClock(instantAt('2026-11-27', '10:00'))
    expect(await backups.warnings()).toEqual([])
    moveClock(instantAt('2026-11-28', '10:00'))
    expect(await backups.warnings()).toEqual(['backups: the newest nightly one is of 2026-11-24'])
  })

  it('little room is said', () => {
    const GB = 1 << 30
    expect(isScarce({ freeBytes: 0.9 * GB, totalBytes: 100 * GB })).toBe(true)
    expect(isScarce({ freeBytes: 1.1 * GB, totalBytes: 100 * GB })).toBe(false)
    expect(isScarce({ freeBytes: 0.4 * GB, totalBytes: 10 * GB })).toBe(true)
    expect(isScarce({ freeBytes: 0.6 * GB, totalBytes: 10 * GB })).toBe(false)
  })
})

describe('every week', () => {
  it('the newest is restored aside and every record compared; nothing of that stays', async () => {
    expect(await backups.weekly()).toBe('there is no backup to check')
    await backups.nightly()
    expect(await backups.weekly()).toMatch(/^restored .* aside and compared \d+ records: all the same$/)
    expect(await readdir(folder)).not.toContain('checking')
    expect(await backups.weekly()).toContain('is done')
    expect(await backups.warnings()).toEqual([])
  })

  it('is enough, on whatever day the machine is up', async () => {
    await backups.nightly()
    expect(await backups.weekly()).toContain('all the same')
    for (let day = 1; day < 7; day++) {
      moveClock(instantAt(addDays('2026-11-24', day), '09:10'))
      expect(await backups.weekly()).toBe('the check of this week is done')
    }
    moveClock(instantAt('2026-12-01', '09:10'))
    expect(await backups.weekly()).toContain('all the same')
  })

  it('that the process was killed in does not kill it at each start, and is told', async () => {
    await backups.nightly()
    const [file = ''] = await nights()
    await noteChecked(join(folder, 'backups'), { begun: { file, day: '2026-11-24' } })
    backups = await begin()
    expect(await backups.weekly()).toBe('the check of this week is done')
    expect(await backups.warnings()).toEqual([expect.stringContaining('the check of 2026-11-24 did not end')])
    moveClock(instantAt('2026-12-01', '03:10'))
    await backups.nightly()
    expect(await backups.weekly()).toContain('all the same')
    expect(await backups.warnings()).toEqual([])
  })

  it('that the process was killed in does not kill it at each start, where one had not come back before', async () => {
    await backups.nightly()
    const [file = ''] = await nights()
    const bad = { file, day: '2026-11-23', why: 'damaged' } as const
    await noteChecked(join(folder, 'backups'), { bad, begun: { file, day: '2026-11-24' } })
    expect(await backups.weekly()).toBe('the check of this week is done')
  })

  it('is done again for whoever asks', async () => {
    await backups.nightly()
    await backups.weekly()
    expect(await backups.check()).toContain('all the same')
  })

  it('that was never made for two weeks is told', async () => {
    for (let day = 0; day <= 15; day++) {
      moveClock(instantAt(addDays('2026-11-24', day), '02:40'))
      await backups.nightly()
      const told = day > 12 ? ['backups: none was checked since the first'] : []
      if (day >= 11) expect(await backups.warnings()).toEqual(told)
    }
  })

  it('one that does not come back as it was is told, after a restart too, until a later one does', async () => {
    await backups.nightly()
    const [name = ''] = await nights()
    const bytes = await readFile(join(folder, 'backups', name))
    bytes[200] = (bytes[200] ?? 0) ^ 4
    await writeFile(join(folder, 'backups', name), bytes)
    expect(await backups.weekly()).toMatchObject({
      report: expect.stringMatching(/did not come back as it was, see incident E\d+/),
    })
    expect(await readdir(folder)).not.toContain('checking')
    backups = await begin()
    expect(await backups.warnings()).toEqual([expect.stringContaining(`${name} did not come back as it was`)])
    moveClock(instantAt('2026-11-29', '03:10'))
    await backups.nightly()
    expect(await backups.weekly()).toContain('all the same')
    expect(await backups.warnings()).toEqual([])
  })
})

describe('what a kill left', () => {
  it('is cleared at the next start, and nothing else', async () => {
    const torn = '2026-11-23-024000-nightly.jsonl.gz.tmp'
    await backups.nightly()
    for (const name of [torn, 'mine.tmp']) await writeFile(join(folder, 'backups', name), 'x')
    await mkdir(join(folder, 'checking'))
    await writeFile(join(folder, 'checking', 'people.json'), 'x')
    await begin()
    expect(await inFolder()).not.toContain(torn)
    expect(await inFolder()).toContain('mine.tmp')
    expect(await readdir(folder)).not.toContain('checking')
  })

  it('a service that ends gives up what is under way', async () => {
    await store.update(
      'x',
      async tx => {
        for (let n = 0; n < 20_000; n++) await tx.nextId(`a${n}`)
      },
      { long: 'import' },
    )
    const made = backups.nightly()
    await new Promise(resolve => setTimeout(resolve, 20))
    await backups.stop()
    expect(await made).toMatchObject({ report: expect.stringContaining('given up'), again: true })
    expect(await inFolder()).toEqual([])
    backups = await begin()
  })
})

describe('by itself', () => {
  it('the bot backs up at night, and looks whether it comes back', async () => {
    const bot = await startBot({ checksBackups: true, at: '2026-11-29T02:30:00+08:00' })
    const at = (name: string) => join(bot.folder, 'backups', name)
    await bot.at('2026-11-29T02:40:00+08:00')
    expect(await readdir(at(''))).toEqual([expect.stringMatching(/^2026-11-29-0240\d\d-nightly.jsonl.gz$/)])
    await bot.at('2026-11-29T03:10:00+08:00')
    const { good } = JSON.parse(await readFile(at('checked.json'), 'utf8'))
    expect(good.day).toBe('2026-11-29')
    await bot.at('2026-11-29T08:40:00+08:00')
    await bot.at('2026-11-29T09:10:00+08:00')
    expect(await readdir(at(''))).toHaveLength(2)
    const dry = await bot.service.job('backup', { dryRun: true })
    expect(dry).toMatchObject({ failed: false, sent: [], report: expect.stringContaining('would') })
  })
})
