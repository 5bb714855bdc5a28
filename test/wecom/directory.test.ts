import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWecomClient, type WecomClient } from '../../src/wecom/client.ts'
import { createDirectory } from '../../src/wecom/directory.ts'
import { AGENT, CORP, SECRET, startEchoBot } from '../simulator/echo-bot.ts'

/** What the app sees of the directory, on the simulator's wire (WECOM-BOT.md 3). */
let peer: Awaited<ReturnType<typeof startEchoBot>>
let client: WecomClient

beforeEach(async () => {
  peer = await startEchoBot()
  const apiBase = `${peer.address()}/simulator/wecom`
  client = createWecomClient({ apiBase, corpId: CORP, agentId: AGENT, secret: SECRET, sleep: async () => undefined })
})
afterEach(async () => {
  client.close()
  await peer.stop()
})

const look = (known: readonly string[] = []) => createDirectory(client).look(userId => known.includes(userId))
const asked = (api: string) => peer.simulator.calls.filter(({ path }) => path === `/cgi-bin/${api}`)
const join = (userId: string, ...branches: string[]) =>
  peer.simulator.addPerson({
    ...{ userId, name: `名${userId}`, identity: '', status: '在职', wechat: false, noPhone: false, admin: false },
    memberships: branches.map(branch => ({ branch, group: null, posts: [] })),
  })

describe('the directory', () => {
  it('has each account once, in lower case, with its name and all its departments', async () => {
    join('Two', '水泉村党支部', '石桥村党支部')
    expect(await look()).toEqual({
      accounts: [
        { userId: 'wangjianguo', name: '王建国', departments: ['水泉村党支部'] },
        { userId: 'zhangsan', name: '张三', departments: ['水泉村党支部'] },
        { userId: 'lisi', name: '李四', departments: ['水泉村党支部'] },
        { userId: 'two', name: '名Two', departments: ['水泉村党支部', '石桥村党支部'] },
      ],
      departments: ['示范镇', '水泉村党支部', '石桥村党支部'],
      unseen: [],
    })
    expect(asked('user/get')).toEqual([])
  })

  it('asks for single names only of those whom nobody knows', async () => {
    peer.simulator.faults.refused.set('user/simplelist', 60011)
    const { accounts, unseen } = await look(['wangjianguo', 'lisi'])
    expect(accounts.map(({ name }) => name)).toEqual([null, '张三', null])
    expect(asked('user/get').map(({ query }) => query.userid)).toEqual(['zhangsan'])
    expect(unseen).toEqual([expect.stringMatching(/^部门里的人（2 处）看不到：应用没有权限看/)])
  })

  it('takes a UserID in the place of a name for none', async () => {
    peer.simulator.addPerson({
      ...{ userId: 'Wang9', name: 'wang9', identity: '', status: '在职', wechat: false, noPhone: false, admin: false },
      memberships: [],
    })
    expect((await look()).accounts.at(-1)).toMatchObject({ userId: 'wang9', name: null })
  })

  it('does not go on asking what is refused altogether', async () => {
    for (let n = 0; n < 20; n += 1) join(`p${n}`, `第${n}党支部`)
    peer.simulator.faults.refused.set('user/simplelist', 48002)
    expect((await look()).accounts).toHaveLength(23)
    expect(asked('user/simplelist')).toHaveLength(1)
    peer.simulator.faults.refused.set('agent/get', 60020)
    const before = peer.simulator.calls.length
    expect(await look()).toEqual({ accounts: [], departments: [], unseen: [expect.stringContaining('127.0.0.1')] })
    expect(peer.simulator.calls).toHaveLength(before + 1)
  })

  it('says that WeCom did not answer, and concludes nothing', async () => {
    await peer.stop()
    expect(await look()).toEqual({ accounts: [], departments: [], unseen: [expect.stringContaining('没有回应')] })
    peer = await startEchoBot()
  })

  it('looks at 300 departments, and says that there are more', async () => {
    for (let n = 0; n < 310; n += 1) join(`p${n}`, `第${n}党支部`)
    const { departments, unseen } = await look(['*'])
    expect(departments).toHaveLength(300)
    expect(unseen.at(-1)).toContain('有 12 个没有看')
  })
})
