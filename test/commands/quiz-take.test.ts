import { describe, expect, it } from 'vitest'
import type { Client } from '../../src/bot/message.ts'
import { audits, people } from '../../src/store/collections.ts'
import { freshFigures } from '../../src/study/figures.ts'
import { drawnFor } from '../../src/study/pool.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'
import { answersAll, askedNow, attemptsOf, personIdOf, questionOf, quizOf, rightFor, wrongFor } from '../study.ts'

async function withQuiz(client: Client, said = '党章 5 11-30', env: Record<string, string> = {}): Promise<TestBot> {
  const bot = await startBot({ client, env })
  await bot.says('qianxuan', `测验 发布 ${said}`)
  expect(await bot.says('qianxuan', '发布')).toContain('已发布 q-1')
  return bot
}

const stem = async (bot: TestBot, userId: string, quizId = 'q-1') => (await askedNow(bot, userId, quizId)).stem
const mineOf = async (bot: TestBot, userId: string, quizId = 'q-1') => {
  const personId = await personIdOf(userId, bot)
  return (await attemptsOf(bot, quizId)).filter(one => one.personId === personId)
}

inBothRenderings('taking a quiz', client => {
  it('begins with what it is, asks one after the other, says at once whether it was right, and ends with the score', async () => {
    const bot = await withQuiz(client)
    const begun = await bot.chooses('zhangsan', '开始答题')
    expect(begun).toContain('党章测验：共 5 题，60 分合格，不限时，11月30日 周一 23:59 截止。')
    expect(begun).toContain('自愿参加，可答 3 次取最好的；得分和答案只有您自己看')
    expect(begun).toContain(`第 1/5 题`)
    const first = await askedNow(bot, 'zhangsan')
    const said = await bot.says('zhangsan', wrongFor(first))
    expect(said).toContain('不对，正确答案：')
    expect(said).toContain(first.explanation)
    expect(said).toContain(`出处：${first.source.law}`)
    expect(said).toContain('第 2/5 题')
    const rest = await answersAll(bot, 'zhangsan', () => true)
    expect(rest).toHaveLength(4)
    expect(rest[0]).toMatch(/^对。\n/)
    expect(rest.at(-1)).toContain('得分 80，合格。还可以答 2 次，请发：答题 q-1')
    expect(await mineOf(bot, 'zhangsan')).toMatchObject([{ number: 1, score: 80, passed: true }])
  })

  it('that was left for another command says how to go on', async () => {
    const bot = await startBot({ client: 'text' })
    await bot.says('wangshuji', '测验 发布 党章 5 12-30')
    await bot.says('wangshuji', '发布')
    await bot.says('zhangsan', '答题')
    await bot.says('zhangsan', '会议')
    await bot.says('zhangsan', '我的')
    expect(await bot.says('zhangsan', 'B')).toContain('请重新发：答题')
    await bot.at('2026-11-24T10:40:00+08:00')
    // The choices of a preview that was published in words would do what is done.
    await bot.says('wangshuji', '通知 发 停水')
    await bot.says('wangshuji', '发布')
    expect(await bot.says('wangshuji', '1')).not.toContain('请重新发')
    await bot.says('zhangsan', '会议')
    expect(await bot.says('zhangsan', 'B')).not.toContain('请重新发')
  })

  it('takes letters of both widths and cases, 对 and 错 in many forms, and a text for a 填空', async () => {
    const bot = await withQuiz(client, '党章 单选1 多选1 判断1 填空1 11-30')
    await bot.says('zhangsan', '答题')
    const wide = (text: string) =>
      text.replace(/[A-Z]/g, one => String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0))
    expect(await bot.says('zhangsan', wide(rightFor(await askedNow(bot, 'zhangsan'))))).toMatch(/^对。/)
    const several = [...rightFor(await askedNow(bot, 'zhangsan')).toLowerCase()].reverse().join('、')
    expect(await bot.says('zhangsan', several)).toMatch(/^对。/)
    const truth = rightFor(await askedNow(bot, 'zhangsan')) === '对' ? '√' : '×'
    expect(await bot.says('zhangsan', truth)).toMatch(/^对。/)
    const blank = await askedNow(bot, 'zhangsan')
    expect(await bot.says('zhangsan', ` ${rightFor(blank)}。`)).toContain('得分 100')
  })

  it('never counts what it does not understand, and asks again', async () => {
    const bot = await withQuiz(client, '党章 单选1 判断1 11-30')
    await bot.says('zhangsan', '答题')
    const asked = await stem(bot, 'zhangsan')
    for (const said of ['H', 'AB', '为人民服务', '7', '不晓得']) {
      const reply = await bot.says('zhangsan', said)
      expect(reply, said).toContain(asked)
      expect(reply, said).not.toMatch(/不对，|系统出错/)
    }
    expect((await mineOf(bot, 'zhangsan'))[0]?.answers).toEqual([])
    await bot.says('zhangsan', rightFor(await askedNow(bot, 'zhangsan')))
    expect(await bot.says('zhangsan', 'C')).toContain('这题是判断题，请回：对，或 错。')
  })

  it('goes on days later, after a restart of the bot, and on another device, with the same questions', async () => {
    const bot = await withQuiz(client)
    await bot.says('zhangsan', '答题')
    const before = await mineOf(bot, 'zhangsan')
    await bot.says('zhangsan', rightFor(await askedNow(bot, 'zhangsan')))
    const next = await stem(bot, 'zhangsan')
    await bot.sleepsUntil('2026-11-27T20:00:00+08:00')
    expect(await bot.says('zhangsan', 'B')).toMatch(/答题/)
    expect((await mineOf(bot, 'zhangsan'))[0]?.answers).toHaveLength(1)
    expect(await bot.says('zhangsan', '答题')).toContain(next)
    // Who is on WeChat sees no cards there, whatever he says.
    if (client === 'cards') await bot.says('zhangsan', '界面 文字')
    const resumed = await bot.says('zhangsan', '/答题 q-1')
    expect(resumed).toContain('第 2/5 题')
    expect(resumed).toContain(next)
    await answersAll(bot, 'zhangsan', () => true)
    const [after] = await mineOf(bot, 'zhangsan')
    expect(after?.questionIds).toEqual(before[0]?.questionIds)
    expect(after).toMatchObject({ number: 1, score: 100 })
  })

  it('burns no try where it was left, and keeps the best of three', async () => {
    const bot = await withQuiz(client)
    for (let time = 0; time < 3; time += 1) await bot.says('zhangsan', '答题')
    expect(await mineOf(bot, 'zhangsan')).toHaveLength(1)
    expect((await answersAll(bot, 'zhangsan', at => at < 2)).at(-1)).toContain('得分 40，没有到 60 分。还可以答 2 次')
    expect(await bot.says('zhangsan', '答题')).toContain('第 2 次答')
    expect((await answersAll(bot, 'zhangsan', at => at < 4)).at(-1)).toContain('得分 80，合格。还可以答 1 次')
    await bot.says('zhangsan', '答题 q-1')
    const last = (await answersAll(bot, 'zhangsan', at => at < 1)).at(-1)
    expect(last).toContain('得分 20，没有到 60 分（以前最好 80 分，算好的）。谢谢您参加。')
    const full = await bot.says('zhangsan', '答题 q-1')
    expect(full).toContain('q-1 已答满 3 次，最好 80 分。错了的题可以发：错题')
    expect(await mineOf(bot, 'zhangsan')).toHaveLength(3)
  })

  it('with a time limit is finished as it stands when the time is over', async () => {
    const bot = await withQuiz(client, '党章 5 11-30 限时10分钟')
    expect(await bot.says('zhangsan', '答题')).toContain('限时 10 分钟')
    await bot.says('zhangsan', rightFor(await askedNow(bot, 'zhangsan')))
    await bot.at('2026-11-24T10:09:30+08:00')
    await bot.says('zhangsan', rightFor(await askedNow(bot, 'zhangsan')))
    await bot.at('2026-11-24T10:11:00+08:00')
    expect(await bot.says('zhangsan', 'B')).toContain('时间到了，没有答的算错。\n得分 40，没有到 60 分。还可以答 2 次')
    await bot.says('zhangsan', '答题')
    await bot.at('2026-11-24T11:00:00+08:00')
    expect(await bot.says('zhangsan', '答题')).toContain('时间到了')
    expect(await bot.says('zhangsan', '答题')).toContain('第 3 次答')
    expect((await mineOf(bot, 'zhangsan')).map(({ number, score }) => [number, score])).toEqual([
      [1, 40],
      [2, 0],
      [3, null],
    ])
  })

  it('that closes meanwhile takes no more answers, and what was unfinished counts for nothing', async () => {
    const bot = await withQuiz(client)
    await bot.says('zhangsan', '答题')
    await bot.says('zhangsan', wrongFor(await askedNow(bot, 'zhangsan')))
    await bot.says('qianxuan', '测验 结束 q-1')
    const late = await bot.says('zhangsan', 'B')
    expect(late).toContain('q-1 党章测验 已经截止，不能再答。要看答案请发：答题 q-1')
    expect(await bot.says('zhangsan', '答题 q-1')).toContain('您没有答完，不算')
    expect((await mineOf(bot, 'zhangsan'))[0]).toMatchObject({ finishedAt: null, score: null })
    expect((await quizOf(bot)).figures?.branches).toMatchObject([{ invited: 17, taken: 0 }])
  })

  it('asks which where two are open, and goes on with the only one that was begun', async () => {
    const bot = await withQuiz(client)
    await bot.says('sunjijian', '测验 发布 廉政 5 11-28')
    await bot.says('sunjijian', '发布')
    const which = await bot.says('zhangsan', '答题')
    expect(which).toMatch(/有 2 个测验，答哪一个？请回数字：\n1 廉政测验，.*截止\n2 党章测验/)
    expect(await bot.says('zhangsan', '2')).toContain('党章测验：共 5 题')
    const asked = await stem(bot, 'zhangsan')
    expect(await bot.says('zhangsan', '答题')).toContain(asked)
    await bot.says('zhangsan', '答题 q-2')
    await bot.says('zhangsan', rightFor(await askedNow(bot, 'zhangsan', 'q-2')))
    expect((await mineOf(bot, 'zhangsan', 'q-2'))[0]?.answers).toHaveLength(1)
    expect((await mineOf(bot, 'zhangsan', 'q-1'))[0]?.answers).toHaveLength(0)
  })

  it('takes a message that comes twice once, and a card or line said again for what it was', async () => {
    const bot = await withQuiz(client)
    await bot.says('zhangsan', '答题')
    const first = await askedNow(bot, 'zhangsan')
    bot.simulator.faults.deliverTwice(true)
    await bot.says('zhangsan', wrongFor(first))
    bot.simulator.faults.deliverTwice(false)
    expect((await mineOf(bot, 'zhangsan'))[0]?.answers).toHaveLength(1)
    const again = await bot.says('zhangsan', `/答题 q-1 1 ${rightFor(first)}`)
    expect(again).toContain('第 1 题已经答过。')
    expect(again).toContain('第 2/5 题')
    const ahead = await bot.says('zhangsan', '/答题 q-1 4 A')
    expect(ahead).toContain('第 2/5 题')
    const [mine] = await mineOf(bot, 'zhangsan')
    expect(mine?.answers).toMatchObject([{ right: false }])
  })

  it('can be asked a reminder for in the middle of it, and goes on', async () => {
    const bot = await withQuiz(client)
    await bot.says('zhangsan', '答题')
    const asked = await askedNow(bot, 'zhangsan')
    const promised = await bot.says('zhangsan', '答题 提醒')
    expect(promised).toContain('好，11月30日 周一 10:00 提醒您一次')
    expect(promised).toContain(asked.stem)
    expect(await bot.says('zhangsan', rightFor(asked))).toMatch(/^对。/)
    await bot.says('zhangsan', '党费')
    expect(await bot.says('zhangsan', '答题')).toContain('第 2/5 题')
  })

  it('is for the branch’s own people: nobody else finds it', async () => {
    const bot = await withQuiz(client)
    for (const userId of ['qiaoyi', 'zhenban']) expect(await bot.says(userId, '答题 q-1')).toContain('没有这个编号')
    expect(await bot.says('qiaoyi', '答题')).toContain('现在没有要答的测验')
    expect(await bot.says('jiji', '答题')).toContain('第 1/5 题')
    expect(await bot.says('liangbian', '答题')).toContain('第 1/5 题')
  })
})

inBothRenderings('a quiz whose answers are shown after its close', client => {
  it('says nothing of the key before, to anybody, by any line; and all of it afterwards', async () => {
    const bot = await withQuiz(client, '党章 单选3 填空2 11-30 截止后公布')
    expect(bot.sentTo('qianxuan').join('\n')).toContain('截止后看答案')
    await bot.says('zhangsan', '答题')
    const wrong = await askedNow(bot, 'zhangsan')
    const said = await answersAll(bot, 'zhangsan', at => at > 0)
    for (const userId of ['lisi', 'zengguofan', 'zhangweia']) {
      await bot.says(userId, '答题')
      await answersAll(bot, userId, () => false)
    }
    said.push(await bot.says('zhangsan', '答题 q-1'), await bot.says('zhangsan', '错题'))
    said.push(await bot.says('qianxuan', '测验 状态 q-1'), await bot.says('qianxuan', `题目 ${wrong.questionId}`))
    const all = said.join('\n')
    expect(all).toContain('第 1 题已记下。')
    expect(all).toContain('得分 80，合格。还可以答 2 次，答案截止以后看，请发：答题 q-1')
    expect(all).toContain('答案在 q-1 截止以后才能看')
    expect(all).not.toMatch(/正确答案|不对|^对。|答案 [A-H]|错得最多/m)
    await bot.at('2026-12-01T09:00:00+08:00')
    const result = await bot.says('zhangsan', '答题 q-1')
    expect(result).toContain('q-1 党章测验 已经截止，您最好 80 分，合格。答错的题和正确答案：')
    expect(result).toContain(`1. ${wrong.stem}\n您答：${wrongFor(wrong)}；正确答案：${rightFor(wrong)}`)
    expect(await bot.says('qianxuan', `题目 ${wrong.questionId}`)).toContain(`答案：${rightFor(wrong)}`)
    expect(await bot.says('qianxuan', '测验 状态 q-1')).toContain('答案 ')
  })
})

inBothRenderings('a score', client => {
  it('is seen by nobody else: not in the audit, not by officers, and of one or two not as a sum', async () => {
    const bot = await withQuiz(client)
    for (const [userId, right] of [
      ['zhangsan', 1],
      ['lisi', 4],
    ] as const) {
      await bot.says(userId, '答题')
      await answersAll(bot, userId, at => at < right)
    }
    for (const officer of ['qianxuan', 'wangshuji', 'zhenban']) {
      const status = await bot.says(officer, '测验 状态 q-1')
      expect(status).toContain('参加 2/17 人（满 3 人才算合格和平均）')
      expect(status).not.toMatch(/平均 |分布|张三|李四/)
    }
    await bot.says('zengguofan', '答题')
    await answersAll(bot, 'zengguofan', () => false)
    const status = await bot.says('wangshuji', '测验 状态')
    expect(status).toContain('参加 3/17 人，合格 1 人，平均 33 分\n得分分布：0-59 2 人，60-79 0 人，80-100 1 人')
    const kept = (await bot.service.store.read(tx => tx.all(audits))).filter(({ by }) => by.startsWith('p-'))
    expect(kept.map(({ what }) => what)).toEqual(['publish-quiz'])
    expect(JSON.stringify(kept)).not.toMatch(/score|张三|得分/)
    const others = ['qianxuan', 'wangshuji', 'zhenban', 'lisi'].flatMap(userId => bot.sentTo(userId)).join('\n')
    expect(others).not.toContain('张三')
    expect(others).not.toContain('得分 20')
  })
})

describe('a dispute', () => {
  it('is settled by drawing again from the seed that was kept, also after a question was withdrawn', async () => {
    const bot = await withQuiz('text')
    for (const userId of ['zhangsan', 'lisi', 'jiji']) await bot.says(userId, '答题')
    const [withdrawn = ''] = (await mineOf(bot, 'lisi'))[0]?.questionIds ?? []
    await bot.at('2026-11-24T10:30:00+08:00')
    await bot.says('zhenban', `题目 撤 ${withdrawn} 条文修订`)
    const quiz = await quizOf(bot)
    const all = await attemptsOf(bot)
    expect(new Set(all.map(({ questionIds }) => questionIds.join())).size).toBe(3)
    for (const one of all) {
      expect(await bot.service.store.read(tx => drawnFor(tx, quiz, one))).toEqual(one.questionIds)
    }
    await bot.says('zhangweia', '答题')
    expect((await mineOf(bot, 'zhangweia'))[0]?.questionIds).not.toContain(withdrawn)
  })
})

describe('a person who is on the roster twice', () => {
  it('takes part where his own relation is, and stands in no other branch’s sums', async () => {
    const bot = await startBot()
    await bot.says('zhenban', '测验 发布 @全镇 党章 5 11-30')
    await bot.says('zhenban', '发布')
    await bot.says('liangbian', '答题')
    await answersAll(bot, 'liangbian', () => true)
    const branchId = (await bot.service.store.read(tx => tx.getBy(people, 'userId', 'liangbian')))?.memberships[0]
      ?.branchId
    expect((await attemptsOf(bot))[0]?.branchId).toBe(branchId)
  })
})

describe('a person who changes the branch while the whole township takes a quiz', () => {
  const moves = (bot: TestBot, branchId: string) =>
    bot.service.store.update('person:p-7', async tx => {
      const person = await tx.get(people, 'p-7')
      if (!person) throw new Error('no p-7')
      const memberships = person.memberships.map(each => ({ ...each, branchId, group: null }))
      await tx.put(people, { ...person, memberships })
    })

  it('keeps his tries and his best, begins anew what he left unfinished, and counts once', async () => {
    const bot = await startBot()
    await bot.says('zhenban', '测验 发布 @全镇 党章 5 11-30 2次')
    await bot.says('zhenban', '发布')
    await bot.says('zhangsan', '答题')
    await answersAll(bot, 'zhangsan', () => true)
    await bot.says('zhangsan', '答题 q-1 提醒')
    await bot.says('zhangsan', '答题 q-1')
    await moves(bot, 'b-2')
    expect(await bot.says('zhangsan', '答题 q-1 1 A')).toContain('您换了支部，在那边没答完的不算次数')
    expect(await bot.says('zhangsan', '答题 q-1 提醒')).toContain('提醒您一次')
    expect(await bot.says('zhangsan', '答题 q-1')).toContain('第 2 次答')
    const mine = (await attemptsOf(bot)).map(({ number, branchId, finishedAt }) => [
      number,
      branchId,
      finishedAt !== null,
    ])
    expect(mine.sort()).toEqual([
      [1, 'b-1', true],
      [2, 'b-1', false],
      [3, 'b-2', false],
    ])
    for (let at = 0; at < 5; at += 1) {
      const { questionIds = [], answers = [] } = (await attemptsOf(bot)).find(({ number }) => number === 3) ?? {}
      const question = await questionOf(bot, questionIds[answers.length] ?? '')
      const said = await bot.says('zhangsan', `答题 q-1 ${at + 1} ${wrongFor(question)}`)
      if (at === 4) expect(said).toContain('得分 0，没有到 60 分（以前最好 100 分，算好的）。谢谢您参加。')
    }
    expect(await bot.says('zhangsan', '答题 q-1')).toContain('q-1 已答满 2 次，最好 100 分')
    const { branches } = await bot.service.store.read(async tx => freshFigures(tx, await quizOf(bot)))
    const taken = branches.filter(each => each.taken > 0)
    expect(taken).toMatchObject([{ branchId: 'b-2', taken: 1, passed: 1, sum: 100 }])
  })
})
