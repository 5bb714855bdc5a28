import { join } from 'node:path'
import { z } from 'zod'
import { COLLECTIONS } from './collections.ts'
import { type FileSystem, nodeFiles } from './files.ts'
import { lockFolder, type Unlock } from './folder-lock.ts'
import { journalStart } from './journal.ts'
import { MANIFEST } from './manifest.ts'
import { type Collection, StoreError } from './records.ts'
import { Refusals } from './refusals.ts'

export interface ErasingOptions {
  collections?: readonly Collection<unknown>[]
  files?: FileSystem
  lock?: (folder: string) => Promise<Unlock>
}

/**
 * Begins a data folder again, also a damaged one: nothing of it is opened. Only files that the service itself makes go;
 * the folder and whatever else lies in it stay. Throws StoreError where another process has it, or the data is another corp's.
 */
export async function eraseFolder(folder: string, corpId: string, options: ErasingOptions = {}): Promise<void> {
  const { files = nodeFiles, collections = COLLECTIONS } = options
  if (!isDataFolder(await files.list(folder))) return
  const unlock = await (options.lock ?? lockFolder)(folder)
  try {
    const names = await files.list(folder)
    await refuseOtherCorp(files, folder, corpId, names)
    const ours = names.filter(name => isOurs(name, collections))
    // The manifest last: what a crash leaves still says whose it is.
    for (const name of ours.sort((a, b) => Number(a === MANIFEST) - Number(b === MANIFEST)))
      await files.remove(join(folder, name))
    await files.syncFolder(folder)
  } finally {
    await unlock()
  }
}

/** A `settings.json` in a folder without either is somebody else's. */
const isDataFolder = (names: readonly string[]): boolean =>
  names.some(name => name === MANIFEST || journalStart(name) !== undefined)

async function refuseOtherCorp(
  files: FileSystem,
  folder: string,
  corpId: string,
  names: readonly string[],
): Promise<void> {
  if (!names.includes(MANIFEST)) return
  const json = parsed((await files.readFile(join(folder, MANIFEST))).toString('utf8'))
  if (json === undefined) return
  const manifest = z.object({ corpId: z.string() }).safeParse(json)
  if (!manifest.success) throw new StoreError(`${join(folder, MANIFEST)} is not of this program: nothing was removed.`)
  if (manifest.data.corpId !== corpId) throw new Refusals(files, folder, corpId).otherCorp(manifest.data.corpId)
}

/** undefined: damaged beyond reading. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether the service itself made such a file of the data folder. */
export function isOurs(name: string, collections: readonly Collection<unknown>[]): boolean {
  const whole = name.endsWith('.tmp') ? name.slice(0, -'.tmp'.length) : name
  if (whole === MANIFEST || whole === 'control.json' || journalStart(name) !== undefined) return true
  if (!whole.endsWith('.json')) return false
  const base = whole.slice(0, -'.json'.length)
  return collections.some(({ name: collection, part }) =>
    part ? base.startsWith(`${collection}-`) && PART.test(base.slice(collection.length + 1)) : base === collection,
  )
}

/** Parts of history are named by their year, month or day. */
const PART = /^\d{4}(-\d{2}){0,2}$/
