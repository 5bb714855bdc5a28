import { z } from 'zod'
import type { Config } from '../config.ts'
import { addressOf, post, running } from '../control-client.ts'
import { type Control, callableHost } from '../control-file.ts'
import { UserError } from '../errors.ts'
import { type Facts, facts } from './facts.ts'
import { bad, type Finding, good, warn } from './findings.ts'

/** The service, as it answers on this machine. */
export type Found = { is: 'running'; address: string; control: Control | undefined } | { is: 'other' } | { is: 'none' }

const WITHIN_MS = 3000

/** By what it has announced, else on its port: without a control token it announces nothing. */
export async function findService(config: Config): Promise<Found> {
  const control = await running(config, WITHIN_MS)
  if (control) return { is: 'running', address: addressOf(control), control }
  const address = `http://${callableHost(config.host)}:${config.port}`
  const body: unknown = await fetch(`${address}/healthz`, { signal: AbortSignal.timeout(WITHIN_MS) }).then(
    response => response.json().catch(() => ''),
    () => null,
  )
  if (body === null) return { is: 'none' }
  return z.object({ ok: z.literal(true) }).safeParse(body).success
    ? { is: 'running', address, control: undefined }
    : { is: 'other' }
}

/** null: it has no token for us, or is of another version. */
export async function askFacts(found: Found): Promise<Facts | null> {
  if (found.is !== 'running' || !found.control) return null
  const answer = await post(found.control, 'facts', '{}', { withinMs: WITHIN_MS }).catch((error: unknown) => {
    if (error instanceof UserError) return null
    throw error
  })
  return facts.nullable().catch(null).parse(answer)
}

const START = '启动：node --import tsx src/main.ts（做成系统服务的：sudo systemctl start zhibu）'

/** In simulator mode nobody waits for a bot that is not running. */
export function judgeService(found: Found, simulated: boolean): Finding {
  if (found.is === 'running') return good('本程序在运行')
  if (found.is === 'other') return bad('端口被别的程序占着', ['停掉那个程序，或把 PORT 换一个', START])
  return simulated
    ? warn('本程序没有在运行', 'npm start')
    : bad('本程序没有在运行', [START, '起不来的，看它最后打出来的几行'])
}

const readiness = z.object({ ready: z.boolean(), mode: facts.shape.mode.optional() })

export async function checkReady(address: string, simulated: boolean): Promise<Finding[]> {
  const next = '看日志里 error 的几行；再重启本程序'
  try {
    const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(WITHIN_MS) })
    const { ready, mode } = readiness.parse(await response.json())
    return [ready ? good('数据读得出来') : bad('数据读不出来', next), ...judgeMode(mode, simulated)]
  } catch {
    return [bad('本程序几秒内没有回应', next)]
  }
}

/** A service has its settings from where it was started: a unit file, another folder. */
export function judgeMode(mode: Facts['mode'] | undefined, simulated: boolean): Finding[] {
  if (mode === 'wecom' && simulated)
    return [
      bad(
        '在运行的程序接着企业微信，这里却没有 WECOM_ 的设置',
        '到放着 .env 的文件夹里运行 npm run doctor；设置写在别处的，带上同样的环境变量',
      ),
    ]
  if (mode === 'simulator' && !simulated)
    return [bad('在运行的程序还是模拟器，没有接企业微信', '设置已经填了：重启本程序')]
  return []
}

const DAY_SECONDS = 86_400

/** Whether the callback was saved no API tells: what arrives proves it. */
export function judgeHeard({
  secondsSinceCallback: seconds,
  refused,
}: Pick<Facts, 'secondsSinceCallback' | 'refused'>): Finding[] {
  const turnedAway = Object.values(refused).reduce((sum, count) => sum + count, 0)
  const wrong =
    turnedAway === 0
      ? []
      : [
          warn(
            `启动以来拒收了 ${turnedAway} 条不像企业微信发来的消息`,
            '不多就是网上的闲人；党员说的话没有回音的，核对“设置API接收”里的 Token、EncodingAESKey',
          ),
        ]
  if (seconds !== null && seconds < DAY_SECONDS)
    return [good(`企业微信的消息进得来，最近一条在 ${spellAge(seconds)}前`), ...wrong]
  const fact = seconds === null ? '启动以来还没有收到企业微信的消息' : `${spellAge(seconds)}没有收到企业微信的消息`
  const next = [
    '手机上打开应用，发“帮助”，再运行一次 npm run doctor',
    '没有回音的：管理后台 → 应用管理 → 自建 → 本应用 → 接收消息 → 设置API接收，再保存一次',
  ]
  return [warn(fact, next), ...wrong]
}

export function judgeQueue({ outboxWaiting }: Facts): Finding {
  const fact = `等着发的消息 ${outboxWaiting} 条`
  return outboxWaiting > 50
    ? warn(fact, '夜里、被企业微信限住的会等一等；白天一直不少，看“企业微信”那几项')
    : good(fact)
}

export function spellAge(seconds: number): string {
  if (seconds < 60) return `${seconds} 秒`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} 分钟`
  return seconds < DAY_SECONDS ? `${Math.floor(seconds / 3600)} 小时` : `${Math.floor(seconds / DAY_SECONDS)} 天`
}
