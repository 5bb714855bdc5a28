import { existsSync, readFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { parseEnv } from 'node:util'
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
    super(
      `设置有不对的地方，请改好（在 .env 里，或者环境变量）再运行一次：\n${problems.map(each => `  ${each}`).join('\n')}`,
    )
  }
}

const text = z.string().trim()
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess(value => (typeof value === 'string' && value.trim() === '' ? undefined : value), schema.optional())

/** A name that the machine can look up: 'https://某某镇.example' would be another address on the wire than what was written. */
const isAddress = (address: string): boolean => /^https?:\/\/[\x21-\x7e]+$/.test(address) && URL.canParse(address)
const url = text.refine(isAddress)

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
/** What is copied from the console. '企业ID' is what the handbook's line says before it is filled in. */
const VISIBLE = /^[\x21-\x7e]+$/
const splitIds = (ids: string): string[] => ids.split(/[,，\s]+/).filter(id => id !== '')

const schema = z.object({
  PORT: optional(
    text
      .regex(/^\d{1,5}$/)
      .transform(Number)
      .pipe(z.number().max(65_535)),
  ),
  HOST: optional(text.regex(VISIBLE)),
  BASE_URL: optional(url),
  STORE_URL: optional(text.regex(/^file:.+/)),
  WECOM_CORP_ID: optional(text.regex(VISIBLE)),
  WECOM_AGENT_ID: optional(
    text
      .regex(/^\d+$/)
      .transform(Number)
      .pipe(
        z
          .number()
          .min(1)
          .max(2 ** 31),
      ),
  ),
  WECOM_SECRET: optional(text.regex(VISIBLE)),
  WECOM_TOKEN: optional(text.regex(/^[A-Za-z0-9]{1,32}$/)),
  WECOM_AES_KEY: optional(text.regex(/^[A-Za-z0-9]{43}$/)),
  WECOM_API_BASE: optional(url),
  CLIENT_DEFAULT: optional(text.pipe(z.enum(['text', 'cards']))),
  ADMIN_USERIDS: optional(text.refine(ids => splitIds(ids).every(id => USER_ID.test(id)))),
  CONTROL_TOKEN: optional(text.min(32)),
  BACKUP_KEY: optional(text.regex(/^[A-Za-z0-9+/]{43}=?$/).transform(key => Buffer.from(key, 'base64'))),
  HTTPS_PROXY: optional(url.refine(credentialsDecode)),
  CLOCK: optional(z.iso.datetime({ offset: true }).refine(at => canMoveTo(new Date(at)))),
  LOG_LEVEL: optional(text.pipe(z.enum(['debug', 'info', 'warn', 'error']))),
})

/** In Chinese, for whoever installs it. */
const SHOULD_BE: Readonly<Record<keyof typeof schema.shape, string>> = {
  PORT: '要写端口号，0 到 65535',
  HOST: '要写这台电脑的一个地址',
  BASE_URL: '要写完整的网址，以 http:// 或 https:// 开头，不用汉字',
  STORE_URL: '要写 file: 加文件夹',
  WECOM_CORP_ID: '要写“企业信息”最下面那一串字母和数字',
  WECOM_AGENT_ID: '要写应用详情页的 AgentId，是个整数',
  WECOM_SECRET: '要写应用的 Secret，是字母、数字和符号',
  WECOM_TOKEN: '要写“接收消息 → 设置API接收”里的 Token，1 到 32 个字母或数字',
  WECOM_AES_KEY: '要写“接收消息 → 设置API接收”里的 EncodingAESKey，正好 43 个字母或数字',
  WECOM_API_BASE: '要写完整的网址，以 http:// 或 https:// 开头；一般不用填',
  CLIENT_DEFAULT: '要写 text 或 cards',
  ADMIN_USERIDS: '要写企业微信账号（UserID），用逗号分开',
  CONTROL_TOKEN: '要至少 32 个字符',
  BACKUP_KEY: '要写 32 个字节的 base64，用 openssl rand -base64 32 做一个',
  HTTPS_PROXY: '要写完整的代理网址，以 http:// 或 https:// 开头；用户名、密码里的 % 要写成 %25',
  CLOCK: '要写成 2026-11-26T18:45:00+08:00 的样子，2000 年到 9998 年；平时请留空',
  LOG_LEVEL: '要写 debug、info、warn 或 error',
}
type Settings = z.infer<typeof schema>

const WECOM_NAMES = ['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_SECRET', 'WECOM_TOKEN', 'WECOM_AES_KEY'] as const

/** Every setting that is read: `.env.example` has a line for each. */
export const SETTING_NAMES = Object.keys(schema.shape)

type Environment = Readonly<Record<string, string | undefined>>

/** Throws ConfigError with every problem. */
export function readConfig(env: Environment = process.env): Config {
  const parsed = schema.safeParse(env)
  const wrong = new Set(parsed.error?.issues.map(({ path }) => z.keyof(schema).parse(path[0])))
  const problems = [...wrong].map(name => `${name} ${SHOULD_BE[name]}`)
  problems.push(...missingWecom(env), ...misplacedClock(env))
  if (!parsed.data || problems.length > 0) throw new ConfigError(problems)
  return toConfig(parsed.data)
}

/** A setting as it was given, for whoever tells the operator: `value` may be a secret, '' is not set. */
export interface Setting {
  name: string
  value: string
  source: 'environment' | '.env' | 'default'
  /** What it should be, in Chinese; null: it is right. */
  problem: string | null
}

/** Every setting, the wrong ones too. `fromFile`: what `loadEnvFile` brought. */
export function surveySettings(fromFile: readonly string[], env: Environment = process.env): Setting[] {
  const problems = problemsOf(env)
  return SETTING_NAMES.map(name => {
    const value = env[name]?.trim() ?? ''
    const source = value === '' ? 'default' : fromFile.includes(name) ? '.env' : 'environment'
    const problem = problems.find(each => each.startsWith(`${name} `))?.slice(name.length + 1)
    return { name, value, source, problem: problem ?? null }
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
  return WECOM_NAMES.filter(name => !given.includes(name)).map(
    name => `${name} 没有填：WECOM_ 开头的五项，要么都填，要么都不填`,
  )
}

/** A setting that is wrong itself is told as that. */
function misplacedClock(env: Environment): string[] {
  const { CLOCK, WECOM_API_BASE } = schema.shape
  const base = WECOM_API_BASE.safeParse(env.WECOM_API_BASE)
  const simulated = WECOM_NAMES.every(name => !env[name]?.trim())
  if (simulated || !base.success || isLoopback(base.data) || !CLOCK.safeParse(env.CLOCK).data) return []
  return ['CLOCK 只在模拟器里用，或者 WECOM_API_BASE 是本机地址的时候；平时请留空']
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
 * that it brought. Throws ConfigError where it cannot be read.
 */
export function loadEnvFile(): string[] {
  if (!existsSync('.env')) return []
  const brought = Object.entries(parseEnv(textOfEnvFile())).filter(([name]) => process.env[name] === undefined)
  for (const [name, value] of brought) process.env[name] = value
  return brought.map(([name]) => name)
}

/** Without the mark that Notepad puts in front: it would be a part of the first name. */
function textOfEnvFile(): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync('.env'))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw new ConfigError([
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
        ? '.env 里有不是 UTF-8 的字：请用记事本“另存为”，编码选 UTF-8'
        : `.env 读不了（${code}）：请看运行本程序的用户有没有读的权限（ls -l .env）`,
    ])
  }
}
