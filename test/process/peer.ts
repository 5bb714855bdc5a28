import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Koa from 'koa'
import { moveClock, nowMs } from '../../src/clock.ts'
import { createSimulator, readDirectory, type Simulator } from '../../src/simulator/simulator.ts'
import { freePort } from '../smoke/process.ts'

/**
 * The bot as its own process, against WeCom in this one: what a real tenant sees, `kill -9` included. The simulator outlives
 * the bot, as WeCom would.
 */
const SECRETS = {
  corpId: 'ww1234567890abcdef',
  agentId: 1000002,
  secret: 'a-secret-of-forty-three-characters-or-less',
  token: 'callbackToken',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}
export const CORP_ID = SECRETS.corpId
export const CONTROL_TOKEN = 'control-token-of-at-least-32-characters'
const READY_MS = 20_000

export class Peer {
  readonly simulator: Simulator
  #bot: ChildProcess | undefined
  #port = 0

  private constructor(
    readonly folder: string,
    roster: string,
    private readonly server: Server,
    private readonly clock: string,
    private readonly extra: Record<string, string>,
  ) {
    this.simulator = createSimulator({
      ...SECRETS,
      callbackUrl: () => `http://127.0.0.1:${this.#port}/wecom/app`,
      directory: readDirectory(roster),
    })
    const app = new Koa()
    // Its clock is the one that was moved, as its callbacks have it.
    app.use((ctx, next) => {
      ctx.set('Date', new Date(nowMs()).toUTCString())
      return next()
    })
    app.use(this.simulator.routes)
    server.on('request', app.callback())
  }

  /** Starts WeCom and the bot, and imports the roster through the control route. */
  static async start(roster: string, clock: string, extra: Record<string, string> = {}): Promise<Peer> {
    const folder = await mkdtemp(join(tmpdir(), 'zhibu-peer-'))
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const peer = new Peer(folder, roster, server, clock, extra)
    await peer.startBot()
    const report = await peer.control('roster', roster, 'text/csv')
    if (report.ok !== true) throw new Error(JSON.stringify(report))
    return peer
  }

  /** Both sides of the wire have the same time: the bot's runs on from where ours is. */
  async startBot(at: string = this.clock): Promise<void> {
    moveClock(new Date(at))
    this.#port = await freePort()
    const bot = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
      env: { PATH: process.env.PATH, ...this.settings(), CLOCK: at },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#bot = bot
    await ready(bot)
  }

  /** What an operator would have in his `.env`. */
  settings(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo
    return {
      PORT: String(this.#port),
      HOST: '127.0.0.1',
      STORE_URL: `file:${this.folder}`,
      WECOM_CORP_ID: SECRETS.corpId,
      WECOM_AGENT_ID: String(SECRETS.agentId),
      WECOM_SECRET: SECRETS.secret,
      WECOM_TOKEN: SECRETS.token,
      WECOM_AES_KEY: SECRETS.aesKey,
      WECOM_API_BASE: `http://127.0.0.1:${port}/simulator/wecom`,
      CONTROL_TOKEN,
      CLOCK: this.clock,
      ...this.extra,
    }
  }

  /** From now on WeCom takes calls and never answers. */
  hang(): void {
    this.server.removeAllListeners('request')
  }

  /** As a supervisor ends it; resolves with its exit code. */
  async terminate(): Promise<number | null> {
    if (!this.#bot) throw new Error('the bot does not run')
    const gone = once(this.#bot, 'exit')
    this.#bot.kill('SIGTERM')
    const [code] = await gone
    return code
  }

  /** Asks it to end, as a supervisor does, and does not wait. */
  ask(): void {
    this.#bot?.kill('SIGTERM')
  }

  async kill(): Promise<void> {
    const bot = this.#bot
    if (!bot || bot.exitCode !== null || bot.signalCode !== null) return
    const gone = once(bot, 'exit')
    bot.kill('SIGKILL')
    await gone
  }

  async control(path: string, body: string | object, type = 'application/json'): Promise<Record<string, unknown>> {
    const response = await fetch(`http://127.0.0.1:${this.#port}/control/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CONTROL_TOKEN}`, 'content-type': type },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return (await response.json()) as Record<string, unknown>
  }

  async close(): Promise<void> {
    await this.kill()
    this.simulator.close()
    this.server.closeAllConnections()
    this.server.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}

export const readTownship = (): Promise<string> => readFile(new URL('../township.csv', import.meta.url), 'utf8')

async function ready(bot: ChildProcess): Promise<void> {
  if (!bot.stdout) throw new Error('no output to read')
  const timer = setTimeout(() => bot.kill('SIGKILL'), READY_MS)
  for await (const line of createInterface({ input: bot.stdout })) {
    if (line.includes('"event":"ready"')) {
      clearTimeout(timer)
      // What it logs from here on is read and thrown away, so that its pipe never fills.
      bot.stdout.resume()
      return
    }
  }
  throw new Error('the bot ended before it was ready')
}
