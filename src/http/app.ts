import { parse } from 'node:querystring'
import type { Duplex } from 'node:stream'
import Router from '@koa/router'
import Koa, { type Context, type Middleware } from 'koa'
import { log, logIncident } from '../log.ts'
import type { Callback } from '../wecom/callback.ts'
import { BodyTooLargeError, isAborted, readBody } from './body.ts'

/** The koa app: routes and the error boundary. It listens to nothing; `main.ts` and the tests do. */
export interface AppParts {
  callback: Callback
  /** What is ready; `ready: false` answers 503. */
  readiness: () => Promise<{ ready: boolean } & object>
  /** The control routes, where there is a token. */
  control: Middleware | null
  /** What people open in a browser, and the simulator's API: each takes the paths that are its own. */
  pages: readonly Middleware[]
  /** Where the bare address leads; null: nowhere. */
  home: string | null
}

const CALLBACK_BYTES = 1024 * 1024

export function createApp(parts: AppParts): Koa {
  const app = new Koa()
  // Instead of koa's own, which writes a stack of many lines to stderr.
  app.on('error', reportResponse)
  app.use(boundary)
  app.use(callbackRoute(parts.callback))
  const router = new Router()
  router.get('/healthz', ctx => {
    ctx.body = { ok: true }
  })
  router.get('/readyz', async ctx => {
    const readiness = await parts.readiness()
    ctx.status = readiness.ready ? 200 : 503
    ctx.body = readiness
  })
  if (parts.home) router.redirect('/', parts.home, 302)
  app.use(router.routes())
  if (parts.control) app.use(parts.control)
  for (const page of parts.pages) app.use(page)
  return app
}

/** Stands before the router: nearly every request is one of these, and a path comparison costs less than a route match. */
function callbackRoute(callback: Callback): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== '/wecom/app') return next()
    // By node's parser: koa's own costs as much as the signature.
    const query = parse(ctx.querystring)
    if (ctx.method === 'GET') return answer(ctx, callback.verifyUrl(query))
    if (ctx.method !== 'POST') {
      ctx.status = 405
      return
    }
    const body = await readBody(ctx.req, CALLBACK_BYTES)
    answer(ctx, await callback.post(query, body.toString('utf8')))
  }
}

function answer(ctx: Context, result: { status: number; body: string; type: string }): void {
  ctx.status = result.status
  ctx.type = result.type
  ctx.body = result.body
}

/** What goes wrong while an answer is written: mostly a peer that has hung up. */
function reportResponse(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/^(ECONNRESET|EPIPE|ERR_STREAM_\w+)$/.test(code)) log.debug('peer hung up', { code })
  else logIncident('answer failed', error)
}

/** What is no HTTP, or breaks off: a word where somebody still listens, and nothing in the log that an operator reads. */
export function refuseNonsense(error: Error, socket: Duplex): void {
  log.debug('not http', { code: 'code' in error ? String(error.code) : '' })
  if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
  else socket.destroy()
}

/** What of a path may be logged: what follows /screen/ is a secret. */
const openPath = (ctx: Context): string => ctx.path.replace(/^(\/screen\/).+/isu, '$1…')

const boundary: Middleware = async (ctx, next) => {
  try {
    await next()
  } catch (error) {
    if (isAborted(ctx.req)) {
      log.debug('peer hung up', { path: openPath(ctx) })
      ctx.respond = false
      return
    }
    if (error instanceof BodyTooLargeError) {
      ctx.status = 413
      ctx.body = ''
      // What is still being uploaded is not read: the connection ends with the answer.
      ctx.set('connection', 'close')
      return
    }
    ctx.status = 500
    ctx.body = { error: `internal error ${logIncident('request failed', error, { path: openPath(ctx) })}` }
  }
}
