import { Workbook as Reader } from '@cj-tech-master/excelts'
import { afterEach, expect, it } from 'vitest'
import type { FileOrder } from '../../src/bot/message.ts'
import type { Collectors } from '../../src/export/reports.ts'
import { createReports } from '../../src/export/reports.ts'
import { people } from '../../src/store/collections.ts'
import { createWecomClient } from '../../src/wecom/client.ts'
import { createCourier } from '../../src/wecom/courier.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'
import { duesBook } from '../export/books.ts'
import { AGENT, CORP, SECRET, startEchoBot } from '../simulator/echo-bot.ts'
import { held, onStage, person, startOutbox, until } from './outbox-stage.ts'

onStage()

/** From the order to the bytes on somebody's phone, over the wire. */

const NAME = '党费收缴登记表 2026年.xlsx'
const ORDER = { report: 'dues', args: { year: 2026 } }
const CHOICES = [{ label: '确认', line: '/确认 d-1' }]

async function readBack(bytes: Uint8Array) {
  const reader = new Reader()
  await reader.xlsx.load(Buffer.from(bytes))
  return reader.worksheets[0]
}

async function sendTo(bot: TestBot, userId: string, file: FileOrder, choices = false) {
  await bot.service.store.update('township', async tx => {
    const found = await tx.getBy(people, 'userId', userId)
    const message = { text: '2026年党费，10:00', file: { ...ORDER, ...file }, ...(choices && { choices: CHOICES }) }
    await tx.send(message, [found?.personId ?? ''], { urgent: true })
  })
  await bot.idle()
}

inBothRenderings('a report', client => {
  it.each([false, true])('comes as a file after the words (with a choice: %s)', async choices => {
    const bot = await startBot({ client, collectors: { dues: async () => duesBook(3) } })
    bot.forget('wangshuji')
    await sendTo(bot, 'wangshuji', ORDER, choices)
    const [words, file, ...others] = bot.items('wangshuji').slice(-2)
    expect(others).toEqual([])
    expect(words?.kind).toBe(choices && client === 'cards' ? 'card' : 'text')
    expect(words?.text).toContain('2026年党费')
    expect(file).toMatchObject({ kind: 'file', text: `（文件）${NAME}`, file: { name: NAME } })
    const { name, bytes } = bot.simulator.fileOf('wangshuji')
    expect(name).toBe(NAME)
    expect((await readBack(bytes))?.getCell('B5').value).toBe('王建国')
  })

  it('that fails, or that nobody knows, is a sentence with a number behind the words', async () => {
    const bot = await startBot({ client, collectors: { dues: () => Promise.reject(new Error('王建国')) } })
    for (const report of ['dues', 'unknown']) {
      bot.forget('wangshuji')
      await sendTo(bot, 'wangshuji', { report, args: {} })
      expect(bot.newFor('wangshuji')).toMatch(/^2026年党费，10:00\n文件没有做成，编号 E\d{6}。请稍后再要一次/)
    }
    expect(() => bot.simulator.fileOf('wangshuji')).toThrow()
  })
})

const ending: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0)) await end()
})

it('a bot killed between upload and sending sends what it uploaded', async () => {
  const peer = await startEchoBot()
  const apiBase = `${peer.address()}/simulator/wecom`
  const client = createWecomClient({ apiBase, corpId: CORP, agentId: AGENT, secret: SECRET })
  const collectors: Collectors = { dues: async () => duesBook(2) }
  const files = { makeFile: createReports(collectors).make, uploadFile: client.uploadFile }
  const courier = createCourier(client)
  const never = held()
  let marked = false
  const stuck = {
    ...courier,
    send: async () => {
      marked = true
      return { unreached: await never.play(), msgids: [] }
    },
  }
  const roster = [person('p-1', { userId: 'zhangsan' })]
  const first = await startOutbox(roster, undefined, stuck, undefined, files)
  first.outbox.start()
  await first.store.update('township', tx => tx.send({ text: '好了', file: ORDER }, ['p-1']))
  await until(() => marked)
  const second = await startOutbox([], first.folder, courier, undefined, {
    makeFile: () => Promise.reject(new Error('made twice')),
    uploadFile: () => Promise.reject(new Error('uploaded twice')),
  })
  ending.push(second.close, first.close, async () => client.close(), peer.stop)
  second.outbox.start()
  await second.outbox.idle()
  expect(peer.simulator.inbox('zhangsan').map(({ text }) => text)).toEqual(['好了', `（文件）${NAME}`])
  expect((await readBack(peer.simulator.fileOf('Zhangsan').bytes))?.getCell('B6').value).toBe('欧阳建华')
  expect(peer.simulator.calls.filter(({ path }) => path.endsWith('media/upload'))).toHaveLength(1)
  never.answer()
})
