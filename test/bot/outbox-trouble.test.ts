import { describe, expect, test } from 'vitest'
import { moveClock, nowMs } from '../../src/clock.ts'
import { WecomError } from '../../src/errors.ts'
import { people } from '../../src/store/collections.ts'
import { createWecomClient } from '../../src/wecom/client.ts'
import { createCourier } from '../../src/wecom/courier.ts'
import { AGENT, startEchoBot } from '../simulator/echo-bot.ts'
import {
  ambiguous,
  fail,
  held,
  ids,
  inSeconds,
  manyPeople,
  notConnected,
  onStage,
  open,
  pass,
  person,
  refusedWith,
  start,
  startOutbox,
  textOf,
  until,
} from './outbox-stage.ts'

onStage()

describe('when WeCom does not take it', () => {
  test('a network that is down loses nothing: it is tried after 1, 2, 4 s and then every minute', async () => {
    const bench = await start(manyPeople(2))
    bench.fallback.play = notConnected()
    await bench.say('明天开会', ['p-1'])
    await bench.outbox.idle()
    expect((await bench.records())[0]).toMatchObject({ state: 'waiting', calls: [{ state: 'waiting' }] })
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const before = bench.sent.length
      await pass(seconds - 0.5, bench)
      expect(bench.sent).toHaveLength(before)
      await pass(0.6, bench)
      expect(bench.sent).toHaveLength(before + 1)
    }
    bench.fallback.play = () => []
    await pass(61, bench)
    expect((await bench.records())[0]).toMatchObject({ state: 'done', unreached: [] })
  })

  test('what is stuck for some people does not hold up the others, and keeps its order for them', async () => {
    const bench = await start(manyPeople(3))
    bench.script.push(notConnected())
    await bench.say('一', ['p-1'])
    await bench.outbox.idle()
    await bench.say('二', ['p-2', 'p-3'])
    await bench.say('三', ['p-1'])
    await bench.outbox.idle()
    expect(bench.sent.map(call => textOf(call.part))).toEqual(['一', '二'])
    await pass(1.1, bench)
    expect(bench.textsOf('u-p-1')).toEqual(['一', '一', '三'])
  })

  test('45009 pauses everything till the instant WeCom names, then it goes on', async () => {
    const bench = await start(manyPeople(2))
    bench.script.push(refusedWith(45009, inSeconds(20)))
    await bench.say('一', ['p-1'])
    await bench.outbox.idle()
    await bench.say('二', ['p-2'])
    await pass(15, bench)
    expect(bench.sent).toHaveLength(1)
    await pass(6, bench)
    expect(bench.sent.map(call => textOf(call.part)).sort()).toEqual(['一', '一', '二'])
    expect((await bench.records()).map(record => record.unreached)).toEqual([[], []])
  })

  test('45009 without an instant pauses for a minute', async () => {
    const bench = await start([person('p-1')])
    bench.script.push(refusedWith(45009))
    await bench.say('一', ['p-1'])
    await bench.outbox.idle()
    await pass(58, bench)
    expect(bench.sent).toHaveLength(1)
    await pass(3, bench)
    expect(bench.sent).toHaveLength(2)
  })

  test('a refused token costs no message', async () => {
    const bench = await start([person('p-1')])
    bench.script.push(fail(new WecomError('gettoken', 40001, '核对 WECOM_SECRET')))
    await bench.say('一', ['p-1'])
    await bench.outbox.idle()
    await pass(1.1, bench)
    expect((await bench.records())[0]).toMatchObject({ state: 'done', unreached: [] })
  })

  test('a busy WeCom is tried ten times, then the reason is kept', async () => {
    const bench = await start([person('p-1')])
    bench.fallback.play = refusedWith(-1)
    await bench.say('一', ['p-1'])
    await bench.outbox.idle()
    for (let index = 0; index < 12; index += 1) await pass(61, bench)
    expect(bench.sent).toHaveLength(10)
    expect((await bench.records())[0]).toMatchObject({ state: 'done', unreached: [{ personId: 'p-1', code: '-1' }] })
  })

  test('another refusal is kept for all people of the call, with the advice, and the next message goes on', async () => {
    const bench = await start(manyPeople(2))
    bench.script.push(refusedWith(40008))
    await bench.say('一', ids(2))
    await bench.say('二', ids(2))
    await bench.outbox.idle()
    const [first, second] = await bench.records()
    expect(first).toMatchObject({
      state: 'done',
      calls: [{ state: 'failed' }],
      unreached: ids(2).map(personId => ({ personId, code: '40008', advice: '请看说明' })),
    })
    expect(second).toMatchObject({ state: 'done', unreached: [] })
  })

  test('whom WeCom could not reach is kept by person, however it writes the account', async () => {
    const bench = await start([person('p-1', { userId: 'ZhangSan' }), person('p-2')])
    bench.script.push(() => [{ userId: 'zhangsan', code: 'invalid', advice: '请本人激活' }])
    await bench.say('上|下', ids(2))
    await bench.outbox.idle()
    expect((await bench.records())[0]).toMatchObject({
      state: 'done',
      unreached: [{ personId: 'p-1', code: 'invalid', advice: '请本人激活' }],
    })
  })

  test('a message that cannot be rendered or sent for a bug of ours does not hold up the next', async () => {
    const bench = await start([person('p-1')])
    bench.script.push(fail(new TypeError('x is undefined')))
    await bench.say('一', ['p-1'])
    await bench.say('breaks the renderer', ['p-1'])
    await bench.say('二', ['p-1'])
    await bench.outbox.idle()
    expect(bench.textsOf('u-p-1')).toEqual(['一', '二'])
    expect((await bench.records()).map(record => record.unreached.map(one => one.code))).toEqual([
      ['fault'],
      ['fault'],
      [],
    ])
  })
})

describe('when nobody knows whether it arrived', () => {
  test('it is repeated, identical, until WeCom answers', async () => {
    const bench = await start(manyPeople(3, { client: 'cards' }))
    bench.script.push(ambiguous(), ambiguous(), notConnected(), ambiguous())
    await bench.ask('收到了吗', ids(3))
    for (const seconds of [0, 1, 2, 4, 8]) await pass(seconds, bench)
    const [first, ...repeats] = bench.sent.map(({ at: _, ...call }) => JSON.stringify(call))
    expect(repeats).toEqual([first, first, first, first])
    expect((await bench.records())[0]).toMatchObject({ state: 'done', calls: [{ state: 'done' }], unreached: [] })
  })

  test('an API that answers with errors for minutes loses nobody', async () => {
    const bench = await start(manyPeople(26))
    bench.fallback.play = ambiguous()
    await bench.say('明天开会', ids(26))
    for (let minute = 0; minute < 10; minute += 1) await pass(60, bench)
    bench.fallback.play = () => []
    await pass(61, bench)
    expect((await bench.records())[0]).toMatchObject({ state: 'done', calls: [{ state: 'done' }], unreached: [] })
  })

  test('hours later WeCom knows it no more: it is not repeated, and kept as unsure', async () => {
    const bench = await start(manyPeople(2))
    bench.fallback.play = ambiguous()
    await bench.say('一', ids(2))
    await bench.outbox.idle()
    await pass(4 * 3600, bench)
    const sent = bench.sent.length
    await pass(3600, bench)
    expect(bench.sent).toHaveLength(sent)
    const [record] = await bench.records()
    expect(record).toMatchObject({ state: 'done', calls: [{ state: 'failed' }] })
    expect(record?.unreached.map(one => [one.personId, one.code])).toEqual([
      ['p-1', 'unsure'],
      ['p-2', 'unsure'],
    ])
  })

  test('killed while a call was under way: it is repeated once after the start, byte for byte', async () => {
    const bench = await start(manyPeople(5, { client: 'cards' }))
    const never = held()
    bench.script.push(never.play)
    await bench.ask('收到了吗', ['p-4', 'p-2', 'p-5', 'p-1', 'p-3'])
    await until(() => bench.sent.length === 1)
    const after = await start([], bench.folder)
    await after.outbox.idle()
    const [first, again] = [bench.sent[0], after.sent[0]].map(call =>
      JSON.stringify([call?.part, call?.userIds, call?.checkDuplicates]),
    )
    expect(again).toBe(first)
    expect(after.sent).toHaveLength(1)
    expect((await after.records())[0]).toMatchObject({ state: 'done', unreached: [] })
    never.answer()
  })

  test.each([
    [3.8, 1],
    [4.1, 0],
  ])(
    'killed while a call was under way, %s hours long: it is repeated only as long as WeCom knows it',
    async (hours, times) => {
      const bench = await start(manyPeople(2))
      const never = held()
      bench.script.push(never.play)
      await bench.say('一', ids(2))
      await until(() => bench.sent.length === 1)
      moveClock(new Date(nowMs() + hours * 3_600_000))
      const after = await start([], bench.folder)
      await after.outbox.idle()
      expect(after.sent).toHaveLength(times)
      const unsure = ids(2).map(personId => ({
        personId,
        code: 'unsure',
        advice: expect.stringContaining('问一下本人'),
      }))
      expect((await after.records())[0]).toMatchObject({ state: 'done', unreached: times === 1 ? [] : unsure })
      never.answer()
    },
  )

  test('a repetition that could not leave for hours is given up too, one that waits for its first time is not', async () => {
    const bench = await start(manyPeople(2))
    bench.script.push(ambiguous())
    bench.fallback.play = notConnected()
    await bench.say('一', ['p-1'])
    await bench.say('二', ['p-2'])
    await bench.outbox.idle()
    await pass(5 * 3600, bench)
    bench.fallback.play = () => []
    await pass(61, bench)
    expect((await bench.records()).map(record => record.unreached.map(one => one.code))).toEqual([['unsure'], []])
    expect(bench.textsOf('u-p-2').length).toBeGreaterThan(1)
  })

  test('killed during the repetition: the next start repeats it again, byte for byte', async () => {
    const bench = await start([person('p-1')])
    const never = held()
    bench.script.push(ambiguous(), never.play)
    await bench.say('一', ['p-1'])
    await bench.outbox.idle()
    await pass(1, bench, false)
    await until(() => bench.sent.length === 2)
    const after = await start([], bench.folder)
    await after.outbox.idle()
    expect(after.sent.map(({ at: _, ...call }) => call)).toEqual(
      bench.sent.slice(0, 1).map(({ at: _, ...call }) => call),
    )
    expect((await after.records())[0]).toMatchObject({ state: 'done', unreached: [] })
    never.answer()
  })

  test('killed with messages waiting: the next start sends them, and a part that was done is not sent again', async () => {
    const bench = await start(manyPeople(2))
    const never = held()
    bench.script.push(() => [], never.play)
    await bench.say('上|下', ['p-1'])
    await bench.say('后', ['p-1'])
    await until(() => bench.sent.length === 2)
    const after = await start([], bench.folder)
    await after.outbox.idle()
    expect(after.textsOf('u-p-1')).toEqual(['下', '后'])
    never.answer()
  })

  test('a changed account does not change the repetition', async () => {
    const bench = await start([person('p-1')])
    const never = held()
    bench.script.push(never.play)
    await bench.say('一', ['p-1'])
    await until(() => bench.sent.length === 1)
    await bench.store.update('township', tx => tx.put(people, person('p-1', { userId: 'new' })))
    const after = await start([], bench.folder)
    await after.outbox.idle()
    expect(after.sent[0]?.userIds).toEqual(['u-p-1'])
    never.answer()
  })
})

describe('with the simulated WeCom', () => {
  test('cards and words arrive once, also where the answer was lost on the way', async () => {
    const wecom = await startEchoBot()
    const apiBase = `${wecom.address()}/simulator/wecom`
    const client = createWecomClient({
      apiBase,
      corpId: 'ww0123456789abcdef',
      agentId: AGENT,
      secret: 'secret-of-the-app',
    })
    const roster = [person('p-1', { userId: 'wangjianguo', client: 'cards' }), person('p-2', { userId: 'zhangsan' })]
    const bench = await startOutbox(roster, undefined, createCourier(client))
    open.push(bench)
    bench.outbox.start()
    wecom.simulator.faults.hang(1)
    wecom.simulator.faults.busy(1)
    await bench.ask('收到了吗', ['p-1', 'p-2'])
    await bench.outbox.idle()
    await pass(1, bench)
    await bench.say('明天开会', ['p-1', 'p-2'])
    await bench.outbox.idle()
    expect(wecom.simulator.inbox('wangjianguo')).toHaveLength(2)
    expect(wecom.simulator.inbox('zhangsan')).toHaveLength(2)
    expect((await bench.records()).map(record => [record.state, record.unreached])).toEqual([
      ['done', []],
      ['done', []],
    ])
    client.close()
    await wecom.stop()
  })
})

test('the simulated WeCom drops a repetition for nearly four hours', async () => {
  const wecom = await startEchoBot()
  const apiBase = `${wecom.address()}/simulator/wecom`
  const client = createWecomClient({
    apiBase,
    corpId: 'ww0123456789abcdef',
    agentId: AGENT,
    secret: 'secret-of-the-app',
  })
  const courier = createCourier(client)
  const part = { msgtype: 'text', text: { content: '明天开会' } }
  await courier.send(part, ['wangjianguo'], true)
  moveClock(new Date(nowMs() + 3.8 * 3_600_000))
  await courier.send(part, ['wangjianguo'], true)
  expect(wecom.simulator.inbox('wangjianguo')).toHaveLength(1)
  client.close()
  await wecom.stop()
})

describe('stopping', () => {
  test('finishes the call under way and sends nothing more', async () => {
    const bench = await start([person('p-1')])
    const slow = held()
    bench.script.push(slow.play)
    await bench.say('一', ['p-1'])
    await bench.say('二', ['p-1'])
    await until(() => bench.sent.length === 1)
    const stopped = bench.outbox.stop()
    slow.answer()
    await stopped
    expect((await bench.records()).map(record => record.state)).toEqual(['done', 'waiting'])
    expect(bench.sent).toHaveLength(1)
  })

  test('does not wait for ever', async () => {
    const bench = await start([person('p-1')])
    const never = held()
    bench.script.push(never.play)
    await bench.say('一', ['p-1'])
    await until(() => bench.sent.length === 1)
    const before = performance.now()
    await bench.outbox.stop()
    expect(performance.now() - before).toBeLessThan(6000)
    never.answer()
  })
})
