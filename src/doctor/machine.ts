import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  backupsIn,
  type Checked,
  dayOfBackup,
  isCheckOverdue,
  isOverdue,
  isScarce,
  listBackups,
  type Room,
  readChecked,
  roomIn,
  scratchIn,
  spellBytes,
} from '../backup/keeping.ts'
import { dayOf, daysBetween, now } from '../clock.ts'
import { unknownYears } from '../domain/holidays.ts'
import { loadHolidays, ownHolidays } from '../holiday-files.ts'
import { bad, type Finding, good, warn } from './findings.ts'

/** Until when each version gets security fixes (nodejs/Release). */
const SUPPORTED_UNTIL: Readonly<Record<number, string>> = { 20: '2026-04-30', 22: '2027-04-30', 24: '2028-04-30' }
const NEWEST = 24

/** 20.12 has what is needed (package.json). */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const newer = `装 Node ${NEWEST} 或更新的（nodejs.org），再运行 npm ci，然后重启本程序`
  if (major < 20 || (major === 20 && minor < 12)) return bad(`Node ${version} 太旧，本程序要 20.12 或更新的`, newer)
  const until = SUPPORTED_UNTIL[major]
  if (until !== undefined && dayOf(now()) > until)
    return warn(`Node ${version} 能用，但 ${until} 以后没有安全更新了`, newer)
  return good(`Node ${version}`)
}

/** By writing: who may, the mode alone does not tell. */
export async function checkFolder(folder: string): Promise<Finding> {
  const path = resolve(folder)
  const found = await stat(path).catch(() => null)
  if (!found) return warn('还没有数据文件夹，第一次启动时会建', [], path)
  if (!found.isDirectory()) return bad('STORE_URL 写的不是文件夹', '换一个文件夹的路径', path)
  const probe = join(path, `.probe-${randomUUID()}`)
  try {
    await writeFile(probe, '', { mode: 0o600 })
    await rm(probe)
  } catch {
    return bad('数据文件夹写不进去', '让运行本程序的用户能写：sudo chown -R 用户名 文件夹；再看磁盘是不是满了', path)
  }
  if ((found.mode & 0o077) !== 0 && process.platform !== 'win32')
    return warn('数据文件夹这台电脑上的别人也能看', `运行：chmod 700 ${path}`, path)
  return good('数据文件夹能写', [], path)
}

const LEAST_BYTES = 200 << 20

export async function checkDisk(folder: string): Promise<Finding> {
  const room = (await roomIn(resolve(folder))) ?? (await roomIn('.'))
  return room ? judgeDisk(room) : warn('看不出磁盘还有多少空间', '请自己看一下：df -h')
}

/** A full disk ends the process: what it cannot write it does not acknowledge. */
export function judgeDisk(room: Room): Finding {
  const free = spellBytes(room.freeBytes)
  const advice = '删掉不用的文件，或换大一点的磁盘'
  if (room.freeBytes < LEAST_BYTES) return bad(`磁盘只剩 ${free}，写满了本程序就会停`, advice)
  return isScarce(room) ? warn(`磁盘只剩 ${free}`, advice) : good(`磁盘还有 ${free}`)
}

/** `files`: those of the folder of the backups; `today` a day. */
export function judgeBackups(files: readonly string[], today: string): Finding {
  const newest = files.at(-1)
  if (!newest) {
    return warn('还没有备份', '服务每天 2:40 自己备份一次；现在要一份，运行：npm run backup')
  }
  const day = dayOfBackup(newest)
  const copy = '备份和数据在同一块磁盘上，请常常拷到另一台电脑'
  if (isOverdue(newest, today)) {
    return bad(
      `最近一次备份是 ${day}，已经 ${daysBetween(day, today)} 天`,
      '看日志里的 backup-failed；现在要一份，运行：npm run backup',
    )
  }
  return good(`最近一次备份是 ${day}，一共 ${files.length} 份`, [], copy)
}

/** Also what the weekly check found. A folder that this user may not read is a finding and no end of the doctor. */
export async function checkBackups(folder: string): Promise<Finding[]> {
  const path = backupsIn(resolve(folder))
  const files = await listBackups(path).catch(() => null)
  if (files === null) return [bad('备份的文件夹读不了', '让运行本程序的用户能读写：sudo chown -R 用户名 文件夹', path)]
  const today = dayOf(now())
  const { begun, ...checked } = await readChecked(path)
  // The folder it restores into is there as long as it goes on, and is cleared by the next start where it was killed.
  const isUnderWay = begun !== undefined && existsSync(scratchIn(resolve(folder)))
  const settled = isUnderWay ? checked : { ...checked, begun }
  return [...judgeChecked(settled, files, today), judgeBackups(files, today)]
}

const AGAIN = '现在再做一份：npm run backup'
/** What to do about a backup that did not come back, by why. */
const BROKEN: Readonly<Record<NonNullable<Checked['bad']>['why'], string>> = {
  key: `BACKUP_KEY 换过或没有填：以前的备份要用以前的密钥，请把它也记下来；${AGAIN}`,
  unreadable: `文件读不了：看权限（sudo chown -R 用户名 文件夹）和磁盘；${AGAIN}`,
  absent: AGAIN,
  damaged: `文件坏了，磁盘可能有毛病：换一块磁盘；${AGAIN}，再拷到另一台电脑`,
  'not a backup': `文件坏了，磁盘可能有毛病：换一块磁盘；${AGAIN}，再拷到另一台电脑`,
  differs: `恢复出来少了或变了：${AGAIN}，再把日志里的 backup-check-failed 报给维护的人`,
  newer: '它是更新的版本做的：升级本程序',
  'other corp': `它是另一个企业的，WECOM_CORP_ID 可能改过：请核对；${AGAIN}`,
}

/** `files`: names of the backups, oldest first; `today` a day. */
export function judgeChecked(checked: Checked, files: readonly string[], today: string): Finding[] {
  const { good: whole, bad: broken, begun } = checked
  const unchecked = '服务每星期自己试着恢复一次；电脑要在 3:10、9:10、15:10、21:10 里有一个时候开着'
  return [
    ...(broken ? [bad(`${broken.day} 检查备份，恢复不回原样`, BROKEN[broken.why], broken.file)] : []),
    ...(begun
      ? [warn(`${begun.day} 检查备份，没有做完`, '内存可能不够：看日志，或换内存大一点的电脑', begun.file)]
      : []),
    ...(isCheckOverdue(checked, files, today)
      ? [warn(`备份${whole ? `从 ${whole.day} 起` : '还'}没有试着恢复过`, unchecked)]
      : []),
  ]
}

export async function checkEnvFile(): Promise<Finding[]> {
  const found = await stat('.env').catch(() => null)
  if (!found || process.platform === 'win32' || (found.mode & 0o077) === 0) return []
  return [warn('.env 里有密码，这台电脑上的别人也能看', '运行：chmod 600 .env')]
}

export async function checkHolidays(folder: string | null): Promise<Finding[]> {
  const wrong = (await loadHolidays(folder)).map(({ file, year, what }) =>
    bad(
      `放假安排写得不对，没有算进去：${year === null ? '' : `${year}：`}${what}`,
      '改好这个文件，再重启本程序',
      resolve(file),
    ),
  )
  const years = unknownYears(now())
  if (years.length === 0) return wrong.length > 0 ? wrong : [good('放假安排齐全')]
  const missing = warn(
    `没有 ${years.join('、')} 年的放假安排，提醒会按平常的周末算`,
    `国务院公布以后，照 README 写进 ${folder === null ? '数据文件夹里的 holidays.json' : ownHolidays(folder)}，再重启`,
  )
  return [...wrong, missing]
}
