import { randomBytes, randomInt } from 'node:crypto'
import { nowMs } from '../clock.ts'
import type { CallbackCrypto } from '../wecom/crypto.ts'
import { cdata, element, parseXml, textOf, type XmlNode } from '../wecom/xml.ts'
import type { Faults } from './faults.ts'

/** WECOM.md 1.7: cut after 5 s, then three more tries; the real gaps are not documented. */
const TIME_OUT_MS = 5000
const RETRIES = 3
const GAP_MS = 1000

/** What came of one callback after all its tries. */
export interface Delivered {
  /** HTTP status of the last try; 0 where nothing answered. */
  status: number
  /** The text of the passive reply; null where the body was empty. */
  reply: string | null
  /** POSTs it took. */
  tries: number
  /** Why WeCom would not show the body; null where all is well. */
  problem: string | null
  /** With deliverTwice: what the second copy was answered. */
  again?: Delivered
}

export interface CallbacksSetup {
  url: () => string
  corpId: string
  agentId: number
  crypto: CallbackCrypto
  fetch: typeof fetch
  faults: Faults
}

export type Callbacks = ReturnType<typeof createCallbacks>

/** The side of WeCom that calls the bot: the envelope, the time limit, the tries, the passive reply. */
export function createCallbacks({ url, corpId, agentId, crypto, fetch, faults }: CallbacksSetup) {
  let underWay = 0
  let waiting: (() => void)[] = []
  const firstMsgId = 2n ** 62n + BigInt(`0x${randomBytes(7).toString('hex')}`)
  let messages = 0n

  /** A 64-bit number beyond what a double holds. */
  function nextMsgId(): string {
    messages += 1n
    return String(firstMsgId + messages)
  }

  function innerXml(userId: string, type: string, fields: string, msgId?: string): string {
    const seconds = Math.floor(nowMs() / 1000)
    const head = field('ToUserName', corpId) + field('FromUserName', userId) + element('CreateTime', seconds)
    const tail = (msgId === undefined ? '' : element('MsgId', msgId)) + element('AgentID', agentId)
    return element('xml', head + field('MsgType', type) + fields + tail)
  }

  async function deliver(xml: string, userId: string): Promise<Delivered> {
    underWay += 1
    try {
      const copies = faults.pending.deliverTwice ? [tryAll(xml, userId), tryAll(xml, userId)] : [tryAll(xml, userId)]
      const [first, again] = await Promise.all(copies)
      if (!first) throw new Error('no copy was delivered')
      return again ? { ...first, again } : first
    } finally {
      underWay -= 1
      if (underWay === 0) {
        for (const resolve of waiting) resolve()
        waiting = []
      }
    }
  }

  async function tryAll(xml: string, userId: string): Promise<Delivered> {
    for (let tries = 1; ; tries += 1) {
      const { status, body } = await post(xml)
      if (status === 200) return { status, tries, ...passiveReply(body, userId) }
      if (tries > RETRIES) return { status, tries, reply: null, problem: status === 0 ? '没有回答' : `HTTP ${status}` }
      await new Promise(resolve => setTimeout(resolve, GAP_MS))
    }
  }

  /** A fresh envelope on each try: only the decrypted XML stays the same. */
  async function post(xml: string): Promise<{ status: number; body: string }> {
    const cipher = crypto.encrypt(xml)
    const agent = element('AgentID', cdata(String(agentId)))
    const body = element('xml', field('ToUserName', corpId) + agent + field('Encrypt', cipher))
    try {
      const signal = AbortSignal.timeout(TIME_OUT_MS)
      const headers = { 'content-type': 'text/xml' }
      const response = await fetch(signed(cipher), { method: 'POST', body, headers, signal })
      return { status: response.status, body: await response.text() }
    } catch {
      return { status: 0, body: '' }
    }
  }

  function signed(cipher: string, extra: Record<string, string> = {}): string {
    const timestamp = String(Math.floor(nowMs() / 1000))
    const nonce = String(randomInt(1_000_000_000))
    const query = new URLSearchParams({
      msg_signature: crypto.sign(timestamp, nonce, cipher),
      timestamp,
      nonce,
      ...extra,
    })
    return `${url()}?${query}`
  }

  /** `success` is tolerated, as in practice (WECOM.md 1.7). */
  function passiveReply(body: string, userId: string): Pick<Delivered, 'reply' | 'problem'> {
    if (body === '' || body === 'success') return { reply: null, problem: null }
    try {
      const envelope = parseXml(body)
      const [cipher, timestamp] = [need(envelope, 'Encrypt'), need(envelope, 'TimeStamp')]
      const nonce = need(envelope, 'Nonce')
      if (!crypto.verifies(need(envelope, 'MsgSignature'), timestamp, nonce, cipher)) throw new Error('签名不对')
      const inner = parseXml(crypto.decrypt(cipher))
      if (need(inner, 'ToUserName').toLowerCase() !== userId.toLowerCase()) throw new Error('ToUserName 不对')
      if (need(inner, 'FromUserName') !== corpId) throw new Error('FromUserName 不对')
      if (need(inner, 'MsgType') !== 'text') throw new Error('模拟器只认文字回复')
      return { reply: need(inner, 'Content'), problem: null }
    } catch (error) {
      return { reply: null, problem: error instanceof Error ? error.message : 'unreadable' }
    }
  }

  /** The check that WeCom makes when the callback address is saved: true where the bot echoes the secret back. */
  async function checkUrl(): Promise<boolean> {
    const secret = String(randomInt(1_000_000_000))
    const echostr = crypto.encrypt(secret)
    const response = await fetch(signed(echostr, { echostr }))
    return response.status === 200 && (await response.text()) === secret
  }

  const idle = (): Promise<void> =>
    underWay === 0 ? Promise.resolve() : new Promise(resolve => void waiting.push(resolve))

  return { nextMsgId, innerXml, deliver, checkUrl, idle }
}

export const field = (name: string, value: string): string => element(name, cdata(value))

function need(node: XmlNode, name: string): string {
  const value = textOf(node, name)
  if (value === undefined) throw new Error(`缺少 ${name}`)
  return value
}
