import { type Agent, readAgent } from '../wecom/agent.ts'
import type { WecomClient } from '../wecom/client.ts'
import { adviceFor, errcodeOf } from '../wecom/errcodes.ts'
import type { Facts } from './facts.ts'
import { bad, type Finding, good, warn } from './findings.ts'
import { explainRefusal } from './refusals.ts'

/** The secrets, the clock, the app and the address, in the order in which one needs the other. */
export interface Asked {
  findings: readonly Finding[]
  /** null: WeCom did not say. */
  agent: Agent | null
}

export type DoctorClient = Pick<WecomClient, 'agentId' | 'call' | 'token' | 'clockDifferenceMs'>

export async function askWecom(client: DoctorClient, proxied: boolean): Promise<Asked> {
  try {
    await client.token()
  } catch (error) {
    return { findings: [explainRefusal('登录企业微信', error, proxied), ...clockOf(client)], agent: null }
  }
  const by = proxied ? '，经 HTTPS_PROXY' : ''
  const token = good(`连得上企业微信，企业ID 和 Secret 是对的${by}`)
  try {
    const agent = await readAgent(client)
    const seen = [token, ...clockOf(client), good('企业微信认这台服务器的 IP'), judgeAgent(agent)]
    return { findings: seen, agent }
  } catch (error) {
    return { findings: [token, ...clockOf(client), explainRefusal('看应用', error, proxied)], agent: null }
  }
}

export function judgeAgent({ name, closed, userIds, departments, tags }: Agent): Finding {
  if (closed) return bad('应用已停用', '管理后台 → 应用管理 → 自建 → 本应用：启用应用', name)
  const range = `可见范围：部门 ${departments.length} 个、成员 ${userIds.length} 人、标签 ${tags.length} 个`
  if (departments.length + userIds.length + tags.length === 0)
    return bad('应用在用，可见范围是空的', '管理后台 → 应用管理 → 自建 → 本应用 → 可见范围：选上要用的人', name)
  return good(`应用在用，${range}`, [], name)
}

const clockOf = (client: DoctorClient): Finding[] => {
  const differenceMs = client.clockDifferenceMs()
  return differenceMs === undefined ? [] : [judgeClock(differenceMs)]
}

/** Callbacks whose time is 300 s away are refused (OPERATIONS.md). The Date header tells whole seconds. */
const REFUSED_MS = 300_000
const LOOSE_MS = 30_000

export function judgeClock(differenceMs: number): Finding {
  const seconds = Math.round(Math.abs(differenceMs) / 1000)
  const which = differenceMs > 0 ? '慢' : '快'
  const fact = `这台电脑的钟比企业微信${which} ${seconds} 秒`
  const next = '打开自动校时：sudo timedatectl set-ntp true；不能上网校时的，请管机房的人接上校时服务器'
  if (Math.abs(differenceMs) > REFUSED_MS) return bad(`${fact}，超过 300 秒的消息会被拒收`, next)
  if (Math.abs(differenceMs) > LOOSE_MS) return warn(fact, next)
  return good(`钟是准的（差 ${seconds} 秒）`)
}

const MOST_NAMED = 5

/** Refusals since the start that somebody has to do something about; the others the bot mends itself. */
export function countRefusals(calls: Facts['calls']): Finding[] {
  const counts = new Map<number, number>()
  for (const { code, count } of calls) {
    const errcode = Number(code)
    if (!errcode || !TO_MEND.includes(errcodeOf(errcode).action)) continue
    counts.set(errcode, (counts.get(errcode) ?? 0) + count)
  }
  if (counts.size === 0) return []
  const most = [...counts].sort(([, one], [, other]) => other - one).slice(0, MOST_NAMED)
  const said = most.map(([code, count]) => `${code} ${count} 次`).join('，')
  return [
    warn(
      `启动以来企业微信答过错误码：${said}`,
      most.map(([code]) => `${code}：${adviceFor(code)}`),
    ),
  ]
}

const TO_MEND: readonly string[] = ['admin', 'fix', 'slow']
