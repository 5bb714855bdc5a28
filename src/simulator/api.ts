import type Router from '@koa/router'
import type { Context } from 'koa'
import type { createAppchat } from './appchat.ts'
import { readBytes } from './body.ts'
import type { createContacts } from './contacts.ts'
import type { createFaults } from './faults.ts'
import { type Media, MediaFile } from './media.ts'
import type { MenuBar } from './menu.ts'
import type { Answer, createMessages } from './messages.ts'
import { RefusalError, refuse } from './refusal.ts'
import type { createTokens } from './tokens.ts'
import type { createWebhooks } from './webhook.ts'

/** One call of WeCom's API, for assertions. */
export interface ApiCall {
  path: string
  query: Readonly<Record<string, string>>
  /** The JSON of a POST, as it was sent; null for a GET and for an upload. */
  body: unknown
  /** The errcode of the answer; null where the connection was cut. */
  errcode: number | null
}

/** A long demonstration keeps only the newest. */
const CALLS_KEPT = 5000
/** A file of 20 MB and its frame (WECOM.md 9). */
const BODY_BYTES = 21 * 1024 * 1024

export interface ApiSetup {
  tokens: ReturnType<typeof createTokens>
  messages: ReturnType<typeof createMessages>
  appchat: ReturnType<typeof createAppchat>
  webhooks: ReturnType<typeof createWebhooks>
  menu: MenuBar
  media: Media
  contacts: ReturnType<typeof createContacts>
  faults: ReturnType<typeof createFaults>
}

/** What the API is asked: of `query` the first of each name, '' where it is missing. */
interface Asked {
  query(name: string): string
  type: string
  bytes: Buffer
  raw: string
}
type Calls = ReadonlyMap<string, (asked: Asked) => Answer | MediaFile>

/** With a GET. */
const readsOf = ({ contacts, appchat, menu, media }: ApiSetup): Calls =>
  new Map<string, (asked: Asked) => Answer | MediaFile>([
    ['getcallbackip', () => ({ ip_list: ['127.0.0.1'] })],
    ['get_api_domain_ip', () => ({ ip_list: ['127.0.0.1'] })],
    ['agent/get', () => contacts.agent()],
    ['department/simplelist', () => contacts.departmentList()],
    ['department/get', asked => contacts.departmentGet(asked.query('id'))],
    ['user/simplelist', asked => contacts.memberList(asked.query('department_id'))],
    ['user/get', asked => contacts.member(asked.query('userid'))],
    ['tag/get', asked => contacts.tag(asked.query('tagid'))],
    ['appchat/get', asked => appchat.get(asked.query('chatid'))],
    ['menu/get', asked => menu.get(asked.query('agentid'))],
    ['menu/delete', asked => menu.remove(asked.query('agentid'))],
    ['media/get', asked => media.get(asked.query('media_id'))],
  ])

/** With a POST. */
const writesOf = ({ messages, appchat, menu, media }: ApiSetup): Calls =>
  new Map<string, (asked: Asked) => Answer>([
    ['message/send', asked => messages.send(asked.raw)],
    ['message/update_template_card', asked => messages.update(asked.raw)],
    ['message/recall', asked => messages.recall(asked.raw)],
    ['appchat/create', asked => appchat.create(asked.raw)],
    ['appchat/update', asked => appchat.update(asked.raw)],
    ['appchat/send', asked => appchat.send(asked.raw)],
    ['menu/create', asked => menu.create(asked.query('agentid'), asked.raw)],
    ['media/upload', asked => media.upload(asked.query('type'), asked.type, asked.bytes)],
  ])

/** `/simulator/wecom/cgi-bin/…`: WeCom's API, as far as a self-built app needs it. */
export function mountApi(router: Router, setup: ApiSetup): ApiCall[] {
  const { tokens, webhooks, faults } = setup
  const calls: ApiCall[] = []
  const [reads, writes] = [readsOf(setup), writesOf(setup)]

  function answer(method: string, name: string, asked: Asked): Answer | MediaFile {
    if (name === 'gettoken') return tokens.issue(asked.query('corpid'), asked.query('corpsecret'))
    if (name === 'webhook/send') return webhooks.send(asked.query('key'), asked.raw)
    tokens.check(asked.query('access_token'))
    if (faults.take('busy')) refuse(-1, 'system busy')
    if (faults.take('rateLimit')) refuse(45009, 'api freq out of limit')
    if (faults.faults.refuseGroups && name.startsWith('appchat/')) refuse(48002, 'api forbidden')
    const refusal = faults.faults.refused.get(name)
    if (refusal !== undefined) refuse(refusal, 'refused')
    if (writes.has(name) && method !== 'POST') refuse(40063, 'POST required')
    const run = writes.get(name) ?? reads.get(name)
    // As where the app has no right to it.
    return run ? run(asked) : refuse(48002, 'api forbidden')
  }

  async function call(ctx: Context): Promise<void> {
    const name = ctx.path.replace('/simulator/wecom/cgi-bin/', '')
    const bytes = ctx.method === 'POST' ? await readBytes(ctx.req, BODY_BYTES) : Buffer.alloc(0)
    const query = Object.fromEntries(new URLSearchParams(ctx.querystring))
    const type = ctx.get('content-type')
    const asked = { query: (wanted: string) => query[wanted] ?? '', type, bytes, raw: bytes.toString('utf8') }
    const [errcode, given] = outcome(() => answer(ctx.method, name, asked))
    const cut = errcode === 0 && name !== 'gettoken' && faults.take('hang')
    calls.push({ path: `/cgi-bin/${name}`, query, body: jsonOrNull(asked.raw), errcode: cut ? null : errcode })
    if (calls.length > CALLS_KEPT) calls.shift()
    if (!cut) return give(ctx, given)
    ctx.respond = false
    ctx.req.socket.destroy()
  }

  router.all('/simulator/wecom/cgi-bin/*name', call)
  return calls
}

function outcome(run: () => Answer | MediaFile): [number, Answer | MediaFile] {
  try {
    const given = run()
    return [0, given instanceof MediaFile ? given : { errcode: 0, errmsg: 'ok', ...given }]
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error
    return [error.code, { errcode: error.code, errmsg: error.errmsg }]
  }
}

/** A file as bytes: whoever fetches one has to look whether JSON came instead (WECOM.md 9). */
function give(ctx: Context, given: Answer | MediaFile): void {
  if (!(given instanceof MediaFile)) {
    ctx.body = given
    return
  }
  ctx.attachment(given.filename)
  ctx.type = given.contentType
  ctx.body = given.bytes
}

function jsonOrNull(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    return null
  }
}
