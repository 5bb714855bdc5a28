import { AsyncResource } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { nowMs, onClockMoved } from '../clock.ts'
import { quietHours, settingOf } from '../domain/parameters.ts'
import { goesAt } from '../domain/quiet.ts'
import { logIncident } from '../log.ts'
import { type Chore, chores, settings } from '../store/collections.ts'
import type { Store } from '../store/records.ts'
import { createChoreWork, type Rest, type WorkParts } from './chore-work.ts'

export interface Chores {
  start(): void
  /** Nothing that is due now is left, and nothing is under way. */
  idle(): Promise<void>
  stop(): Promise<void>
}

const LOOK_AGAIN_MS = 30_000
const LONGEST_REST_MS = 60_000
const STOP_WITHIN_MS = 3000

/**
 * Does at WeCom what is no message to people: posts in groups, groups made and kept in step, recalls. The chores of a lane
 * are done one after the other; lanes know nothing of each other.
 */
export function createChores(parts: WorkParts & { store: Store }): Chores {
  const { store } = parts
  const work = createChoreWork(parts)
  const running = new Map<string, Promise<void>>()
  /** Lanes that wait: for WeCom's minute to be over, or after a call that came to nothing. */
  const rests = new Map<string, { from: number; until: number; tries: number }>()
  let started = false
  let looking: Promise<void> | null = null
  let wanted = false
  let timer: NodeJS.Timeout | undefined
  let unsubscribe: (() => void)[] = []

  // Bound: a commit wakes it from inside an update, where the store lets nobody else read or write.
  const wake: () => void = AsyncResource.bind(() => {
    wanted = started
    if (wanted) looking ??= lookWhileWanted()
  })

  async function lookWhileWanted(): Promise<void> {
    while (wanted && started) {
      wanted = false
      await look().catch((error: unknown) => {
        logIncident('the chores could not be read', error)
        arm(nowMs() + LOOK_AGAIN_MS)
      })
    }
    looking = null
  }

  async function look(): Promise<void> {
    const { unfinished, quiet } = await store.read(async tx => ({
      unfinished: [...(await tx.find(chores, 'unfinished', 'yes'))].sort((a, b) => a.number - b.number),
      quiet: settingOf(quietHours, await tx.get(settings, quietHours.name)),
    }))
    const now = nowMs()
    let next = now + LOOK_AGAIN_MS
    const seen = new Set<string>()
    for (const chore of unfinished) {
      const mayGoAt = goesAt(chore, goesAtNight(chore), now, quiet)
      const at = Math.max(mayGoAt, restOf(chore.lane, now))
      if (at > now) next = Math.min(next, at)
      // What waits for its time holds up nobody; what is due keeps its order.
      if (seen.has(chore.lane) || running.has(chore.lane) || mayGoAt > now) continue
      seen.add(chore.lane)
      if (at <= now) begin(chore)
    }
    arm(next)
  }

  function arm(at: number): void {
    clearTimeout(timer)
    if (started) timer = setTimeout(wake, Math.max(1, Math.min(at - nowMs(), LOOK_AGAIN_MS))).unref()
  }

  /** A rest that begins in the future was noted before the clock was moved back: it is over. */
  function restOf(lane: string, now: number): number {
    const rest = rests.get(lane)
    return rest && rest.from <= now && now < rest.until ? rest.until : now
  }

  function begin({ choreId, lane }: Chore): void {
    const tries = rests.get(lane)?.tries ?? 0
    const done = work(choreId, tries)
      .catch((error: unknown): Rest => {
        logIncident('a chore could not go on', error, { choreId })
        return { ms: LONGEST_REST_MS, counts: true }
      })
      .then(rest => {
        const from = nowMs()
        if (!rest) rests.delete(lane)
        else rests.set(lane, { from, until: from + rest.ms, tries: rest.counts ? tries + 1 : tries })
        running.delete(lane)
        wake()
      })
    running.set(lane, done)
  }

  async function quiet(): Promise<void> {
    while (looking || running.size > 0) await Promise.all([looking, ...running.values()])
  }

  return {
    start() {
      started = true
      unsubscribe = [store.onQueued(wake), onClockMoved(wake)]
      wake()
    },
    async idle() {
      wake()
      await quiet()
    },
    async stop() {
      started = false
      clearTimeout(timer)
      for (const end of unsubscribe.splice(0)) end()
      await Promise.race([quiet(), delay(STOP_WITHIN_MS, undefined, { ref: false })])
    },
  }
}

/** What a phone may show: a post, and that somebody was put into a group. What was begun is finished. */
const goesAtNight = ({ urgent, state, what }: Chore): boolean =>
  urgent === true || state === 'underway' || (what.does !== 'post' && what.does !== 'sync-chat')
