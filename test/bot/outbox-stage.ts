import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { Client, Courier, FileOrder, NamedFile, Part, Sendable, Unreached } from '../../src/bot/message.ts'
import { createOutbox } from '../../src/bot/outbox.ts'
import { moveClock, nowMs } from '../../src/clock.ts'
import { blankPerson } from '../../src/domain/roster.ts'
import { WecomError, WecomUnreachableError } from '../../src/errors.ts'
import { type Outgoing, type Person, people, outbox as records } from '../../src/store/collections.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import type { SendOptions, Store } from '../../src/store/records.ts'

/** One call as WeCom would have seen it. */
export interface Sent {
  part: Part
  userIds: readonly string[]
  checkDuplicates: boolean
  at: number
}

type Play = (call: Sent) => Promise<readonly Unreached[]> | readonly Unreached[]

/** Cards for choices, as the real one; `say` splits a text at '|' so that a message can have several parts. */
function parts(message: Sendable, client: Client, _mode: 'reply' | 'pushed', taskId: string): Part[] {
  if (message.text === 'breaks the renderer') throw new TypeError('x is undefined')
  if (message.choices && client === 'cards') {
    return [{ msgtype: 'template_card', template_card: { task_id: taskId, main_title: { title: message.text } } }]
  }
  const words = (message.choices ?? []).map(choice => `${choice.label}请回：${choice.line}`)
  const contents = [message.text, ...words].join('\n').split('|')
  const picture = message.picture ? [{ msgtype: 'image', image: { media_id: message.picture } }] : []
  const file = message.file ? [{ msgtype: 'file', file: { media_id: message.file } }] : []
  return [...contents.map(content => ({ msgtype: 'text', text: { content } })), ...picture, ...file]
}

export function fakeCourier() {
  const sent: Sent[] = []
  const script: Play[] = []
  const courier: Courier = {
    parts,
    async send(part, userIds, checkDuplicates) {
      const call = { part, userIds, checkDuplicates, at: nowMs() }
      const msgids = [`msg-${sent.push(call)}`]
      const play = script.shift() ?? fallback.play
      return { unreached: await play(call), msgids }
    },
  }
  const fallback: { play: Play } = { play: () => [] }
  return { courier, sent, script, fallback }
}

export const person = (personId: string, more: Partial<Person> = {}): Person => ({
  ...blankPerson(personId),
  userId: `u-${personId}`,
  client: 'text',
  memberships: [{ branchId: 'b-1', group: null, posts: [], standingLeave: null }],
  ...more,
})

export const manyPeople = (count: number, more: Partial<Person> = {}): Person[] =>
  Array.from({ length: count }, (_, index) => person(`p-${index + 1}`, more))

export interface Files {
  makeFile?(order: FileOrder): Promise<NamedFile>
  uploadFile?(file: NamedFile): Promise<string>
}
const noFiles = () => Promise.reject(new Error('no files here'))

/** A started outbox on a store in a folder of its own. */
export async function startOutbox(
  roster: readonly Person[],
  from?: string,
  courier?: Courier,
  rehost = async (mediaId: string) => `again-${mediaId}`,
  { makeFile = noFiles, uploadFile = noFiles }: Files = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'zhibu-outbox-'))
  if (from) await cp(from, folder, { recursive: true })
  const store = await openLowdbStore({ folder, corpId: 'ww0123456789abcdef' })
  const wire = fakeCourier()
  const outbox = createOutbox({
    store,
    courier: courier ?? wire.courier,
    rehost,
    makeFile,
    uploadFile,
    clientDefault: 'text',
  })
  const put = async (tx: Parameters<Parameters<Store['update']>[1]>[0]) => {
    for (const one of roster) await tx.insert(people, one)
  }
  if (roster.length > 0) await store.update('township', put, { long: 'import' })
  return {
    ...wire,
    folder,
    store,
    outbox,
    /** Queues a message; where there is a time, it waits for it. */
    say: (text: string, to: readonly string[], options?: SendOptions) =>
      store.update('township', tx => tx.send({ text }, to, options)),
    ask: (text: string, to: readonly string[]) =>
      store.update('township', tx => tx.send({ text, choices: [{ label: '收到', line: '/收到 n-1' }] }, to)),
    records: (): Promise<readonly Outgoing[]> => store.read(tx => tx.all(records)),
    /** What each person got, in order. */
    textsOf: (userId: string) => wire.sent.filter(call => call.userIds.includes(userId)).map(call => textOf(call.part)),
    async close() {
      await outbox.stop()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type Bench = Awaited<ReturnType<typeof startOutbox>>

/** What tells the parts of one message from those of another: '（2/3，o-12）'. */
const MARK = /\n（(?:\d+\/\d+，)?o-\d+）$/u

/** Without the mark. */
export function textOf(part: Part): string {
  const { text, template_card: card } = part as {
    text?: { content: string }
    template_card?: { main_title: { title: string } }
  }
  return text?.content.replace(MARK, '') ?? card?.main_title.title ?? ''
}

/** Lets the clock jump, then everything that became due is done; `wait` false: it begins. */
export async function pass(seconds: number, bench: Bench, wait = true): Promise<void> {
  moveClock(new Date(nowMs() + seconds * 1000))
  if (wait) await bench.outbox.idle()
}

/** Nothing goes out at night: a test that is about something else begins by day, whatever the host says. */
export const beginByDay = (): void => moveClock(new Date('2026-11-24T10:00:00+08:00'))

/** Before and after each test of the file that calls it. */
export function onStage(): void {
  beforeEach(beginByDay)
  afterEach(async () => {
    for (const bench of open.splice(0)) await bench.close()
  })
}

/** Closed after each test. */
export const open: Bench[] = []

export async function start(...args: Parameters<typeof startOutbox>): Promise<Bench> {
  const bench = await startOutbox(...args)
  open.push(bench)
  bench.outbox.start()
  return bench
}

export const ids = (count: number) => Array.from({ length: count }, (_, index) => `p-${index + 1}`)
export const inSeconds = (seconds: number) => new Date(nowMs() + seconds * 1000)
export const fail = (error: Error) => () => Promise.reject(error)
export const ambiguous = () => fail(new WecomUnreachableError('message/send', true))
export const notConnected = () => fail(new WecomUnreachableError('message/send', false))
export const refusedWith = (code: number, retryAt?: Date) =>
  fail(new WecomError('message/send', code, '请看说明', retryAt))

/** A call that is answered when the test says so. */
export function held() {
  let answer: () => void = () => {}
  const answered = new Promise<readonly []>(resolve => {
    answer = () => resolve([])
  })
  return { play: () => answered, answer: () => answer() }
}

export async function until(holds: () => boolean): Promise<void> {
  const started = performance.now()
  while (!holds()) {
    if (performance.now() - started > 5000) throw new Error('waited 5 s')
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}
