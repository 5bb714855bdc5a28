import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addMinutes, now } from '../../src/clock.ts'
import { readTownship } from '../../src/doctor/township.ts'
import { outbox } from '../../src/store/collections.ts'
import { type LowdbStore, openLowdbStore } from '../../src/store/lowdb.ts'

let folder: string
let store: LowdbStore

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhibu-township-'))
  store = await openLowdbStore({ folder, corpId: 'ww-test' })
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

describe('what the doctor counts', () => {
  it('as not delivered is of the last thirty days', async () => {
    const DAY = 24 * 60
    for (const [number, days] of [1, 29, 31].entries()) {
      const at = addMinutes(now(), -days * DAY).toISOString()
      await store.update('x', tx =>
        tx.insert(outbox, {
          outgoingId: `o-${number}`,
          number,
          message: { text: '通知' },
          to: ['p-1'],
          at,
          dueAt: at,
          dedupeKey: null,
          about: null,
          state: 'done',
          calls: null,
          unreached: [{ personId: 'p-1', code: '81013', advice: '' }],
        }),
      )
    }
    expect((await readTownship(store)).unreached).toEqual({ 81013: 2 })
  })
})
