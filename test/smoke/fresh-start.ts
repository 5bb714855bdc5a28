import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort, run, serviceProcess, startAsNewUser } from './process.ts'
import { talk } from './talk.ts'

/** What a new user does: `npm start` without a setting (but for its own port and folder), a first meeting, and the end. */
const MOST_MS = 10_000

const folder = await mkdtemp(join(tmpdir(), 'zhibu-smoke-'))
const settings = { PORT: String(await freePort()), STORE_URL: `file:${join(folder, 'db')}` }
const started = startAsNewUser(settings)
try {
  const began = Date.now()
  const origin = `http://127.0.0.1:${settings.PORT}`
  await waitUntilReady(origin, started.ended)
  console.log(`ready after ${Date.now() - began} ms`)

  await talk(origin, (userId, line) => run('npm', ['run', '--silent', 'say', '--', userId, line], settings))
  console.log('the first meeting: called, published, attended, closed, its numbers right')

  const ending = Date.now()
  process.kill(await serviceProcess(started.pid), 'SIGTERM')
  const late = delay(MOST_MS, 'late', { ref: false })
  if ((await Promise.race([started.ended, late])) === 'late') throw new Error('SIGTERM did not end it within 10 s')
  console.log(`ended ${Date.now() - ending} ms after SIGTERM`)
} catch (error) {
  console.error(started.output())
  throw error
} finally {
  started.kill()
  await rm(folder, { recursive: true, force: true })
}

async function waitUntilReady(origin: string, ended: Promise<unknown>): Promise<void> {
  let gone = false
  void ended.then(() => {
    gone = true
  })
  const limit = Date.now() + MOST_MS
  while (Date.now() < limit && !gone) {
    const ready = await fetch(`${origin}/readyz`).then(
      response => response.ok,
      () => false,
    )
    if (ready) return
    await delay(50)
  }
  throw new Error(gone ? 'npm start ended before it was ready' : 'not ready within 10 s')
}
