import type { ServerResponse } from 'node:http'
import { now, nowMs } from '../clock.ts'
import { logIncident } from '../log.ts'
import { attendances, type Meeting, meetings } from '../store/collections.ts'
import type { ReadTx, Store } from '../store/records.ts'
import { phaseOf, type QrCode, qrAt, type View, viewOf } from './screen-view.ts'

/** One look a second for all screens of a meeting, and only while there are some: a check-in does nothing for them. */
const LOOK_MS = 1000
/** Every so many looks something is sent in any case: a screen that has heard nothing for 15 s says so. */
const BEAT_LOOKS = 5
/** And every so many the roll is counted anew whatever the count says: somebody may have been added to it. */
const COUNT_LOOKS = 10
/** A hall has a few; a link that got about must not fill the memory. */
const MOST_SCREENS = 20
/** What a screen that takes nothing any more may hold; then it is cut off, and comes back if it lives. */
const MOST_UNSENT_BYTES = 64 * 1024

/** What a screen hears. What is left out is as it was; `qr: null` takes the code away. */
export interface News {
  /** The server's clock: a screen's own may be wrong. */
  at: number
  view?: View
  qr?: QrCode | null
  /** Too many screens of this meeting are open. */
  full?: true
}

export const eventOf = (news: News): string => `data: ${JSON.stringify(news)}\n\n`

/** What was seen at the last look. Records are never changed in place, so another meeting is another object. */
interface Seen {
  meeting: Meeting
  phase: View['phase']
  present: number
}

/** The screens of one meeting, by server-sent events. */
export class Room {
  /** By the name that each page gave itself: it has one stream, however often its network broke. */
  private readonly screens = new Map<string, ServerResponse>()
  private readonly timer = setInterval(() => this.look(false), LOOK_MS).unref()
  private looks = 0
  private seen: Seen | null = null
  private said = ''
  private slot: number | null = null
  /** Asked for and not begun; 'whole': everything is told again. */
  private wanted: 'no' | 'news' | 'whole' = 'no'
  private looking = false

  constructor(
    private readonly store: Store,
    private readonly key: Uint8Array,
    private readonly meetingId: string,
    private readonly left: () => void,
  ) {}

  /** False: too many others are open. A stream that died unnoticed gives its place to the next of the same screen. */
  add(name: string, screen: ServerResponse): boolean {
    const before = this.screens.get(name)
    if (!before && this.screens.size >= MOST_SCREENS) return false
    this.screens.set(name, screen)
    before?.destroy()
    screen.on('close', () => this.remove(name, screen))
    this.look(true)
    return true
  }

  private remove(name: string, screen: ServerResponse): void {
    if (this.screens.get(name) !== screen) return
    this.screens.delete(name)
    if (this.screens.size === 0) this.end()
  }

  end(): void {
    clearInterval(this.timer)
    for (const screen of this.screens.values()) screen.end()
    this.screens.clear()
    this.left()
  }

  /** `whole`: for a screen that is new, or where the clock was moved. */
  look(whole: boolean): void {
    if (this.wanted !== 'whole') this.wanted = whole ? 'whole' : 'news'
    if (!this.looking) void this.lookWhileWanted()
  }

  /** One after the other, so that nothing is told in the wrong order. */
  private async lookWhileWanted(): Promise<void> {
    this.looking = true
    while (this.wanted !== 'no' && this.screens.size > 0) {
      const whole = this.wanted === 'whole'
      this.wanted = 'no'
      await this.tell(whole)
    }
    this.looking = false
  }

  private async tell(whole: boolean): Promise<void> {
    try {
      this.looks += 1
      const news = await this.store.read(tx => this.newsIn(tx, whole))
      if (news) this.send(news)
      if (this.seen?.phase === 'over') this.end()
    } catch (error) {
      // The screens come back, and find out whether it lasts.
      logIncident('screen failed', error, { meetingId: this.meetingId })
      this.end()
    }
  }

  private async newsIn(tx: ReadTx, whole: boolean): Promise<News | null> {
    const meeting = await tx.get(meetings, this.meetingId)
    if (!meeting) throw new Error('a screen without its meeting')
    const view = await this.newView(tx, meeting, whole)
    const news: News = { at: nowMs(), ...(view && { view }), ...this.newCode(whole) }
    return view || news.qr !== undefined || this.looks % BEAT_LOOKS === 0 ? news : null
  }

  /** undefined: it is as it was. */
  private async newView(tx: ReadTx, meeting: Meeting, whole: boolean): Promise<View | undefined> {
    const phase = phaseOf(meeting, tx.now)
    const present = await tx.count(attendances, 'present', this.meetingId)
    const { seen } = this
    const same = seen?.meeting === meeting && seen.phase === phase && seen.present === present
    if (same && !whole && this.looks % COUNT_LOOKS !== 0) return undefined
    this.seen = { meeting, phase, present }
    const view = await viewOf(tx, meeting)
    const said = JSON.stringify(view)
    if (said === this.said && !whole) return undefined
    this.said = said
    return view
  }

  private newCode(whole: boolean): Pick<News, 'qr'> {
    const qr = this.seen?.phase === 'open' ? qrAt(this.key, this.meetingId, now()) : null
    const slot = qr?.slot ?? null
    if (!whole && slot === this.slot) return {}
    this.slot = slot
    return { qr }
  }

  private send(news: News): void {
    const event = eventOf(news)
    for (const screen of this.screens.values()) {
      if (screen.writableLength > MOST_UNSENT_BYTES) screen.destroy()
      else screen.write(event)
    }
  }
}
