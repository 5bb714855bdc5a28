import { basename, dirname, join } from 'node:path'
import { dayOf, now, timeOf } from '../clock.ts'
import { log } from '../log.ts'
import { codeOf, type FileSystem } from './files.ts'
import { StoreError } from './records.ts'
import { DamageError, FORMAT, NewerFormatError } from './snapshots.ts'

/** 'mv db db.2026-11-26-1430': with the time, for a second 'mv db db.old' would put it into the first. */
export function moveAside(folder: string): string {
  const from = folder.replace(/\/+$/, '')
  return `mv ${from} ${from}.${dayOf(now())}-${timeOf(now()).replace(':', '')}`
}

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
      ? `最近的备份是 ${backup}：先把它拷到别处，把数据文件夹改个名字，再运行 npm run restore -- 拷出来的文件`
      : '旁边没有备份：先把整个文件夹拷一份，再想办法'
    return new StoreError(`${this.folder} 里的数据坏了（${place}: ${what}）。什么都没有动。${advice}。`)
  }

  private newer(name: string, format: number): StoreError {
    return new StoreError(
      `${join(this.folder, name)} 是更新的版本写的（格式 ${format}，这个版本只认到 ${FORMAT}）。请用写它的那个版本来启动。`,
    )
  }

  otherCorp(corpId: string): StoreError {
    return new StoreError(
      `${this.folder} 里的数据是企业 ${corpId} 的，现在设置的是 ${this.corpId}。请核对 WECOM_CORP_ID；要是试用时留下的，请先把它改个名字留着：${moveAside(this.folder)}`,
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
