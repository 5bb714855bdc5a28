import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { type Config, ConfigError, loadEnvFile, readConfig } from './config.ts'
import { post, running } from './control-client.ts'
import { UserError } from './errors.ts'
import type { SyncSaid } from './import/roster-sync.ts'
import { setLogLevel } from './log.ts'
import type { Service } from './service.ts'
import { FolderInUseError } from './store/folder-lock.ts'
import { StoreError } from './store/records.ts'

/**
 * Through the running service's control routes where there is one, else on the store itself. What only some lines need is loaded
 * by them: a container asks `doctor --health` every half minute.
 */
const USAGE = `zhibu（党支部机器人）
  npm run say -- 账号 "一句话"                      替一个人说一句话
  npm run job [-- 任务名 [--at 时刻] [--dry-run]]    有哪些任务；或者运行一个，为现在或某个带时区的时刻
  npm run roster -- import 文件 [--dry-run]         导入名册（XLSX；UTF-8 或 GBK 的 CSV）
  npm run roster -- sync --dry-run | --as 正式党员   和企业微信通讯录对照；把新来的加进名册
  npm run bank -- import 文件 [--name 名字] [--dry-run] [--skip-bad]
                                                  导入题库（XLSX、CSV、DOCX、文本、JSON、GIFT、Aiken）
  npm run backup [-- --to 文件夹]                   把全部数据备份成一个文件
  npm run restore -- 文件                           把备份恢复到空的数据文件夹；先停止服务
  npm run clock -- 时刻                             把模拟器的时钟拨到（2026-11-26T18:45:00+08:00）
  npm run doctor [-- --menu | --health | --report]
                                                  检查设置和企业微信；建应用菜单；只看服务好不好；
                                                  做一份不含个人信息的报告，给帮忙的人看`

async function main(args: readonly string[]): Promise<number> {
  const fromFile = loadEnvFile()
  setLogLevel('silent')
  const read = readArgs(args)
  if (!read) {
    process.stderr.write(`${USAGE}\n`)
    return 2
  }
  const { values, positionals } = read
  const [command, ...rest] = positionals
  if (command === 'doctor' && values.health) return (await (await import('./doctor/health.ts')).isHealthy()) ? 0 : 1
  if (command === 'doctor') return (await import('./doctor/doctor.ts')).runDoctor(values, fromFile)
  const config = readConfig()
  if (command === 'say' && rest.length >= 2) return say(config, rest[0] ?? '', rest.slice(1).join(' '))
  if (command === 'roster' && rest[0] === 'import' && rest[1])
    return roster(config, rest[1], values['dry-run'] ?? false)
  if (command === 'roster' && rest[0] === 'sync')
    return sync(config, { dryRun: values['dry-run'] ?? false, as: values.as })
  if (command === 'bank' && rest[0] === 'import' && rest[1]) return bank(config, rest[1], values)
  if (command === 'job' && rest[0]) return job(config, rest[0], { at: values.at, dryRun: values['dry-run'] ?? false })
  if (command === 'job') return listJobs()
  if (command === 'backup' && rest.length === 0) return backup(config, values.to)
  if (command === 'restore' && rest[0]) return restore(config, rest[0])
  if (command === 'clock' && rest[0]) return clock(config, rest[0])
  process.stderr.write(`${USAGE}\n`)
  return 2
}

/** undefined: an option nobody knows. */
function readArgs(args: readonly string[]) {
  try {
    const options = {
      'dry-run': { type: 'boolean' },
      'skip-bad': { type: 'boolean' },
      name: { type: 'string' },
      at: { type: 'string' },
      as: { type: 'string' },
      menu: { type: 'boolean' },
      to: { type: 'string' },
      health: { type: 'boolean' },
      report: { type: 'boolean' },
    } as const
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch {
    return undefined
  }
}

const said = z.object({ reply: z.string(), sent: z.array(z.object({ to: z.array(z.string()), text: z.string() })) })

async function say(config: Config, userId: string, line: string): Promise<number> {
  const control = await running(config)
  const answer = said.parse(
    control ? await post(control, 'say', JSON.stringify({ userId, line })) : await sayHere(config, userId, line),
  )
  process.stdout.write(`${answer.reply || '（没有回复）'}\n`)
  for (const { to, text } of answer.sent) process.stdout.write(`\n-> ${to.join(' ')}\n${text}\n`)
  return 0
}

/** No service is running: the line is taken on the store itself; what it sends waits in the outbox for the next start. */
function sayHere(config: Config, userId: string, line: string): Promise<unknown> {
  // Another service, with another STORE_URL, may well be: who meant that one shall see it.
  process.stderr.write(`（没有服务用着 ${config.folder}，直接记在里面）\n`)
  return onTheStore(config, service => service.say(userId.toLowerCase(), line))
}

async function onTheStore(config: Config, run: (service: Service) => Promise<unknown>): Promise<unknown> {
  const { createService } = await import('./service.ts')
  const service = await createService(config).catch((error: unknown) => {
    if (!(error instanceof FolderInUseError) || config.controlToken) throw error
    throw new UserError(`${error.message}\n要通过正在运行的服务来做，请在 .env 里填 CONTROL_TOKEN，再重启服务。`)
  })
  try {
    return await run(service)
  } finally {
    await service.close()
  }
}

const report = z.object({ ok: z.boolean(), text: z.array(z.string()) })

async function roster(config: Config, file: string, dryRun: boolean): Promise<number> {
  const bytes = await bytesOf(file)
  const control = await running(config)
  return tell(
    control
      ? await post(control, `roster${dryRun ? '?dryRun=1' : ''}`, bytes, { type: 'application/octet-stream' })
      : await onTheStore(config, async ({ store }) => {
          const { importRoster } = await import('./import/roster.ts')
          return importRoster(store, bytes, { dryRun, by: 'cli' })
        }),
  )
}

const querySaid = ({ dryRun, as }: SyncSaid) =>
  new URLSearchParams({ ...(dryRun && { dryRun: '1' }), ...(as && { as }) })

async function sync(config: Config, said: SyncSaid): Promise<number> {
  const control = await running(config)
  // The simulated WeCom is a part of the service.
  if (!control && !config.wecom) throw new UserError('模拟器没有在运行：先 npm start，再运行一次。')
  return tell(
    control
      ? await post(control, `roster/sync?${querySaid(said)}`, '{}')
      : await onTheStore(config, service => service.syncRoster({ ...said, by: 'cli' })),
  )
}

interface BankFlags {
  'dry-run'?: boolean | undefined
  'skip-bad'?: boolean | undefined
  name?: string | undefined
}

async function bank(config: Config, file: string, flags: BankFlags): Promise<number> {
  const bytes = await bytesOf(file)
  const { 'dry-run': dryRun = false, 'skip-bad': skipBad = false, name } = flags
  const fileName = basename(file)
  const control = await running(config)
  const query = new URLSearchParams({ dryRun: dryRun ? '1' : '0', skipBad: skipBad ? '1' : '0', file: fileName })
  if (name !== undefined) query.set('name', name)
  return tell(
    control
      ? await post(control, `bank?${query}`, bytes, { type: 'application/octet-stream' })
      : await onTheStore(config, async ({ store }) => {
          const { importBank } = await import('./import/bank.ts')
          return importBank(store, bytes, { dryRun, skipBad, name, fileName, by: 'cli' })
        }),
  )
}

async function bytesOf(file: string): Promise<Buffer> {
  return readFile(file).catch(() => {
    throw new UserError(`${file} 读不了。请检查文件名和权限，再运行一次。`)
  })
}

function tell(answer: unknown): number {
  const { ok, text } = report.parse(answer)
  process.stdout.write(`${text.join('\n')}\n`)
  return ok ? 0 : 1
}

const NO_SUCH_JOB = '没有这个名字的任务。有哪些，请看：npm run job'
const ran = z.object({ report: z.string(), sent: said.shape.sent })
const atInstant = z.iso.datetime({ offset: true }).optional()

async function job(
  config: Config,
  name: string,
  options: { at: string | undefined; dryRun: boolean },
): Promise<number> {
  const at = atInstant.safeParse(options.at)
  if (!at.success) throw new UserError('--at 后面要写带时区的时刻，如 2026-11-26T19:00:00+08:00。')
  const { dryRun } = options
  const control = await running(config)
  const answer = control
    ? await post(control, `jobs/${encodeURIComponent(name)}`, JSON.stringify({ at: at.data, dryRun }))
    : await onTheStore(config, async service => {
        const result = await service.job(name, { at: at.data ? new Date(at.data) : undefined, dryRun })
        if (!result) throw new UserError(NO_SUCH_JOB)
        if (result.failed) throw new UserError(result.report)
        return result
      })
  const { report, sent } = ran.parse(answer)
  process.stdout.write(`${report}\n`)
  for (const { to, text } of sent) process.stdout.write(`\n-> ${to.join(' ')}\n${text}\n`)
  return 0
}

async function listJobs(): Promise<number> {
  const [{ loadJobs }, { JOBS }] = await Promise.all([import('./bot/load.ts'), import('./service.ts')])
  const jobs = await loadJobs(JOBS)
  for (const { name, cron, summary } of jobs) process.stdout.write(`${name}  (${cron})  ${summary}\n`)
  return 0
}

async function backup(config: Config, to: string | undefined): Promise<number> {
  const control = await running(config)
  const ask = control && ((body: object) => post(control, 'backup', JSON.stringify(body)))
  const { backUp } = await import('./backup-commands.ts')
  return tell(await backUp(config, to, ask))
}

/** A lock keeps others off the folder, but not on every system. */
async function restore(config: Config, file: string): Promise<number> {
  if (await running(config)) throw new UserError('服务正在运行，什么都没有动。请先停止服务，再运行一次。')
  const { bringBack } = await import('./backup-commands.ts')
  return tell(await bringBack(config, file))
}

async function clock(config: Config, instant: string): Promise<number> {
  const control = await running(config)
  if (!control) throw new UserError('服务没有在运行。请先 npm start，再运行一次。')
  const moved = z.object({ now: z.string() }).parse(await post(control, 'clock', JSON.stringify({ now: instant })))
  process.stdout.write(`${moved.now}\n`)
  return 0
}

// Whoever read it has seen enough: doctor | head.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  process.stderr.write(`写不出去：${error.code}\n`)
  process.exitCode = 1
})
try {
  const code = await main(process.argv.slice(2))
  process.exitCode ||= code
} catch (error) {
  const known = error instanceof ConfigError || error instanceof StoreError || error instanceof UserError
  process.stderr.write(`${error instanceof Error ? (known ? error.message : error.stack) : error}\n`)
  process.exitCode = 1
}
