import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import axios, { type AxiosProxyConfig, type AxiosRequestConfig } from 'axios'
import { z } from 'zod'
import type { NamedFile, Part } from '../bot/message.ts'
import { nowMs } from '../clock.ts'
import { type Answered, type AnyAnswer, parseAnswer, read, unreachable } from './answers.ts'
import { createAsking } from './asking.ts'
import type { CallCount } from './call-counts.ts'
import { checkCardUpdate, checkChatPost, checkMessage, checkWebhookPost } from './limits.ts'
import { rehostImage, uploadFile } from './media.ts'
import { createWebhookPace } from './webhook-pace.ts'

export interface WecomClientOptions {
  /** 'https://qyapi.weixin.qq.com', without a path. A function where it is known only when the first call is made. */
  apiBase: string | (() => string)
  corpId: string
  agentId: number
  secret: string
  /** 'http://user:password@host:port'. */
  proxy?: string
  /** How long one network call may take; 8 s. */
  timeoutMs?: number
  sleep?: (ms: number) => Promise<void>
  /** Called before each network call; what it throws ends the call. */
  beforeCall?: () => void
}

/** Every method throws WecomError, WecomUnreachableError, or what `beforeCall` throws. */
export interface WecomClient {
  readonly agentId: number
  token(): Promise<string>
  /** `api` is the path after /cgi-bin/. A body makes it a POST: JSON, or the parts of a form. The access token is added to the query. */
  call<T extends z.ZodType>(api: string, schema: T, body?: unknown, query?: Query): Promise<z.output<T>>
  /** A GET that answers with bytes; where it answers JSON, that is a refusal. */
  download(api: string, query: Query): Promise<Buffer>
  /** message/send; checked against WeCom's limits first (PayloadLimitError). */
  sendMessage(body: Part): Promise<SendResult>
  /** update_template_card: greys the buttons of one person's card. A response code works once. */
  updateCard(update: CardUpdate): Promise<void>
  /** appchat/send; checked against WeCom's limits first. */
  postInChat(chatId: string, part: Part): Promise<void>
  /** webhook/send: no token, the key is the secret, which stands in no log and no error. The 21st a minute is refused here (45009). */
  postByWebhook(key: string, part: Part): Promise<void>
  /** media/get of a picture that a member sent, and media/upload of its bytes; the new MediaId. */
  rehostImage(mediaId: string): Promise<string>
  /** media/upload of a file of ours; its MediaId, which lives three days. */
  uploadFile(file: NamedFile): Promise<string>
  /** What is known of the access token without a call: see TokenKeeper. */
  tokenState(): boolean | null
  /** WeCom's clock minus ours at the last answer, to the second; undefined before the first. */
  clockDifferenceMs(): number | undefined
  /** What WeCom answered since the start. */
  counts(): readonly Readonly<CallCount>[]
  /** Ends idle connections. */
  close(): void
}

export type Query = Readonly<Record<string, string | number>>

export interface CardUpdate {
  userId: string
  responseCode: string
  /** The words on the dead button. */
  replaceName: string
}

/** Ids joined by `|`, missing, or empty. */
const idList = z
  .string()
  .optional()
  .transform(joined => (joined ?? '').split('|').filter(id => id !== ''))
const sendResult = z.object({
  errcode: z.literal(0),
  invaliduser: idList,
  unlicenseduser: idList,
  msgid: z.string().optional(),
  response_code: z.string().optional(),
})
const done = z.object({ errcode: z.literal(0) })
export type SendResult = z.output<typeof sendResult>

interface Bytes extends Answered {
  bytes: Buffer
}

export function createWecomClient(options: WecomClientOptions): WecomClient {
  const { agentId, corpId, secret, sleep } = options
  const webhooks = createWebhookPace()
  const wire = createWire(options)

  const { ask, withToken, tokens, counts } = createAsking(wire.exchange, { corpId, secret, sleep })

  async function call<T extends z.ZodType>(
    api: string,
    schema: T,
    body?: unknown,
    query?: Query,
  ): Promise<z.output<T>> {
    return read(api, schema, await withToken(api, token => wire.exchange(api, { ...query, access_token: token }, body)))
  }

  async function download(api: string, query: Query): Promise<Buffer> {
    return (await withToken(api, token => wire.fetchBytes(api, { ...query, access_token: token }))).bytes
  }

  return {
    agentId,
    token: () => tokens.get(),
    call,
    download,
    async sendMessage(body) {
      checkMessage(body)
      return call('message/send', sendResult, body)
    },
    async updateCard({ userId, responseCode, replaceName }) {
      const body = {
        userids: [userId],
        agentid: agentId,
        response_code: responseCode,
        button: { replace_name: replaceName },
      }
      checkCardUpdate(body)
      await call('message/update_template_card', done, body)
    },
    async postInChat(chatId, part) {
      const body = { chatid: chatId, ...part, safe: 0 }
      checkChatPost(body)
      await call('appchat/send', done, body)
    },
    async postByWebhook(key, part) {
      const api = 'webhook/send'
      checkWebhookPost(part)
      const send = () => webhooks.paced(key, () => wire.exchange(api, { key }, part))
      read(api, done, await ask(api, send, { what: `${api} ${key}` }))
    },
    rehostImage: mediaId => rehostImage({ call, download }, mediaId),
    uploadFile: file => uploadFile({ call }, file),
    tokenState: tokens.state,
    clockDifferenceMs: wire.clockDifferenceMs,
    counts,
    close: wire.close,
  }
}

/** The longest picture that WeCom takes is half of this (WECOM.md 9): what is longer is not read to its end. */
const MOST_BYTES = 20 * 1024 * 1024
/** A picture over a village's line. */
const MEDIA_TIMEOUTS = 4

/** One network call, nothing repeated. */
function createWire({ apiBase, proxy, timeoutMs = 8000, beforeCall }: WecomClientOptions) {
  const httpAgent = new HttpAgent({ keepAlive: true })
  const httpsAgent = new HttpsAgent({ keepAlive: true })
  let differenceMs: number | undefined
  const base = typeof apiBase === 'string' ? () => apiBase : apiBase
  const http = axios.create({
    adapter: 'http',
    httpAgent,
    httpsAgent,
    // false: axios would read the proxy variables of the environment by itself.
    proxy: proxy ? proxyConfig(proxy) : false,
    maxRedirects: 0,
    responseType: 'arraybuffer',
    maxContentLength: MOST_BYTES,
    validateStatus: () => true,
  })

  async function request(api: string, query: Query, body?: unknown): Promise<{ bytes: Buffer; type: string }> {
    beforeCall?.()
    const url = `${base().replace(/\/+$/, '')}/cgi-bin/${api}`
    const longest = api.startsWith('media/') ? timeoutMs * MEDIA_TIMEOUTS : timeoutMs
    const config: AxiosRequestConfig = { url, params: query, signal: AbortSignal.timeout(longest) }
    if (body !== undefined) {
      config.method = 'POST'
      config.data = body instanceof FormData ? body : JSON.stringify(body)
      if (!(body instanceof FormData)) config.headers = { 'Content-Type': 'application/json; charset=utf-8' }
    }
    const response = await http.request<unknown>(config).catch((error: unknown) => {
      throw unreachable(api, !neverSent(error), codeOf(error))
    })
    noteDate(response.headers.date)
    const { status, data, headers } = response
    if (status !== 200) throw unreachable(api, status >= 500 || status < 400 || status === 408, `HTTP ${status}`)
    return { bytes: Buffer.isBuffer(data) ? data : Buffer.alloc(0), type: String(headers['content-type'] ?? '') }
  }

  const exchange = async (api: string, query: Query, body?: unknown): Promise<AnyAnswer> =>
    parseAnswer(api, (await request(api, query, body)).bytes)

  /** WeCom refuses in JSON, also where bytes were asked for: the type of the answer tells (WECOM.md 9). */
  async function fetchBytes(api: string, query: Query): Promise<Bytes> {
    const { bytes, type } = await request(api, query)
    if (!/json|text\/plain/i.test(type)) return { errcode: 0, errmsg: '', bytes }
    const { errcode = 0, errmsg } = parseAnswer(api, bytes)
    if (errcode === 0) throw unreachable(api, true, 'no bytes')
    return { errcode, errmsg, bytes: Buffer.alloc(0) }
  }

  function noteDate(date: unknown): void {
    const theirs = typeof date === 'string' ? Date.parse(date) : Number.NaN
    if (!Number.isNaN(theirs)) differenceMs = theirs - nowMs()
  }

  return {
    exchange,
    fetchBytes,
    clockDifferenceMs: () => differenceMs,
    close() {
      httpAgent.destroy()
      httpsAgent.destroy()
    },
  }
}

const codeOf = (error: unknown): string =>
  axios.isAxiosError(error) ? (error.code ?? 'unknown') : error instanceof Error ? error.name : 'unknown'

const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|CERT_\w+|ERR_TLS_\w+|ERR_SSL_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+)$/

/** No connection, or no trust in the other end: the request did not leave. */
const neverSent = (error: unknown): boolean => NEVER_SENT.test(codeOf(error))

function proxyConfig(proxy: string): AxiosProxyConfig {
  const url = new URL(proxy)
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  const auth = { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
  return { protocol: url.protocol.replace(':', ''), host: url.hostname, port, auth: url.username ? auth : undefined }
}
