import { describe, expect, it } from 'vitest'
import type { Client } from '../../src/bot/message.ts'
import { attempts, audits, people, questions, quizzes } from '../../src/store/collections.ts'
import { freshFigures } from '../../src/study/figures.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'
import { answersAll, askedNow, attemptsOf, personIdOf, questionOf, quizOf, rightFor, wrongFor } from '../study.ts'

/** Everybody is asked all five 判断 of the bank, so that each has the question that is withdrawn or corrected. */
async function withQuiz(client: Client, more = ''): Promise<TestBot> {
  const bot = await startBot({ client })
  await bot.says('qianxuan', `测验 发布 党章 判断5 11-30 ${more}`)
  await bot.says('qianxuan', '发布')
  return bot
}

/** Answers all but says something wrong to the questions named. */
async function takes(bot: TestBot, userId: string, wrong: readonly string[]): Promise<void> {
  await bot.says(userId, '答题 q-1')
  await answersAll(bot, userId, (_at, { questionId }) => !wrong.includes(questionId))
  bot.forget(userId)
}

const scoreOf = async (bot: TestBot, userId: string, quizId = 'q-1') => {
  const personId = await personIdOf(userId, bot)
  return (await attemptsOf(bot, quizId)).filter(one => one.personId === personId).map(({ score }) => score)
}
const other = (answer: unknown) => (answer === '对' ? '错' : '对')
const auditsOf = (bot: TestBot, what: string) =>
  bot.service.store.read(async tx => (await tx.all(audits)).filter(one => one.what === what))

async function five(bot: TestBot): Promise<string[]> {
  await bot.says('yubei', '答题 q-1')
  const personId = await personIdOf('yubei', bot)
  const mine = (await attemptsOf(bot)).find(one => one.personId === personId)
  return [...(mine?.questionIds ?? [])]
}

inBothRenderings('a question that is withdrawn', client => {
  it('counts for nobody: everybody is marked anew, and those whose result changed hear it once, alone', async () => {
    const bot = await withQuiz(client)
    const [a = '', b = '', c = ''] = await five(bot)
    await takes(bot, 'zhangsan', [a])
    await takes(bot, 'lisi', [a])
    await takes(bot, 'zengguofan', [])
    await takes(bot, 'zhangweia', [a, b, c])
    await takes(bot, 'zhangweib', [b, c])
    await takes(bot, 'jiji', [b])
    const said = await bot.says('zhenban', `题目 撤 ${a} 条文已经修订`)
    expect(said).toBe(`已撤下 ${a}，以后不再出。7 人抽到过，已重新判分；5 人得分变了，已单独告诉本人。`)
    const { stem } = await questionOf(bot, a)
    const word = (line: string) =>
      `您答过的一道题撤下了，不算分，10:00 重新算了分。\n题目：${stem}\nq-1 党章测验：${line}`
    for (const userId of ['zhangsan', 'lisi']) {
      expect(bot.newFor(userId), userId).toBe(word('原来 80 分（合格），现在 100 分（合格）'))
    }
    expect(bot.newFor('zhangweia')).toBe(word('原来 40 分，现在 50 分'))
    expect(bot.newFor('zhangweib')).toBe(word('原来 60 分（合格），现在 50 分'))
    expect(bot.newFor('jiji')).toBe(word('原来 80 分（合格），现在 75 分（合格）'))
    for (const userId of ['zengguofan', 'wangshuji', 'qianxuan', 'meiji'])
      expect(bot.newFor(userId)).not.toContain('重新')
    expect(await scoreOf(bot, 'zhangweib')).toEqual([50])
    const [audit, ...more] = await auditsOf(bot, 'withdraw-question')
    expect(more).toEqual([])
    expect(audit).toMatchObject({
      ...{ about: a, branchId: null, why: '条文已经修订', before: { withdrawn: false } },
      after: { withdrawn: true, people: 7, changed: 5 },
    })
    expect(audit?.by).toBe(await personIdOf('zhenban', bot))
  })

  it('is not asked of who is under way, nor of who begins later; twice is once', async () => {
    const bot = await withQuiz(client)
    const [first = '', second = ''] = await five(bot)
    await bot.says('zhenban', `题目 撤 ${first} 条文修订`)
    const next = await bot.says('yubei', 'A')
    expect(next).toContain('第 1 题已经撤下，不算。')
    expect(next).toContain((await questionOf(bot, second)).stem)
    expect((await answersAll(bot, 'yubei', () => true)).at(-1)).toContain('得分 100')
    await bot.says('zhangsan', '答题')
    expect((await askedNow(bot, 'zhangsan')).questionId).not.toBe(first)
    bot.forget('yubei')
    await bot.at('2026-11-24T10:05:00+08:00')
    expect(await bot.says('zhenban', `题目 撤 ${first} 再说一遍`)).toContain(`${first} 已经由您撤下：条文修订`)
    expect(await bot.says('zhenban', `题目 改 ${first} 对 再说一遍`)).toContain('已经撤下，不用再改')
    expect(await auditsOf(bot, 'withdraw-question')).toHaveLength(1)
    expect(bot.newFor('yubei')).toBe('')
  })

  it('that was the last one open ends the attempt with what was answered', async () => {
    const bot = await withQuiz(client)
    const ids = await five(bot)
    for (let at = 0; at < 4; at += 1) await bot.says('yubei', rightFor(await askedNow(bot, 'yubei')))
    await bot.says('zhenban', `题目 撤 ${ids[4]} 条文修订`)
    expect(await bot.says('yubei', '对')).toContain('没答的题已经撤下，不算。\n得分 100，合格。')
    await bot.says('zhangsan', '答题')
    for (const id of ids.slice(0, 4)) await bot.says('zhenban', `题目 撤 ${id} 条文修订`)
    expect(await bot.says('lisi', '答题')).toContain('党章测验的题都撤下了，不用答了。')
    expect(await bot.says('zhangsan', '答题')).toContain('没答的题已经撤下，不算。')
  })

  it('changes the sums of a quiz that is closed, and leaves who could take it as it was', async () => {
    const bot = await withQuiz(client)
    const [a = '', b = ''] = await five(bot)
    for (const userId of ['zhangsan', 'lisi', 'zengguofan']) await takes(bot, userId, [a])
    await takes(bot, 'zhangweia', [b])
    await bot.says('qianxuan', '测验 结束 q-1')
    const before = await quizOf(bot)
    expect(before.figures?.branches).toMatchObject([{ invited: 17, taken: 4, passed: 4, sum: 320 }])
    await bot.service.store.update('township', async tx => {
      const leaver = await tx.getBy(people, 'userId', 'zhangweib')
      if (leaver) await tx.put(people, { ...leaver, status: 'transferred' })
    })
    await bot.says('zhenban', `题目 撤 ${a} 条文修订`)
    const after = await quizOf(bot)
    expect(after.figures?.branches).toMatchObject([{ invited: 17, taken: 4, passed: 4, sum: 375 }])
    expect(after.figures?.questions.map(({ questionId }) => questionId)).not.toContain(a)
    expect({ ...after, figures: null }).toEqual({ ...before, figures: null })
  })

  it('leaves the sums where the first go of somebody is gone already, and a later one is left', async () => {
    const bot = await withQuiz(client)
    const [a = '', b = ''] = await five(bot)
    await takes(bot, 'zhangsan', [])
    await takes(bot, 'zhangsan', [a, b])
    await bot.says('qianxuan', '测验 结束 q-1')
    const before = await quizOf(bot)
    expect(before.figures?.branches).toMatchObject([{ taken: 1, sum: 100 }])
    const personId = await personIdOf('zhangsan', bot)
    await bot.service.store.update('township', tx => tx.remove(attempts, `q-1:${personId}:1`))
    expect(await bot.says('zhenban', `题目 撤 ${a} 条文修订`)).toContain('已撤下')
    expect(await quizOf(bot)).toEqual(before)
  })

  it('leaves the sums where answers are gone already', async () => {
    const bot = await withQuiz(client)
    const [a = ''] = await five(bot)
    for (const userId of ['zhangsan', 'lisi']) await takes(bot, userId, [a])
    await bot.says('qianxuan', '测验 结束 q-1')
    const before = await quizOf(bot)
    await bot.service.store.update('township', async tx => {
      for (const one of await tx.all(attempts)) await tx.remove(attempts, `${one.quizId}:${one.personId}:${one.number}`)
    })
    expect(await bot.says('zhenban', `题目 撤 ${a} 条文修订`)).toContain('还没有人答过这道题')
    expect(await quizOf(bot)).toEqual(before)
  })
})

inBothRenderings('a key that is corrected', client => {
  it('marks everybody by the new one, and says so to those whose result changed', async () => {
    const bot = await withQuiz(client)
    const [a = '', b = ''] = await five(bot)
    await takes(bot, 'zhangsan', [a])
    await takes(bot, 'lisi', [])
    await takes(bot, 'zhangweia', [b])
    const before = await questionOf(bot, a)
    const key = other(before.answer)
    const said = await bot.says('zhenban', `题目 改 ${a} ${key} 核对过党章原文`)
    expect(said).toBe(
      `已改 ${a}：答案原来 ${before.answer}，现在 ${key}。4 人抽到过，已重新判分；3 人得分变了，已单独告诉本人。`,
    )
    expect(bot.newFor('zhangsan')).toContain('原来的答案有误，已改正，10:00 重新算了分。')
    expect(bot.newFor('zhangsan')).toContain('原来 80 分（合格），现在 100 分（合格）')
    expect(bot.newFor('lisi')).toContain('原来 100 分（合格），现在 80 分（合格）')
    expect(bot.newFor('zhangweia')).toContain('原来 80 分（合格），现在 60 分（合格）')
    expect(bot.newFor('yubei')).not.toContain('重新')
    expect(await scoreOf(bot, 'lisi')).toEqual([80])
    const [audit] = await auditsOf(bot, 'correct-question')
    expect(audit).toMatchObject({
      ...{ about: a, why: '核对过党章原文', before: { answer: before.answer } },
      after: { answer: key, people: 4, changed: 3 },
    })
    expect(await questionOf(bot, a)).toMatchObject({ answer: key, corrections: [{ before: before.answer }] })
    await bot.at('2026-11-24T10:05:00+08:00')
    bot.forget('lisi')
    expect(await bot.says('zhenban', `题目 改 ${a} ${key} 再说一遍`)).toContain(`${a} 的答案本来就是 ${key}，没有改。`)
    expect(await auditsOf(bot, 'correct-question')).toHaveLength(1)
    expect(bot.newFor('lisi')).toBe('')
    await bot.says('zhenban', `题目 改 ${a} ${before.answer} 又核对了一遍`)
    expect(bot.newFor('lisi')).toContain('原来 80 分（合格），现在 100 分（合格）')
    expect(await bot.says('qianxuan', `题目 ${a}`)).toContain('改过 2 次答案，最近一次：又核对了一遍')
  })

  it('is used for who is under way, and says nothing where only a go changed that is not his best', async () => {
    const bot = await withQuiz(client)
    const [a = '', b = '', c = ''] = await five(bot)
    await takes(bot, 'zhangsan', [a, b, c])
    await takes(bot, 'zhangsan', [])
    const before = await questionOf(bot, a)
    await bot.says('yubei', rightFor(await askedNow(bot, 'yubei')))
    await bot.says('zhenban', `题目 改 ${a} ${other(before.answer)} 核对过`)
    expect(await scoreOf(bot, 'zhangsan')).toEqual([60, 80])
    const rest = await answersAll(bot, 'yubei', () => true)
    expect(rest.at(-1)).toContain('得分 80')
    expect(rest[0]).toMatch(/^对。/)
    bot.forget('zhangsan')
    await takes(bot, 'zhangsan', [a])
    expect(await scoreOf(bot, 'zhangsan')).toEqual([60, 80, 80])
    await bot.says('zhenban', `题目 改 ${c} ${other((await questionOf(bot, c)).answer)} 核对过`)
    expect(await scoreOf(bot, 'zhangsan')).toEqual([80, 60, 60])
    expect(bot.newFor('zhangsan')).not.toContain('重新')
  })

  it('is refused where it does not fit the question, and nothing is marked', async () => {
    const bot = await withQuiz(client)
    const all = await bot.service.store.read(tx => tx.find(questions, 'bank', 'constitution'))
    const idOf = (kind: string) => all.find(one => one.kind === kind && one.options.length < 6)?.questionId ?? ''
    const refused = {
      [`题目 改 ${idOf('单选')} E 核对过`]: '没有 E',
      [`题目 改 ${idOf('单选')} AB 核对过`]: '这题只选一个',
      [`题目 改 ${idOf('单选')} A B 核对过`]: '连着写',
      [`题目 改 ${idOf('多选')} A 核对过`]: '两个以上字母',
      [`题目 改 ${idOf('判断')} 也许 核对过`]: '判断题',
      [`题目 改 ${idOf('填空')} 甲| 核对过`]: '空的',
      [`题目 改 ${idOf('单选')} C`]: '还缺',
      '题目 改 t-9999 C 核对过': '没有这个编号：t-9999',
      '题目 撤 t-9999 核对过': '没有这个编号：t-9999',
      [`题目 撤 ${idOf('单选')}`]: '还缺',
    }
    for (const [line, wanted] of Object.entries(refused))
      expect(await bot.says('zhenban', line), line).toContain(wanted)
    for (const userId of ['qianxuan', 'wangshuji', 'zhangsan']) {
      expect(await bot.says(userId, `题目 改 ${idOf('单选')} C 核对过`), userId).toMatch(/要由镇党建办来发/)
    }
    expect(await auditsOf(bot, 'correct-question')).toEqual([])
    expect(await bot.says('zhenban', `题目 改 ${idOf('填空')} 甲|乙 两种写法`)).toContain('现在 甲|乙')
  })

  it('of a quiz whose answers come later says no key to who took it', async () => {
    const bot = await withQuiz(client, '截止后公布')
    const [a = ''] = await five(bot)
    await takes(bot, 'zhangsan', [a])
    await bot.says('zhenban', `题目 改 ${a} ${wrongFor(await questionOf(bot, a))} 核对过党章原文`)
    const word = bot.newFor('zhangsan')
    expect(word).toContain('现在 100 分')
    expect(word).not.toMatch(/答案：|现在 [对错]|核对过/)
  })
})

describe('10,000 who took it', () => {
  it('are marked anew in one line, and its close takes its place among other updates', async () => {
    const bot = await withQuiz('text')
    const [a = ''] = await five(bot)
    const model = (await attemptsOf(bot))[0]
    const ids = model?.questionIds ?? []
    await bot.service.store.update(
      'township',
      async tx => {
        const person = await tx.getBy(people, 'userId', 'zhangsan')
        if (!model || !person) throw new Error('no model')
        for (let at = 0; at < 10_000; at += 1) {
          const personId = `x-${at}`
          await tx.insert(people, { ...person, personId, userId: null })
          const given = ids.map((questionId, n) => ({
            ...{ questionId, given: '对', points: (at + n) % 3 ? 10 : 0, right: (at + n) % 3 > 0, at: model.startedAt },
          }))
          await tx.insert(attempts, {
            ...model,
            personId,
            answers: given,
            finishedAt: model.startedAt,
            score: 60,
            passed: true,
          })
        }
      },
      { long: 'import' },
    )
    const before = await questionOf(bot, a)
    expect(await bot.says('zhenban', `题目 改 ${a} ${other(before.answer)} 核对过`)).toContain('10001 人抽到过')
    const job = await bot.service.job('quiz-closing', { at: new Date('2026-12-01T00:00:00+08:00'), dryRun: true })
    expect(job).toMatchObject({ failed: false, report: 'reminded 0 people, closed 1 of 1 quizzes' })
    await bot.at('2026-12-01T00:00:00+08:00')
    const quiz = await bot.service.store.read(tx => tx.get(quizzes, 'q-1'))
    expect(quiz?.figures?.branches[0]?.taken).toBe(10_000)
    const began = performance.now()
    if (quiz) await bot.service.store.read(tx => freshFigures(tx, quiz))
    expect(performance.now() - began).toBeLessThan(1000)
    expect(await bot.says('zhenban', `题目 撤 ${a} 条文修订`)).toContain('10001 人抽到过')
  }, 120_000)
})
