import { expect, it } from 'vitest'
import { quizzes } from '../../src/store/collections.ts'
import { inBothRenderings, startBot } from '../bot.ts'

const REFUSED: readonly (readonly [line: string, why: string])[] = [
  ['测验 每日', '还缺题库或题数'],
  ['测验 每日 廉政 5', '还缺从哪天到哪天'],
  ['测验 每日 廉政 5 11-30', '还缺从哪天到哪天'],
  ['测验 每日 廉政 5 上山 下乡', '没看懂日期'],
  ['测验 每日 廉政 0 11-30 12-4', '1 到 20'],
  ['测验 每日 廉政 5 11-30 12-14', '最多 14 天，现在是 15 天'],
  ['测验 每日 廉政 5 11-28 11-30', '上班日只有 1 天'],
  ['测验 每日 廉政 5 11-28 11-29', '上班日只有 0 天'],
  ['测验 每日 廉政 5 2026-11-23 11-27', '已经过去'],
  ['测验 每日 廉政 5 12-4 11-30', '之前'],
  ['测验 每日 烹饪 5 11-30 12-4', '没有题库'],
  ['测验 每日 @全镇 廉政 5 11-30 12-4', '由镇党建办发'],
  ['测验 每日 @一组 廉政 5 11-30 12-4', '整个支部'],
]

inBothRenderings('a row of days', client => {
  it('is previewed day by day, with the final test, whom it reaches and how many messages that is', async () => {
    const bot = await startBot({ client })
    await bot.bindsGroup('wangshuji')
    const preview = await bot.says('sunjijian', '测验 每日 廉政 5 从 11-30 到 12-4')
    expect(preview).toContain('廉政每日测验（水泉村党支部），11月30日 周一 至 12月4日 周五，上班日 5 天，每天 09:00 开')
    expect(preview).toMatch(/11月30日 周一：5 题（单选 \d，多选 \d，判断 \d）/)
    expect(preview).toMatch(/12月4日 周五：终测 10 题（单选 6，多选 2，判断 2），从 26 题里抽/)
    expect(preview).toContain('各天的题不重复')
    expect(preview).toContain('每天的都开到 12月4日 周五 23:59')
    expect(preview).toContain('自愿参加')
    expect(preview).toContain('发给 17 人（1 人无手机）')
    expect(preview).toContain('每人私下收 2 条：第一天和终测那天；支部群 1 个，每天最多一条')
    const published = await bot.chooses('sunjijian', '发布')
    expect(published).toContain('已发布 q-1')
    expect(published).toContain('11月30日 周一 09:00 开第一天')
    expect(bot.newFor('zhangsan')).toBe('')
    expect(bot.posts()).toEqual([])
  })

  it('asks on no day what another day asks, and ends with twice as many out of all', async () => {
    const bot = await startBot({ client })
    await bot.says('zhenban', '测验 每日 @全镇 廉政 5 下周一 周五')
    await bot.chooses('zhenban', '发布')
    const days = await bot.service.store.read(tx => tx.find(quizzes, 'series', 'q-1'))
    expect(days.map(({ quizId, state, title, opensAt }) => [quizId, state, title, opensAt])).toEqual([
      ['q-1', 'scheduled', '廉政每日测验第 1 天', '2026-11-30T01:00:00.000Z'],
      ['q-2', 'scheduled', '廉政每日测验第 2 天', '2026-12-01T01:00:00.000Z'],
      ['q-3', 'scheduled', '廉政每日测验第 3 天', '2026-12-02T01:00:00.000Z'],
      ['q-4', 'scheduled', '廉政每日测验第 4 天', '2026-12-03T01:00:00.000Z'],
      ['q-5', 'scheduled', '廉政每日测验终测', '2026-12-04T01:00:00.000Z'],
    ])
    const short = days.slice(0, 4).flatMap(({ pool }) => pool)
    expect(new Set(short).size).toBe(26)
    expect(short).toHaveLength(26)
    expect(days[4]?.pool).toHaveLength(26)
    expect(days[0]?.branchIds).toEqual(['b-1', 'b-2'])
    expect(await bot.says('zhangsan', '答题 q-1')).toContain('还没有开始，11月30日 周一 09:00 开')
  })

  it('leaves out days off, and says that few questions come again', async () => {
    const bot = await startBot({ client, at: '2026-09-24T10:00:00+08:00' })
    const preview = await bot.says('sunjijian', '测验 每日 廉政 10 9-28 10-9')
    expect(preview).toContain('题库只有 26 题，各天的题会有重复')
    expect(preview).not.toMatch(/10月[1-7]日 周.：/)
    expect(preview).toMatch(/10月9日 周五：终测 20 题/)
    const all = await bot.says('sunjijian', '测验 每日 廉政 20 9-28 9-30')
    expect(all).toMatch(/9月30日 周三：终测 26 题/)
  })

  it('is refused, with the reason and how to say it', async () => {
    const bot = await startBot({ client })
    for (const [line, why] of REFUSED) {
      const answer = await bot.says('sunjijian', line)
      expect(answer, line).toContain(why)
      expect(answer, line).not.toContain('预览')
    }
    await bot.at('2026-11-24T20:30:00+08:00')
    expect(await bot.says('sunjijian', '测验 每日 廉政 5 今天 11-27')).toContain('请从明天起')
  })

  it('is refused where a bank is too small', async () => {
    const bot = await startBot({ client })
    const { questions } = await import('../../src/store/collections.ts')
    await bot.service.store.update('township', async tx => {
      for (const one of (await tx.find(questions, 'bank', 'integrity')).slice(0, 20)) {
        await tx.put(questions, { ...one, withdrawn: { by: 'p-1', at: tx.now.toISOString(), why: '测试' } })
      }
    })
    expect(await bot.says('sunjijian', '测验 每日 廉政 7 11-30 12-4')).toContain('只有 6 道能用的题')
    expect(await bot.says('sunjijian', '测验 每日 廉政 5 11-30 12-4')).toContain('终测 6 题')
  })

  it('is refused to people who have one already, at the preview and at 发布', async () => {
    const bot = await startBot({ client })
    await bot.says('sunjijian', '测验 每日 廉政 5 11-30 12-4')
    await bot.says('qianxuan', '测验 每日 党章 5 12-2 12-8')
    expect(await bot.chooses('sunjijian', '发布')).toContain('已发布 q-1')
    expect(await bot.chooses('qianxuan', '发布')).toContain('这几天已有 q-1 廉政每日测验，到 12月4日 周五')
    expect(await bot.says('zhenban', '测验 每日 @全镇 党章 5 12-3 12-8')).toContain('这几天已有 q-1')
    expect(await bot.says('qiaoshuji', '测验 每日 党章 5 12-3 12-8')).toContain('预览')
    expect(await bot.says('qianxuan', '测验 每日 党章 5 12-7 12-8')).toContain('预览')
    expect(await bot.says('sunjijian', '测验 结束 q-3')).toContain('已结束 q-1 廉政每日测验，没开的 5 天不再开')
    expect(await bot.says('qianxuan', '测验 每日 党章 5 12-2 12-8')).toContain('预览')
    await bot.at('2026-11-30T09:01:00+08:00')
    expect(bot.newFor('zhangsan')).toBe('')
  })
})
