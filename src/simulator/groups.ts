import { type Content, type Item, itemOf } from './phone.ts'
import type { Phones } from './phones.ts'

/** A screen holds this much; older posts scroll away. */
const KEPT = 500

export interface Group {
  /** The chatid, or the key of the group's robot. */
  readonly id: string
  /** 'appchat': made by the app; 'webhook': a group of the members with a robot in it. */
  readonly kind: 'appchat' | 'webhook'
  name: string
  owner: string
  /** UserIDs as the directory spells them. */
  members: readonly string[]
  /** 'removed', 'stopped': of the robot; the group itself goes on. */
  state: 'alive' | 'dissolved' | 'removed' | 'stopped'
  readonly posts: Item[]
}

/** A group as one member's phone lists it. */
export interface OwnGroup {
  id: string
  name: string
  state: Group['state']
  members: number
  unread: number
}

/** The groups of the corp that a bot can write into. Nobody's words in them reach the bot (WECOM.md 6). */
export class Groups {
  private readonly groups = new Map<string, Group>()
  /** By group, then by UserID. */
  private readonly unread = new Map<string, Map<string, number>>()
  private readonly listeners = new Set<(userIds: readonly string[]) => void>()
  private seq = 0

  constructor(private readonly phones: Phones) {}

  all(): Group[] {
    return [...this.groups.values()]
  }

  find(id: string): Group | undefined {
    return this.groups.get(id)
  }

  add(made: Pick<Group, 'id' | 'kind' | 'name' | 'owner' | 'members'>): Group {
    const group: Group = { ...made, members: this.exact(made.members), state: 'alive', posts: [] }
    this.groups.set(group.id, group)
    this.unread.set(group.id, new Map())
    this.tell(group.members)
    return group
  }

  /** Each once, as the directory spells it. */
  exact(userIds: readonly string[]): string[] {
    return [...new Set(userIds.map(userId => this.phones.of(userId).person.userId))]
  }

  change(group: Group, change: Partial<Pick<Group, 'name' | 'owner' | 'members' | 'state'>>): void {
    const before = group.members
    Object.assign(group, change)
    this.tell([...before, ...group.members])
  }

  post(group: Group, content: Content): void {
    this.seq += 1
    group.posts.push(itemOf(this.seq, 'push', content, null))
    if (group.posts.length > KEPT) group.posts.shift()
    const unread = this.unread.get(group.id)
    for (const userId of group.members) unread?.set(userId, (unread.get(userId) ?? 0) + 1)
    this.tell(group.members)
  }

  /** Who is deleted from the corp is in no group of it. */
  leave(userId: string): void {
    const [exact] = this.exact([userId])
    for (const group of this.all()) {
      const members = group.members.filter(member => member !== exact)
      if (members.length < group.members.length) this.change(group, { members })
    }
  }

  of(userId: string): OwnGroup[] {
    return this.all()
      .filter(({ members }) => members.includes(userId))
      .map(({ id, name, state, members }) => ({
        id,
        name,
        state,
        members: members.length,
        unread: this.unread.get(id)?.get(userId) ?? 0,
      }))
  }

  markSeen(id: string, userId: string): void {
    this.unread.get(id)?.delete(userId)
    this.tell([userId])
  }

  onChange(listener: (userIds: readonly string[]) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private tell(userIds: readonly string[]): void {
    for (const listener of this.listeners) listener(userIds)
  }
}
