import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addMinutes, moveClock, now, resetClock } from '../../src/clock.ts'
import { startEchoBot, text } from './echo-bot.ts'

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

const group = (id: string) => peer.simulator.groups.find(one => one.id === id)
const texts = (id: string) => group(id)?.posts.map(post => post.text)

describe('groups made by the app', () => {
  const create = (body: object) => peer.api('appchat/create', { name: '水泉支部', ...body })
  const chat = async (chatid: string) =>
    expect((await create({ chatid, userlist: ['Zhangsan', 'lisi'] })).errcode).toBe(0)
  const post = (chatid: string, content: string, more: object = {}) =>
    peer.api('appchat/send', { chatid, msgtype: 'text', text: { content }, safe: 0, ...more })
  const info = async (chatid: string) =>
    peer.post(`appchat/get?chatid=${chatid}&access_token=${await peer.token()}`, undefined)

  it('are made of at least two people, with a chatid of the app’s own or of WeCom’s', async () => {
    const own = await create({ chatid: 'shuiquan1', owner: 'lisi', userlist: ['zhangsan', 'LISI', 'lisi'] })
    expect(own).toMatchObject({ errcode: 0, chatid: 'shuiquan1' })
    const made = await create({ userlist: ['zhangsan', 'lisi'] })
    expect(made).toMatchObject({ errcode: 0, chatid: expect.stringMatching(/^[0-9a-z]{32}$/) })
    expect(await info('shuiquan1')).toMatchObject({
      errcode: 0,
      chat_info: { chatid: 'shuiquan1', name: '水泉支部', owner: 'lisi', userlist: ['Zhangsan', 'lisi'], chat_type: 0 },
    })
    expect(group('shuiquan1')).toMatchObject({ kind: 'appchat', state: 'alive', members: ['Zhangsan', 'lisi'] })
  })

  it('are refused with the code of what is wrong', async () => {
    await chat('taken')
    const faults: [number, object][] = [
      [86215, { chatid: 'taken', userlist: ['zhangsan', 'lisi'] }],
      [86001, { chatid: 'with-dash', userlist: ['zhangsan', 'lisi'] }],
      [86205, { chatid: 'x'.repeat(33), userlist: ['zhangsan', 'lisi'] }],
      [86204, {}],
      [86006, { userlist: ['zhangsan'] }],
      [86006, { userlist: ['zhangsan', 'ZHANGSAN'] }],
      [60111, { userlist: ['zhangsan', 'lisi', 'nobody'] }],
      [60111, { userlist: ['zhangsan', 'lisi', 'laogen'] }],
      [86216, { userlist: ['zhangsan', 'lisi', '张三'] }],
      [86005, { owner: 'nobody', userlist: ['zhangsan', 'lisi'] }],
      [86207, { owner: 'wangjianguo', userlist: ['zhangsan', 'lisi'] }],
      [40035, { userlist: 'zhangsan|lisi' }],
    ]
    for (const [expected, body] of faults) expect((await create(body)).errcode, JSON.stringify(body)).toBe(expected)
    expect((await peer.api('appchat/create')).errcode).toBe(40063)
  })

  it('are not to be had where the app is not visible to the whole corp', async () => {
    peer.simulator.faults.refuseGroups = true
    expect((await create({ userlist: ['zhangsan', 'lisi'] })).errcode).toBe(48002)
    peer.simulator.faults.refuseGroups = false
    expect((await create({ userlist: ['zhangsan', 'lisi'] })).errcode).toBe(0)
  })

  it('take 2,000 people and no more', async () => {
    const many = Array.from({ length: 2000 }, (_, i) => `member${i}`)
    for (const userId of many) peer.simulator.timeline(userId)
    expect((await create({ userlist: [...many, 'zhangsan'] })).errcode).toBe(86006)
    expect((await create({ userlist: many })).errcode).toBe(0)
  })

  it('change their name, their owner and their people, and keep at least two', async () => {
    await chat('changing')
    const update = (body: object) => peer.api('appchat/update', { chatid: 'changing', ...body })
    expect((await update({ name: '水泉党支部', add_user_list: ['wangjianguo'], owner: 'wangjianguo' })).errcode).toBe(0)
    expect((await update({ del_user_list: ['lisi', 'never-in-it'] })).errcode).toBe(0)
    expect(group('changing')).toMatchObject({ name: '水泉党支部', owner: 'wangjianguo' })
    expect(group('changing')?.members).toEqual(['Zhangsan', 'wangjianguo'])
    expect((await update({ del_user_list: ['zhangsan'] })).errcode).toBe(86006)
    expect((await update({ add_user_list: ['nobody'] })).errcode).toBe(60111)
    expect((await update({ owner: 'lisi' })).errcode).toBe(86207)
    expect((await update({ chatid: 'other' })).errcode).toBe(86003)
    expect((await update({ chatid: '' })).errcode).toBe(86201)
  })

  it('take texts, cut at 2048 bytes, and markdown; no cards, and nothing to recall it by', async () => {
    await chat('posts')
    const answer = await post('posts', '党'.repeat(700))
    expect(answer).toEqual({ errcode: 0, errmsg: 'ok' })
    await peer.api('appchat/send', { chatid: 'posts', msgtype: 'markdown', markdown: { content: '**党课**' } })
    expect(texts('posts')).toEqual(['党'.repeat(682), '**党课**'])
    expect(group('posts')?.posts[0]).toMatchObject({ cut: true, at: expect.stringContaining('T') })
    expect((await post('posts', '')).errcode).toBe(44004)
    expect((await post('posts', '', { msgtype: 'template_card', template_card: {} })).errcode).toBe(40008)
    expect((await post('nowhere', '党课')).errcode).toBe(86003)
    expect(peer.simulator.inbox('zhangsan').filter(item => item.text.includes('党课'))).toEqual([])
  })

  it('that were dissolved take nothing more, and their chatid stays taken', async () => {
    await chat('gone')
    peer.simulator.dissolveGroup('gone')
    expect((await post('gone', '党课')).errcode).toBe(49008)
    expect((await info('gone')).errcode).toBe(49008)
    expect((await create({ chatid: 'gone', userlist: ['zhangsan', 'lisi'] })).errcode).toBe(86215)
  })

  it('lose who is deleted from the corp, whom nothing reaches any more', async () => {
    await peer.simulator.say('leaver', '签到')
    expect((await create({ chatid: 'three', userlist: ['zhangsan', 'lisi', 'leaver'] })).errcode).toBe(0)
    peer.simulator.deletePerson('LEAVER')
    expect(group('three')?.members).toEqual(['Zhangsan', 'lisi'])
    expect(await peer.api('message/send', text('zhangsan|leaver', '党课'))).toMatchObject({ invaliduser: 'leaver' })
    expect((await peer.api('message/send', text('leaver', '党课'))).errcode).toBe(81013)
    expect((await peer.api('appchat/update', { chatid: 'three', add_user_list: ['leaver'] })).errcode).toBe(60111)
    await expect(peer.simulator.say('leaver', '签到')).rejects.toThrow('已不在企业微信里')
  })

  it('are no more than 1,000 a day', async () => {
    const codes: number[] = []
    for (let i = 0; i <= 1000; i += 1) codes.push((await create({ userlist: ['zhangsan', 'lisi'] })).errcode)
    expect(codes.at(-1)).toBe(45009)
    moveClock(addMinutes(now(), 24 * 60 + 1))
    expect((await create({ userlist: ['zhangsan', 'lisi'] })).errcode).toBe(0)
  })
})

describe('the robot of a group', () => {
  const send = (key: string, body: object) => peer.post(`webhook/send?key=${key}`, body)
  const say = (key: string, content: string) => send(key, { msgtype: 'text', text: { content } })

  it('posts by its key alone', async () => {
    peer.simulator.addWebhook('robot', '水泉工作群', ['zhangsan', 'lisi'])
    expect(await say('robot', '明晚7点党课')).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(texts('robot')).toEqual(['明晚7点党课'])
    expect(group('robot')).toMatchObject({ kind: 'webhook', name: '水泉工作群', members: ['Zhangsan', 'lisi'] })
  })

  it('refuses what is too long, empty, or a card', async () => {
    peer.simulator.addWebhook('lengths', '群')
    const markdown = (content: string) => send('lengths', { msgtype: 'markdown', markdown: { content } })
    expect((await say('lengths', 'a'.repeat(2048))).errcode).toBe(0)
    expect((await say('lengths', 'a'.repeat(2049))).errcode).toBe(40058)
    expect((await markdown('a'.repeat(4096))).errcode).toBe(0)
    expect((await markdown('a'.repeat(4097))).errcode).toBe(40058)
    expect((await say('lengths', '')).errcode).toBe(44004)
    expect((await send('lengths', { msgtype: 'template_card' })).errcode).toBe(40008)
    expect(texts('lengths')).toHaveLength(2)
  })

  it('is closed for a minute after the twentieth post of one', async () => {
    peer.simulator.addWebhook('quick', '群')
    peer.simulator.addWebhook('other', '群')
    for (let i = 0; i < 20; i += 1) expect((await say('quick', `第 ${i}`)).errcode).toBe(0)
    expect((await say('quick', '第 20')).errcode).toBe(45009)
    expect((await say('other', '第 1')).errcode).toBe(0)
    moveClock(addMinutes(now(), 0.9))
    expect((await say('quick', '第 20')).errcode).toBe(45009)
    moveClock(addMinutes(now(), 0.2))
    expect((await say('quick', '第 20')).errcode).toBe(0)
    expect(texts('quick')).toHaveLength(21)
  })

  it('is known no more when it was removed, and says so when it is stopped', async () => {
    peer.simulator.addWebhook('removed', '群')
    peer.simulator.addWebhook('stopped', '群')
    peer.simulator.removeWebhook('removed')
    peer.simulator.stopWebhook('stopped')
    expect((await say('removed', '党课')).errcode).toBe(93000)
    expect((await say('stopped', '党课')).errcode).toBe(93004)
    expect((await say('never', '党课')).errcode).toBe(93000)
    peer.simulator.addWebhook('dissolved', '群')
    peer.simulator.dissolveGroup('dissolved')
    expect((await say('dissolved', '党课')).errcode).toBe(93000)
  })
})
