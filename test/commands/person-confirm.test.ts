import { expect, it } from 'vitest'
import { audits, type Person, people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

const personOf = (bot: TestBot, personId: string): Promise<Person | undefined> =>
  bot.service.store.read(tx => tx.get(people, personId))

/** 余备 (p-15) joined on 2026-03-01. */
inBothRenderings('转正', client => {
  it('makes a full member of him, who hears of it, and has a vote in what is held later', async () => {
    const bot = await startBot({ client, at: '2027-03-05T10:00:00+08:00' })
    const shown = await bot.says('wangshuji', '党员 转正 余备 2027-03-03')
    expect(shown).toContain('预备党员 → 正式党员，2027-03-03 转正（2026-03-01 入党）')
    expect(shown).toContain('这里没有他转正表决的记录')
    expect(shown).toContain('2027-03-03 以后开的会有表决权')
    expect(shown).not.toContain('请核对')
    bot.forget('yubei')
    expect(await bot.chooses('wangshuji', '发布')).toContain('已转正：余备，2027-03-03')
    expect(bot.newFor('yubei')).toContain('您 2027-03-03 转为正式党员')
    expect(await personOf(bot, 'p-15')).toMatchObject({ identity: 'full', confirmedOn: '2027-03-03' })
    expect(await bot.says('wangshuji', '会议 新建 党员大会 3-6 19:00 村部 大会')).toContain('有表决权 应到 15')
    const [entry] = await bot.service.store.read(async tx =>
      (await tx.all(audits)).filter(({ what }) => what === 'confirm-member'),
    )
    expect(entry).toMatchObject({
      by: 'p-1',
      branchId: 'b-1',
      about: 'p-15',
      before: { identity: 'probationary', confirmedOn: null },
      after: { identity: 'full', confirmedOn: '2027-03-03' },
    })
  })

  it('gives no vote in the meeting that decides it, even where it is entered before the close', async () => {
    const bot = await startBot({ client, at: '2027-03-05T10:00:00+08:00' })
    await bot.says('wangshuji', '会议 新建 党员大会 今天10:15 村部 转正')
    await bot.chooses('wangshuji', '发布')
    for (const userId of ['yubei', 'wangshuji', 'lifushu', 'zhangsan', 'lisi', 'zhaozuzhi', 'qianxuan', 'sunjijian'])
      await bot.says(userId, '签到')
    for (const userId of ['zuzhang', 'zengguofan']) await bot.says(userId, '签到')
    await bot.says('wangshuji', '表决 转正 余备转正 9 0 0')
    expect(await bot.says('wangshuji', '党员 转正 余备 今天')).toContain('m-1 表决“余备转正”：赞成 9，需要 8')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('wangshuji', '会议 结束')).toContain('有表决权 应到 14 实到 9')
    expect(await bot.says('wangshuji', '依据 m-1')).toContain('开会时还没有转正 1 人')
  })

  it('is no matter of his own, whatever post he holds', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '党员 职务 余备 副书记')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('yubei', '党员 转正 余备 11-20')).toContain('自己的转正不能自己办')
    expect(await personOf(bot, 'p-15')).toMatchObject({ identity: 'probationary' })
  })

  it('warns of a year that is not over with the article, and lets people decide', async () => {
    const bot = await startBot({ client })
    const shown = await bot.says('wangshuji', '党员 转正 余备 11-20')
    expect(shown).toContain('请核对：预备期一年，到 2027-03-01 才满（《中国共产党章程》第七条')
    expect(await bot.chooses('wangshuji', '发布')).toContain('已转正')
    expect(await bot.says('wangshuji', '党员 转正 余备 11-21')).toContain('更正转正日期')
    expect(await bot.chooses('wangshuji', '发布')).toContain('2026-11-21')
    expect(await personOf(bot, 'p-15')).toMatchObject({ identity: 'full', confirmedOn: '2026-11-21' })
  })

  it('refuses what cannot be', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '党员 转正 余备')).toContain('还缺转正日期')
    expect(await bot.says('wangshuji', '党员 转正 余备 12-1')).toContain('2026-12-01 还没有到')
    expect(await bot.says('wangshuji', '党员 转正 余备 2026-02-01')).toContain('不晚于入党日期 2026-03-01')
    expect(await bot.says('wangshuji', '党员 转正 余备 上次会上')).toContain('没看懂“上次会上”')
    expect(await bot.says('wangshuji', '党员 转正 季吉 11-20')).toContain('还不是预备党员')
    expect(await bot.says('wangshuji', '党员 转正 张三 2030-01-01')).toContain('张三已经是正式党员，2011-07-01 转正')
    expect(await bot.says('wangshuji', '党员 转正 张三 2011-07-01')).toContain('已经是 2011-07-01 转正')
    expect(await bot.says('qiaoshuji', '党员 转正 余备 11-20')).toContain('没有找到')
    expect(await bot.says('zhangsan', '党员 转正 余备 11-20')).toContain('要由')
  })

  it('leaves his dues as they are', async () => {
    const bot = await startBot({ client })
    const before = await bot.says('yubei', '党费')
    await bot.says('wangshuji', '党员 转正 余备 11-20')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('yubei', '党费')).toBe(before)
  })
})
