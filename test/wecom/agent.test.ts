import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chatExists, expandRange, readAgent } from '../../src/wecom/agent.ts'
import { createWecomClient, type WecomClient } from '../../src/wecom/client.ts'

/** What the console has of the app, as WECOM-BOT.md 3 gives the answers. */
let server: Server
let client: WecomClient
/** Path and query of a call, without the token, and what is answered: an errcode, or fields. */
let answers: Record<string, object | number>
let asked: string[]

beforeEach(async () => {
  asked = []
  answers = { 'gettoken?': { access_token: 'T', expires_in: 7200 } }
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://wecom')
    for (const name of ['access_token', 'corpid', 'corpsecret']) url.searchParams.delete(name)
    const what = `${url.pathname.replace('/cgi-bin/', '')}?${url.searchParams}`
    asked.push(what)
    const answer = answers[what] ?? 48002
    response.end(
      JSON.stringify(typeof answer === 'number' ? { errcode: answer, errmsg: '' } : { errcode: 0, ...answer }),
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const apiBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  client = createWecomClient({ apiBase, corpId: 'ww1', agentId: 7, secret: 's' })
})
afterEach(() => {
  client.close()
  server.closeAllConnections()
  server.close()
})

const users = (...ids: string[]) => ids.map(userid => ({ userid }))

describe('the app', () => {
  it('is read with its range; what is missing is none', async () => {
    answers['agent/get?agentid=7'] = {
      name: '支部',
      close: 1,
      allow_userinfos: { user: users('ZhangSan') },
      allow_partys: { partyid: [2] },
    }
    expect(await readAgent(client)).toEqual({
      name: '支部',
      closed: true,
      userIds: ['ZhangSan'],
      departments: [2],
      tags: [],
    })
    answers['agent/get?agentid=7'] = {}
    expect(await readAgent(client)).toMatchObject({ closed: false, userIds: [], departments: [], tags: [] })
  })

  it('refuses with the code of WeCom', async () => {
    answers['agent/get?agentid=7'] = 60011
    await expect(readAgent(client)).rejects.toMatchObject({ code: 60011 })
  })
})

describe('the range', () => {
  const agent = { name: '', closed: false, userIds: ['ZhangSan'], departments: [2], tags: [9] }

  it('is departments with those below, tags with their departments, and people, each asked for once', async () => {
    answers['department/simplelist?id=2'] = { department_id: [{ id: 2 }, { id: 21 }] }
    answers['department/simplelist?id=5'] = { department_id: [{ id: 5 }] }
    answers['tag/get?tagid=9'] = { userlist: users('WangWu'), partylist: [5] }
    answers['user/simplelist?department_id=2'] = { userlist: users('lisi', 'zhangsan') }
    answers['user/simplelist?department_id=21'] = { userlist: users('zhaoliu') }
    answers['user/simplelist?department_id=5'] = { userlist: [] }
    const range = await expandRange(client, agent)
    expect([...range.userIds].sort()).toEqual(['lisi', 'wangwu', 'zhangsan', 'zhaoliu'])
    expect(range.unseen).toBe(0)
    expect(new Set(asked).size).toBe(asked.length)
  })

  it('counts what the app may not look into, and goes on', async () => {
    answers['department/simplelist?id=2'] = 60011
    answers['user/simplelist?department_id=2'] = { userlist: users('lisi') }
    answers['tag/get?tagid=9'] = 40068
    const range = await expandRange(client, agent)
    expect([...range.userIds].sort()).toEqual(['lisi', 'zhangsan'])
    expect(range.unseen).toBe(2)
  })

  it('asks for two hundred departments at most', async () => {
    const below = Array.from({ length: 250 }, (_, at) => ({ id: at + 100 }))
    answers['department/simplelist?id=2'] = { department_id: below }
    for (const { id } of below) answers[`user/simplelist?department_id=${id}`] = { userlist: [] }
    answers['user/simplelist?department_id=2'] = { userlist: [] }
    const range = await expandRange(client, { ...agent, tags: [] })
    expect(asked.filter(what => what.startsWith('user/'))).toHaveLength(200)
    expect(range.unseen).toBe(51)
  })

  it('is not made up where WeCom is busy or a token is refused', async () => {
    answers['department/simplelist?id=2'] = 60020
    await expect(expandRange(client, agent)).rejects.toMatchObject({ code: 60020 })
  })
})

describe('a group', () => {
  it.each([
    [{ chat_info: { chatid: 'b1' } }, true],
    [49008, false],
    [86003, false],
  ])('answered with %j is there: %s', async (answer, there) => {
    answers['appchat/get?chatid=b1'] = answer
    expect(await chatExists(client, 'b1')).toBe(there)
  })

  it('is not called gone where WeCom does not say', async () => {
    answers['appchat/get?chatid=b1'] = 48002
    await expect(chatExists(client, 'b1')).rejects.toMatchObject({ code: 48002 })
  })
})
