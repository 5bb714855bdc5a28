import { afterAll, afterEach } from 'vitest'
import { resetClock } from '../src/clock.ts'
import { setLogLevel } from '../src/log.ts'
import { endAll } from './ending.ts'

/** Files share a process (vitest.config.ts): each begins at the host's time, and each test quiet. */
setLogLevel('silent')
afterEach(async () => {
  await endAll()
  setLogLevel('silent')
})
afterAll(resetClock)
