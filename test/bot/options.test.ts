import { beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { defineCommand } from '../../src/bot/command.ts'
import { loadCommands } from '../../src/bot/load.ts'
import type { Answer, Options } from '../../src/bot/message.ts'
import { audits, people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'
import { ROOT } from '../house/sources.ts'

/** A paper of two questions: what any command can ask with options, from the line to the settled card and back. */

const FIRST: Options = {
  mode: 'multiple',
  submit: '/试题 1',
  list: [
    { id: 'A', text: '3人' },
    { id: 'B', text: '4人' },
    { id: 'C', text: '5人' },
  ],
}
const LONG = '在党支部党员大会上有表决权、选举权和被选举权'
const SECOND: Options = {
  mode: 'single',
  submit: '/试题 2',
  list: [
    { id: 'A', text: LONG },
    { id: 'B', text: '只有发言权' },
  ],
}
const QUESTIONS: readonly Answer[] = [
  { text: '第 1/2 题（多选）\n支委会由几人组成？', options: FIRST },
  { text: '第 2/2 题\n正式党员有什么权利？', options: SECOND, choices: [{ label: '交卷', line: '/试题 3' }] },
  { text: '答完了。' },
]
const answered = new Set<string>()

const paper = defineCommand({
  name: 'test-paper',
  aliases: ['试题'],
  summary: '答两道题',
  moment: '学习',
  examples: ['/试题', '/试题 1 AC'],
  allow: 'everyone',
  args: z.object({ said: z.string().optional() }),
  async run(ctx, { said = '' }) {
    const [number = '1', letters = ''] = said.split(/\s+/u).filter(word => word !== '')
    const asked = QUESTIONS[Number(number) - 1] ?? { text: '没有这道题。' }
    if (letters === '') return asked
    if (answered.has(number)) return { text: '这道题已答过。', outcome: '已答过' }
    return ctx.store.update('township', async tx => {
      await tx.audit({ by: ctx.person.personId, branchId: null, what: 'answer', about: number, after: letters })
      answered.add(number)
      const next = QUESTIONS[Number(number)] ?? { text: '' }
      return { ...next, text: `记下了 ${letters}。\n\n${next.text}`, outcome: `您选了 ${letters}` }
    })
  },
})

const registry = await loadCommands(`${ROOT}commands/`)
registry.add(paper, 'test-paper.ts')

beforeEach(() => answered.clear())

const answersIn = (bot: TestBot) =>
  bot.service.store.read(async tx => (await tx.all(audits)).filter(({ what }) => what === 'answer'))
const cardsOf = (bot: TestBot, userId: string) => bot.items(userId).flatMap(({ card }) => (card ? [card] : []))

async function send(bot: TestBot, userId: string, message: Answer) {
  await bot.service.store.update('township', async tx => {
    const { text, options } = message
    const found = await tx.getBy(people, 'userId', userId)
    await tx.send({ text, ...(options && { options }) }, [found?.personId ?? ''], { urgent: true })
  })
  await bot.idle()
}

inBothRenderings('a question with options', client => {
  it('is answered with letters or ticks, one after the other', async () => {
    const bot = await startBot({ client, registry })
    const first = await bot.says('zhangsan', '试题')
    expect(first).toContain('第 1/2 题（多选）')
    expect(first).toContain('A. 3人\nB. 4人\nC. 5人')
    const second = await bot.answers('zhangsan', 'AC')
    expect(second).toContain('记下了 AC。')
    expect(second).toContain(`A. ${LONG}\nB. 只有发言权`)
    expect(second).toContain('交卷请回：试题 3')
    expect(await bot.answers('zhangsan', 'B')).toContain('答完了。')
    expect((await answersIn(bot)).map(({ about, after }) => `${about} ${after}`)).toEqual(['1 AC', '2 B'])
  })

  it('may be answered with letters by everybody, and with the whole line', async () => {
    const bot = await startBot({ client, registry })
    await bot.says('zhangsan', '试题')
    expect(await bot.says('zhangsan', 'ac')).toContain('记下了 ac。')
    expect(await bot.says('zhangsan', '试题 2 B')).toContain('答完了。')
  })

  it('beside it a digit hands nothing in: it goes to the question', async () => {
    const bot = await startBot({ client, registry })
    await bot.says('zhangsan', '试题 2')
    expect(await bot.says('zhangsan', '1')).toContain('记下了 1。')
  })

  it('is answered once where WeCom delivers the answer twice', async () => {
    const bot = await startBot({ client, registry })
    await bot.says('zhangsan', '试题')
    bot.simulator.faults.deliverTwice(true)
    const said = await bot.answers('zhangsan', 'AC')
    expect(said).not.toContain('已答过')
    expect(await answersIn(bot)).toHaveLength(1)
  })

  it('is asked again, options and all, where its message comes again after a restart', async () => {
    const bot = await startBot({ client, registry })
    const once = { msgId: '9007199254740993001' }
    await bot.simulator.say('zhangsan', '试题', once)
    await bot.idle()
    await bot.restart()
    await bot.simulator.say('zhangsan', '试题', once)
    await bot.idle()
    expect(bot.sentTo('zhangsan').at(-1)).toContain('A. 3人\nB. 4人\nC. 5人')
    expect(await bot.answers('zhangsan', 'A')).toContain('记下了 A。')
  })

  it('that is pushed is kept, and answered as well', async () => {
    const bot = await startBot({ client, registry })
    await send(bot, 'lisi', QUESTIONS[0] ?? { text: '' })
    const line = /^请回：(.+) AB（AB 换成您选的）$/mu.exec(bot.newFor('lisi'))?.[1]
    expect(line).toBe(client === 'cards' ? undefined : '试题 1')
    const said = line ? await bot.says('lisi', `${line} BC`) : await bot.answers('lisi', 'BC')
    expect(said).toContain('记下了 BC。')
  })
})

it('the submitted card keeps its ticks and is settled with the outcome; the next one is open', async () => {
  const bot = await startBot({ client: 'cards', registry })
  await bot.says('zhangsan', '试题')
  await bot.answers('zhangsan', 'AC')
  const [first, second] = cardsOf(bot, 'zhangsan')
  expect(first).toMatchObject({ greyed: '您选了 AC', submit: { key: '/试题 1' } })
  expect(first?.questions[0]?.options.map(({ id, ticked }) => ticked && id)).toEqual(['A', false, 'C'])
  expect(second).toMatchObject({ greyed: null, title: '第 2/2 题' })
  const update = bot.simulator.calls.find(({ path }) => path.endsWith('update_template_card'))
  expect(update?.body).toMatchObject({ userids: ['zhangsan'], button: { replace_name: '您选了 AC' } })
})

it('submitted with nothing ticked it is asked again, and the card stays alive', async () => {
  const bot = await startBot({ client: 'cards', registry })
  await bot.says('zhangsan', '试题')
  expect(await bot.answers('zhangsan', '')).toContain('第 1/2 题（多选）')
  expect(cardsOf(bot, 'zhangsan').map(({ greyed }) => greyed)).toEqual([null, null])
})

it('a card that was answered by text meanwhile is settled when it is pressed', async () => {
  const bot = await startBot({ client: 'cards', registry })
  await bot.says('zhangsan', '试题')
  const taskId = cardsOf(bot, 'zhangsan')[0]?.taskId ?? ''
  await bot.says('zhangsan', 'AC')
  await bot.simulator.press('zhangsan', { taskId, options: ['B'] })
  await bot.idle()
  expect(bot.sentTo('zhangsan').at(-1)).toBe('这道题已答过。')
  expect(cardsOf(bot, 'zhangsan')[0]?.greyed).toBe('已答过')
})

it('where cards are refused, the options are told in words', async () => {
  const bot = await startBot({ client: 'cards', registry })
  bot.simulator.faults.refuseCards = true
  expect(await bot.says('zhangsan', '试题')).toContain('A. 3人\nB. 4人\nC. 5人')
  expect(await bot.says('zhangsan', 'AC')).toContain('记下了 AC。')
})
