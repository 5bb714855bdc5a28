import { describe, expect, it } from 'vitest'
import { createLedger } from '../../src/bot/outbox-ledger.ts'
import { moveClock } from '../../src/clock.ts'
import { WecomError, WecomUnreachableError } from '../../src/errors.ts'
import { outbox, people, settings } from '../../src/store/collections.ts'
import {
  ambiguous,
  type Bench,
  held,
  ids,
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

/** Beijing time; the night of 24 November 2026. */
const at = (time: string, day = '2026-11-24') => new Date(`${day}T${time}+08:00`)

async function to(bench: Bench, time: string, day?: string): Promise<void> {
  moveClock(at(time, day))
  await bench.outbox.idle()
}
const texts = (bench: Bench) => bench.sent.map(call => textOf(call.part))

describe('the quiet hours', () => {
  it.each([
    ['20:59:58', 1],
    ['21:00:00', 0],
    ['23:59:58', 0],
    ['00:00:00', 0],
    ['07:59:50', 0],
    ['08:00:00', 1],
  ])('what is said at %s goes at once: %i', async (time, calls) => {
    moveClock(at(time))
    const bench = await start([person('p-1')])
    await bench.say('通知', ['p-1'])
    await bench.outbox.idle()
    expect(bench.sent).toHaveLength(calls)
  })

  it('let nothing out till 08:00, then everything, in its order', async () => {
    moveClock(at('21:00:00'))
    const bench = await start(manyPeople(2))
    await bench.say('一', ids(2))
    await bench.say('二', ['p-1'])
    for (const [time, day] of [
      ['23:59:59', '2026-11-24'],
      ['00:00:00', '2026-11-25'],
      ['07:59:50', '2026-11-25'],
    ] as const) {
      await to(bench, time, day)
      expect(bench.sent).toEqual([])
    }
    await to(bench, '08:00:00', '2026-11-25')
    expect(bench.textsOf('u-p-1')).toEqual(['一', '二'])
  })

  it('do not hold what is urgent, nor hold it up behind what waits', async () => {
    moveClock(at('22:00:00'))
    const bench = await start([person('p-1')])
    await bench.say('平常', ['p-1'])
    await bench.say('停电', ['p-1'], { urgent: true })
    await bench.outbox.idle()
    expect(texts(bench)).toEqual(['停电'])
  })

  it('also hold what was given a time within them', async () => {
    const bench = await start([person('p-1')])
    await bench.say('定时', ['p-1'], { dueAt: at('22:30:00') })
    await to(bench, '22:31:00')
    expect(bench.sent).toEqual([])
    await to(bench, '08:00:00', '2026-11-25')
    expect(texts(bench)).toEqual(['定时'])
  })

  it('are those that the township has set', async () => {
    moveClock(at('20:00:00'))
    const bench = await start([person('p-1')])
    const set = (from: string, until: string) =>
      bench.store.update('township', async tx => {
        const record = { name: 'quietHours', value: { from, to: until } }
        await ((await tx.get(settings, 'quietHours')) ? tx.put(settings, record) : tx.insert(settings, record))
      })
    await set('19:30', '07:00')
    await bench.say('一', ['p-1'])
    await bench.outbox.idle()
    expect(bench.sent).toEqual([])
    await set('21:00', '21:00')
    await bench.outbox.idle()
    expect(texts(bench)).toEqual(['一'])
  })

  it('begin also for what was tried in vain before them; what is urgent passes it', async () => {
    moveClock(at('20:59:00'))
    const bench = await start(manyPeople(2))
    bench.fallback.play = notConnected()
    await bench.say('一', ids(2))
    await bench.outbox.idle()
    const tried = bench.sent.length
    expect(tried).toBeGreaterThan(0)
    bench.fallback.play = () => []
    await to(bench, '23:30:00')
    await bench.say('停电', ['p-1'], { urgent: true })
    await bench.outbox.idle()
    for (let minute = 0; minute < 3; minute += 1) await pass(61, bench)
    expect(texts(bench).slice(tried)).toEqual(['停电'])
    await to(bench, '08:00:00', '2026-11-25')
    expect(texts(bench).slice(tried)).toEqual(['停电', '一'])
    expect((await bench.records()).every(({ state }) => state === 'done')).toBe(true)
  })

  it('do not cut in two what some have already', async () => {
    moveClock(at('20:59:55'))
    const bench = await start([person('p-1')])
    bench.script.push(() => [], notConnected())
    await bench.say('上|下', ['p-1'])
    await bench.outbox.idle()
    await to(bench, '21:00:30')
    expect(texts(bench)).toEqual(['上', '下', '下'])
  })

  it('let a call be repeated that nobody knows to have arrived', async () => {
    moveClock(at('20:59:50'))
    const bench = await start([person('p-1')])
    bench.script.push(ambiguous(), notConnected())
    await bench.say('一', ['p-1'])
    await until(() => bench.sent.length === 1)
    await bench.outbox.idle()
    await to(bench, '21:05:00')
    await to(bench, '21:10:00')
    expect(texts(bench)).toEqual(['一', '一', '一'])
    expect((await bench.records())[0]).toMatchObject({ state: 'done', unreached: [] })
  })
})

describe('what is of no use after an instant', () => {
  it('is dropped where nobody has it by then, and kept with its reason', async () => {
    moveClock(at('22:00:00'))
    const bench = await start([person('p-1')])
    await bench.say('一小时后开会', ['p-1'], { until: at('07:30:00', '2026-11-25') })
    await to(bench, '08:00:00', '2026-11-25')
    expect(bench.sent).toEqual([])
    expect((await bench.records())[0]).toMatchObject({ state: 'done', unreached: [{ personId: 'p-1', code: 'late' }] })
  })

  it('is dropped, too, where it was only tried in vain', async () => {
    const bench = await start([person('p-1')])
    bench.fallback.play = notConnected()
    await bench.say('一小时后开会', ['p-1'], { until: at('10:30:00') })
    await bench.outbox.idle()
    bench.fallback.play = () => []
    const tried = bench.sent.length
    await to(bench, '10:31:00')
    await pass(61, bench)
    expect(bench.sent).toHaveLength(tried)
    expect((await bench.records())[0]?.unreached).toMatchObject([{ code: 'late' }])
  })

  it('is not dropped where it went out between the look and the dropping, or where its time is not over', async () => {
    const bench = await start([person('p-1')])
    const never = held()
    bench.script.push(never.play)
    await bench.say('一小时后开会', ['p-1'], { until: at('10:30:00') })
    await until(() => bench.sent.length === 1)
    const ledger = createLedger(bench.store, { courier: bench.courier, clientDefault: 'text' })
    moveClock(at('10:31:00'))
    await ledger.expire('o-1')
    expect((await bench.records())[0]).toMatchObject({ state: 'underway', unreached: [] })
    never.answer()
    await bench.outbox.idle()
    expect((await bench.records())[0]).toMatchObject({ state: 'done', unreached: [], calls: [{ state: 'done' }] })
    await bench.say('两小时后开会', ['p-1'], { until: at('12:30:00'), dueAt: at('12:00:00') })
    await ledger.expire('o-2')
    expect((await bench.records())[1]).toMatchObject({ state: 'waiting', calls: null })
  })

  it('goes at that instant still', async () => {
    const bench = await start([person('p-1')])
    await bench.say('开会', ['p-1'], { until: at('10:30:00') })
    await bench.outbox.idle()
    expect(bench.sent).toHaveLength(1)
  })
})

describe('who started a broadcast', () => {
  it('is told once when everybody was tried: how many, and that some were not reached', async () => {
    const bench = await start([...manyPeople(3), person('p-4', { noPhone: true })])
    bench.script.push(() => [{ userId: 'u-p-2', code: 'invalid', advice: '请本人激活' }])
    await bench.say('通知|第二页', ['p-1', 'p-2', 'p-4'], { about: 'n-1', reportTo: 'p-3' })
    await bench.outbox.idle()
    expect(bench.textsOf('u-p-3')).toEqual([
      'n-1 发完了：共 3 人，送出 1 人，1 人无手机，1 人没有送到。看是谁、怎么办，请发：发送记录',
    ])
  })

  it('hears of nobody missed where the rest has no phone', async () => {
    const bench = await start([...manyPeople(2), person('p-4', { noPhone: true })])
    await bench.say('通知', ['p-1', 'p-4'], { about: 'n-1', reportTo: 'p-2' })
    await bench.outbox.idle()
    expect(bench.textsOf('u-p-2')).toEqual(['n-1 发完了：共 2 人，送出 1 人，1 人无手机。'])
  })

  it('is told at night as well: he waits for it', async () => {
    moveClock(at('22:00:00'))
    const bench = await start(manyPeople(2))
    await bench.say('停电', ['p-1'], { about: 'n-1', reportTo: 'p-2', urgent: true })
    await bench.outbox.idle()
    expect(bench.textsOf('u-p-2')).toEqual(['n-1 发完了：共 1 人，送出 1 人。'])
  })
})

it('the ids that a recall needs are kept, call by call', async () => {
  const bench = await start(manyPeople(1001))
  await bench.say('上|下', ids(1001))
  await bench.outbox.idle()
  const [record] = await bench.records()
  expect(record?.calls?.map(call => call.msgids?.length)).toEqual([1, 1, 1, 1])
  expect(new Set(record?.calls?.flatMap(call => call.msgids)).size).toBe(4)
})

describe('a picture', () => {
  async function startWith(script: (string | Error)[], roster = manyPeople(2)) {
    const asked: string[] = []
    const bench = await startOutbox(roster, undefined, undefined, async mediaId => {
      asked.push(mediaId)
      const answer = script.shift() ?? `again-${mediaId}`
      if (answer instanceof Error) throw answer
      return answer
    })
    open.push(bench)
    bench.outbox.start()
    const show = (to: readonly string[], reportTo?: string) =>
      bench.store.update('township', tx =>
        tx.send({ text: '看', picture: 'mine' }, to, { about: 'n-1', ...(reportTo && { reportTo }) }),
      )
    const shown = () =>
      bench.sent.map(({ part }) => (part.image as { media_id: string } | undefined)?.media_id ?? textOf(part))
    return { ...bench, asked, show, shown }
  }

  it('is uploaded once for all, and sent after the words', async () => {
    const bench = await startWith([], [person('p-1', { client: 'cards' }), person('p-2')])
    await bench.show(ids(2))
    await bench.outbox.idle()
    expect([bench.asked, bench.shown()]).toEqual([['mine'], ['看', 'again-mine']])
    expect((await bench.records())[0]).toMatchObject({ mediaId: 'again-mine', message: { picture: 'mine' } })
  })

  it('is uploaded after a failure, and not again where the message has to wait after that', async () => {
    const bench = await startWith([
      new WecomUnreachableError('media/get', false),
      new WecomError('media/upload', -1, ''),
    ])
    bench.script.push(notConnected())
    await bench.show(['p-1'])
    await bench.outbox.idle()
    expect(bench.sent).toEqual([])
    await pass(2, bench)
    await pass(3, bench)
    await pass(5, bench)
    expect([bench.asked, bench.shown()]).toEqual([
      ['mine', 'mine', 'mine'],
      ['看', '看', 'again-mine'],
    ])
  })

  it('is not uploaded again by the next start', async () => {
    const bench = await startWith([])
    const never = held()
    bench.script.push(never.play)
    await bench.show(['p-1'])
    await until(() => bench.sent.length === 1)
    const after = await start([], bench.folder)
    await after.outbox.idle()
    expect(after.sent.map(({ part }) => part.msgtype)).toEqual(['text', 'image'])
    expect(bench.asked).toHaveLength(1)
    never.answer()
  })

  it.each([
    ['has expired', new WecomError('media/get', 40007, '')],
    ['breaks a limit of ours', new TypeError('too large')],
  ])('that %s is left out: the words go, and who started it is told', async (_, error) => {
    const bench = await startWith([error])
    await bench.show(['p-1'], 'p-2')
    await bench.outbox.idle()
    expect(bench.textsOf('u-p-1')).toEqual(['看'])
    expect(bench.textsOf('u-p-2')[0]).toContain('只发了文字')
  })

  it('for which WeCom stays busy is left out in the end; a network that is down is waited for', async () => {
    const busy = await startWith(Array.from({ length: 20 }, () => new WecomError('media/upload', -1, '')))
    await busy.show(['p-1'])
    for (let minute = 0; minute < 12; minute += 1) await pass(61, busy)
    expect([busy.asked.length, busy.shown()]).toEqual([10, ['看']])
    const down = await startWith(Array.from({ length: 20 }, () => new WecomUnreachableError('media/get', false)))
    await down.show(['p-1'])
    for (let minute = 0; minute < 25; minute += 1) await pass(61, down)
    expect([down.asked.length, down.shown()]).toEqual([21, ['看', 'again-mine']])
  })
})

it('a person deleted in the middle is kept as not reached, the others get it', async () => {
  moveClock(at('22:00:00'))
  const bench = await start(manyPeople(3))
  await bench.say('通知', ids(3))
  await bench.store.update('township', tx => tx.put(people, person('p-2', { status: 'transferred', userId: null })))
  bench.script.push(refusedWith(45009, new Date(at('08:00:30', '2026-11-25'))))
  await to(bench, '08:00:00', '2026-11-25')
  await pass(31, bench)
  expect(bench.sent.at(-1)?.userIds).toEqual(['u-p-1', 'u-p-3'])
  expect(await bench.store.read(async tx => (await tx.get(outbox, 'o-1'))?.unreached)).toMatchObject([
    { personId: 'p-2', code: 'left' },
  ])
})
