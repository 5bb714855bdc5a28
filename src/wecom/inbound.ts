import { createHash } from 'node:crypto'
import type { Inbound, PressedCard } from '../bot/message.ts'
import { childOf, childrenOf, parseXml, textOf, withoutIllegal, type XmlNode } from './xml.ts'

/** One decrypted callback (WECOM.md 2). WeCom's own field names stop here. */
export interface Delivery {
  /** ToUserName: the CorpID; undefined where it is missing. */
  corpId: string | undefined
  /** FromUserName as WeCom spells it: a passive reply goes back to exactly that. */
  from: string
  /** null: nothing that a person said; the answer is an empty 200. */
  inbound: Inbound | null
}

/** Throws XmlError. Unknown kinds and missing fields are no errors: WeCom adds both. */
export function readDelivery(xml: string): Delivery {
  // A vertical tab pasted from a document must not cost a member his message: XML 1.0 would refuse it.
  const root = parseXml(withoutIllegal(xml))
  const from = textOf(root, 'FromUserName')?.trim() ?? ''
  const inbound = from === '' ? null : read(root, from.toLowerCase(), xml)
  return { corpId: textOf(root, 'ToUserName')?.trim(), from, inbound }
}

const WORDLESS: ReadonlySet<string> = new Set(['image', 'voice', 'video', 'location', 'link', 'file'])

function read(root: XmlNode, userId: string, xml: string): Inbound | null {
  const type = textOf(root, 'MsgType')?.trim() ?? ''
  if (type === 'event') return readEvent(root, userId, xml)
  const key = messageKey(root, userId, xml)
  if (type === 'text') return { key, userId, line: textOf(root, 'Content') ?? '', via: 'text' }
  const picture = type === 'image' ? textOf(root, 'MediaId')?.trim() : undefined
  if (WORDLESS.has(type)) return { key, userId, line: '', via: 'wordless', ...(picture && { picture }) }
  return null
}

/** The MsgId stays text: it is a 64-bit number (WECOM.md 13.8). */
function messageKey(root: XmlNode, userId: string, xml: string): string {
  const msgId = textOf(root, 'MsgId')?.trim()
  return msgId ? `${userId}:${msgId}` : eventKey(userId, xml)
}

/** WeCom's own advice, FromUserName + CreateTime, loses the second of two events in one second (WECOM.md 1.7). */
const eventKey = (userId: string, xml: string): string => `${userId}:${createHash('sha256').update(xml).digest('hex')}`

function readEvent(root: XmlNode, userId: string, xml: string): Inbound | null {
  const via = VIA.get(textOf(root, 'Event')?.trim() ?? '')
  if (via === undefined) return null
  const line = via === 'scan' ? scanned(root) : (textOf(root, 'EventKey') ?? '').trim()
  if (line === '') return null
  const key = eventKey(userId, xml)
  if (via !== 'card') return { key, userId, line, via }
  return { key, userId, line: [line, ...selections(root)].join(' '), via, card: pressedCard(root) }
}

const VIA: ReadonlyMap<string, 'click' | 'scan' | 'card'> = new Map([
  ['click', 'click'],
  ['scancode_waitmsg', 'scan'],
  ['template_card_event', 'card'],
])

function scanned(root: XmlNode): string {
  const info = childOf(root, 'ScanCodeInfo')
  return (info && textOf(info, 'ScanResult')?.trim()) ?? ''
}

/**
 * One word per question: the ids of its chosen options, 'AC'. Questions without a choice are left out. The order of WeCom's
 * list is not documented (it may be that of the ticking), so that the ids are sorted: the same choice is the same line.
 */
function selections(root: XmlNode): string[] {
  const items = childOf(root, 'SelectedItems')
  if (!items) return []
  return childrenOf(items, 'SelectedItem')
    .map(item => {
      const ids = childOf(item, 'OptionIds')
      const chosen = ids ? childrenOf(ids, 'OptionId').map(id => id.text.trim()) : []
      return [...new Set(chosen)].sort().join('')
    })
    .filter(word => word !== '')
}

function pressedCard(root: XmlNode): PressedCard | undefined {
  const responseCode = textOf(root, 'ResponseCode')?.trim()
  if (!responseCode) return undefined
  return { taskId: textOf(root, 'TaskId')?.trim() ?? '', responseCode }
}
