import { createCallbackCrypto } from '../../src/wecom/crypto.ts'
import { cdata, element, parseXml, textOf } from '../../src/wecom/xml.ts'

/** WeCom's side of a callback: requests ready to be sent before the time is taken, and answers read after it. */
export const SECRETS = {
  corpId: 'ww1234567890abcdef',
  agentId: 1000002,
  secret: 'a-secret-of-forty-three-characters-or-less',
  token: 'callbackToken',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}

const crypto = createCallbackCrypto(SECRETS)
let sent = 0

/** A line of one person as a whole HTTP request, with a MsgId that was never used. */
export function request(userId: string, line: string, at: Date): Buffer {
  sent += 1
  const seconds = String(Math.floor(at.getTime() / 1000))
  const nonce = String(1_000_000_000 + sent)
  const inner = [
    element('ToUserName', cdata(SECRETS.corpId)),
    element('FromUserName', cdata(userId)),
    element('CreateTime', seconds),
    element('MsgType', cdata('text')),
    element('Content', cdata(line)),
    element('MsgId', `45612553542${String(sent).padStart(8, '0')}`),
    element('AgentID', SECRETS.agentId),
  ].join('')
  const cipher = crypto.encrypt(element('xml', inner))
  const envelope = [
    element('ToUserName', cdata(SECRETS.corpId)),
    element('AgentID', cdata(String(SECRETS.agentId))),
    element('Encrypt', cdata(cipher)),
  ].join('')
  const body = element('xml', envelope)
  const query = `msg_signature=${crypto.sign(seconds, nonce, cipher)}&timestamp=${seconds}&nonce=${nonce}`
  const head = [
    `POST /wecom/app?${query} HTTP/1.1`,
    'Host: 127.0.0.1',
    'User-Agent: Mozilla/4.0',
    'Accept: */*',
    'Content-Type: text/xml',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ].join('\r\n')
  return Buffer.from(`${head}\r\n\r\n${body}`)
}

/** What a passive reply says; throws where its signature is wrong or it cannot be decrypted. */
export function readReply(body: string): string {
  const envelope = parseXml(body)
  const field = (name: string) => textOf(envelope, name) ?? ''
  const cipher = field('Encrypt')
  if (!crypto.verifies(field('MsgSignature'), field('TimeStamp'), field('Nonce'), cipher))
    throw new Error('a reply has a wrong signature')
  return textOf(parseXml(crypto.decrypt(cipher)), 'Content') ?? ''
}
