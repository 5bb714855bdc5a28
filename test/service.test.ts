import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { moveClock } from '../src/clock.ts'
import { readConfig } from '../src/config.ts'
import { clockAtStart } from '../src/demonstration.ts'
import { setLogLevel } from '../src/log.ts'
import { createService, type Service } from '../src/service.ts'
import { branches, people } from '../src/store/collections.ts'
import { workbookOf } from './import/workbook.ts'

let folder: string
let service: Service
let port: number

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhibu-service-'))
  const clock = '2026-11-24T10:00:00+08:00'
  service = await createService(readConfig({ PORT: '0', STORE_URL: `file:${folder}`, CLOCK: clock }))
  port = await service.listen()
})

afterEach(async () => {
  await service.close()
  await rm(folder, { recursive: true })
})

const readyz = async () => {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`)
  return { status: response.status, ...((await response.json()) as object) }
}

describe('readiness', () => {
  it('asks WeCom for nothing, and tells what is known of the token', async () => {
    for (let n = 0; n < 3; n += 1) expect(await readyz()).toMatchObject({ status: 200, ready: true, token: null })
    expect(service.simulator?.calls).toEqual([])
    await service.simulator?.say('wangjianguo', '会议 新建 党课 后天19:00 村部 学习')
    await service.idle()
    expect(await readyz()).toMatchObject({ status: 200, token: true })
  })

  it('tells an operator how it stands: since when, when WeCom was heard last, what waits', async () => {
    expect(await readyz()).toMatchObject({ mode: 'simulator', secondsSinceCallback: null, outboxWaiting: 0 })
    await service.simulator?.say('wangjianguo', '会议')
    moveClock(new Date('2026-11-24T22:00:00+08:00'))
    // At night what an officer publishes waits for the morning.
    await service.say('wangjianguo', '通知 发 明天停水')
    await service.say('wangjianguo', '发布')
    const { outboxWaiting, secondsSinceCallback, upSeconds } = z
      .object({ outboxWaiting: z.number(), secondsSinceCallback: z.number(), upSeconds: z.number() })
      .parse(await readyz())
    expect(outboxWaiting).toBeGreaterThan(0)
    expect(secondsSinceCallback).toBeGreaterThanOrEqual(12 * 3600 - 5)
    expect(upSeconds).toBeGreaterThanOrEqual(0)
  })

  it('warns in December where nobody has said the holidays of the next year', async () => {
    moveClock(new Date('2026-11-30T10:00:00+08:00'))
    expect(await readyz()).toMatchObject({ status: 200, warnings: [] })
    moveClock(new Date('2097-12-01T10:00:00+08:00'))
    expect(await readyz()).toMatchObject({
      status: 200,
      ready: true,
      warnings: [expect.stringContaining('2097'), expect.stringContaining('2098')],
    })
  })

  it('starts on the built-in calendar where holidays.json has a slip, and says so', async () => {
    await service.close()
    await writeFile(join(folder, 'holidays.json'), '{"2027": {"holidays": ["2027-02-30"], "workdays": []}}')
    service = await createService(readConfig({ PORT: '0', STORE_URL: `file:${folder}` }))
    port = await service.listen()
    expect(await readyz()).toMatchObject({
      status: 200,
      warnings: ['holidays.json: 2027：2027-02-30 不是日期，要写成 2027-01-01 的样子'],
    })
    expect((await service.say('luohong', '待办')).reply).toContain('holidays.json 有地方写得不对')
  })

  it('ends with the store', async () => {
    await service.store.close()
    expect(await readyz()).toMatchObject({ status: 503, ready: false, store: false })
  })
})

it('proves its domain by the files in the folder verify, and nothing else of the data folder', async () => {
  await mkdir(join(folder, 'verify'))
  await writeFile(join(folder, 'verify', 'WW_verify_a1B2.txt'), 'a1B2')
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/${path}`)
    return response.ok ? response.text() : response.status
  }
  expect(await ask('WW_verify_a1B2.txt')).toBe('a1B2')
  expect(await ask('verify/WW_verify_a1B2.txt')).toBe(404)
  expect(await ask('control.json')).toBe(404)
  await service.close()
  service = await createService(readConfig({ PORT: '0', STORE_URL: `file:${folder}` }))
  port = await service.listen()
  expect(await ask('WW_verify_a1B2.txt'), 'the store opens beside it').toBe('a1B2')
})

describe('a peer that hangs up', () => {
  const broken = async (text: string) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(text)
    await delay(50)
    socket.destroy()
  }
  const post = (path: string, more = '') =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\n${more}Content-Length: 1000\r\n\r\n<xml>half`

  it('in the middle of a body is no incident, and nothing for the operator', async () => {
    setLogLevel('info')
    const written: string[] = []
    const spies = [process.stdout, process.stderr].map(stream =>
      vi.spyOn(stream, 'write').mockImplementation(text => written.push(String(text)) > 0),
    )
    const token = `Authorization: Bearer ${service.controlToken}\r\n`
    await broken(post('/wecom/app?msg_signature=0&timestamp=0&nonce=0'))
    await broken(post('/control/say', token))
    await broken(post('/control/roster', token))
    await broken(post('/simulator/api/say', 'Content-Type: application/json\r\n'))
    await broken('not http at all\r\n\r\n')
    await delay(100)
    for (const spy of spies) spy.mockRestore()
    expect(written).toEqual([])
    expect((await readyz()).status).toBe(200)
  })

  it('with nonsense is told so', async () => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text
    })
    socket.write('not http at all\r\n\r\n')
    await vi.waitFor(() => expect(answer).toMatch(/^HTTP\/1\.1 400 /))
  })
})

it('is idle only when forgotten meetings are closed', async () => {
  await service.say('wangjianguo', '会议 新建 党课 今天19:00 村部 学习')
  await service.say('wangjianguo', '发布')
  moveClock(new Date('2026-11-25T08:00:00+08:00'))
  await service.idle()
  expect(service.simulator?.inbox('wangjianguo').at(-1)?.text).toContain('自动结束')
})

it('lists what a line sent, and nothing that was sent before it', async () => {
  await service.say('wangjianguo', '会议 新建 党课 后天19:00 村部 学习')
  const published = await service.say('wangjianguo', '发布')
  expect(published.sent.length).toBeGreaterThan(0)
  expect((await service.say('wangjianguo', '会议')).sent).toEqual([])
})

describe('the clock of a demonstration', () => {
  const simulated = readConfig({})
  const startsAt = (at: string, config = simulated) => clockAtStart(config, new Date(`${at}+08:00`))

  it.each([
    ['2026-11-24T21:00:00', '2026-11-25T09:00:00'],
    ['2026-11-24T23:59:59', '2026-11-25T09:00:00'],
    ['2026-11-25T00:00:00', '2026-11-25T09:00:00'],
    ['2026-11-25T07:59:59', '2026-11-25T09:00:00'],
  ])('starts by day: at %s it is put to %s', (at, expected) => {
    expect(startsAt(at)).toEqual(new Date(`${expected}+08:00`))
  })

  it('is the host’s by day', () => {
    for (const at of ['08:00:00', '12:00:00', '20:59:59']) expect(startsAt(`2026-11-25T${at}`)).toBeNull()
  })

  it('is what CLOCK says, and the host’s with a real WeCom, at any hour', () => {
    const CLOCK = '2026-11-24T23:00:00+08:00'
    expect(startsAt('2026-11-25T03:00:00', readConfig({ CLOCK }))).toEqual(new Date(CLOCK))
    const wecom = { corpId: 'ww1', agentId: 1, secret: 's', token: 't', aesKey: 'k', apiBase: '' }
    expect(startsAt('2026-11-25T03:00:00', { ...simulated, wecom })).toBeNull()
  })
})

it('has the groups of the branches again after a restart of the simulated WeCom', async () => {
  const [first, second] = await service.store.read(tx => tx.all(branches))
  if (!first || !second) throw new Error('the sample township has three branches')
  await service.store.update('township', async tx => {
    await tx.put(branches, { ...first, chat: { kind: 'appchat', chatId: 'b1', members: ['wangjianguo', 'liuyang'] } })
    await tx.put(branches, { ...second, chat: { kind: 'webhook', key: 'robot' } })
  })
  await service.close()
  service = await createService(readConfig({ PORT: '0', STORE_URL: `file:${folder}` }))
  await service.listen()
  const groups = service.simulator?.groups ?? []
  expect(groups.map(({ id, kind, name }) => [id, kind, name])).toEqual([
    ['b1', 'appchat', first.name],
    ['robot', 'webhook', second.name],
  ])
  expect(groups[0]?.members).toEqual(['wangjianguo', 'liuyang'])
  expect(groups[1]?.members.length).toBeGreaterThan(1)
})

describe('the control routes of the roster', () => {
  const post = async (path: string, body: Uint8Array<ArrayBuffer> | string) => {
    const headers = { authorization: `Bearer ${service.controlToken}`, 'content-type': 'text/csv' }
    const response = await fetch(`http://127.0.0.1:${port}/control/${path}`, { method: 'POST', headers, body })
    return { status: response.status, ...((await response.json()) as { text?: string[]; counts?: object }) }
  }
  const newcomer = {
    ...{ userId: 'newone', name: '新来', identity: '', status: '在职', wechat: false, noPhone: false, admin: false },
    memberships: [{ branch: '水泉村党支部', group: null, posts: [] }],
  }

  it('take a workbook, whatever type it is said to have', async () => {
    const rows = [['名册'], ['账号', '姓名', '支部'], ['newone', '新来', '水泉村党支部']]
    const bytes = new Uint8Array(await workbookOf({ 名册: { rows } }))
    const dry = await post('roster?dryRun=1', bytes)
    expect(dry).toMatchObject({ status: 200, ok: true, dryRun: true, counts: { added: 1 } })
    expect(await post('roster', bytes)).toMatchObject({ status: 200, counts: { added: 1 } })
    expect(await post('roster', bytes.slice(0, 2000))).toMatchObject({
      status: 400,
      error: expect.stringContaining('损坏'),
    })
  })

  it('compare it with WeCom’s directory: a dry run first, then whom it shows', async () => {
    service.simulator?.addPerson(newcomer)
    const found = () => service.store.read(tx => tx.getBy(people, 'userId', 'newone'))
    const dry = await post('roster/sync?dryRun=1', '')
    expect(dry).toMatchObject({ status: 200, ok: true, dryRun: true, counts: { added: 1, missing: 0, unseen: 0 } })
    expect(dry.text?.[0]).toContain('试算完成，名册没有动')
    expect(await found()).toBeUndefined()
    expect(await post('roster/sync', '')).toMatchObject({
      status: 400,
      error: expect.stringContaining('写明他们是什么身份'),
    })
    expect(await found()).toBeUndefined()
    const as = `as=${encodeURIComponent('正式党员')}`
    expect((await post(`roster/sync?${as}`, '')).text?.[0]).toContain('已登记 1 人')
    expect(await found()).toMatchObject({ name: '新来', identity: 'full' })
    service.simulator?.faults.refused.set('agent/get', 60020)
    expect(await post(`roster/sync?${as}`, '')).toMatchObject({ status: 400, error: expect.stringContaining('可信IP') })
    expect(await post('roster/sync?dryRun=x', '')).toMatchObject({ status: 400 })
  })
})
