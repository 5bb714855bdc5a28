import type { ServerResponse } from 'node:http'
import { nowMs, onClockMoved } from '../clock.ts'
import type { Store } from '../store/records.ts'
import { eventOf, Room } from './room.ts'

/** Which meetings are watched. */
export class Rooms {
  private readonly rooms = new Map<string, Room>()
  private readonly unlisten = onClockMoved(() => {
    for (const room of this.rooms.values()) room.look(true)
  })
  private closed = false

  constructor(
    private readonly store: Store,
    private readonly key: Uint8Array,
  ) {}

  /** The response is a screen's from now on, until one of the two ends it. `name`: what the page calls itself. */
  enter(meetingId: string, name: string, screen: ServerResponse): void {
    // Nobody tells any more of one that hung up while its link was looked at.
    if (screen.destroyed) return
    if (this.closed) {
      screen.end()
      return
    }
    const room = this.rooms.get(meetingId) ?? this.open(meetingId)
    if (!room.add(name, screen)) screen.end(eventOf({ at: nowMs(), full: true }))
  }

  private open(meetingId: string): Room {
    const room: Room = new Room(this.store, this.key, meetingId, () => {
      // Its last look may come back when another one is open already.
      if (this.rooms.get(meetingId) === room) this.rooms.delete(meetingId)
    })
    this.rooms.set(meetingId, room)
    return room
  }

  /** Screens come back by themselves when the service does. */
  close(): void {
    this.closed = true
    this.unlisten()
    for (const room of this.rooms.values()) room.end()
  }
}
