import { nowMs } from '../clock.ts'
import type { Card } from './cards.ts'
import { type DirectoryPerson, hasAccount } from './directory.ts'
import { type CardView, type Content, type Item, itemOf, type Look, seenThrough, viewOf, wordsOf } from './phone.ts'

/** A screen holds this much; older items scroll away. */
const KEPT = 500
/** WECOM.md 10: message/send per member. The excess is dropped in silence. */
const PER_MINUTE = 30
const PER_HOUR = 1000

interface Stored extends Item {
  source: Card | null
  /** The options this person submitted last. */
  ticked: readonly string[] | null
}

interface Phone {
  person: DirectoryPerson
  look: Look
  items: Stored[]
  unread: number
  pushedAt: number[]
  /** Taken out of the corp: he is there for nobody any more. */
  deleted: boolean
}

/** What is on whose screen. Userids are compared without case. */
export class Phones {
  readonly dropped: { userId: string; at: string }[] = []
  private readonly phones = new Map<string, Phone>()
  private readonly listeners = new Set<(userId: string) => void>()
  private seq = 0

  constructor(people: readonly DirectoryPerson[]) {
    for (const person of people) this.add(person)
  }

  private add(person: DirectoryPerson): Phone {
    const look = person.wechat ? 'wechat' : 'wecom'
    const phone: Phone = { person, look, items: [], unread: 0, pushedAt: [], deleted: false }
    this.phones.set(person.userId.toLowerCase(), phone)
    return phone
  }

  people(): { person: DirectoryPerson; look: Look; unread: number; last: Item | null }[] {
    return this.there().map(({ person, look, unread, items }) => {
      const last = items.at(-1)
      return { person, look, unread, last: last ? shown(last, look) : null }
    })
  }

  private there(): Phone[] {
    return [...this.phones.values()].filter(phone => !phone.deleted)
  }

  reaches(userId: string): boolean {
    const phone = this.phones.get(userId.toLowerCase())
    return phone !== undefined && !phone.deleted && hasAccount(phone.person)
  }

  everybody(): string[] {
    return this.there().flatMap(({ person }) => (hasAccount(person) ? [person.userId] : []))
  }

  /** Who has an account, as the directory knows him; strangers who only spoke are not in it. */
  members(): readonly DirectoryPerson[] {
    return this.there().flatMap(({ person }) => (hasAccount(person) && person.status !== '' ? [person] : []))
  }

  /** Somebody new in the corp. */
  join(person: DirectoryPerson): void {
    this.add(person)
  }

  /** As when the person leaves the corp, or is deleted from it. */
  delete(userId: string): void {
    this.of(userId).deleted = true
    this.tell(userId)
  }

  /** Who speaks is in the corp, on the roster or not. */
  of(userId: string): Phone {
    const stranger = { userId, name: userId, identity: '', status: '', wechat: false, noPhone: false, admin: false }
    return this.phones.get(userId.toLowerCase()) ?? this.add({ ...stranger, memberships: [] })
  }

  timeline(userId: string): Item[] {
    const { items, look } = this.of(userId)
    return items.map(item => shown(item, look))
  }

  setLook(userId: string, look: Look): void {
    this.of(userId).look = look
    this.tell(userId)
  }

  markSeen(userId: string): void {
    this.of(userId).unread = 0
    this.tell(userId)
  }

  /** What the person said; the returned function marks it as not taken by the bot. */
  saidBy(userId: string, content: Content): () => void {
    const item = this.put(userId, 'me', content, null)
    return () => {
      item.failed = true
      this.tell(userId)
    }
  }

  reply(userId: string, content: Content): void {
    this.put(userId, 'reply', content, null)
  }

  /** False: over 30 a minute or 1,000 an hour, and nobody is told. */
  push(userId: string, content: Content, msgid: string): boolean {
    const phone = this.of(userId)
    const at = nowMs()
    phone.pushedAt = phone.pushedAt.filter(time => time <= at && at - time < 3_600_000)
    const lastMinute = phone.pushedAt.filter(time => at - time < 60_000).length
    if (lastMinute >= PER_MINUTE || phone.pushedAt.length >= PER_HOUR) {
      this.dropped.push({ userId: phone.person.userId, at: new Date(at).toISOString() })
      return false
    }
    phone.pushedAt.push(at)
    this.put(userId, 'push', content, msgid)
    return true
  }

  private put(userId: string, from: Item['from'], content: Content, msgid: string | null): Stored {
    const phone = this.of(userId)
    this.seq += 1
    const item: Stored = { ...itemOf(this.seq, from, content, msgid), source: content.card ?? null, ticked: null }
    phone.items.push(item)
    if (phone.items.length > KEPT) phone.items.shift()
    if (from !== 'me') phone.unread += 1
    this.tell(userId)
    return item
  }

  /** Greys the buttons of a person's copy (`text`), or puts another card in its place. False: he has no such card. */
  update(userId: string, msgid: string, change: { text: string } | { card: Card }): boolean {
    const item = this.cardItem(userId, msgid)
    if (!item?.source) return false
    if ('card' in change) {
      item.source = { ...change.card, task_id: change.card.task_id ?? item.source.task_id }
      item.ticked = null
    }
    item.card = viewOf(item.source, 'text' in change ? change.text : null, item.ticked)
    this.tell(userId)
    return true
  }

  /** What was submitted stays ticked on the person's own copy. */
  tick(userId: string, msgid: string, ids: readonly string[]): void {
    const item = this.cardItem(userId, msgid)
    if (!item?.source || !item.card) return
    item.ticked = ids
    item.card = viewOf(item.source, item.card.greyed, ids)
    this.tell(userId)
  }

  private cardItem(userId: string, msgid: string): Stored | undefined {
    return this.of(userId).items.find(stored => stored.msgid === msgid && stored.source !== null)
  }

  recall(msgid: string): boolean {
    let found = false
    for (const [userId, phone] of this.phones) {
      for (const item of phone.items) {
        if (item.msgid !== msgid) continue
        item.recalled = true
        found = true
        this.tell(userId)
      }
    }
    return found
  }

  /** The newest living card on the screen that `fits`, for a thumb to press. */
  livingCard(userId: string, fits: (card: CardView) => boolean): { card: CardView; msgid: string } | null {
    for (const item of this.timeline(userId).reverse()) {
      if (item.card?.greyed === null && item.msgid !== null && fits(item.card))
        return { card: item.card, msgid: item.msgid }
    }
    return null
  }

  onChange(listener: (userId: string) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private tell(userId: string): void {
    for (const listener of this.listeners) listener(this.of(userId).person.userId)
  }
}

function shown({ source: _, ticked: __, ...item }: Stored, look: Look): Item {
  const words = item.card ? wordsOf(item.card) : item.text
  return seenThrough({ ...item, text: words }, look)
}
