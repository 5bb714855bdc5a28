import { minutesBetween } from '../clock.ts'
import { isOfficerOf, ownBranchId, type Reach } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import type { Person } from '../store/collections.ts'
import {
  answers,
  type Branch,
  branches,
  type Conversation,
  conversations,
  type Draft,
  people,
} from '../store/collections.ts'
import type { Store, Tx, UpdateOptions } from '../store/records.ts'
import type {
  Audience,
  Command,
  CommandContext,
  CommandReadTx,
  CommandStore,
  CommandTx,
  Manual,
  Published,
  PublishSaid,
} from './command.ts'
import { type Awaited, afterReply, pictureNow } from './conversation.ts'
import { isChoice } from './hear.ts'
import { startsCommand } from './line.ts'
import type { Registry } from './load.ts'
import type { Client, Directory, Inbound, PressedCard, Reply } from './message.ts'
import { refuseOthersLine } from './permission.ts'
import { ScopedReadTx, ScopedTx } from './scope.ts'

/** A roll of yesterday may have other rows today. */
const ROLL_MINUTES = 24 * 60

/** One line of one person, from the moment he is known until his reply is kept. */
export interface Turn {
  readonly inbound: Inbound
  readonly person: Person
  /** ADMIN_USERIDS without a row on the roster: a record for the time of this turn, never stored. */
  readonly offRoster: boolean
  readonly conversation: Conversation | undefined
  readonly client: Client
  readonly now: Date
  readonly baseUrl: string
}

export interface Asked {
  command: Command
  reach: Reach
  audience: Audience | null
  manual: () => Promise<Manual>
  /** The completed line, for commands that may not run twice within five seconds. */
  onceLine: string | null
  /** It was said within five seconds before. */
  saidJustNow?: boolean
  awaited: Awaited | null
}

/** What a command gets to work with, and where its reply is kept: in the update it makes, else in one of its own. */
export class TurnContext implements CommandContext {
  readonly store: CommandStore
  #updated = false
  #kept = false

  constructor(
    private readonly turn: Turn,
    private readonly asked: Asked,
    private readonly engine: Store,
    private readonly registry: Registry,
    private readonly wecom?: Directory | undefined,
  ) {
    this.store = {
      read: run => engine.read(tx => run(new ScopedReadTx(tx, asked.reach))),
      update: (lock, run, options) => this.#update(lock, run, options),
    }
  }

  get person(): Person {
    return this.turn.person
  }
  get now(): Date {
    return this.turn.now
  }
  get client(): Client {
    return this.turn.client
  }
  get private(): boolean {
    return !this.turn.inbound.inGroup
  }
  get via(): Inbound['via'] {
    return this.turn.inbound.via
  }
  get baseUrl(): string {
    return this.turn.baseUrl
  }
  get slashed(): boolean {
    return startsCommand(this.turn.inbound.line)
  }
  get audience(): Audience | null {
    return this.asked.audience
  }
  get reach(): Reach {
    return this.asked.reach
  }
  get saidJustNow(): boolean {
    return this.asked.saidJustNow ?? false
  }
  manual(): Promise<Manual> {
    return this.asked.manual()
  }
  get rollShown(): string | null {
    const rolled = this.turn.conversation?.rolled
    if (!rolled) return null
    return minutesBetween(new Date(rolled.at), this.now) < ROLL_MINUTES ? rolled.meetingId : null
  }

  get duesListShown(): readonly string[] | null {
    const listed = this.turn.conversation?.duesListed
    if (!listed) return null
    return minutesBetween(new Date(listed.at), this.now) < ROLL_MINUTES ? listed.rows : null
  }

  get directory(): Directory {
    if (!this.wecom) throw new UserError('现在读不到企业微信的通讯录。请过一会儿再发一次。')
    return this.wecom
  }

  async branch(tx: CommandReadTx): Promise<Branch> {
    if (this.audience?.branch) return this.audience.branch
    const within = new Set(this.reach.places.map(place => place.branchId))
    const own = ownBranchId(this.person)
    const mine = own && (within.has(own) || isOfficerOf(this.person, own)) ? own : undefined
    const branchId = within.size === 1 ? [...within][0] : mine
    const branch = branchId && (await tx.township.get(branches, branchId))
    if (branch) return branch
    throw new UserError(`请写明是哪个支部。这样发：${this.asked.command.aliases[0]} @支部名 …`)
  }

  publishOptions(draft: Draft): readonly string[] {
    return this.registry.get(draft.command).publishOptions ?? []
  }

  get picture(): string | null {
    return pictureNow(this.turn.conversation, this.now)
  }

  async refuseOthersLine(tx: CommandReadTx, draft: Draft): Promise<void> {
    await refuseOthersLine(tx.township, this.turn, this.registry.get(draft.command), draft)
  }

  async publish(tx: CommandTx, draft: Draft, said: PublishSaid): Promise<Published> {
    await this.refuseOthersLine(tx, draft)
    const command = this.registry.get(draft.command)
    if (!command.publish) throw new Error(`${command.name} made a draft that it cannot publish`)
    return command.publish(this, tx, draft, said)
  }

  /** Keeps what a reply leaves behind where the command itself wrote nothing; a reply that leaves nothing costs no write. */
  async keep(reply: Reply): Promise<void> {
    if (this.#kept || !this.#conversationAfter(this.turn.conversation, reply)) return
    await this.engine.update(`person:${this.person.personId}`, tx => this.#keepIn(tx, reply))
  }

  async #update(
    lock: string | readonly string[],
    run: (tx: CommandTx) => Promise<Reply>,
    options?: UpdateOptions,
  ): Promise<Reply> {
    if (this.#updated) throw new Error(`${this.asked.command.name} made a second update for one line`)
    this.#updated = true
    const reply = await this.engine.update(
      [...(typeof lock === 'string' ? [lock] : lock), `person:${this.person.personId}`],
      async tx => {
        const reply = await run(new ScopedTx(tx, this.asked.reach))
        await this.#keepIn(tx, reply)
        return reply
      },
      options,
    )
    this.#kept = true
    return reply
  }

  async #keepIn(tx: Tx, reply: Reply): Promise<void> {
    const { inbound, client, now, person } = this.turn
    await tx.insert(answers, { key: inbound.key, at: now.toISOString(), answer: reply, client })
    const before = await tx.get(conversations, person.personId)
    const conversation = this.#conversationAfter(before, reply)
    if (conversation) await (before ? tx.put(conversations, conversation) : tx.insert(conversations, conversation))
    if (showsCards(this.turn)) await learnClient(tx, person.personId)
  }

  #conversationAfter(before: Conversation | undefined, reply: Reply): Conversation | null {
    return afterReply(before, reply, {
      personId: this.person.personId,
      now: this.now,
      onceLine: this.asked.onceLine,
      answers: this.turn.inbound.card !== undefined || this.asked.awaited !== null,
      byDigit: this.asked.awaited !== null && isChoice(this.turn.inbound.line),
      resume: this.asked.command.aliases[0],
      card: cardOf(this.turn, this.asked.awaited),
      picture: this.turn.inbound.picture ?? null,
    })
  }
}

/** The card this line belongs to: the one pressed, or the one whose question this text answers. */
export const cardOf = (turn: Turn, awaited: Awaited | null): PressedCard | null =>
  turn.inbound.card ?? awaited?.card ?? null

/** Who presses a card's button sees cards; what he said with /界面 stays. */
const showsCards = (turn: Turn): boolean => turn.inbound.via === 'card' && turn.client === 'text' && !turn.offRoster

async function learnClient(tx: Tx, personId: string): Promise<void> {
  const person = await tx.get(people, personId)
  if (person && person.client === null) await tx.put(people, { ...person, client: 'cards' })
}
