import { afterEach } from 'vitest'
import { resetClock } from '../src/clock.ts'
import { setLogLevel } from '../src/log.ts'
import { endAll } from './ending.ts'

/** Files share a process (vitest.config.ts): each test begins quiet, at the host's time. */
setLogLevel('silent')
afterEach(async () => {
  await endAll()
  resetClock()
  setLogLevel('silent')
})
