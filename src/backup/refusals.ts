import { UserError } from '../errors.ts'

export const REFUSED = ['absent', 'unreadable', 'not a backup', 'damaged', 'key', 'newer', 'other corp'] as const

/** Why a file cannot be restored, in the operator's words: the fact, then what to do. */
export class BackupRefused extends UserError {
  constructor(
    readonly why: (typeof REFUSED)[number],
    message: string,
  ) {
    super(message)
  }
}

export const noSuchFile = (path: string) =>
  new BackupRefused('absent', `没有这个文件：${path}。备份在数据文件夹里的 backups 下面，请检查路径。`)
export const isFolder = (path: string) =>
  new BackupRefused('not a backup', `${path} 是文件夹，不是备份文件。请写出里面的哪一个文件。`)
export const unreadable = (path: string) =>
  new BackupRefused('unreadable', `${path} 读不了：没有权限，或者磁盘有问题。请检查后再运行一次。`)
export const isEmptyFile = (path: string) =>
  new BackupRefused('damaged', `${path} 是空的，什么都没有恢复。请换一个备份。`)
export const isNoBackup = (path: string) =>
  new BackupRefused('not a backup', `${path} 不是本程序的备份，什么都没有恢复。请用 npm run backup 做出来的文件。`)
export const isDamaged = (path: string) =>
  new BackupRefused('damaged', `${path} 不完整，或者被改动过，什么都没有恢复。请换一个备份，或者重新拷贝一次。`)
export const needsKey = (path: string) =>
  new BackupRefused('key', `${path} 是加密的，要有密钥才能恢复。请在 .env 里填做备份时用的 BACKUP_KEY，再运行一次。`)
export const wrongKey = (path: string) =>
  new BackupRefused(
    'key',
    `${path} 打不开：现在的 BACKUP_KEY 不是做这个备份时用的那一个，或者文件的开头坏了。请填回原来的密钥，或者换一个备份。`,
  )
export const isNewer = (path: string) =>
  new BackupRefused('newer', `${path} 是更新的版本做的，这个版本认不全，什么都没有恢复。请先升级程序，再运行一次。`)
export const otherCorp = (path: string, corpId: string, ours: string) =>
  new BackupRefused(
    'other corp',
    `${path} 是企业 ${corpId} 的，这里设置的是 ${ours}，什么都没有恢复。请检查 WECOM_CORP_ID，或者换一个备份。`,
  )

/** What came back is not what the backup holds: a bug, or a disk that forgets. */
export class MismatchError extends Error {
  override readonly name = 'MismatchError'
  constructor(readonly collection: string) {
    super(`${collection}: what came back is not what the backup holds`)
  }
}
