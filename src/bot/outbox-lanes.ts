import type { FileOrder } from './message.ts'

/**
 * What is to be done next for some people: one call of a record, or a record whose calls are not made yet. A person's
 * errands are done one after the other in the order of their numbers; errands without a person in common know nothing of
 * each other.
 */
export interface Errand {
  readonly outgoingId: string
  readonly number: number
  /** Which of the record's calls; null: the record was never tried. */
  readonly index: number | null
  /** personIds, none twice; those of a call stand in the order of its userIds. */
  readonly people: readonly string[]
  /** The MediaId of a picture that has to be uploaded before the record's calls are made. */
  picture?: string | undefined
  /** The file that has to be made and uploaded before that. */
  file?: FileOrder | undefined
  /** Tries that came to nothing since this process took it up. */
  tries: number
}

/** One sorted queue a person. Entering at its end and leaving from its front cost nothing more where the queue is long. */
export function createLanes() {
  const lanes = new Map<string, Errand[]>()

  function leaveLane(personId: string, errand: Errand): Errand | undefined {
    const lane = lanes.get(personId)
    const at = lane?.indexOf(errand) ?? -1
    if (!lane || at < 0) return undefined
    lane.splice(at, 1)
    if (lane.length === 0) lanes.delete(personId)
    return at === 0 ? lane[0] : undefined
  }

  return {
    enter(errand: Errand): void {
      for (const personId of errand.people) {
        const lane = lanes.get(personId)
        if (lane) lane.splice(placeIn(lane, errand), 0, errand)
        else lanes.set(personId, [errand])
      }
    },
    /** Those who came to the front of somebody's lane by it. */
    leave(errand: Errand): ReadonlySet<Errand> {
      const fronts = errand.people.map(personId => leaveLane(personId, errand))
      return new Set(fronts.filter(front => front !== undefined))
    },
    front: (personId: string): Errand | undefined => lanes.get(personId)?.[0],
    /** Everybody's errands that come after it. */
    behind: (errand: Errand): ReadonlySet<Errand> =>
      new Set(errand.people.flatMap(personId => lanes.get(personId) ?? []).filter(other => comesBefore(errand, other))),
  }
}

export type Lanes = ReturnType<typeof createLanes>

/** Mostly at the end; a record that had to wait for its due time goes between. */
function placeIn(lane: readonly Errand[], errand: Errand): number {
  let place = lane.length
  for (let last = lane[place - 1]; last && comesBefore(errand, last); last = lane[place - 1]) place -= 1
  return place
}

const comesBefore = (one: Errand, other: Errand): boolean =>
  one.number - other.number < 0 || (one.number === other.number && (one.index ?? -1) < (other.index ?? -1))
