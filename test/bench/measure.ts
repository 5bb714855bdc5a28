import { cpus } from 'node:os'
import { addDays, instantAt, now } from '../../src/clock.ts'
import { addMonths } from '../../src/domain/month-words.ts'
import type { Bot, Server } from './children.ts'
import type { NightFigures } from './nights.ts'
import type { PaperFigures } from './paper.ts'
import { collecting, EVERYBODY, SECRETARIES } from './township.ts'
import { fire } from './volley.ts'
import { readReply, request } from './wire.ts'

/** A rate with the latencies behind it. */
export interface Rate {
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** CPU of the server per request; null where the system does not tell. */
  cpuMicros: number | null
}

export interface Figures {
  at: string
  node: string
  machine: string
  connections: number
  requestsPerRound: number
  rounds: number
  echo: Rate
  checkIn: Rate
  checkInWithHistory: Rate
  readLine: Rate
  /** In rounds of their own, a month each, with check-ins beside them. */
  dues: Rate
  collect: Rate
  /** The same, with the receipts delivered beside it. */
  collectAndTell: Rate
  /** 10,000 answers of five questions, each marked and explained. */
  answer: Rate
  papers: PaperFigures
  nights: NightFigures
  history: { records: number; readyMs: number; memoryMb: number | null }
  ratios: {
    /** Medians over the rounds, each round against its own echo. */
    checkInToEcho: number
    historyToNone: number
    readLineToEcho: number
    /** What they cost, as a multiple of a check-in of the same round. */
    duesCost: number
    collectCost: number
    collectAndTellCost: number
    answerCost: number
    /** The same in CPU per request, which a busy machine disturbs less; null where the system does not tell. */
    checkInToEchoByCpu: number | null
  }
}

export interface Measured {
  echo: Server
  young: Bot
  old: Bot
}

export interface Plan {
  warmUp: number
  counted: number
  /** Rounds of dues that count. */
  months: number
  firstDay: string
  history: number
}

const CONNECTIONS = 64
const CHECK_EVERY = 40

/** Rates of one kind of request at one server, round by round. */
class Series {
  readonly perSecond: number[] = []
  readonly latenciesMs: number[] = []
  private requests = 0
  private cpuMs: number | undefined = 0

  constructor(
    private readonly server: Server,
    private readonly expected: string,
  ) {}

  async fire(requests: readonly Buffer[], counted: boolean): Promise<void> {
    const before = await this.server.cpuMs()
    const { perSecond, latenciesMs, bodies } = await fire(this.server.port, requests, CONNECTIONS)
    const after = await this.server.cpuMs()
    for (const body of bodies.filter((_, index) => index % CHECK_EVERY === 0)) this.check(body)
    if (!counted) return
    this.perSecond.push(perSecond)
    for (const latency of latenciesMs) this.latenciesMs.push(latency)
    this.requests += requests.length
    const known = this.cpuMs !== undefined && before !== undefined && after !== undefined
    this.cpuMs = known ? (this.cpuMs ?? 0) + after - before : undefined
  }

  private check(body: string): void {
    const text = readReply(body)
    if (!text.includes(this.expected)) throw new Error(`'${text}' does not say '${this.expected}'`)
  }

  rate(): Rate {
    const sorted = this.latenciesMs.toSorted((a, b) => a - b)
    const at = (share: number) => round(sorted[Math.floor(sorted.length * share)] ?? Number.NaN, 1)
    const cpuMicros = this.cpuMs === undefined ? null : Math.round((this.cpuMs * 1000) / this.requests)
    return { perSecond: Math.round(median(this.perSecond)), p50Ms: at(0.5), p99Ms: at(0.99), cpuMicros }
  }

  /** The median of this rate by that of the same round. */
  against(other: Series): number {
    return round(median(this.perSecond.map((rate, index) => rate / (other.perSecond[index] ?? Number.NaN))), 2)
  }
}

/**
 * Every round is a day with a meeting in each branch, where everybody checks in once: at the bot without history and at
 * the one with it, between them the echo, in an order that turns with each round, so that what else the machine does
 * falls on all of them.
 */
export async function measure({ echo, young, old }: Measured, plan: Plan): Promise<Omit<Figures, 'papers' | 'nights'>> {
  const echoes = new Series(echo, '签到成功')
  const checkIns = new Series(young, '签到成功')
  const withHistory = new Series(old, '签到成功')
  const reads = new Series(young, '学习党章')
  for (let number = 0; number < plan.warmUp + plan.counted; number += 1) {
    const day = addDays(plan.firstDay, number)
    await Promise.all([holdMeetings(young, day), holdMeetings(old, day)])
    const requests = shuffled(EVERYBODY).map(userId => request(userId, '签到', instantAt(day, MOMENT)))
    const turn = number % 2 === 0 ? [checkIns, echoes, withHistory] : [withHistory, echoes, checkIns]
    for (const series of turn) await series.fire(requests, number >= plan.warmUp)
    const questions = EVERYBODY.map(userId => request(userId, '会议', instantAt(day, MOMENT)))
    await reads.fire(questions, number >= plan.warmUp)
  }
  const dues = await measureDues(young, plan)
  const quiz = await measureQuiz(young, plan)
  const byCpu = (rate: Rate) => rate.cpuMicros ?? Number.NaN
  const rates = { echo: echoes.rate(), checkIn: checkIns.rate() }
  const cpuRatio = round(byCpu(rates.echo) / byCpu(rates.checkIn), 2)
  return {
    at: now().toISOString(),
    node: process.version,
    machine: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
    connections: CONNECTIONS,
    requestsPerRound: EVERYBODY.length,
    rounds: plan.counted,
    ...rates,
    checkInWithHistory: withHistory.rate(),
    readLine: reads.rate(),
    dues: dues.views.rate(),
    collect: dues.collects.rate(),
    collectAndTell: dues.told.rate(),
    answer: quiz.answers.rate(),
    history: { records: plan.history, readyMs: Math.round(old.readyMs), memoryMb: (await old.memoryMb()) ?? null },
    ratios: {
      checkInToEcho: checkIns.against(echoes),
      historyToNone: withHistory.against(checkIns),
      readLineToEcho: reads.against(echoes),
      duesCost: round(1 / dues.views.against(dues.checkIns), 2),
      collectCost: round(1 / dues.collects.against(dues.checkIns), 2),
      collectAndTellCost: round(1 / dues.told.against(dues.checkIns), 2),
      answerCost: round(1 / quiz.answers.against(quiz.checkIns), 2),
      checkInToEchoByCpu: Number.isNaN(cpuRatio) ? null : cpuRatio,
    },
  }
}

/** A month a round, since a month is paid once: everybody checks in, looks at his dues, and is booked by his branch's collector. */
async function measureDues(bot: Bot, { months, warmUp, counted, firstDay }: Plan) {
  const checkIns = new Series(bot, '签到成功')
  const collects = new Series(bot, '收据号 D')
  const told = new Series(bot, '收据号 D')
  const views = new Series(bot, '每月应缴 0.50 元')
  // Behind the days of the other rounds.
  const first = addMonths(addDays(firstDay, warmUp + counted).slice(0, 7), 1)
  for (let number = 0; number < months + 1; number += 1) {
    const day = `${addMonths(first, number)}-15`
    await holdMeetings(bot, day)
    const at = instantAt(day, MOMENT)
    const counts = number > 0
    await checkIns.fire(
      shuffled(EVERYBODY).map(userId => request(userId, '签到', at)),
      counts,
    )
    await views.fire(
      shuffled(EVERYBODY).map(userId => request(userId, '党费', at)),
      counts,
    )
    for (const [series, isTold] of [
      [collects, false],
      [told, true],
    ] as const) {
      await series.fire(
        collecting(isTold).map(([userId, line]) => request(userId, line, at)),
        counts,
      )
    }
  }
  return { checkIns, collects, told, views }
}

const QUESTIONS = 5

/** Everybody answers at once, question after question; a check-in stands beside each. */
async function measureQuiz(bot: Bot, { months, warmUp, counted, firstDay }: Plan) {
  const checkIns = new Series(bot, '签到成功')
  const answers = new Series(bot, '出处')
  const first = addMonths(addDays(firstDay, warmUp + counted).slice(0, 7), months + 2)
  const day = (at: number) => `${first}-${String(at + 1).padStart(2, '0')}`
  await bot.control('clock', { now: instantAt(day(0), '10:00').toISOString() })
  const quizIds = await Promise.all(SECRETARIES.map(userId => publishQuiz(bot, userId, day(QUESTIONS + 1))))
  const quizOf = (userId: string) => quizIds[EVERYBODY.indexOf(userId) % quizIds.length] ?? ''
  // An officer gets cards, which are no reply in the response.
  const members = EVERYBODY.slice(SECRETARIES.length)
  const begin = members.map(userId => request(userId, `答题 ${quizOf(userId)}`, instantAt(day(0), '10:00')))
  await fire(bot.port, begin, CONNECTIONS)
  for (let question = 1; question <= QUESTIONS; question += 1) {
    await holdMeetings(bot, day(question))
    const at = instantAt(day(question), MOMENT)
    const line = (userId: string) => `答题 ${quizOf(userId)} ${question} A`
    await checkIns.fire(
      EVERYBODY.map(userId => request(userId, '签到', at)),
      true,
    )
    await answers.fire(
      members.map(userId => request(userId, line(userId), at)),
      true,
    )
  }
  return { checkIns, answers }
}

async function publishQuiz(bot: Bot, userId: string, until: string): Promise<string> {
  const draft = /d-\d+/.exec(await say(bot, userId, `/测验 发布 党章 ${QUESTIONS} ${until}`))?.[0] ?? ''
  const quizId = /q-\d+/.exec(await say(bot, userId, `/发布 ${draft}`))?.[0]
  if (!quizId) throw new Error(`no quiz for ${userId}`)
  return quizId
}

/** Quarter of an hour before the start. */
const MOMENT = '18:45'

async function holdMeetings(bot: Bot, day: string): Promise<void> {
  await bot.control('clock', { now: instantAt(day, '10:00').toISOString() })
  await Promise.all(
    SECRETARIES.map(async userId => {
      const preview = await say(bot, userId, `/会议 新建 党课 ${day} 19:00-21:00 村党群服务中心 学习党章第三章`)
      const draft = /d-\d+/.exec(preview)?.[0]
      if (!draft) throw new Error(`no preview for ${userId}: ${preview}`)
      const answer = await say(bot, userId, `/发布 ${draft}`)
      if (!answer.includes('已发布')) throw new Error(`not published for ${userId}: ${answer}`)
    }),
  )
  await bot.control('clock', { now: instantAt(day, MOMENT).toISOString() })
}

const say = async (bot: Bot, userId: string, line: string): Promise<string> =>
  String((await bot.control('say', { userId, line })).reply)

/** The same shuffle in every run: neighbours on the roster do not come one after the other. */
function shuffled<T>(list: readonly T[]): T[] {
  const copy = [...list]
  let seed = 1
  for (let at = copy.length - 1; at > 0; at -= 1) {
    seed = (seed * 48_271) % 2_147_483_647
    const other = seed % (at + 1)
    const [a, b] = [copy[at], copy[other]]
    if (a !== undefined && b !== undefined) [copy[at], copy[other]] = [b, a]
  }
  return copy
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits))
