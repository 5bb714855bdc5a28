import { dayOf, timeOf } from '../clock.ts'
import { UserError } from '../errors.ts'
import { codeOf } from '../store/files.ts'
import { FolderInUseError } from '../store/folder-lock.ts'
import { StoreError } from '../store/records.ts'
import { moveAside } from '../store/refusals.ts'
import { NotEmptyError } from '../store/restoring.ts'
import type { Made } from './backups.ts'
import { isScarce, spellBytes } from './keeping.ts'
import { MismatchError } from './refusals.ts'
import type { Restored } from './restoring.ts'

/** What an operator reads who backs up or restores by hand. */

export function sayMade({ path, records, bytes, encrypted, room }: Made): string[] {
  return [
    `备份好了：${path}，${records} 条记录，${spellBytes(bytes)}。请再拷一份到别的机器上。`,
    ...(encrypted ? [] : ['没有加密，里面有名册和党费：请保管好，或者在 .env 里填 BACKUP_KEY 再做一次。']),
    ...(room && isScarce(room) ? [`磁盘快满了，只剩 ${spellBytes(room.freeBytes)}：请清理。`] : []),
  ]
}

export function sayRestored({ head, records }: Restored): string[] {
  const at = new Date(head.at)
  const moment = `${dayOf(at)} ${timeOf(at)}`
  return [
    `恢复好了：${moment} 的备份，${records} 条记录，逐条核对过，都一样。现在可以启动服务。`,
    `${moment} 以后记下的都不在里面：请对照纸质签到表和收据补上。`,
  ]
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: '没有这个文件夹，请先建好它',
  ENOTDIR: '这不是文件夹，请换一个',
  EACCES: '没有写的权限，请换一个文件夹，或者改它的权限',
  EPERM: '没有写的权限，请换一个文件夹，或者改它的权限',
  EROFS: '这个磁盘只能读，请换一个文件夹',
  ENOSPC: '磁盘满了，请先清理',
}

/** Of a restore that failed, which changed nothing then: what the operator can mend becomes a sentence, the rest is a bug. */
export function explainedRestoring(error: unknown, folder: string): unknown {
  if (error instanceof NotEmptyError)
    return new UserError(
      `数据文件夹 ${folder} 里已经有数据，什么都没有动。请先把它改个名字留着（${moveAside(folder)}），再运行一次；备份文件在里面的，路径跟着变。`,
    )
  if (error instanceof FolderInUseError)
    return new UserError(`服务正在使用数据文件夹 ${folder}，什么都没有动。请先停止服务，再运行一次。`)
  if (error instanceof MismatchError)
    return new UserError(
      `恢复出来的和备份里的不一样（${error.collection}），什么都没有恢复。请换一个备份，或者换一个磁盘再试。`,
    )
  const reason = REASONS[codeOf(error)]
  return reason ? new UserError(`没有恢复成：${folder}：${reason}。原来的没有动。`) : error
}

/** The same for a backup by hand. */
export function explainedMaking(error: unknown, folder: string): unknown {
  if (error instanceof StoreError)
    return new UserError(
      `没有备份成：数据文件夹里有一个旧文件坏了（${error.message}）。以前的备份没有动，请从里面找回这个文件。`,
    )
  const reason = REASONS[codeOf(error)]
  return reason ? new UserError(`没有备份成：${folder}：${reason}。以前的备份没有动。`) : error
}
