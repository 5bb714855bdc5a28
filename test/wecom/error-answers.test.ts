import nock from 'nock'
import { beforeEach, describe, expect, it } from 'vitest'
import { WecomError } from '../../src/errors.ts'
import { createWecomClient } from '../../src/wecom/client.ts'
import { createCourier } from '../../src/wecom/courier.ts'
import { nocked } from './nocked.ts'

/** What WeCom answers where something is wrong (WECOM.md 11), at its real address, and what becomes of the message. */
const HOST = 'https://qyapi.weixin.qq.com'
const part = { msgtype: 'text', text: { content: '你好' } }
let sleeps: number[]

function courier() {
  sleeps = []
  const client = createWecomClient({
    apiBase: HOST,
    corpId: 'ww1',
    agentId: 1000002,
    secret: 'secret',
    sleep: async ms => {
      sleeps.push(ms)
    },
  })
  return createCourier(client)
}

const token = (name: string) =>
  nock(HOST).get('/cgi-bin/gettoken').query(true).reply(200, { errcode: 0, access_token: name, expires_in: 7200 })
const send = (accessToken = 'T1') => nock(HOST).post('/cgi-bin/message/send').query({ access_token: accessToken })
const refused = (errcode: number) => ({ errcode, errmsg: `no, hint: [1], from ip: 203.0.113.9` })
const ok = { errcode: 0, errmsg: 'ok', msgid: 'M1' }

nocked()
beforeEach(() => {
  token('T1')
})

describe('an answer that refuses', () => {
  it.each([-1, 6000, 45033])('%i is asked again until it is well', async code => {
    send().times(2).reply(200, refused(code))
    send().reply(200, ok)
    expect(await courier().send(part, ['zhangsan'], true)).toEqual({ unreached: [], msgids: ['M1'] })
    expect(sleeps).toEqual([500, 1000])
    expect(nock.isDone()).toBe(true)
  })

  it.each([-1, 6000, 45033])('%i for good is a refusal after four more tries', async code => {
    send().times(5).reply(200, refused(code))
    await expect(courier().send(part, ['zhangsan'], true)).rejects.toMatchObject({ name: 'WecomError', code })
    expect(sleeps).toEqual([500, 1000, 2000, 4000])
  })

  it.each([40014, 42001, 41001])('%i renews the token once and nobody notices', async code => {
    send('T1').reply(200, refused(code))
    token('T2')
    send('T2').reply(200, ok)
    expect(await courier().send(part, ['zhangsan'], true)).toEqual({ unreached: [], msgids: ['M1'] })
    expect(nock.isDone()).toBe(true)
  })

  it('45009 pauses the API for a minute', async () => {
    send().reply(200, refused(45009))
    const sending = courier()
    const error = await sending.send(part, ['zhangsan'], true).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(WecomError)
    expect(error).toMatchObject({ code: 45009, retryAt: expect.any(Date) })
    await expect(sending.send(part, ['lisi'], true)).rejects.toMatchObject({ code: 45009 })
    expect(nock.isDone()).toBe(true)
  })

  it.each([40056, 40013, 48002, 50003, 60011, 60020, 301002, 82004])(
    '%i is not tried again, and says what to do',
    async code => {
      send().reply(200, refused(code))
      const error = await courier()
        .send(part, ['zhangsan'], true)
        .catch((caught: unknown) => caught)
      expect(error).toMatchObject({ name: 'WecomError', code, advice: expect.stringMatching(/\p{Script=Han}{4,}/u) })
      expect(sleeps).toEqual([])
    },
  )

  it.each([81013, 46004, 60111, 40003])('%i is about the person: he was not reached, and why', async code => {
    send().reply(200, refused(code))
    const [unreached] = (await courier().send(part, ['zhangsan'], true)).unreached
    expect(unreached).toMatchObject({ userId: 'zhangsan', code: String(code), advice: expect.any(String) })
  })
})
