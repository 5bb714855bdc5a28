import { setTimeout as delay } from 'node:timers/promises'
import { addDays, instantAt, monthOf, now } from '../../src/clock.ts'
import { Peer } from '../process/peer.ts'
import type { Matter, Said } from './history.ts'
import {
  ADMIN,
  BRANCHES,
  collectorsOf,
  EVERYBODY,
  memberOf,
  nameOf,
  randomFrom,
  rosterCsv,
  secretaryOf,
  shuffled,
} from './township.ts'

/**
 * Days on which everybody checks in, confirms a notice and some pay, while the bot is killed again and again: in the middle of
 * commits, of broadcasts, of its own start and of its end. WeCom outlives it and repeats what was not answered.
 */
export interface Storm {
  history: Said[]
  /** How often each was told of what: 'm-3 u17' → times. The phones keep their newest messages alone, so it is counted day by day. */
  told: Map<string, number>
  /** Answers that owned to a fault of the bot, though a later try mended it. */
  incidents: string[]
  kills: number
  days: number
}

export interface StormPlan {
  seed: number
  /** Asked before each day. */
  goesOn(storm: Storm): boolean
  /** Told after each day. */
  report?(storm: Storm): void
}

const FIRST_DAY = '2026-11-24'
const IN_FLIGHT = 64
const PAYING_A_DAY = 12
/** Up for so long before the next kill: half of the lives end before the first answers are out. */
const SHORT_LIFE_MS = 100
const LONG_LIFE_MS = 2000
const TRIES = 60

interface Line extends Omit<Said, 'answers'> {
  line: string
}

export async function rage({ seed, goesOn, report }: StormPlan): Promise<{ storm: Storm; peer: Peer }> {
  const random = randomFrom(seed)
  const storm: Storm = { history: [], told: new Map(), incidents: [], kills: 0, days: 0 }
  const peer = await Peer.start(rosterCsv(), instantAt(FIRST_DAY, '18:40').toISOString())
  const killer = new Killer(peer, storm, random)
  let msgId = 9_200_000_000_000_000_000n

  const message = (matter: Matter, about: string, userId: string, line: string): Line => {
    msgId += 1n
    return { msgId: String(msgId), matter, about, userId, line }
  }

  while (goesOn(storm)) {
    const day = addDays(FIRST_DAY, storm.days)
    storm.days += 1
    await killer.restart(instantAt(day, '18:40').toISOString())
    breakSomething(peer, random)
    killer.begin()
    const [noticeId, ...meetingIds] = await Promise.all([
      notice(peer, storm, message, day),
      ...Array.from({ length: BRANCHES }, (_, branch) => meeting(peer, storm, message, { day, branch })),
    ])
    const lines = [
      ...EVERYBODY.map(n => message('check-in', meetingIds[n % BRANCHES] ?? '', memberOf(n), '签到')),
      ...EVERYBODY.map(n => message('confirm', noticeId, memberOf(n), `收到 ${noticeId}`)),
      ...payments(random, monthOf(now())).map(({ by, n, month }) =>
        message('collect', `${memberOf(n)} ${month}`, by, `收缴 ${nameOf(n)} ${month}`),
      ),
    ]
    await sayAll(peer, storm, shuffled(lines, random))
    await killer.end()
    // The clock goes on by a day: a call that was under way then would be too old to be repeated.
    await everybodyTold(peer, [noticeId, ...meetingIds], storm.told)
    // A tenth of them once more: the answer is kept with the fact.
    const again = storm.history.slice(-lines.length).filter(() => random() < 0.1)
    await Promise.all(again.map(said => repeat(peer, said)))
    report?.(storm)
  }
  // A second copy of what was sent on an earlier day was seen with the day after it.
  await delay(LATE_COPY_MS)
  count(peer, storm.told)
  return { storm, peer }
}

type NewLine = (matter: Matter, about: string, userId: string, line: string) => Line

async function notice(peer: Peer, storm: Storm, message: NewLine, day: string): Promise<string> {
  const preview = await sayUntilAnswered(peer, storm, message('publish', day, ADMIN, `群发 ${day} 的通知`))
  const draftId = /d-\d+/.exec(preview.answers[0] ?? '')?.[0]
  const said = await sayUntilAnswered(peer, storm, message('publish', day, ADMIN, `发布 ${draftId} 需回执`))
  storm.history.push(said)
  return idIn(said, /n-\d+/)
}

async function meeting(
  peer: Peer,
  storm: Storm,
  message: NewLine,
  { day, branch }: { day: string; branch: number },
): Promise<string> {
  const by = secretaryOf(branch)
  const line = `会议 新建 党课 ${day} 19:00 村部 第${branch + 1}村 ${day}`
  const preview = await sayUntilAnswered(peer, storm, message('publish', day, by, line))
  const draftId = /d-\d+/.exec(preview.answers[0] ?? '')?.[0]
  const said = await sayUntilAnswered(peer, storm, message('publish', day, by, `发布 ${draftId}`))
  storm.history.push(said)
  return idIn(said, /m-\d+/)
}

function idIn({ answers }: Said, id: RegExp): string {
  const found = id.exec(answers[0] ?? '')?.[0]
  if (!found) throw new Error(`'${answers[0]}' names nothing`)
  return found
}

/** Each by two collectors, who do not know of each other. */
function payments(random: () => number, month: string): { by: string; n: number; month: string }[] {
  const paying = shuffled(EVERYBODY, random).slice(0, PAYING_A_DAY)
  return paying.flatMap(n => collectorsOf(n % BRANCHES).map(by => ({ by, n, month })))
}

function breakSomething({ simulator }: Peer, random: () => number): void {
  simulator.faults.deliverTwice(random() < 0.2)
  if (random() < 0.2) simulator.faults.hang(1)
  if (random() < 0.2) simulator.faults.busy(2)
  if (random() < 0.2) simulator.faults.expireToken()
}

async function sayAll(peer: Peer, storm: Storm, lines: readonly Line[]): Promise<void> {
  let next = 0
  const speak = async () => {
    for (let line = lines[next++]; line; line = lines[next++])
      storm.history.push(await sayUntilAnswered(peer, storm, line))
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, speak))
}

/** Beyond WeCom's own tries, which a slow start outlasts: the person would send it again, the store must not care. */
async function sayUntilAnswered(peer: Peer, { incidents }: Storm, { line, ...said }: Line): Promise<Said> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { reply, again } = await peer.simulator.say(said.userId, line, { msgId: said.msgId })
    const answers = [reply, again?.reply].filter(answer => typeof answer === 'string' && answer !== '')
    const isFault = (answer: string | null | undefined) => /^系统出错/.test(answer ?? '')
    incidents.push(
      ...answers.filter(isFault).map(answer => `${said.matter} ${said.about} of ${said.userId}: ${answer}`),
    )
    const heard = answers.filter(answer => !isFault(answer) && !/^现在人多/.test(answer ?? ''))
    if (heard.length > 0) {
      lineOf.set(said.msgId, line)
      return { ...said, answers: heard.map(String) }
    }
    await delay(50)
  }
  throw new Error(`${said.matter} ${said.about} of ${said.userId} was never answered`)
}

const lineOf = new Map<string, string>()

async function repeat(peer: Peer, said: Said): Promise<void> {
  const { reply } = await peer.simulator.say(said.userId, lineOf.get(said.msgId) ?? '', { msgId: said.msgId })
  if (reply) Object.assign(said, { answers: [...said.answers, reply] })
}

/** Kills and starts the bot until it is told to stop; it is up when `end` resolves. */
class Killer {
  #raging: Promise<void> | undefined
  #over = true

  constructor(
    private readonly peer: Peer,
    private readonly storm: Storm,
    private readonly random: () => number,
  ) {}

  /** With the clock at an instant; one time in four the process is asked to end first, and killed while it does. */
  async restart(at: string): Promise<void> {
    if (this.random() < 0.25) this.peer.ask()
    await delay(Math.floor(this.random() * 40))
    await this.#kill()
    await this.peer.startBot(at)
  }

  begin(): void {
    this.#over = false
    this.#raging = this.#rage()
  }

  async end(): Promise<void> {
    this.#over = true
    await this.#raging
  }

  async #rage(): Promise<void> {
    for (;;) {
      await delay(this.random() * (this.random() < 0.5 ? SHORT_LIFE_MS : LONG_LIFE_MS))
      if (this.#over) return
      await this.#kill()
      if (this.random() < 0.1) {
        const dying = this.peer.startBot(now().toISOString()).catch(() => {})
        await delay(this.random() * 1500)
        await this.#kill()
        await dying
      }
      await this.peer.startBot(now().toISOString())
    }
  }

  async #kill(): Promise<void> {
    await this.peer.kill()
    this.storm.kills += 1
  }
}

/** Sending begins within a second of the start; a call whose answer was lost is repeated after WeCom's time-out. */
async function everybodyTold(peer: Peer, ids: readonly string[], told: Map<string, number>): Promise<void> {
  const expected = ids.flatMap(id => EVERYBODY.filter(n => concerns(id, n, ids)).map(n => `${id} ${memberOf(n)}`))
  for (let waited = 0; waited < LONGEST_DELIVERY_S; waited += 1) {
    await delay(1000)
    count(peer, told)
    if (expected.every(key => told.has(key))) return
  }
}

const LONGEST_DELIVERY_S = 40
/** Longer than a call to WeCom may take, after which it would be repeated. */
const LATE_COPY_MS = 15_000

function count({ simulator }: Peer, told: Map<string, number>): void {
  for (const [key, times] of toldOn(simulator)) told.set(key, Math.max(times, told.get(key) ?? 0))
}

/** The first is the notice, for all; behind it the meetings, in the order of the branches. */
const concerns = (id: string, n: number, ids: readonly string[]): boolean =>
  id.startsWith('n-') || ids.indexOf(id) === (n % BRANCHES) + 1

/** Both messages name their number: the invitation in how to ask leave, the notice in its head. */
function toldOn(simulator: Peer['simulator']): Map<string, number> {
  const told = new Map<string, number>()
  for (const n of EVERYBODY) {
    for (const { text } of simulator.inbox(memberOf(n))) {
      const meeting = /^请您参加：[\s\S]*请假(\d+) /.exec(text)?.[1]
      const id = meeting === undefined ? /^\S*通知 (n-\d+)$/m.exec(text)?.[1] : `m-${meeting}`
      if (id === undefined) continue
      const key = `${id} ${memberOf(n)}`
      told.set(key, (told.get(key) ?? 0) + 1)
    }
  }
  return told
}
