import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ambiguous,
  beginByDay,
  inSeconds,
  manyPeople,
  notConnected,
  onStage,
  open,
  pass,
  refusedWith,
  type Sent,
  start,
} from './outbox-stage.ts'

onStage()

const PLAYS = {
  sent: () => [],
  lost: ambiguous(),
  unsent: notConnected(),
  busy: refusedWith(-1),
  paused: refusedWith(45009),
} as const

const message = fc.record({
  to: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 }),
  parts: fc.integer({ min: 1, max: 3 }),
  inSeconds: fc.constantFrom(0, 0, 0, 0, 40, 200),
  more: fc.constantFrom(1, 1, 1, 20),
  passes: fc.constantFrom(0, 0, 0, 1, 30, 70, -50),
})

/** The most that one person got within any 60 seconds. */
function mostInAMinute(calls: readonly Sent[]): number {
  const counts = calls.flatMap(first =>
    first.userIds.map(userId => {
      const within = calls.filter(
        ({ at, userIds }) => userIds.includes(userId) && at >= first.at && at < first.at + 60_000,
      )
      return within.length
    }),
  )
  return Math.max(0, ...counts)
}

test('whatever WeCom does, everything is finished, in order for each person, at most 30 a minute', async () => {
  const messages = fc.array(message, { minLength: 1, maxLength: 12 })
  const plays = fc.array(fc.constantFrom(...(Object.keys(PLAYS) as (keyof typeof PLAYS)[])), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(messages, plays, async (queue, script) => {
      beginByDay()
      const bench = await start(manyPeople(6))
      bench.script.push(...script.map(play => PLAYS[play]))
      let number = 0
      for (const { to, parts, inSeconds: seconds, more, passes } of queue) {
        for (let copy = 0; copy < more; copy += 1) {
          number += 1
          const text = Array.from({ length: parts }, (_, part) => `${number * 10 + part}`).join('|')
          const options = seconds > 0 ? { dueAt: inSeconds(seconds) } : {}
          await bench.say(
            text,
            to.map(index => `p-${index}`),
            options,
          )
        }
        if (passes !== 0) await pass(passes, bench)
      }
      const late = new Set(
        (await bench.records()).filter(record => record.dueAt !== record.at).map(record => record.number),
      )
      for (let minute = 0; minute < 40; minute += 1) await pass(61, bench)
      const records = await bench.records()
      expect(records.filter(record => record.state !== 'done')).toEqual([])
      for (let index = 1; index <= 6; index += 1) {
        const numbers = bench
          .textsOf(`u-p-${index}`)
          .map(Number)
          .filter(one => !late.has(Math.floor(one / 10)))
        expect(numbers).toEqual([...numbers].sort((one, other) => one - other))
        const due = records
          .filter(record => record.to.includes(`p-${index}`))
          .flatMap(record => record.message.text.split('|'))
        expect(new Set(bench.textsOf(`u-p-${index}`))).toEqual(new Set(due))
      }
      const counted = bench.sent.filter((_, at) => ['sent', 'lost'].includes(script[at] ?? 'sent'))
      if (queue.every(({ passes }) => passes >= 0)) expect(mostInAMinute(counted)).toBeLessThanOrEqual(30)
      await bench.close()
      open.splice(open.indexOf(bench), 1)
    }),
    { numRuns: 60 },
  )
}, 120_000)
