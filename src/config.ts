import { existsSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { z } from 'zod'
import { canMoveTo } from './clock.ts'

/**
 * Environment -> Config, the only reader of process.env. Every bad or missing variable is reported at once, by name, with
 * what it should be; a value is never printed, it may be a secret.
 */
export interface WecomSettings {
  corpId: string
  agentId: number
  secret: string
  token: string
  aesKey: string
  apiBase: string
}

export interface Config {
  port: number
  host: string
  /** Public address, for links and the venue screen, without a slash at its end. null: this machine's own, with its port. */
  baseUrl: string | null
  /** The data folder of the lowdb engine. */
  folder: string
  /** null: simulator mode. */
  wecom: WecomSettings | null
  clientDefault: 'text' | 'cards'
  /** Lower case. */
  adminUserIds: readonly string[]
  controlToken: string | null
  proxy: string | null
  /** Backups are encrypted with it; null: they are not. */
  backupKey: Buffer | null
  /** Start the clock at this instant. */
  clock: Date | null
  /** Whether the clock may be moved: simulator mode, or a WeCom on the loopback. */
  clockMovable: boolean
  logLevel: 'debug' | 'info' | 'warn' | 'error'
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  constructor(readonly problems: readonly string[]) {
    super(`Settings to mend:\n${problems.map(problem => `  ${problem}`).join('\n')}`)
  }
}

const text = z.string().trim()
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess(value => (typeof value === 'string' && value.trim() === '' ? undefined : value), schema.optional())

const url = text
  .regex(/^https?:\/\/\S+$/, 'must begin with http:// or https://')
  .refine(
    address => !/^https?:\/\/\S/.test(address) || URL.canParse(address),
    'must be a whole address: a name, and a port in digits',
  )

const decodes = (spelled: string): boolean => {
  try {
    return decodeURIComponent(spelled) !== undefined
  } catch {
    return false
  }
}

/** Encoded where a character of them would end them: that is how an address carries a password. */
const credentialsDecode = (address: string): boolean => {
  if (!URL.canParse(address)) return true
  const { username, password } = new URL(address)
  return decodes(username) && decodes(password)
}

/** WECOM.md 13.12 */
const USER_ID = /^[A-Za-z0-9][\w.@-]{0,63}$/
const splitIds = (ids: string): string[] => ids.split(/[,，\s]+/).filter(id => id !== '')

const schema = z.object({
  PORT: optional(
    text
      .regex(/^\d{1,5}$/, 'must be a port number')
      .transform(Number)
      .pipe(z.number().max(65_535, 'must be a port number, at most 65535')),
  ),
  HOST: optional(text),
  BASE_URL: optional(url),
  STORE_URL: optional(text.regex(/^file:.+/, "must be 'file:' and a path (PostgreSQL comes later)")),
  WECOM_CORP_ID: optional(text),
  WECOM_AGENT_ID: optional(
    text
      .regex(/^\d+$/, 'must be a whole number, the AgentId of the app')
      .transform(Number)
      .pipe(
        z
          .number()
          .min(1, 'must be the AgentId of the app')
          .max(2 ** 31, 'must be the AgentId of the app: it is not that large'),
      ),
  ),
  WECOM_SECRET: optional(text),
  WECOM_TOKEN: optional(text.regex(/^[A-Za-z0-9]{1,32}$/, 'must be 1 to 32 letters and digits')),
  WECOM_AES_KEY: optional(text.regex(/^[A-Za-z0-9]{43}$/, 'must be exactly 43 letters and digits')),
  WECOM_API_BASE: optional(url),
  CLIENT_DEFAULT: optional(text.pipe(z.enum(['text', 'cards'], "must be 'text' or 'cards'"))),
  ADMIN_USERIDS: optional(
    text.refine(ids => splitIds(ids).every(id => USER_ID.test(id)), 'must be UserIDs separated by commas'),
  ),
  CONTROL_TOKEN: optional(text.min(32, 'must have at least 32 characters')),
  BACKUP_KEY: optional(
    text
      .regex(/^[A-Za-z0-9+/]{43}=?$/, 'must be 32 bytes in base64, as openssl rand -base64 32 makes them')
      .transform(key => Buffer.from(key, 'base64')),
  ),
  HTTPS_PROXY: optional(url.refine(credentialsDecode, 'must have a % of its user or password written as %25')),
  CLOCK: optional(
    z.iso
      .datetime({ offset: true, error: 'must be an instant with its offset, as 2026-11-26T18:45:00+08:00' })
      .refine(at => Number.isNaN(Date.parse(at)) || canMoveTo(new Date(at)), 'must be in the years 2000 to 9998'),
  ),
  LOG_LEVEL: optional(text.pipe(z.enum(['debug', 'info', 'warn', 'error'], 'must be debug, info, warn or error'))),
})
type Settings = z.infer<typeof schema>

const WECOM_NAMES = ['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_SECRET', 'WECOM_TOKEN', 'WECOM_AES_KEY'] as const

/** Every setting that is read: `.env.example` has a line for each. */
export const SETTING_NAMES = Object.keys(schema.shape)

type Environment = Readonly<Record<string, string | undefined>>

/** Throws ConfigError with every problem. */
export function readConfig(env: Environment = process.env): Config {
  const parsed = schema.safeParse(env)
  const problems = parsed.success ? [] : parsed.error.issues.map(issue => `${issue.path.join('.')} ${issue.message}`)
  problems.push(...missingWecom(env), ...misplacedClock(env))
  if (!parsed.data || problems.length > 0) throw new ConfigError(problems)
  return toConfig(parsed.data)
}

/** A setting as it was given, for whoever tells the operator: `value` may be a secret, '' is not set. */
export interface Setting {
  name: string
  value: string
  source: 'environment' | '.env' | 'default'
  /** 'missing': another of WeCom's five is set. Else what it should be, in English. */
  problem: string | null
}

/** Every setting, the wrong ones too. `fromFile`: what `loadEnvFile` brought. */
export function surveySettings(fromFile: readonly string[], env: Environment = process.env): Setting[] {
  const problems = problemsOf(env)
  const missing = missingWecom(env)
  return SETTING_NAMES.map(name => {
    const value = env[name]?.trim() ?? ''
    const source = value === '' ? 'default' : fromFile.includes(name) ? '.env' : 'environment'
    const isMissing = missing.some(problem => problem.startsWith(`${name} `))
    const wrong = problems.find(problem => problem.startsWith(`${name} `))?.slice(name.length + 1)
    return { name, value, source, problem: isMissing ? 'missing' : (wrong ?? null) }
  })
}

function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

function missingWecom(env: Environment): string[] {
  const given = WECOM_NAMES.filter(name => env[name]?.trim())
  if (given.length === 0) return []
  return WECOM_NAMES.filter(name => !given.includes(name)).map(name => `${name} is missing (${given[0]} is set)`)
}

/** A setting that is wrong itself is told as that. */
function misplacedClock(env: Environment): string[] {
  const { CLOCK, WECOM_API_BASE } = schema.shape
  const base = WECOM_API_BASE.safeParse(env.WECOM_API_BASE)
  const simulated = WECOM_NAMES.every(name => !env[name]?.trim())
  if (simulated || !base.success || isLoopback(base.data) || !CLOCK.safeParse(env.CLOCK).data) return []
  return ['CLOCK is for simulator mode, or where WECOM_API_BASE is a loopback address']
}

function toConfig(settings: Settings): Config {
  const wecom = wecomOf(settings)
  return {
    port: settings.PORT ?? 3000,
    host: settings.HOST ?? (wecom ? '0.0.0.0' : '127.0.0.1'),
    baseUrl: settings.BASE_URL?.replace(/\/+$/, '') ?? null,
    folder: settings.STORE_URL?.slice('file:'.length) ?? './data/db',
    wecom,
    // In the simulator the roster says who is on WeChat, so that a newcomer sees both renderings.
    clientDefault: settings.CLIENT_DEFAULT ?? (wecom ? 'text' : 'cards'),
    adminUserIds: splitIds(settings.ADMIN_USERIDS ?? '').map(id => id.toLowerCase()),
    controlToken: settings.CONTROL_TOKEN ?? null,
    proxy: settings.HTTPS_PROXY ?? null,
    backupKey: settings.BACKUP_KEY ?? null,
    clock: settings.CLOCK ? new Date(settings.CLOCK) : null,
    clockMovable: !wecom || isLoopback(settings.WECOM_API_BASE),
    logLevel: settings.LOG_LEVEL ?? 'info',
  }
}

function wecomOf(settings: Settings): WecomSettings | null {
  const { WECOM_CORP_ID, WECOM_AGENT_ID, WECOM_SECRET, WECOM_TOKEN, WECOM_AES_KEY } = settings
  if (!WECOM_CORP_ID || WECOM_AGENT_ID === undefined || !WECOM_SECRET || !WECOM_TOKEN || !WECOM_AES_KEY) return null
  return {
    corpId: WECOM_CORP_ID,
    agentId: WECOM_AGENT_ID,
    secret: WECOM_SECRET,
    token: WECOM_TOKEN,
    aesKey: WECOM_AES_KEY,
    apiBase: (settings.WECOM_API_BASE ?? 'https://qyapi.weixin.qq.com').replace(/\/+$/, ''),
  }
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false
  const { hostname } = new URL(address)
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'))
}

/**
 * Reads `.env` of the working directory into the environment, where there is one; what is set already wins. Returns the names
 * that it brought.
 */
export function loadEnvFile(): string[] {
  if (!existsSync('.env')) return []
  const before = new Set(Object.keys(process.env))
  process.loadEnvFile('.env')
  return Object.keys(process.env).filter(name => !before.has(name))
}
