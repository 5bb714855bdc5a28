import { AsyncResource } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { nowMs, onClockMoved } from '../clock.ts'
import { goesAt, isQuiet, QUIET_HOURS } from '../domain/quiet.ts'
import { logIncident } from '../log.ts'
import type { Store } from '../store/records.ts'
import type { Client, Courier } from './message.ts'
import { createAgenda } from './outbox-agenda.ts'
import { createDelivery } from './outbox-delivery.ts'
import { createLedger, goesAtNight, isExpired } from './outbox-ledger.ts'
import { createUploads, type UploadsOptions } from './outbox-uploads.ts'

/** `rehost`, `makeFile` and `uploadFile`: for what a message has besides words, before they are sent. */
export interface OutboxOptions extends Omit<UploadsOptions, 'ledger'> {
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
  /** Pushed replies count in the same thirty a minute as what is queued. */
  notePushed(personId: string): void
  hasRoom(personId: string): boolean
  /** Nothing due can go out now and no call is under way; what waits for a later instant does not count. */
  idle(): Promise<void>
  /** Sends nothing more and waits some seconds for the calls under way; what they leave open, the next start finishes. */
  stop(): Promise<void>
}

/** Only a safety net: whatever makes a message due wakes the outbox itself. */
const LOOK_AGAIN_MS = 30_000
const STOP_WITHIN_MS = 3000
/** Looking costs by the number of unfinished records: at 20 a millisecond it takes some percent of the time at most. */
const RECORDS_PER_MS = 20
const LONGEST_BREAK_MS = 500

/**
 * Delivers what `tx.send` queued, each message once. Per person the order is that of the records; what is stuck holds up
 * nobody who is not waiting for it himself.
 */
export function createOutbox({ store, courier, clientDefault, ...bringing }: OutboxOptions): Outbox {
  const ledger = createLedger(store, { courier, clientDefault })
  const agenda = createAgenda()
  const atNight = () => isQuiet(new Date(nowMs()), quietHours)
  const delivery = createDelivery({ ledger, agenda, courier, uploads: createUploads({ ledger, ...bringing }), atNight })
  /** As the last look found them. */
  let quietHours = QUIET_HOURS
  let started = false
  let looking = false
  let wanted = false
  let nextDue = Number.POSITIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let unsubscribe: (() => void)[] = []
  const idlers: (() => void)[] = []

  // Bound: a commit wakes it from inside an update, where the store lets nobody else read or write.
  const wake: () => void = AsyncResource.bind(() => {
    wanted = started
    if (wanted && !looking) void lookWhileWanted()
  })

  /** Never rejects. */
  async function lookWhileWanted(): Promise<void> {
    looking = true
    while (wanted && started) {
      wanted = false
      const seen = await look().catch((error: unknown) => {
        if (started) logIncident('the outbox could not be read', error)
        return 0
      })
      goOn()
      const breakMs = Math.min(seen / RECORDS_PER_MS, LONGEST_BREAK_MS)
      if (wanted && breakMs >= 1) await delay(breakMs)
    }
    looking = false
    goOn()
  }

  /** Takes up what is due; resolves with how many records it saw. */
  async function look(): Promise<number> {
    const { records, quiet } = await ledger.unfinished()
    quietHours = quiet
    const now = nowMs()
    let next = Number.POSITIVE_INFINITY
    for (const record of records) {
      const dueAt = goesAt(record, goesAtNight(record), now, quiet)
      if (dueAt > now) next = Math.min(next, dueAt)
      else if (isExpired(record, now)) await ledger.expire(record.outgoingId)
      else if (!agenda.holds(record.outgoingId)) agenda.enter(record.outgoingId, await ledger.errandsOf(record))
    }
    nextDue = next
    agenda.sweep()
    return records.length
  }

  /** Starts what can start, arms the timer, and tells those who wait for quiet. */
  function goOn(): void {
    for (let next = started ? agenda.start() : null; next; next = agenda.start()) void delivery.run(next).then(goOn)
    if (started) arm()
    if (looking || agenda.isRunning()) return
    for (const tell of idlers.splice(0)) tell()
  }

  function arm(): void {
    clearTimeout(timer)
    const untilNext = Math.min(nextDue, agenda.nextAt()) - nowMs()
    timer = setTimeout(wake, Math.max(1, Math.min(untilNext, LOOK_AGAIN_MS))).unref()
  }

  const quiet = () =>
    new Promise<void>(resolve => {
      idlers.push(resolve)
      goOn()
    })

  return {
    start() {
      started = true
      unsubscribe = [store.onQueued(wake), onClockMoved(wake)]
      wake()
    },
    wake,
    notePushed: personId => agenda.noteSent([personId]),
    hasRoom: agenda.hasRoom,
    idle() {
      wake()
      return quiet()
    },
    async stop() {
      started = false
      clearTimeout(timer)
      for (const end of unsubscribe.splice(0)) end()
      await Promise.race([quiet(), delay(STOP_WITHIN_MS, undefined, { ref: false })])
    },
  }
}
