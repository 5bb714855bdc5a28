import { z } from 'zod'
import { nowMs } from '../clock.ts'
import { parsed } from './arguments.ts'
import { TEXT_BYTES } from './content.ts'
import type { Groups } from './groups.ts'
import type { Content } from './phone.ts'
import { createRate } from './rate.ts'
import { bytesOf, refuse } from './refusal.ts'

/** WECOM.md 7. */
const PER_MINUTE = 20
const BLOCK_MS = 60_000
const MARKDOWN_BYTES = 4096

const words = z.object({ content: z.string().optional() }).optional()
const bodySchema = z.object({ msgtype: z.string().optional(), text: words, markdown: words, markdown_v2: words })

/** webhook/send: no token, the key is the secret. */
export function createWebhooks(groups: Groups) {
  const pace = new Map<string, { take: () => boolean; blocked: { from: number; until: number } | null }>()

  function send(key: string, raw: string) {
    const group = groups.find(key)
    if (group?.kind !== 'webhook' || group.state === 'removed') refuse(93000, 'invalid webhook url')
    if (group.state === 'dissolved') refuse(93000, 'invalid webhook url')
    if (group.state === 'stopped') refuse(93004, 'robot is stopped')
    const content = contentOf(parsed(bodySchema, raw))
    keepPace(key)
    groups.post(group, content)
    return {}
  }

  /** What is one too many blocks the key for a minute. */
  function keepPace(key: string): void {
    const now = nowMs()
    const own = pace.get(key) ?? { take: createRate(PER_MINUTE, BLOCK_MS), blocked: null }
    pace.set(key, own)
    const blocked = own.blocked !== null && own.blocked.from <= now && now < own.blocked.until
    if (!blocked && own.take()) return
    if (!blocked) own.blocked = { from: now, until: now + BLOCK_MS }
    refuse(45009, 'api freq out of limit')
  }

  return { send }
}

/** Unlike message/send it cuts nothing: what is too long is refused. */
function contentOf(body: z.infer<typeof bodySchema>): Content {
  if (body.msgtype === 'text') return { kind: 'text', text: fitting(body.text?.content, TEXT_BYTES) }
  if (body.msgtype === 'markdown') return { kind: 'markdown', text: fitting(body.markdown?.content, MARKDOWN_BYTES) }
  if (body.msgtype === 'markdown_v2')
    return { kind: 'markdown', text: fitting(body.markdown_v2?.content, MARKDOWN_BYTES) }
  return refuse(40008, 'invalid message type')
}

function fitting(content: string | undefined, most: number): string {
  if (content === undefined || content === '') refuse(44004, 'empty content')
  if (bytesOf(content) > most) refuse(40058, `content exceed max length ${most}`)
  return content
}
