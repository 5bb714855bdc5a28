import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import { z } from 'zod'
import { now, nowMs } from '../clock.ts'
import { meetingOfSecret } from '../domain/screen-token.ts'
import { type Meeting, meetings } from '../store/collections.ts'
import type { Store } from '../store/records.ts'
import { Rooms } from './rooms.ts'
import { plainPage, screenPage } from './screen-page.ts'
import { phaseOf, qrAt, viewOf } from './screen-view.ts'

/** The venue screen: one page for a projector or a television, by a link that lives as long as the meeting. */
export interface VenueScreen {
  routes: Middleware
  /** Ends the streams of all open screens. */
  close(): void
}

const FOLDER = new URL('./screen/', import.meta.url)
const TYPES: ReadonlyMap<string, string> = new Map([
  ['screen.js', 'text/javascript'],
  ['screen.css', 'text/css'],
  ['icon.svg', 'image/svg+xml'],
])

/** The address is the secret: it goes to no other site, into no cache and into no index. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

export function createVenueScreen(store: Store, key: Uint8Array): VenueScreen {
  const rooms = new Rooms(store, key)
  const router = new Router({ sensitive: true })
  router.use('/screen', (ctx, next) => {
    ctx.set(HEADERS)
    return next()
  })
  router.get('/screen/assets/:name', sendAsset)
  router.get('/screen/:secret', ctx => showPage(ctx, store, key))
  router.get('/screen/:secret/stream', async ctx => {
    const meeting = ctx.method === 'GET' && (await meetingOf(ctx, store, key))
    if (meeting) openStream(ctx, rooms, meeting.meetingId)
  })
  return { routes: router.routes() as Middleware, close: () => rooms.close() }
}

/** undefined: the secret is wrong, or its meeting was too long ago. */
async function meetingOf(ctx: Context, store: Store, key: Uint8Array): Promise<Meeting | undefined> {
  const meetingId = meetingOfSecret(key, z.string().catch('').parse(ctx.params.secret))
  return meetingId ? store.read(tx => tx.get(meetings, meetingId)) : undefined
}

async function showPage(ctx: Context, store: Store, key: Uint8Array): Promise<void> {
  const meeting = await meetingOf(ctx, store, key)
  ctx.type = 'text/html; charset=utf-8'
  if (!meeting) {
    ctx.status = 404
    ctx.body = plainPage('没有这个页面', '请照机器人给的网址再输一遍。')
    return
  }
  const view = await store.read(tx => viewOf(tx, meeting))
  if (view.phase === 'over') {
    ctx.status = 410
    ctx.body = plainPage(view.says, '这块屏幕用完了，可以关上。')
    return
  }
  const qr = phaseOf(meeting, now()) === 'open' ? qrAt(key, meeting.meetingId, now()) : null
  ctx.body = screenPage({ at: nowMs(), view, qr })
}

/** Past koa: a screen that is switched off is nothing to report. A meeting that is over says so and ends the stream. */
function openStream(ctx: Context, rooms: Rooms, meetingId: string): void {
  ctx.respond = false
  const { res } = ctx
  // A proxy that gathers what it passes on would keep the codes until they are dead.
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' })
  res.write('retry: 2000\n\n')
  const name = z.string().min(1).max(40).safeParse(ctx.query.screen)
  rooms.enter(meetingId, name.data ?? randomUUID(), res)
}

async function sendAsset(ctx: Context): Promise<void> {
  const name = z.string().catch('').parse(ctx.params.name)
  const type = TYPES.get(name)
  if (!type) return
  ctx.set('cache-control', 'no-cache')
  ctx.type = `${type}; charset=utf-8`
  ctx.body = await readFile(new URL(name, FOLDER))
}
