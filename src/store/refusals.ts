import { basename, dirname, join } from 'node:path'
import { log } from '../log.ts'
import { codeOf, type FileSystem } from './files.ts'
import { StoreError } from './records.ts'
import { DamageError, FORMAT, NewerFormatError } from './snapshots.ts'

/** The sentences with which a start is refused: which file, what is wrong, what to do. */
export class Refusals {
  constructor(
    private readonly files: FileSystem,
    private readonly folder: string,
    private readonly corpId: string,
  ) {}

  /** Runs what reads a file, and says of a damage in which file and line it is. */
  async explain<T>(name: string, run: () => T | Promise<T>, line?: number): Promise<T> {
    try {
      return await run()
    } catch (error) {
      if (error instanceof DamageError) throw await this.damaged(name, error.message, error.line ?? line)
      if (error instanceof NewerFormatError) throw this.newer(name, error.format)
      throw error
    }
  }

  async damaged(name: string, what: string, line?: number): Promise<StoreError> {
    const place = line === undefined ? name : `${name}, line ${line}`
    const backup = await newestBackup(this.files, this.folder)
    const advice = backup
      ? `The newest backup is ${backup}: copy it elsewhere, rename the folder, then npm run restore -- COPY`
      : 'There is no backup beside it: keep a copy of the folder before anything is tried'
    return new StoreError(`The data in ${this.folder} is damaged: ${place}: ${what}. Nothing was changed. ${advice}.`)
  }

  private newer(name: string, format: number): StoreError {
    return new StoreError(
      `${join(this.folder, name)} has format ${format}, and this version knows formats up to ${FORMAT}: start the newer version that wrote it.`,
    )
  }

  otherCorp(corpId: string): StoreError {
    return new StoreError(
      `The data in ${this.folder} belongs to corp ${corpId}, not to ${this.corpId}: correct the corp id, or give this one its own data folder.`,
    )
  }
}

/** Backups stand in `backups/`, in the data folder or beside it; their names begin with their day. */
async function newestBackup(files: FileSystem, folder: string): Promise<string | undefined> {
  for (const place of [join(folder, 'backups'), join(dirname(folder), 'backups')]) {
    try {
      const newest = (await files.list(place)).filter(name => /^[^.].*\d.*(?<!\.tmp)$/.test(basename(name))).at(-1)
      if (newest) return join(place, newest)
    } catch (error) {
      log.warn('backups-unreadable', { code: codeOf(error) })
    }
  }
  return undefined
}
