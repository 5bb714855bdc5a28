import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { createCallbackCrypto } from '../../src/wecom/crypto.ts'
import { cdata, element, parseXml, textOf } from '../../src/wecom/xml.ts'
import { SECRETS } from './wire.ts'

/**
 * What every figure is measured against: a bare koa that verifies and decrypts a callback and answers with an encrypted
 * text. No roster, no rules, no store; the least that any bot of this platform does. Prints its port when it is ready.
 */
const crypto = createCallbackCrypto(SECRETS)
const TEXT = '签到成功，第 32 位。\n党员大会 · 第四季度支部党员大会'

const app = new Koa()
app.use(async ctx => {
  const envelope = parseXml((await bodyOf(ctx.req)).toString('utf8'))
  const cipher = textOf(envelope, 'Encrypt') ?? ''
  const { msg_signature: signature, timestamp, nonce } = ctx.query
  if (!crypto.verifies(String(signature), String(timestamp), String(nonce), cipher)) {
    ctx.status = 401
    return
  }
  const from = textOf(parseXml(crypto.decrypt(cipher)), 'FromUserName') ?? ''
  ctx.type = 'application/xml'
  ctx.body = reply(from, String(timestamp))
})

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function reply(to: string, timestamp: string): string {
  const names = element('ToUserName', cdata(to)) + element('FromUserName', cdata(SECRETS.corpId))
  const rest = element('CreateTime', timestamp) + element('MsgType', cdata('text')) + element('Content', cdata(TEXT))
  const cipher = crypto.encrypt(element('xml', names + rest))
  const nonce = String(Math.floor(Math.random() * 1e10))
  const signed = element('MsgSignature', cdata(crypto.sign(timestamp, nonce, cipher)))
  const stamped = element('TimeStamp', timestamp) + element('Nonce', cdata(nonce))
  return element('xml', element('Encrypt', cdata(cipher)) + signed + stamped)
}

const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
process.stdout.write(`${JSON.stringify({ event: 'ready', port: (server.address() as AddressInfo).port })}\n`)
process.on('SIGTERM', () => process.exit(0))
