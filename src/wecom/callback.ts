import type { Courier, Inbound, Message, Outcome } from '../bot/message.ts'
import { nowMs } from '../clock.ts'
import { log, logIncident } from '../log.ts'
import type { CardUpdate } from './client.ts'
import type { CallbackCrypto } from './crypto.ts'
import { type CallbackQuery, createGate, type Refusal, RefusedError } from './envelope.ts'
import type { Delivery } from './inbound.ts'
import { createReplies, type PushPace } from './replies.ts'

export interface CallbackOptions {
  crypto: CallbackCrypto
  /** Stores its outcome with the change: a repeat that reaches it again gets the same one. */
  receive(inbound: Inbound): Promise<Outcome>
  courier: Courier
  updateCard(update: CardUpdate): Promise<unknown>
  /** Keeps what WeCom takes nothing of now, and delivers it when it does. */
  later(userId: string, message: Message): Promise<unknown>
  pace: PushPace
  corpId: string
  /** After this the answer is an empty 200, and the reply is pushed; WeCom hangs up after 5 s. */
  deadlineMs?: number
  maxInFlight?: number
  /** How long the second part of a long reply waits, so that it does not overtake the first in the HTTP response. */
  secondPartMs?: number
}

export interface CallbackAnswer {
  status: number
  body: string
  type: string
}

export interface Callback {
  /** GET: WeCom checks the address. */
  verifyUrl(query: CallbackQuery): CallbackAnswer
  /** POST: a message or an event. Never rejects. */
  post(query: CallbackQuery, rawBody: string): Promise<CallbackAnswer>
  /** Resolves when nothing is under way, pushes included. */
  idle(): Promise<void>
  stats(): CallbackStats
}

export interface CallbackStats {
  /** Messages and events that became a line, repeats not counted. */
  received: number
  /** Deliveries that met their first one still running. */
  repeats: number
  refused: Readonly<Record<Refusal, number>>
  overloaded: number
  /** Replies that took longer than the deadline. */
  late: number
  pushed: number
  pushFailures: number
  inFlight: number
  /** When the last believed delivery came, in ms; undefined: none since the start. */
  lastAt: number | undefined
  /** WeCom's clock minus ours at the last signed callback; undefined before the first. */
  clockDifferenceMs: number | undefined
}

/** One inbound message on its way: every delivery of it waits for the same answer. */
interface Job {
  /** What the response says, '' for an empty one. Never rejects. */
  answer: Promise<string>
  /** The deadline is over, so that the reply has to be pushed. */
  late: boolean
}

const BUSY = '现在人多，请过一分钟再发'
const EMPTY: CallbackAnswer = { status: 200, body: '', type: 'text/plain' }
const MINUTE_MS = 60_000

/** The self-built app's callback: verify, decrypt, once per message, answer within the deadline (WECOM.md 1). */
export function createCallback(options: CallbackOptions): Callback {
  const { crypto, corpId, receive, deadlineMs = 4000, maxInFlight = 500 } = options
  const clock = createClockWatch()
  const gate = createGate(crypto, corpId, clock.note)
  const replies = createReplies(options)
  const jobs = new Map<string, Job>()
  let lastAt: number | undefined
  const counts = { received: 0, repeats: 0, overloaded: 0, late: 0 }
  const refused: Record<Refusal, number> = { query: 0, xml: 0, signature: 0, stale: 0, cipher: 0, corp: 0 }

  function refuse(error: unknown): CallbackAnswer {
    if (!(error instanceof RefusedError)) {
      logIncident('callback failed', error)
      return { status: 500, body: '', type: 'text/plain' }
    }
    const { refusal } = error
    refused[refusal] += 1
    log.warn('callback refused', { reason: refusal, count: refused[refusal] })
    return { status: STATUS[refusal], body: '', type: 'text/plain' }
  }

  async function answer({ from, inbound }: Delivery): Promise<CallbackAnswer> {
    if (!inbound) return EMPTY
    let job = jobs.get(inbound.key)
    if (job) counts.repeats += 1
    else if (jobs.size >= maxInFlight) return busy(from, inbound)
    else job = start(inbound)
    return textAnswer(from, await withinDeadline(job))
  }

  /** Any other status would make WeCom send it three more times. A pressed card takes no passive text. */
  function busy(from: string, inbound: Inbound): CallbackAnswer {
    counts.overloaded += 1
    return textAnswer(from, inbound.via === 'card' ? '' : BUSY)
  }

  const textAnswer = (to: string, text: string): CallbackAnswer =>
    text === '' ? EMPTY : { status: 200, body: gate.seal(to, text), type: 'application/xml' }

  function start(inbound: Inbound): Job {
    counts.received += 1
    const job: Job = { answer: Promise.resolve(''), late: false }
    jobs.set(inbound.key, job)
    job.answer = run(inbound, job)
    return job
  }

  async function run(inbound: Inbound, job: Job): Promise<string> {
    try {
      return await replies.deliver(inbound, await outcomeOf(inbound), () => job.late)
    } catch (error) {
      logIncident('callback reply failed', error)
      return ''
    } finally {
      jobs.delete(inbound.key)
    }
  }

  /** `receive` answers for its own errors; one that comes through all the same is a bug. */
  async function outcomeOf(inbound: Inbound): Promise<Outcome> {
    try {
      return await receive(inbound)
    } catch (error) {
      const incident = logIncident('receive failed', error)
      return { reply: { text: `系统出错，编号 ${incident}，请稍后再试` }, client: 'text' }
    }
  }

  /** The job's answer, or '' when the deadline comes first; from then on the reply is pushed. */
  function withinDeadline(job: Job): Promise<string> {
    if (job.late) return Promise.resolve('')
    return new Promise(resolve => {
      const timer = setTimeout(() => {
        if (!job.late) counts.late += 1
        job.late = true
        resolve('')
      }, deadlineMs)
      void job.answer.then(text => {
        clearTimeout(timer)
        resolve(text)
      })
    })
  }

  return {
    verifyUrl(query) {
      try {
        return { status: 200, body: gate.echo(query), type: 'text/plain' }
      } catch (error) {
        return refuse(error)
      }
    },
    async post(query, rawBody) {
      try {
        const delivery = gate.open(query, rawBody)
        lastAt = nowMs()
        return await answer(delivery)
      } catch (error) {
        return refuse(error)
      }
    },
    async idle() {
      while (jobs.size > 0 || replies.underWay() > 0) {
        await Promise.all([...jobs.values()].map(job => job.answer))
        await replies.settled()
      }
    },
    stats: () => ({
      ...counts,
      ...replies.counts(),
      refused: { ...refused },
      inFlight: jobs.size,
      lastAt,
      clockDifferenceMs: clock.differenceMs(),
    }),
  }
}

const STATUS: Readonly<Record<Refusal, number>> = {
  query: 400,
  xml: 400,
  cipher: 400,
  signature: 401,
  stale: 403,
  corp: 403,
}

/** The difference of the clocks, logged at most once a minute. */
function createClockWatch() {
  let seen: number | undefined
  let loggedAt = Number.NEGATIVE_INFINITY
  return {
    note(differenceMs: number) {
      seen = differenceMs
      const now = nowMs()
      if (now >= loggedAt && now - loggedAt < MINUTE_MS) return
      loggedAt = now
      log.info('clock difference to wecom', { differenceMs: Math.round(differenceMs) })
    },
    differenceMs: () => seen,
  }
}
