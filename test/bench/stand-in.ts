import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** WeCom's API as far as the bot needs it here: a token, and a yes to every message. */
export async function startWecom(): Promise<{ port: number }> {
  let sent = 0
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      sent += 1
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(request.url?.startsWith('/cgi-bin/gettoken') ? TOKEN : { ...SENT, msgid: `${sent}` }))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  return { port: (server.address() as AddressInfo).port }
}

const TOKEN = { errcode: 0, errmsg: 'ok', access_token: 'token', expires_in: 7200 }
const SENT = { errcode: 0, errmsg: 'ok', invaliduser: '', unlicenseduser: '', response_code: 'code' }
