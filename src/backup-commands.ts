import { resolve } from 'node:path'
import { createBackups } from './backup/backups.ts'
import { restoreBackup } from './backup/restoring.ts'
import { sayMade, sayRestored } from './backup/said.ts'
import { moveClock } from './clock.ts'
import type { Config } from './config.ts'
import { UserError } from './errors.ts'
import { SIMULATED_CORP } from './simulated.ts'
import { nodeFiles } from './store/files.ts'
import { FolderInUseError } from './store/folder-lock.ts'
import { openLowdbStore } from './store/lowdb.ts'
import { MANIFEST } from './store/manifest.ts'

/** `npm run backup` and `npm run restore`. */

const corpOf = ({ wecom }: Config): string => wecom?.corpId ?? SIMULATED_CORP

/** What is past its time goes by the clock of the service. */
function setClock({ clock }: Config): void {
  if (clock) moveClock(clock)
}

interface Told {
  ok: boolean
  text: string[]
}

/** Through the running service where there is one (`ask`), else on the store itself. */
export async function backUp(
  config: Config,
  to: string | undefined,
  ask: ((body: object) => Promise<unknown>) | undefined,
): Promise<unknown> {
  // Where the command was given, not where the service was started.
  const folder = to === undefined ? undefined : resolve(to)
  return ask ? ask({ to: folder }) : backUpHere(config, folder)
}

async function backUpHere(config: Config, to: string | undefined): Promise<Told> {
  const { folder, backupKey: key } = config
  setClock(config)
  if (!(await nodeFiles.list(folder)).includes(MANIFEST))
    throw new UserError(`${folder} 里没有数据，不用备份。请看 STORE_URL 是不是写对了。`)
  const corpId = corpOf(config)
  const store = await openLowdbStore({ folder, corpId }).catch((error: unknown) => {
    if (!(error instanceof FolderInUseError)) throw error
    throw new UserError('服务正在运行，但没有开控制口令。请在 .env 里填 CONTROL_TOKEN，重启服务，再运行一次。')
  })
  try {
    const backups = await createBackups({ store, folder, corpId, key })
    return { ok: true, text: sayMade(await backups.byHand(to)) }
  } finally {
    await store.close()
  }
}

export async function bringBack(config: Config, file: string): Promise<Told> {
  const { folder, backupKey: key } = config
  setClock(config)
  return { ok: true, text: sayRestored(await restoreBackup({ path: file, folder, corpId: corpOf(config), key })) }
}
