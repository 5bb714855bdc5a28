import { expect, it } from 'vitest'
import { type Attempt, attempts, people, type Quiz, quizzes } from '../../src/store/collections.ts'
import { collectSeries } from '../../src/study/series-report.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

/** A row of two days and a final test in 水泉, opened as it goes. */
async function published(client: 'cards' | 'text'): Promise<TestBot> {
  const bot = await startBot({ client })
  await bot.says('sunjijian', '测验 每日 廉政 5 11-25 11-27')
  await bot.chooses('sunjijian', '发布')
  await bot.at('2026-11-24T12:00:00+08:00')
  for (const day of ['25', '26', '27']) await bot.at(`2026-11-${day}T09:01:00+08:00`)
  return bot
}

/** Puts a finished go into the store: `right` of the ten questions, the first ones. */
async function took(bot: TestBot, userId: string, quiz: Quiz, right: readonly string[]): Promise<void> {
  await bot.service.store.update('township', async tx => {
    const person = await tx.getBy(people, 'userId', userId)
    if (!person) throw new Error(userId)
    const at = tx.now.toISOString()
    const questionIds = quiz.pool.slice(0, 5)
    const answers = questionIds.map(questionId => ({
      ...{ questionId, at, right: right.includes(questionId), points: right.includes(questionId) ? 10 : 0 },
      given: right.includes(questionId) ? 'A' : 'B',
    }))
    const score = 20 * right.length
    const { quizId } = quiz
    const attempt: Attempt = {
      ...{ quizId, personId: person.personId, branchId: 'b-1', group: null, number: 1 },
      ...{ questionIds, answers, startedAt: at, finishedAt: at, score, passed: score >= 60 },
    }
    await tx.insert(attempts, attempt)
  })
}

const quizOf = (bot: TestBot, quizId: string): Promise<Quiz> =>
  bot.service.store.read(async tx => {
    const quiz = await tx.get(quizzes, quizId)
    if (!quiz) throw new Error(quizId)
    return quiz
  })

inBothRenderings('the summary of a row of days', client => {
  it('says what there is none of, and what is no row of days', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('sunjijian', '测验 总结')).toContain('还没有办过每日测验')
    expect(await bot.says('sunjijian', '测验 总结 q-9')).toContain('没有这个编号')
    await bot.says('sunjijian', '测验 发布 廉政 5 11-30')
    await bot.chooses('sunjijian', '发布')
    expect(await bot.says('sunjijian', '测验 总结 q-1')).toContain('不是每日测验。看它请发：测验 状态 q-1')
    expect(await bot.says('qiaoshuji', '测验 总结 q-1')).toContain('没有这个编号')
  })

  it('does not say the scores of fewer than three', async () => {
    const bot = await published(client)
    const final = await quizOf(bot, 'q-3')
    await took(bot, 'zhangsan', final, final.pool.slice(0, 2))
    await took(bot, 'lisi', final, final.pool.slice(0, 5))
    const few = await bot.says('sunjijian', '测验 总结')
    expect(few).toContain('可参加 17 人，参加 2 人（至少一天）；终测 2 人，人少不列得分')
    expect(few).not.toMatch(/平均|合格 \d/)
    await took(bot, 'zuzhang', final, final.pool.slice(0, 5))
    expect(await bot.says('sunjijian', '测验 总结 q-1')).toContain('终测 3 人，合格 2 人，平均 80 分')
  })

  it('teaches what few got right, and sets apart what those who know the rest get wrong', async () => {
    const bot = await published(client)
    const final = await quizOf(bot, 'q-3')
    const [odd = '', hard = '', ...rest] = final.pool.slice(0, 5)
    const users = ['zhangsan', 'lisi', 'zuzhang', 'liudong', 'yubei', 'jiji', 'zengguofan', 'laonian', 'zhangweia']
    for (const [at, userId] of users.entries()) {
      const strong = at >= 3
      const right = strong ? [...rest, ...(at < 5 ? [hard] : [])] : [odd]
      await took(bot, userId, final, right)
    }
    await bot.at('2026-11-28T00:01:00+08:00')
    await bot.at('2026-11-28T08:01:00+08:00')
    const summary = bot.sentTo('sunjijian').findLast(text => text.includes('）总结')) ?? ''
    const [teach = '', doubtful = ''] = summary.split('可疑题目，请先核对答案：')
    expect(teach).toContain(`接下来可以讲（答对最少的题）：\n${hard} `)
    expect(teach).toContain('（答对 22%）出处：《')
    expect(teach).not.toContain(`${odd} `)
    expect(doubtful).toContain(`${odd} `)
  })

  it('follows whoever ends one of the days, who ends them all', async () => {
    const bot = await startBot({ client })
    await bot.says('zhenban', '测验 每日 @全镇 廉政 5 11-25 11-27')
    await bot.chooses('zhenban', '发布')
    await bot.at('2026-11-25T09:01:00+08:00')
    expect(await bot.says('sunjijian', '测验 结束 q-1')).toContain('要由镇党建办来办')
    expect(await bot.says('zhenban', '测验 结束 q-1')).toContain('已结束 q-1 廉政每日测验，没开的 2 天不再开')
    expect(await bot.says('zhangsan', '答题')).toContain('现在没有要答的测验')
    const summary = await bot.says('zhenban', '测验 总结 q-1')
    expect(summary).toContain('（11月25日 周三 至 11月25日 周三）总结')
    expect(summary).not.toContain('还没结束')
    bot.forget('zhangsan')
    for (const day of ['26', '27', '28']) await bot.at(`2026-11-${day}T09:01:00+08:00`)
    expect(bot.newFor('zhangsan')).not.toContain('测验')
  })

  it('comes also of a week that the machine slept through', async () => {
    const bot = await startBot({ client })
    await bot.says('sunjijian', '测验 每日 廉政 5 11-25 11-27')
    await bot.chooses('sunjijian', '发布')
    await bot.at('2026-11-24T12:00:00+08:00')
    await bot.sleepsUntil('2026-11-30T10:00:00+08:00')
    const summary = bot.sentTo('sunjijian').find(text => text.includes('）总结')) ?? ''
    expect(summary).toContain('参加 0 人（至少一天）；终测 0 人')
    expect((await quizOf(bot, 'q-3')).state).toBe('cancelled')
    expect(bot.sentTo('zhangsan').join()).not.toContain('测验')
  })
})

it('a branch with one or two takers cannot be worked out of the total and the others', async () => {
  const bot = await startBot()
  await bot.says('zhenban', '测验 每日 @全镇 廉政 5 11-25 11-27')
  await bot.chooses('zhenban', '发布')
  const { branchIds, closesAt } = await quizOf(bot, 'q-3')
  const sums = (branchId: string) => {
    if (branchId === 'b-1') return { taken: 4, passed: 3, sum: 300 }
    return branchId === 'b-2' ? { taken: 1, passed: 0, sum: 20 } : { taken: 0, passed: 0, sum: 0 }
  }
  const branches = branchIds.map(branchId => ({ branchId, invited: 5, ...sums(branchId), spread: Array(10).fill(0) }))
  await bot.service.store.update('quiz:q-3', async tx => {
    const quiz = await tx.get(quizzes, 'q-3')
    if (quiz) await tx.put(quizzes, { ...quiz, state: 'closed', closesAt, figures: { branches, questions: [] } })
  })
  const summary = await bot.says('zhenban', '测验 总结 q-1')
  expect(summary).toContain('终测 5 人，合格 3 人，平均 64 分')
  expect(summary).toContain('终测 4 人，有支部人少，得分只算合计')
  expect(summary).toContain('终测 1 人，人少不列得分')
  expect(summary).not.toContain('平均 75')
  const status = await bot.says('zhenban', '测验 状态 q-3')
  expect(status).toContain('参加 4/5 人（有支部人少，合格和平均只算全镇的）')
  expect(status).not.toContain('平均 75')
  expect(await bot.says('zhenban', '测验 总结 @水泉 q-1')).toContain('看全镇的请发：测验 总结 q-1')
  expect(await bot.says('zhenban', '测验 总结 @石桥 q-1')).toContain('终测 1 人，人少不列得分')
  const named = await bot.says('zhenban', '测验 状态 @水泉 q-3')
  expect(named).toContain('参加 4/5 人（有支部人少，合格和平均只算全镇的）')
  expect(named).not.toContain('得分分布')
  const { sheets } = await collectSeries(bot.service.store)({ seriesId: 'q-1', branchIds })
  expect(sheets[0]?.rows.map(row => row.slice(3))).toContainEqual([4, '只算合计', '只算合计'])
  expect(sheets[0]?.notes?.join()).toContain('“只算合计”')
  // The branch itself has no total of others beside it.
  expect(await bot.says('sunjijian', '测验 状态 q-3')).toContain('合格 3 人，平均 75 分')
})
