import { describe, expect, test } from 'vitest'
import { moveClock } from '../../src/clock.ts'
import {
  held,
  ids,
  inSeconds,
  manyPeople,
  onStage,
  open,
  pass,
  person,
  start,
  startOutbox,
  until,
} from './outbox-stage.ts'

onStage()

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

  test('an end that two messages share reaches people twice: each text of several says whose it is', async () => {
    const bench = await start([person('p-1')])
    await bench.say('开头|结尾', ['p-1'])
    await bench.say('改过的开头|结尾', ['p-1'])
    await bench.say('一条', ['p-1'])
    await bench.outbox.idle()
    const texts = bench.sent.map(({ part }) => (part as { text: { content: string } }).text.content)
    expect(texts).toEqual([
      '开头\n（1/2，o-1）',
      '结尾\n（2/2，o-1）',
      '改过的开头\n（1/2，o-2）',
      '结尾\n（2/2，o-2）',
      '一条',
    ])
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
