import { afterEach } from 'vitest'
import { resetClock } from '../src/clock.ts'
import { setLogLevel } from '../src/log.ts'
import { endAll } from './ending.ts'

/** Files share a process (vitest.config.ts): each begins with what the process began with. */
afterEach(async () => {
  await endAll()
  resetClock()
  setLogLevel('info')
})
