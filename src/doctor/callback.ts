import { randomBytes } from 'node:crypto'
import type { WecomSettings } from '../config.ts'
import { createCallbackCrypto } from '../wecom/crypto.ts'
import { bad, type Finding, good, warn } from './findings.ts'

/** Asks the callback address what WeCom asks when it is saved (WECOM.md 1.2): a signed, encrypted word that has to come back. */
export type Echo =
  | { is: 'right'; ms: number }
  | { is: 'wrong'; status: number }
  /** A code of the network: 'ECONNREFUSED', 'TimeoutError'. */
  | { is: 'silent'; code: string }

const WITHIN_MS = 4000
/** WeCom waits one second for the word. */
const WECOM_WAITS_MS = 1000

/** `at`: WeCom's time, so that the service sees of its clock what it would see of WeCom. */
export async function askAsWecom(address: string, secrets: WecomSettings, at: Date): Promise<Echo> {
  const crypto = createCallbackCrypto(secrets)
  const word = randomBytes(8).toString('hex')
  const [timestamp, nonce, echostr] = [String(Math.floor(at.getTime() / 1000)), word.slice(0, 8), crypto.encrypt(word)]
  const signed = { msg_signature: crypto.sign(timestamp, nonce, echostr), timestamp, nonce, echostr }
  const started = performance.now()
  try {
    const response = await fetch(`${address}/wecom/app?${new URLSearchParams(signed)}`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(WITHIN_MS),
    })
    const body = await response.text()
    const ms = Math.round(performance.now() - started)
    return response.status === 200 && body === word ? { is: 'right', ms } : { is: 'wrong', status: response.status }
  } catch (error) {
    return { is: 'silent', code: networkCode(error) }
  }
}

function networkCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { cause } = error
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.name
  return error.name
}

const PROXY = '反向代理要把 /wecom/app 原样转给本程序（问号后面的也要）'

/** On this machine, past every proxy: what is wrong here is the settings. */
export function judgeLocal(echo: Echo): Finding {
  if (echo.is === 'right') return good('本机上的 /wecom/app 应答正确')
  if (echo.is === 'silent') return bad(`本机上的 /wecom/app 没有应答（${echo.code}）`, '重启本程序，再看日志')
  const next = echo.status === 403 ? '先看“企业微信”里钟准不准；' : ''
  const why = LOCAL[echo.status] ?? '在运行的不是本程序'
  return bad(`本机上的 /wecom/app 应答不对（${echo.status}）：${why}`, `${next}改过 .env 的，重启本程序再查`)
}

const LOCAL: Readonly<Record<number, string>> = {
  400: '在运行的程序用的 EncodingAESKey 或企业ID 和现在的设置不一样',
  401: '在运行的程序用的 Token 和现在的设置不一样',
  403: '钟差得太多，或企业ID 和现在的设置不一样',
}

/** By its public address. `heard`: WeCom's messages arrive, so what fails is the way back from this machine. */
export function judgePublic(echo: Echo, address: string, heard: boolean): Finding {
  if (echo.is === 'right' && echo.ms <= WECOM_WAITS_MS)
    return good(`对外地址的 /wecom/app 应答正确（${echo.ms} 毫秒）`, [], address)
  if (echo.is === 'right')
    return warn(`对外地址应答用了 ${echo.ms} 毫秒，企业微信只等 1 秒`, '查反向代理和网络为什么慢', address)
  if (echo.is === 'wrong') {
    const moved = echo.status >= 300 && echo.status < 400
    const fact = moved ? '被转到了别的网址' : `应答不对（${echo.status}）`
    const next = moved ? ['BASE_URL 写转过去以后的那个，控制台里也一样', PROXY] : [PROXY]
    return bad(`对外地址的 /wecom/app ${fact}`, next, address)
  }
  return judgeSilence(echo.code, address, heard)
}

/** What people open there (the venue's screen) should not be read on its way. */
export function judgeScheme(address: string): Finding[] {
  const { protocol, hostname } = new URL(address)
  if (protocol === 'https:' || /^(localhost|127\..*|\[::1\])$/.test(hostname)) return []
  return [
    warn('BASE_URL 不是 https，路上的人能看到内容', '在前面放一个带证书的反向代理，BASE_URL 和控制台里都改成 https://'),
  ]
}

function judgeSilence(code: string, address: string, heard: boolean): Finding {
  if (/CERT|SIGNED|UNABLE_TO|SSL|TLS|ALTNAME/.test(code))
    return bad(`对外地址的证书不被信任（${code}）`, '换上浏览器认的证书，证书链要完整', address)
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(code))
    return bad('对外地址的域名解析不了', '查 BASE_URL 写对没有，域名解析做好没有', address)
  const outside = `用手机流量打开 ${address}/healthz，看到 {"ok":true} 就是通的`
  if (heard) return warn(`从本机绕回对外地址不通（${code}），企业微信的消息进得来，不用管`, [], address)
  return bad(
    `对外地址不通（${code}）`,
    [outside, '手机也打不开：查防火墙、路由器的端口转发、反向代理', '手机打得开：路由器不让从里面绕回来，不用管这一条'],
    address,
  )
}
