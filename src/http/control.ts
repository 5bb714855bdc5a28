import { createHash, timingSafeEqual } from 'node:crypto'
import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import { z } from 'zod'
import { canMoveTo } from '../clock.ts'
import { UserError } from '../errors.ts'
import { logIncident } from '../log.ts'
import { BodyTooLargeError, isAborted, readBody } from './body.ts'

/** What the CLI and scripts may ask of the running service. Answers are JSON: `{ok, ...}`, or 4xx/5xx with `{error}`. */
export interface ControlParts {
  token: string
  /** The last path the reply took, as text, and what it sent to others. */
  say(userId: string, line: string): Promise<object>
  importRoster(bytes: Uint8Array, dryRun: boolean): Promise<{ ok: boolean } & object>
  /** The roster beside WeCom's directory. `as`: what identity those who are new have. */
  syncRoster(said: { dryRun: boolean; as: string | undefined }): Promise<object>
  importBank(bytes: Uint8Array, options: BankQuery): Promise<{ ok: boolean } & object>
  /** undefined: no such job. */
  runJob(
    name: string,
    options: { at: Date | undefined; dryRun: boolean },
  ): Promise<{ report: string; sent: readonly object[]; failed: boolean } | undefined>
  /** Creates the app's menu at WeCom; says in Chinese what it did, or what to do. */
  makeMenu(): Promise<{ ok: boolean; text: readonly string[] }>
  /** Makes a backup, in a folder that is there or else in that of the backups; says in Chinese where it is. */
  backUp(to: string | undefined): Promise<{ ok: boolean; text: readonly string[] }>
  /** What `npm run doctor` compares with WeCom. */
  facts(): Promise<object>
  /** Absent where the clock may not be moved. */
  moveClock?: (to: Date) => Promise<object>
}

/** `name`, else the file's title, else the name of `file`. */
export interface BankQuery {
  dryRun: boolean
  skipBad: boolean
  name: string | undefined
  fileName: string | undefined
}

const FILE_BYTES = 10 * 1024 * 1024
const JSON_BYTES = 64 * 1024

class BadRequestError extends Error {}

const sayBody = z.object({ userId: z.string().trim().min(1).max(64), line: z.string().max(20_000) })
const instant = z.iso
  .datetime({ offset: true })
  .transform(at => new Date(at))
  .refine(canMoveTo, 'the clock goes from 2000 to 9998')
const clockBody = z.object({ now: instant })
const backupBody = z.object({ to: z.string().min(1).max(4096).optional() })
const jobBody = z.object({ at: instant.optional(), dryRun: z.boolean().default(false) })

export function controlRoutes(parts: ControlParts): Middleware {
  const router = new Router({ prefix: '/control' })
  router.use(onlyWithToken(parts.token), explainErrors)
  router.post('/say', async ctx => {
    const { userId, line } = await jsonBody(ctx, sayBody)
    ctx.body = { ok: true, ...(await parts.say(userId.toLowerCase(), line)) }
  })
  takeFiles(router, parts)
  router.post('/jobs/:name', async ctx => {
    const { at, dryRun } = await jsonBody(ctx, jobBody)
    const result = await parts.runJob(z.string().parse(ctx.params.name), { at, dryRun })
    if (!result) {
      ctx.status = 404
      ctx.body = { error: 'there is no job of this name' }
      return
    }
    const { failed, ...rest } = result
    ctx.status = failed ? 500 : 200
    ctx.body = failed ? { error: rest.report, ...rest } : { ok: true, ...rest }
  })
  router.post('/menu', async ctx => {
    const { ok, text } = await parts.makeMenu()
    ctx.status = ok ? 200 : 502
    ctx.body = ok ? { ok, text } : { error: text.join('\n') }
  })
  router.post('/backup', async ctx => {
    const { to } = await jsonBody(ctx, backupBody)
    ctx.body = await parts.backUp(to)
  })
  router.post('/facts', async ctx => {
    ctx.body = { ok: true, ...(await parts.facts()) }
  })
  router.post('/clock', async ctx => {
    if (!parts.moveClock)
      throw new BadRequestError('the clock can be moved in simulator mode or with a loopback WECOM_API_BASE')
    const { now } = await jsonBody(ctx, clockBody)
    ctx.body = { ok: true, ...(await parts.moveClock(now)) }
  })
  // The router adds `params` and `router` to the context by itself.
  return router.routes() as Middleware
}

/** What comes in. What a file is, is seen by its content: types that browsers and scripts state are guesses. */
function takeFiles(router: Router, parts: Pick<ControlParts, 'importRoster' | 'syncRoster' | 'importBank'>): void {
  router.post('/roster', async ctx => {
    const dryRun = flagOf(ctx, 'dryRun')
    const report = await parts.importRoster(await readBody(ctx.req, FILE_BYTES), dryRun)
    ctx.status = report.ok ? 200 : 422
    ctx.body = report
  })
  router.post('/roster/sync', async ctx => {
    ctx.body = await parts.syncRoster({ dryRun: flagOf(ctx, 'dryRun'), as: wordsOf(ctx, 'as') })
  })
  router.post('/bank', async ctx => {
    const flags = { dryRun: flagOf(ctx, 'dryRun'), skipBad: flagOf(ctx, 'skipBad') }
    const said = { ...flags, name: wordsOf(ctx, 'name'), fileName: wordsOf(ctx, 'file') }
    const report = await parts.importBank(await readBody(ctx.req, FILE_BYTES), said)
    ctx.status = report.ok ? 200 : 422
    ctx.body = report
  })
}

/** A word that is not understood must not do the real thing. */
function flagOf(ctx: Context, name: 'dryRun' | 'skipBad'): boolean {
  const said = ctx.query[name] ?? '0'
  if (said === '1' || said === 'true') return true
  if (said === '0' || said === 'false') return false
  throw new BadRequestError(`${name} is 1 or 0`)
}

function wordsOf(ctx: Context, name: 'name' | 'file' | 'as'): string | undefined {
  const said = ctx.query[name]
  if (Array.isArray(said)) throw new BadRequestError(`${name} is said once`)
  return said
}

/** Hashes are compared, so that neither the length nor the common beginning of the token shows in the time it takes. */
export function onlyWithToken(token: string): Middleware {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const wanted = digest(`Bearer ${token}`)
  return async (ctx, next) => {
    if (timingSafeEqual(wanted, digest(ctx.get('authorization')))) return next()
    ctx.status = 401
    ctx.body = { error: 'Authorization: Bearer CONTROL_TOKEN is missing or wrong' }
  }
}

const explainErrors: Middleware = async (ctx, next) => {
  try {
    await next()
  } catch (error) {
    if (isAborted(ctx.req)) throw error
    const [status, message] = explain(error)
    ctx.status = status
    ctx.body = { error: message }
  }
}

function explain(error: unknown): [number, string] {
  if (error instanceof BodyTooLargeError) return [413, 'the body is larger than allowed']
  if (error instanceof BadRequestError || error instanceof UserError) return [400, error.message]
  return [500, `internal error ${logIncident('control request failed', error)}`]
}

async function jsonBody<T extends z.ZodType>(ctx: Context, schema: T): Promise<z.output<T>> {
  const text = (await readBody(ctx.req, JSON_BYTES)).toString('utf8')
  const parsed = schema.safeParse(parseJson(text.trim() === '' ? '{}' : text))
  if (parsed.success) return parsed.data
  throw new BadRequestError(parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; '))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BadRequestError('the body is not JSON')
  }
}
