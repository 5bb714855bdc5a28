import mammoth from 'mammoth'
import { expect, it } from 'vitest'
import { shippedBanks } from '../../src/domain/question-bank.ts'
import { importBank } from '../../src/import/bank.ts'
import { questions, quizzes } from '../../src/store/collections.ts'
import { inBothRenderings, startBot } from '../bot.ts'

const VILLAGE = `村情题库
一、判断题
1、村里有水库。
答案：对
二、单选题
1、村部在哪里？
A.东头 B.西头
答案：B
解析：在西头。
出处：《村志》第二条`

const dues = shippedBanks.find(({ name }) => name === '党费')?.questions ?? []

inBothRenderings('题库', client => {
  it('tells the banks, what may be asked of each kind, what was withdrawn, and the newest import', async () => {
    const bot = await startBot({ client })
    const { store } = bot.service
    const before = await bot.says('wangshuji', '题库')
    expect(before).toContain('题库 6 个\n党章：')
    expect(before).toMatch(/党费：24 题（单选 \d+，多选 \d+，判断 \d+，填空 \d+）/)
    expect(before).toContain('还没有导入过自己的题库')
    expect(before).toContain('出测验请发：测验 发布 党章 5')

    await importBank(store, Buffer.from(VILLAGE), { dryRun: false, skipBad: false, by: 'control' })
    await store.update('township', async tx => {
      const [one] = await tx.find(questions, 'bank', 'dues')
      if (one) await tx.put(questions, { ...one, withdrawn: { by: 'p-1', at: tx.now.toISOString(), why: '有误' } })
    })
    const after = await bot.says('qianxuan', '题库')
    expect(after).toContain('题库 7 个')
    expect(after).toMatch(/党费：23 题（.*），已撤 1/)
    expect(after).toContain('村情题库：2 题（单选 1，判断 1）')
    expect(after).toContain('最近导入：村情题库，11月24日')
  })

  it('tells of one what it is about, by any unique part of its name', async () => {
    const bot = await startBot({ client })
    const said = await bot.says('wangshuji', '题库 廉')
    expect(said).toMatch(/^题库“廉政”：\d+ 题/)
    expect(said).toContain('分类：')
    expect(said).toContain('题库 打印 廉政')
    expect(await bot.says('wangshuji', '题库 党')).toContain('请写全一些再发')
    expect(await bot.says('wangshuji', '题库 英语')).toContain('没有题库“英语”')
  })

  it('is printed as a document with the answers at the end', async () => {
    const bot = await startBot({ client })
    const said = await bot.says('wangshuji', '题库 打印 费')
    expect(said).toContain('题库“党费”在做成文档，做好就发给您。')
    const { name, bytes } = bot.simulator.fileOf('wangshuji')
    expect(name).toBe('题库 党费.docx')
    const { value: text } = await mammoth.extractRawText({ buffer: Buffer.from(bytes) })
    expect(text).toContain('党费题库\n\n共 24 题　2026年11月24日印')
    for (const { stem, explanation, source } of dues) {
      expect(text).toContain(stem)
      expect(text).toContain(explanation)
      expect(text).toContain(source.law)
    }
    const [asked = '', answers = ''] = text.split('答案与解析')
    expect(asked.match(/^\d+．/gm)).toHaveLength(24)
    expect(answers.match(/^\d+．/gm)).toHaveLength(24)
    expect(dues.filter(({ explanation }) => asked.includes(explanation))).toEqual([])
    const [first] = dues
    expect(answers).toContain(`1．${first?.answer}`)
  })
})

it('a bank that a quiz asks whose answers come later is printed without them, and no other quiz tells them', async () => {
  const bot = await startBot()
  const printed = async () => {
    await bot.says('wangshuji', '题库 打印 费')
    const { bytes } = bot.simulator.fileOf('wangshuji')
    return (await mammoth.extractRawText({ buffer: Buffer.from(bytes) })).value.split('答案与解析')[1] ?? ''
  }
  await bot.says('wangshuji', '测验 发布 党费 判断1 11-30')
  await bot.says('wangshuji', '发布')
  await bot.service.store.update('quiz:q-1', async tx => {
    const quiz = await tx.get(quizzes, 'q-1')
    const [one] = quiz?.pool ?? []
    const row = {
      questionId: one ?? '',
      asked: 3,
      right: 0,
      discrimination: null,
      mostWrong: { given: '对', times: 3 },
    }
    if (quiz) await tx.put(quizzes, { ...quiz, state: 'closed', figures: { branches: [], questions: [row] } })
  })
  expect(await bot.says('wangshuji', '测验 状态 q-1')).toMatch(/答对 0%，错得最多的：对；答案 /)
  await bot.says('wangshuji', '测验 发布 党费 5 11-30 截止后公布')
  await bot.says('wangshuji', '发布')
  const status = await bot.says('wangshuji', '测验 状态 q-1')
  expect(status).toContain('答对 0%）')
  expect(status).not.toMatch(/答案|错得最多/)
  const before = await printed()
  expect(before.match(/答案在 q-2 截止以后才能看/g)).toHaveLength(24)
  expect(dues.filter(({ explanation }) => before.includes(explanation))).toEqual([])
  await bot.says('wangshuji', '测验 结束 q-2')
  await bot.at('2026-11-24T11:00:00+08:00')
  const after = await printed()
  expect(dues.filter(({ explanation }) => !after.includes(explanation))).toEqual([])
})

it('a bank with nothing left to ask is not printed', async () => {
  const bot = await startBot()
  const { store } = bot.service
  await importBank(store, Buffer.from(VILLAGE), { dryRun: false, skipBad: false, by: 'control' })
  await store.update('township', async tx => {
    const withdrawn = { by: 'p-1', at: tx.now.toISOString(), why: '有误' }
    for (const one of await tx.find(questions, 'bank', 'k-1')) await tx.put(questions, { ...one, withdrawn })
  })
  expect(await bot.says('wangshuji', '题库 打印 村情')).toContain('现在没有可用的题')
})
