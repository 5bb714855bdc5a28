import { now, spellMoment } from './clock.ts'
import { ConfigError, loadEnvFile, readConfig } from './config.ts'
import { announceControl, callableHost, withdrawControl } from './control-file.ts'
import { clockAtStart } from './demonstration.ts'
import { UserError } from './errors.ts'
import { log, logIncident, setLogLevel } from './log.ts'
import { createService } from './service.ts'
import { SIMULATED_CORP } from './simulated.ts'
import { eraseFolder } from './store/erasing.ts'
import { StoreError } from './store/records.ts'

/** The only file with effects at import: config, wire, listen, close. */
const END_MS = 9000
const NIGHT = 'It is night in Beijing, when the bot keeps quiet: its clock starts at'

// Whoever read the log has gone: the bot goes on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
// A bug of which nobody knows what it left undone: the journal has all that was acknowledged, and a supervisor starts again.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    logIncident(event, error)
    process.exit(1)
  })
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}

async function main(): Promise<void> {
  loadEnvFile()
  const config = readConfig()
  setLogLevel(config.logLevel)
  if (process.argv.includes('--fresh')) await beginAfresh(config.wecom === null, config.folder)
  const clock = clockAtStart(config, now())
  const service = await createService({ ...config, clock })
  const port = await service.listen()
  const host = callableHost(config.host)
  if (service.controlToken) await announceControl(config.folder, { host, port, token: service.controlToken })
  log.info('ready', { port, mode: config.wecom ? 'wecom' : 'simulator' })
  const page = `http://${host === '127.0.0.1' ? 'localhost' : host}:${port}/simulator`
  const night = clock && !config.clock ? `  ${NIGHT} ${spellMoment(clock)}.\n` : ''
  if (service.simulator) process.stdout.write(`\n${night}  zhibu is running. Open the chat page: ${page}\n\n`)

  let ending = false
  const end = async (signal: string) => {
    if (ending) return
    ending = true
    log.info('ending', { signal })
    setTimeout(() => process.exit(1), END_MS).unref()
    await withdrawControl(config.folder)
    await service.close()
    process.exit(0)
  }
  process.on('SIGTERM', () => void end('SIGTERM'))
  process.on('SIGINT', () => void end('SIGINT'))
}

/** The simulator's township from its beginning. */
async function beginAfresh(simulator: boolean, folder: string): Promise<void> {
  if (!simulator) throw new UserError('--fresh 会删掉全部数据，只能在模拟器里用。请去掉它再启动。')
  await eraseFolder(folder, SIMULATED_CORP)
}

function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StoreError || error instanceof UserError) return error.message
  return explainListening(error) ?? explainFiles(error) ?? explainBug(error)
}

/** Where `listen` fails the reason is a setting. */
function explainListening(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !/^(listen|getaddrinfo)$/.test(String(error.syscall)))
    return undefined
  const code = 'code' in error ? error.code : ''
  const mend = /^(EADDRINUSE|EACCES)$/.test(String(code))
    ? '请停掉占着它的程序，或者在 PORT 里换一个端口'
    : '请把 HOST 留空，或者写这台电脑的地址'
  return `听不了这个端口（${error.message}）。${mend}。`
}

/** The message names the file, and what may not be done with it. */
function explainFiles(error: unknown): string | undefined {
  const known = error instanceof Error && 'path' in error && 'code' in error
  const isOurs = known && /^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|ENOSPC)$/.test(String(error.code))
  return isOurs ? `数据文件夹用不了（${error.message}）。请在 STORE_URL 里写一个这个用户能写的文件夹。` : undefined
}

function explainBug(error: unknown): string {
  const incident = logIncident('start failed', error)
  return `没有启动成，编号 ${incident}（${error instanceof Error ? error.message : 'unknown'}）。请把编号和日志交给维护的人。`
}
