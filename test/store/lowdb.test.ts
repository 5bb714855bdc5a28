import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import { describeStore } from './conformance.ts'
import { SAMPLES } from './samples.ts'

describeStore('lowdb', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zhibu-store-'))
  return {
    open: () => openLowdbStore({ folder, corpId: 'ww-test', collections: SAMPLES }),
    remove: () => rm(folder, { recursive: true }),
  }
})
