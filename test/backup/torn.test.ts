import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { restoreBackup } from '../../src/backup/restoring.ts'
import { writeBackup } from '../../src/backup/writing.ts'
import { now } from '../../src/clock.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import { Disk } from '../store/disk.ts'
import { kept, noteOf, notes, SAMPLES } from '../store/samples.ts'

const CORP = 'ww-test'
const RECORDS = 6
let top: string
let path: string

beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'zhibu-torn-'))
  path = join(top, 'a.jsonl.gz')
  const store = await openLowdbStore({ folder: join(top, 'db'), corpId: CORP, collections: SAMPLES })
  await store.update('x', async tx => {
    for (const id of ['a', 'b', 'c']) await tx.insert(notes, noteOf(id))
    for (const day of ['2099-11-23', '2099-11-24', '2099-11-25'])
      await tx.insert(kept, { id: day, day, owner: 'li', text: '' })
  })
  await store.state(state => writeBackup(state, { path, corpId: CORP, at: now(), key: null }))
  await store.close()
})
afterAll(() => rm(top, { recursive: true }))

const lock = async () => async () => undefined
const restore = (disk: Disk) =>
  restoreBackup({ path, folder: '/data', corpId: CORP, key: null, collections: SAMPLES, files: disk, lock })

/** How many records a start finds; or the sentence with which it refuses. */
async function start(disk: Disk): Promise<number | string> {
  try {
    const store = await openLowdbStore({ folder: '/data', corpId: CORP, collections: SAMPLES, files: disk, lock })
    const counts = await store.read(async tx => (await tx.all(notes)).length + (await tx.all(kept)).length)
    await store.close()
    return counts
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

async function callsOfARestore(): Promise<number> {
  const disk = new Disk()
  await restore(disk)
  return disk.calls
}

describe('a restore that is cut off', () => {
  it.each(['nothing', 'all'] as const)(
    'at any call, %s of the unsynced being lost, brings back all or nothing, and can be done again',
    async loss => {
      const calls = await callsOfARestore()
      expect(calls).toBeGreaterThan(40)
      const found = new Set<number | string>()
      for (let at = 1; at <= calls; at++) {
        const disk = new Disk()
        disk.failAt(at, 'gone')
        await restore(disk).catch(() => undefined)
        const after = disk.crash(loss)
        const seen = await start(after.copy())
        found.add(typeof seen === 'string' ? seen.replace(/（.*/u, '') : seen)
        if (seen === RECORDS) continue
        await restore(after)
        expect(await start(after), `call ${at}`).toBe(RECORDS)
      }
      expect([...found].sort()).toEqual(
        [0, '往 /data 恢复备份没有做完：请再运行一次 npm run restore -- 文件', RECORDS].sort(),
      )
    },
  )

  it('by an error of the disk leaves the folder empty', async () => {
    for (let at = 3; at < (await callsOfARestore()) - 2; at += 2) {
      const disk = new Disk()
      disk.failAt(at, 'error')
      if (
        await restore(disk).then(
          () => true,
          () => false,
        )
      )
        continue
      expect(disk.paths(), `call ${at}`).toEqual([])
    }
  })
})
