import { Workbook as Reader } from '@cj-tech-master/excelts'
import { expect, it } from 'vitest'
import { attempts, questions, quizzes } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

/**
 * The integrity week of a township of two branches, by moving the clock: a short quiz from Monday to Thursday, the final test on
 * Friday, and what the township gets of it. Some answer every day, some once, some stop in the middle, most never.
 */
const WEEK = ['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04'] as const
const [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY] = WEEK
const FINAL = 'q-5'
const MEMBERS = ['zhangsan', 'lisi', 'zengguofan', 'zuzhang', 'jiji', 'qiaoyi', 'qiaoer', 'qiaosan'] as const
/** Never says anything all week. */
const SILENT = ['liudong', 'laonian', 'yubei'] as const

async function at(bot: TestBot, day: string, time: string): Promise<void> {
  await bot.at(`${day}T${time}:00+08:00`)
}

/** The stem stands after the line of the number; what is not a question has none. */
async function answerTo(bot: TestBot, shown: string, right: boolean): Promise<string | null> {
  const lines = shown.split('\n')
  const head = lines.findLastIndex(line => /第 \d+\/\d+ 题/.test(line))
  const all = await bot.service.store.read(tx => tx.all(questions))
  const question = head < 0 ? undefined : all.find(({ stem }) => lines.slice(head).join('\n').includes(stem))
  if (!question) return null
  const { kind, answer } = question
  const key = Array.isArray(answer) ? (answer[0] ?? '') : answer
  if (right) return key
  if (kind === '判断') return key === '对' ? '错' : '对'
  if (kind === '填空') return '不知道'
  if (kind === '多选') return key === 'AB' ? 'AC' : 'AB'
  return key === 'A' ? 'B' : 'A'
}

/** Answers from what is shown on; `most` of them, the first `wrong` of them wrongly. */
async function answers(
  bot: TestBot,
  userId: string,
  { quizId, wrong = 0, most = 100 }: { quizId?: string; wrong?: number; most?: number },
): Promise<string> {
  let shown = await bot.says(userId, quizId ? `答题 ${quizId}` : '答题')
  for (let at = 0; at < most; at += 1) {
    const said = await answerTo(bot, shown, at >= wrong)
    if (said === null) break
    shown = await bot.says(userId, said)
  }
  return shown
}

/** What came by itself: every message but the answers to his own lines. */
const told = (bot: TestBot, userId: string): string[] =>
  bot
    .items(userId)
    .filter(({ text }) => /每日测验(开始了|今天终测|总结)|您还没有答完|已截止/.test(text))
    .map(({ text }) => text)

async function sheetRows(bot: TestBot, userId: string): Promise<{ name: string; rows: unknown[][][] }> {
  const { name, bytes } = bot.simulator.fileOf(userId)
  const reader = new Reader()
  await reader.xlsx.load(bytes)
  const rows = reader.worksheets.map(sheet => {
    const found: unknown[][] = []
    sheet.eachRow(row => found.push((row.values as unknown[]).slice(1)))
    return found
  })
  return { name, rows }
}

async function walk(bot: TestBot): Promise<void> {
  await at(bot, MONDAY, '08:00')
  expect(await bot.says('zhangsan', '答题')).toContain('现在没有要答的测验')
  await at(bot, MONDAY, '09:01')
  expect(await answers(bot, 'zhangsan', {})).toContain('得分 100，合格')
  expect(await answers(bot, 'qiaoyi', { wrong: 3 })).toContain('得分 40，没有到 60 分')
  // Called away after two questions.
  expect(await answers(bot, 'lisi', { wrong: 1, most: 2 })).toContain('第 3/5 题')
  await at(bot, TUESDAY, '09:01')
  expect(await answers(bot, 'zhangsan', {})).toContain('得分 100')
  await at(bot, TUESDAY, '20:30')
  // Goes on where he was, a day later; then the day's own.
  expect(await bot.says('lisi', '答题')).toContain('第 3/5 题')
  expect(await answers(bot, 'lisi', { quizId: 'q-1' })).toContain('得分 80')
  expect(await bot.says('lisi', '答题')).toContain('第 1/5 题')
  await at(bot, WEDNESDAY, '09:01')
  expect(await answers(bot, 'qiaoer', { quizId: 'q-3' })).toContain('得分 100')
  expect(await answers(bot, 'qiaosan', { quizId: 'q-3', wrong: 5 })).toContain('得分 0')
  await at(bot, THURSDAY, '09:01')
  // Of four that are open one is chosen.
  const choice = await bot.says('jiji', '答题')
  expect(choice).toContain('有 4 个测验')
  expect(choice).toContain('1 廉政每日测验第 4 天')
  expect(await bot.says('jiji', '1')).toContain('第 1/5 题')
  await at(bot, FRIDAY, '09:01')
  for (const [userId, wrong] of [
    ['zhangsan', 0],
    ['zengguofan', 2],
    ['zuzhang', 5],
    ['qiaoyi', 1],
    ['qiaoer', 0],
    ['qiaosan', 3],
  ] as const) {
    expect(await answers(bot, userId, { quizId: FINAL, wrong }), userId).toContain(`得分 ${100 - 10 * wrong}`)
  }
  await at(bot, FRIDAY, '10:05')
}

async function isSummedUp(bot: TestBot, userId: string): Promise<void> {
  const summary = bot.sentTo(userId).findLast(text => text.includes('）总结')) ?? ''
  expect(summary).toContain('q-1 廉政每日测验（11月30日 周一 至 12月4日 周五）总结')
  expect(summary).toContain('可参加 22 人，参加 7 人（至少一天）；终测 6 人，合格 5 人，平均 82 分')
  const [water, stone] = [summary.indexOf('水泉村党支部：'), summary.indexOf('石桥村党支部：')]
  expect(water).toBeGreaterThan(0)
  expect(stone).toBeGreaterThan(water)
  expect(summary).toContain('水泉村党支部：可参加 17，参加 4，终测 3 人，合格 2 人，平均 77 分')
  expect(summary).toContain('石桥村党支部：可参加 5，参加 3，终测 3 人，合格 3 人，平均 87 分')
  expect(summary).toMatch(/接下来可以讲（答对最少的题）：\nt-\d+ .+（答对 \d+%）出处：《/)
  expect(summary).not.toMatch(/张三|李四|乔一|曾国凡/)
}

async function isOnPaper(bot: TestBot, userId: string): Promise<void> {
  const { name, rows } = await sheetRows(bot, userId)
  expect(name).toBe('廉政每日测验总结 2026-11-30 至 2026-12-04.xlsx')
  const [branchRows = [], dayRows = [], hardRows = []] = rows
  expect(branchRows).toContainEqual(['支部', '可参加', '参加', '终测参加', '合格', '平均'])
  expect(branchRows).toContainEqual(['水泉村党支部', 17, 4, 3, 2, 77])
  expect(branchRows).toContainEqual(['石桥村党支部', 5, 3, 3, 3, 87])
  expect(branchRows).toContainEqual(['合计', 22, 7, 6, 5, 82])
  expect(dayRows).toContainEqual(['11月30日 周一', '第 1 天', 5, 3, 2, 73])
  expect(dayRows).toContainEqual(['12月1日 周二', '第 2 天', 5, 1, '人少不列', '人少不列'])
  expect(dayRows).toContainEqual(['12月4日 周五', '终测', 10, 6, 5, 82])
  expect(hardRows.some(row => /^t-\d+$/.test(String(row[0])) && String(row[7]).startsWith('《'))).toBe(true)
  expect(JSON.stringify(rows)).not.toMatch(/张三|李四|乔一|曾国凡/)
}

inBothRenderings('the integrity week', client => {
  it('runs by itself from the preview to the summary, and burdens nobody', async () => {
    const bot = await startBot({ client, at: '2026-11-27T10:00:00+08:00' })
    await bot.bindsGroup('wangshuji')
    expect(await bot.says('zhenban', '测验 每日 @全镇 廉政 5 11-30 12-4')).toContain('发给 22 人（1 人无手机）')
    expect(await bot.chooses('zhenban', '发布')).toContain('已发布 q-1')
    await walk(bot)
    expect(await bot.says('zhenban', '测验 状态 q-5')).toContain('参加 6/22 人，合格 5 人，平均 82 分')
    expect(await bot.says('qianxuan', '测验 状态')).toContain('q-5 廉政每日测验终测')
    await at(bot, '2026-12-05', '00:01')
    await at(bot, '2026-12-05', '08:01')
    await isSummedUp(bot, 'zhenban')
    await isOnPaper(bot, 'zhenban')
    for (const userId of [...MEMBERS, ...SILENT]) {
      expect(told(bot, userId), userId).toHaveLength(2)
    }
    // Whoever owes dues hears of that too, in the same week.
    for (const userId of SILENT) expect(bot.sentTo(userId).length, bot.sentTo(userId).join('\n')).toBeLessThanOrEqual(3)
    expect(bot.sentTo('yubei').filter(text => !text.includes('党费'))).toHaveLength(2)
    expect(bot.sentTo('meiji')).toEqual([])
    expect(bot.posts().map(text => text.split('：')[0])).toEqual([
      ...[1, 2, 3, 4].map(day => `廉政每日测验第 ${day}/5 天`),
      '廉政每日测验终测',
    ])
    expect(bot.posts().join()).not.toMatch(/张三|李四|得分|合格/)
  })

  it('is summed up on request, to each what he may see, and still when the answers are gone', async () => {
    const bot = await startBot({ client, at: '2026-11-27T10:00:00+08:00' })
    await bot.says('zhenban', '测验 每日 @全镇 廉政 5 11-30 12-4')
    await bot.chooses('zhenban', '发布')
    expect(await bot.says('zhangsan', '测验 总结 q-1')).toContain('要由')
    await walk(bot)
    expect(await bot.says('zhenban', '测验 总结')).toContain('还没结束，到现在为止')
    await at(bot, '2026-12-05', '00:01')
    await at(bot, '2026-12-05', '08:01')
    await bot.service.store.update('township', async tx => {
      for (const { quizId, personId, number } of await tx.all(attempts))
        await tx.remove(attempts, `${quizId}:${personId}:${number}`)
    })
    await at(bot, '2027-03-08', '10:00')
    bot.forget('zhenban')
    const [words = ''] = [await bot.says('zhenban', '测验 总结 q-3')]
    expect(words).toContain('可参加 22 人，参加 7 人（至少一天）；终测 6 人，合格 5 人，平均 82 分')
    const { rows } = await sheetRows(bot, 'zhenban')
    expect(rows[0]).toContainEqual(['合计', 22, 7, 6, 5, 82])
    const own = await bot.says('qiaoshuji', '测验 总结')
    expect(own).toContain('可参加 5 人，参加 3 人（至少一天）；终测 3 人，合格 3 人，平均 87 分')
    expect(own).not.toContain('水泉')
    const branch = await sheetRows(bot, 'qiaoshuji')
    expect(JSON.stringify(branch.rows)).not.toContain('水泉')
    expect(await bot.service.store.read(async tx => (await tx.get(quizzes, FINAL))?.series?.took)).toEqual([
      { branchId: 'b-1', people: 4 },
      { branchId: 'b-2', people: 3 },
    ])
  })
})
