import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Middleware } from 'koa'
import { type Backups, createBackups } from './backup/backups.ts'
import { sayMade } from './backup/said.ts'
import { type Chores, createChores } from './bot/chores.ts'
import { createDispatch } from './bot/dispatch.ts'
import type { Job } from './bot/job.ts'
import { loadCommands, loadJobs, type Registry } from './bot/load.ts'
import type { Directory, Inbound, Message, Outcome } from './bot/message.ts'
import { createOutbox, type Outbox } from './bot/outbox.ts'
import { createScheduler, type Scheduler } from './bot/scheduler.ts'
import { moveClock, now } from './clock.ts'
import type { Config, WecomSettings } from './config.ts'
import { callableHost } from './control-file.ts'
import { fillSampleTownship, makeSampleTownship, restoreGroups } from './demonstration.ts'
import { makeMenu } from './doctor/menu.ts'
import { type Collectors, createReports, type Reports } from './export/reports.ts'
import { loadHolidays } from './holiday-files.ts'
import { createApp, refuseNonsense } from './http/app.ts'
import { controlRoutes } from './http/control.ts'
import { metricsRoute } from './http/metrics.ts'
import { verificationFiles } from './http/verification.ts'
import { importBank } from './import/bank.ts'
import { importRoster } from './import/roster.ts'
import { identitySaid, type SyncReport, type SyncSaid, syncRoster } from './import/roster-sync.ts'
import { log } from './log.ts'
import { keepScreenKey } from './meeting/venue-screen.ts'
import { collectorsOf } from './papers.ts'
import { type Said, sayAs } from './say.ts'
import { buildSimulator, simulatedWecom } from './simulated.ts'
import type { Simulator } from './simulator/simulator.ts'
import { people } from './store/collections.ts'
import { insideUpdate, openLowdbStore } from './store/lowdb.ts'
import type { Store } from './store/records.ts'
import { fillShippedBanks } from './study/shipped.ts'
import { createVitals, type Vitals } from './vitals.ts'
import { createVenueScreen, type VenueScreen } from './web/screen.ts'
import { type Callback, createCallback } from './wecom/callback.ts'
import { createWecomClient, type WecomClient } from './wecom/client.ts'
import { createCourier } from './wecom/courier.ts'
import { createCallbackCrypto } from './wecom/crypto.ts'
import { createDirectory } from './wecom/directory.ts'
import { createPlatform } from './wecom/platform.ts'
import type { PushPace } from './wecom/replies.ts'

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
  /** Runs a job for a slot now; undefined: there is none of that name. */
  job: Scheduler['run']
  /** Puts on the roster whom WeCom's directory shows and nobody knows yet; or says who that would be. */
  syncRoster(options: SyncSaid & { by: string }): Promise<SyncReport>
  /** Nothing due is left to send and no callback is under way. */
  idle(): Promise<void>
  /** Takes no more requests, finishes what is under way, writes a checkpoint. */
  close(): Promise<void>
}

const COMMANDS = fileURLToPath(new URL('../commands/', import.meta.url))
export const JOBS = fileURLToPath(new URL('../jobs/', import.meta.url))
const SAMPLE_ROSTER = new URL('../data/sample-roster.csv', import.meta.url)

let plugins: Promise<readonly [Registry, readonly Job[]]> | undefined
/** Read once: a command or a job that is added waits for the next start. */
function loadPlugins(): Promise<readonly [Registry, readonly Job[]]> {
  plugins ??= Promise.all([loadCommands(COMMANDS), loadJobs(JOBS)])
  return plugins
}

/** What tests bring of their own. */
interface Brought {
  collectors?: (store: Store) => Collectors
  registry?: Registry
}

/** `sampleRoster`: the simulator's directory, and what an empty store in simulator mode begins with. */
export async function createService(
  config: Config,
  sampleRoster: string | URL = SAMPLE_ROSTER,
  brought: Brought = {},
): Promise<Service> {
  if (config.clock) moveClock(config.clock)
  for (const fault of await loadHolidays(config.folder)) log.warn('holidays-left-out', { ...fault })
  const [commands, jobs] = await loadPlugins()
  const registry = brought.registry ?? commands
  const collectors = brought.collectors ?? collectorsOf
  const wecom = config.wecom ?? simulatedWecom()
  if (!config.wecom && sampleRoster === SAMPLE_ROSTER) {
    await makeSampleTownship({ folder: config.folder, corpId: wecom.corpId, roster: SAMPLE_ROSTER, registry })
  }
  const store = await openLowdbStore({ folder: config.folder, corpId: wecom.corpId })
  await fillShippedBanks(store)
  const backups = await createBackups({ store, folder: config.folder, corpId: wecom.corpId, key: config.backupKey })
  let port = config.port
  const origin = () => `http://${callableHost(config.host)}:${port}`
  const baseUrl = () => config.baseUrl ?? origin().replace('//127.0.0.1:', '//localhost:')
  const simulator = config.wecom ? null : await buildSimulator(wecom, sampleRoster, () => `${origin()}/wecom/app`)
  const { clientDefault } = config

  const client = simulator
    ? clientOf(wecom, () => `${origin()}/simulator/wecom`, null)
    : clientOf(wecom, wecom.apiBase, config.proxy)
  const courier = createCourier(client)
  const platform = createPlatform(client)
  const reports = createReports(collectors(store))
  const bringing = { rehost: platform.rehost, makeFile: reports.make, uploadFile: client.uploadFile }
  const outbox = createOutbox({ store, courier, clientDefault, ...bringing })
  const chores = createChores({ store, platform })
  const scheduler = createScheduler(store, jobs, backups)
  const directory = createDirectory(client)
  const adminUserIds = new Set(config.adminUserIds)
  const dispatch = createDispatch({ store, registry, clientDefault, adminUserIds, directory, baseUrl })
  const { receive } = dispatch
  const crypto = createCallbackCrypto(wecom)
  const { updateCard } = client
  const later = (userId: string, message: Message) => queueReply(store, userId, message)
  const pace = paceOf(store, outbox)
  const callback = createCallback({ crypto, receive, courier, updateCard, later, pace, corpId: wecom.corpId })
  const screen = createVenueScreen(store, await keepScreenKey(store))
  const sending = { client, directory, reports, outbox, chores, callback }
  const vitals = createVitals({ store, client, callback, dispatch, backups, simulated: simulator !== null })
  const parts: Parts = { ...sending, store, backups, scheduler, simulator, screen, receive, vitals }
  const controlToken = config.controlToken ?? (simulator ? randomBytes(24).toString('hex') : null)
  const control = controlToken ? controlOf(parts, controlToken, config.clockMovable) : null
  const server = serverOf(parts, control, watching(parts, config))

  return {
    store,
    simulator,
    controlToken,
    say: (userId, line) => sayAs(parts, userId, line),
    job: (name, options) => scheduler.run(name, options),
    syncRoster: ({ by, ...said }) => syncRoster(parts, { ...identitySaid(said), by }),
    async listen() {
      if (simulator) {
        await fillSampleTownship(store, sampleRoster)
        await restoreGroups(store, simulator)
      }
      port = await listenOn(server, config)
      outbox.start()
      chores.start()
      scheduler.start()
      return port
    },
    idle: () => idle(parts),
    close: () => close(parts, server),
  }
}

function serverOf(parts: Parts, control: Middleware | null, more: readonly Middleware[]): Server {
  const { callback, simulator, screen, vitals } = parts
  const pages = [...more, screen.routes, ...(simulator ? [simulator.routes as Middleware] : [])]
  const { readiness } = vitals
  const app = createApp({ callback, readiness, control, pages, home: simulator ? '/simulator' : null })
  return createServer(app.callback()).on('clientError', refuseNonsense)
}

/** Where a domain is proved to WeCom, and where Prometheus reads: with a tenant only for whoever has the control token. */
function watching({ vitals, simulator }: Parts, { folder, controlToken }: Config): Middleware[] {
  const metrics = simulator || controlToken ? [metricsRoute(simulator ? null : controlToken, vitals.metrics)] : []
  return [verificationFiles(join(folder, 'verify')), ...metrics]
}

interface Parts {
  store: Store
  backups: Backups
  client: WecomClient
  directory: Directory
  reports: Reports
  outbox: Outbox
  chores: Chores
  scheduler: Scheduler
  callback: Callback
  simulator: Simulator | null
  screen: VenueScreen
  receive(inbound: Inbound): Promise<Outcome>
  vitals: Vitals
}

async function idle({ simulator, callback, scheduler, outbox, chores }: Parts): Promise<void> {
  await simulator?.idle()
  await callback.idle()
  await scheduler.idle()
  // What a chore or a message brings about is told too.
  await chores.idle()
  await outbox.idle()
}

/** WeCom's side of the callback knows userids, the outbox people. */
function paceOf(store: Store, outbox: Outbox): PushPace {
  const personIdOf = (userId: string) =>
    store.read(async tx => (await tx.getBy(people, 'userId', userId))?.personId ?? userId)
  return {
    hasRoom: async userId => outbox.hasRoom(await personIdOf(userId)),
    note: async userId => outbox.notePushed(await personIdOf(userId)),
  }
}

/** A reply that could not go out becomes a message like any other. Whom the roster does not know gets it no more. */
async function queueReply(store: Store, userId: string, message: Message): Promise<void> {
  await store.update('replies', async tx => {
    const person = await tx.getBy(people, 'userId', userId)
    if (person) await tx.send(message, [person.personId], { urgent: true })
  })
}

/** Whoever WeCom does not answer is not waited for: a supervisor kills after ten seconds, and the checkpoint comes last. */
const CALLBACKS_WITHIN_MS = 2500

async function close(parts: Parts, server: Server): Promise<void> {
  const { store, backups, client, reports, outbox, chores, callback, scheduler, simulator, screen, vitals } = parts
  scheduler.stop()
  vitals.close()
  // One that is under way would hold up the scheduler, and the checkpoint.
  const given = backups.stop()
  simulator?.close()
  screen.close()
  const closed = server.listening ? once(server, 'close') : Promise.resolve()
  server.close()
  server.closeIdleConnections()
  await within(CALLBACKS_WITHIN_MS, Promise.all([given, callback.idle(), scheduler.idle()]))
  await Promise.all([outbox.stop(), chores.stop()])
  reports.close()
  client.close()
  server.closeAllConnections()
  await closed
  await store.close()
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController()
  await Promise.race([work, delay(ms, undefined, { signal: over.signal })])
  over.abort()
}

function controlOf(parts: Parts, token: string, clockMovable: boolean): Middleware {
  const { store, backups, client, scheduler, outbox, chores, vitals } = parts
  const setClock = async (to: Date) => {
    moveClock(to)
    await scheduler.idle()
    await chores.idle()
    await outbox.idle()
    return { now: now().toISOString() }
  }
  return controlRoutes({
    token,
    say: (userId, line) => sayAs(parts, userId, line),
    importRoster: (bytes, dryRun) => importRoster(store, bytes, { dryRun, by: 'control' }),
    syncRoster: said => syncRoster(parts, { ...identitySaid(said), by: 'control' }),
    importBank: (bytes, options) => importBank(store, bytes, { ...options, by: 'control' }),
    runJob: (name, options) => scheduler.run(name, options),
    makeMenu: () => makeMenu(client),
    backUp: async to => ({ ok: true, text: sayMade(await backups.byHand(to)) }),
    facts: vitals.facts,
    ...(clockMovable && { moveClock: setClock }),
  })
}

const clientOf = (wecom: WecomSettings, apiBase: string | (() => string), proxy: string | null): WecomClient =>
  createWecomClient({ ...wecom, apiBase, ...(proxy && { proxy }), beforeCall: refuseInsideUpdate })

function refuseInsideUpdate(): void {
  if (insideUpdate()) throw new Error('WeCom was called inside a store update')
}

async function listenOn(server: Server, config: Config): Promise<number> {
  server.listen(config.port, config.host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
