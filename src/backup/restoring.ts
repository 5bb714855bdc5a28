import { UserError } from '../errors.ts'
import { COLLECTIONS } from '../store/collections.ts'
import type { FileSystem } from '../store/files.ts'
import { FolderFill, stateOfFolder } from '../store/filling.ts'
import { FolderInUseError, type Unlock } from '../store/folder-lock.ts'
import type { Collection } from '../store/records.ts'
import { intoEmptyFolder, NotEmptyError } from '../store/restoring.ts'
import { DamageError } from '../store/snapshots.ts'
import { type Head, sumOf, type Tallies } from './format.ts'
import { type ReadOptions, readBackup, verifyFile } from './reading.ts'
import * as refusals from './refusals.ts'
import { tallyOf } from './writing.ts'

export interface RestoreOptions extends ReadOptions {
  folder: string
  corpId: string
  collections?: readonly Collection<unknown>[]
  files?: FileSystem
  lock?: (folder: string) => Promise<Unlock>
}

export interface Restored {
  head: Head
  records: number
}

/** What came back is not what the backup holds: a bug, or a disk that forgets. */
export class MismatchError extends Error {
  override readonly name = 'MismatchError'
  constructor(readonly collection: string) {
    super(`${collection}: what came back is not what the backup holds`)
  }
}

/** Brings a backup back into an empty data folder that nobody uses: all of it, record by record the same, or nothing. */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { folder, collections = COLLECTIONS } = options
  await verifyFile(options)
  try {
    return await intoEmptyFolder({ ...options, collections }, beside => fillAndCompare(options, beside))
  } catch (error) {
    if (error instanceof NotEmptyError)
      throw new UserError(
        `数据文件夹 ${folder} 里已经有数据，什么都没有动。请先把它改个名字留着（mv ${folder} ${folder}.old），再运行一次。`,
      )
    if (error instanceof FolderInUseError)
      throw new UserError(`服务正在使用数据文件夹 ${folder}，什么都没有动。请先停止服务，再运行一次。`)
    throw error
  }
}

/**
 * Writes a backup as a store into an empty folder, opens it as a start would, and compares every record, by hashes over those of
 * each collection, with what the service had when it wrote the backup. Throws MismatchError.
 */
export async function fillAndCompare(options: RestoreOptions, folder: string): Promise<Restored> {
  const { path, corpId, collections = COLLECTIONS, files } = options
  const target = { folder, corpId, collections, ...(files && { files }) }
  const fill = new FolderFill(target)
  const { head, tallies } = await readBackup(
    options,
    corpId,
    collections.map(({ name }) => name),
    record => addTo(fill, record, path),
  )
  await fill.write(head.sequence)
  compare(tallies, await tallyOf(await stateOfFolder(target)))
  return { head, records: sumOf(tallies) }
}

function addTo(fill: FolderFill, record: Parameters<FolderFill['add']>[0], path: string): void {
  try {
    fill.add(record)
  } catch (error) {
    throw error instanceof DamageError ? refusals.isDamaged(path) : error
  }
}

function compare(wanted: Tallies, found: Tallies): void {
  for (const [name, { records, sha256 }] of Object.entries(wanted)) {
    if (found[name]?.records !== records || found[name].sha256 !== sha256) throw new MismatchError(name)
  }
}
