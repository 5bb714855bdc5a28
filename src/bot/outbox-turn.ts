import type { Errand, Lanes } from './outbox-lanes.ts'
import type { Pace } from './outbox-pace.ts'

/** Whose turn it is. Whom a wait of this length holds up is waited for, so that one message stays one call. */
const WORTH_WAITING_MS = 3000

/**
 * 'go': the people of `groups[0]` can be served now; every other group waits for something else of its own and gets its
 * own calls. 'rest': nothing before this instant. 'wait': for an errand in front; its end asks again.
 */
export type Turn = { is: 'go'; groups: readonly (readonly string[])[] } | { is: 'rest'; until: number } | { is: 'wait' }

export interface Situation {
  lanes: Pick<Lanes, 'front'>
  pace: Pick<Pace, 'roomAt'>
  /** When a resting errand goes on; 0 where it does not rest. */
  restsUntil(errand: Errand): number
  now: number
}

export const turnOf = (errand: Errand, situation: Situation): Turn =>
  errand.index === null ? turnOfRecord(errand, situation) : turnOfCall(errand, situation)

/** A call goes to all of its people at once. */
function turnOfCall(errand: Errand, { lanes, pace, now }: Situation): Turn {
  if (errand.people.some(personId => lanes.front(personId) !== errand)) return { is: 'wait' }
  const until = errand.people.reduce((latest, personId) => Math.max(latest, pace.roomAt(personId, now)), now)
  return until > now ? { is: 'rest', until } : { is: 'go', groups: [errand.people] }
}

/** A record that was never tried can still leave those behind for whom something is stuck. */
function turnOfRecord(errand: Errand, { lanes, pace, restsUntil, now }: Situation): Turn {
  const free: string[] = []
  const paced: string[] = []
  const stuck = new Map<Errand, string[]>()
  let [roomFrom, roomForAll] = [Number.POSITIVE_INFINITY, now]
  for (const personId of errand.people) {
    const front = lanes.front(personId) ?? errand
    const room = front === errand ? pace.roomAt(personId, now) : now
    if (front !== errand) {
      if (restsUntil(front) - now <= WORTH_WAITING_MS) return { is: 'wait' }
      const behind = stuck.get(front)
      if (behind) behind.push(personId)
      else stuck.set(front, [personId])
    } else if (room > now) {
      paced.push(personId)
      roomFrom = Math.min(roomFrom, room)
      roomForAll = Math.max(roomForAll, room)
    } else free.push(personId)
  }
  if (paced.length > 0 && (free.length === 0 || roomForAll - now <= WORTH_WAITING_MS)) {
    return { is: 'rest', until: free.length === 0 ? roomFrom : roomForAll }
  }
  // An errand for nobody goes too: it has to be finished.
  if (free.length === 0 && stuck.size > 0) return { is: 'wait' }
  const groups = [free, ...(paced.length > 0 ? [paced] : []), ...stuck.values()]
  return { is: 'go', groups }
}
