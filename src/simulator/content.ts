import { z } from 'zod'
import type { Media } from './media.ts'
import type { Content } from './phone.ts'
import { bytesOf, cutBytes, refuse } from './refusal.ts'

/** WECOM.md 4.3. */
export const TEXT_BYTES = 2048
const TITLE_BYTES = 128
const DESCRIPTION_BYTES = 512

const text = z.string().optional()
const words = z.object({ content: text }).optional()

/** The kinds of message that people and groups get alike. Cards are for people only (WECOM.md 6). */
export const contentSchema = z.object({
  msgtype: text,
  text: words,
  markdown: words,
  textcard: z.object({ title: text, description: text, url: text }).optional(),
  image: z.object({ media_id: text }).optional(),
  file: z.object({ media_id: text }).optional(),
})
type Body = z.infer<typeof contentSchema>

export function contentOf(body: Body, media: Media): Content {
  if (body.msgtype === 'text') return { kind: 'text', ...cutWords(body.text?.content) }
  if (body.msgtype === 'markdown') return { kind: 'markdown', ...cutWords(body.markdown?.content) }
  if (body.msgtype === 'textcard') return textcard(body.textcard ?? {})
  if (body.msgtype === 'file') return fileContent(media.check(body.file?.media_id, 'file'), media)
  if (body.msgtype !== 'image') refuse(40008, 'invalid message type')
  return { kind: 'image', text: '（图片）', picture: media.check(body.image?.media_id, 'image') }
}

function fileContent(mediaId: string, media: Media): Content {
  const name = media.onScreen(mediaId)?.filename ?? ''
  return { kind: 'file', text: `（文件）${name}`, file: { mediaId, name } }
}

function cutWords(content: string | undefined): { text: string; cut: boolean } {
  if (content === undefined || content === '') refuse(44004, 'empty content')
  return { text: cutBytes(content, TEXT_BYTES), cut: bytesOf(content) > TEXT_BYTES }
}

function textcard({ title = '', description = '', url = '' }: NonNullable<Body['textcard']>): Content {
  if (title === '') refuse(41016, 'missing title')
  if (description === '') refuse(41033, 'missing description')
  if (!/^https?:\/\//.test(url)) refuse(45034, 'invalid url')
  const parts = [cutBytes(title, TITLE_BYTES), cutBytes(description, DESCRIPTION_BYTES), url]
  return { kind: 'textcard', text: parts.join('\n') }
}
