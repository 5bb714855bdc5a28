import { expect, it } from 'vitest'
import { type Branch, branches, notices, people, receipts, suggestions } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function call(bot: TestBot, line: string, by = 'wangshuji'): Promise<void> {
  await bot.says(by, `会议 新建 ${line}`)
  expect(await bot.chooses(by, '发布')).toContain('已发布 m-')
}

const lines = (text: string) => text.split('\n')

inBothRenderings('what waits for me', client => {
  it('is the plan and the roster where nothing else is', async () => {
    const bot = await startBot({ client })
    const told = await bot.says('wangshuji', '待办')
    expect(told).toContain('本月尚未召开：支委会、党小组会（一组、二组）、主题党日')
    expect(told).toContain('本季度尚未召开：党员大会')
    expect(told).toContain('今年尚未召开：党课、组织生活会、民主评议')
    expect(told).toContain('名册：二组没有组长')
    expect(told).not.toContain('石桥')
    const small = await bot.says('qiaoshuji', '待办')
    expect(small).toContain('主题党日')
    expect(small).not.toContain('支委会')
    expect(small).not.toContain('党小组会')
  })

  it('is leave, by the line that decides it, at the desk it was put on', async () => {
    const bot = await startBot({ client })
    await call(bot, '党课 明晚7点 村部 学习')
    await bot.says('lisi', '请假 发烧')
    await bot.says('zhangweia', '请假 进城')
    const told = await bot.says('wangshuji', '待办')
    expect(lines(told)[1]).toContain('李四 请假（m-1 11月25日周三）：准假 李四 1')
    expect(await bot.says('lifushu', '待办')).not.toContain('李四')
    expect(await bot.says('zhenban', '待办')).not.toContain('李四')
    expect(await bot.says('zhenban', '待办 @水泉')).toContain('李四')
    const say = /张伟 请假（.*）：(准假 .*)/.exec(told)?.[1] ?? ''
    expect(await bot.says('wangshuji', say)).toContain('已准假')
    expect(await bot.says('wangshuji', '准假 李四 1')).toContain('已准假')
    expect(await bot.says('wangshuji', '待办')).not.toContain('请假（')
  })

  it('is the meeting that is over and open, and the day of what is called', async () => {
    const bot = await startBot({ client })
    await call(bot, '党员大会 今天10:30-11:00 村部 大会')
    expect(await bot.says('wangshuji', '待办')).toContain('党员大会（已定11月24日）')
    await bot.at('2026-11-24T11:30:00+08:00')
    expect(await bot.says('wangshuji', '待办')).toContain('还没结束：会议 结束 1')
    await bot.says('wangshuji', '会议 结束 1')
    const told = await bot.says('wangshuji', '待办')
    expect(told).not.toContain('会议 结束')
    expect(told).not.toContain('党员大会')
  })

  it('is receipts still open, and suggestions nobody answered', async () => {
    const bot = await startBot({ client })
    const at = '2026-11-24T01:00:00.000Z'
    await bot.service.store.update('township', async tx => {
      const to = (await tx.find(people, 'branch', 'b-1')).slice(0, 3).map(({ personId }) => personId)
      const state = { state: 'sent' as const, publishedAt: at, dueAt: at, receipt: true, urgent: null, picture: null }
      const about = {
        noticeId: 'n-1',
        branchId: 'b-1',
        branchIds: ['b-1'],
        only: null,
        by: 'p-1',
        text: '交材料',
        urgedOn: null,
      }
      await tx.insert(notices, { ...about, ...state, to, outgoingIds: [] })
      await tx.insert(receipts, { noticeId: 'n-1', personId: to[0] ?? '', branchId: 'b-1', group: null, at })
    })
    await bot.says('zhangsan', '建议 换个投影仪')
    const told = await bot.says('wangshuji', '待办')
    expect(told).toContain('n-1 还有 2 人没有回执：通知 状态 n-1')
    expect(told).toContain('回复 s-1 内容')
    expect(told).not.toContain('投影仪')
    await bot.says('wangshuji', '回复 s-1 下周到')
    expect(await bot.says('wangshuji', '待办')).not.toContain('s-1')
    expect(await bot.says('qiaoshuji', '待办')).not.toContain('n-1')
  })

  it('is dues that somebody says he paid, for who takes them', async () => {
    const bot = await startBot({ client })
    await bot.says('lisi', '已缴')
    await bot.says('zhaozuzhi', '已缴')
    const told = await bot.says('zhaozuzhi', '待办')
    expect(lines(told)[1]).toBe('李四 党费 11月 1.00 元待确认：党费 确认 c-1')
    expect(told).toContain('1 人没有定党费标准：党费 名单')
    expect(told).not.toContain('c-2')
    const secretary = await bot.says('wangshuji', '待办')
    expect(secretary).toContain('赵祖志 党费 11月 0.50 元待确认：党费 确认 c-2')
    expect(secretary).not.toMatch(/c-1|没有定党费标准/)
    expect(await bot.says('qianxuan', '待办')).not.toContain('党费')
    expect(await bot.says('qiaoshuji', '待办')).not.toContain('党费')
    expect(await bot.says('zhenban', '待办')).not.toContain('党费')
    const say = /：(党费 确认 c-1)$/m.exec(told)?.[1] ?? ''
    expect(await bot.says('zhaozuzhi', say)).toContain('已确认')
    await bot.says('zhaozuzhi', '党费 标准 曾国凡 0.50')
    expect(await bot.says('zhaozuzhi', '待办')).not.toContain('党费')
    await bot.says('qiaoshuji', '已缴')
    expect(await bot.says('zhenban', '待办')).toContain('乔书记 党费 11月 0.50 元待确认：党费 确认 c-3')
  })

  it('is dues of many in five lines', async () => {
    const bot = await startBot({ client })
    for (const userId of ['zhangsan', 'lisi', 'yubei', 'qianxuan', 'sunjijian']) await bot.says(userId, '已缴')
    expect((await bot.says('zhaozuzhi', '待办')).match(/待确认/g)).toHaveLength(5)
    for (const userId of ['zuzhang', 'liangbian']) await bot.says(userId, '已缴')
    const told = await bot.says('zhaozuzhi', '待办')
    expect(told.match(/待确认/g)).toHaveLength(5)
    expect(told).toContain('还有 3 笔党费待确认：党费 确认\n')
  })

  it('is at most twelve lines, whatever waits', async () => {
    const bot = await startBot({ client })
    await bot.service.store.update('township', async tx => {
      for (let n = 1; n <= 30; n += 1) {
        const at = '2026-11-24T01:00:00.000Z'
        await tx.insert(suggestions, {
          suggestionId: `s-${n}`,
          branchId: 'b-1',
          by: 'p-7',
          text: '好',
          at,
          answer: null,
        })
      }
    })
    const told = await bot.says('wangshuji', '待办')
    expect(lines(told)).toHaveLength(12)
    expect(told).toMatch(/还有 \d+ 件/)
  })

  it('is for the township the branches that need a look, and the holidays of next year', async () => {
    const bot = await startBot({ client })
    await bot.service.store.update('township', async tx => {
      const secretary = await tx.getBy(people, 'userId', 'qiaoshuji')
      if (secretary) await tx.put(people, { ...secretary, status: 'transferred' })
      const branch = await tx.get(branches, 'b-1')
      if (branch) await tx.put(branches, { ...branch, termEndsOn: '2026-12-31' })
    })
    const told = await bot.says('zhenban', '待办')
    expect(told).toContain('石桥村党支部：没有书记')
    expect(told).toContain('水泉村党支部：二组没有组长；换届日期 2026-12-31')
    expect(told).not.toContain('尚未召开')
    expect(told).not.toContain('放假安排')
    await bot.at('2097-12-01T10:00:00+08:00')
    expect(await bot.says('zhenban', '待办')).toContain('2098 年的放假安排还没有')
    expect(await bot.says('wangshuji', '待办')).not.toContain('放假安排')
  })
})

inBothRenderings('the end of a term', client => {
  const branchWith = async (change: Partial<Branch>) => {
    const bot = await startBot({ client })
    await bot.service.store.update('township', async tx => {
      const branch = await tx.get(branches, 'b-1')
      if (branch) await tx.put(branches, { ...branch, ...change })
    })
    return bot
  }
  const GROUND = '《中国共产党基层组织选举工作条例》第三条'

  it('is told to the secretary half a year ahead, with the article, and not before', async () => {
    const bot = await branchWith({ termEndsOn: '2027-05-27' })
    expect(await bot.says('wangshuji', '待办')).not.toContain('换届')
    await bot.at('2026-11-25T10:00:00+08:00')
    expect(await bot.says('wangshuji', '待办')).toContain('换届日期 2027-05-27：任期届满按期换届')
    expect(bot.newFor('wangshuji')).toContain(GROUND)
    expect(await bot.says('qiaoshuji', '待办')).not.toContain('换届')
    await bot.at('2027-05-28T10:00:00+08:00')
    expect(await bot.says('wangshuji', '待办')).toContain('换届日期 2027-05-27 已过')
  })

  it('is in the township’s list of branches, the article once', async () => {
    const bot = await branchWith({ termEndsOn: '2027-05-20', kind: '村', leader: '张镇长' })
    const told = await bot.says('zhenban', '支部')
    expect(told).toContain('水泉村党支部：二组没有组长；换届日期 2027-05-20')
    expect(told.split(GROUND)).toHaveLength(2)
    expect(await bot.says('zhenban', '支部 @水泉')).toContain('村，联系领导张镇长，换届日期 2027-05-20')
    expect(await bot.says('zhenban', '支部 @石桥')).not.toContain(GROUND)
  })

  it('of a general branch comes too, but it is asked for no meetings of its own', async () => {
    const bot = await branchWith({ termEndsOn: '2027-05-20', kind: '总支' })
    const told = await bot.says('wangshuji', '待办')
    expect(told).toContain('换届日期 2027-05-20')
    expect(told).not.toContain('尚未召开')
    expect(told).not.toContain('没有组长')
    expect(await bot.says('wangshuji', '依据')).toContain('是党总支')
    await bot.at('2026-12-10T10:00:00+08:00')
    expect(await bot.says('zhenban', '支部 @水泉')).not.toContain('尚未召开')
    expect(await bot.says('wangshuji', '会议 新建 党课 明晚7点 村部 学习')).toContain('预览')
  })
})

inBothRenderings('the branches of the township', client => {
  it('are counted, and named in their order where they need a look', async () => {
    const bot = await startBot({ client })
    const told = await bot.says('zhenban', '支部')
    expect(told).toContain('2 个支部，正式 20 预备 1 积极分子 1，流动 1，无手机 1')
    expect(told).toContain('需要您看的支部：\n水泉村党支部：二组没有组长')
    expect(told).not.toContain('石桥村党支部')
    expect(await bot.says('zhenban', '支部 @石桥')).toContain('没有需要您看的支部')
    await bot.at('2026-12-09T10:00:00+08:00')
    expect(await bot.says('zhenban', '支部')).not.toContain('尚未召开')
    await bot.at('2026-12-10T10:00:00+08:00')
    const late = await bot.says('zhenban', '支部')
    expect(late.indexOf('水泉村党支部')).toBeLessThan(late.indexOf('石桥村党支部：本季度尚未召开：党员大会'))
    expect(await bot.says('wangshuji', '支部')).toContain('镇党建办')
  })
})
