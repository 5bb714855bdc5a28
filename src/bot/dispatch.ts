import { now } from '../clock.ts'
import { namesSomebody } from '../domain/people.ts'
import { blankPerson, clientOf, isActive, NOWHERE, nameRoles, postsIn, type Reach, reachOf } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { logIncident } from '../log.ts'
import { answers, type Conversation, conversations, type Person, type Post, people } from '../store/collections.ts'
import type { ReadTx, Store } from '../store/records.ts'
import { readAudience } from './audience.ts'
import type { Audience, Command } from './command.ts'
import { type Awaited, awaitedNow, sameLineJustNow } from './conversation.ts'
import { exampleFor } from './example.ts'
import { type Heard, hear, isChoice } from './hear.ts'
import { ArgumentError, readArguments } from './line.ts'
import type { Registry } from './load.ts'
import { manualOf, nearest } from './manual.ts'
import type { Answer, Client, Inbound, Outcome, Reply } from './message.ts'
import { Recent } from './recent.ts'
import { cardOf, type Turn, TurnContext } from './turn.ts'

/** line -> command -> may this person? -> arguments -> run -> explain errors. */
export interface DispatchOptions {
  store: Store
  registry: Registry
  clientDefault: Client
  /** Lower case. */
  adminUserIds: ReadonlySet<string>
}

const NOT_ON_ROSTER = '您不在名册，还不能使用。请找所在支部书记登记，或联系镇党委党建办公室。'
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

interface Addressed {
  reach: Reach
  audience: Audience | null
  /** The words without the audience in front. */
  rest: string
}

export function createDispatch(options: DispatchOptions): { receive(inbound: Inbound): Promise<Outcome> } {
  const dispatch = new Dispatch(options)
  return { receive: inbound => dispatch.receive(inbound) }
}

class Dispatch {
  readonly #recent = new Recent<Outcome>()
  readonly #takePeople: ReadonlySet<Command>

  constructor(private readonly options: DispatchOptions) {
    this.#takePeople = new Set(options.registry.commands.filter(takesPeople))
  }

  /** Never throws: what goes wrong becomes a sentence for the person, with an incident number where it is our fault. */
  async receive(inbound: Inbound): Promise<Outcome> {
    const remembered = this.#recent.get(inbound.key)
    if (remembered) return remembered
    const outcome = await this.#hearAndAnswer(inbound)
    this.#recent.set(inbound.key, outcome)
    return outcome
  }

  async #hearAndAnswer(inbound: Inbound): Promise<Outcome> {
    try {
      const met = await this.options.store.read(tx => this.#meet(tx, inbound))
      return 'turn' in met ? await this.#answer(met) : met
    } catch (error) {
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
    if (stored) return { reply: stored.answer, client: stored.client }
    const known = await tx.getBy(people, 'userId', inbound.userId)
    const offRoster = !known && this.options.adminUserIds.has(inbound.userId)
    const person = known ?? (offRoster ? adminOffRoster(inbound.userId) : undefined)
    if (!person || !isActive(person)) return { reply: { text: NOT_ON_ROSTER }, client: 'text' }
    const conversation = await tx.get(conversations, person.personId)
    const admin = person.admin || this.options.adminUserIds.has(inbound.userId)
    const speaker = admin === person.admin ? person : { ...person, admin }
    const client = clientOf(speaker, this.options.clientDefault)
    const turn = { inbound, person: speaker, offRoster, conversation, client, now: now() }
    const heard = this.#hear(turn)
    return { turn, heard, addressed: heard.kind === 'command' ? await addressed(tx, turn, heard) : null }
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
    if (heard.kind === 'courtesy') return null
    if (heard.kind === 'wordless') return { text: WORDLESS }
    if (heard.kind === 'foreignCode') return { text: FOREIGN_CODE }
    if (heard.kind === 'stale') return { text: `刚才的选择已过期。请重新发：${heard.resume}` }
    try {
      if (heard.kind === 'unknown')
        return tappedTwice(turn, heard.text) ?? (await this.#guess(turn, heard.text, heard.slashed))
      return await this.#run(turn, heard, addressed)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      await this.#forgetAwaited(turn, heard.kind === 'command' ? heard.awaited : null)
      return { text: error.message, ...(error.outcome && { outcome: error.outcome }) }
    }
  }

  async #run(turn: Turn, called: Called, read: Met['addressed']): Promise<Reply> {
    const { store, registry } = this.options
    const { command, rest: said, awaited } = called
    const where = read ?? (await store.read(tx => addressed(tx, turn, called)))
    if (where instanceof UserError) throw where
    const { reach, audience, rest } = where
    const onceLine = command.once ? `${command.name} ${said}` : null
    const justNow = onceLine && sameLineJustNow(turn.conversation, onceLine, turn.now)
    if (justNow) return justNow
    const manual = () => store.read(tx => this.#manual(tx, turn))
    const context = new TurnContext(turn, { command, reach, audience, manual, onceLine, awaited }, store, registry)
    const args = await this.#arguments(turn, command, rest, reach)
    const reply = await command.run(context, args)
    await context.keep(reply)
    return reply
  }

  async #arguments(turn: Turn, command: Command, rest: string, reach: Reach): Promise<Record<string, unknown>> {
    const candidates = this.#takePeople.has(command) ? await this.options.store.read(tx => peopleWithin(tx, reach)) : []
    try {
      return readArguments(command.args, rest, { namesPerson: word => namesSomebody(word, candidates) })
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error
      const example = await this.options.store.read(tx => exampleFor(tx, turn.person, command))
      throw new UserError(`${error.message || '还缺内容'}。这样发：${example}`)
    }
  }

  async #manual(tx: ReadTx, turn: Turn) {
    const reaches = new Map<Command, boolean>()
    for (const command of this.options.registry.commands)
      reaches.set(command, !isNowhere(await reachFor(tx, turn, command)))
    return manualOf(this.options.registry, command => reaches.get(command) ?? false)
  }

  /** No command: the nearest the speaker may use, asked as one question; else what he can say now. */
  async #guess(turn: Turn, text: string, slashed: boolean): Promise<Reply> {
    const manual = await this.options.store.read(tx => this.#manual(tx, turn))
    const near = nearest(manual, text)
    const help = this.options.registry.get('help')
    if (near.length === 0) return this.#run(turn, { command: help, rest: '现在', awaited: null }, null)
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

  /** Any command clears what was awaited, also one that was refused; a wrong answer to a question does not. */
  async #forgetAwaited(turn: Turn, answering: Awaited | null): Promise<void> {
    const before = turn.conversation
    if (answering || !before?.awaited) return
    const forgotten: Conversation = { ...before, awaited: null }
    await this.options.store.update(`person:${turn.person.personId}`, async tx => {
      if (await tx.get(conversations, before.personId)) await tx.put(conversations, forgotten)
    })
  }
}

/** The digit that just published, tapped again: the question is answered, so it would mean nothing. */
function tappedTwice({ conversation, now }: Turn, text: string): Reply | undefined {
  const line = conversation?.last?.line
  return line && isChoice(text) ? sameLineJustNow(conversation, line, now) : undefined
}

const isNowhere = (reach: Reach): boolean => !reach.township && reach.places.length === 0

function refusal(turn: Turn, command: Command): string {
  if (turn.offRoster) return '您不在名册，只能用镇级的命令。请先把自己登记进名册。'
  const roles = command.allow === 'everyone' ? '' : nameRoles(command.allow)
  return `“${command.aliases[0]}”要由${roles}来发。您可以发“帮助”看自己能用的。`
}

/** Where this line may act: the command's reach, narrowed by the audience in front. A refusal is said after the read. */
async function addressed(tx: ReadTx, turn: Turn, called: Called): Promise<Addressed | UserError> {
  try {
    const allowed = await reachFor(tx, turn, called.command)
    if (isNowhere(allowed)) return new UserError(refusal(turn, called.command))
    const { audience, rest } = await readAudience(called.rest, tx)
    return { reach: narrow(allowed, audience), audience, rest }
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

async function reachFor(tx: ReadTx, turn: Turn, command: Command): Promise<Reach> {
  if (turn.offRoster && !isTownshipLine(command)) return NOWHERE
  const held = new Map<string, ReadonlySet<Post>>()
  if (command.allow !== 'everyone') {
    for (const { branchId, posts } of turn.person.memberships) {
      const mayInherit = posts.some(post => post === 'secretary' || post === 'deputy' || post === 'firstSecretary')
      if (mayInherit) held.set(branchId, postsIn(branchId, await tx.find(people, 'branch', branchId)))
    }
  }
  return reachOf(turn.person, command.allow, branchId => held.get(branchId) ?? new Set())
}

/** Open to an administrator who is not on the roster: help, and what only the township does. */
const isTownshipLine = (command: Command): boolean =>
  command.name === 'help' || (command.allow !== 'everyone' && command.allow.every(role => role === 'admin'))

/** An audience in front narrows the reach to its branch or group; one outside the reach is refused. */
function narrow(reach: Reach, audience: Audience | null): Reach {
  if (!audience?.branch) return reach
  const { branchId, name } = audience.branch
  if (reach.township) return { township: false, places: [{ branchId }] }
  const places = reach.places.filter(place => place.branchId === branchId)
  if (places.length === 0) throw new UserError(`“${name}”不归您管。请去掉 @ 再发一次。`)
  return { township: false, places }
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
  if (reach.township) return tx.all(people)
  const found: Person[] = []
  for (const place of reach.places) found.push(...(await tx.find(people, 'branch', place.branchId)))
  return found.filter(isActive)
}

const adminOffRoster = (userId: string): Person => ({
  ...blankPerson(`u:${userId}`),
  userId,
  name: '管理员',
  admin: true,
})
