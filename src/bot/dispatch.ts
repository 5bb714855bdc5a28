import { now } from '../clock.ts'
import { namesSomebody } from '../domain/people.ts'
import { blankPerson, clientOf, isActive, NOWHERE, type Reach } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { logIncident } from '../log.ts'
import { Recent } from '../recent.ts'
import { answers, conversations, type Person, people } from '../store/collections.ts'
import type { ReadTx, Store } from '../store/records.ts'
import { type Command, GLANCE, type Manual } from './command.ts'
import { type Awaited, awaitedNow, sameLineJustNow } from './conversation.ts'
import { exampleFor } from './example.ts'
import { type Heard, hear, isChoice } from './hear.ts'
import { ArgumentError, readArguments } from './line.ts'
import { type LineCounts, noLines } from './line-counts.ts'
import type { Registry } from './load.ts'
import { manualOf, nearest } from './manual.ts'
import type { Answer, Client, Directory, Inbound, Outcome, Reply } from './message.ts'
import { type Addressed, addressed, isNowhere, postsHeld, reachFor } from './permission.ts'
import { strangerWords } from './stranger.ts'
import { cardOf, type Turn, TurnContext } from './turn.ts'

/** line -> command -> may this person? -> arguments -> run -> explain errors. */
export interface DispatchOptions {
  store: Store
  registry: Registry
  clientDefault: Client
  /** Lower case. */
  adminUserIds: ReadonlySet<string>
  /** Absent where there is no WeCom to ask. */
  directory?: Directory
  /** The public address of this service, for links. A function where the port is not known yet. */
  baseUrl: () => string
}

const WORDLESS = '我只认文字。比如直接发：签到'
const FOREIGN_CODE = '这不是会议的签到码。请直接发：签到'

/** A line that is a command: what of `Heard` its run needs. */
type Called = Omit<Extract<Heard, { kind: 'command' }>, 'kind'>

/** What was read before a line is answered. */
interface Met {
  turn: Turn
  heard: Heard
  /** Where a command may act, or why it may not; null: it is no command. */
  addressed: Addressed | UserError | null
}

export interface Dispatcher {
  receive(inbound: Inbound): Promise<Outcome>
  /** Since the start. */
  counts(): Readonly<LineCounts>
}

export function createDispatch(options: DispatchOptions): Dispatcher {
  const dispatch = new Dispatch(options)
  return { receive: inbound => dispatch.receive(inbound), counts: () => ({ ...dispatch.counts }) }
}

class Dispatch {
  readonly counts = noLines()
  readonly #recent = new Recent<Outcome>()
  /** The last line of each person that is under way: one person's lines are answered in the order they came. */
  readonly #speaking = new Map<string, Promise<Outcome>>()
  readonly #takePeople: ReadonlySet<Command>

  constructor(private readonly options: DispatchOptions) {
    this.#takePeople = new Set(options.registry.commands.filter(takesPeople))
  }

  /** Never throws: what goes wrong becomes a sentence for the person, with an incident number where it is our fault. */
  receive(inbound: Inbound): Promise<Outcome> {
    const { userId } = inbound
    const before = this.#speaking.get(userId)
    const mine = before ? before.then(() => this.#once(inbound)) : this.#once(inbound)
    this.#speaking.set(userId, mine)
    void mine.then(() => this.#speaking.get(userId) === mine && this.#speaking.delete(userId))
    return mine
  }

  async #once(inbound: Inbound): Promise<Outcome> {
    const remembered = this.#recent.get(inbound.key)
    if (remembered) {
      this.counts.repeated += 1
      return remembered
    }
    const outcome = await this.#hearAndAnswer(inbound)
    this.#recent.set(inbound.key, outcome)
    return outcome
  }

  async #hearAndAnswer(inbound: Inbound): Promise<Outcome> {
    try {
      const met = await this.options.store.read(tx => this.#meet(tx, inbound))
      return 'turn' in met ? await this.#answer(met) : met
    } catch (error) {
      this.counts.failed += 1
      const incident = logIncident('line failed', error)
      return { reply: { text: `系统出错，编号 ${incident}。请稍后再发一次，或把编号告诉镇党建办。` }, client: 'text' }
    }
  }

  /**
   * Who speaks, what he was asked last, whether this very message was answered before, and where the command he means may
   * act: one read, since each waits for what it saw to be on disk.
   */
  async #meet(tx: ReadTx, inbound: Inbound): Promise<Met | Outcome> {
    const stored = await tx.get(answers, inbound.key)
    if (stored) {
      this.counts.repeated += 1
      return { reply: stored.answer, client: stored.client }
    }
    const known = await tx.getBy(people, 'userId', inbound.userId)
    const offRoster = !known && this.options.adminUserIds.has(inbound.userId)
    const person = known ?? (offRoster ? adminOffRoster(inbound.userId) : undefined)
    if (!person || !isActive(person)) {
      this.counts.stranger += 1
      return { reply: { text: strangerWords(known) }, client: 'text' }
    }
    const conversation = await tx.get(conversations, person.personId)
    const admin = person.admin || this.options.adminUserIds.has(inbound.userId)
    const speaker = admin === person.admin ? person : { ...person, admin }
    const client = clientOf(speaker, this.options.clientDefault)
    const baseUrl = this.options.baseUrl()
    const turn = { inbound, person: speaker, offRoster, conversation, client, now: now(), baseUrl }
    const heard = this.#hear(turn)
    return {
      turn,
      heard,
      addressed: heard.kind === 'command' ? await addressed(tx, turn, heard.command, heard.rest) : null,
    }
  }

  #hear({ inbound, conversation, now }: Turn): Heard {
    const awaited = awaitedNow(conversation, now)
    const stale = awaited ? null : (conversation?.awaited ?? null)
    return hear(inbound, { registry: this.options.registry, awaited, stale })
  }

  async #answer(met: Met): Promise<Outcome> {
    const { turn, heard } = met
    const reply = await this.#reply(met)
    const card = cardOf(turn, heard.kind === 'command' ? heard.awaited : null)
    if (!card || !reply?.outcome) return { reply, client: turn.client }
    return { reply, client: turn.client, settles: { card, text: reply.outcome } }
  }

  async #reply({ turn, heard, addressed }: Met): Promise<Reply> {
    if (heard.kind === 'unknown') this.counts.unknown += 1
    else if (heard.kind !== 'command') this.counts.other += 1
    if (heard.kind === 'courtesy') return null
    if (heard.kind === 'nevermind') return this.#dropQuestion(turn)
    if (heard.kind === 'wordless') return this.#wordless(turn)
    if (heard.kind === 'foreignCode') return { text: FOREIGN_CODE }
    if (heard.kind === 'stale') return { text: `刚才的选择已过期。请重新发：${heard.resume}` }
    try {
      if (heard.kind === 'unknown')
        return tappedTwice(turn, heard.text) ?? (await this.#guess(turn, heard.text, heard.slashed))
      const reply = await this.#run(turn, heard, addressed)
      this.counts.answered += 1
      return reply
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      if (heard.kind === 'command') this.counts.refused += 1
      await this.#forgetAwaited(turn, heard.kind === 'command' ? heard.awaited : null)
      return { text: error.message, ...(error.outcome && { outcome: error.outcome }) }
    }
  }

  async #run(turn: Turn, called: Called, read: Met['addressed']): Promise<Reply> {
    const { store, registry, directory } = this.options
    const { command, rest: said, awaited } = called
    const where = read ?? (await store.read(tx => addressed(tx, turn, command, said)))
    if (where instanceof UserError) throw where
    const { reach, audience, rest } = where
    if (command.privateOnly && turn.inbound.inGroup) throw new UserError('这条请单独对我说。')
    const onceLine = command.once ? `${command.name} ${said}` : null
    const justNow = onceLine ? sameLineJustNow(turn.conversation, onceLine, turn.now) : undefined
    if (justNow && said !== '') return justNow
    const manual = () => store.read(tx => this.#manual(tx, turn))
    const saidJustNow = justNow !== undefined
    const asked = { command, reach, audience, manual, onceLine, saidJustNow, awaited }
    const context = new TurnContext(turn, asked, store, registry, directory)
    try {
      const reply = await command.run(context, await this.#arguments(turn, command, rest, reach))
      await context.keep(reply)
      return reply
    } catch (error) {
      // '发布' alone means another draft each time; where nothing is left to send it was the same wish said twice.
      if (error instanceof UserError && justNow) return justNow
      throw error
    }
  }

  async #arguments(turn: Turn, command: Command, rest: string, reach: Reach): Promise<Record<string, unknown>> {
    const candidates = this.#takePeople.has(command) ? await this.options.store.read(tx => peopleWithin(tx, reach)) : []
    try {
      return readArguments(command.args, rest, { namesPerson: word => namesSomebody(word, candidates) })
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error
      const example = await this.options.store.read(tx => exampleFor(tx, turn.person, command, rest))
      throw new UserError(`${error.message || '还缺内容'}。这样发：${example}`)
    }
  }

  async #manual(tx: ReadTx, turn: Turn): Promise<Manual> {
    const held = await postsHeld(tx, turn.person)
    return manualOf(this.options.registry, command => !isNowhere(reachFor(turn, command, held)))
  }

  /** No command: the nearest the speaker may use, asked as one question; else what he can say now. */
  async #guess(turn: Turn, text: string, slashed: boolean): Promise<Reply> {
    const manual = await this.options.store.read(tx => this.#manual(tx, turn))
    const near = nearest(manual, text)
    const help = this.options.registry.get('help')
    if (near.length === 0) return this.#run(turn, { command: help, rest: GLANCE, awaited: null }, null)
    const names = near.map(entry => entry.aliases[0])
    const fact = slashed ? '没有这条命令。' : ''
    const answer: Answer =
      names.length === 1
        ? { text: `${fact}您是要发“${names[0]}”吗？是请回 1。`, digits: [`/${names[0]}`] }
        : {
            text: `${fact}您是要发：${names.map((name, i) => `${i + 1} ${name}`).join('　')}？请回数字。`,
            digits: names.map(name => `/${name}`),
          }
    const asked = {
      command: help,
      reach: NOWHERE,
      audience: null,
      manual: async () => manual,
      onceLine: null,
      awaited: null,
    }
    await new TurnContext(turn, asked, this.options.store, this.options.registry).keep(answer)
    return answer
  }

  /** A picture of who may send notices is kept for the next one; of everything else only words are read. */
  async #wordless(turn: Turn): Promise<Reply> {
    const notice = this.options.registry.find('notice-send')
    if (!turn.inbound.picture || !notice) return { text: WORDLESS }
    const held = await this.options.store.read(tx => postsHeld(tx, turn.person))
    if (isNowhere(reachFor(turn, notice, held))) return { text: WORDLESS }
    const reply: Answer = { text: '图片收到。要和通知一起发，半小时内请发：通知 发 内容' }
    const asked = { command: notice, reach: NOWHERE, audience: null, onceLine: null, awaited: null }
    const manual = () => this.options.store.read(tx => this.#manual(tx, turn))
    await new TurnContext(turn, { ...asked, manual }, this.options.store, this.options.registry).keep(reply)
    return reply
  }

  /** '算了': the question is taken back; where none is open there is nothing to say. */
  async #dropQuestion(turn: Turn): Promise<Reply> {
    if (!awaitedNow(turn.conversation, turn.now)) return null
    await this.#forgetAwaited(turn, null)
    return { text: '好，刚才问的不算了。' }
  }

  /** Any command clears what was awaited, also one that was refused; a wrong answer to a question does not. */
  async #forgetAwaited(turn: Turn, answering: Awaited | null): Promise<void> {
    const { personId } = turn.person
    if (answering || !turn.conversation?.awaited) return
    await this.options.store.update(`person:${personId}`, async tx => {
      const before = await tx.get(conversations, personId)
      if (before) await tx.put(conversations, { ...before, awaited: null })
    })
  }
}

/** The digit that just published, tapped again: the question is answered, so it would mean nothing. */
function tappedTwice({ conversation, now }: Turn, text: string): Reply | undefined {
  const line = conversation?.last?.byDigit ? conversation.last.line : undefined
  return line && isChoice(text) ? sameLineJustNow(conversation, line, now) : undefined
}

const takesPeople = (command: Command): boolean => Object.values(command.args.shape).some(isPeopleKey)

const isPeopleKey = (schema: unknown): boolean => {
  const inner =
    schema instanceof Object && 'unwrap' in schema && typeof schema.unwrap === 'function' ? schema.unwrap() : schema
  return (
    inner instanceof Object && 'meta' in inner && typeof inner.meta === 'function' && inner.meta()?.words === 'people'
  )
}

async function peopleWithin(tx: ReadTx, reach: Reach): Promise<readonly Person[]> {
  if (reach.township) return (await tx.all(people)).filter(isActive)
  const found: Person[] = []
  for (const branchId of new Set(reach.places.map(place => place.branchId))) {
    found.push(...(await tx.find(people, 'branch', branchId)))
  }
  return found.filter(isActive)
}

const adminOffRoster = (userId: string): Person => ({
  ...blankPerson(`u:${userId}`),
  userId,
  name: '管理员',
  admin: true,
})
