import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { dayOf, now } from '../clock.ts'
import { type Undone, UserError } from '../errors.ts'
import { log, logIncident } from '../log.ts'
import { codeOf, type FileSystem, nodeFiles } from '../store/files.ts'
import type { Store } from '../store/records.ts'
import { checkInWorker } from './checking.ts'
import {
  backupsIn,
  type Checked,
  clearRemains,
  dayOfBackup,
  isCheckDue,
  isCheckOverdue,
  isNightly,
  isOverdue,
  isScarce,
  listBackups,
  nameFor,
  noteChecked,
  type Origin,
  type Room,
  readChecked,
  removeOld,
  roomIn,
  scratchIn,
  spellBytes,
} from './keeping.ts'
import { explainedMaking } from './said.ts'
import { type Written, writeBackup } from './writing.ts'

export interface Made extends Written {
  encrypted: boolean
  /** null: the system does not tell. */
  room: Room | null
}

/** The backups of a running store. One thing at a time. */
export interface Backups {
  /** Asked for by an operator: into the folder of the backups, or another that is there. Rejects with a UserError where he can mend it. */
  byHand(to?: string): Promise<Made>
  /** Makes that of the day, unless there is one, and removes the oldest. Never rejects for what the disk or the store says. */
  nightly(): Promise<string | Undone>
  /** Restores the newest into a scratch folder and compares every record, unless one came back within the week. Never rejects. */
  weekly(): Promise<string | Undone>
  /** The same, whenever it was done last. */
  check(): Promise<string | Undone>
  /** What an operator has to look after, for readyz. */
  warnings(): Promise<string[]>
  /** Gives up what is under way: nothing of it stays. */
  stop(): Promise<void>
}

export interface BackupsOptions {
  store: Store
  folder: string
  corpId: string
  key: Uint8Array | null
  files?: FileSystem
}

export async function createBackups(options: BackupsOptions): Promise<Backups> {
  await clearRemains(options.folder).catch((error: unknown) => {
    // No reason not to start: the warnings tell it.
    log.warn('backups-unreadable', { code: codeOf(error) })
  })
  return new FolderBackups(options)
}

const GIVEN_UP: Undone = { report: 'given up, for the service ends: tried again later', again: true }
/** Not within the minute: a full disk is still full then. The later hours of the day are soon enough. */
const notDone = (report: string): Undone => ({ report, again: false })

class FolderBackups implements Backups {
  private readonly backups: string
  private readonly stopping = new AbortController()
  private last: Promise<unknown> = Promise.resolve()
  /** The days of the last backup, and of the last check, that could not be made, unless a later one was. */
  private failed: string | null = null
  private unchecked: string | null = null
  private isChecking = false

  constructor(private readonly options: BackupsOptions) {
    this.backups = backupsIn(options.folder)
  }

  async byHand(to?: string): Promise<Made> {
    try {
      return await this.inTurn(() => this.make('by-hand', to))
    } catch (error) {
      if (this.stopping.signal.aborted) throw new UserError('服务正在停止，没有备份。请等它停下来，再运行一次。')
      throw explainedMaking(error, to ?? this.backups)
    }
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.last.then(() => {
      this.stopping.signal.throwIfAborted()
      return run()
    })
    this.last = turn.catch(() => undefined)
    return turn
  }

  private async make(origin: Origin, to?: string): Promise<Made> {
    const { store, corpId, key, files = nodeFiles } = this.options
    const { signal } = this.stopping
    if (to === undefined) await nodeFiles.makeFolder(this.backups)
    const folder = to ?? this.backups
    const at = now()
    const path = join(folder, nameFor(at, origin, key !== null, await readdir(folder)))
    const written = await store.state(state => writeBackup(state, { path, corpId, at, key, files, signal }))
    return { ...written, encrypted: key !== null, room: await roomIn(folder) }
  }

  nightly(): Promise<string | Undone> {
    return this.inTurn(async () => {
      const today = dayOf(now())
      try {
        const isMade = (await listBackups(this.backups)).some(name => isNightly(name) && dayOfBackup(name) === today)
        if (isMade) return 'the backup of today is there'
        const made = await this.make('nightly')
        this.failed = null
        return await this.report(made)
      } catch (error) {
        if (this.stopping.signal.aborted) return GIVEN_UP
        this.failed = today
        const advice = codeOf(error) === 'ENOSPC' ? 'the disk is full: free some space' : 'see the incident'
        const incident = logIncident('backup-failed', error, { code: codeOf(error), advice })
        return notDone(`no backup was made: ${advice} (${incident})`)
      }
    })
  }

  private async report({ path, records, bytes, encrypted, room }: Made): Promise<string> {
    const { good } = await readChecked(this.backups)
    const kept = await removeOld(this.backups, [path.slice(this.backups.length + 1), good?.file])
    log.info('backup', { records, bytes, encrypted, kept, ...(room && { freeBytes: room.freeBytes }) })
    if (room && isScarce(room)) log.warn('disk-nearly-full', { freeBytes: room.freeBytes })
    const free = room ? `, ${spellBytes(room.freeBytes)} free` : ''
    return `backed up ${records} records, ${spellBytes(bytes)}, ${kept} nightly ones kept${free}`
  }

  weekly(): Promise<string | Undone> {
    return this.inTurn(async () => {
      const before = await readChecked(this.backups)
      return isCheckDue(before, dayOf(now())) ? this.checkNewest(before) : 'the check of this week is done'
    })
  }

  check(): Promise<string | Undone> {
    return this.inTurn(async () => this.checkNewest(await readChecked(this.backups)))
  }

  private async checkNewest(before: Checked): Promise<string | Undone> {
    const today = dayOf(now())
    const file = (await listBackups(this.backups)).at(-1)
    if (!file) return 'there is no backup to check'
    try {
      this.isChecking = true
      // First: where it kills the process, it does not do so at every start.
      await noteChecked(this.backups, { ...before, begun: { file, day: today } })
      return await this.checkOne(file, today, before)
    } catch (error) {
      await noteChecked(this.backups, before).catch(() => undefined)
      if (this.stopping.signal.aborted) return GIVEN_UP
      this.unchecked = today
      const incident = logIncident('backup-not-checked', error, { code: codeOf(error) })
      return notDone(`the newest backup could not be checked, see incident ${incident} in the log`)
    } finally {
      this.isChecking = false
    }
  }

  private async checkOne(file: string, today: string, { good }: Checked): Promise<string | Undone> {
    const { folder, corpId, key } = this.options
    const order = { path: join(this.backups, file), key, corpId, folder, scratch: scratchIn(folder) }
    const result = await checkInWorker(order, this.stopping.signal)
    this.unchecked = null
    if (result.ok) {
      await noteChecked(this.backups, { good: { file, day: today } })
      log.info('backup-checked', { file, records: result.records })
      return `restored ${file} aside and compared ${result.records} records: all the same`
    }
    const { why, what } = result
    // First: the disk may be too full for the note.
    const incident = logIncident('backup-check-failed', new Error(what), { file, found: what })
    await noteChecked(this.backups, { ...(good && { good }), bad: { file, day: today, why } })
    return notDone(`${file} did not come back as it was, see incident ${incident} in the log`)
  }

  async warnings(): Promise<string[]> {
    try {
      return await this.look()
    } catch (error) {
      return [`backups: ${this.backups} cannot be read (${codeOf(error)})`]
    }
  }

  private async look(): Promise<string[]> {
    const { folder } = this.options
    const [names, checked, room] = await Promise.all([
      listBackups(this.backups),
      readChecked(this.backups),
      roomIn(folder),
    ])
    const { good, bad, begun } = checked
    const today = dayOf(now())
    const newest = names.filter(isNightly).at(-1)
    return [
      ...(this.failed ? [`backups: that of ${this.failed} failed, see the log`] : []),
      ...(newest && isOverdue(newest, today) ? [`backups: the newest nightly one is of ${dayOfBackup(newest)}`] : []),
      ...(this.unchecked ? [`backups: the check of ${this.unchecked} could not be made, see the log`] : []),
      ...(begun && !this.isChecking
        ? [`backups: the check of ${begun.day} did not end, the process was killed in it`]
        : []),
      ...(bad ? [`backups: ${bad.file} did not come back as it was (checked on ${bad.day}), see the log`] : []),
      ...(isCheckOverdue(checked, names, today) ? [`backups: none was checked since ${good?.day ?? 'the first'}`] : []),
      ...(room && isScarce(room) ? [`disk: ${spellBytes(room.freeBytes)} free where the data is`] : []),
    ]
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.last
  }
}
