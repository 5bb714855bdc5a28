import { AsyncResource } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { nowMs, onClockMoved } from '../clock.ts'
import { log, logIncident } from '../log.ts'
import type { Store } from '../store/records.ts'
import type { Client, Courier } from './message.ts'
import { attempt, missedBy, missedUnsure } from './outbox-attempt.ts'
import { createLanes, type Errand } from './outbox-lanes.ts'
import { createLedger, type Marked } from './outbox-ledger.ts'
import { createPace } from './outbox-pace.ts'
import { createRests } from './outbox-rests.ts'
import { turnOf } from './outbox-turn.ts'

export interface OutboxOptions {
  store: Store
  courier: Courier
  /** How a member of unknown client sees messages. */
  clientDefault: Client
}

export interface Outbox {
  /** Takes up what an earlier process left, then whatever is queued. */
  start(): void
  /** Looks for due messages now. Nobody has to call it: commits, due times and the moved clock do. */
  wake(): void
  /** Nothing due can go out now and no call is under way; what waits for a later instant does not count. */
  idle(): Promise<void>
  /** Sends nothing more and waits some seconds for the calls under way; what they leave open, the next start finishes. */
  stop(): Promise<void>
}

const CALLS_AT_ONCE = 4
/** Only a safety net: whatever makes a message due wakes the outbox itself. */
const LOOK_AGAIN_MS = 30_000
const PAUSE_MS = 60_000
const LONGEST_DELAY_MS = 60_000
const STOP_WITHIN_MS = 5000
/** Looking costs by the number of unfinished records; at 20 a millisecond it stays below some percent of the time. */
const RECORDS_PER_MS = 20
const LONGEST_BREAK_MS = 500

/**
 * Delivers what `tx.send` queued. Each message goes out once: a call is marked on the disk before it is made, one that
 * was under way at a time-out or a kill is repeated once, identical, and WeCom drops what it already has. Per person the
 * order is that of the records; what is stuck holds up nobody else.
 */
export function createOutbox({ store, courier, clientDefault }: OutboxOptions): Outbox {
  const ledger = createLedger(store, { courier, clientDefault })
  const lanes = createLanes()
  const pace = createPace()
  const rests = createRests()
  /** Records that were taken up, each with the errands it still has. */
  const taken = new Map<string, Set<Errand>>()
  /** Errands whose turn has to be looked at, in this order. */
  const candidates = new Set<Errand>()
  const running = new Map<Errand, Promise<void>>()
  const state: 'built' | 'started' | 'stopped' = 'built'
  let looking: Promise<void> | null = null
  let wanted = false
  let nextDue = Number.POSITIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  const idlers: (() => void)[] = []
  const unsubscribe: (() => void)[] = []

  // Bound: a commit wakes it from inside an update, where the store lets nobody read.
  const wake = AsyncResource.bind(() => {
    if (state !== 'started') return
    wanted = true
    looking ??= lookWhileWanted().finally(() => {
      looking = null
      // Somebody may have woken it between the last look and here.
      if (wanted) wake()
      else goOn()
    })
  })

  async function lookWhileWanted(): Promise<void> {
    while (wanted && state === 'started') {
      wanted = false
      try {
        const found = await look()
        goOn()
        const pauseMs = Math.min(found / RECORDS_PER_MS, LONGEST_BREAK_MS)
        if (wanted && pauseMs >= 1) await delay(pauseMs)
      } catch (error) {
        if (state === 'started') logIncident('the outbox could not be read', error)
      }
    }
  }

  /** Takes up what is due; resolves with how many records it saw. */
  async function look(): Promise<number> {
    const records = await ledger.unfinished()
    const now = nowMs()
    nextDue = Number.POSITIVE_INFINITY
    for (const record of records) {
      const dueAt = Date.parse(record.dueAt)
      if (taken.has(record.outgoingId)) continue
      if (dueAt > now) nextDue = Math.min(nextDue, dueAt)
      else enter(record.outgoingId, await ledger.errandsOf(record))
    }
    for (const errand of rests.over(now)) candidates.add(errand)
    pace.sweep(now)
    return records.length
  }

  function enter(outgoingId: string, errands: readonly Errand[]): void {
    taken.set(outgoingId, new Set(errands))
    for (const errand of errands) {
      lanes.enter(errand)
      candidates.add(errand)
    }
  }

  /** Starts what can start, arms the timer, and tells those who wait for quiet. */
  function goOn(): void {
    if (state === 'started') {
      for (const errand of candidates) {
        if (running.size >= CALLS_AT_ONCE || rests.paused(nowMs())) break
        candidates.delete(errand)
        takeTurn(errand)
      }
      arm()
    }
    const quiet = candidates.size === 0 || rests.paused(nowMs()) || state !== 'started'
    if (!quiet || running.size > 0 || (looking && state === 'started')) return
    for (const tell of idlers.splice(0)) tell()
  }

  function takeTurn(errand: Errand): void {
    if (running.has(errand) || !taken.get(errand.outgoingId)?.has(errand)) return
    const now = nowMs()
    if (rests.until(errand, now) > now) return
    const turn = turnOf(errand, { lanes, pace, restsUntil: other => rests.until(other, now), now })
    if (turn.is === 'rest') rest(errand, turn.until)
    if (turn.is === 'go') running.set(errand, run(errand, turn.groups))
  }

  function arm(): void {
    clearTimeout(timer)
    const now = nowMs()
    const wait = Math.min(nextDue - now, rests.next(now) - now, LOOK_AGAIN_MS)
    timer = setTimeout(wake, Math.max(wait, 1)).unref()
  }

  function rest(errand: Errand, until: number): void {
    rests.start(errand, nowMs(), until)
    // For those behind, it is stuck from now on.
    for (const other of lanes.behind(errand)) candidates.add(other)
  }

  function restAfterFailure(errand: Errand): void {
    const delayMs = Math.min(1000 * 2 ** errand.tries, LONGEST_DELAY_MS)
    errand.tries += 1
    rest(errand, nowMs() + delayMs)
  }

  /** Never rejects. */
  async function run(errand: Errand, groups: readonly (readonly string[])[]): Promise<void> {
    const marked = await guard(errand, () => (errand.index === null ? open(errand, groups) : mark(errand)))
    if (marked) await guard(marked.errand, () => carry(marked))
    running.delete(errand)
    goOn()
  }

  /** The store failed, or there is a bug: what the disk says decides what the next try does. */
  async function guard<T>(errand: Errand, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (error) {
      logIncident('the outbox could not go on', error, { outgoingId: errand.outgoingId })
      restAfterFailure(errand)
      return null
    }
  }

  /** Puts the errands of its calls in the place of a record that was never tried. */
  async function open(errand: Errand, groups: readonly (readonly string[])[]): Promise<Marked | null> {
    const opened = await ledger.open(errand.outgoingId, groups)
    const marked = opened?.marked ?? null
    enter(errand.outgoingId, opened?.errands ?? [])
    if (marked) {
      candidates.delete(marked.errand)
      const own = running.get(errand)
      if (own) running.set(marked.errand, own)
    }
    leave(errand)
    return marked
  }

  async function mark(errand: Errand): Promise<Marked | null> {
    const marked = await ledger.mark(errand)
    if (!marked) leave(errand)
    return marked
  }
