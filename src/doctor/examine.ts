import { setTimeout as delay } from 'node:timers/promises'
import { nowMs } from '../clock.ts'
import type { Config, Setting, WecomSettings } from '../config.ts'
import type { Agent } from '../wecom/agent.ts'
import { createWecomClient } from '../wecom/client.ts'
import { askAsWecom, judgeLocal, judgePublic, judgeScheme } from './callback.ts'
import type { Facts } from './facts.ts'
import { bad, type Finding, good, type Section, warn } from './findings.ts'
import { checkDisk, checkEnvFile, checkFolder, checkHolidays, checkNode } from './machine.ts'
import { checkGroups, checkRange, countRoster, countUnreached } from './roster.ts'
import { askFacts, checkReady, type Found, findService, judgeHeard, judgeQueue, judgeService } from './running.ts'
import { checkSettings } from './settings.ts'
import { type Held, NOTHING, readStore } from './store.ts'
import { askWecom, type DoctorClient } from './wecom.ts'

/** All checks, each for itself, so that one that hangs or fails takes no other with it. */
export interface Examined {
  sections: readonly Section[]
  /** Of the running service; null: none, or it does not say. */
  facts: Facts | null
  /** Out of the store, also where no service runs. */
  held: Held['facts']
}

/** Of one check; the longest way through all of them stays below twenty seconds. */
const WITHIN_MS = 5000
const CALL_WITHIN_MS = 4000
/** WeCom that is busy is asked again at once: whoever looks on does not wait half a minute. */
const LONGEST_REST_MS = 200

/** `config` null: the settings do not make one, and only what needs none is looked at. */
export async function examine(
  config: Config | null,
  settings: readonly Setting[],
  fromFile: readonly string[],
): Promise<Examined> {
  const head = checkSettings(settings, fromFile)
  if (!config) return { sections: [head, await machine(null)], facts: null, held: null }
  const { wecom } = config
  const [computer, found] = await Promise.all([machine(config.folder), findService(config)])
  const facts = await askFacts(found)
  // Of a running service the store is locked: what it does not tell is not known.
  const isOurs = wecom !== null && found.is !== 'running'
  const stored = isOurs ? await inTime(readStore(config.folder, wecom.corpId), LATE_STORE) : NOTHING
  const held = facts ?? stored.facts
  const parts = { config, found, facts, held, more: stored.findings }
  const rest = wecom ? await withTenant(parts, wecom) : await withSimulator(parts)
  return { sections: [head, computer, ...rest], facts, held }
}

interface Parts {
  config: Config
  found: Found
  facts: Facts | null
  held: Examined['held']
  more: readonly Finding[]
}

const LATE_STORE = { facts: null, findings: [warn('数据太多，5 秒内没有读完，名册和群没有查')] }

async function machine(folder: string | null): Promise<Section> {
  const checks = [checkEnvFile(), ...(folder === null ? [] : [checkFolder(folder), checkDisk(folder)])]
  const late = warn('磁盘 5 秒内没有回应')
  const found = await Promise.all(checks.map(check => inTime<Finding | Finding[]>(check, late)))
  return section('这台电脑', [checkNode(process.version), ...found.flat(), checkHolidays()])
}

async function withSimulator({ found, facts }: Parts): Promise<Section[]> {
  const service = [judgeService(found, true), ...(await readyOf(found)), ...(facts ? [judgeQueue(facts)] : [])]
  const mode = good('模拟器模式：没有接企业微信，这几项不用查')
  return [section('程序', service), section('企业微信', [mode]), ...rosterOf(facts)]
}

const rosterOf = (facts: Facts | null): Section[] => (facts ? [section('名册和群', countRoster(facts.township))] : [])

async function withTenant(parts: Parts, wecom: WecomSettings): Promise<Section[]> {
  const { config, found, facts, held, more } = parts
  const proxied = config.proxy !== null
  const client = createWecomClient({
    ...wecom,
    ...(config.proxy && { proxy: config.proxy }),
    timeoutMs: CALL_WITHIN_MS,
    sleep: ms => delay(Math.min(ms, LONGEST_REST_MS)),
  })
  try {
    // Two calls, one after the other.
    const { findings, agent } = await inTime(askWecom(client, proxied), LATE_WECOM, 2 * WITHIN_MS)
    const [callbacks, roster] = await Promise.all([
      callbackOf(config, wecom, found, facts, client),
      compare(client, agent, held, proxied),
    ])
    const service = [
      judgeService(found, false),
      ...(await readyOf(found)),
      ...callbacks,
      ...(facts ? [judgeQueue(facts)] : []),
    ]
    return [section('程序', service), section('企业微信', findings), section('名册和群', [...more, ...roster])]
  } finally {
    client.close()
  }
}

const LATE_WECOM = { findings: [bad('企业微信 10 秒内没有答完', '查网络和 HTTPS_PROXY')], agent: null }

const readyOf = async (found: Found): Promise<Finding[]> =>
  found.is === 'running' ? [await checkReady(found.address)] : []

async function callbackOf(
  config: Config,
  wecom: WecomSettings,
  found: Found,
  facts: Facts | null,
  client: DoctorClient,
): Promise<Finding[]> {
  if (found.is !== 'running') return []
  const heard = facts ? judgeHeard(facts) : [found.control ? OLDER : WITHOUT_TOKEN]
  const at = wecomTime(config, facts, client)
  const local = judgeLocal(await askAsWecom(found.address, wecom, at))
  if (!config.baseUrl) return [local, WITHOUT_BASE, ...heard]
  const echo = await askAsWecom(config.baseUrl, wecom, at)
  const known = judgePublic(echo, config.baseUrl, facts?.secondsSinceCallback != null)
  return [local, known, ...judgeScheme(config.baseUrl), ...heard]
}

/** Where the clock may be moved, WeCom is a test's and has the service's. */
function wecomTime({ clockMovable }: Config, facts: Facts | null, client: DoctorClient): Date {
  if (clockMovable && facts) return new Date(facts.now)
  return new Date(nowMs() + (client.clockDifferenceMs() ?? 0))
}

const WITHOUT_TOKEN = warn(
  '没有设 CONTROL_TOKEN：收到的消息、名册和群没有查',
  '.env 里的 CONTROL_TOKEN 填一串 32 个字符以上的，重启再查',
)
const OLDER = warn('在运行的程序答不出来，收到的消息、名册和群没有查', '多半是升级以后没有重启：重启再查')
const WITHOUT_BASE = warn(
  'BASE_URL 没有填，从外面能不能进来没有查',
  'BASE_URL 填上控制台“设置API接收”里那个网址，去掉 /wecom/app',
)

async function compare(
  client: DoctorClient,
  agent: Agent | null,
  held: Examined['held'],
  proxied: boolean,
): Promise<Finding[]> {
  if (!held) return []
  const { township } = held
  const roll = [...countRoster(township), ...countUnreached(township)]
  if (!agent) return [...roll, warn('企业微信没有答，可见范围和支部群没有查')]
  const [range, groups] = await Promise.all([
    inTime(checkRange(client, agent, township, proxied), warn('部门太多，5 秒内没有核对完可见范围')),
    inTime(checkGroups(client, township, proxied), [warn('支部群 5 秒内没有查完')]),
  ])
  return [...roll, ...(township.userIds.length > 0 ? [range] : []), ...groups]
}

const section = (title: string, findings: readonly Finding[]): Section => ({ title, lines: [], findings })

/** What goes on behind is left to itself: nobody waits for it. */
async function inTime<T>(work: Promise<T>, late: T, ms = WITHIN_MS): Promise<T> {
  const over = new AbortController()
  const waiting = delay(ms, late, { signal: over.signal })
  waiting.catch(() => undefined)
  try {
    return await Promise.race([work, waiting])
  } finally {
    over.abort()
  }
}
