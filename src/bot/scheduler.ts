import { randomUUID } from 'node:crypto'
import { createTask, type ScheduledTask, schedule, validate } from 'node-cron'
import { addMinutes, minutesBetween, now, onClockMoved } from '../clock.ts'
import { log, logIncident } from '../log.ts'
import { counters, type Slot, slots } from '../store/collections.ts'
import type { Store } from '../store/records.ts'
import type { Job, JobBackups } from './job.ts'
import { type Planned, runJob } from './job-run.ts'
import { floorMinute, MINUTE_MS, slotsBetween } from './slots.ts'

export interface Scheduler {
  start(): void
  /** Looks for due slots now; resolves when they have run. */
  idle(): Promise<void>
  stop(): void
  /** Runs a job for a slot, whatever ran before; what was sent for it already is not sent again. undefined: no such job. */
  run(name: string, options: { at?: Date | undefined; dryRun: boolean }): Promise<JobReport | undefined>
}

export interface JobReport {
  report: string
  sent: Planned[]
  /** A part of it failed: the incident stands in the log. */
  failed: boolean
}

/** node-cron is the heart-beat, four times a minute, so that a moved clock, whose minutes begin elsewhere, is not a minute late. */
const HEART_BEAT = '*/15 * * * * *'
const ZONE = 'Asia/Shanghai'
/** Whoever has not finished a slot by then is taken for dead; jobs take seconds. */
const LEASE_MINUTES = 10

/**
 * Runs what is due. A slot is a record, and inserting it is the election: nobody else runs it. It stays open until the job
 * has done all of it, so that what failed or was killed half-way is taken up again, and sends only what it had not sent: by
 * who opened it, by a process that starts, or by anybody when its lease is over.
 */
export function createScheduler(store: Store, jobs: readonly Job[], backups: JobBackups | null = null): Scheduler {
  const matchers = new Map(jobs.map(job => [job.name, matcherOf(job.cron)]))
  const by = randomUUID()
  let seen: Date | null = null
  let heart: ScheduledTask | undefined
  let unlisten: (() => void) | undefined
  let looks: Promise<void> = Promise.resolve()
  let started = false

  /** One after the other. */
  function look(): Promise<void> {
    looks = looks.then(lookNow).catch((error: unknown) => {
      logIncident('the scheduler could not go on', error)
    })
    return looks
  }

  async function lookNow(): Promise<void> {
    const to = floorMinute(now())
    if (!started || seen?.getTime() === to.getTime()) return
    if (!seen || to < seen) await forgetAfter(store, to)
    const from = seen && seen < to ? seen : await lastLook(store, to)
    const due = (await Promise.all(jobs.map(job => dueSlots(job, from, to)))).flat()
    const done: Ran[] = []
    // As they would have come: by their minutes, in one minute by the names of the jobs.
    due.sort((one, other) => one.minute.getTime() - other.minute.getTime())
    const isFirst = seen === null
    const isMine = (slot: Slot, at: Date) => isFirst || slot.by === by || isLapsed(slot, at)
    for (const slot of await elect(store, due, by, isMine)) {
      if (!started) break
      const { report, again } = await runJob(store, slot.job, slot.minute, false, backups)
      if (!again) done.push({ slotId: slot.slotId, report })
    }
    await settle(store, done)
    if (!started) return
    await noteLook(store, to)
    seen = to
  }

  async function dueSlots(job: Job, from: Date, to: Date): Promise<DueSlot[]> {
    const earliest = addMinutes(to, -job.catchUpMinutes - 1)
    const match = matchers.get(job.name) ?? (() => false)
    const missed = slotsBetween(match, from < earliest ? earliest : from, to)
    const unfinished = await openSlots(store, job.name, earliest)
    const minutes = new Map([...unfinished, ...missed].map(minute => [minute.getTime(), minute]))
    return [...minutes.values()].map(minute => ({ job, minute, slotId: slotIdOf(job, minute) }))
  }

  return {
    start() {
      started = true
      heart = schedule(HEART_BEAT, () => look(), { timezone: ZONE })
      unlisten = onClockMoved(() => void look())
      void look()
    },
    idle: look,
    stop() {
      started = false
      void heart?.destroy()
      unlisten?.()
    },
    async run(name, { at, dryRun }) {
      const job = jobs.find(each => each.name === name)
      if (!job) return undefined
      const minute = floorMinute(at ?? now())
      const asked = backups && asAskedFor(backups)
      const { report, sent, failed } = await runJob(store, job, minute, dryRun, asked)
      log.info('job run by hand', { job: name, dryRun, failed })
      return { report, sent, failed }
    },
  }
}

/** Whoever asks for a check gets one, whenever the last was. */
function asAskedFor(backups: JobBackups): JobBackups {
  const check = () => backups.check()
  return { nightly: () => backups.nightly(), weekly: check, check }
}

interface DueSlot {
  job: Job
  minute: Date
  slotId: string
}

interface Ran {
  slotId: string
  report: string
}

/** One update for all of them: after a night there are hundreds. Those that are ours to run; the others are done. */
async function elect(
  store: Store,
  due: readonly DueSlot[],
  by: string,
  isMine: (slot: Slot, at: Date) => boolean,
): Promise<readonly DueSlot[]> {
  if (due.length === 0) return []
  return store.update('slots', async tx => {
    const at = tx.now.toISOString()
    const mine: DueSlot[] = []
    for (const slot of due) {
      const { slotId, job, minute } = slot
      const known = await tx.get(slots, slotId)
      if (known && (known.state === 'done' || !isMine(known, tx.now))) continue
      if (known) await tx.put(slots, { ...known, by, at })
      else
        await tx.insert(slots, {
          slotId,
          job: job.name,
          minute: minute.toISOString(),
          state: 'open',
          report: null,
          by,
          at,
        })
      mine.push(slot)
    }
    return mine
  })
}

/** What was opened in the future was opened before the clock was moved back. */
function isLapsed({ at, minute }: Slot, now: Date): boolean {
  const minutes = minutesBetween(new Date(at ?? minute), now)
  return Math.abs(minutes) >= LEASE_MINUTES
}

/** What was not done, or is not noted because the process was killed, is run again, and sends only what it had not sent. */
async function settle(store: Store, done: readonly Ran[]): Promise<void> {
  if (done.length === 0) return
  await store.update('slots', async tx => {
    for (const { slotId, report } of done) {
      const open = await tx.get(slots, slotId)
      if (open) await tx.put(slots, { ...open, state: 'done', report })
    }
  })
}

export const isCron = (fields: string): boolean => validate(fields)

export const slotIdOf = (job: Pick<Job, 'name'>, minute: Date): string =>
  `${job.name}@${minute.toISOString().slice(0, 16)}`

function matcherOf(cron: string): (minute: Date) => boolean {
  const task = createTask(cron, () => undefined, { timezone: ZONE })
  return minute => task.match(minute)
}

/** Slots are kept for days only; how long ago an earlier process looked is told by this, to the hour. */
const LOOK = 'scheduler-look'
const NOTED_EVERY_MINUTES = 60

/** Until when an earlier process looked for due slots. A store without a recorded slot catches up nothing. */
async function lastLook(store: Store, to: Date): Promise<Date> {
  const { all, noted } = await store.read(async tx => ({
    all: await tx.all(slots),
    noted: await tx.get(counters, LOOK),
  }))
  const instants = [
    ...all.map(({ minute }) => Date.parse(minute)),
    (noted?.last ?? Number.POSITIVE_INFINITY) * MINUTE_MS,
  ]
  const past = instants.filter(at => at <= to.getTime())
  return past.length > 0 ? new Date(Math.max(...past)) : to
}

async function noteLook(store: Store, at: Date): Promise<void> {
  const minute = at.getTime() / MINUTE_MS
  const isNoted = await store.read(async tx => {
    const noted = await tx.get(counters, LOOK)
    if (!noted) return (await tx.all(slots)).length === 0
    return noted.last <= minute && minute < noted.last + NOTED_EVERY_MINUTES
  })
  if (isNoted) return
  await store.update('slots', async tx => {
    const record = { name: LOOK, last: minute }
    await ((await tx.get(counters, LOOK)) ? tx.put(counters, record) : tx.insert(counters, record))
  })
}

async function openSlots(store: Store, job: string, since: Date): Promise<Date[]> {
  const open = await store.read(tx => tx.find(slots, 'open', 'yes'))
  return open
    .filter((slot: Slot) => slot.job === job && new Date(slot.minute) > since)
    .map(slot => new Date(slot.minute))
}

/** The clock was moved back: what it had seen of the time after is no longer the past. */
async function forgetAfter(store: Store, at: Date): Promise<void> {
  const isAfter = (slot: Slot) => new Date(slot.minute) > at
  if (!(await store.read(tx => tx.all(slots))).some(isAfter)) return
  await store.update('slots', async tx => {
    for (const slot of await tx.all(slots)) if (isAfter(slot)) await tx.remove(slots, slot.slotId)
  })
}
