import type { Setting } from '../config.ts'
import { bad, type Finding, good, type Section, warn } from './findings.ts'

/** Settings that may be shown. Whatever is not named here is told by its length: a setting of tomorrow may be a secret. */
const SHOWN = ['PORT', 'HOST', 'BASE_URL', 'WECOM_AGENT_ID', 'WECOM_API_BASE', 'CLIENT_DEFAULT', 'CLOCK', 'LOG_LEVEL']
/** Of these not even the report keeps the value back: they name nobody. */
const HARMLESS = ['PORT', 'CLIENT_DEFAULT', 'CLOCK', 'LOG_LEVEL']

const SOURCE = { environment: '环境变量', '.env': '.env', default: '默认' } as const

const WHERE: Readonly<Record<string, string>> = {
  WECOM_CORP_ID: '管理后台 → 我的企业 → 企业信息，最下面的企业ID',
  WECOM_AGENT_ID: '管理后台 → 应用管理 → 自建 → 本应用，AgentId',
  WECOM_SECRET: '管理后台 → 应用管理 → 自建 → 本应用，Secret',
  WECOM_TOKEN: '本应用 → 接收消息 → 设置API接收，Token',
  WECOM_AES_KEY: '本应用 → 接收消息 → 设置API接收，EncodingAESKey',
}

/** Names of a `.env` that nobody reads here, and that are no mistake. */
const OTHERS = /^(NODE_|TZ$|NO_COLOR$|FORCE_COLOR$)/

export function checkSettings(settings: readonly Setting[], fromFile: readonly string[]): Section {
  const wrong = settings.flatMap(explain)
  const names = settings.map(({ name }) => name)
  const unknown = fromFile.filter(name => !names.includes(name) && !OTHERS.test(name))
  const strangers = unknown.length === 0 ? [] : [strange(unknown)]
  const fine = wrong.length === 0 ? [good('设置都合要求')] : wrong
  return { title: '设置', lines: spellSettings(settings, SHOWN), findings: [...fine, ...strangers] }
}

export const spellForReport = (settings: readonly Setting[]): string[] => spellSettings(settings, HARMLESS)

/** A line that is no setting may be a secret that lost its name: only what looks like a name is shown. */
function strange(names: readonly string[]): Finding {
  const shown = names.map(name => (/^[A-Za-z]+(?:_[A-Za-z]+)+$/.test(name) ? name : '（不像设置的一行）'))
  return warn(
    `.env 里有 ${names.length} 个不认识的名字`,
    '名字写错了就等于没填：对照 .env.example 改',
    shown.join('、'),
  )
}

function explain({ name, problem }: Setting): Finding[] {
  if (problem === null) return []
  const where = WHERE[name] ?? []
  return [bad(`${name} ${problem}`, where)]
}

function spellSettings(settings: readonly Setting[], shown: readonly string[]): string[] {
  const widest = Math.max(...settings.map(({ name }) => name.length))
  return settings.map(setting => {
    const value = setting.source === 'default' ? '' : `  ${spellValue(setting, shown)}`
    return `${setting.name.padEnd(widest)}  ${SOURCE[setting.source]}${value}`
  })
}

/** A wrong value is not shown either: it may be a secret in the wrong line. */
function spellValue({ name, value, problem }: Setting, shown: readonly string[]): string {
  if (problem === null && shown.includes(name)) return value
  if (problem === null && name === 'STORE_URL' && shown === SHOWN && value.startsWith('file:')) return value
  return `（${[...value].length} 个字符）`
}
