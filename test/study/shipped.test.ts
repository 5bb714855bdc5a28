import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Bank, recordOf, shippedBanks } from '../../src/domain/question-bank.ts'
import { audits, banks, questions } from '../../src/store/collections.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import type { Store } from '../../src/store/records.ts'
import { bankNamed, countBank, validQuestions } from '../../src/study/banks.ts'
import { fillShippedBanks } from '../../src/study/shipped.ts'
import { startBot } from '../bot.ts'

let folder: string
let store: Store

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhibu-banks-'))
  store = await openLowdbStore({ folder, corpId: 'ww-test' })
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const kept = () =>
  store.read(async tx => ({
    banks: await tx.all(banks),
    questions: await tx.all(questions),
    audits: await tx.all(audits),
  }))
const shippedCount = shippedBanks.reduce((sum, bank) => sum + bank.questions.length, 0)
const [first] = shippedBanks
if (!first) throw new Error('no bank is shipped')
const short = (count: number): Bank[] => [{ ...first, questions: first.questions.slice(0, count) }]

describe('the shipped banks', () => {
  it('are in a new store, in the shape that the collections declare, and once', async () => {
    await fillShippedBanks(store)
    const once = await kept()
    expect(once.banks.map(({ name }) => name)).toEqual(['党章', '支部工作', '党员教育', '党费', '发展党员', '廉政'])
    expect(once.questions).toHaveLength(shippedCount)
    for (const one of once.questions) expect(questions.schema.parse(one)).toEqual(one)
    for (const one of once.banks) expect(banks.schema.parse(one)).toEqual(one)
    await fillShippedBanks(store)
    expect(await kept()).toEqual(once)
  })

  it('get what an upgrade brings, and keep what was withdrawn or corrected here', async () => {
    await fillShippedBanks(store, short(5))
    const [one] = (await kept()).questions
    if (!one) throw new Error('no question')
    const withdrawn = { by: 'p-1', at: '2026-11-24T02:00:00.000Z', why: '题目有误' }
    await store.update('township', tx => tx.put(questions, { ...one, answer: 'A', withdrawn }))
    await fillShippedBanks(store, short(7))
    const { questions: all } = await kept()
    expect(all.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(all[0]).toMatchObject({ answer: 'A', withdrawn })
  })

  it('leave alone a question, and a name, that the township has already', async () => {
    const [, second] = first.questions
    if (!second) throw new Error('no question')
    await store.update('township', async tx => {
      await tx.insert(banks, { bankId: 'k-1', name: first.name, shipped: false, by: 'cli', at: tx.now.toISOString() })
      await tx.insert(questions, recordOf(second, await tx.nextId('t'), 'k-1'))
    })
    await fillShippedBanks(store, short(5))
    await fillShippedBanks(store, short(5))
    const { banks: all, questions: found, audits: said } = await kept()
    expect(all.map(({ name }) => name)).toEqual(['党章', '党章（自带）'])
    expect(found.map(({ bankId, number }) => [bankId, number])).toEqual([
      ['k-1', 2],
      ...[1, 3, 4, 5].map(number => ['constitution', number]),
    ])
    expect(said).toHaveLength(1)
  })

  it('are there when the service has started, and once more after a restart', async () => {
    const bot = await startBot()
    const count = () => bot.service.store.read(async tx => (await tx.all(questions)).length)
    expect(await count()).toBe(shippedCount)
    await bot.restart()
    expect(await count()).toBe(shippedCount)
  })
})

describe('a bank', () => {
  beforeEach(() => fillShippedBanks(store))
  const named = (words: string) => store.read(tx => bankNamed(tx, words)).then(({ name }) => name)

  it('is found by any unique part of its name, in any width', async () => {
    expect(await named('廉')).toBe('廉政')
    expect(await named('发展')).toBe('发展党员')
    expect(await named('党费')).toBe('党费')
    expect(await named('《党章》')).toBe('党章')
    await expect(named('党')).rejects.toThrow('对得上 4 个题库：党章、党员教育、党费、发展党员')
    await expect(named('英语')).rejects.toThrow('没有题库“英语”。现有：党章、支部工作')
    await expect(named('　')).rejects.toThrow('没有题库')
  })

  it('asks what is neither withdrawn nor outside its dates', async () => {
    const day = '2026-11-24'
    const all = await store.read(tx => validQuestions(tx, 'dues', day))
    const [one, two, three] = all
    if (!one || !two || !three) throw new Error('no questions')
    await store.update('township', async tx => {
      await tx.put(questions, { ...one, withdrawn: { by: 'p-1', at: tx.now.toISOString(), why: '错' } })
      await tx.put(questions, { ...two, validTo: '2026-11-23' })
      await tx.put(questions, { ...three, validTo: day })
    })
    const left = await store.read(tx => validQuestions(tx, 'dues', day))
    expect(left.map(({ questionId }) => questionId)).toEqual(all.slice(2).map(({ questionId }) => questionId))
    expect(await store.read(tx => countBank(tx, 'dues', day))).toMatchObject({
      valid: all.length - 2,
      withdrawn: 1,
      outside: 1,
    })
  })
})
