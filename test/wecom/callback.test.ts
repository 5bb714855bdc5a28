import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Courier, Inbound, Outcome, Part } from '../../src/bot/message.ts'
import { moveClock, nowMs } from '../../src/clock.ts'
import { WecomError, WecomUnreachableError } from '../../src/errors.ts'
import { setLogLevel } from '../../src/log.ts'
import { type CallbackOptions, createCallback } from '../../src/wecom/callback.ts'
import { createCallbackCrypto } from '../../src/wecom/crypto.ts'
import { checkMessage } from '../../src/wecom/limits.ts'
import { render } from '../../src/wecom/render.ts'
import { parseXml, textOf } from '../../src/wecom/xml.ts'
import { vectors } from './vectors.ts'

const [, , settings] = vectors
const { corpId } = settings
const crypto = createCallbackCrypto(settings)

const seconds = (offset = 0) => String(Math.floor(nowMs() / 1000) + offset)

/** What WeCom would send: query and body around an inner XML. */
function deliver(inner: string, { timestamp = seconds(), by = crypto, to = corpId } = {}) {
  const cipher = by.encrypt(inner)
  const nonce = String(Math.random())
  const query = { msg_signature: by.sign(timestamp, nonce, cipher), timestamp, nonce }
  const body = `<xml><ToUserName><![CDATA[${to}]]></ToUserName><AgentID><![CDATA[1]]></AgentID><Encrypt><![CDATA[${cipher}]]></Encrypt></xml>`
  return { query, body }
}

const head = (from: string) =>
  `<ToUserName><![CDATA[${corpId}]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName><CreateTime>1</CreateTime>`
const said = (line: string, msgId = '1', from = 'ZhangSan') =>
  `<xml>${head(from)}<MsgType>text</MsgType><Content><![CDATA[${line}]]></Content><MsgId>${msgId}</MsgId><AgentID>1</AgentID></xml>`
const event = (name: string, key: string) =>
  `<xml>${head('ZhangSan')}<MsgType>event</MsgType><Event>${name}</Event><EventKey>${key}</EventKey></xml>`
const pressed = (key: string) =>
  `<xml>${head('WangShuji')}<MsgType>event</MsgType><Event>template_card_event</Event><EventKey>${key}</EventKey><TaskId>t</TaskId><ResponseCode>RC</ResponseCode></xml>`

const question: Outcome = {
  reply: {
    text: '党课\n发给 38 人',
    choices: [
      { label: '发布', line: '/发布 d-12' },
      { label: '作罢', line: '/作罢 d-12' },
    ],
  },
  client: 'cards',
}
const words = (text: string): Outcome => ({ reply: { text }, client: 'text' })

/** What went out, in order: 'text to zhangsan: …', 'card to zhangsan', 'grey RC: …'. */
let sent: string[]
let parts: Part[]
let refuse: (part: Part) => void

/** Who is at WeCom's limit of thirty a minute. */
let atLimit: boolean
const pace = { hasRoom: async () => !atLimit, note: async () => undefined }

const courier: Courier = {
  parts: render,
  async send(part, userIds, checkDuplicates) {
    expect(checkDuplicates).toBe(part.msgtype === 'template_card')
    checkMessage({ touser: userIds.join('|'), agentid: 1, ...part })
    parts.push(part)
    refuse(part)
    const content = part.msgtype === 'text' ? `: ${(part.text as { content: string }).content}` : ''
    sent.push(`${part.msgtype === 'text' ? 'text' : 'card'} to ${userIds.join('|')}${content}`)
    return { unreached: [], msgids: [] }
  },
}

function callbackThat(receive: (inbound: Inbound) => Promise<Outcome>, more: Partial<CallbackOptions> = {}) {
  const received: Inbound[] = []
  const callback = createCallback({
    crypto,
    corpId,
    courier,
    updateCard: async ({ userId, responseCode, replaceName }) => {
      sent.push(`grey ${responseCode} of ${userId}: ${replaceName}`)
    },
    receive: inbound => {
      received.push(inbound)
      return receive(inbound)
    },
    later: async (userId, { text }) => {
      sent.push(`later to ${userId}: ${text}`)
    },
    pace,
    secondPartMs: 0,
    ...more,
  })
  const post = (inner: string, how = {}) => {
    const { query, body } = deliver(inner, how)
    return callback.post(query, body)
  }
  return { callback, received, post }
}

/** The words of a passive reply, after the checks WeCom makes; '' for an empty body. */
function heard({ status, body }: { status: number; body: string }): string {
  expect(status).toBe(200)
  if (body === '') return ''
  const envelope = parseXml(body)
  const field = (name: string) => textOf(envelope, name) ?? ''
  const cipher = field('Encrypt')
  expect(crypto.verifies(field('MsgSignature'), field('TimeStamp'), field('Nonce'), cipher)).toBe(true)
  const reply = parseXml(crypto.decrypt(cipher))
  expect(textOf(reply, 'FromUserName')).toBe(corpId)
  expect(textOf(reply, 'MsgType')).toBe('text')
  expect(textOf(reply, 'ToUserName')).toBe('ZhangSan')
  return textOf(reply, 'Content') ?? ''
}

/** A promise and what ends it. */
function held<T>() {
  let release: (value: T) => void = () => undefined
  const promise = new Promise<T>(resolve => {
    release = resolve
  })
  return { promise, release }
}

beforeEach(() => {
  sent = []
  parts = []
  refuse = () => undefined
  atLimit = false
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the URL check', () => {
  const { callback } = callbackThat(async () => words('ok'))
  const check = (text: string, timestamp = seconds()) => {
    const echostr = crypto.encrypt(text)
    return { msg_signature: crypto.sign(timestamp, 'n', echostr), timestamp, nonce: 'n', echostr }
  }

  it('is answered with exactly the decrypted text', () => {
    expect(callback.verifyUrl(check('1616140317555161061'))).toEqual({
      status: 200,
      body: '1616140317555161061',
      type: 'text/plain',
    })
  })

  it('passes with plus signs that a decoder made spaces of', () => {
    let query = check('x')
    while (!query.echostr.includes('+')) query = check('x')
    expect(callback.verifyUrl({ ...query, echostr: query.echostr.replaceAll('+', ' ') }).body).toBe('x')
  })

  it('fails for a bad signature, an old or future timestamp, and missing or doubled fields', () => {
    const query = check('x')
    expect(callback.verifyUrl({ ...query, nonce: 'm' })).toMatchObject({ status: 401, body: '' })
    expect(callback.verifyUrl(check('x', seconds(-302))).status).toBe(403)
    expect(callback.verifyUrl(check('x', seconds(302))).status).toBe(403)
    for (const field of Object.keys(query)) {
      expect(callback.verifyUrl({ ...query, [field]: undefined })).toMatchObject({ status: 400, body: '' })
      expect(callback.verifyUrl({ ...query, [field]: ['a', 'b'] })).toMatchObject({ status: 400, body: '' })
    }
  })

  it('passes with the official vector, at its time', () => {
    const [a] = vectors
    moveClock(new Date(Number(a.timestamp) * 1000))
    const official = createCallback({ ...optionsOf(), crypto: createCallbackCrypto(a), corpId: a.corpId })
    const { signature, timestamp, nonce, cipher, msg } = a
    expect(official.verifyUrl({ msg_signature: signature, timestamp, nonce, echostr: cipher }).body).toBe(msg)
  })
})

const optionsOf = (): CallbackOptions => ({
  crypto,
  corpId,
  courier,
  receive: async () => words('ok'),
  updateCard: async () => undefined,
  later: async () => undefined,
  pace,
})

describe('what is not believed', () => {
  const bad = callbackThat(async () => words('ok'))
  const good = () => deliver(said('签到'))

  it.each(['msg_signature', 'timestamp', 'nonce'])('a missing, empty or doubled %s', async field => {
    const { query, body } = good()
    for (const value of [undefined, '', ['1', '2']]) {
      expect(await bad.callback.post({ ...query, [field]: value }, body)).toMatchObject({ status: 400, body: '' })
    }
  })

  it('a tampered cipher, signature, nonce or timestamp', async () => {
    const { query, body } = good()
    const other = deliver(said('别的')).body
    expect((await bad.callback.post(query, other)).status).toBe(401)
    expect((await bad.callback.post({ ...query, nonce: 'x' }, body)).status).toBe(401)
    expect((await bad.callback.post({ ...query, timestamp: seconds(1) }, body)).status).toBe(401)
    expect((await bad.callback.post({ ...query, msg_signature: '0'.repeat(40) }, body)).status).toBe(401)
  })

  it('a stale or future timestamp, by the clock that may be moved', async () => {
    expect((await bad.post(said('签到'), { timestamp: seconds(-301) })).status).toBe(403)
    expect((await bad.post(said('签到'), { timestamp: seconds(302) })).status).toBe(403)
    const kept = good()
    moveClock(new Date(nowMs() + 301_000))
    expect((await bad.callback.post(kept.query, kept.body)).status).toBe(403)
    expect((await bad.post(said('签到'), { timestamp: 'soon' })).status).toBe(400)
  })

  it('another corp, in the cipher, the envelope or the message', async () => {
    const by = createCallbackCrypto({ ...settings, corpId: 'ww0000000000000000' })
    expect((await bad.post(said('签到'), { by })).status).toBe(403)
    expect((await bad.post(said('签到'), { to: 'ww0000000000000000' })).status).toBe(403)
    expect((await bad.post(said('签到').replace(corpId, 'ww0000000000000000'))).status).toBe(403)
  })

  it('malformed XML outside or inside, and entities', async () => {
    const { query } = good()
    for (const body of ['', 'x', '{}', '<xml>', '<xml></xml>', '<!DOCTYPE x [<!ENTITY e "x">]><xml>&e;</xml>']) {
      expect(await bad.callback.post(query, body)).toMatchObject({ status: 400, body: '' })
    }
    expect((await bad.post('<xml><MsgType>')).status).toBe(400)
    expect((await bad.post('<!DOCTYPE x [<!ENTITY e "x">]><xml>&e;</xml>')).status).toBe(400)
  })

  it('is counted, logged without its contents, and changes nothing', async () => {
    setLogLevel('info')
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    const before = bad.callback.stats().refused.signature
    const { query } = good()
    await bad.callback.post(query, deliver(said('机密')).body)
    const logged = written.mock.calls.flat().join('')
    written.mockRestore()
    expect(logged).toContain(`"reason":"signature","count":${before + 1}`)
    expect(logged).not.toContain('机密')
    expect(bad.callback.stats().refused.signature).toBe(before + 1)
    expect(bad.received).toEqual([])
    expect(sent).toEqual([])
  })
})

describe('a message', () => {
  it('is answered in the response, to the sender as WeCom spells him', async () => {
    const { post, received } = callbackThat(async ({ line }) => words(`收到：${line}]]>`))
    const answer = await post(said('签到 4821'))
    expect(heard(answer)).toBe('收到：签到 4821]]>')
    expect(answer.type).toBe('application/xml')
    expect(received).toEqual([{ key: 'zhangsan:1', userId: 'zhangsan', line: '签到 4821', via: 'text' }])
    expect(sent).toEqual([])
  })

  it('that needs no answer, and an event that nobody said, get an empty 200', async () => {
    const { post, received } = callbackThat(async () => ({ reply: null, client: 'text' }))
    expect(await post(said('谢谢'))).toEqual({ status: 200, body: '', type: 'text/plain' })
    expect(await post(event('enter_agent', ''))).toMatchObject({ status: 200, body: '' })
    expect(received).toHaveLength(1)
  })

  it('of a menu item or a code is answered like a text', async () => {
    const { post } = callbackThat(async ({ line, via }) => words(`${via} ${line}`))
    expect(heard(await post(event('click', '/签到')))).toBe('click /签到')
  })

  it('with a long answer: the first part in the response, the rest pushed in order, once', async () => {
    const lines = Array.from({ length: 200 }, (_, n) => `${n + 1} 张三 正式党员`)
    const { callback, post } = callbackThat(async () => words(lines.join('\n')))
    const first = heard(await post(said('名单')))
    await callback.idle()
    expect(Buffer.byteLength(first)).toBeLessThanOrEqual(2000)
    const rest = sent.map(line => line.replace('text to zhangsan: ', ''))
    expect(rest.length).toBeGreaterThan(1)
    expect([first, ...rest].join('\n').split('\n')).toEqual(lines)

    expect(heard(await post(said('名单')))).toBe(first)
    await callback.idle()
    expect(sent).toHaveLength(rest.length)
  })

  it('that makes receive throw is apologised for by an incident number', async () => {
    const failing = callbackThat(async () => {
      throw new Error('boom')
    })
    expect(heard(await failing.post(said('签到')))).toMatch(/^系统出错，编号 E\d{6}，请稍后再试$/)
    const throwing = callbackThat(() => {
      throw new Error('boom')
    })
    expect(heard(await throwing.post(said('签到')))).toMatch(/^系统出错，编号 E\d{6}/)
  })
})

describe('a repeat', () => {
  it('that meets the first one running waits for the same answer, in an envelope of its own', async () => {
    const { promise, release } = held<Outcome>()
    const { callback, post, received } = callbackThat(() => promise)
    const both = [post(said('签到')), post(said('签到'))]
    expect(callback.stats().inFlight).toBe(1)
    release(words('签到成功'))
    const [one, two] = await Promise.all(both)
    expect([one, two].map(answer => answer && heard(answer))).toEqual(['签到成功', '签到成功'])
    expect(one?.body).not.toBe(two?.body)
    expect(received).toHaveLength(1)
    expect(callback.stats()).toMatchObject({ received: 1, repeats: 1, inFlight: 0 })
  })

  it('that comes later gets what receive has stored', async () => {
    const { post, received } = callbackThat(async () => words('签到成功'))
    expect(heard(await post(said('签到')))).toBe('签到成功')
    expect(heard(await post(said('签到')))).toBe('签到成功')
    expect(received).toHaveLength(2)
  })

  it('of another person or with another id is another message', async () => {
    const { post, received } = callbackThat(async () => words('好'))
    await Promise.all([post(said('签到', '1')), post(said('签到', '2')), post(said('签到', '1', 'lisi'))])
    expect(received).toHaveLength(3)
  })
})

describe('a question to a client that shows cards', () => {
  it('is pushed as a card, with an empty response, once', async () => {
    const { callback, post } = callbackThat(async () => question)
    expect(heard(await post(said('会议 新建')))).toBe('')
    expect(sent).toEqual(['card to zhangsan'])
    expect(heard(await post(said('会议 新建')))).toBe('')
    await callback.idle()
    expect(sent).toEqual(['card to zhangsan'])
  })

  it('is answered in words where a push would be dropped in silence', async () => {
    atLimit = true
    const { callback, post } = callbackThat(async () => question)
    expect(heard(await post(said('会议 新建')))).toContain('1 ')
    await callback.idle()
    expect(sent).toEqual([])
  })

  it('has the same task id after a restart, and WeCom’s refusal of that is no failure', async () => {
    await callbackThat(async () => question).post(said('会议 新建'))
    refuse = () => {
      throw new WecomError('message/send', 42014, '')
    }
    const restarted = callbackThat(async () => question)
    expect(heard(await restarted.post(said('会议 新建')))).toBe('')
    const [first, second] = parts.map(part => (part.template_card as { task_id: string }).task_id)
    expect(first).toBe(second)
    expect(first).toMatch(/^[0-9A-Za-z_\-@]{1,128}$/)
    expect(restarted.callback.stats().pushFailures).toBe(0)
  })

  it.each<[string, Error]>([
    ['refused', new WecomError('message/send', 43012, '')],
    ['not sent', new WecomUnreachableError('message/send', false)],
  ])('that is %s is answered in words instead', async (_, error) => {
    refuse = part => {
      if (part.msgtype === 'template_card') throw error
    }
    const { post } = callbackThat(async () => question)
    expect(heard(await post(said('会议 新建')))).toBe('党课\n发给 38 人\n1 发布　2 作罢')
  })

  it('whose fate is unknown is sent once more with the same task id, not in words', async () => {
    let tries = 0
    refuse = () => {
      tries += 1
      if (tries === 1) throw new WecomUnreachableError('message/send', true)
    }
    const { post } = callbackThat(async () => question)
    expect(heard(await post(said('会议 新建')))).toBe('')
    expect(parts).toHaveLength(2)
    expect(parts[0]).toEqual(parts[1])
  })
})

describe('past the deadline', () => {
  it('the response is empty, and the answer is pushed once, also when a repeat comes', async () => {
    const { promise, release } = held<Outcome>()
    const { callback, post, received } = callbackThat(() => promise, { deadlineMs: 1 })
    expect(heard(await post(said('名册')))).toBe('')
    expect(heard(await post(said('名册')))).toBe('')
    release(words('名册在此'))
    await callback.idle()
    expect(sent).toEqual(['text to zhangsan: 名册在此'])
    expect(heard(await post(said('名册')))).toBe('')
    await callback.idle()
    expect(sent).toHaveLength(1)
    expect(received).toHaveLength(2)
    expect(callback.stats()).toMatchObject({ late: 1, repeats: 1, pushed: 1 })
  })

  it('a question is pushed as a card, or in words where that is refused', async () => {
    const { promise, release } = held<Outcome>()
    const { callback, post } = callbackThat(() => promise, { deadlineMs: 1 })
    await post(said('会议 新建'))
    refuse = part => {
      if (part.msgtype === 'template_card') throw new WecomError('message/send', 43012, '')
    }
    release(question)
    await callback.idle()
    expect(sent).toEqual(['text to zhangsan: 党课\n发给 38 人\n1 发布　2 作罢'])
  })

  it('is four seconds where nothing else is said', async () => {
    vi.useFakeTimers()
    const { post } = callbackThat(() => new Promise(() => undefined))
    let answered = false
    const answer = post(said('名册')).then(result => {
      answered = true
      return result
    })
    await vi.advanceTimersByTimeAsync(3999)
    expect(answered).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(heard(await answer)).toBe('')
  })
})

describe('a pressed card', () => {
  const settled: Outcome = {
    ...words('已发布 m-17，发给 38 人'),
    settles: { card: { taskId: 't', responseCode: 'RC' }, text: '已发布 m-17' },
  }

  it('gets an empty response, then the card is greyed, then the words are pushed, all once', async () => {
    const { callback, post, received } = callbackThat(async () => settled)
    expect(await post(pressed('/发布 d-12'))).toMatchObject({ status: 200, body: '' })
    await callback.idle()
    expect(received[0]).toMatchObject({ line: '/发布 d-12', via: 'card', card: { taskId: 't', responseCode: 'RC' } })
    const expected = ['grey RC of wangshuji: 已发布 m-17', 'text to wangshuji: 已发布 m-17，发给 38 人']
    expect(sent).toEqual(expected)
    await post(pressed('/发布 d-12'))
    await callback.idle()
    expect(sent).toEqual(expected)
  })

  it('that cannot be greyed any more still gets the words', async () => {
    const { callback, post } = callbackThat(async () => settled, {
      updateCard: async () => {
        throw new WecomError('message/update_template_card', 60140, '')
      },
    })
    await post(pressed('/发布 d-12'))
    await callback.idle()
    expect(sent).toEqual(['text to wangshuji: 已发布 m-17，发给 38 人'])
  })

  it.each([45009, -1])('whose words WeCom refuses with %i for now gets them later', async code => {
    refuse = () => {
      throw new WecomError('message/send', code, '稍后')
    }
    const { callback, post } = callbackThat(async () => settled)
    expect(heard(await post(pressed('/发布 d-12')))).toBe('')
    await callback.idle()
    expect(sent).toEqual(['grey RC of wangshuji: 已发布 m-17', 'later to wangshuji: 已发布 m-17，发给 38 人'])
  })

  it('whose words WeCom refuses for good does not get them later', async () => {
    refuse = () => {
      throw new WecomError('message/send', 60020, 'IP')
    }
    const { callback, post } = callbackThat(async () => words('好'))
    await post(pressed('/发布 d-12'))
    await callback.idle()
    expect(sent).toEqual([])
  })

  it('that asks something more gets a card', async () => {
    const { callback, post } = callbackThat(async () => question)
    await post(pressed('/会议 新建'))
    await callback.idle()
    expect(sent).toEqual(['card to wangshuji'])
  })

  it('that is settled by a later text is greyed too, and the text answered', async () => {
    const { callback, post } = callbackThat(async () => settled)
    expect(heard(await post(said('发烧')))).toBe('已发布 m-17，发给 38 人')
    await post(said('发烧'))
    await callback.idle()
    expect(sent).toEqual(['grey RC of zhangsan: 已发布 m-17'])
  })
})

describe('too many at once', () => {
  it('are told so at once with status 200; a pressed card gets nothing; repeats still join', async () => {
    const { promise, release } = held<Outcome>()
    const { callback, post, received } = callbackThat(() => promise, { maxInFlight: 2 })
    const running = [post(said('签到', '1')), post(said('签到', '2')), post(said('签到', '2'))]
    expect(heard(await post(said('签到', '3')))).toBe('现在人多，请过一分钟再发')
    expect(heard(await post(pressed('/收到 n-1')))).toBe('')
    release(words('签到成功'))
    expect((await Promise.all(running)).map(heard)).toEqual(['签到成功', '签到成功', '签到成功'])
    expect(heard(await post(said('签到', '3')))).toBe('签到成功')
    await callback.idle()
    expect(received).toHaveLength(3)
    expect(sent).toEqual([])
    expect(callback.stats()).toMatchObject({ overloaded: 2, inFlight: 0 })
  })
})

it('the difference of the clocks is in the stats, and logged once a minute', async () => {
  setLogLevel('info')
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const { callback, post } = callbackThat(async () => words('好'))
  expect(callback.stats().clockDifferenceMs).toBeUndefined()
  for (let n = 0; n < 3; n += 1) await post(said('签到', String(n)), { timestamp: seconds(120) })
  moveClock(new Date(nowMs() + 61_000))
  await post(said('签到', '9'), { timestamp: seconds(120) })
  const lines = written.mock.calls.flat().filter(line => String(line).includes('clock difference'))
  written.mockRestore()
  expect(lines).toHaveLength(2)
  const { clockDifferenceMs } = callback.stats()
  expect(clockDifferenceMs).toBeGreaterThan(118_000)
  expect(clockDifferenceMs).toBeLessThanOrEqual(120_000)
})
