import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WecomError, WecomUnreachableError } from '../../src/errors.ts'
import { createWecomClient, type WecomClient } from '../../src/wecom/client.ts'
import { nocked } from './nocked.ts'

/** A picture that a member sent is fetched and uploaded again. */
const ORIGIN = 'https://wecom.test'
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('宽十高十')])
const JPG = Buffer.from('ffd8ffe000104a46494600', 'hex')
const JSON_TYPE = { 'Content-Type': 'application/json; charset=UTF-8' }

let client: WecomClient
let tokens = 0

nocked()
beforeEach(() => {
  tokens = 0
  client = createWecomClient({ apiBase: ORIGIN, corpId: 'ww1', agentId: 1, secret: 's', sleep: async () => undefined })
  nock(ORIGIN)
    .persist()
    .get('/cgi-bin/gettoken')
    .query(true)
    .reply(200, () => {
      tokens += 1
      return { errcode: 0, errmsg: 'ok', access_token: `T${tokens}`, expires_in: 7200 }
    })
})
afterEach(() => {
  client.close()
})

const get = (token = 'T1') =>
  nock(ORIGIN).get('/cgi-bin/media/get').query({ media_id: 'member-1', access_token: token })
const bytes = (picture: Buffer, type = 'image/png') =>
  get().reply(200, picture, { 'Content-Type': type, 'Content-Disposition': 'attachment; filename="a"' })

/** Takes the upload, and keeps what was in it. */
function upload(
  answer: object = { errcode: 0, errmsg: 'ok', type: 'image', media_id: 'app-1', created_at: '1763985600' },
  type: 'image' | 'file' = 'image',
) {
  const got: { body: Buffer; type: string } = { body: Buffer.alloc(0), type: '' }
  nock(ORIGIN)
    .post('/cgi-bin/media/upload')
    .query({ type, access_token: /^T\d$/ })
    .reply(200, function (_, body) {
      got.body = Buffer.isBuffer(body)
        ? body
        : /^[0-9a-f]+$/.test(String(body))
          ? Buffer.from(String(body), 'hex')
          : Buffer.from(String(body))
      got.type = String(this.req.headers['content-type'])
      return answer
    })
  return got
}

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('a file', () => {
  const name = '党费收缴登记表 2026年.xlsx'

  it('goes up with its name in raw UTF-8, the only spelling that WeCom shows', async () => {
    const got = upload({ errcode: 0, errmsg: 'ok', type: 'file', media_id: 'file-1', created_at: '1763985600' }, 'file')
    const content = Buffer.from('PK\u0003\u0004 and more')
    expect(await client.uploadFile({ name, bytes: content })).toBe('file-1')
    expect(got.body.toString('utf8')).toContain(`name="media"; filename="${name}"`)
    expect(got.body.includes(content)).toBe(true)
  })

  it.each([
    ['of five bytes', 5, 44001],
    ['of more than 20 MB', 20 * 1024 * 1024 + 1, 45001],
  ])('%s is refused before it is uploaded', async (_, length, code) => {
    expect(await caught(client.uploadFile({ name, bytes: new Uint8Array(length) }))).toMatchObject({
      api: 'media/upload',
      code,
    })
  })
})

describe('a picture', () => {
  it.each([
    ['png', PNG],
    ['jpg', JPG],
  ])('(%s) goes up as it came, as the part media with a name', async (ending, picture) => {
    bytes(picture)
    const got = upload()
    expect(await client.rehostImage('member-1')).toBe('app-1')
    expect(got.type).toMatch(/^multipart\/form-data; boundary=/)
    const text = got.body.toString('latin1')
    expect(text).toMatch(
      new RegExp(`content-disposition: form-data; name="media"; filename="picture\\.${ending}"`, 'i'),
    )
    expect(got.body.includes(picture)).toBe(true)
  })

  it('that has expired is a refusal with its code: WeCom says so in JSON', async () => {
    get().reply(200, { errcode: 40007, errmsg: 'invalid media_id' }, JSON_TYPE)
    expect(await caught(client.rehostImage('member-1'))).toMatchObject({
      name: 'WecomError',
      api: 'media/get',
      code: 40007,
    })
  })

  it('is fetched with a new token where the old one has expired, unseen', async () => {
    get('T1').reply(200, { errcode: 42001, errmsg: 'expired' }, JSON_TYPE)
    get('T2').reply(200, PNG, { 'Content-Type': 'image/png' })
    upload()
    expect(await client.rehostImage('member-1')).toBe('app-1')
    expect(tokens).toBe(2)
  })

  it.each([
    ['of five bytes', Buffer.alloc(5, 1), 44001],
    ['of more than 10 MB', Buffer.alloc(10 * 1024 * 1024 + 1, 1), 45001],
  ])('%s is refused before it is uploaded', async (_, picture, code) => {
    bytes(picture)
    expect(await caught(client.rehostImage('member-1'))).toMatchObject({
      name: 'WecomError',
      api: 'media/upload',
      code,
    })
  })

  it('that WeCom does not take is a refusal', async () => {
    bytes(PNG)
    upload({ errcode: 40009, errmsg: 'invalid image size' })
    expect(await caught(client.rehostImage('member-1'))).toMatchObject({ api: 'media/upload', code: 40009 })
  })

  it.each([
    ['an upload without a media_id', { errcode: 0, errmsg: 'ok', type: 'image' }],
    ['an upload with an empty one', { errcode: 0, errmsg: 'ok', media_id: '' }],
  ])('%s is no answer', async (_, answer) => {
    bytes(PNG)
    upload(answer)
    expect(await caught(client.rehostImage('member-1'))).toBeInstanceOf(WecomUnreachableError)
  })

  it('JSON that is no refusal is no picture', async () => {
    get().reply(200, { video_url: 'https://x' }, JSON_TYPE)
    expect(await caught(client.rehostImage('member-1'))).toBeInstanceOf(WecomUnreachableError)
  })

  it('a network that is down is told as that', async () => {
    get().replyWithError(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))
    const error = await caught(client.rehostImage('member-1'))
    expect(error).toBeInstanceOf(WecomUnreachableError)
    expect(error).not.toBeInstanceOf(WecomError)
    expect(error).toMatchObject({ api: 'media/get', ambiguous: false })
  })

  it('a page of a proxy is not taken for one', async () => {
    get().reply(502, '<html>Bad gateway</html>', { 'Content-Type': 'text/html' })
    expect(await caught(client.rehostImage('member-1'))).toMatchObject({ name: 'WecomUnreachableError' })
  })
})
