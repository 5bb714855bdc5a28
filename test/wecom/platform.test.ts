import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { moveClock, nowMs } from '../../src/clock.ts'
import { makeMenu } from '../../src/doctor/menu.ts'
import { type WecomError, WecomUnreachableError } from '../../src/errors.ts'
import { setLogLevel } from '../../src/log.ts'
import { createWecomClient, type WecomClient } from '../../src/wecom/client.ts'
import { APP_MENU } from '../../src/wecom/menu.ts'
import { createPlatform } from '../../src/wecom/platform.ts'
import { nocked } from './nocked.ts'

/** Groups, webhooks, recalls and the menu on the wire (WECOM.md 5.2, 6, 7, 8). */
const ORIGIN = 'https://wecom.test'
const KEY = '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa'
const OK = { errcode: 0, errmsg: 'ok' }
const TEXT = { msgtype: 'text', text: { content: '明晚7点党课' } }

let client: WecomClient
const sent: { api: string; query: Record<string, string>; body: unknown }[] = []

/** Answers a call of this API once. */
function answers(api: string, answer: object | Error, times = 1): void {
  const call = nock(ORIGIN).post(`/cgi-bin/${api}`).query(true).times(times)
  if (answer instanceof Error) call.replyWithError(answer)
  else
    call.reply(200, (uri, body) => {
      sent.push({ api, query: Object.fromEntries(new URL(uri, ORIGIN).searchParams), body })
      return answer
    })
}
const broken = (code: string) => Object.assign(new Error(`${code} ${KEY}`), { code })
const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )
const platform = () => createPlatform(client)

nocked()
beforeEach(() => {
  sent.length = 0
  client = createWecomClient({ apiBase: ORIGIN, corpId: 'ww1', agentId: 7, secret: 's', sleep: async () => undefined })
  nock(ORIGIN)
    .persist()
    .get('/cgi-bin/gettoken')
    .query(true)
    .reply(200, { ...OK, access_token: 'T1', expires_in: 7200 })
})
afterEach(() => {
  client.close()
})

describe('a group of the branch', () => {
  const chat = { chatId: 'zhibub3', name: '水泉村党支部', owner: 'wang', userIds: ['wang', 'li'] }

  it('is made with the members, under an id of ours', async () => {
    answers('appchat/create', { ...OK, chatid: 'zhibub3' })
    await platform().createChat(chat)
    expect(sent[0]?.body).toEqual({ name: '水泉村党支部', owner: 'wang', userlist: ['wang', 'li'], chatid: 'zhibub3' })
  })

  it('that exists already is the one that was to be made (86215)', async () => {
    answers('appchat/create', { errcode: 86215, errmsg: 'chatid existed' })
    await expect(platform().createChat(chat)).resolves.toBeUndefined()
  })

  it.each([48002, 86006, 86207])('is refused with %i as every other call', async code => {
    answers('appchat/create', { errcode: code, errmsg: 'no' })
    expect(await caught(platform().createChat(chat))).toMatchObject({ name: 'WecomError', code })
  })

  it('has a name of at most 50 characters, cut between whole ones', async () => {
    answers('appchat/create', OK)
    await platform().createChat({ ...chat, name: '👨‍👩‍👧'.repeat(10) })
    expect(sent[0]?.body).toMatchObject({ name: `${'👨‍👩‍👧'.repeat(6)}…` })
  })

  it.each([
    ['name', { name: '' }],
    ['userlist', { userIds: ['wang'] }],
    ['userlist', { userIds: Array.from({ length: 2001 }, (_, n) => `u${n}`), owner: 'u1' }],
    ['userlist', { userIds: ['wang', 'wang'] }],
    ['owner', { owner: 'zhao' }],
    ['chatid', { chatId: 'b-3' }],
    ['chatid', { chatId: 'x'.repeat(33) }],
  ])('that WeCom would refuse for its %s is not asked for', async (field, more) => {
    const error = await caught(platform().createChat({ ...chat, ...more }))
    expect(error).toMatchObject({ name: 'PayloadLimitError', api: 'appchat/create', field })
  })

  it('is told only what changes', async () => {
    answers('appchat/update', OK, 3)
    await platform().updateChat({ chatId: 'zhibub3', add: ['zhao'], remove: [] })
    await platform().updateChat({ chatId: 'zhibub3', add: [], remove: ['li'] })
    await platform().updateChat({ chatId: 'zhibub3', add: [], remove: [], owner: 'zhao' })
    expect(sent.map(({ body }) => body)).toEqual([
      { chatid: 'zhibub3', add_user_list: ['zhao'] },
      { chatid: 'zhibub3', del_user_list: ['li'] },
      { chatid: 'zhibub3', owner: 'zhao' },
    ])
  })

  it('gets a post, without an agentid', async () => {
    answers('appchat/send', OK)
    await platform().post({ kind: 'appchat', chatId: 'zhibub3' }, TEXT)
    expect(sent[0]?.body).toEqual({ chatid: 'zhibub3', ...TEXT, safe: 0 })
  })

  it('that was dissolved says 49008', async () => {
    answers('appchat/send', { errcode: 49008, errmsg: 'dissolved' })
    const error = await caught(platform().post({ kind: 'appchat', chatId: 'zhibub3' }, TEXT))
    expect(error).toMatchObject({ code: 49008, advice: expect.stringContaining('解散') })
  })

  it.each([
    ['text.content', { msgtype: 'text', text: { content: '党'.repeat(683) } }],
    ['text.content', { msgtype: 'text', text: { content: ' ' } }],
    ['msgtype', { msgtype: 'template_card', template_card: {} }],
  ])('is sent nothing with a bad %s', async (field, part) => {
    for (const chat of [{ kind: 'appchat', chatId: 'x1' } as const, { kind: 'webhook', key: KEY } as const]) {
      expect(await caught(platform().post(chat, part))).toMatchObject({ name: 'PayloadLimitError', field })
    }
  })
})

describe('a webhook', () => {
  const post = (key = KEY) => platform().post({ kind: 'webhook', key }, TEXT)

  it('needs no token: its key is the secret', async () => {
    answers('webhook/send', OK)
    await post()
    expect(sent[0]).toMatchObject({ query: { key: KEY }, body: TEXT })
    expect(client.tokenState()).toBeNull()
  })

  it('gets 20 a minute; the 21st is refused before it is sent, and told when there is room', async () => {
    answers('webhook/send', OK, 42)
    const platformOfOne = platform()
    const say = (key = KEY) => platformOfOne.post({ kind: 'webhook', key }, TEXT)
    const began = nowMs()
    await Promise.all(Array.from({ length: 20 }, () => say()))
    const error = await caught(say())
    expect(error).toMatchObject({ name: 'WecomError', api: 'webhook/send', code: 45009 })
    const retryAt = (error as WecomError).retryAt?.getTime() ?? 0
    expect(retryAt).toBeGreaterThanOrEqual(began + 60_000)
    expect(sent).toHaveLength(20)
    await say('another-key')
    moveClock(new Date(retryAt - 20))
    expect(await caught(say())).toMatchObject({ code: 45009 })
    moveClock(new Date(retryAt))
    await say()
    moveClock(new Date(retryAt + 5000))
    await Promise.all(Array.from({ length: 19 }, () => say()))
    expect(await caught(say())).toMatchObject({ code: 45009 })
    expect(sent).toHaveLength(41)
  })

  it('that WeCom itself finds too often rests for a minute, and no other', async () => {
    answers('webhook/send', { errcode: 45009, errmsg: 'freq' })
    expect(await caught(post())).toMatchObject({ code: 45009, retryAt: expect.any(Date) })
    expect(await caught(post())).toMatchObject({ code: 45009 })
    answers('webhook/send', OK)
    await post('another-key')
    expect(sent).toHaveLength(2)
  })

  it('that was removed says 93000', async () => {
    answers('webhook/send', { errcode: 93000, errmsg: 'invalid webhook url, hint: [..], from ip: 1.2.3.4' })
    expect(await caught(post())).toMatchObject({ code: 93000 })
  })

  it('shows its key in no log and in no error', async () => {
    setLogLevel('debug')
    const written: string[] = []
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation(text => written.push(String(text)) > 0)
    const errors: unknown[] = []
    answers('webhook/send', { errcode: 93000, errmsg: KEY })
    errors.push(await caught(post()))
    answers('webhook/send', broken('ECONNRESET'))
    errors.push(await caught(post()))
    answers('webhook/send', { nonsense: KEY })
    errors.push(await caught(post()))
    answers('webhook/send', { errcode: 45009, errmsg: KEY })
    errors.push(await caught(post()), await caught(post()))
    spy.mockRestore()
    const said = errors.map(error =>
      error instanceof Error ? [error.message, error.stack, String(error.cause), JSON.stringify(error)] : [],
    )
    expect(said).toHaveLength(5)
    expect(written.length).toBeGreaterThan(2)
    expect(JSON.stringify([said, written])).not.toContain(KEY)
  })

  it.each([
    ['ECONNREFUSED', false],
    ['ECONNRESET', true],
  ])('behind a network that fails with %s: may it have arrived? %s', async (code, ambiguous) => {
    answers('webhook/send', broken(code))
    const error = await caught(post())
    expect(error).toBeInstanceOf(WecomUnreachableError)
    expect(error).toMatchObject({ ambiguous })
  })
})

it('a message is recalled by its id; after a day WeCom says 42052', async () => {
  answers('message/recall', OK)
  await platform().recall('msg-1')
  expect(sent[0]?.body).toEqual({ msgid: 'msg-1' })
  answers('message/recall', { errcode: 42052, errmsg: 'too old' })
  expect(await caught(platform().recall('msg-1'))).toMatchObject({
    code: 42052,
    advice: expect.stringContaining('24 小时'),
  })
})

describe('the menu of the app', () => {
  it('is created for the app that the query names', async () => {
    answers('menu/create', OK)
    const { ok, text } = await makeMenu(client)
    expect(ok).toBe(true)
    expect(text.join()).toContain('扫码签到')
    expect(sent[0]).toMatchObject({ query: { agentid: '7', access_token: 'T1' }, body: APP_MENU })
  })

  it.each([
    [40056, 'WECOM_AGENT_ID'],
    [60020, '可信IP'],
    [48002, '可见范围'],
    [40018, '菜单'],
    [45009, '暂停'],
  ])('refused with %i says in Chinese what to do: %s', async (code, words) => {
    answers('menu/create', { errcode: code, errmsg: 'x, from ip: 1.2.3.4, more' })
    const { ok, text } = await makeMenu(client)
    expect(ok).toBe(false)
    expect(text.join()).toContain(String(code))
    expect(text.join()).toContain(words)
  })

  it('on a network that fails says whether to look first', async () => {
    answers('menu/create', broken('ECONNREFUSED'))
    expect((await makeMenu(client)).text.join()).toContain('没有连上企业微信，菜单没有建')
    answers('menu/create', broken('ECONNRESET'))
    expect((await makeMenu(client)).text.join()).toContain('不知道菜单建好没有')
  })
})
