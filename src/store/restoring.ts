import { join } from 'node:path'
import { isOurs } from './erasing.ts'
import { type FileSystem, nodeFiles } from './files.ts'
import { lockFolder, type Unlock } from './folder-lock.ts'
import { MANIFEST } from './manifest.ts'
import { type Collection, StoreError } from './records.ts'

/** Where files are written and looked at before they become the store's: in the data folder, so that they can be moved. */
const RESTORING = 'restoring'
/** The same for records that are nobody's: what was cut off there is missed by nobody. */
const SAMPLING = 'sampling'

export interface RestoringOptions {
  folder: string
  collections: readonly Collection<unknown>[]
  files?: FileSystem
  lock?: (folder: string) => Promise<Unlock>
  /** They are a sample: begun anew wherever it was cut off, and never over a restore that was. */
  isSample?: boolean
}

/** The data folder already holds records. */
export class NotEmptyError extends StoreError {}

/**
 * Fills an empty data folder, whole or not at all: `write` makes the files in the folder that it is given, then they are moved, the
 * manifest last. A crash before that leaves `restoring`, with which no store opens, and which the next restore begins anew. Throws
 * NotEmptyError.
 */
export async function intoEmptyFolder<T>(options: RestoringOptions, write: (folder: string) => Promise<T>): Promise<T> {
  const { folder, collections, files = nodeFiles, isSample = false } = options
  await files.makeFolder(folder)
  const unlock = await (options.lock ?? lockFolder)(folder)
  try {
    const names = await files.list(folder)
    const isCutOff = names.includes(RESTORING) || names.includes(SAMPLING)
    const isFilled = names.includes(MANIFEST) || (!isCutOff && holdsRecords(names, collections))
    if (isFilled) throw new NotEmptyError(`${folder} is not empty`)
    if (isSample && names.includes(RESTORING)) throw restoreCutOff(folder)
    await clear(files, folder, collections)
    const beside = join(folder, isSample ? SAMPLING : RESTORING)
    try {
      await files.makeFolder(beside)
      await files.syncFolder(folder)
      const result = await write(beside)
      await moveIn(files, beside, folder)
      return result
    } catch (error) {
      // What cannot be cleared now keeps a store from opening, and the next restore clears it.
      await clear(files, folder, collections).catch(() => undefined)
      throw error
    }
  } finally {
    await unlock()
  }
}

const holdsRecords = (names: readonly string[], collections: readonly Collection<unknown>[]): boolean =>
  names.some(name => isRecords(name, collections))

/** A control.json may have been left by a killed service. */
const isRecords = (name: string, collections: readonly Collection<unknown>[]): boolean =>
  name !== 'control.json' && isOurs(name, collections)

async function moveIn(files: FileSystem, from: string, folder: string): Promise<void> {
  const names = await files.list(from)
  for (const name of names.filter(name => name !== MANIFEST)) await files.rename(join(from, name), join(folder, name))
  await files.syncFolder(folder)
  await files.rename(join(from, MANIFEST), join(folder, MANIFEST))
  await files.syncFolder(folder)
  await files.removeFolder(from)
}

/** What did not come to its end has left. Only where there is no manifest: then nothing else was there before it. */
async function clear(files: FileSystem, folder: string, collections: readonly Collection<unknown>[]): Promise<void> {
  const names = await files.list(folder)
  if (names.includes(MANIFEST)) return
  for (const name of names) if (isRecords(name, collections)) await files.remove(join(folder, name))
  await removeScratch(files, folder)
  await files.syncFolder(folder)
}

async function removeScratch(files: FileSystem, folder: string): Promise<void> {
  for (const name of [RESTORING, SAMPLING]) await files.removeFolder(join(folder, name))
}

/** Before a store is opened: an empty one must not begin where somebody was bringing back his records. */
export async function refuseUnfinished(
  files: FileSystem,
  folder: string,
  collections: readonly Collection<unknown>[],
): Promise<void> {
  const names = await files.list(folder)
  if (!names.includes(RESTORING) && !names.includes(SAMPLING)) return
  // It came to its end, and was killed while it cleared up.
  if (names.includes(MANIFEST)) return removeScratch(files, folder)
  if (names.includes(RESTORING)) throw restoreCutOff(folder)
  await clear(files, folder, collections)
}

const restoreCutOff = (folder: string): StoreError =>
  new StoreError(
    `往 ${folder} 恢复备份没有做完：请再运行一次 npm run restore -- 文件（要从空的开始，就删掉 ${join(folder, RESTORING)}）。`,
  )
