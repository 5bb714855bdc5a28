import { join } from 'node:path'
import { isOurs } from './erasing.ts'
import { type FileSystem, nodeFiles } from './files.ts'
import { lockFolder, type Unlock } from './folder-lock.ts'
import { MANIFEST } from './manifest.ts'
import { type Collection, StoreError } from './records.ts'

/** Where the files of a restore are written and looked at before they become the store's: in the data folder, so that they can be moved. */
const RESTORING = 'restoring'

export interface RestoringOptions {
  folder: string
  collections: readonly Collection<unknown>[]
  files?: FileSystem
  lock?: (folder: string) => Promise<Unlock>
}

/** The data folder already holds records. */
export class NotEmptyError extends StoreError {}

/**
 * Fills an empty data folder, whole or not at all: `write` makes the files in the folder that it is given, then they are moved, the
 * manifest last. A crash before that leaves `restoring`, with which no store opens, and which the next restore begins anew.
 */
export async function intoEmptyFolder<T>(options: RestoringOptions, write: (folder: string) => Promise<T>): Promise<T> {
  const { folder, collections, files = nodeFiles } = options
  await files.makeFolder(folder)
  const unlock = await (options.lock ?? lockFolder)(folder)
  try {
    const names = await files.list(folder)
    const isFilled = names.includes(MANIFEST) || (!names.includes(RESTORING) && holdsRecords(names, collections))
    if (isFilled) throw new NotEmptyError(`${folder} is not empty`)
    await clear(files, folder, collections)
    const beside = join(folder, RESTORING)
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

/** What a restore that did not come to its end has left. Only where there is no manifest: then nothing else was there before it. */
async function clear(files: FileSystem, folder: string, collections: readonly Collection<unknown>[]): Promise<void> {
  const names = await files.list(folder)
  if (names.includes(MANIFEST)) return
  for (const name of names) if (isRecords(name, collections)) await files.remove(join(folder, name))
  await files.removeFolder(join(folder, RESTORING))
  await files.syncFolder(folder)
}

/** Before a store is opened: an empty one must not begin where somebody was bringing back his records. */
export async function refuseUnfinished(files: FileSystem, folder: string): Promise<void> {
  const names = await files.list(folder)
  if (!names.includes(RESTORING)) return
  // It came to its end, and was killed while it cleared up.
  if (names.includes(MANIFEST)) return files.removeFolder(join(folder, RESTORING))
  throw new StoreError(
    `A restore into ${folder} was cut off: run npm run restore -- FILE once more (or remove ${join(folder, RESTORING)} to begin with nothing).`,
  )
}
