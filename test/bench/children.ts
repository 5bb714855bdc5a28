import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { freePort } from '../smoke/process.ts'
import { SECRETS } from './wire.ts'

/** The processes that are measured. None outlives the benchmark. */
const ROOT = new URL('../../', import.meta.url).pathname
const CONTROL_TOKEN = 'control-token-of-at-least-32-characters'
const READY_MS = 60_000

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

export interface Server {
  readonly port: number
  /** From its start until it took requests. */
  readonly readyMs: number
  /** Milliseconds of CPU that it used until now; undefined where the system does not tell. */
  cpuMs(): Promise<number | undefined>
  /** Resident memory in MB; undefined where the system does not tell. */
  memoryMb(): Promise<number | undefined>
  end(): Promise<void>
}

export interface Bot extends Server {
  control(path: string, body: string | object): Promise<Record<string, unknown>>
}

/** Runs a script to its end. */
export async function run(script: string, args: readonly string[]): Promise<void> {
  const child = start([script, ...args], {})
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${script} ended with ${code}`)
}

export const startEcho = (): Promise<Server> => startServer(['test/bench/echo.ts'], {})

export interface BotOptions {
  folder: string
  apiPort: number
  clock: string
  /** Write a CPU profile there when it ends. */
  profile: string | undefined
}

export async function startBot({ folder, apiPort, clock, profile }: BotOptions): Promise<Bot> {
  const profiling = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []
  const server = await startServer([...profiling, 'src/main.ts'], {
    PORT: String(await freePort()),
    HOST: '127.0.0.1',
    STORE_URL: `file:${folder}`,
    WECOM_CORP_ID: SECRETS.corpId,
    WECOM_AGENT_ID: String(SECRETS.agentId),
    WECOM_SECRET: SECRETS.secret,
    WECOM_TOKEN: SECRETS.token,
    WECOM_AES_KEY: SECRETS.aesKey,
    WECOM_API_BASE: `http://127.0.0.1:${apiPort}`,
    CONTROL_TOKEN,
    CLOCK: clock,
  })
  return {
    ...server,
    async control(path, body) {
      const response = await fetch(`http://127.0.0.1:${server.port}/control/${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${CONTROL_TOKEN}`,
          'content-type': typeof body === 'string' ? 'text/csv' : 'application/json',
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
      const answer = (await response.json()) as Record<string, unknown>
      if (!response.ok) throw new Error(`/control/${path}: ${response.status} ${JSON.stringify(answer)}`)
      return answer
    },
  }
}

function start(args: readonly string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

async function startServer(args: readonly string[], env: Record<string, string>): Promise<Server> {
  const startedAt = performance.now()
  const child = start(args, env)
  const port = await readyPort(child)
  return {
    port,
    readyMs: performance.now() - startedAt,
    cpuMs: () => cpuMs(child),
    memoryMb: () => memoryMb(child),
    async end() {
      if (!running.has(child)) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** The port in its line with the event 'ready'. */
async function readyPort(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error('no output to read')
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_MS)
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /"event":"ready","port":(\d+)/.exec(line)?.[1]
    if (!port) continue
    clearTimeout(timer)
    // What it logs from here on is read and thrown away, so that its pipe never fills.
    child.stdout.resume()
    return Number(port)
  }
  throw new Error(`${child.spawnargs.join(' ')} ended before it was ready`)
}

/** Linux counts in hundredths of a second. */
async function cpuMs({ pid }: ChildProcess): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields && (Number(fields[11]) + Number(fields[12])) * 10
}

async function memoryMb({ pid }: ChildProcess): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined)
  const kilobytes = /VmRSS:\s+(\d+)/.exec(status ?? '')?.[1]
  return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024)
}
