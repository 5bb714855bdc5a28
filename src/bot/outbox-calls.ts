import { clientOf, isActive } from '../domain/roster.ts'
import type { Outgoing, Person } from '../store/collections.ts'
import type { Client, Courier, Part, Sendable } from './message.ts'

/** How a record becomes calls: made once, at the first attempt, stored, and from then on only repeated. */

export type Call = NonNullable<Outgoing['calls']>[number]
export type Missed = Outgoing['unreached'][number]

/** One call with its people, in the order of its userIds. */
export interface MadeCall {
  call: Call
  people: readonly string[]
  /** The group of people it is for. */
  group: number
}

export interface Made {
  calls: readonly MadeCall[]
  unreached: readonly Missed[]
}

interface Receiver {
  personId: string
  userId: string
  client: Client
}

export interface Making {
  courier: Pick<Courier, 'parts'>
  clientDefault: Client
}

/** WeCom takes 1,000 UserIDs a call (WECOM.md 4.1). */
const MOST_RECEIVERS = 1000

const NOT_ON_ROSTER = '已离开名册：不再给他发消息，需要时请当面告知'
const NO_PHONE = '无手机：请打电话给家人或上门告知'
const NO_USER_ID = '名册上没有企业微信账号：补上“账号”一栏，或当面告知'

/** Who gets the message by which calls, and who cannot get it. The groups share no call. */
export function makeCalls(
  record: Outgoing,
  groups: readonly (readonly string[])[],
  personOf: ReadonlyMap<string, Person>,
  making: Making,
): Made {
  const unreached: Missed[] = []
  const taskIds = taskIdsOf(record)
  const calls = groups.flatMap((group, index) => {
    const receivers = group.flatMap(personId => {
      const found = receiverOf(personId, personOf.get(personId), making.clientDefault)
      if ('userId' in found) return [found]
      unreached.push(found)
      return []
    })
    return callsFor(record, receivers, making.courier, taskIds).map(made => ({ ...made, group: index }))
  })
  return { calls, unreached }
}

function receiverOf(personId: string, person: Person | undefined, fallback: Client): Receiver | Missed {
  if (!person || !isActive(person)) return { personId, code: 'left', advice: NOT_ON_ROSTER }
  if (person.noPhone) return { personId, code: 'no-phone', advice: NO_PHONE }
  if (person.userId === null) return { personId, code: 'no-user-id', advice: NO_USER_ID }
  return { personId, userId: person.userId, client: clientOf(person, fallback) }
}

/** What reads the same on cards and as text is one list of receivers. */
function callsFor(
  record: Outgoing,
  receivers: readonly Receiver[],
  courier: Making['courier'],
  nextTaskId: (client: Client) => string,
): Omit<MadeCall, 'group'>[] {
  const kinds = (['cards', 'text'] as const).filter(kind => receivers.some(({ client }) => client === kind))
  const partsFor = (client: Client, taskId: string) =>
    told(record, courier.parts(messageOf(record), client, 'pushed', taskId))
  const same = JSON.stringify(partsFor('cards', 'o')) === JSON.stringify(partsFor('text', 'o'))
  const lists = same ? [receivers] : kinds.map(kind => receivers.filter(({ client }) => client === kind))
  return lists.flatMap(list => {
    const client = list[0]?.client ?? 'text'
    return inThousands(list).flatMap(some => partsFor(client, nextTaskId(client)).map(part => callOf(part, some)))
  })
}

/**
 * WeCom drops what is the same as something sent in the last hours (`duplicate_check_interval`, WECOM.md 4.1): a corrected
 * notice would lose the end that it shares with the first. So where there is more than one, each text says whose it is.
 */
function told(record: Outgoing, parts: readonly Part[]): readonly Part[] {
  const texts = parts.filter(isText)
  if (texts.length === 0 || parts.every(part => part === texts[0] || isMedium(part))) return parts
  return parts.map(part => {
    if (!isText(part)) return part
    const which = texts.length > 1 ? `${texts.indexOf(part) + 1}/${texts.length}，` : ''
    return { ...part, text: { content: `${part.text.content}\n（${which}${record.outgoingId}）` } }
  })
}

type TextPart = Part & { text: { content: string } }
const isMedium = ({ msgtype }: Part): boolean => msgtype === 'image' || msgtype === 'file'
const isText = (part: Part): part is TextPart => part.msgtype === 'text'

/** With its picture and its file as they were uploaded for sending; without what could not be had (any more). */
function messageOf({ message, mediaId, file: made }: Outgoing): Sendable {
  const { picture, file, text, ...words } = message
  const instead = made && 'instead' in made ? `\n${made.instead}` : ''
  return {
    text: text + instead,
    ...words,
    ...(picture && mediaId && { picture: mediaId }),
    ...(file && made && 'mediaId' in made && { file: made.mediaId }),
  }
}

const callOf = (part: Part, receivers: readonly Receiver[]): Omit<MadeCall, 'group'> => ({
  call: { part: asStored(part), userIds: receivers.map(({ userId }) => userId), state: 'waiting' },
  people: receivers.map(({ personId }) => personId),
})

/** What is sent first is exactly what a restarted process would read and send. */
const asStored = (part: Part): Call['part'] => JSON.parse(JSON.stringify(part))

function inThousands(receivers: readonly Receiver[]): (readonly Receiver[])[] {
  const starts = Array.from({ length: Math.ceil(receivers.length / MOST_RECEIVERS) }, (_, at) => at * MOST_RECEIVERS)
  return starts.map(start => receivers.slice(start, start + MOST_RECEIVERS))
}

/**
 * A task_id may never come twice in one app (42014), so that each call with a card has its own: 'o-123-mb2x9k4a-cards',
 * then '…-cards-2'. The instant of the record tells it from those of an earlier data folder of the same corp.
 */
function taskIdsOf(record: Outgoing): (client: Client) => string {
  const used = { cards: 0, text: 0 }
  const stem = `${record.outgoingId}-${Date.parse(record.at).toString(36)}`
  return client => {
    used[client] += 1
    return used[client] === 1 ? `${stem}-${client}` : `${stem}-${client}-${used[client]}`
  }
}
