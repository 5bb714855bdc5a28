import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { Backups } from './backup/backups.ts'
import type { Dispatcher } from './bot/dispatch.ts'
import { now, nowMs } from './clock.ts'
import type { Facts } from './doctor/facts.ts'
import { readTownship } from './doctor/township.ts'
import { holidayFaults, unknownYears } from './domain/holidays.ts'
import type { Metric, Sample } from './http/metrics.ts'
import { chores, outbox } from './store/collections.ts'
import type { LowdbStore } from './store/lowdb.ts'
import type { Callback } from './wecom/callback.ts'
import type { WecomClient } from './wecom/client.ts'

/** How the running service is: for probes (readyz), for Prometheus (metrics), for the doctor (facts). Nothing here asks WeCom. */
export interface VitalsParts {
  store: LowdbStore
  client: WecomClient
  callback: Callback
  dispatch: Dispatcher
  backups: Pick<Backups, 'warnings'>
  simulated: boolean
}

export type Vitals = ReturnType<typeof createVitals>

const STORE_WITHIN_MS = 2000
const LOOP_RESOLUTION_MS = 20
const NANOSECONDS = 1e9

export function createVitals(parts: VitalsParts) {
  const { store, client, callback, dispatch, backups, simulated } = parts
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })
  loop.enable()

  // The simulator's clock is the bot's own, and that moves.
  const clockDifferenceMs = () =>
    simulated ? null : (callback.stats().clockDifferenceMs ?? client.clockDifferenceMs() ?? null)

  function secondsSinceCallback(): number | null {
    const { lastAt } = callback.stats()
    return lastAt === undefined ? null : Math.max(0, Math.round((nowMs() - lastAt) / 1000))
  }

  const unfinished = () =>
    store.read(async tx => ({
      outbox: await tx.count(outbox, 'unfinished', 'yes'),
      chores: await tx.count(chores, 'unfinished', 'yes'),
    }))

  /** `ready` needs no token (a bot may start before its network), and asks for none: what is known of it is told. */
  async function readiness() {
    const waiting = unfinished().then(
      counts => counts.outbox,
      () => null,
    )
    const outboxWaiting = await Promise.race([waiting, delay(STORE_WITHIN_MS, null, { ref: false })])
    const ready = outboxWaiting !== null
    const years = unknownYears(now()).map(year => `holidays.json: the holidays of ${year} are missing`)
    const wrong = holidayFaults().map(({ year, what }) => `holidays.json: ${year === null ? '' : `${year}：`}${what}`)
    const warnings = [...wrong, ...years, ...(await backups.warnings())]
    return {
      ready,
      store: ready,
      token: client.tokenState(),
      clockDifferenceMs: clockDifferenceMs(),
      warnings,
      mode: simulated ? 'simulator' : 'wecom',
      upSeconds: Math.round(process.uptime()),
      secondsSinceCallback: secondsSinceCallback(),
      outboxWaiting,
    }
  }

  /** The delay of the event loop since the last time it was asked for, as others tell it. */
  function loopDelay(): Metric {
    const [half, most, longest] = [loop.percentile(50), loop.percentile(99), loop.max]
    loop.reset()
    const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / NANOSECONDS - LOOP_RESOLUTION_MS / 1000)
    const samples: Sample[] = [
      [seconds(half), { quantile: '0.5' }],
      [seconds(most), { quantile: '0.99' }],
      [seconds(longest), { quantile: '1' }],
    ]
    const help = 'How late the event loop was since the last scrape.'
    return { name: 'event_loop_delay_seconds', help, type: 'gauge', samples }
  }

  async function metrics(): Promise<Metric[]> {
    const waiting = await unfinished()
    const { journalBytes, commits, records } = store.figures()
    const memory = process.memoryUsage()
    const difference = clockDifferenceMs()
    return [
      counter('callbacks_total', 'Callbacks of WeCom by what became of them.', callbackSamples(callback)),
      counter('replies_pushed_total', 'Replies that did not go into the response.', pushSamples(callback)),
      counter('lines_total', 'Lines of people by what became of them.', byLabel('outcome', dispatch.counts())),
      counter('wecom_calls_total', "Calls of WeCom's API by its errcode.", callSamples(client)),
      counter('commits_total', 'Commits of the store.', [[commits]]),
      gauge('journal_bytes', 'Length of the journal that is being written.', [[journalBytes]]),
      gauge('records', 'Records in memory by collection.', byLabel('collection', records)),
      gauge('outbox_waiting', 'Messages that are not finished.', [[waiting.outbox]]),
      gauge('chores_waiting', 'Other things to be done at WeCom.', [[waiting.chores]]),
      gauge('callbacks_in_flight', 'Callbacks that are being answered.', [[callback.stats().inFlight]]),
      gauge('seconds_since_callback', 'Since the last callback.', [[secondsSinceCallback() ?? undefined]]),
      gauge('clock_difference_seconds', "WeCom's clock minus ours.", [
        [difference === null ? undefined : difference / 1000],
      ]),
      gauge('resident_memory_bytes', 'Memory of the process.', [[memory.rss]]),
      gauge('heap_used_bytes', 'Of it, objects of the program.', [[memory.heapUsed]]),
      gauge('up_seconds', 'Since the start.', [[Math.round(process.uptime())]]),
      loopDelay(),
    ]
  }

  async function facts(): Promise<Facts> {
    const waiting = await unfinished()
    return {
      now: now().toISOString(),
      mode: simulated ? 'simulator' : 'wecom',
      upSeconds: Math.round(process.uptime()),
      secondsSinceCallback: secondsSinceCallback(),
      clockDifferenceMs: clockDifferenceMs(),
      outboxWaiting: waiting.outbox,
      choresWaiting: waiting.chores,
      refused: { ...callback.stats().refused },
      calls: client.counts().map(call => ({ ...call, code: String(call.code) })),
      lines: { ...dispatch.counts() },
      store: store.figures(),
      township: await readTownship(store),
    }
  }

  return { readiness, metrics, facts, close: () => loop.disable() }
}

const counter = (name: string, help: string, samples: readonly Sample[]): Metric => ({
  name,
  help,
  type: 'counter',
  samples,
})
const gauge = (name: string, help: string, samples: readonly Sample[]): Metric => ({
  name,
  help,
  type: 'gauge',
  samples,
})

const byLabel = (label: string, counts: object): Sample[] =>
  Object.entries(counts).map(([value, count]) => [Number(count), { [label]: value }])

function callbackSamples(callback: Callback): Sample[] {
  const { received, repeats, overloaded, late, refused } = callback.stats()
  return [
    ...byLabel('outcome', { received, repeats, overloaded, late }),
    ...Object.entries(refused).map(([reason, count]): Sample => [count, { outcome: `refused_${reason}` }]),
  ]
}

function pushSamples(callback: Callback): Sample[] {
  const { pushed, pushFailures } = callback.stats()
  return byLabel('outcome', { sent: pushed, failed: pushFailures })
}

const callSamples = (client: WecomClient): Sample[] =>
  client.counts().map(({ api, code, count }): Sample => [count, { api, code }])
