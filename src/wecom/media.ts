import { z } from 'zod'
import type { NamedFile } from '../bot/message.ts'
import type { WecomClient } from './client.ts'
import { checkFile, checkImage } from './limits.ts'

/** `created_at`, a string, is not read: a MediaId is used at once. */
const uploaded = z.object({ errcode: z.literal(0), media_id: z.string().min(1) })

const PNG = Buffer.from('89504e470d0a1a0a', 'hex')

/** A picture that a member sent, uploaded again: its own MediaId is the member's, and both live three days (WECOM.md 9). */
export async function rehostImage(client: Pick<WecomClient, 'call' | 'download'>, mediaId: string): Promise<string> {
  const bytes = await client.download('media/get', { media_id: mediaId })
  checkImage(bytes)
  const isPng = bytes.subarray(0, PNG.length).equals(PNG)
  const file = new Blob([new Uint8Array(bytes)], { type: isPng ? 'image/png' : 'image/jpeg' })
  const form = new FormData()
  form.append('media', file, isPng ? 'picture.png' : 'picture.jpg')
  return (await client.call('media/upload', uploaded, form, { type: 'image' })).media_id
}

/** FormData writes the name as raw UTF-8, which is what WeCom shows: no other spelling of it arrives (WECOM.md 9). */
export async function uploadFile(client: Pick<WecomClient, 'call'>, { name, bytes }: NamedFile): Promise<string> {
  checkFile(bytes)
  const form = new FormData()
  form.append('media', new Blob([new Uint8Array(bytes)], { type: 'application/octet-stream' }), name)
  return (await client.call('media/upload', uploaded, form, { type: 'file' })).media_id
}
