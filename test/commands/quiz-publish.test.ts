import { expect, it } from 'vitest'
import { audits } from '../../src/store/collections.ts'
import { inBothRenderings, startBot } from '../bot.ts'
import { quizOf } from '../study.ts'

inBothRenderings('a quiz', client => {
  it('is previewed with what is drawn, the rules, the deadline and how many it reaches; 发布 tells each, and the group without names', async () => {
    const bot = await startBot({ client })
    await bot.bindsGroup('wangshuji')
    const preview = await bot.says('qianxuan', '测验 发布 党章 5 11-30')
    for (const line of [
      '预览 d-1',
      '党章测验（水泉村党支部）',
      '每人抽 5 题：单选 3，多选 1，判断 1；从 25 题里抽',
      '60 分合格，可答 3 次取最好，每题答完就看答案',
      '11月30日 周一 23:59 截止，自愿参加',
      '发给 17 人（1 人无手机）',
    ])
      expect(preview).toContain(line)
    expect(bot.sentTo('zhangsan')).toEqual([])
    const published = await bot.chooses('qianxuan', '发布')
    expect(published).toContain('已发布 q-1，已通知 16 人，1 人无手机，请当面或打电话告知：吴梅吉。')
    expect(published).toContain('测验 状态 q-1')
    for (const userId of ['zhangsan', 'jiji', 'yubei', 'qianxuan']) {
      expect(bot.sentTo(userId).join('\n'), userId).toContain('党章测验（q-1）：5 题，11月30日 周一 23:59 截止。')
    }
    for (const userId of ['qiaoyi', 'zhenban', 'likai']) expect(bot.sentTo(userId), userId).toEqual([])
    const [post, ...more] = bot.posts()
    expect(more).toEqual([])
    expect(post).toContain(
      '党章测验开始了：5 题，11月30日 周一 23:59 截止，自愿参加。\n想答的请单独对机器人说：答题 q-1',
    )
    expect(post).not.toMatch(/钱宣|吴梅吉|张三/)
    const [audit] = (await bot.service.store.read(tx => tx.all(audits))).filter(one => one.what === 'publish-quiz')
    expect(audit).toMatchObject({ about: 'q-1', branchId: 'b-1', after: { questions: 5 } })
    expect(JSON.stringify(audit)).not.toContain((await quizOf(bot)).seed)
  })

  it('of the whole township is the office’s alone', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '测验 发布 @全镇 党章 5 11-30')).toMatch(/镇党建办/)
    expect(await bot.says('zhenban', '测验 发布 @全镇 党章 5 11-30')).toContain('党章测验（全镇）')
    expect(await bot.chooses('zhenban', '发布')).toContain('已发布 q-1')
    expect(await quizOf(bot)).toMatchObject({ branchId: null, branchIds: ['b-1', 'b-2'], state: 'open' })
    for (const userId of ['zhangsan', 'qiaoyi']) expect(bot.newFor(userId), userId).toContain('党章测验（q-1）')
    expect(bot.sentTo('liangbian').filter(text => text.includes('q-1'))).toHaveLength(1)
    expect(await bot.says('wangshuji', '测验 结束 q-1')).toContain('q-1 是全镇的测验，要由镇党建办来办。')
    const status = await bot.says('zhenban', '测验 状态 q-1')
    expect(status).toMatch(/水泉村党支部：参加 0\/17 人\n石桥村党支部：参加 0\/\d+ 人/)
    expect(await bot.says('wangshuji', '测验 状态 q-1')).not.toContain('石桥')
    expect(await bot.says('zhenban', '测验 结束 q-1')).toContain('已结束 q-1')
  })

  it('is refused in two sentences with an example where it is not understood or the bank has too few', async () => {
    const bot = await startBot({ client })
    const refusals = {
      '测验 发布': '还缺题库或题数。这样发：测验 发布 党章 5 11-30',
      '测验 发布 党章 5': '还缺截止日期。',
      '测验 发布 党章 5 11-23': '截止时间已过。',
      '测验 发布 党章 26 11-30': '党章 只有 25 道能用的题。请减少题数再发。',
      '测验 发布 党章 多选9 11-30': '多选只有 5 道。',
      '测验 发布 党章 多选5 多选易1 11-30': '多选只有 5 道。',
      '测验 发布 党章 多选3 多选3 11-30': '多选只有 5 道。',
      '测验 发布 象棋 5 11-30': '没有题库“象棋”。',
      '测验 发布 @一组 党章 5 11-30': '测验是给整个支部或全镇的。',
    }
    for (const [line, wanted] of Object.entries(refusals)) {
      expect(await bot.says('qianxuan', line), line).toContain(wanted)
    }
    expect(await bot.says('zhangsan', '测验 发布 党章 5 11-30')).toMatch(/要由.*来发/)
    expect(await bot.says('zuzhang', '测验 发布 党章 5 11-30')).toMatch(/要由.*来发/)
  })

  it('that is ended says so once, to everybody who still tries', async () => {
    const bot = await startBot({ client })
    await bot.says('qianxuan', '测验 发布 党章 5 11-30')
    await bot.says('qianxuan', '发布')
    expect(await bot.says('wangshuji', '测验 结束 q-1')).toContain('已结束 q-1 党章测验。看结果请发：测验 状态 q-1')
    expect(await bot.says('qianxuan', '测验 结束 q-1')).toContain('已经截止')
    expect(await bot.says('zhangsan', '答题')).toContain('现在没有要答的测验')
    expect(await bot.says('qianxuan', '测验 状态')).toContain('q-1 党章测验，已截止')
    const [audit] = (await bot.service.store.read(tx => tx.all(audits))).filter(one => one.what === 'end-quiz')
    expect(audit).toMatchObject({ about: 'q-1', before: { closesAt: '2026-11-30T15:59:00.000Z' } })
  })
})
