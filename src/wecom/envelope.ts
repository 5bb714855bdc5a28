import { nowMs } from '../clock.ts'
import { type CallbackCrypto, CallbackCryptoError } from './crypto.ts'
import { type Delivery, readDelivery } from './inbound.ts'
import { cdata, parseXml, textOf, XmlError } from './xml.ts'

/** The query of a callback as koa reads it: a field that stands there twice is an array. */
export type CallbackQuery = Readonly<Record<string, string | string[] | undefined>>

/** Why a callback was turned away. */
export type Refusal = 'query' | 'xml' | 'signature' | 'stale' | 'cipher' | 'corp'

export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  constructor(readonly refusal: Refusal) {
    super(`callback refused: ${refusal}`)
  }
}

export interface Gate {
  /** The decrypted echostr. Throws RefusedError. */
  echo(query: CallbackQuery): string
  /** The delivery in a POST's body. Throws RefusedError. */
  open(query: CallbackQuery, rawBody: string): Delivery
  /** An encrypted passive text reply: the response body. */
  seal(to: string, text: string): string
}

const FRESH_MS = 300_000

/**
 * Everything that is checked before a callback is believed, and the envelope of the answer (WECOM.md 1.2 to 1.6).
 * `onTimestamp` is told what WeCom's clock is ahead of ours, of signed callbacks only.
 */
export function createGate(crypto: CallbackCrypto, corpId: string, onTimestamp: (differenceMs: number) => void): Gate {
  /** Signature first: an unsigned timestamp says nothing. */
  function unseal(query: CallbackQuery, cipher: string): string {
    const timestamp = only(query, 'timestamp')
    const signed = crypto.verifies(only(query, 'msg_signature'), timestamp, only(query, 'nonce'), cipher)
    if (!signed) throw new RefusedError('signature')
    checkFresh(timestamp)
    try {
      return crypto.decrypt(cipher)
    } catch (error) {
      if (!(error instanceof CallbackCryptoError)) throw error
      throw new RefusedError(error.reason === 'corp' ? 'corp' : 'cipher')
    }
  }

  function checkFresh(timestamp: string): void {
    if (!/^\d{1,12}$/.test(timestamp)) throw new RefusedError('query')
    const differenceMs = Number(timestamp) * 1000 - nowMs()
    onTimestamp(differenceMs)
    if (Math.abs(differenceMs) > FRESH_MS) throw new RefusedError('stale')
  }

  function checkCorp(named: string | undefined): void {
    if (named !== undefined && named !== '' && named !== corpId) throw new RefusedError('corp')
  }

  return {
    // A form-style decoder before us may have made spaces of the plus signs (WECOM.md 1.2).
    echo: query => unseal(query, only(query, 'echostr').replaceAll(' ', '+')),
    open: (query, rawBody) =>
      refusingXml(() => {
        for (const field of FIELDS) only(query, field)
        const envelope = parseXml(rawBody)
        const cipher = textOf(envelope, 'Encrypt')?.trim()
        if (!cipher) throw new RefusedError('xml')
        const delivery = readDelivery(unseal(query, cipher))
        checkCorp(textOf(envelope, 'ToUserName')?.trim())
        checkCorp(delivery.corpId)
        return delivery
      }),
    seal(to, text) {
      const timestamp = String(Math.floor(nowMs() / 1000))
      const cipher = crypto.encrypt(textReply(to, corpId, timestamp, text))
      const nonce = String(Math.floor(Math.random() * 1e10))
      const signature = crypto.sign(timestamp, nonce, cipher)
      return `<xml><Encrypt><![CDATA[${cipher}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature><TimeStamp>${timestamp}</TimeStamp><Nonce><![CDATA[${nonce}]]></Nonce></xml>`
    },
  }
}

const FIELDS = ['msg_signature', 'timestamp', 'nonce'] as const

/** A field that stands in the query once and is not empty. */
function only(query: CallbackQuery, field: string): string {
  const value = query[field]
  if (typeof value !== 'string' || value === '') throw new RefusedError('query')
  return value
}

function refusingXml<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof XmlError ? new RefusedError('xml') : error
  }
}

/** The direction is swapped: from the corp, to the member as WeCom spelled him. */
function textReply(to: string, from: string, timestamp: string, text: string): string {
  return `<xml><ToUserName>${cdata(to)}</ToUserName><FromUserName>${cdata(from)}</FromUserName><CreateTime>${timestamp}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content>${cdata(text)}</Content></xml>`
}
