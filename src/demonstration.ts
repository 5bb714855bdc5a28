import { readFile } from 'node:fs/promises'
import { dayOf, instantAt } from './clock.ts'
import type { Config } from './config.ts'
import { groupPeople } from './domain/group.ts'
import { afterQuiet, isQuiet, QUIET_HOURS } from './domain/quiet.ts'
import { importRoster } from './import/roster.ts'
import type { Simulator } from './simulator/simulator.ts'
import { branches, people } from './store/collections.ts'
import type { Store } from './store/records.ts'

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
  if (known.length > 0) return
  const report = await importRoster(store, await readFile(roster), { dryRun: false, by: 'sample' })
  if (!report.ok) throw new Error(`the sample roster is wrong: ${report.text.join('; ')}`)
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
