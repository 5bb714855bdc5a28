import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addMinutes, moveClock, now, resetClock } from '../../src/clock.ts'
import { textOf } from '../../src/wecom/xml.ts'
import { AGENT, startEchoBot } from './echo-bot.ts'

const PNG = [0x89, 0x50, 0x4e, 0x47]
const THREE_DAYS = 3 * 24 * 60

describe('pictures', () => {
  let peer: Awaited<ReturnType<typeof startEchoBot>>
  beforeAll(async () => {
    peer = await startEchoBot()
  })
  afterEach(() => {
    moveClock(addMinutes(now(), 61))
  })
  afterAll(async () => {
    resetClock()
    await peer.stop()
  })

  const url = async (name: string, query: string) =>
    `${peer.address()}/simulator/wecom/cgi-bin/${name}?access_token=${await peer.token()}&${query}`
  const fetched = async (mediaId: string) => fetch(await url('media/get', `media_id=${mediaId}`))
  async function upload(bytes: Uint8Array<ArrayBuffer>, { type = 'image', part = 'media', name = '图 1.png' } = {}) {
    const body = new FormData()
    body.append(part, new Blob([bytes]), name)
    const response = await fetch(await url('media/upload', `type=${type}`), { method: 'POST', body })
    return (await response.json()) as { errcode: number; media_id?: string; created_at?: unknown }
  }
  const picture = (length: number) => {
    const bytes = new Uint8Array(length)
    bytes.set(PNG.slice(0, length))
    return bytes
  }
  const send = async (mediaId: string | undefined) =>
    (
      await peer.api('message/send', {
        touser: 'zhangsan|lisi',
        msgtype: 'image',
        agentid: AGENT,
        image: { media_id: mediaId },
      })
    ).errcode
  async function sentBy(userId: string): Promise<string> {
    await peer.simulator.sendPicture(userId)
    const node = peer.heard.at(-1)?.node
    return (node && textOf(node, 'MediaId')) ?? ''
  }

  it('that a member sends can be fetched, uploaded again, and sent to others, in WeChat too', async () => {
    const response = await fetched(await sentBy('wangjianguo'))
    expect(response.headers.get('content-type')).toBe('image/png')
    expect(response.headers.get('content-disposition')).toContain('picture.png')
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect([...bytes.slice(0, 4)]).toEqual(PNG)
    const { media_id: mediaId, created_at: createdAt } = await upload(bytes)
    expect(typeof createdAt).toBe('string')
    expect(await send(mediaId)).toBe(0)
    for (const userId of ['zhangsan', 'lisi'])
      expect(peer.simulator.inbox(userId).at(-1)).toMatchObject({ kind: 'image', text: '（图片）', picture: mediaId })
    const again = await fetched(mediaId ?? '')
    expect(new Uint8Array(await again.arrayBuffer())).toEqual(bytes)
  })

  it('are kept for three days', async () => {
    const { media_id: mediaId = '' } = await upload(picture(100))
    const sent = await sentBy('wangjianguo')
    moveClock(addMinutes(now(), THREE_DAYS - 1))
    expect(await send(mediaId)).toBe(0)
    moveClock(addMinutes(now(), 2))
    expect(await send(mediaId)).toBe(40007)
    expect(await (await fetched(sent)).json()).toMatchObject({ errcode: 40007 })
  })

  it('are refused where they are none, too small, too large or in another part', async () => {
    expect((await upload(picture(100), { part: 'file' })).errcode).toBe(41005)
    expect((await upload(picture(100), { type: 'poem' })).errcode).toBe(40004)
    expect((await upload(picture(0))).errcode).toBe(44001)
    expect((await upload(picture(5))).errcode).toBe(40006)
    expect((await upload(new Uint8Array(100))).errcode).toBe(40005)
    expect((await upload(picture(10 * 1024 * 1024 + 1))).errcode).toBe(45001)
    expect((await upload(new Uint8Array(100), { type: 'file' })).errcode).toBe(0)
    expect((await peer.post(`media/upload?type=image&access_token=${await peer.token()}`, {})).errcode).toBe(41005)
  })

  it('are sent by a MediaId of a picture and by no other', async () => {
    const { media_id: file } = await upload(new Uint8Array(100), { type: 'file' })
    expect(await send(file)).toBe(40007)
    expect(await send('made-up')).toBe(40007)
    expect(await send(undefined)).toBe(41006)
    expect(await (await fetched('')).json()).toMatchObject({ errcode: 41006 })
  })

  it('are no files: a file is sent by the MediaId of a file, with the name of its upload', async () => {
    const name = '党费收缴登记表 2026年.xlsx'
    const sendFile = async (mediaId: string | undefined) => {
      const file = { media_id: mediaId }
      const body = { touser: 'zhangsan|lisi', msgtype: 'file', agentid: AGENT, file, safe: 0 }
      return (await peer.api('message/send', body)).errcode
    }
    expect(() => peer.simulator.fileOf('zhangsan')).toThrow('没有收到文件')
    const { media_id: mediaId } = await upload(new Uint8Array([1, 2, 3, 4, 5, 6]), { type: 'file', name })
    const { media_id: image } = await upload(picture(100))
    expect(await sendFile(mediaId)).toBe(0)
    for (const userId of ['zhangsan', 'lisi']) {
      const item = { kind: 'file', text: `（文件）${name}`, file: { mediaId, name } }
      expect(peer.simulator.inbox(userId).at(-1)).toMatchObject(item)
      expect(peer.simulator.fileOf(userId)).toEqual({ name, bytes: new Uint8Array([1, 2, 3, 4, 5, 6]) })
    }
    expect(await sendFile(image)).toBe(40007)
    expect(await sendFile('made-up')).toBe(40007)
    expect(await sendFile(undefined)).toBe(41006)
    moveClock(addMinutes(now(), THREE_DAYS + 1))
    expect(await sendFile(mediaId)).toBe(40007)
    const saved = await fetch(`${peer.address()}/simulator/api/file/${mediaId}`)
    expect(saved.headers.get('content-disposition')).toContain(`filename*=UTF-8''${encodeURIComponent(name)}`)
    expect(new Uint8Array(await saved.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3, 4, 5, 6]))
    expect((await fetch(`${peer.address()}/simulator/api/file/made-up`)).status).toBe(404)
  })

  it('go from the screen when they are recalled, but not in WeChat', async () => {
    const { media_id: mediaId } = await upload(picture(100))
    const { msgid } = await peer.api('message/send', {
      touser: 'zhangsan|lisi',
      msgtype: 'image',
      agentid: AGENT,
      image: { media_id: mediaId },
    })
    await peer.api('message/recall', { msgid })
    expect(peer.simulator.inbox('zhangsan').at(-1)).toMatchObject({ recalled: true, kind: 'text', picture: null })
    expect(peer.simulator.inbox('lisi').at(-1)).toMatchObject({ recalled: false, kind: 'image', picture: mediaId })
  })
})
