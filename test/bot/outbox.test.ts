import { afterEach, describe, expect, test } from 'vitest'
import { moveClock, nowMs, resetClock } from '../../src/clock.ts'
import { WecomError, WecomUnreachableError } from '../../src/errors.ts'
import { setLogLevel } from '../../src/log.ts'
import { people } from '../../src/store/collections.ts'
import { type Bench, manyPeople, pass, person, startOutbox, textOf } from './outbox-bench.ts'

setLogLevel('silent')

const open: Bench[] = []

async function start(...args: Parameters<typeof startOutbox>): Promise<Bench> {
  const bench = await startOutbox(...args)
  open.push(bench)
  bench.outbox.start()
  return bench
}

afterEach(async () => {
  resetClock()
  for (const bench of open.splice(0)) await bench.close()
})

const ids = (count: number) => Array.from({ length: count }, (_, index) => `p-${index + 1}`)
const inSeconds = (seconds: number) => new Date(nowMs() + seconds * 1000)
const fail = (error: Error) => () => Promise.reject(error)
const ambiguous = () => fail(new WecomUnreachableError('message/send', true))
const notConnected = () => fail(new WecomUnreachableError('message/send', false))
const refusedWith = (code: number, retryAt?: Date) => fail(new WecomError('message/send', code, '请看说明', retryAt))

/** A call that is answered when the test says so. */
function held() {
  let answer: () => void = () => {}
  const answered = new Promise<readonly []>(resolve => {
    answer = () => resolve([])
  })
  return { play: () => answered, answer: () => answer() }
}

async function until(holds: () => boolean): Promise<void> {
  const started = performance.now()
  while (!holds()) {
    if (performance.now() - started > 5000) throw new Error('waited 5 s')
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}

describe('who gets it by which calls', () => {
  test('1,000 people of one kind are one call, in the order in which they were named', async () => {
    const bench = await start(manyPeople(1000))
    await bench.say('明天开会', ids(1000))
    await bench.outbox.idle()
    expect(bench.sent).toHaveLength(1)
    expect(bench.sent[0]?.userIds).toEqual(ids(1000).map(id => `u-${id}`))
    expect((await bench.records())[0]).toMatchObject({ state: 'done', unreached: [], calls: [{ state: 'done' }] })
  })

  test('1,001 people are two calls, and a person named twice is sent it once', async () => {
    const bench = await start(manyPeople(1001))
    await bench.say('明天开会', [...ids(1001), 'p-1'])
    await bench.outbox.idle()
    expect(bench.sent.map(call => call.userIds.length).sort()).toEqual([1, 1000])
  })

  test('a text without choices is one call for both kinds of clients', async () => {
    const bench = await start([person('p-1', { client: 'cards' }), person('p-2')])
    await bench.say('明天开会', ['p-2', 'p-1'])
    await bench.outbox.idle()
    expect(bench.sent.map(call => call.userIds)).toEqual([['u-p-2', 'u-p-1']])
  })

  test('choices are a card for those who see cards and words for the others', async () => {
    const officer = person('p-3', {
      client: null,
      memberships: [{ branchId: 'b-1', group: null, posts: ['secretary'], standingLeave: null }],
    })
    const bench = await start([person('p-1', { client: 'cards' }), person('p-2', { client: null }), officer])
    await bench.ask('收到了吗', ['p-1', 'p-2', 'p-3'])
    await bench.outbox.idle()
    const byKind = new Map(bench.sent.map(call => [call.part.msgtype, call.userIds]))
    expect(byKind).toEqual(
      new Map([
        ['template_card', ['u-p-1', 'u-p-3']],
        ['text', ['u-p-2']],
      ]),
    )
  })

  test('every card call has a task id of its own, made of digits, letters, - and _ ', async () => {
    const bench = await start(manyPeople(1001, { client: 'cards' }))
    await bench.ask('收到了吗', ids(1001))
    await bench.outbox.idle()
    const taskIds = bench.sent.map(call => (call.part.template_card as { task_id: string }).task_id)
    expect(new Set(taskIds).size).toBe(2)
    for (const taskId of taskIds) expect(taskId).toMatch(/^o-1-[0-9a-z]+-cards(-2)?$/)
  })

  test('WeCom is asked to drop duplicates from the first attempt', async () => {
    const bench = await start([person('p-1')])
    await bench.say('明天开会', ['p-1'])
    await bench.outbox.idle()
    expect(bench.sent[0]?.checkDuplicates).toBe(true)
  })

  test('people without a phone, without an account, and leavers are kept as unreached with what to do', async () => {
    const bench = await start([
      person('p-1'),
      person('p-2', { noPhone: true }),
      person('p-3', { userId: null }),
      person('p-4', { status: 'transferred' }),
    ])
    await bench.say('明天开会', ['p-1', 'p-2', 'p-3', 'p-4', 'p-5'])
    await bench.outbox.idle()
    expect(bench.sent.map(call => call.userIds)).toEqual([['u-p-1']])
    const [record] = await bench.records()
    expect(record?.unreached.map(one => [one.personId, one.code, one.advice.slice(0, 3)])).toEqual([
      ['p-2', 'no-phone', '无手机'],
      ['p-3', 'no-user-id', '名册上'],
      ['p-4', 'left', '已离开'],
      ['p-5', 'left', '已离开'],
    ])
  })

  test('a message that reaches nobody is finished without a call', async () => {
    const bench = await start([person('p-1', { noPhone: true })])
    await bench.say('明天开会', ['p-1'])
    await bench.outbox.idle()
    expect(bench.sent).toHaveLength(0)
    expect((await bench.records())[0]).toMatchObject({ state: 'done', calls: [] })
  })

  test('a second message with the same key is not sent', async () => {
    const bench = await start([person('p-1')])
    await bench.say('提醒', ['p-1'], { key: 'remind:m-1:p-1' })
    await bench.outbox.idle()
    await bench.say('提醒', ['p-1'], { key: 'remind:m-1:p-1' })
    await bench.outbox.idle()
    expect(bench.sent).toHaveLength(1)
  })
})

describe('when it goes out', () => {
  test('sending begins with the commit, within a second', async () => {
    const bench = await start([person('p-1')])
    await bench.outbox.idle()
    const before = performance.now()
    await bench.say('明天开会', ['p-1'])
    await until(() => bench.sent.length === 1)
    expect(performance.now() - before).toBeLessThan(1000)
  })

  test('what is due later waits, and goes when the clock is moved there', async () => {
    const bench = await start([person('p-1')])
    await bench.say('早上好', ['p-1'], { dueAt: inSeconds(3600) })
    await bench.say('晚上好', ['p-1'])
    await bench.outbox.idle()
    expect(bench.textsOf('u-p-1')).toEqual(['晚上好'])
    moveClock(inSeconds(3599))
    await bench.outbox.idle()
    expect(bench.sent).toHaveLength(1)
    moveClock(inSeconds(2))
    await until(() => bench.sent.length === 2)
    expect(bench.textsOf('u-p-1')).toEqual(['晚上好', '早上好'])
  })

  test('what falls due while the clock runs goes by itself', async () => {
    const bench = await start([person('p-1')])
    await bench.say('早上好', ['p-1'], { dueAt: inSeconds(0.3) })
    await bench.outbox.idle()
    expect(bench.sent).toHaveLength(0)
    await until(() => bench.sent.length === 1)
  })

  test('a message without a time goes out though the clock was moved back', async () => {
    const bench = await startOutbox([person('p-1')])
    open.push(bench)
    await bench.say('明天开会', ['p-1'])
    moveClock(inSeconds(-3600))
    bench.outbox.start()
    await bench.outbox.idle()
    expect(bench.sent).toHaveLength(1)
  })

  test('one person gets messages in their order, also the parts of one', async () => {
    const bench = await start(manyPeople(3))
    for (let index = 0; index < 8; index += 1) await bench.say(`${index}a|${index}b`, index % 2 ? ['p-1'] : ids(3))
    await bench.outbox.idle()
    const expected = Array.from({ length: 8 }, (_, index) => [`${index}a`, `${index}b`]).flat()
    expect(bench.textsOf('u-p-1')).toEqual(expected)
  })

  test('order holds when the first message takes long, and others do not wait for it', async () => {
    const bench = await start(manyPeople(2))
    const slow = held()
    bench.script.push(slow.play)
    await bench.say('一', ['p-1'])
    await bench.say('二', ['p-1'])
    await bench.say('三', ['p-2'])
    await until(() => bench.textsOf('u-p-2').length === 1)
    expect(bench.textsOf('u-p-1')).toEqual(['一'])
    slow.answer()
    await bench.outbox.idle()
    expect(bench.textsOf('u-p-1')).toEqual(['一', '二'])
  })

  test('nobody gets more than 30 messages a minute; the rest comes when the minute is over', async () => {
    const bench = await start(manyPeople(2))
    for (let index = 0; index < 70; index += 1) await bench.say(`第${index}条`, ['p-1'])
    await bench.outbox.idle()
    expect(bench.sent).toHaveLength(30)
    await bench.say('给另一个人', ['p-2'])
    await bench.outbox.idle()
    expect(bench.sent).toHaveLength(31)
    await pass(50, bench)
    expect(bench.textsOf('u-p-1')).toHaveLength(30)
    await pass(11, bench)
    expect(bench.textsOf('u-p-1')).toHaveLength(60)
    await pass(61, bench)
    expect(bench.textsOf('u-p-1')).toEqual(Array.from({ length: 70 }, (_, index) => `第${index}条`))
  })

  test('a person at his limit does not hold up the others of the same message', async () => {
    const bench = await start(manyPeople(3))
    for (let index = 0; index < 40; index += 1) await bench.say(`第${index}条`, ['p-1'])
    await bench.outbox.idle()
    await bench.say('通知', ids(3))
    await bench.outbox.idle()
    expect(bench.sent.at(-1)?.userIds).toEqual(['u-p-2', 'u-p-3'])
    await pass(61, bench)
    expect(bench.textsOf('u-p-1').at(-1)).toBe('通知')
    expect(bench.textsOf('u-p-1')).toHaveLength(41)
    expect((await bench.records()).every(record => record.state === 'done')).toBe(true)
  })

  test('the parts of a long message count one by one', async () => {
    const bench = await start([person('p-1')])
    for (let index = 0; index < 16; index += 1) await bench.say('上|下', ['p-1'])
    await bench.outbox.idle()
    expect(bench.sent).toHaveLength(30)
  })

  test('2,000 messages to one person each are not quadratic', async () => {
    const bench = await start(manyPeople(500))
    const before = performance.now()
    await Promise.all(Array.from({ length: 2000 }, (_, index) => bench.say('请假', [`p-${(index % 500) + 1}`])))
    await bench.outbox.idle()
    expect(bench.sent).toHaveLength(2000)
    expect(performance.now() - before).toBeLessThan(15_000)
  })
})

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
  test('it is repeated once, identical', async () => {
    const bench = await start(manyPeople(3, { client: 'cards' }))
    bench.script.push(ambiguous())
    await bench.ask('收到了吗', ids(3))
    await bench.outbox.idle()
    const [first, again, ...more] = bench.sent.map(({ at: _, ...call }) => JSON.stringify(call))
    expect(again).toBe(first)
    expect(more).toEqual([])
    expect((await bench.records())[0]).toMatchObject({ state: 'done', calls: [{ state: 'done' }], unreached: [] })
  })

  test('twice: it is not sent a third time, and kept as unsure', async () => {
    const bench = await start(manyPeople(2))
    bench.script.push(ambiguous(), ambiguous())
    await bench.say('一', ids(2))
    await pass(3600, bench)
    expect(bench.sent).toHaveLength(2)
    const [record] = await bench.records()
    expect(record).toMatchObject({ state: 'done', calls: [{ state: 'failed' }] })
    expect(record?.unreached.map(one => [one.personId, one.code])).toEqual([
      ['p-1', 'unsure'],
      ['p-2', 'unsure'],
    ])
  })

  test('a repetition that did not leave is tried again as the repetition', async () => {
    const bench = await start([person('p-1')])
    bench.script.push(ambiguous(), notConnected(), ambiguous())
    await bench.say('一', ['p-1'])
    await bench.outbox.idle()
    expect((await bench.records())[0]?.calls?.[0]?.state).toBe('underway')
    await pass(2, bench)
    expect(bench.sent).toHaveLength(3)
    expect((await bench.records())[0]?.unreached[0]?.code).toBe('unsure')
  })

  test('killed while a call was under way: it is repeated once after the start, byte for byte', async () => {
    const bench = await start(manyPeople(5, { client: 'cards' }))
    const never = held()
    bench.script.push(never.play)
    await bench.ask('收到了吗', ['p-4', 'p-2', 'p-5', 'p-1', 'p-3'])
    await until(() => bench.sent.length === 1)
    const after = await start([], bench.folder)
    // The roster changes before the repetition: what is repeated does not.
    await after.outbox.idle()
    const [first, again] = [bench.sent[0], after.sent[0]].map(call =>
      JSON.stringify([call?.part, call?.userIds, call?.checkDuplicates]),
    )
    expect(again).toBe(first)
    expect(after.sent).toHaveLength(1)
    expect((await after.records())[0]).toMatchObject({ state: 'done', unreached: [] })
    never.answer()
  })

  test('killed during the repetition: it is not sent a third time', async () => {
    const bench = await start([person('p-1')])
    const never = held()
    bench.script.push(ambiguous(), never.play)
    await bench.say('一', ['p-1'])
    await until(() => bench.sent.length === 2)
    const after = await start([], bench.folder)
    await after.outbox.idle()
    expect(after.sent).toHaveLength(0)
    expect((await after.records())[0]).toMatchObject({
      state: 'done',
      unreached: [{ personId: 'p-1', code: 'unsure' }],
    })
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
    bench.script.push(held().play)
    await bench.say('一', ['p-1'])
    await until(() => bench.sent.length === 1)
    const before = performance.now()
    await bench.outbox.stop()
    expect(performance.now() - before).toBeLessThan(6000)
  })
})
