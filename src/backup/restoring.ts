import { COLLECTIONS } from '../store/collections.ts'
import type { FileSystem } from '../store/files.ts'
import { FolderFill, stateOfFolder } from '../store/filling.ts'
import type { Unlock } from '../store/folder-lock.ts'
import type { Collection } from '../store/records.ts'
import { intoEmptyFolder } from '../store/restoring.ts'
import { DamageError } from '../store/snapshots.ts'
import { type Head, sumOf, type Tallies } from './format.ts'
import { type ReadOptions, readBackup, verifyFile } from './reading.ts'
import * as refusals from './refusals.ts'
import { MismatchError } from './refusals.ts'
import { explainedRestoring } from './said.ts'
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

/** Brings a backup back into an empty data folder that nobody uses: all of it, record by record the same, or nothing. */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { folder, collections = COLLECTIONS } = options
  await verifyFile(options)
  return intoEmptyFolder({ ...options, collections }, beside => fillAndCompare(options, beside)).catch(error => {
    throw explainedRestoring(error, folder)
  })
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
