import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FolderInUseError } from '../store/folder-lock.ts'
import { type LowdbStore, openLowdbStore } from '../store/lowdb.ts'
import { MANIFEST } from '../store/manifest.ts'
import { StoreError } from '../store/records.ts'
import type { Facts } from './facts.ts'
import { bad, type Finding, warn } from './findings.ts'
import { readTownship } from './township.ts'

/** What the store holds, where no service can be asked. */
export interface Held {
  facts: Pick<Facts, 'township' | 'store'> | null
  findings: readonly Finding[]
}

const NOTHING: Held = { facts: null, findings: [] }

/** A folder without a store is left alone: looking must not begin one. */
export async function readStore(folder: string, corpId: string): Promise<Held> {
  if (!(await stat(join(folder, MANIFEST)).catch(() => null))) return NOTHING
  let store: LowdbStore
  try {
    store = await openLowdbStore({ folder, corpId })
  } catch (error) {
    return { facts: null, findings: [explain(error)] }
  }
  try {
    return { facts: { township: await readTownship(store), store: store.figures() }, findings: [] }
  } finally {
    await store.close()
  }
}

function explain(error: unknown): Finding {
  if (error instanceof FolderInUseError)
    return warn('数据正被别的进程用着，名册和群没有查', '设了 CONTROL_TOKEN 再重启，就能向在运行的程序要')
  if (error instanceof StoreError) return bad('数据打不开', '照后面那句话办', error.message)
  return bad(
    '数据打不开',
    '看数据文件夹能不能读写',
    error instanceof Error && 'code' in error ? String(error.code) : '',
  )
}
