import { readFile, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { addDays, dayOf, timeOf } from '../clock.ts'
import { log } from '../log.ts'
import { codeOf, nodeFiles, replaceFile, writeAll } from '../store/files.ts'
import { REFUSED } from './refusals.ts'

/** The folder of the backups: their names, which of them stay, and what the weekly check found. */
export const backupsIn = (folder: string): string => join(folder, 'backups')

/** Where the weekly check restores to. */
export const scratchIn = (folder: string): string => join(folder, 'checking')

export const KEPT = 14

/** Who made it. What an operator asked for is his to remove. */
export type Origin = 'nightly' | 'by-hand'

const NAME = /^(\d{4}-\d{2}-\d{2})-\d{6}(?:_\d+)?-(nightly|by-hand)\.jsonl\.gz(?:\.aes)?$/

/** '2026-11-26-024003-nightly.jsonl.gz', a second one of that second '…024003_2-…': sorted by name they are sorted by time. */
export function nameFor(at: Date, origin: Origin, encrypted: boolean, taken: readonly string[]): string {
  const time = timeOf(at).replace(':', '') + String(at.getUTCSeconds()).padStart(2, '0')
  const end = `-${origin}.jsonl.gz${encrypted ? '.aes' : ''}`
  for (let run = 1; ; run++) {
    const name = `${dayOf(at)}-${time}${run === 1 ? '' : `_${run}`}${end}`
    if (!taken.includes(name)) return name
  }
}

/** Names of what is there, oldest first. */
export async function listBackups(backups: string): Promise<string[]> {
  return (await nodeFiles.list(backups)).filter(name => NAME.test(name))
}

export const dayOfBackup = (name: string): string => NAME.exec(name)?.[1] ?? ''
export const isNightly = (name: string): boolean => NAME.exec(name)?.[2] === 'nightly'

/** Of the nightly ones the oldest go, but never those named. Resolves with how many there are then. */
export async function removeOld(backups: string, never: readonly (string | undefined)[]): Promise<number> {
  const nightly = (await listBackups(backups)).filter(isNightly)
  const old = nightly.slice(0, Math.max(0, nightly.length - KEPT)).filter(name => !never.includes(name))
  for (const name of old) {
    await rm(join(backups, name), { force: true }).catch((error: unknown) => {
      // The new one is there: an old one more is no reason to say that there is none.
      log.warn('backup-not-removed', { file: name, code: codeOf(error) })
    })
  }
  return (await listBackups(backups)).filter(isNightly).length
}

/** A night may fail, and a machine may be off for a day. */
const OVERDUE_DAYS = 3

/** The newest is older than a machine that runs would leave it. `name`: of a backup; `today` a day. */
export const isOverdue = (name: string, today: string): boolean => dayOfBackup(name) < addDays(today, -OVERDUE_DAYS)

/** What a kill left of one that was being written, or checked. */
export async function clearRemains(folder: string): Promise<void> {
  const backups = backupsIn(folder)
  for (const name of await nodeFiles.list(backups)) {
    const isTorn = name.endsWith('.tmp') && NAME.test(name.slice(0, -'.tmp'.length))
    if (isTorn) await rm(join(backups, name), { force: true })
  }
  await nodeFiles.removeFolder(scratchIn(folder))
}

const look = z.object({ file: z.string(), day: z.string() })
const checkedSchema = z.object({
  /** The last one that came back whole: it is never removed. */
  good: look.optional(),
  /** The last one that did not, unless a later one did. */
  bad: look.extend({ why: z.enum([...REFUSED, 'differs']).default('differs') }).optional(),
  /** A check that was begun, and ended in nothing: the process was killed in it. */
  begun: look.optional(),
})
export type Checked = z.infer<typeof checkedSchema>

const CHECK_DAYS = 7
/** As many days as there are backups kept: who has never checked has none that is older. */
const UNCHECKED_DAYS = KEPT - 1

/** One that did not come back is looked at again the day after; one that killed the process is not the next day. */
export function isCheckDue({ good, bad, begun }: Checked, today: string): boolean {
  const isRecent = (day: string | undefined) => day !== undefined && day > addDays(today, -CHECK_DAYS)
  if (isRecent(begun?.day)) return false
  return bad ? bad.day !== today : !isRecent(good?.day)
}

/** For two weeks none came back, though there were some. `names`: what is there, oldest first. */
export function isCheckOverdue({ good }: Checked, names: readonly string[], today: string): boolean {
  const since = good?.day ?? (names[0] ? dayOfBackup(names[0]) : today)
  return names.length > 0 && since <= addDays(today, -UNCHECKED_DAYS)
}

const CHECKED = 'checked.json'

export async function readChecked(backups: string): Promise<Checked> {
  try {
    return checkedSchema.parse(JSON.parse(await readFile(join(backups, CHECKED), 'utf8')))
  } catch {
    return {}
  }
}

export const noteChecked = (backups: string, checked: Checked): Promise<void> =>
  replaceFile(nodeFiles, join(backups, CHECKED), file => writeAll(file, Buffer.from(JSON.stringify(checked))))

export interface Room {
  freeBytes: number
  totalBytes: number
}

/** null: the system does not tell. */
export async function roomIn(folder: string): Promise<Room | null> {
  try {
    const { bavail, bsize, blocks } = await statfs(folder)
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  } catch {
    return null
  }
}

const SCARCE_BYTES = 1 << 30

/** A gigabyte, or a twentieth of a small disk: the store's own files are rewritten whole at checkpoints. */
export const isScarce = ({ freeBytes, totalBytes }: Room): boolean =>
  freeBytes < Math.min(SCARCE_BYTES, totalBytes / 20)

export const spellBytes = (bytes: number): string => {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} KB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}
