import nock from 'nock'
import { afterAll, afterEach, beforeAll } from 'vitest'

/** The tests of this file reach nothing but what they nock; the files after it, in the same process, the real wire. */
export function nocked(): void {
  beforeAll(() => {
    if (!nock.isActive()) nock.activate()
    nock.disableNetConnect()
  })
  afterEach(() => nock.cleanAll())
  afterAll(() => {
    nock.enableNetConnect()
    nock.restore()
  })
}
