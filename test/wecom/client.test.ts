import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { moveClock, nowMs, resetClock } from '../../src/clock.ts'
import { WecomError, WecomUnreachableError } from '../../src/errors.ts'
import { setLogLevel } from '../../src/log.ts'
import { createWecomClient, type WecomClient } from '../../src/wecom/client.ts'
import { PayloadLimitError } from '../../src/wecom/limits.ts'

interface Call {
  api: string
  method: string
  query: Record<string, string>
  body: unknown
}
type Answer = object | ((response: ServerResponse, request: IncomingMessage) => void)

const OK = { errcode: 0, errmsg: 'ok' }
const text = { touser: 'zhangsan', msgtype: 'text', agentid: 1, text: { content: '你好' } }

let server: ReturnType<typeof createServer>
let client: WecomClient
let calls: Call[]
let sleeps: number[]
/** What each API answers, in order; the last one stays. */
let answers: Record<string, Answer[]>
let tokens: number

async function readAll(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '', 'http://wecom')
  const api = url.pathname.replace('/cgi-bin/', '')
  const body = await readAll(request)
  const json: unknown = body === '' ? undefined : JSON.parse(body)
  calls.push({ api, method: request.method ?? '', query: Object.fromEntries(url.searchParams), body: json })
  const queue = answers[api] ?? []
  const answer = queue.length > 1 ? queue.shift() : queue[0]
  if (typeof answer === 'function') return answer(response, request)
  tokens += api === 'gettoken' ? 1 : 0
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify(answer ?? { ...OK, access_token: `T${tokens}`, expires_in: 7200 }))
}

const newClient = (more: object = {}) =>
  createWecomClient({
    apiBase: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    corpId: 'ww1',
    agentId: 1,
    secret: 's&=1',
    sleep: async ms => {
      sleeps.push(ms)
    },
    ...more,
  })

const callsOf = (api: string) => calls.filter(call => call.api === api)
const caught = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    error => error,
  )

beforeEach(async () => {
  calls = []
  sleeps = []
  answers = { 'message/send': [OK] }
  tokens = 0
  server = createServer((request, response) => void serve(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  client = newClient()
})

afterEach(() => {
  client.close()
  server.closeAllConnections()
  server.close()
  resetClock()
})

describe('the access token', () => {
  it('is asked for once by twenty calls at once, and put into the query only', async () => {
    await Promise.all(Array.from({ length: 20 }, () => client.sendMessage(text)))
    expect(callsOf('gettoken')).toEqual([
      { api: 'gettoken', method: 'GET', query: { corpid: 'ww1', corpsecret: 's&=1' }, body: undefined },
    ])
    expect(callsOf('message/send')).toHaveLength(20)
    expect(callsOf('message/send')[0]).toMatchObject({ method: 'POST', query: { access_token: 'T1' }, body: text })
  })

  it('is renewed five minutes before it expires', async () => {
    await client.token()
    moveClock(new Date(nowMs() + 6_890_000))
    expect(await client.token()).toBe('T1')
    moveClock(new Date(nowMs() + 20_000))
    expect(await client.token()).toBe('T2')
  })

  it('is asked for again when the clock went back', async () => {
    await client.token()
    moveClock(new Date(nowMs() - 86_400_000))
    expect(await client.token()).toBe('T2')
  })

  it.each([40014, 42001, 41001])('is renewed once, unseen, after %i, by all calls together', async code => {
    await client.token()
    answers['message/send'] = [
      (response, request) => response.end(JSON.stringify(request.url?.includes('=T1') ? { errcode: code } : OK)),
    ]
    await Promise.all(Array.from({ length: 20 }, () => client.sendMessage(text)))
    expect(callsOf('gettoken')).toHaveLength(2)
    const used = callsOf('message/send').map(call => call.query.access_token)
    expect(used.filter(token => token === 'T2')).toHaveLength(20)
    expect(used).toHaveLength(40)
  })

  it('is not renewed twice for one call', async () => {
    answers['message/send'] = [{ errcode: 42001, errmsg: '' }]
    await expect(client.sendMessage(text)).rejects.toMatchObject({ name: 'WecomError', code: 42001 })
    expect(callsOf('message/send')).toHaveLength(2)
  })

  it('a wrong secret is not tried again for ten seconds, so that WeCom does not block the address', async () => {
    answers.gettoken = [{ errcode: 40001, errmsg: 'invalid credential' }]
    for (let n = 0; n < 5; n += 1) await expect(client.sendMessage(text)).rejects.toMatchObject({ code: 40001 })
    expect(callsOf('gettoken')).toHaveLength(1)
    answers.gettoken = []
    moveClock(new Date(nowMs() + 11_000))
    await client.sendMessage(text)
  })

  it('is told without a call: none yet, one that holds, none since the last try failed', async () => {
    expect(client.tokenState()).toBeNull()
    await client.token()
    expect(client.tokenState()).toBe(true)
    answers.gettoken = [{ errcode: 40001, errmsg: '' }]
    moveClock(new Date(nowMs() + 7_200_000))
    expect(client.tokenState()).toBeNull()
    await expect(client.token()).rejects.toMatchObject({ code: 40001 })
    expect(client.tokenState()).toBe(false)
    expect(calls).toHaveLength(2)
  })

  it('that could not be got leaves the call unsent for certain', async () => {
    answers.gettoken = [response => response.writeHead(502).end()]
    await expect(client.sendMessage(text)).rejects.toMatchObject({ api: 'gettoken', ambiguous: false })
  })
})

describe('retries', () => {
  it.each([-1, 6000, 45033])('%i is tried again after 0.5, 1, 2 and 4 s, then given up', async code => {
    answers['message/send'] = [{ errcode: code, errmsg: '' }]
    await expect(client.sendMessage(text)).rejects.toMatchObject({ name: 'WecomError', api: 'message/send', code })
    expect(sleeps).toEqual([500, 1000, 2000, 4000])
    expect(callsOf('message/send')).toHaveLength(5)
  })

  it('end with the first success', async () => {
    answers['message/send'] = [{ errcode: -1 }, { errcode: 45033 }, OK]
    await client.sendMessage(text)
    expect(sleeps).toEqual([500, 1000])
  })

  it('other codes are not tried again, and say what to do', async () => {
    answers['message/send'] = [{ errcode: 60011, errmsg: '' }]
    const error = await caught(client.sendMessage(text))
    expect(error).toBeInstanceOf(WecomError)
    expect(error).toMatchObject({ code: 60011, advice: expect.stringContaining('可见范围') })
    expect(callsOf('message/send')).toHaveLength(1)
  })

  it('a refused IP is named, so that it can be allowed', async () => {
    answers['message/send'] = [
      { errcode: 60020, errmsg: 'not allow to access from your ip, hint: [1], from ip: 203.0.113.9, more' },
    ]
    await expect(client.sendMessage(text)).rejects.toMatchObject({
      advice: expect.stringContaining('203.0.113.9'),
      seenIp: '203.0.113.9',
    })
  })
})

it('what WeCom answered is counted by API and code', async () => {
  answers['message/send'] = [{ errcode: -1 }, OK, response => response.writeHead(502).end()]
  await client.sendMessage(text)
  await caught(client.sendMessage(text))
  expect(client.counts()).toEqual([
    { api: 'gettoken', code: 0, count: 1 },
    { api: 'message/send', code: -1, count: 1 },
    { api: 'message/send', code: 0, count: 1 },
    { api: 'message/send', code: 'unreachable', count: 1 },
  ])
})

describe('the frequency limit', () => {
  it('pauses that API for a minute, and no other', async () => {
    answers['message/send'] = [{ errcode: 45009, errmsg: '' }, OK]
    const start = nowMs()
    const first = await caught(client.sendMessage(text))
    expect(await caught(client.sendMessage(text))).toBe(first)
    expect(callsOf('message/send')).toHaveLength(1)
    const retryAt = first instanceof WecomError ? first.retryAt : undefined
    expect(retryAt && retryAt.getTime() - start).toBeGreaterThanOrEqual(60_000)
    expect(await client.call('menu/get', z.object({ errcode: z.literal(0) }), undefined, { agentid: 1 })).toEqual({
      errcode: 0,
    })

    moveClock(new Date(nowMs() + 61_000))
    await client.sendMessage(text)
  })

  it('is forgotten when the clock is moved back', async () => {
    answers['message/send'] = [{ errcode: 45009, errmsg: '' }, OK]
    await caught(client.sendMessage(text))
    moveClock(new Date(nowMs() - 86_400_000))
    await client.sendMessage(text)
  })
})

describe('no answer', () => {
  it('a refused connection: nothing was sent', async () => {
    const unused = newClient()
    await new Promise(resolve => server.close(resolve))
    const error = await caught(unused.token())
    expect(error).toBeInstanceOf(WecomUnreachableError)
    expect(error).toMatchObject({ ambiguous: false, cause: 'ECONNREFUSED' })
  })

  it.each<[string, Answer]>([
    ['a reset', response => response.socket?.resetAndDestroy()],
    ['HTTP 502', response => response.writeHead(502).end('<html>')],
    ['HTML', response => response.end('<html>')],
    ['JSON of another shape', response => response.end('[]')],
    ['JSON without an errcode', response => response.end('{}')],
    ['a redirect', response => response.writeHead(302, { Location: '/' }).end()],
  ])('%s: it may have been carried out', async (_, answer) => {
    await client.token()
    answers['message/send'] = [answer]
    await expect(client.sendMessage(text)).rejects.toMatchObject({ name: 'WecomUnreachableError', ambiguous: true })
    expect(callsOf('message/send')).toHaveLength(1)
  })

  it('a refusal by something in between: it was not', async () => {
    await client.token()
    answers['message/send'] = [response => response.writeHead(403).end('<html>')]
    await expect(client.sendMessage(text)).rejects.toMatchObject({ name: 'WecomUnreachableError', ambiguous: false })
  })

  it('a time-out: it may have been carried out', async () => {
    client.close()
    client = newClient({ timeoutMs: 100 })
    await client.token()
    answers['message/send'] = [() => undefined]
    await expect(client.sendMessage(text)).rejects.toMatchObject({ ambiguous: true, cause: 'ERR_CANCELED' })
  })

  it('tells nobody the token, the secret or the words', async () => {
    setLogLevel('debug')
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    await client.token()
    answers['message/send'] = [response => response.socket?.resetAndDestroy()]
    const error = await caught(client.sendMessage(text))
    answers['message/send'] = [{ errcode: 40003, errmsg: 'zhangsan T1 你好' }]
    const refused = await caught(client.sendMessage(text))
    const logged = written.mock.calls.flat().join('')
    written.mockRestore()
    expect(logged).toContain('40003')
    // The token of these tests is T1, as is an hour after ten.
    const told = `${logged.replace(/"at":"[^"]*"/g, '')}${JSON.stringify([error, refused])}${String(error)}${String(refused)}`
    for (const secret of ['T1', 's&=1', '你好', 'zhangsan']) expect(told).not.toContain(secret)
  })
})

describe('answers', () => {
  it('the lists of people not reached may be missing, empty or joined by |', async () => {
    answers['message/send'] = [OK, { ...OK, invaliduser: '', unlicenseduser: 'a|b', msgid: 'm', more: 1 }]
    expect(await client.sendMessage(text)).toMatchObject({ invaliduser: [], unlicenseduser: [] })
    expect(await client.sendMessage(text)).toMatchObject({ invaliduser: [], unlicenseduser: ['a', 'b'], msgid: 'm' })
  })

  it('a card is greyed for one person by its response code', async () => {
    answers['message/update_template_card'] = [OK]
    await client.updateCard({ userId: 'wangshuji', responseCode: 'RC', replaceName: '已发布 m-17' })
    expect(callsOf('message/update_template_card')[0]?.body).toEqual({
      userids: ['wangshuji'],
      agentid: 1,
      response_code: 'RC',
      button: { replace_name: '已发布 m-17' },
    })
  })

  it('the difference of the clocks is read from the Date header', async () => {
    expect(client.clockDifferenceMs()).toBeUndefined()
    moveClock(new Date(nowMs() - 120_000))
    await client.token()
    expect(client.clockDifferenceMs()).toBeGreaterThan(117_000)
    expect(client.clockDifferenceMs()).toBeLessThan(122_000)
  })
})

it('the address may be known later than the client', async () => {
  client.close()
  const { port } = server.address() as AddressInfo
  let apiBase = ''
  client = newClient({ apiBase: () => apiBase })
  apiBase = `http://127.0.0.1:${port}/`
  expect(await client.token()).toBe('T1')
})

it('a payload that breaks a limit is not sent', async () => {
  const long = { ...text, text: { content: 'x'.repeat(2049) } }
  await expect(client.sendMessage(long)).rejects.toThrow(PayloadLimitError)
  expect(calls).toEqual([])
})

it('what beforeCall throws ends the call, before anything is sent', async () => {
  client.close()
  client = newClient({
    beforeCall: () => {
      throw new Error('inside an update')
    },
  })
  await expect(client.sendMessage(text)).rejects.toThrow('inside an update')
  expect(calls).toEqual([])
})

it('a proxy is used where one is set', async () => {
  client.close()
  const { port } = server.address() as AddressInfo
  const proxied: string[] = []
  server.prependListener('request', request => {
    proxied.push(`${request.url} ${request.headers['proxy-authorization']}`)
    request.url = String(request.url).replace('http://wecom.invalid', '')
  })
  client = newClient({ apiBase: 'http://wecom.invalid', proxy: `http://me:p%40ss@127.0.0.1:${port}` })
  expect(await client.token()).toBe('T1')
  expect(proxied[0]).toMatch(/^http:\/\/wecom\.invalid\/cgi-bin\/gettoken\?.* Basic /)
})
