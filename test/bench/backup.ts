import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBackups } from '../../src/backup/backups.ts'
import { restoreBackup } from '../../src/backup/restoring.ts'
import { setLogLevel } from '../../src/log.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import { SECRETS } from './wire.ts'

/**
 * A backup, the weekly check and a restore with 400,000 records of history: `node --import tsx test/bench/backup.ts [RECORDS]`. Of
 * each the seconds, the longest turn of the loop meanwhile, and what the memory of the process grew by at most.
 */
const RECORDS = process.argv[2] ?? '400000'
const { corpId } = SECRETS
setLogLevel('silent')

async function measured<T>(name: string, run: () => Promise<T>): Promise<T> {
  const before = process.memoryUsage().rss
  const start = performance.now()
  let last = start
  let longest = 0
  let most = before
  let over = false
  const watch = () => {
    const at = performance.now()
    longest = Math.max(longest, at - last)
    last = at
    if (!over) setImmediate(watch)
  }
  const memory = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 20)
  watch()
  const result = await run()
  over = true
  clearInterval(memory)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const grown = Math.round((most - before) / 1e6)
  process.stdout.write(`${name}: ${seconds} s, longest turn ${longest.toFixed(0)} ms, ${grown} MB more\n`)
  return result
}

const top = await mkdtemp(join(tmpdir(), 'zhibu-bench-'))
try {
  const folder = join(top, 'db')
  const history = new URL('./history.ts', import.meta.url).pathname
  execFileSync(process.execPath, ['--import', 'tsx', history, folder, RECORDS, '2026-11-25'])
  const store = await openLowdbStore({ folder, corpId })
  const key = Buffer.alloc(32, 7)
  const backups = await createBackups({ store, folder, corpId, key })
  const plain = await createBackups({ store, folder, corpId, key: null })
  await measured('warming up', () => plain.byHand())
  const { records, bytes } = await measured('backup', () => plain.byHand())
  const { path } = await measured('backup, encrypted', () => backups.byHand())
  process.stdout.write(`${records} records, ${bytes} bytes\n`)
  process.stdout.write(`${await measured('weekly check, in the thread of the service', () => backups.weekly())}\n`)
  await backups.stop()
  await store.close()
  await measured('restore', () => restoreBackup({ path, folder: join(top, 'new'), corpId, key }))
} finally {
  await rm(top, { recursive: true, force: true })
}
