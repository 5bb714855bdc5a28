import { readFile } from 'node:fs/promises'
import { createDispatch } from './bot/dispatch.ts'
import type { Registry } from './bot/load.ts'
import { dayOf, instantAt, isDay } from './clock.ts'
import type { Config } from './config.ts'
import { fillSampleDues } from './demonstration-dues.ts'
import { groupPeople } from './domain/group.ts'
import { afterQuiet, isQuiet, QUIET_HOURS } from './domain/quiet.ts'
import { importRoster } from './import/roster.ts'
import type { Simulator } from './simulator/simulator.ts'
import { branches, COLLECTIONS, people } from './store/collections.ts'
import { type FileSystem, nodeFiles } from './store/files.ts'
import { openLowdbStore } from './store/lowdb.ts'
import type { Store } from './store/records.ts'
import { intoEmptyFolder, NotEmptyError } from './store/restoring.ts'

/** What simulator mode begins with. */

/**
 * Where the clock starts. A demonstration begins by day: in the quiet hours the newcomer would publish his first meeting, and
 * nobody would hear of it before the morning.
 */
export function clockAtStart(config: Pick<Config, 'clock' | 'wecom'>, at: Date): Date | null {
  if (config.clock || config.wecom || !isQuiet(at, QUIET_HOURS)) return config.clock
  return instantAt(dayOf(afterQuiet(at, QUIET_HOURS)), '09:00')
}

/** An empty store gets the sample roster by the import that every township uses. */
export async function fillSampleTownship(store: Store, roster: string | URL): Promise<void> {
  const known = await store.read(tx => tx.all(people))
  if (known.length === 0) await enrol(store, await readFile(roster))
}

export interface Sample {
  folder: string
  corpId: string
  roster: URL
  registry: Registry
}

/**
 * A folder without records gets the sample township with its history, whole or not at all; backups and what else lies there
 * stay. The clock is elsewhere meanwhile, so nobody may be heard yet. Resolves with what was said then, and answered.
 */
export async function makeSampleTownship({ folder, corpId, roster, registry }: Sample): Promise<string[]> {
  const file = await readFile(roster, 'utf8')
  try {
    return await intoEmptyFolder({ folder, collections: COLLECTIONS, isSample: true }, async beside => {
      const store = await openLowdbStore({ folder: beside, corpId, files: unsynced })
      try {
        return await fill(store, registry, file)
      } finally {
        await store.close()
      }
    })
  } catch (error) {
    if (error instanceof NotEmptyError) return []
    throw error
  }
}

async function fill(store: Store, registry: Registry, file: string): Promise<string[]> {
  const { receive } = createDispatch({
    store,
    registry,
    clientDefault: 'text',
    adminUserIds: new Set(),
    baseUrl: () => '',
  })
  let enrolled = ''
  return fillSampleDues({
    store,
    receive,
    async enrol(day) {
      const then = asOf(file, day)
      if (then !== enrolled) await enrol(store, Buffer.from(then))
      enrolled = then
    },
  })
}

/** Five hundred lines wait for no disk: what would be lost is made again. */
const unsynced: FileSystem = {
  ...nodeFiles,
  async open(path, mode) {
    const file = await nodeFiles.open(path, mode)
    return {
      write: data => file.write(data),
      datasync: async () => {},
      truncate: length => file.truncate(length),
      close: () => file.close(),
    }
  },
}

async function enrol(store: Store, file: Buffer): Promise<void> {
  const report = await importRoster(store, file, { dryRun: false, by: 'sample' })
  if (!report.ok) throw new Error(`the sample roster is wrong: ${report.text.join('; ')}`)
}

/** Who had not joined by that day is not on it yet, and what was approved later does not stand there. */
function asOf(file: string, day: string): string {
  const [header = '', ...rows] = file.trimEnd().split('\n')
  const joined = header.split(',').indexOf('入党日期')
  const isLater = (cell: string | undefined) => isDay(cell ?? '') && (cell ?? '') > day
  const cells = rows.map(row => row.split(',')).filter(row => !isLater(row[joined]))
  return [header, ...cells.map(row => row.map(cell => (isLater(cell) ? '' : cell)).join(','))].join('\n')
}

/** The store outlives the process, the simulated WeCom does not: it gets back the groups that the branches still have. */
export async function restoreGroups(store: Store, simulator: Simulator): Promise<void> {
  await store.read(async tx => {
    for (const branch of await tx.all(branches)) {
      const { branchId, chat, name } = branch
      if (chat?.kind === 'appchat') simulator.addGroup(chat.chatId, name, chat.members)
      if (chat?.kind !== 'webhook') continue
      const found = groupPeople(await tx.find(people, 'branch', branchId))
      simulator.addWebhook(
        chat.key,
        name,
        found.map(({ userId }) => userId),
      )
    }
  })
}
