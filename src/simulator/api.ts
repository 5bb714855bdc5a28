import type Router from '@koa/router'
import type { Context } from 'koa'
import { readBody } from './body.ts'
import type { createFaults } from './faults.ts'
import type { Answer, createMessages } from './messages.ts'
import type { Phones } from './phones.ts'
import { RefusalError, refuse } from './refusal.ts'
import type { createTokens } from './tokens.ts'

/** One call of WeCom's API, for assertions. */
export interface ApiCall {
  path: string
  query: Readonly<Record<string, string>>
  /** The JSON of a POST, as it was sent; null for a GET. */
  body: unknown
  /** The errcode of the answer; null where the connection was cut. */
  errcode: number | null
}

/** A long demonstration keeps only the newest. */
const CALLS_KEPT = 5000
const BODY_BYTES = 4 * 1024 * 1024

export interface ApiSetup {
  corpId: string
  agentId: number
  tokens: ReturnType<typeof createTokens>
  messages: ReturnType<typeof createMessages>
  phones: Phones
  faults: ReturnType<typeof createFaults>
}

/** `/simulator/wecom/cgi-bin/…`: WeCom's API, as far as a self-built app needs it. */
export function mountApi(router: Router, { corpId, agentId, tokens, messages, phones, faults }: ApiSetup): ApiCall[] {
  const calls: ApiCall[] = []

  const reads: Record<string, () => Answer> = {
    getcallbackip: () => ({ ip_list: ['127.0.0.1'] }),
    get_api_domain_ip: () => ({ ip_list: ['127.0.0.1'] }),
    'agent/get': () => agentOf(corpId, agentId, phones),
  }
  const writes: Record<string, (raw: string) => Answer> = {
    'message/send': messages.send,
    'message/update_template_card': messages.update,
    'message/recall': messages.recall,
  }

  function answer(ctx: Context, name: string, raw: string): Answer {
    if (name === 'gettoken') return tokens.issue(asked(ctx, 'corpid'), asked(ctx, 'corpsecret'))
    tokens.check(asked(ctx, 'access_token'))
    if (faults.take('busy')) refuse(-1, 'system busy')
    if (faults.take('rateLimit')) refuse(45009, 'api freq out of limit')
    const write = writes[name]
    if (write && ctx.method !== 'POST') refuse(40063, 'POST required')
    const run = write ? () => write(raw) : reads[name]
    // Directory, groups and media are not simulated: as where the app has no right to them.
    return run ? run() : refuse(48002, 'api forbidden')
  }

  async function call(ctx: Context): Promise<void> {
    const name = ctx.path.replace('/simulator/wecom/cgi-bin/', '')
    const raw = ctx.method === 'POST' ? await readBody(ctx.req, BODY_BYTES) : ''
    const [errcode, json] = outcome(() => answer(ctx, name, raw))
    const cut = errcode === 0 && name !== 'gettoken' && faults.take('hang')
    const query = Object.fromEntries(new URLSearchParams(ctx.querystring))
    calls.push({ path: `/cgi-bin/${name}`, query, body: jsonOrNull(raw), errcode: cut ? null : errcode })
    if (calls.length > CALLS_KEPT) calls.shift()
    if (!cut) {
      ctx.body = json
      return
    }
    ctx.respond = false
    ctx.req.socket.destroy()
  }

  router.all('/simulator/wecom/cgi-bin/*name', call)
  return calls
}

function outcome(run: () => Answer): [number, Answer] {
  try {
    return [0, { errcode: 0, errmsg: 'ok', ...run() }]
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error
    return [error.code, { errcode: error.code, errmsg: error.errmsg }]
  }
}

function asked(ctx: Context, name: string): string {
  const value = ctx.query[name]
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

function jsonOrNull(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    return null
  }
}

function agentOf(corpId: string, agentId: number, phones: Phones): Answer {
  const user = phones.everybody().map(userid => ({ userid }))
  return { agentid: agentId, name: '支部', description: corpId, close: 0, allow_userinfos: { user }, isreportenter: 0 }
}
