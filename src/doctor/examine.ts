import { setTimeout as delay } from 'node:timers/promises'
import { nowMs } from '../clock.ts'
import type { Config, Setting, WecomSettings } from '../config.ts'
import type { Agent } from '../wecom/agent.ts'
import { createWecomClient } from '../wecom/client.ts'
import { askAsWecom, judgeLocal, judgePublic, judgeScheme } from './callback.ts'
import type { Facts } from './facts.ts'
import { bad, type Finding, good, type Section, warn } from './findings.ts'
import { checkBackups, checkDisk, checkEnvFile, checkFolder, checkHolidays, checkNode } from './machine.ts'
import { checkGroups, checkRange, countRoster, countUnreached } from './roster.ts'
import { askFacts, checkReady, type Found, findService, judgeHeard, judgeQueue, judgeService } from './running.ts'
import { checkSettings } from './settings.ts'
import { type Held, readStore } from './store.ts'
import { askWecom, countRefusals, type DoctorClient } from './wecom.ts'

/** All checks, side by side where they can be: one that hangs holds up none of the others for long. */
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
  if (!wecom) return withSimulator(config, head)
  const client = createWecomClient({
    ...wecom,
    ...(config.proxy && { proxy: config.proxy }),
    timeoutMs: CALL_WITHIN_MS,
    sleep: ms => delay(Math.min(ms, LONGEST_REST_MS)),
  })
  try {
    return await withTenant({ config, wecom, client, proxied: config.proxy !== null }, head)
  } finally {
    client.close()
  }
}

interface Tenant {
  config: Config
  wecom: WecomSettings
  client: DoctorClient
  proxied: boolean
}

const LATE_STORE = { facts: null, findings: [warn('数据太多，5 秒内没有读完，名册和群没有查')] }

async function machine(folder: string | null): Promise<Section> {
  const checks = [
    checkEnvFile(),
    checkHolidays(folder),
    ...(folder === null ? [] : [checkFolder(folder), checkDisk(folder), checkBackups(folder)]),
  ]
  const late = warn('磁盘 5 秒内没有回应')
  const found = await Promise.all(checks.map(check => inTime<Finding | Finding[]>(check, late)))
  return section('这台电脑', [checkNode(process.version), ...found.flat()])
}

async function withSimulator(config: Config, head: Section): Promise<Examined> {
  const [computer, found] = await Promise.all([machine(config.folder), findService(config)])
  const facts = await askFacts(found)
  const mode = good('模拟器模式：没有接企业微信，这几项不用查')
  const service = await serviceOf(found, facts, true)
  const roster = facts ? [section('名册和群', countRoster(facts.township))] : []
  return {
    sections: [head, computer, section('程序', service), section('企业微信', [mode]), ...roster],
    facts,
    held: facts,
  }
}

async function withTenant(tenant: Tenant, head: Section): Promise<Examined> {
  const { config, client, proxied } = tenant
  // Of WeCom two calls, one after the other.
  const asking = inTime(askWecom(client, proxied), LATE_WECOM, 2 * WITHIN_MS)
  const [computer, known, asked] = await Promise.all([machine(config.folder), lookAround(tenant), asking])
  const { found, facts, held } = known
  const [service, callbacks, roster] = await Promise.all([
    serviceOf(found, facts, false),
    callbackOf(tenant, found, facts),
    compare(tenant, asked.agent, held),
  ])
  const wecom = [...asked.findings, ...(facts ? countRefusals(facts.calls) : [])]
  const sections = [
    head,
    computer,
    section('程序', [...service, ...callbacks]),
    section('企业微信', wecom),
    section('名册和群', [...known.findings, ...roster]),
  ]
  return { sections, facts, held }
}

const LATE_WECOM = { findings: [bad('企业微信 10 秒内没有答完', '查网络和 HTTPS_PROXY')], agent: null }

/** What the running service tells, else the store. Of a running service the store is locked. */
async function lookAround({ config, wecom }: Tenant) {
  const found = await findService(config)
  const facts = await askFacts(found)
  if (found.is === 'running') return { found, facts, held: facts, findings: [] }
  const stored = await inTime(readStore(config.folder, wecom.corpId), LATE_STORE)
  return { found, facts, held: stored.facts, findings: stored.findings }
}

async function serviceOf(found: Found, facts: Facts | null, simulated: boolean): Promise<Finding[]> {
  const ready = found.is === 'running' ? await checkReady(found.address, simulated) : []
  return [judgeService(found, simulated), ...ready, ...(facts ? [judgeQueue(facts)] : [])]
}

async function callbackOf(tenant: Tenant, found: Found, facts: Facts | null): Promise<Finding[]> {
  if (found.is !== 'running') return []
  const { config, wecom } = tenant
  const heard = facts ? judgeHeard(facts) : [found.control ? OLDER : WITHOUT_TOKEN]
  const at = wecomTime(tenant, facts)
  const { baseUrl } = config
  const asking = baseUrl ? askAsWecom(baseUrl, wecom, at) : null
  const local = judgeLocal(await askAsWecom(found.address, wecom, at))
  const echo = await asking
  if (!baseUrl || !echo) return [local, WITHOUT_BASE, ...heard]
  // What is wrong here cannot be right from outside, and has its reason here.
  const outside = local.level === 'good' ? [judgePublic(echo, baseUrl, facts?.secondsSinceCallback != null)] : []
  return [local, ...outside, ...judgeScheme(baseUrl), ...heard]
}

/** Where the clock may be moved, WeCom is a test's and has the service's. */
function wecomTime({ config, client }: Tenant, facts: Facts | null): Date {
  if (config.clockMovable && facts) return new Date(facts.now)
  return new Date(nowMs() + (client.clockDifferenceMs() ?? 0))
}

const WITHOUT_TOKEN = warn(
  '没有设 CONTROL_TOKEN：收到的消息、名册和群没有查',
  '.env 里的 CONTROL_TOKEN 填一串 32 个字符以上的，重启再查',
)
const OLDER = warn('在运行的程序答不出来，收到的消息、名册和群没有查', '多半是升级以后没有重启：重启再查')
const WITHOUT_BASE = warn(
  'BASE_URL 没有填，从外面能不能进来没有查，会场屏幕的网址只有本机能打开',
  'BASE_URL 填上控制台“设置API接收”里那个网址，去掉 /wecom/app',
)

async function compare({ client, proxied }: Tenant, agent: Agent | null, held: Examined['held']): Promise<Finding[]> {
  if (!held) return []
  const { township } = held
  const roll = [...countRoster(township), ...countUnreached(township)]
  if (township.userIds.length + township.chats.length === 0) return roll
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
