import { expect, it } from 'vitest'
import { moveClock } from '../../src/clock.ts'
import { type Bench, held, manyPeople, onStage, start, until } from './outbox-stage.ts'

onStage()

/** Taking back what nobody has yet, against a deliverer at work. */

const stop = (bench: Bench) => bench.store.update('outbox:o-1', tx => tx.stopSending('o-1'))

it('a call under way arrives and the rest of its text follows; the others get nothing', async () => {
  moveClock(new Date('2026-11-24T10:00:00+08:00'))
  const bench = await start(manyPeople(1001))
  const first = held()
  bench.script.push(first.play)
  await bench.say(
    '一|二',
    [...Array(1001).keys()].map(at => `p-${at + 1}`),
  )
  await until(() => bench.sent.length === 1)
  const stopped = await stop(bench)
  expect(stopped).toEqual(['p-1001'])
  first.answer()
  await bench.outbox.idle()
  expect(bench.textsOf('u-p-1')).toEqual(['一', '二'])
  expect(bench.textsOf('u-p-1001')).toEqual([])
  expect((await bench.records())[0]?.state).toBe('done')
})

it('what is not begun is finished without a call, once', async () => {
  moveClock(new Date('2026-11-24T10:00:00+08:00'))
  const bench = await start(manyPeople(2))
  const busy = held()
  bench.script.push(busy.play)
  await bench.say('占线', ['p-1'])
  await until(() => bench.sent.length === 1)
  await bench.say('不发了', ['p-1'])
  const stopped = await bench.store.update('outbox:o-2', tx => tx.stopSending('o-2'))
  expect(stopped).toEqual(['p-1'])
  expect(await bench.store.update('outbox:o-2', tx => tx.stopSending('o-2'))).toEqual([])
  busy.answer()
  await bench.outbox.idle()
  expect(bench.textsOf('u-p-1')).toEqual(['占线'])
  const record = (await bench.records()).find(each => each.outgoingId === 'o-2')
  expect(record).toMatchObject({ state: 'done', calls: [], unreached: [{ personId: 'p-1', code: 'stopped' }] })
})
