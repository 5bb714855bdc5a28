import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import { SETTING_NAMES } from '../../src/config.ts'

/** The environment without any setting of ours, and with these. */
export function environment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const without = Object.entries(process.env).filter(([name]) => !SETTING_NAMES.includes(name))
  return { ...Object.fromEntries(without), ...settings }
}

export interface Started {
  pid: number
  ended: Promise<unknown>
  output(): string
  /** Ends what is left of it, npm's children included. */
  kill(): void
}

export function startAsNewUser(settings: Readonly<Record<string, string>>): Started {
  const npm = spawn('npm', ['start'], {
    env: environment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const { pid } = npm
  if (!pid) throw new Error('npm could not be started')
  return { pid, ended: once(npm, 'exit'), output: () => output, kill: () => killGroup(pid) }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

/** npm starts a shell, the shell starts node, and node may have started esbuild: the service is what runs main.ts. */
export async function serviceProcess(npm: number): Promise<number> {
  const family = new Set([npm])
  for (const { pid, parent } of await processes()) {
    if (!family.has(parent)) continue
    family.add(pid)
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
    if (words.includes('src/main.ts')) return pid
  }
  throw new Error('npm start runs no src/main.ts')
}

/** Parents first: in the order of their start. */
async function processes(): Promise<{ pid: number; parent: number }[]> {
  const found: { pid: number; parent: number; startedAt: number }[] = []
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '')
    // The name stands in brackets and may hold anything; after it come the state, the parent, and as 20th the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    found.push({ pid: Number(entry), parent: Number(fields[1]), startedAt: Number(fields[19]) })
  }
  return found.sort((a, b) => a.startedAt - b.startedAt || a.pid - b.pid)
}

/** What the command printed. Rejects where it fails. */
export async function run(
  command: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { env: environment(settings) })
  return stdout
}

export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
