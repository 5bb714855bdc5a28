import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { nowMs } from '../clock.ts'
import { checkAgent, parsed } from './arguments.ts'
import { type Card, calledBack, cardSchema, checkCard, checkNotUpdate, checkTaskId } from './cards.ts'
import { contentOf, contentSchema } from './content.ts'
import type { Faults } from './faults.ts'
import type { Media } from './media.ts'
import type { Phones } from './phones.ts'
import { refuse } from './refusal.ts'
import type { createResponseCodes } from './response-codes.ts'

const RECEIVERS = 1000
const DUPLICATE_SECONDS = 1800
const RECALL_MS = 24 * 3_600_000

const sendSchema = contentSchema.extend({
  touser: z.string().optional(),
  toparty: z.string().optional(),
  totag: z.string().optional(),
  agentid: z.unknown(),
  template_card: cardSchema.optional(),
  enable_duplicate_check: z.number().optional(),
  duplicate_check_interval: z.number().optional(),
})
type SendBody = z.infer<typeof sendSchema>

const updateSchema = z.object({
  userids: z.array(z.string()).optional(),
  atall: z.number().optional(),
  agentid: z.unknown(),
  response_code: z.string().optional(),
  button: z.object({ replace_name: z.string().optional() }).optional(),
  template_card: cardSchema.optional(),
})

interface Sent {
  sentAt: number
  receivers: readonly string[]
  card: Card | null
}

export interface MessagesSetup {
  agentId: number
  phones: Phones
  faults: Faults
  codes: ReturnType<typeof createResponseCodes>
  media: Media
}

export type Answer = Record<string, unknown>

/** message/send, message/update_template_card and message/recall: each returns its answer or throws a RefusalError. */
export function createMessages({ agentId, phones, faults, codes, media }: MessagesSetup) {
  const sent = new Map<string, Sent>()
  const taskIds = new Set<string>()
  const seen = new Map<string, { until: number; answer: Answer }>()

  function send(raw: string): Answer {
    const body = parsed(sendSchema, raw)
    checkAgent(body.agentid, agentId)
    const repeat = seen.get(fingerprint(raw))
    if (body.enable_duplicate_check === 1 && repeat && nowMs() < repeat.until) return repeat.answer
    const content = body.msgtype === 'template_card' ? cardOf(body) : contentOf(body, media)
    const { reached, ...lists } = receiversOf(body, phones, faults)
    const msgid = randomBytes(32).toString('base64url')
    sent.set(msgid, { sentAt: nowMs(), receivers: reached, card: content.card ?? null })
    if (content.card?.task_id) taskIds.add(content.card.task_id)
    for (const userId of reached) phones.push(userId, content, msgid)
    const code = content.card && calledBack(content.card) ? { response_code: codes.issue(msgid) } : {}
    const answer = { ...lists, msgid, ...code }
    if (body.enable_duplicate_check === 1) {
      const seconds = body.duplicate_check_interval ?? DUPLICATE_SECONDS
      seen.set(fingerprint(raw), { until: nowMs() + seconds * 1000, answer })
    }
    return answer
  }

  function cardOf({ template_card: card }: SendBody) {
    if (faults.refuseCards) refuse(43012, 'callback url required')
    if (!card) refuse(40035, 'missing template_card')
    checkCard(card)
    checkNotUpdate(card)
    checkTaskId(card, taskId => taskIds.has(taskId))
    return { kind: 'card' as const, text: '', card }
  }

  function update(raw: string): Answer {
    const body = parsed(updateSchema, raw)
    checkAgent(body.agentid, agentId)
    const msgid = codes.look(body.response_code ?? '')
    const { card, receivers } = sent.get(msgid) ?? refuse(60140, 'invalid response_code')
    const targets = body.atall === 1 ? receivers : (body.userids ?? [])
    if (targets.length === 0) refuse(82101, 'update targets empty')
    if (targets.length > RECEIVERS) refuse(40032, 'too many userids')
    const change = changeOf(body)
    if ('text' in change && !card?.card_type?.endsWith('_interaction')) refuse(42031, 'card has no buttons')
    const known = new Set(receivers.map(userId => userId.toLowerCase()))
    if (!targets.some(userId => known.has(userId.toLowerCase()))) refuse(82102, 'update targets not in message')
    codes.spend(body.response_code ?? '')
    for (const userId of targets) if (known.has(userId.toLowerCase())) phones.update(userId, msgid, change)
    return {}
  }

  function recall(raw: string): Answer {
    const { msgid } = parsed(z.object({ msgid: z.string() }), raw)
    const found = sent.get(msgid) ?? refuse(40058, 'msgid is not of this app')
    if (nowMs() - found.sentAt > RECALL_MS) refuse(42052, 'msgid expired')
    phones.recall(msgid)
    return {}
  }

  return { send, update, recall }
}

const fingerprint = (raw: string): string => createHash('sha256').update(raw).digest('base64')

/** Answers invaliduser and unlicenseduser in lower case, as WeCom does. */
function receiversOf(body: SendBody, phones: Phones, faults: Faults) {
  const named = (body.touser ?? '').split('|').filter(userId => userId !== '')
  if (named.length === 0 && !body.toparty && !body.totag) refuse(82001, 'no receiver')
  if (named.length > RECEIVERS) refuse(40032, 'too many userids in touser')
  const asked = body.touser === '@all' ? phones.everybody() : [...new Set(named.map(userId => userId.toLowerCase()))]
  const bad = asked.filter(userId => faults.invalid.has(userId) || !phones.reaches(userId))
  const unlicensed = asked.filter(userId => !bad.includes(userId) && faults.unlicensed.has(userId))
  const reached = asked.filter(userId => !bad.includes(userId) && !unlicensed.includes(userId))
  if (reached.length === 0 && unlicensed.length === 0) refuse(81013, 'user & party & tag all invalid')
  const party = body.toparty ? { invalidparty: body.toparty } : {}
  return { reached, invaliduser: bad.join('|'), unlicenseduser: unlicensed.join('|'), ...party }
}

function changeOf(body: z.infer<typeof updateSchema>): { text: string } | { card: Card } {
  if (body.template_card) {
    checkCard(body.template_card)
    return { card: body.template_card }
  }
  const text = body.button?.replace_name ?? ''
  return text === '' ? refuse(42038, 'missing replace_name') : { text }
}
