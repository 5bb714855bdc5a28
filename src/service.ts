import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Middleware } from 'koa'
import cron from 'node-cron'
import { createDispatch } from './bot/dispatch.ts'
import { loadCommands } from './bot/load.ts'
import { createOutbox } from './bot/outbox.ts'
import { moveClock, now, onClockMoved } from './clock.ts'
import type { Config, WecomSettings } from './config.ts'
import { createApp } from './http/app.ts'
import { controlRoutes } from './http/control.ts'
import { importRoster } from './import/roster.ts'
import { log, logIncident } from './log.ts'
import { closeDueMeetings } from './meeting/close-due.ts'
import { type Said, sayAs } from './say.ts'
import { createSimulator, readDirectory, type Simulator } from './simulator/simulator.ts'
import { people } from './store/collections.ts'
import { insideUpdate, openLowdbStore } from './store/lowdb.ts'
import type { Store } from './store/records.ts'
import { createCallback } from './wecom/callback.ts'
import { createWecomClient } from './wecom/client.ts'
import { createCourier } from './wecom/courier.ts'
import { createCallbackCrypto } from './wecom/crypto.ts'

/** All parts wired from a Config. Building is not starting: nothing listens or sends before `listen`. */
export interface Service {
  store: Store
  /** In simulator mode: WeCom itself, as tests and the chat page use it. */
  simulator: Simulator | null
  controlToken: string | null
  /** Resolves when requests are taken; with the port where 0 was asked for. */
  listen(): Promise<number>
  /** Says a line as a person, without WeCom. */
  say(userId: string, line: string): Promise<Said>
  /** Nothing due is left to send and no callback is under way. */
  idle(): Promise<void>
  /** Takes no more requests, finishes what is under way, writes a checkpoint. */
  close(): Promise<void>
}

const COMMANDS = fileURLToPath(new URL('../commands/', import.meta.url))
const SAMPLE_ROSTER = new URL('../data/sample-roster.csv', import.meta.url)

/** `sampleRoster`: the simulator's directory, and what an empty store in simulator mode begins with. */
export async function createService(config: Config, sampleRoster: string | URL = SAMPLE_ROSTER): Promise<Service> {
  if (config.clock) moveClock(config.clock)
  const registry = await loadCommands(COMMANDS)
  const wecom = config.wecom ?? simulatedWecom()
  const store = await openLowdbStore({ folder: config.folder, corpId: wecom.corpId })
  let port = config.port
  const origin = () => `http://127.0.0.1:${port}`
  const simulator = config.wecom ? null : await buildSimulator(wecom, sampleRoster, () => `${origin()}/wecom/app`)

  const client = lazy(() =>
    createWecomClient({
      ...wecom,
      apiBase: config.wecom ? wecom.apiBase : `${origin()}/simulator/wecom`,
      ...(config.proxy && config.wecom && { proxy: config.proxy }),
      beforeCall: refuseInsideUpdate,
    }),
  )
  const courier = createCourier({ agentId: wecom.agentId, sendMessage: body => client().sendMessage(body) })
  const outbox = createOutbox({ store, courier, clientDefault: config.clientDefault })
  const { receive } = createDispatch({
    store,
    registry,
    clientDefault: config.clientDefault,
    adminUserIds: new Set(config.adminUserIds),
  })
  const callback = createCallback({
    crypto: createCallbackCrypto(wecom),
    receive,
    courier,
    updateCard: update => client().updateCard(update),
    corpId: wecom.corpId,
  })
  const closer = createCloser(store)
  const idle = async () => {
    await simulator?.idle()
    await callback.idle()
    await outbox.idle()
  }
  const controlToken = config.controlToken ?? (simulator ? randomBytes(24).toString('hex') : null)
  const app = createApp({
    callback,
    health: () => ({ ok: true }),
    readiness: async () => ({
      ready: true,
      store: (await store.read(async tx => tx.now)) instanceof Date,
      ...(await tokenState(client)),
      clockDifferenceMs: callback.stats().clockDifferenceMs ?? client().clockDifferenceMs() ?? null,
    }),
    control: controlToken
      ? controlRoutes({
          token: controlToken,
          say: (userId, line) => sayAs({ store, receive, outbox }, userId, line),
          importRoster: (bytes, dryRun) => importRoster(store, bytes, { dryRun, by: 'control' }),
          ...(config.clockMovable && {
            moveClock: async (to: Date) => {
              moveClock(to)
              await closer.run()
              await outbox.idle()
              return { now: now().toISOString() }
            },
          }),
        })
      : null,
    simulator: simulator ? (simulator.routes as Middleware) : null,
  })
  const server = createServer(app.callback())
  const say = (userId: string, line: string) => sayAs({ store, receive, outbox }, userId, line)

  return {
    store,
    simulator,
    controlToken,
    say,
    async listen() {
      port = await listenOn(server, config)
      if (simulator) await fillSampleTownship(store, sampleRoster)
      outbox.start()
      closer.start()
      return port
    },
    idle,
    async close() {
      closer.stop()
      simulator?.close()
      const closed = server.listening ? once(server, 'close') : Promise.resolve()
      server.close()
      server.closeIdleConnections()
      await callback.idle()
      await outbox.stop()
      client().close()
      server.closeAllConnections()
      await closed
      await store.close()
    },
  }
}

function lazy<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

function refuseInsideUpdate(): void {
  if (insideUpdate()) throw new Error('WeCom was called inside a store update')
}

/** The simulator's own corp: made anew for each process, since both ends of the wire are here. */
function simulatedWecom(): WecomSettings {
  return {
    corpId: 'wwsimulator00000001',
    agentId: 1000002,
    secret: randomBytes(24).toString('hex'),
    token: randomBytes(12).toString('hex'),
    aesKey: randomBytes(33).toString('hex').slice(0, 42).concat('A'),
    apiBase: '',
  }
}

async function buildSimulator(
  wecom: WecomSettings,
  roster: string | URL,
  callbackUrl: () => string,
): Promise<Simulator> {
  const directory = readDirectory(await readFile(roster, 'utf8'))
  return createSimulator({ ...wecom, callbackUrl, directory })
}

/** An empty store in simulator mode gets the sample roster by the import that every township uses. */
async function fillSampleTownship(store: Store, roster: string | URL): Promise<void> {
  const known = await store.read(tx => tx.all(people))
  if (known.length > 0) return
  const report = await importRoster(store, await readFile(roster), { dryRun: false, by: 'sample' })
  if (!report.ok) throw new Error(`the sample roster is wrong: ${report.text.join('; ')}`)
}

async function listenOn(server: Server, config: Config): Promise<number> {
  server.listen(config.port, config.host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** `ready` needs no token (a bot may start before its network); what is known of it is told. */
async function tokenState(client: () => { token(): Promise<string> }): Promise<{ token: boolean }> {
  const timeout = new Promise<false>(resolve => setTimeout(resolve, 2000, false).unref())
  const asked = client()
    .token()
    .then(() => true)
    .catch(() => false)
  return { token: await Promise.race([asked, timeout]) }
}

/** Meetings that were forgotten close by themselves: looked at every minute, at the start and when the clock is moved. */
function createCloser(store: Store) {
  let task: { stop(): unknown } | undefined
  let unlisten: (() => void) | undefined
  const run = async () => {
    try {
      const closed = await closeDueMeetings(store)
      if (closed > 0) log.info('meetings closed by themselves', { closed })
    } catch (error) {
      logIncident('automatic close failed', error)
    }
  }
  return {
    run,
    start() {
      task = cron.schedule('* * * * *', run)
      unlisten = onClockMoved(() => void run())
      void run()
    },
    stop() {
      task?.stop()
      unlisten?.()
    },
  }
}
