import type { IncomingMessage } from 'node:http'

/** The whole body. Throws where it is longer than `limit` bytes. */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > limit) throw new Error('the body is too long')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

/** The whole body as text. */
export const readBody = async (request: IncomingMessage, limit: number): Promise<string> =>
  (await readBytes(request, limit)).toString('utf8')
