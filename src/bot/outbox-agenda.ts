import { nowMs } from '../clock.ts'
import { createLanes, type Errand } from './outbox-lanes.ts'
import { createPace } from './outbox-pace.ts'
import { createRests } from './outbox-rests.ts'
import { turnOf } from './outbox-turn.ts'

export type Groups = readonly (readonly string[])[]

export interface Started {
  errand: Errand
  groups: Groups
}

export type Agenda = ReturnType<typeof createAgenda>

const MOST_AT_ONCE = 4
const RELEASED_AGAIN_MS = 1000

/** What is due, in memory: who is in whose way, who rests, and what may start now. Losing it loses nothing. */
export function createAgenda() {
  const lanes = createLanes()
  const pace = createPace()
  const rests = createRests()
  /** The records that were taken up, each with the errands it still has. */
  const taken = new Map<string, Set<Errand>>()
  /** Errands whose turn has to be looked at, in this order. */
  const candidates = new Set<Errand>()
  const running = new Set<Errand>()

  /** Making a file takes the worker's time, not WeCom's: whoever waits for one holds up nobody else's words. */
  const calling = (): number => [...running].filter(({ file }) => file === undefined).length

  const isTaken = (errand: Errand): boolean => taken.get(errand.outgoingId)?.has(errand) ?? false

  function enter(outgoingId: string, errands: readonly Errand[]): void {
    taken.set(outgoingId, new Set(errands))
    for (const errand of errands) {
      lanes.enter(errand)
      candidates.add(errand)
    }
  }

  function leave(errand: Errand): void {
    for (const front of lanes.leave(errand)) candidates.add(front)
    const errands = taken.get(errand.outgoingId)
    errands?.delete(errand)
    if (errands?.size === 0) taken.delete(errand.outgoingId)
  }

  function rest(errand: Errand, until: number): void {
    rests.start(errand, nowMs(), until)
    // For those behind it, somebody is stuck from now on.
    for (const other of lanes.behind(errand)) candidates.add(other)
  }

  /** The groups to serve, where the errand can start. What cannot is looked at again when what is in its way changes. */
  function groupsNow(errand: Errand): Groups | null {
    const now = nowMs()
    if (running.has(errand) || !isTaken(errand) || rests.until(errand, now) > now) return null
    const turn = turnOf(errand, { lanes, pace, restsUntil: other => rests.until(other, now), now })
    if (turn.is === 'rest') rest(errand, turn.until)
    return turn.is === 'go' ? turn.groups : null
  }

  return {
    holds: (outgoingId: string): boolean => taken.has(outgoingId),
    /** Takes up a record with what is left to do of it. */
    enter,
    /** The errand is over. */
    leave,
    /** Its calls take the place of a record that was never tried; `first` runs on in its stead. */
    replace(errand: Errand, errands: readonly Errand[], first: Errand | undefined): void {
      enter(errand.outgoingId, errands)
      running.delete(errand)
      if (first) running.add(first)
      leave(errand)
    },
    /** Lets go of its record, which is taken up again when it is due; as long as another part of it runs, it only rests. */
    release(errand: Errand): void {
      const errands = [...(taken.get(errand.outgoingId) ?? [])]
      if (errands.some(other => other !== errand && running.has(other))) rest(errand, nowMs() + RELEASED_AGAIN_MS)
      else for (const one of errands) leave(one)
    },
    /** Nothing of it before this instant. */
    rest,
    /** Nothing of anybody before this instant. */
    pause: (until: number): void => rests.pause(nowMs(), until),
    /** WeCom may have counted a call for each of these people. */
    noteSent: (people: readonly string[]): void => pace.note(people, nowMs()),
    /** Whether one more message to this person would not be dropped. */
    hasRoom: (personId: string): boolean => pace.roomAt(personId, nowMs()) <= nowMs(),
    /** Looks at the clock: who has rested long enough may start. */
    sweep(): void {
      const now = nowMs()
      for (const errand of rests.over(now)) candidates.add(errand)
      pace.sweep(now)
    },
    /** The next errand that can start; from now on it runs. */
    start(): Started | null {
      for (const errand of candidates) {
        if (calling() >= MOST_AT_ONCE || rests.paused(nowMs())) return null
        candidates.delete(errand)
        const groups = groupsNow(errand)
        if (!groups) continue
        running.add(errand)
        return { errand, groups }
      }
      return null
    },
    /** It runs no more, whatever came of it. */
    stopRunning(errand: Errand): void {
      running.delete(errand)
      if (isTaken(errand)) candidates.add(errand)
    },
    isRunning: (): boolean => running.size > 0,
    /** When somebody's rest ends next. */
    nextAt: (): number => rests.next(nowMs()),
  }
}
