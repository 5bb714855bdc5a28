import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { environment } from '../smoke/process.ts'
import { CERTIFICATE, KEY } from './certificate.ts'

/**
 * HTTPS_PROXY as an operator meets it: the doctor as a process, WeCom behind TLS under a name that only the proxy knows, and a
 * proxy that tunnels (CONNECT) for whoever shows the password.
 */
const TENANT = {
  WECOM_CORP_ID: 'ww1234567890abcdef',
  WECOM_AGENT_ID: '1000002',
  WECOM_SECRET: 'a-secret',
  WECOM_TOKEN: 'callbackToken',
  WECOM_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}
const PASSWORD = `Basic ${Buffer.from('me:p@ss').toString('base64')}`
const WITHIN_MS = 60_000

let folder: string
let wecom: Server
let proxy: Server
/** What the proxy was asked for, and what went through it to WeCom. */
let tunnels: string[]
let seen: string[]
const portOf = (server: Server) => (server.address() as AddressInfo).port

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhibu-proxy-'))
  await writeFile(join(folder, 'ca.pem'), CERTIFICATE)
  wecom = createTlsServer({ key: KEY, cert: CERTIFICATE }, (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'https://wecom.test')
    seen.push(`${pathname} ${request.headers['proxy-authorization'] ?? ''}`.trim())
    const agent = { name: '支部', close: 0, allow_userinfos: { user: [{ userid: 'a' }] } }
    response.end(JSON.stringify({ errcode: 0, errmsg: 'ok', access_token: 'T1', expires_in: 7200, ...agent }))
  })
  proxy = createServer((_, response) => response.writeHead(400).end()).on('connect', (request, socket, head) => {
    tunnels.push(request.url ?? '')
    socket.on('error', () => undefined)
    if (request.headers['proxy-authorization'] !== PASSWORD)
      return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n')
    const target = connect(portOf(wecom), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      target.write(head)
      target.pipe(socket).pipe(target)
    })
    target.on('error', () => socket.destroy())
  })
  for (const server of [wecom, proxy]) await once(server.listen(0, '127.0.0.1'), 'listening')
})
beforeEach(() => {
  tunnels = []
  seen = []
})
afterAll(async () => {
  for (const server of [wecom, proxy]) server.close()
  await rm(folder, { recursive: true })
})

async function doctor(more: Record<string, string>): Promise<string> {
  const settings = {
    ...TENANT,
    PORT: '1',
    STORE_URL: `file:${folder}/db`,
    WECOM_API_BASE: 'https://wecom.test',
    NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
    ...more,
  }
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', 'doctor'], { env: environment(settings) })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  await once(child, 'close')
  expect(output).not.toMatch(/^\s+at /m)
  return output
}

describe('HTTPS_PROXY', { timeout: WITHIN_MS }, () => {
  it('is where every call goes, by a tunnel that keeps the secret from the proxy', async () => {
    const text = await doctor({ HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${portOf(proxy)}` })
    expect(text).toContain('✓ 连得上企业微信，企业ID 和 Secret 是对的，经 HTTPS_PROXY')
    expect(new Set(tunnels)).toEqual(new Set(['wecom.test:443']))
    expect(seen).toEqual(['/cgi-bin/gettoken', '/cgi-bin/agent/get'])
    expect(text).not.toContain('p%40ss')
    expect(text).not.toContain('p@ss')
  })

  it('that wants another password is told as that', async () => {
    const text = await doctor({ HTTPS_PROXY: `http://me:wrong@127.0.0.1:${portOf(proxy)}` })
    expect(text).toContain('代理要用户名和密码（HTTP 407）')
    expect(text).toContain('→ 正在用 HTTPS_PROXY')
    expect(seen).toEqual([])
  })

  it('with a certificate that nobody vouches for is told as that', async () => {
    const text = await doctor({
      HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${portOf(proxy)}`,
      NODE_EXTRA_CA_CERTS: '',
    })
    expect(text).toContain('证书不被信任')
    expect(seen).toEqual([])
  })

  it('is not gone round: NO_PROXY is not read', async () => {
    await doctor({ HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${portOf(proxy)}`, NO_PROXY: 'wecom.test' })
    expect(tunnels.length).toBeGreaterThan(0)
  })
})
