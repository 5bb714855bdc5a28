import { rm } from 'node:fs/promises'
import { ConfigError, loadEnvFile, readConfig } from './config.ts'
import { announceControl, withdrawControl } from './control-file.ts'
import { log, logIncident, setLogLevel } from './log.ts'
import { createService } from './service.ts'
import { openLowdbStore } from './store/lowdb.ts'
import { StoreError } from './store/records.ts'

/** The only file with effects at import: config, wire, listen, close. */
const END_MS = 9000

try {
  await main()
} catch (error) {
  const known = error instanceof ConfigError || error instanceof StoreError || isAddressInUse(error)
  process.stderr.write(known && error instanceof Error ? `${error.message}\n` : `${explainBug(error)}\n`)
  process.exit(1)
}

async function main(): Promise<void> {
  loadEnvFile()
  const config = readConfig()
  setLogLevel(config.logLevel)
  if (process.argv.includes('--fresh')) await beginAfresh(config.wecom === null, config.folder)
  const service = await createService(config)
  const port = await service.listen()
  if (service.controlToken) await announceControl(config.folder, { port, token: service.controlToken })
  log.info('ready', { port, mode: config.wecom ? 'wecom' : 'simulator' })
  if (service.simulator)
    process.stdout.write(`\n  zhibu is running. Open the chat page: http://localhost:${port}/simulator\n\n`)

  let ending = false
  const end = async (signal: string) => {
    if (ending) return
    ending = true
    log.info('ending', { signal })
    setTimeout(() => process.exit(1), END_MS).unref()
    await service.close()
    await withdrawControl(config.folder)
    process.exit(0)
  }
  process.on('SIGTERM', () => void end('SIGTERM'))
  process.on('SIGINT', () => void end('SIGINT'))
}

/** The simulator's township from its beginning. The store is opened first: its lock tells whether another bot uses it. */
async function beginAfresh(simulator: boolean, folder: string): Promise<void> {
  if (!simulator) throw new ConfigError(['--fresh is for the simulator: it deletes the store'])
  const store = await openLowdbStore({ folder, corpId: 'wwsimulator00000001' })
  await store.close()
  await rm(folder, { recursive: true, force: true })
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
}

function explainBug(error: unknown): string {
  const incident = logIncident('start failed', error)
  return `The start failed (${incident}): ${error instanceof Error ? error.message : 'unknown'}`
}
