import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AGENT, startEchoBot } from './echo-bot.ts'

let peer: Awaited<ReturnType<typeof startEchoBot>>
beforeAll(async () => {
  peer = await startEchoBot()
})
afterAll(() => peer.stop())

const get = async (name: string, query = '') =>
  peer.post(`${name}?access_token=${await peer.token()}${query}`, undefined)

/** WECOM-BOT.md 3. */
describe('the directory that the app may see', () => {
  it('is a tree of departments with their direct members, whoever has an account', async () => {
    const range = await get('agent/get', `&agentid=${AGENT}`)
    expect(range).toMatchObject({ errcode: 0, allow_partys: { partyid: [1] }, allow_tags: { tagid: [] } })
    const { department_id: departments } = await get('department/simplelist')
    expect(departments).toEqual([
      { id: 1, parentid: 0, order: 1 },
      { id: 2, parentid: 1, order: 2 },
    ])
    expect(await get('department/get', '&id=2')).toMatchObject({ department: { id: 2, name: '水泉村党支部' } })
    expect((await get('user/simplelist', '&department_id=1')).userlist).toEqual([])
    expect((await get('user/simplelist', '&department_id=2')).userlist).toEqual([
      { userid: 'wangjianguo', name: '王建国', department: [2] },
      { userid: 'Zhangsan', name: '张三', department: [2] },
      { userid: 'lisi', name: '李四', department: [2] },
    ])
    expect(await get('user/get', '&userid=zhangsan')).toMatchObject({ errcode: 0, userid: 'Zhangsan', name: '张三' })
  })

  it('refuses what there is not, what is out of range, and what a test says', async () => {
    const code = async (name: string, query: string) => (await get(name, query)).errcode
    expect(await code('department/get', '&id=77')).toBe(60003)
    expect(await code('user/get', '&userid=laogen')).toBe(60011)
    expect(await code('tag/get', '&tagid=7')).toBe(40068)
    expect(await code('user/list', '&department_id=2')).toBe(48002)
    peer.simulator.faults.hiddenDepartments.add('水泉村党支部')
    expect(await code('user/simplelist', '&department_id=2')).toBe(60011)
    expect(await code('user/get', '&userid=zhangsan')).toBe(60011)
    expect((await get('agent/get')).allow_partys).toEqual({ partyid: [] })
    peer.simulator.faults.hiddenDepartments.clear()
    peer.simulator.faults.refused.set('user/simplelist', 40066)
    expect(await code('user/simplelist', '&department_id=2')).toBe(40066)
    peer.simulator.faults.refused.clear()
  })

  it('shows members of a tag, and may withhold names', async () => {
    peer.simulator.addTag(7, '党员', ['lisi'])
    expect(await get('tag/get', '&tagid=7')).toMatchObject({
      tagname: '党员',
      userlist: [{ userid: 'lisi', name: '李四' }],
    })
    peer.simulator.faults.hideNames = true
    expect((await get('user/simplelist', '&department_id=2')).userlist).toContainEqual({
      userid: 'lisi',
      department: [2],
    })
    expect((await get('tag/get', '&tagid=7')).userlist).toEqual([{ userid: 'lisi' }])
    peer.simulator.faults.hideNames = false
  })
})
