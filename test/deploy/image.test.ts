import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesUnder, importsOf, PROGRAM, ROOT, read } from '../house/sources.ts'
import { copied, environment, instructions, isSent, the, words } from './dockerfile.ts'

/** No engine runs here: the Dockerfile is read, and what it would put together is put together by hand and started. */
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

describe('the image', () => {
  it('is built on a Node that has support', () => {
    expect(instructions.filter(({ name }) => name === 'FROM').map(({ rest }) => rest)).toEqual([
      '$' + '{NODE} AS packages',
      '$' + '{NODE}',
    ])
    expect(instructions.find(({ name }) => name === 'ARG')?.rest).toMatch(/^NODE=node:24-/)
  })

  it('starts what `npm start` starts, and asks what `npm run doctor` asks, without npm', () => {
    expect(words(the('CMD')).join(' ')).toBe(scripts.start)
    expect(words(the('HEALTHCHECK')).join(' ')).toBe(`${scripts.doctor} --health`)
  })

  it('is not root, and keeps the records in its volume', () => {
    expect(the('USER')).toBe('node')
    expect(environment.STORE_URL).toMatch(new RegExp(`^file:${the('VOLUME')}/`))
    expect(the('VOLUME')).toMatch(/^\//)
  })

  it('has every file that the program imports', () => {
    const has = (path: string) => isSent(path) && copied.some(from => path === from || path.startsWith(from))
    const imported = PROGRAM.flatMap(path => importsOf(path)).filter(({ ours }) => ours)
    expect(imported.map(({ to }) => to).filter(path => !has(path))).toEqual([])
    expect([...PROGRAM, ...filesUnder(['data', 'src'], /./)].filter(path => !has(path))).toEqual([])
  })

  it('has no settings, no records, no tests and no history', () => {
    for (const path of [
      '.env',
      'data/.env.local',
      'data/db/people.json',
      'data/db.old/backups/a.gz',
      '.git/config',
      'test/bot.ts',
    ])
      expect(isSent(path), path).toBe(false)
  })
})

describe('the compose file', () => {
  const compose = read('docs/deploy/compose.yaml')

  it('lets the machine alone in, writes into the volume alone, and gives it time to end', () => {
    expect(compose.match(/^ +- 127\.0\.0\.1:\d+:3000$/gm)).toHaveLength(1)
    expect(compose).toContain(`STORE_URL: ${environment.STORE_URL}`)
    expect(compose).toContain(`- records:${the('VOLUME')}`)
    expect(compose).toMatch(/^ {4}read_only: true$/m)
    expect(compose).toMatch(/^ {4}cap_drop:\n {6}- ALL$/m)
    expect(compose).toMatch(/^ {4}stop_grace_period: 15s$/m)
    // A file of the program that is changed on the machine would hold up the next `git pull`.
    expect(compose.match(/^ {4}volumes:\n(( {6}.*\n)+)/m)?.[1]?.match(/- .*/g)).toEqual([`- records:${the('VOLUME')}`])
  })
})

describe('what the image starts', () => {
  const NOBODY = { uid: 65_534, gid: 65_534 }
  /** Another user, where that user can reach node and the packages. */
  const user = process.getuid?.() === 0 && reaches() ? NOBODY : undefined
  let root = ''
  let running: ChildProcess | undefined

  function reaches(): boolean {
    const look = `require('node:fs').readdirSync(${JSON.stringify(`${ROOT}node_modules/tsx`)})`
    return spawnSync(process.execPath, ['-e', look], NOBODY).status === 0
  }

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'zhibu-image-'))
    await chmod(root, 0o755)
    for (const path of copied)
      await cp(join(ROOT, path), join(root, 'app', path), {
        recursive: true,
        filter: from => isSent(from.slice(ROOT.length)),
      })
    await symlink(join(ROOT, 'node_modules'), join(root, 'app/node_modules'))
    await writeFile(join(root, 'not-a-folder'), '')
    await mkdir(join(root, 'volume'), { mode: 0o700 })
    if (user) await chown(join(root, 'volume'), user.uid, user.gid)
    await readOnly(join(root, 'app'))
  })

  afterAll(async () => {
    running?.kill('SIGKILL')
    await rm(root, { recursive: true, force: true })
  })

  async function readOnly(folder: string): Promise<void> {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) await readOnly(path)
      else if (entry.isFile()) await chmod(path, 0o444)
    }
    await chmod(folder, 0o555)
  }

  async function freePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    server.close()
    return port
  }

  it('answers, writes nowhere but into its volume, and ends at a SIGTERM', async () => {
    const port = await freePort()
    const [, ...args] = words(the('CMD'))
    running = spawn(process.execPath, args, {
      ...user,
      cwd: join(root, 'app'),
      // No folder for temporary files: only what is under the volume can be written.
      env: {
        ...environment,
        PORT: String(port),
        HOST: '127.0.0.1',
        STORE_URL: `file:${root}/volume/db`,
        TMPDIR: `${root}/not-a-folder`,
      },
      stdio: 'ignore',
    })
    const ended = once(running, 'exit')
    expect(await healthy(port)).toBe(true)
    running.kill('SIGTERM')
    // It ended by itself; in how many seconds test/process/end.test.ts shows.
    const [, signal] = await ended
    expect(signal).toBeNull()
    expect(await readdir(join(root, 'volume/db'))).toContain('people.json')
  })

  async function healthy(port: number): Promise<boolean> {
    for (let tries = 0; tries < 300; tries++) {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
      if (answer?.status === 200) return true
      await delay(100)
    }
    return false
  }
})
