import { expect, it } from 'vitest'
import type { NamedFile } from '../../src/bot/message.ts'
import { WecomError, WecomUnreachableError } from '../../src/errors.ts'
import { outbox } from '../../src/store/collections.ts'
import {
  held,
  ids,
  manyPeople,
  notConnected,
  onStage,
  open,
  pass,
  person,
  start,
  startOutbox,
  until,
} from './outbox-stage.ts'

onStage()

/** A file is made and uploaded before the calls of its message are made, which hold its MediaId. */

const ORDER = { report: 'dues', args: { year: 2026, branches: ['b-1'], half: null } }
const FILE: NamedFile = { name: '党费.xlsx', bytes: new Uint8Array([80, 75, 3, 4, 5, 6]) }
type Step = NamedFile | Error | Promise<NamedFile>

async function startWith({ makes = [], uploads = [] }: { makes?: Step[]; uploads?: (string | Error)[] } = {}) {
  const asked: unknown[] = []
  const uploaded: string[] = []
  const files = {
    makeFile: async (order: unknown) => {
      asked.push(order)
      const step = (await makes.shift()) ?? FILE
      if (step instanceof Error) throw step
      return step
    },
    uploadFile: async ({ name }: NamedFile) => {
      uploaded.push(name)
      const answer = uploads.shift() ?? `media-${uploaded.length}`
      if (answer instanceof Error) throw answer
      return answer
    },
  }
  const bench = await startOutbox(manyPeople(8, { client: 'text' }), undefined, undefined, undefined, files)
  open.push(bench)
  bench.outbox.start()
  const send = (to: readonly string[], more: { picture?: string; reportTo?: string; text?: string } = {}) => {
    const { picture, reportTo, text = '做好了' } = more
    const message = { text, file: ORDER, ...(picture && { picture }) }
    return bench.store.update('township', tx => tx.send(message, to, { about: 'n-1', ...(reportTo && { reportTo }) }))
  }
  const shown = () => bench.sent.map(({ part }) => JSON.stringify(part.text ?? part.image ?? part.file))
  return { ...bench, files, asked, uploaded, send, shown }
}
const words = (content: string) => JSON.stringify({ content })
const medium = (mediaId: string) => JSON.stringify({ media_id: mediaId })

it('is made once for all, uploaded, and sent after words and picture', async () => {
  const bench = await startWith()
  await bench.send(ids(3), { picture: 'mine' })
  await bench.outbox.idle()
  expect([bench.asked, bench.uploaded]).toEqual([[ORDER], ['党费.xlsx']])
  expect(bench.shown()).toEqual([words('做好了'), medium('again-mine'), medium('media-1')])
  expect(bench.sent[2]?.userIds).toEqual(['u-p-1', 'u-p-2', 'u-p-3'])
  expect((await bench.records())[0]?.file).toMatchObject({ mediaId: 'media-1' })
})

it('is not made again where the upload has to wait, nor uploaded again where the message has to', async () => {
  const uploads = [new WecomUnreachableError('media/upload', false), new WecomError('media/upload', -1, '')]
  const bench = await startWith({ uploads })
  bench.script.push(notConnected())
  await bench.send(['p-1'])
  await bench.outbox.idle()
  expect(bench.sent).toEqual([])
  await pass(2, bench)
  await pass(3, bench)
  await pass(5, bench)
  expect([bench.asked.length, bench.uploaded.length]).toEqual([1, 3])
  expect(bench.shown()).toEqual([words('做好了'), words('做好了'), medium('media-3')])
})

it('is not uploaded again by the next start, which repeats the message byte for byte', async () => {
  const bench = await startWith()
  const never = held()
  bench.script.push(never.play)
  await bench.send(['p-1'])
  await until(() => bench.sent.length === 1)
  const after = await start([], bench.folder)
  await after.outbox.idle()
  expect(after.sent[0]).toMatchObject({ part: bench.sent[0]?.part, userIds: bench.sent[0]?.userIds })
  expect(after.sent[1]?.part).toEqual({ msgtype: 'file', file: { media_id: 'media-1' } })
  expect(bench.uploaded).toHaveLength(1)
  never.answer()
})

it('that was uploaded days ago for a message that never went is made again', async () => {
  const bench = await startWith()
  await bench.store.update('township', tx => tx.send({ text: '看', file: ORDER }, ['p-1'], { key: 'k' }))
  await bench.outbox.idle()
  const [record] = await bench.records()
  await bench.outbox.stop()
  const back = async (outgoingId: string) =>
    bench.store.update(`outbox:${outgoingId}`, async tx => {
      const found = await tx.get(outbox, outgoingId)
      if (found) await tx.put(outbox, { ...found, calls: null, state: 'waiting' })
    })
  await back(record?.outgoingId ?? '')
  for (const [days, made] of [
    [1, 1],
    [3, 2],
  ] as const) {
    await pass(days * 86_400, bench, false)
    bench.outbox.start()
    await bench.outbox.idle()
    await bench.outbox.stop()
    expect(bench.asked).toHaveLength(made)
    await back(record?.outgoingId ?? '')
  }
})

it('that cannot be made is a number in the words', async () => {
  const bench = await startWith({ makes: [new TypeError('王建国 is undefined')] })
  await bench.send(['p-1'], { reportTo: 'p-2' })
  await bench.outbox.idle()
  expect(bench.textsOf('u-p-1')[0]).toMatch(
    /^做好了\n文件没有做成，编号 E\d{6}。请稍后再要一次，或把编号告诉镇党建办。$/,
  )
  expect(bench.textsOf('u-p-2')[0]).toContain('文件没有做成，只发了文字')
  expect(bench.uploaded).toEqual([])
})

it('that WeCom refuses is a number in the words; for which it stays busy too, in the end', async () => {
  const refused = await startWith({ uploads: [new WecomError('media/upload', 45001, '')] })
  await refused.send(['p-1'])
  await refused.outbox.idle()
  expect(refused.textsOf('u-p-1')).toEqual([expect.stringMatching(/^做好了\n文件没有传上去，编号 E\d{6}。/)])
  const busy = await startWith({ uploads: Array.from({ length: 20 }, () => new WecomError('media/upload', -1, '')) })
  await busy.send(['p-1'])
  for (let minute = 0; minute < 12; minute += 1) await pass(61, busy)
  expect([busy.uploaded.length, busy.textsOf('u-p-1').length]).toEqual([10, 1])
})

it('that is long in the making holds up nobody who does not wait for it', async () => {
  let release: (file: NamedFile) => void = () => {}
  const slow = new Promise<NamedFile>(resolve => {
    release = resolve
  })
  const bench = await startWith({ makes: Array.from({ length: 6 }, () => slow) })
  for (const personId of ids(6)) await bench.send([personId], { text: `给 ${personId}` })
  await until(() => bench.asked.length === 6)
  await bench.say('通知', ['p-7'])
  await until(() => bench.sent.length === 1)
  expect(bench.textsOf('u-p-7')).toEqual(['通知'])
  release(FILE)
  await bench.outbox.idle()
  expect(bench.sent).toHaveLength(1 + 6 * 2)
})

it('is in a message of several parts, which say whose they are', async () => {
  const bench = await startWith()
  await bench.send(['p-1'], { text: '上|下' })
  await bench.outbox.idle()
  expect(bench.shown()).toEqual([words('上\n（1/2，o-1）'), words('下\n（2/2，o-1）'), medium('media-1')])
})

it('of a message for nobody who can be reached costs no more than the making', async () => {
  const bench = await startWith()
  await bench.store.update('township', tx => tx.send({ text: '看', file: ORDER }, [person('p-99').personId]))
  await bench.outbox.idle()
  expect([bench.sent, (await bench.records())[0]?.state]).toEqual([[], 'done'])
})
