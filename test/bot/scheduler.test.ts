import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Job, JobContext } from '../../src/bot/job.ts'
import { createScheduler } from '../../src/bot/scheduler.ts'
import { moveClock } from '../../src/clock.ts'
import { type Outgoing, outbox, people, slots } from '../../src/store/collections.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import type { Store } from '../../src/store/records.ts'
import { onStage, person, until } from './outbox-stage.ts'

onStage()

/** Beijing time, on Tuesday 24 November 2026 unless a day is given. */
const at = (time: string, day = '2026-11-24') => new Date(`${day}T${time}:00+08:00`)
const spell = (instant: Date) =>
  new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ')

const open: { close(): Promise<void> }[] = []
beforeEach(() => {
  moveClock(at('10:00'))
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** A job that notes the slots it ran for, and tells p-1 and p-2. */
function told(ran: string[], more: Partial<Job> = {}): Job {
  return {
    name: 'reminder',
    summary: 'reminds',
    cron: '0 19 * * *',
    catchUpMinutes: 120,
    async run(ctx) {
      ran.push(spell(ctx.slot))
      return tell(ctx, ['p-1', 'p-2'])
    },
    ...more,
  }
}

async function tell(ctx: JobContext, personIds: readonly string[]): Promise<string> {
  const sent = await ctx.each(personIds, personId =>
    ctx.update('township', tx => tx.send({ text: `提醒 ${personId}` }, [personId], { key: `remind:${personId}` })),
  )
  return `told ${sent.filter(id => id !== null).length} of ${personIds.length}`
}

async function start(jobs: readonly Job[], from?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'zhibu-scheduler-'))
  if (from) await cp(from, folder, { recursive: true })
  const store = await openLowdbStore({ folder, corpId: 'ww0123456789abcdef' })
  if (!from)
    await store.update('township', async tx => {
      for (const personId of ['p-1', 'p-2', 'p-3']) await tx.insert(people, person(personId))
    })
  const scheduler = createScheduler(store, jobs)
  scheduler.start()
  await scheduler.idle()
  const bench = {
    folder,
    store,
    scheduler,
    /** Moves the clock there; what is due by that has run. */
    async to(instant: Date) {
      moveClock(instant)
      await scheduler.idle()
    },
    sent: (): Promise<readonly Outgoing[]> => store.read(tx => tx.all(outbox)),
    async texts() {
      return (await bench.sent()).map(record => record.message.text)
    },
    async end() {
      scheduler.stop()
      await scheduler.idle()
      await store.close()
    },
    async close() {
      scheduler.stop()
      await scheduler.idle()
      await store.close().catch(() => undefined)
      await rm(folder, { recursive: true, force: true })
    },
  }
  open.push(bench)
  return bench
}

describe('a slot', () => {
  it('runs when its minute comes, once, however often one looks', async () => {
    const ran: string[] = []
    const bench = await start([told(ran)])
    await bench.to(at('18:59'))
    expect(ran).toEqual([])
    await bench.to(at('19:00'))
    for (let n = 0; n < 3; n += 1) await bench.scheduler.idle()
    await bench.to(at('19:01'))
    expect(ran).toEqual(['11-24 19:00'])
    expect(await bench.texts()).toEqual(['提醒 p-1', '提醒 p-2'])
  })

  it('is in Beijing time, whatever the host says', async () => {
    const ran: string[] = []
    const bench = await start([told(ran, { cron: '30 0 25 11 *' })])
    await bench.to(at('00:30', '2026-11-25'))
    expect(ran).toEqual(['11-25 00:30'])
  })

  it('that fell into a new store’s past is not made up for', async () => {
    const ran: string[] = []
    moveClock(at('19:30'))
    const bench = await start([told(ran)])
    await bench.to(at('19:31'))
    expect(ran).toEqual([])
  })

  it('of two jobs in one minute runs for both, in the order of their names', async () => {
    const ran: string[] = []
    const both = ['alpha', 'beta'].map(name =>
      told([], { name, run: async ctx => `${ran.push(`${name} ${spell(ctx.slot)}`)}` }),
    )
    const bench = await start(both)
    await bench.to(at('19:00'))
    expect(ran).toEqual(['alpha 11-24 19:00', 'beta 11-24 19:00'])
  })

  it('of an earlier minute runs before that of a later one, whichever job it is', async () => {
    const ran: string[] = []
    const job = (name: string, cron: string) =>
      told([], { name, cron, run: async ctx => `${ran.push(`${name} ${spell(ctx.slot)}`)}` })
    const bench = await start([job('alpha', '0 19,20 * * *'), job('beta', '30 19 * * *')])
    await bench.to(at('20:05'))
    expect(ran).toEqual(['alpha 11-24 19:00', 'beta 11-24 19:30', 'alpha 11-24 20:00'])
  })
})

describe('catching up', () => {
  const MISSED = ['11-24 19:00']

  it.each([
    ['within its time', '20:59', '2026-11-24', MISSED],
    ['at its last minute', '21:00', '2026-11-24', MISSED],
    ['after it', '21:01', '2026-11-24', []],
    ['for a machine asleep from 18:00 to 07:00', '07:00', '2026-11-25', []],
  ])('%s (%s)', async (_, time, day, expected) => {
    const ran: string[] = []
    const bench = await start([told(ran)])
    await bench.to(at('18:00'))
    await bench.to(at(time, day))
    expect(ran).toEqual(expected)
  })

  it('a machine asleep till the morning does what may be made up for that long', async () => {
    const ran: string[] = []
    const bench = await start([told(ran, { catchUpMinutes: 14 * 60 })])
    await bench.to(at('18:00'))
    await bench.to(at('07:00', '2026-11-25'))
    expect(ran).toEqual(MISSED)
  })

  it('a week that was jumped over leaves only what is still of use', async () => {
    const ran: string[] = []
    const bench = await start([told(ran, { catchUpMinutes: 25 * 60 })])
    await bench.to(at('19:30', '2026-12-01'))
    expect(ran).toEqual(['11-30 19:00', '12-01 19:00'])
  })

  it('a restart makes up for what was missed, once', async () => {
    const ran: string[] = []
    const jobs = [told(ran), told([], { name: 'tick', cron: '* * * * *', catchUpMinutes: 0, run: async () => '' })]
    const first = await start(jobs)
    await first.to(at('18:00'))
    await first.end()
    moveClock(at('20:00'))
    const second = await start(jobs, first.folder)
    await second.to(at('20:01'))
    expect(ran).toEqual(MISSED)
    await second.end()
    const third = await start(jobs, second.folder)
    await third.to(at('20:02'))
    expect(ran).toEqual(MISSED)
  })

  it('a restart after more days than slots are kept still makes up for them', async () => {
    const ran: string[] = []
    const jobs = [
      told(ran, { cron: '0 9 1 * *', catchUpMinutes: 4 * 24 * 60 }),
      told([], { name: 'tick', cron: '0 * * * *', run: async () => '' }),
    ]
    moveClock(at('09:30', '2026-11-20'))
    const first = await start(jobs)
    await first.to(at('10:00', '2026-11-20'))
    await first.end()
    moveClock(at('08:00', '2026-12-03'))
    const second = await start(jobs, first.folder)
    await second.end()
    const third = await start(jobs, second.folder)
    await third.to(at('08:01', '2026-12-03'))
    expect(ran).toEqual(['12-01 09:00'])
  })
})

describe('a clock that is moved back', () => {
  it('lets the minutes come again; nobody is told twice', async () => {
    const ran: string[] = []
    const bench = await start([told(ran)])
    await bench.to(at('19:00'))
    await bench.to(at('12:00'))
    await bench.to(at('19:00'))
    expect(ran).toEqual(['11-24 19:00', '11-24 19:00'])
    expect(await bench.texts()).toEqual(['提醒 p-1', '提醒 p-2'])
  })

  it('before a start does not keep the jobs from running till the time comes that was', async () => {
    const ran: string[] = []
    moveClock(at('10:00', '2026-12-01'))
    const first = await start([told(ran)])
    await first.to(at('19:00', '2026-12-01'))
    await first.end()
    moveClock(at('10:00', '2026-11-30'))
    const second = await start([told(ran)], first.folder)
    await second.to(at('19:00', '2026-11-30'))
    await second.to(at('19:00', '2026-12-01'))
    expect(ran).toEqual(['12-01 19:00', '11-30 19:00', '12-01 19:00'])
    expect(await second.texts()).toHaveLength(4)
  })
})

describe('a job that fails', () => {
  it('half-way is tried again at the next minute, and tells only whom it had not told', async () => {
    const ran: string[] = []
    let broken = true
    const job = told(ran, {
      async run(ctx) {
        ran.push(spell(ctx.slot))
        await tell(ctx, ['p-1'])
        if (broken) throw new Error('half-way')
        return tell(ctx, ['p-1', 'p-2', 'p-3'])
      },
    })
    const bench = await start([job])
    await bench.to(at('19:00'))
    await bench.scheduler.idle()
    expect(ran).toHaveLength(1)
    broken = false
    await bench.to(at('19:01'))
    await bench.to(at('19:02'))
    expect(ran).toEqual(['11-24 19:00', '11-24 19:00'])
    expect(await bench.texts()).toEqual(['提醒 p-1', '提醒 p-2', '提醒 p-3'])
  })

  it('for one of many does the others, and that one later', async () => {
    let broken = true
    const job = told([], {
      run: async ctx => {
        const done = await ctx.each(['p-1', 'p-2', 'p-3'], personId => {
          if (broken && personId === 'p-2') throw new Error('this one')
          return ctx.update('township', tx => tx.send({ text: personId }, [personId], { key: personId }))
        })
        return `${done.length}`
      },
    })
    const bench = await start([job])
    await bench.to(at('19:00'))
    expect(await bench.texts()).toEqual(['p-1', 'p-3'])
    broken = false
    await bench.to(at('19:01'))
    expect(await bench.texts()).toEqual(['p-1', 'p-3', 'p-2'])
  })

  it('by its own report waits for its next slot, or is taken up again where it was broken off', async () => {
    const ran: string[] = []
    const undone = (name: string, again: boolean) =>
      told(ran, {
        name,
        async run(ctx) {
          ran.push(`${name} ${spell(ctx.slot)}`)
          return { report: 'the disk is full', again }
        },
      })
    const bench = await start([undone('later', false), undone('again', true)])
    await bench.to(at('19:00'))
    await bench.to(at('19:01'))
    expect(ran).toEqual(['later 11-24 19:00', 'again 11-24 19:00', 'again 11-24 19:00'])
    const byHand = await bench.scheduler.run('later', { dryRun: false })
    expect(byHand).toEqual({ report: 'the disk is full', sent: [], failed: true })
  })

  it('for ever is given up when it may not be made up for any more', async () => {
    const ran: string[] = []
    const job = told(ran, {
      catchUpMinutes: 3,
      async run(ctx) {
        ran.push(spell(ctx.slot))
        throw new Error('always')
      },
    })
    const bench = await start([job])
    for (let minute = 0; minute < 8; minute += 1) await bench.to(at(`19:0${minute}`))
    expect(ran).toHaveLength(4)
  })

  it('does not keep the next job from its turn', async () => {
    const ran: string[] = []
    const failing = told([], { name: 'alpha', run: () => Promise.reject(new Error('no')) })
    const bench = await start([failing, told(ran)])
    await bench.to(at('19:00'))
    expect(ran).toEqual(['11-24 19:00'])
  })

  it('and was killed with its slot open is taken up by the next start', async () => {
    const ran: string[] = []
    const jobs = [told(ran)]
    const first = await start(jobs)
    const minute = at('19:00').toISOString()
    await first.store.update('slots', tx =>
      tx.insert(slots, {
        slotId: `reminder@${minute.slice(0, 16)}`,
        job: 'reminder',
        minute,
        state: 'open',
        report: null,
      }),
    )
    await first.end()
    moveClock(at('19:05'))
    const second = await start(jobs, first.folder)
    expect(ran).toEqual(['11-24 19:00'])
    expect(await second.texts()).toHaveLength(2)
  })
})

describe('two schedulers on one store', () => {
  /** A job that is under way until it is let go on. */
  function slow(ran: string[]) {
    let letGo: () => void = () => undefined
    const gone = new Promise<void>(resolve => {
      letGo = resolve
    })
    const job = (who: string) =>
      told([], {
        async run(ctx) {
          ran.push(`${who} ${spell(ctx.slot)}`)
          await gone
          return who
        },
      })
    return { job, letGo }
  }

  async function second(store: Store, job: Job) {
    const scheduler = createScheduler(store, [job])
    scheduler.start()
    await scheduler.idle()
    open.unshift({ close: async () => scheduler.stop() })
    return scheduler
  }

  it('run what one of them has under way once, also when it takes its time', async () => {
    const ran: string[] = []
    const { job, letGo } = slow(ran)
    const bench = await start([job('one')])
    const other = await second(bench.store, job('two'))
    moveClock(at('19:00'))
    await until(() => ran.length > 0)
    for (const minute of ['19:01', '19:09']) {
      moveClock(at(minute))
      await setTimeout(20)
    }
    expect(ran).toHaveLength(1)
    letGo()
    await Promise.all([bench.scheduler.idle(), other.idle()])
    await bench.to(at('19:20'))
    await other.idle()
    expect(ran).toHaveLength(1)
  })

  it('take up from each other what was left open for ten minutes', async () => {
    const ran: string[] = []
    const failing = told([], { run: () => Promise.reject(new Error('no')) })
    const bench = await start([failing])
    const other = await second(
      bench.store,
      told([], { cron: '0 0 1 1 *', run: async ctx => `${ran.push(spell(ctx.slot))}` }),
    )
    await bench.to(at('19:00'))
    bench.scheduler.stop()
    moveClock(at('19:09'))
    await other.idle()
    expect(ran).toEqual([])
    moveClock(at('19:11'))
    await other.idle()
    expect(ran).toEqual(['11-24 19:00'])
  })
})

describe('a run by hand', () => {
  it('always runs, and twice sends nothing twice', async () => {
    const ran: string[] = []
    const bench = await start([told(ran)])
    const first = await bench.scheduler.run('reminder', { at: at('19:00'), dryRun: false })
    expect(first).toMatchObject({ report: 'told 2 of 2', failed: false })
    expect(first?.sent).toEqual([
      { to: ['u-p-1'], text: '提醒 p-1' },
      { to: ['u-p-2'], text: '提醒 p-2' },
    ])
    const second = await bench.scheduler.run('reminder', { at: at('19:00'), dryRun: false })
    expect(second).toMatchObject({ report: 'told 0 of 2', sent: [] })
    await bench.to(at('19:00'))
    expect(ran).toHaveLength(3)
    expect(await bench.texts()).toHaveLength(2)
    await bench.scheduler.run('reminder', { at: at('19:00', '2026-11-25'), dryRun: false })
    expect(await bench.texts()).toHaveLength(4)
  })

  it('tells only those whom the first did not, also where they are named together', async () => {
    let to = ['p-1']
    const job = told([], {
      run: ctx => ctx.update('township', async tx => `${await tx.send({ text: '开会' }, to, { key: 'm-1' })}`),
    })
    const bench = await start([job])
    await bench.scheduler.run('reminder', { dryRun: false })
    to = ['p-1', 'p-2', 'p-3']
    await bench.scheduler.run('reminder', { dryRun: false })
    expect((await bench.sent()).map(record => record.to)).toEqual([['p-1'], ['p-2', 'p-3']])
  })

  it('that is dry keeps nothing, and says what would be sent', async () => {
    const job = told([], {
      async run(ctx) {
        await ctx.update('township', async tx => {
          await tx.put(people, person('p-1', { unsubscribed: true }))
          await tx.chore({
            lane: 'chat:b-1',
            by: 'reminder',
            branchId: 'b-1',
            key: 'm-1',
            what: { does: 'post', text: '今晚开会' },
          })
        })
        return tell(ctx, ['p-1', 'p-2'])
      },
    })
    const bench = await start([job])
    const dry = await bench.scheduler.run('reminder', { dryRun: true })
    expect(dry).toEqual({
      report: 'told 2 of 2',
      failed: false,
      sent: [
        { to: ['group:b-1'], text: '今晚开会' },
        { to: ['u-p-1'], text: '提醒 p-1' },
        { to: ['u-p-2'], text: '提醒 p-2' },
      ],
    })
    expect(await bench.sent()).toEqual([])
    expect(await bench.store.read(async tx => (await tx.get(people, 'p-1'))?.unsubscribed)).toBeUndefined()
    expect(await bench.scheduler.run('reminder', { dryRun: false })).toMatchObject({ sent: dry?.sent })
  })

  it('names no job that there is not', async () => {
    const bench = await start([told([])])
    expect(await bench.scheduler.run('nonsense', { dryRun: false })).toBeUndefined()
  })
})

describe('a reminder', () => {
  const remind = {
    run: (ctx: JobContext) =>
      ctx.update(
        'township',
        async tx =>
          `${await tx.send({ text: '请到会' }, ['p-1', 'p-2', 'p-3'], { key: 'm-17', reminder: 'meeting:m-17' })}`,
      ),
  }

  it('of one matter comes once a day, whichever job or officer says it', async () => {
    const bench = await start([told([], remind), told([], { ...remind, name: 'second', cron: '0 20 * * *' })])
    await bench.store.update('township', tx => tx.send({ text: '别忘了' }, ['p-2'], { reminder: 'meeting:m-17' }))
    await bench.to(at('20:00'))
    expect((await bench.sent()).map(record => record.to)).toEqual([['p-2'], ['p-1', 'p-3']])
    await bench.to(at('20:00', '2026-11-25'))
    expect((await bench.sent()).slice(2).map(record => record.to)).toEqual([['p-1', 'p-2', 'p-3']])
    await bench.store.update('township', tx => tx.send({ text: '另一个会' }, ['p-1'], { reminder: 'meeting:m-18' }))
    expect(await bench.sent()).toHaveLength(4)
  })

  it('does not go to who said 退订, has left, has no phone, or is not known; a dry run says the same', async () => {
    const bench = await start([told([], remind)])
    await bench.store.update('township', async tx => {
      await tx.put(people, person('p-1', { unsubscribed: true }))
      await tx.put(people, person('p-2', { noPhone: true }))
    })
    expect(await bench.scheduler.run('reminder', { dryRun: true })).toMatchObject({ sent: [{ to: ['u-p-3'] }] })
    await bench.store.update('township', async tx => {
      await tx.put(people, person('p-3', { status: 'transferred' }))
      expect(await tx.send({ text: '请到会' }, ['p-1', 'p-2', 'p-3', 'p-9'], { reminder: 'meeting:m-17' })).toBeNull()
      expect(await tx.send({ text: '会改期了' }, ['p-1'])).not.toBeNull()
    })
    expect(await bench.sent()).toHaveLength(1)
  })

  it('that could not reach somebody was none for him; the day is that on which it goes', async () => {
    const bench = await start([])
    const remindAll = (dueAt: Date) =>
      bench.store.update('township', tx =>
        tx.send({ text: '请到会' }, ['p-1', 'p-2'], { reminder: 'meeting:m-17', dueAt }),
      )
    await remindAll(at('09:00', '2026-11-25'))
    await bench.store.update('township', async tx => {
      const [first] = await tx.all(outbox)
      if (first) await tx.put(outbox, { ...first, unreached: [{ personId: 'p-2', code: 'late', advice: '' }] })
    })
    await remindAll(at('18:00', '2026-11-25'))
    await remindAll(at('18:00'))
    expect((await bench.sent()).map(record => record.to)).toEqual([['p-1', 'p-2'], ['p-2'], ['p-1', 'p-2']])
  })
})
