import { rm } from 'node:fs/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createBackups } from '../../src/backup/backups.ts'
import { restoreBackup } from '../../src/backup/restoring.ts'
import { setLogLevel } from '../../src/log.ts'
import { attendances } from '../../src/store/collections.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import { SECRETS } from './wire.ts'

/** What the bot does beside its work, with all its history: how long it takes, and how long the loop stands still for it. */
export interface NightFigures {
  records: number
  kilobytes: number
  work: readonly { name: string; ms: number; blockedMs: number }[]
}

const { corpId } = SECRETS

/** On the folder of a bot that has ended. */
export async function measureNights(folder: string): Promise<NightFigures> {
  setLogLevel('warn')
  const work: NightFigures['work'][number][] = []
  const timed = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    const { value, ...took } = await clocked(run)
    work.push({ name, ...took })
    return value
  }
  const store = await openLowdbStore({ folder, corpId })
  const all = await store.read(tx => tx.all(attendances))
  const oneOfEach = [...new Map(all.map(attendance => [attendance.year, attendance])).values()]
  await store.update('bench', async tx => {
    for (const attendance of oneOfEach) await tx.put(attendances, { ...attendance, wrongCodes: 1 })
  })
  await timed('checkpoint of every year', () => store.checkpoint())
  const backups = await createBackups({ store, folder, corpId, key: null })
  const sealed = await createBackups({ store, folder, corpId, key: Buffer.alloc(32, 7) })
  const { path, records, bytes } = await timed('backup', () => backups.byHand())
  await timed('backup, encrypted', () => sealed.byHand())
  await timed('restored aside and compared', () => sealed.weekly())
  await store.close()
  await timed('restore', () => restoreBackup({ path, folder: `${folder}-new`, corpId, key: null }))
  await rm(`${folder}-new`, { recursive: true, force: true })
  return { records, kilobytes: Math.round(bytes / 1024), work }
}

async function clocked<T>(run: () => Promise<T>): Promise<{ value: T; ms: number; blockedMs: number }> {
  const loop = monitorEventLoopDelay({ resolution: 1 })
  loop.enable()
  const began = performance.now()
  const value = await run()
  const ms = Math.round(performance.now() - began)
  loop.disable()
  return { value, ms, blockedMs: Math.round(loop.max / 1e6) }
}
