import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { textOf } from '../../src/wecom/xml.ts'
import { AGENT, startEchoBot } from './echo-bot.ts'

describe('the menu of the app', () => {
  let peer: Awaited<ReturnType<typeof startEchoBot>>
  beforeAll(async () => {
    peer = await startEchoBot()
  })
  beforeEach(async () => {
    await call('delete')
  })
  afterAll(() => peer.stop())

  const call = async (name: string, body?: unknown, agent: unknown = AGENT) =>
    peer.post(`menu/${name}?agentid=${agent}&access_token=${await peer.token()}`, body)
  const create = async (...button: object[]) => (await call('create', { button })).errcode
  const click = (name: string, more: object = {}) => ({ type: 'click', name, key: '/签到', ...more })
  const below = (...sub: object[]) => ({ name: '会议', sub_button: sub })

  it('is what was created, until it is deleted', async () => {
    expect((await call('get')).errcode).toBe(46003)
    expect(peer.simulator.menu).toBeNull()
    const button = [click('签到'), below({ type: 'scancode_waitmsg', name: '扫码签到', key: 'scan' }), click('帮助')]
    expect(await create(...button)).toBe(0)
    expect(await call('get')).toMatchObject({ errcode: 0, button })
    expect(peer.simulator.menu).toEqual({ button })
    expect((await call('delete')).errcode).toBe(0)
    expect(peer.simulator.menu).toBeNull()
  })

  it('is refused with the code of what is wrong, and the one before it stays', async () => {
    await create(click('签到'))
    const five = Array.from({ length: 5 }, (_, i) => click(`第 ${i}`))
    const faults: [number, object[]][] = [
      [40016, []],
      [40016, [click('一'), click('二'), click('三'), click('四')]],
      [40017, [click('签到', { type: 'poem' })]],
      [40018, [click('')]],
      [40018, [click('签到打卡报到')]],
      [40019, [click('签到', { key: '' })]],
      [40019, [click('签到', { key: 'k'.repeat(129) })]],
      [40020, [click('网页', { type: 'view' })]],
      [40054, [click('网页', { type: 'view', url: 'example.com' })]],
      [40023, [below(...five, click('第六'))]],
      [40024, [below(click('签到', { type: 'poem' }))]],
      [40025, [below(click('字'.repeat(14)))]],
      [40026, [below(click('签到', { key: '' }))]],
      [40027, [below(click('网页', { type: 'view' }))]],
      [40022, [below(below(click('签到')))]],
      [40035, [click('签到', { key: 7 })]],
    ]
    for (const [expected, button] of faults) expect(await create(...button), JSON.stringify(button)).toBe(expected)
    expect(await create(below(...five), click('五个汉字名'), click('a'.repeat(16)))).toBe(0)
    expect((await call('create', { button: [click('签到')] }, '')).errcode).toBe(41011)
    expect((await call('create', { button: [click('签到')] }, 'x')).errcode).toBe(40056)
    expect((await call('create', { button: [click('签到')] }, 7)).errcode).toBe(301002)
    expect(peer.simulator.menu?.button).toHaveLength(3)
  })

  it('tells the bot what was scanned by which entry', async () => {
    await peer.simulator.scan('zhangsan', '/签到 m-9.K3F7Q2', { key: 'check-in' })
    const node = peer.heard.at(-1)?.node
    expect(node && textOf(node, 'Event')).toBe('scancode_waitmsg')
    expect(node && textOf(node, 'EventKey')).toBe('check-in')
  })
})
