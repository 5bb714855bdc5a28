import { mkdtemp, rm } from 'node:fs/promises'
import { type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { createService, type Service } from '../../src/service.ts'

/** What a stranger may send to the service itself, also where no proxy stands in front. */
let folder: string
let service: Service
let port: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhibu-outside-'))
  service = await createService(
    readConfig({ PORT: '0', STORE_URL: `file:${folder}`, CLOCK: '2026-11-24T10:00:00+08:00' }),
  )
  port = await service.listen()
})

afterAll(async () => {
  await service.close()
  await rm(folder, { recursive: true })
})

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** The path goes out as it is written: `fetch` would tidy it. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, method, path, headers }, answer => {
      let text = ''
      answer.setEncoding('utf8').on('data', piece => {
        text += piece
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }))
    })
    asked.on('error', reject).end(body)
  })
}

const PATHS = [
  '/',
  '/healthz',
  '/readyz',
  '/simulator',
  '/simulator/assets/app.js',
  '/simulator/api/state',
  '/wecom/app',
  '/nothing',
]
const withToken = () => ({ authorization: `Bearer ${service.controlToken}` })

describe('a stranger', () => {
  it('is let in from no other page, and leaves no cookie', async () => {
    for (const path of PATHS) {
      const { headers } = await ask('GET', path, { origin: 'https://elsewhere.example' })
      expect(
        Object.keys(headers).filter(name => /^access-control-|^set-cookie$/.test(name)),
        path,
      ).toEqual([])
    }
  })

  it('is told the type and the charset of what he gets', async () => {
    for (const path of PATHS) {
      const { headers, body } = await ask('GET', path)
      if (body !== '') expect(headers['content-type'], path).toMatch(/; charset=utf-8$/)
    }
  })

  it('is led nowhere but to the chat page', async () => {
    const { status, headers } = await ask('GET', '/', { host: 'elsewhere.example' })
    expect([status, headers.location]).toEqual([302, '/simulator'])
  })

  it('gets nothing back of what he traces', async () => {
    for (const path of PATHS) {
      const { status, body } = await ask('TRACE', path, { cookie: 'mine=1' })
      expect(status, path).not.toBe(200)
      expect(body).not.toContain('mine=1')
    }
  })

  it('finds no file by a path of his own, and no listing', async () => {
    const escapes = ['../page.ts', '..%2fpage.ts', '%2e%2e/page.ts', '..%5cpage.ts', 'app.js%00.css', '', '.']
    for (const name of escapes) {
      const { status, body } = await ask('GET', `/simulator/assets/${name}`)
      expect(status, name).toBe(404)
      expect(body).toBe('Not Found')
    }
    for (const path of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/.env',
      '/data/db/people.json',
      '/simulator/api/file/..%2f..%2f.env',
    ])
      expect((await ask('GET', path)).status, path).toBe(404)
  })

  it('cannot have the members kept by a browser', async () => {
    const { headers } = await ask('GET', '/simulator/api/state')
    expect(headers['cache-control'] ?? 'no-store').toMatch(/no-(store|cache)/)
  })
})

describe('a control route', () => {
  it('changes nothing by a GET, nor without the token, whatever a page could send', async () => {
    for (const path of ['/control/say', '/control/menu', '/control/clock']) {
      expect((await ask('GET', path, withToken())).status).toBeGreaterThanOrEqual(404)
      const simple = await ask('POST', path, { 'content-type': 'text/plain' }, '{"userId":"wangjianguo","line":"会议"}')
      expect(simple.status, path).toBe(401)
    }
  })

  it('takes no prototype, no field it does not know, and no field twice', async () => {
    const body =
      '{"userId":"wangjianguo","line":"会议","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"admin":true}'
    expect((await ask('POST', '/control/say', withToken(), body)).status).toBe(200)
    expect({}).not.toHaveProperty('polluted')
    expect((await ask('POST', '/control/bank?name=a&name=b&dryRun=1', withToken(), 'x')).status).toBe(400)
    expect((await ask('POST', '/control/roster?dryRun=1&dryRun=0', withToken(), 'x')).status).toBe(400)
  })

  it('takes a line of 20,000 characters and not one more', async () => {
    const say = (length: number) =>
      ask('POST', '/control/say', withToken(), JSON.stringify({ userId: 'wangjianguo', line: 'x'.repeat(length) }))
    expect((await say(20_000)).status).toBe(200)
    expect((await say(20_001)).status).toBe(400)
  })
})
