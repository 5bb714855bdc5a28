import { now } from '../clock.ts'
import { log, logIncident } from '../log.ts'
import { outbox, people } from '../store/collections.ts'
import type { NewChore, ReadTx, SendOptions, Store, Tx, UpdateOptions } from '../store/records.ts'
import type { Job, JobBackups, JobContext } from './job.ts'
import type { Message } from './message.ts'

/** What a run sends, or in a dry run would send. `to`: UserIDs, or the personId of who has none; a post in a group has 'group:b-3'. */
export interface Planned {
  to: string[]
  text: string
}

export interface RunResult {
  report: string
  sent: Planned[]
  /** A part of it failed, or all. */
  failed: boolean
  /** It is to be run again for the same slot. */
  again: boolean
}

/** Ends a dry run's update without a trace: what throws changes nothing. */
class NothingKept<T> extends Error {
  constructor(readonly result: T) {
    super('dry run')
  }
}

/** One run of a job for one slot. Never rejects: a bug is logged with its incident, and `failed`. */
export async function runJob(
  store: Store,
  job: Job,
  slot: Date,
  dryRun: boolean,
  backups: JobBackups | null = null,
): Promise<RunResult> {
  const sent: Planned[] = []
  let failed = false
  const fail = (error: unknown) => {
    failed = true
    return logIncident('job failed', error, { job: job.name })
  }

  async function update<T>(
    lock: string | readonly string[],
    run: (tx: Tx) => Promise<T>,
    options?: UpdateOptions,
  ): Promise<T> {
    const planned: Planned[] = []
    const work = async (tx: Tx) => {
      planned.length = 0
      return run(jobTx(tx, job, slot, planned))
    }
    const result = dryRun ? await withoutTrace(store, lock, work, options) : await store.update(lock, work, options)
    sent.push(...planned)
    return result
  }

  const at = now()
  const context: JobContext = {
    slot,
    now: at,
    asOf: dryRun || slot < at ? slot : at,
    read: run => store.read(run),
    update,
    backups: dryRun && backups ? DRY_BACKUPS : backups,
    async each(items, run) {
      const results: Awaited<ReturnType<typeof run>>[] = []
      for (const item of items) {
        try {
          results.push(await run(item))
        } catch (error) {
          fail(error)
        }
      }
      return results
    },
  }
  try {
    const done = await job.run(context)
    if (sent.length > 0) log.info('job', { job: job.name, dryRun, messages: sent.length })
    if (typeof done === 'string') return { report: done, sent, failed, again: failed }
    return { report: done.report, sent, failed: true, again: failed || done.again }
  } catch (error) {
    return { report: `failed, see incident ${fail(error)} in the log`, sent, failed: true, again: true }
  }
}

const DRY_BACKUPS: JobBackups = {
  nightly: async () => 'would make the backup of the day, unless it is there',
  weekly: async () => 'would restore the newest backup aside and compare every record',
  check: async () => 'would restore the newest backup aside and compare every record',
}

async function withoutTrace<T>(
  store: Store,
  lock: string | readonly string[],
  work: (tx: Tx) => Promise<T>,
  options?: UpdateOptions,
): Promise<T> {
  try {
    const trial = async (tx: Tx) => {
      throw new NothingKept(await work(tx))
    }
    await store.update(lock, trial, options)
  } catch (error) {
    if (error instanceof NothingKept) return error.result as T
    throw error
  }
  throw new Error('a dry run was kept')
}

/** The transaction as a job sees it: what goes out is keyed, and noted for the report. */
function jobTx(tx: Tx, job: Job, slot: Date, planned: Planned[]): Tx {
  const keyOf = (matter: string) => `${job.name}@${slot.toISOString().slice(0, 16)}:${matter}`

  async function send(message: Message, to: readonly string[], options: SendOptions = {}): Promise<string | null> {
    const left = await stillToTell(tx, to, keyOf(options.key ?? options.about ?? ''))
    const sent = await tx.send(message, left.personIds, { ...options, key: left.key })
    const record = sent ? await tx.get(outbox, sent) : undefined
    if (record) planned.push({ to: await userIdsOf(tx, record.to), text: message.text })
    return sent
  }

  async function chore(chore: NewChore): Promise<boolean> {
    const queued = await tx.chore({ ...chore, key: keyOf(chore.key ?? '') })
    if (queued && chore.what.does === 'post') planned.push({ to: [`group:${chore.branchId}`], text: chore.what.text })
    return queued
  }

  return Object.assign(Object.create(tx) as Tx, { send, chore })
}

/** Those whom no earlier run of this slot told, and a key that no record has yet. */
async function stillToTell(tx: ReadTx, to: readonly string[], base: string) {
  const told = new Set<string>()
  let key = base
  for (let run = 2; ; run += 1) {
    const record = await tx.getBy(outbox, 'dedupeKey', key)
    if (!record) break
    for (const personId of record.to) told.add(personId)
    key = `${base}#${run}`
  }
  return { personIds: [...new Set(to)].filter(personId => !told.has(personId)), key }
}

async function userIdsOf(tx: ReadTx, personIds: readonly string[]): Promise<string[]> {
  const userIds: string[] = []
  for (const personId of personIds) userIds.push((await tx.get(people, personId))?.userId ?? personId)
  return userIds
}
