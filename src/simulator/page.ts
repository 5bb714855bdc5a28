import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type Router from '@koa/router'
import type { Context } from 'koa'
import { z } from 'zod'
import {
  addDays,
  addMinutes,
  canMoveTo,
  dayOf,
  instantAt,
  moveClock,
  now,
  nowMs,
  onClockMoved,
  resetClock,
  weekdayOf,
} from '../clock.ts'
import { readBody } from './body.ts'
import { openEventStream } from './event-stream.ts'
import type { Faults } from './faults.ts'
import type { Groups } from './groups.ts'
import type { Media } from './media.ts'
import type { MenuBar } from './menu.ts'
import type { createPeople } from './people.ts'
import type { Phones } from './phones.ts'

export interface PageSetup {
  phones: Phones
  people: ReturnType<typeof createPeople>
  faults: Faults
  groups: Groups
  menu: MenuBar
  media: Media
}

const FOLDER = new URL('./page/', import.meta.url)
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
}
const ASSET = /^[a-z-]+\.(css|js|svg)$/
const BODY_BYTES = 256 * 1024

/** The chat page: files, JSON and one event stream. */
export function mountPage(router: Router, setup: PageSetup) {
  const { phones, groups } = setup
  const stream = openEventStream()
  const unlisten = [
    phones.onChange(userId => stream.tell(userId)),
    groups.onChange(userIds => userIds.forEach(stream.tell)),
    onClockMoved(() => stream.tell('')),
  ]

  router.get('/simulator', ctx => sendFile(ctx, 'index.html'))
  router.get('/simulator/assets/:name', async ctx => {
    const name = z.string().regex(ASSET).safeParse(ctx.params.name)
    if (name.success) await sendFile(ctx, name.data)
  })
  router.get('/simulator/api/stream', stream.serve)
  mountReads(router, setup)
  mountActions(router, setup, () => stream.tell(''))

  function close(): void {
    for (const end of unlisten) end()
    stream.close()
  }
  return { close }
}

function mountReads(router: Router, { phones, faults, groups, menu, media }: PageSetup): void {
  const { pending } = faults
  const describe = ({ person, look, unread, last }: ReturnType<Phones['people']>[number]) => ({
    ...person,
    look,
    unread,
    last: last && { at: last.at, seq: last.seq, text: last.text.slice(0, 60) },
    groups: groups.of(person.userId),
  })
  router.get('/simulator/api/state', ctx => {
    const people = phones.people().map(describe)
    const every = groups.all().map(({ members, posts, ...group }) => ({ ...group, members: members.length }))
    ctx.body = { now: now().toISOString(), people, groups: every, menu: menu.current(), faults: pending }
  })
  router.get('/simulator/api/chat/:userId', ctx => {
    ctx.body = { items: phones.timeline(z.string().parse(ctx.params.userId)) }
  })
  router.get('/simulator/api/group/:id', ctx => {
    ctx.body = { items: groups.find(z.string().parse(ctx.params.id))?.posts ?? [] }
  })
  router.get('/simulator/api/picture/:mediaId', ctx => {
    const file = media.onScreen(z.string().parse(ctx.params.mediaId))
    if (!file) return
    ctx.set('cache-control', 'max-age=86400, immutable')
    ctx.type = file.contentType
    ctx.body = file.bytes
  })
  // Whatever it is, it is saved and not shown: it may hold a page.
  router.get('/simulator/api/file/:mediaId', ctx => {
    const file = media.onScreen(z.string().parse(ctx.params.mediaId))
    if (!file) return
    ctx.set('x-content-type-options', 'nosniff')
    ctx.attachment(file.filename)
    ctx.type = 'application/octet-stream'
    ctx.body = file.bytes
  })
}

const userId = z.string().min(1)
const press = z.object({
  userId,
  taskId: z.string().optional(),
  label: z.string().optional(),
  key: z.string().optional(),
})

const scan = z.object({
  userId,
  text: z.string().min(1),
  key: z.string().optional(),
  name: z.enum(['scancode_waitmsg', 'scancode_push']).optional(),
})

const move = z.union([
  z.object({ addMinutes: z.number() }),
  z.object({ to: z.iso.datetime({ offset: true, local: false }) }),
  z.object({ weekday: z.number().int().min(0).max(6), time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/) }),
  z.object({ reset: z.literal(true) }),
])
type Move = z.infer<typeof move>
const clockMove = move.refine(
  input => 'reset' in input || canMoveTo(targetOf(input)),
  'the clock goes from 2000 to 9998',
)

const breakage = z.object({
  expireToken: z.boolean().optional(),
  busy: z.number().int().min(0).max(100).optional(),
  rateLimit: z.number().int().min(0).max(100).optional(),
  deliverTwice: z.boolean().optional(),
})

function mountActions(router: Router, setup: PageSetup, changed: () => void): void {
  const { phones, people, faults } = setup
  function action<T>(name: string, schema: z.ZodType<T>, run: (input: T) => unknown): void {
    router.post(`/simulator/api/${name}`, async ctx => {
      // A page of another origin cannot send this type without being asked first, so it cannot speak for people here.
      if (!ctx.is('application/json')) return
      const input = schema.safeParse(jsonOf((await readBody(ctx.req, BODY_BYTES)) || '{}'))
      if (!input.success) {
        ctx.status = 400
        ctx.body = { error: z.prettifyError(input.error) }
        return
      }
      ctx.body = (await run(input.data)) ?? {}
    })
  }

  const text = z.string().min(1)
  action('say', z.object({ userId, text }), input => people.say(input.userId, input.text))
  action('press', press.extend({ options: z.array(z.string()).optional() }), input =>
    people.press(input.userId, input).catch((error: Error) => ({ problem: error.message })),
  )
  action('click', z.object({ userId, key: text }), input => people.click(input.userId, input.key))
  action('scan', scan, ({ userId, text, key, name }) =>
    people.scan(userId, text, { ...(key !== undefined && { key }), ...(name !== undefined && { name }) }),
  )
  action('picture', z.object({ userId }), input => people.picture(input.userId))
  action('look', z.object({ userId, look: z.enum(['wecom', 'wechat']) }), input =>
    phones.setLook(input.userId, input.look),
  )
  action('seen', z.object({ userId }), input => phones.markSeen(input.userId))
  action('clock', clockMove, setClock)
  action('faults', breakage, input => {
    if (input.expireToken) faults.expireToken()
    if (input.busy !== undefined) faults.busy(input.busy)
    if (input.rateLimit !== undefined) faults.rateLimit(input.rateLimit)
    if (input.deliverTwice !== undefined) faults.deliverTwice(input.deliverTwice)
    changed()
  })
  mountGroupActions(action, setup)
}

type Action = <T>(name: string, schema: z.ZodType<T>, run: (input: T) => unknown) => void

function mountGroupActions(action: Action, { phones, groups }: PageSetup): void {
  const group = z.object({ id: z.string().min(1) })
  action('group-seen', group.extend({ userId }), input => groups.markSeen(input.id, input.userId))
  action('dissolve', group, ({ id }) => {
    const found = groups.find(id)
    if (found) groups.change(found, { state: 'dissolved' })
  })
  // The group of this person's own branch: an ordinary one, to which somebody adds a robot.
  action('webhook', z.object({ userId }), ({ userId }) => {
    const branchOf = (person: ReturnType<Phones['of']>['person']) => person.memberships[0]?.branch
    const branch = branchOf(phones.of(userId).person)
    const own = phones.people().filter(({ person }) => person.userId === userId || branchOf(person) === branch)
    const members = own.map(({ person }) => person.userId).filter(id => phones.reaches(id))
    const key = randomUUID()
    groups.add({ id: key, kind: 'webhook', name: `${branch ?? ''}工作群`, owner: userId, members })
    return { key }
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function setClock(input: Move): { now: string } {
  if ('reset' in input) resetClock()
  else moveClock(targetOf(input))
  return { now: now().toISOString() }
}

function targetOf(input: Exclude<Move, { reset: true }>): Date {
  if ('addMinutes' in input) return addMinutes(now(), input.addMinutes)
  return 'to' in input ? new Date(input.to) : nextAt(input.weekday, input.time)
}

/** The first such moment that is still ahead. */
function nextAt(weekday: number, time: string): Date {
  const today = dayOf(now())
  const days = (weekday - weekdayOf(now()) + 7) % 7
  const at = instantAt(addDays(today, days), time)
  return at.getTime() > nowMs() ? at : instantAt(addDays(today, days + 7), time)
}

async function sendFile(ctx: Context, name: string): Promise<void> {
  const content = await readFile(new URL(name, FOLDER), 'utf8').catch(() => null)
  if (content === null) return
  ctx.set('content-security-policy', "default-src 'self'; frame-ancestors 'none'")
  ctx.set('cache-control', 'no-cache')
  ctx.type = `${TYPES[name.split('.').at(-1) ?? ''] ?? 'text/plain'}; charset=utf-8`
  ctx.body = content
}
