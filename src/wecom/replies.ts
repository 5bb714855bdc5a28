import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Answer, Client, Courier, Inbound, Outcome, Part } from '../bot/message.ts'
import { nowMs } from '../clock.ts'
import { WecomError, WecomUnreachableError } from '../errors.ts'
import { log, logIncident } from '../log.ts'
import { Recent } from '../recent.ts'
import type { CardUpdate } from './client.ts'
import { passiveText } from './render.ts'

export interface Replies {
  /**
   * Sees to it that an outcome reaches the person once. Returns what the HTTP response says, '' for nothing; what goes
   * another way (cards, late replies, further parts, settled cards) is pushed. `late`: the response is gone already.
   */
  deliver(inbound: Inbound, outcome: Outcome, late: () => boolean): Promise<string>
  /** The number of pushes that are not finished. */
  underWay(): number
  /** Resolves when those that are under way now have finished. */
  settled(): Promise<void>
  counts(): { pushed: number; pushFailures: number }
}

export interface RepliesOptions {
  courier: Courier
  updateCard(update: CardUpdate): Promise<unknown>
  /** Keeps what WeCom takes nothing of now (busy, too many calls, out of reach), and delivers it when it does. */
  later(userId: string, message: Answer): Promise<unknown>
  pace: PushPace
  secondPartMs?: number
}

/** Above thirty a minute for one person WeCom drops in silence, replies that are pushed included (WECOM.md 10). */
export interface PushPace {
  hasRoom(userId: string): Promise<boolean>
  note(userId: string): Promise<void>
}

/** How sending ended: 'notNow' WeCom takes nothing at the moment, and has certainly not taken this. */
type End = 'sent' | 'refused' | 'notNow'

/** What of an answer was pushed in this process: a repeat gets the rest of it, if any, and nothing twice. */
type Pushed = 'all' | 'further parts' | 'settlement'

const REMEMBERED = 50_000
/** task_id was used before: that card is there already (WECOM.md 13.18). */
const TASK_USED = 42014

export function createReplies({ courier, updateCard, later, pace, secondPartMs = 200 }: RepliesOptions): Replies {
  const pushedKeys = new Recent<Pushed>(REMEMBERED)
  const pushes = new Set<Promise<void>>()
  const counts = { pushed: 0, pushFailures: 0 }

  function inBackground(work: () => Promise<void>): void {
    const push = work()
      .catch((error: unknown) => {
        logIncident('push failed', error)
      })
      .finally(() => pushes.delete(push))
    pushes.add(push)
  }

  async function deliver(inbound: Inbound, outcome: Outcome, late: () => boolean): Promise<string> {
    const before = pushedKeys.get(inbound.key)
    if (before === 'all') return ''
    const { reply, client } = outcome
    if (inbound.via === 'card') {
      pushedKeys.set(inbound.key, 'all')
      inBackground(async () => {
        await settle(inbound, outcome)
        if (reply) await push(inbound, reply, client)
      })
      return ''
    }
    if (outcome.settles && before === undefined) {
      pushedKeys.set(inbound.key, 'settlement')
      inBackground(() => settle(inbound, outcome))
    }
    return reply ? answer(inbound, reply, client, late) : ''
  }

  function answer(inbound: Inbound, reply: Answer, client: Client, late: () => boolean): Promise<string> {
    const texts = passiveText(reply, client)
    if (texts === null) return answerByCard(inbound, reply, late)
    return Promise.resolve(answerByText(inbound, reply, texts, late()))
  }

  function answerByText(inbound: Inbound, reply: Answer, texts: readonly string[], late: boolean): string {
    const [first = '', ...further] = texts
    if (late) {
      pushedKeys.set(inbound.key, 'all')
      inBackground(() => push(inbound, reply, 'text'))
      return ''
    }
    if (further.length > 0 && pushedKeys.get(inbound.key) !== 'further parts') {
      pushedKeys.set(inbound.key, 'further parts')
      inBackground(async () => {
        await delay(secondPartMs)
        await push(inbound, reply, 'text', 1)
      })
    }
    return first
  }

  /** The response waits for the push: a card that is refused, or would be dropped, is answered in words. */
  async function answerByCard(inbound: Inbound, reply: Answer, late: () => boolean): Promise<string> {
    const before = pushedKeys.get(inbound.key)
    pushedKeys.set(inbound.key, 'all')
    const fits = await pace.hasRoom(inbound.userId)
    if (fits && (await sendAll(inbound, cardParts(inbound, reply))).end === 'sent') return ''
    if (before) pushedKeys.set(inbound.key, before)
    else pushedKeys.delete(inbound.key)
    const texts = passiveText(reply, 'text') ?? []
    return answerByText(inbound, reply, texts, late())
  }

  const cardParts = (inbound: Inbound, reply: Answer) => courier.parts(reply, 'cards', 'reply', taskIdOf(inbound.key))

  /** Pushes a reply from its part number `from` on, in words where the card is refused. */
  async function push(inbound: Inbound, reply: Answer, client: Client, from = 0): Promise<void> {
    if (passiveText(reply, client) === null) {
      const { end } = await sendAll(inbound, cardParts(inbound, reply))
      if (end === 'notNow') await later(inbound.userId, reply)
      if (end !== 'refused') return
    }
    const parts = courier.parts(reply, 'text', 'reply', taskIdOf(inbound.key)).slice(from)
    const { end, left } = await sendAll(inbound, parts)
    if (end === 'notNow') await later(inbound.userId, { text: left.map(wordsOfPart).join('\n') })
  }

  /** In order, up to the first part that was definitely not delivered: it and those after it are `left`. */
  async function sendAll(inbound: Inbound, parts: readonly Part[]): Promise<{ end: End; left: readonly Part[] }> {
    for (const [at, part] of parts.entries()) {
      const end = await sendOne(inbound, part)
      if (end !== 'sent') {
        counts.pushFailures += 1
        return { end, left: parts.slice(at) }
      }
      counts.pushed += 1
      await pace.note(inbound.userId)
    }
    return { end: 'sent', left: [] }
  }

  async function sendOne(inbound: Inbound, part: Part): Promise<End> {
    const isCard = part.msgtype === 'template_card'
    const outcome = await attempt(inbound, part)
    // A card may be sent again when its fate is unknown: its task_id keeps it from being shown twice.
    const end = outcome === 'unknown' && isCard ? await attempt(inbound, part) : outcome
    return end === 'unknown' ? 'sent' : end
  }

  async function attempt(inbound: Inbound, part: Part): Promise<End | 'unknown'> {
    try {
      // A card is never rightly sent twice; the same words may be.
      const checkDuplicates = part.msgtype === 'template_card'
      const [unreached] = (await courier.send(part, [inbound.userId], checkDuplicates)).unreached
      if (unreached) log.warn('reply not delivered', { code: unreached.code })
      return unreached ? 'refused' : 'sent'
    } catch (error) {
      if (error instanceof WecomError && error.code === TASK_USED && part.msgtype === 'template_card') return 'sent'
      logTrouble('reply not delivered', error)
      if (error instanceof WecomUnreachableError) return error.ambiguous ? 'unknown' : 'notNow'
      return error instanceof WecomError && isForNow(error) ? 'notNow' : 'refused'
    }
  }

  /** Greys the card. It may be too late for that (60140): the words say the same. */
  async function settle(inbound: Inbound, { settles }: Outcome): Promise<void> {
    if (!settles) return
    const { card, text } = settles
    const grey = () => updateCard({ userId: inbound.userId, responseCode: card.responseCode, replaceName: text })
    try {
      await grey()
    } catch (error) {
      logTrouble('card not updated', error)
      if (error instanceof WecomError && error.retryAt) greyAt(error.retryAt, grey)
    }
  }

  /** Nobody waits for it: the words say the same, and who presses the card again is told so. */
  function greyAt(at: Date, grey: () => Promise<unknown>): void {
    const again = () => void grey().catch((error: unknown) => logTrouble('card not updated', error))
    setTimeout(again, Math.max(0, at.getTime() - nowMs())).unref()
  }

  return {
    deliver,
    underWay: () => pushes.size,
    async settled() {
      await Promise.all(pushes)
    },
    counts: () => ({ ...counts }),
  }
}

/** WeCom's refusals and silences are expected; anything else is a bug. */
function logTrouble(event: string, error: unknown): void {
  if (error instanceof WecomError) log.warn(event, { api: error.api, code: error.code })
  else if (error instanceof WecomUnreachableError) log.warn(event, { api: error.api, ambiguous: error.ambiguous })
  else logIncident(event, error)
}

/** Too many calls, busy after all tries, or no token: nothing is wrong with the message. */
const isForNow = ({ api, code }: WecomError): boolean => api === 'gettoken' || [45009, -1, 6000, 45033].includes(code)

const textPart = z.object({ text: z.object({ content: z.string() }) })
const wordsOfPart = (part: Part): string => textPart.parse(part).text.content

/** The same for each delivery of one message, so that WeCom refuses the card of a repeat into a restarted process. */
export const taskIdOf = (key: string): string => `r_${createHash('sha256').update(key).digest('hex').slice(0, 40)}`
