import { beforeEach, describe, expect, it } from 'vitest'
import { type BankQuestion, people, questions, type Review, reviews } from '../../src/store/collections.ts'
import { reviewed } from '../../src/study/review.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

/** One that is wrong for the question, and the right one, as members type them. */
const rightOf = ({ answer }: BankQuestion): string => String([answer].flat()[0])
const wrongOf = ({ kind, answer }: BankQuestion): string => {
  if (kind === '判断') return answer === '对' ? '错' : '对'
  if (kind === '填空') return '不知道'
  return answer === 'A' ? 'B' : 'A'
}

const questionShown = (bot: TestBot, text: string): Promise<BankQuestion> =>
  bot.service.store.read(async tx => {
    const found = (await tx.all(questions)).find(({ stem }) => text.includes(`\n${stem}`))
    if (!found) throw new Error(`no question is asked in: ${text}`)
    return found
  })

const kept = (bot: TestBot): Promise<readonly Review[]> => bot.service.store.read(tx => tx.all(reviews))

const at = new Date('2026-11-24T02:00:00.000Z')
const fresh: Review = {
  ...{ personId: 'p-7', branchId: 'b-1', questionId: 't-1', dueAt: at.toISOString() },
  card: {
    ...{ due: at.toISOString(), stability: 0, difficulty: 0, elapsed_days: 0, scheduled_days: 0 },
    ...{ learning_steps: 0, reps: 0, lapses: 0, state: 0 },
  },
}

/** Gets everything wrong, `count` questions. */
async function failsQuiz(bot: TestBot, userId: string, count: number, begin = '答题'): Promise<string> {
  let shown = await bot.says(userId, begin)
  for (let at = 0; at < count; at += 1) shown = await bot.says(userId, wrongOf(await questionShown(bot, shown)))
  return shown
}

async function publish(bot: TestBot, words = '党章 7 11-30'): Promise<void> {
  await bot.says('wangshuji', `测验 发布 ${words}`)
  await bot.chooses('wangshuji', '发布')
}

inBothRenderings('错题', client => {
  let bot: TestBot
  beforeEach(async () => {
    bot = await startBot({ client })
  })

  it('says kindly that there is nothing, and takes no answer to a question that is not his', async () => {
    expect(await bot.says('zhangsan', '错题')).toContain('现在没有错题')
    expect(await bot.says('zhangsan', '错题 t-1 A')).toContain('这题现在不用答')
    expect(await kept(bot)).toEqual([])
  })

  it('are asked one at a time, at most five a day, with the answer, why and where it stands', async () => {
    await publish(bot)
    expect(await failsQuiz(bot, 'zhangsan', 7)).toContain('得分 0')
    expect(await kept(bot)).toHaveLength(7)
    let shown = await bot.says('zhangsan', '错题')
    for (let at = 1; at <= 5; at += 1) {
      expect(shown).toContain(`第 ${at}/5 题`)
      const question = await questionShown(bot, shown)
      const isRight = at !== 2
      shown = await bot.says('zhangsan', isRight ? rightOf(question) : wrongOf(question))
      expect(shown).toContain(isRight ? '对。' : '不对，正确答案：')
      expect(shown).toContain(question.explanation)
      expect(shown).toContain('出处：')
    }
    expect(shown).toContain('今天的错题做完了')
    expect(shown).toContain('明天再发：错题')
    expect(await bot.says('zhangsan', '错题')).toContain('明天再发：错题')
    await bot.at('2026-11-25T00:10:00+08:00')
    expect(await bot.says('zhangsan', '错题')).toMatch(/第 1\/[23] 题/)
  })

  it('go on where they were left, and what is no answer counts as none', async () => {
    await publish(bot, '党章 判断2 11-30')
    await failsQuiz(bot, 'zhangsan', 2)
    const first = await questionShown(bot, await bot.says('zhangsan', '错题'))
    expect(await bot.says('zhangsan', '不晓得')).toContain('这题是判断题')
    expect(await bot.says('zhangsan', '会议')).not.toContain('第 1/2 题')
    const again = await bot.says('zhangsan', '错题')
    expect(await questionShown(bot, again)).toEqual(first)
    const second = await bot.says('zhangsan', rightOf(first))
    expect(second).toContain('第 2/2 题')
    expect(await bot.says('zhangsan', `错题 ${first.questionId} ${rightOf(first)}`)).toContain('这题今天已经答过')
  })

  it('are nobody else’s, whoever asks for them', async () => {
    await publish(bot, '党章 2 11-30')
    await failsQuiz(bot, 'zhangsan', 2)
    const [{ questionId } = { questionId: '' }] = await kept(bot)
    for (const userId of ['lisi', 'wangshuji', 'zhenban']) {
      expect(await bot.says(userId, '错题')).toContain('现在没有错题')
      expect(await bot.says(userId, `错题 ${questionId} A`)).toContain('这题现在不用答')
    }
    expect((await kept(bot)).map(({ personId }) => personId)).toEqual((await kept(bot)).map(() => 'p-7'))
  })

  it('are gone when the question is withdrawn, also the one that was just asked', async () => {
    await publish(bot, '党章 1 11-30')
    await failsQuiz(bot, 'zhangsan', 1)
    const question = await questionShown(bot, await bot.says('zhangsan', '错题'))
    const withdrawn = { by: 'p-1', at: '2026-11-24T02:00:00.000Z', why: '题目有误' }
    await bot.service.store.update('township', tx => tx.put(questions, { ...question, withdrawn }))
    expect(await bot.says('zhangsan', rightOf(question))).toContain('这题现在不用答')
    expect(await bot.says('zhangsan', '错题')).toContain('现在没有错题')
  })

  it('of a quiz that shows its answers at the end wait for the end', async () => {
    await publish(bot, '党章 2 11-25 截止后公布')
    await failsQuiz(bot, 'zhangsan', 2)
    expect(await bot.says('zhangsan', '错题')).toContain('截止后再发：错题')
    await bot.at('2026-11-26T08:10:00+08:00')
    expect(await bot.says('zhangsan', '错题')).toContain('第 1/2 题')
  })

  it('that are wrong once more in a quiz are due at once', async () => {
    await publish(bot, '党章 判断1 11-30')
    const shown = await bot.says('zhangsan', '答题')
    const question = await questionShown(bot, shown)
    const later: Review = { ...fresh, questionId: question.questionId, dueAt: '2026-12-20T02:00:00.000Z' }
    await bot.service.store.update('person:p-7', tx => tx.insert(reviews, later))
    expect(await bot.says('zhangsan', '错题')).toContain('12月20日 周日再发：错题')
    await bot.says('zhangsan', `答题 q-1 1 ${wrongOf(question)}`)
    expect(await questionShown(bot, await bot.says('zhangsan', '错题'))).toEqual(question)
    expect(await kept(bot)).toHaveLength(1)
  })

  it('follow who changes the branch', async () => {
    await publish(bot, '党章 判断1 11-30')
    await failsQuiz(bot, 'zhangsan', 1)
    await bot.service.store.update('person:p-7', async tx => {
      const person = await tx.get(people, 'p-7')
      const memberships = person?.memberships.map(each => ({ ...each, branchId: 'b-2' })) ?? []
      if (person) await tx.put(people, { ...person, memberships })
    })
    expect(await bot.says('zhangsan', '错题')).toContain('现在没有错题')
    await bot.service.job('housekeeping', { dryRun: false })
    expect(await kept(bot)).toMatchObject([{ personId: 'p-7', branchId: 'b-2' }])
    expect(await bot.says('zhangsan', '错题')).toContain('第 1/1 题')
  })

  it('not used for a year go, and a leaver’s at once', async () => {
    await publish(bot, '党章 2 11-30')
    await failsQuiz(bot, 'zhangsan', 2)
    await failsQuiz(bot, 'lisi', 2)
    expect((await bot.service.job('housekeeping', { dryRun: false }))?.report).toContain('0 reviews')
    const question = await questionShown(bot, await bot.says('zhangsan', '错题'))
    await bot.at('2026-12-20T10:00:00+08:00')
    await bot.says('zhangsan', '错题')
    await bot.says('zhangsan', rightOf(question))
    await bot.at('2027-11-25T10:00:00+08:00')
    await bot.service.job('housekeeping', { dryRun: false })
    const left = await kept(bot)
    expect(left.length).toBeGreaterThan(0)
    expect(left.every(({ personId }) => personId === 'p-7')).toBe(true)
    await bot.service.store.update('person:p-7', async tx => {
      const person = await tx.get(people, 'p-7')
      if (person) await tx.put(people, { ...person, status: 'transferred' })
    })
    await bot.service.job('housekeeping', { dryRun: false })
    expect(await kept(bot)).toEqual([])
  })
})

describe('what comes back', () => {
  const days = ({ dueAt }: Review, from: Date) => Math.round((Date.parse(dueAt) - from.getTime()) / 86_400_000)

  it('comes later each time it was right, always within the year that it is kept, and the next day where it was wrong', () => {
    let review = fresh
    let now = at
    const gaps: number[] = []
    for (let times = 0; times < 12; times += 1) {
      review = reviewed(review, true, now)
      gaps.push(days(review, now))
      now = new Date(review.dueAt)
    }
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b))
    expect(gaps[0]).toBeGreaterThanOrEqual(1)
    expect(gaps.at(-1)).toBeLessThan(365)
    expect(days(reviewed(fresh, false, at), at)).toBe(1)
  })
})
