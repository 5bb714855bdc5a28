import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { importRoster } from '../../src/import/roster.ts'
import { audits, branches, drafts, type Person, people } from '../../src/store/collections.ts'
import { inBothRenderings, TOWNSHIP as ROSTER, startBot, type TestBot } from '../bot.ts'

const personOf = (bot: TestBot, personId: string): Promise<Person | undefined> =>
  bot.service.store.read(tx => tx.get(people, personId))
const auditsOf = (bot: TestBot, what: string) =>
  bot.service.store.read(async tx => (await tx.all(audits)).filter(entry => entry.what === what))

/** m-1 of 水泉 is called for a quarter past ten and its check-in is open; 张三 (p-7) has checked in, 李四 (p-8) has asked leave. */
async function withMeeting(bot: TestBot): Promise<void> {
  await bot.says('wangshuji', '会议 新建 党员大会 今天10:15 村部 换届')
  expect(await bot.chooses('wangshuji', '发布')).toContain('已发布 m-1')
  expect(await bot.says('zhangsan', '签到')).toContain('签到成功')
  expect(await bot.says('lisi', '请假 发烧')).toContain('已报给书记')
}

inBothRenderings('leaving the township', client => {
  it('says first what follows, and does nothing before 发布', async () => {
    const bot = await startBot({ client })
    await withMeeting(bot)
    const shown = await bot.says('wangshuji', '党员 转出 赵祖志 县直机关党支部 11-20')
    for (const words of [
      '转出：赵祖志（二组，2005年入党，正式党员，组织委员）',
      '→ 县直机关党支部（镇外），11月20日 周五',
      '不再应到：m-1 党员大会',
      '免去职务：组织委员',
      '组织委员空缺，由副书记接着办',
      '党费未缴：11月 0.50 元',
      '党员教育管理工作条例第二十五条',
    ]) {
      expect(shown).toContain(words)
    }
    expect((await personOf(bot, 'p-3'))?.status).toBe('active')
    expect(await bot.chooses('wangshuji', '发布')).toContain('已转出：赵祖志')
    expect(await personOf(bot, 'p-3')).toMatchObject({ status: 'transferred', memberships: [{ posts: [] }] })
    const [entry] = await auditsOf(bot, 'transfer-out')
    expect(entry).toMatchObject({ by: 'p-1', branchId: 'b-1', about: 'p-3', why: '2026-11-20 县直机关党支部' })
    expect(entry?.before).toMatchObject({ status: 'active', memberships: [{ posts: ['organizer'] }] })
    expect(entry?.after).toMatchObject({ status: 'transferred' })
  })

  it('ends his lines, what waits for him and his place in open meetings; closed ones keep him', async () => {
    const bot = await startBot({ client })
    await withMeeting(bot)
    expect(await bot.says('wangshuji', '待办')).toContain('李四 请假')
    expect(await bot.says('wangshuji', '党员 转出 李四 县直机关党支部')).toContain('他的请假不用批了')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('lisi', '签到')).toContain('不在名册')
    expect(await bot.says('wangshuji', '待办')).not.toContain('李四 请假')
    expect(await bot.says('wangshuji', '准假 李四 m-1')).toMatch(/没有找到|没有这个人/)
    const closed = await bot.says('wangshuji', '会议 结束')
    expect(closed).toContain('应到 14 实到 1 请假 0')
    await bot.says('wangshuji', '党员 转出 张三 县直机关党支部')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('wangshuji', '名单 m-1 全部')).toContain('张三')
    expect(await bot.says('wangshuji', '会议 结束 m-1')).toContain('应到 14 实到 1')
  })

  it('warns of who sits there, and lets his presence go with him', async () => {
    const bot = await startBot({ client })
    await withMeeting(bot)
    expect(await bot.says('wangshuji', '党员 转出 张三 县直机关党支部')).toContain(
      '他已签到，转出就不算了，请先结束会议',
    )
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('wangshuji', '会议 结束')).toContain('应到 14 实到 0')
  })

  it('is taken back on the same day as if it had not happened, posts and long leave too', async () => {
    const bot = await startBot({ client })
    await withMeeting(bot)
    await bot.says('wangshuji', '准假 赵祖志 长期 外出务工')
    const before = await personOf(bot, 'p-3')
    await bot.says('wangshuji', '党员 转出 赵祖志 县直机关党支部')
    await bot.chooses('wangshuji', '发布')
    expect((await personOf(bot, 'p-3'))?.memberships[0]?.standingLeave).toBeNull()
    const shown = await bot.says('lifushu', '党员 返回 赵祖志')
    expect(shown).toContain('今天的转出撤回，和没有转出一样，仍在水泉村党支部')
    expect(shown).toContain('职务还在：组织委员')
    expect(await bot.chooses('lifushu', '发布')).toContain('已撤回转出：赵祖志')
    expect(await personOf(bot, 'p-3')).toEqual(before)
  })

  it('is for later another thing: back with his history, without posts, and his dues begin again', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '党员 转出 赵祖志 县直机关党支部')
    await bot.chooses('wangshuji', '发布')
    await bot.at('2026-11-25T03:31:00+08:00')
    expect((await personOf(bot, 'p-3'))?.userId).toBeNull()
    await bot.at('2027-02-10T10:00:00+08:00')
    const shown = await bot.says('wangshuji', '党员 返回 赵祖志')
    expect(shown).toContain('回到水泉村党支部，以前的记录接着算')
    expect(shown).toContain('原来的职务和长期请假不恢复')
    expect(shown).toContain('党费从 2027-02 起在水泉村党支部缴')
    expect(shown).toContain('账号已解除')
    await bot.chooses('wangshuji', '发布')
    expect(await personOf(bot, 'p-3')).toMatchObject({
      personId: 'p-3',
      status: 'active',
      relationFrom: '2027-02',
      memberships: [{ branchId: 'b-1', group: '二组', posts: [] }],
    })
  })

  it('drops what he prepared, and hides sums from who does not take the dues', async () => {
    const bot = await startBot({ client })
    await bot.says('zhaozuzhi', '通知 发 停水')
    const shown = await bot.says('qianxuan', '党员 转出 赵祖志 县直机关党支部')
    expect(shown).toContain('他的预览作罢：d-1')
    expect(shown).not.toContain('0.50')
    expect(shown).toContain('党费有没有欠，请问')
    bot.forget('wangshuji')
    await bot.chooses('qianxuan', '发布')
    expect(bot.newFor('wangshuji')).toContain('由钱宣办，不对请当天发：党员 返回 赵祖志')
    expect(await bot.service.store.read(tx => tx.get(drafts, 'd-1'))).toMatchObject({ state: 'dropped' })
  })

  it('refuses what cannot be, with the next step', async () => {
    const bot = await startBot({ client })
    const say = (line: string) => bot.says('wangshuji', `党员 转出${line}`)
    expect(await say('')).toContain('还缺姓名')
    expect(await say(' 张三')).toContain('还缺去向')
    expect(await say(' 张散 外县党委')).toContain('没有找到“张散”。是张三吗')
    expect(await say(' 张三 外县党委 12-20')).toContain('2026-12-20 还没有到')
    expect(await say(' 张三 外县党委 2009-01-01')).toContain('早于入党日期')
    expect(await say(' 张三 水泉')).toContain('就在水泉村党支部')
    expect(await say(' 乔一 外县党委')).toContain('没有找到')
    expect(await say(' 王树基 外县党委')).toContain('自己的转出要由别的委员')
    expect(await say(' 张三、李四 外县党委')).toContain('一位一位')
    expect(await say(' 张三 村党支部')).toContain('有 2 个支部')
    expect(await bot.says('qiaoshuji', '党员 转出 梁边 外县党委')).toContain('组织关系在水泉村党支部')
    expect(await bot.says('wangshuji', '党员 返回 张三')).toContain('在册，没有转出')
  })

  it('asks which of one name, by initials too, and goes on with the rest of the line', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '党员 转出 张伟 外地社区党支部')).toContain('2 张伟（二组，2015年入党）')
    expect(await bot.says('wangshuji', '2')).toContain('张伟（二组，2015年入党，正式党员）')
    expect(await bot.says('wangshuji', '党员 转出 zgf 外地社区党支部')).toContain('转出：曾国凡')
    expect(await bot.says('wangshuji', '党员 转出 张伟 一组 外地社区党支部')).toContain('转出：张伟（一组')
  })
})

inBothRenderings('moving to another branch of the township', client => {
  async function moved(): Promise<TestBot> {
    const bot = await startBot({ client })
    await withMeeting(bot)
    await bot.says('zhaozuzhi', '收缴 张三 0.5 2026-11')
    await bot.says('wangshuji', '会议 结束')
    await bot.says('wangshuji', '通知 发 明天停水')
    await bot.says('wangshuji', '发布 d-2 需回执')
    for (const userId of ['wangshuji', 'qiaoshuji', 'zhangsan']) bot.forget(userId)
    await bot.says('lifushu', '党员 转出 张三 石桥')
    await bot.chooses('lifushu', '发布')
    return bot
  }

  it('puts him there with his rights, and both secretaries and he hear of it', async () => {
    const bot = await moved()
    expect(bot.newFor('wangshuji')).toContain('转到石桥村党支部')
    expect(bot.newFor('qiaoshuji')).toContain('从水泉村党支部转来')
    expect(bot.newFor('zhangsan')).toContain('您的组织关系转到石桥村党支部了')
    expect(await personOf(bot, 'p-7')).toMatchObject({
      status: 'active',
      relationFrom: '2026-11',
      memberships: [{ branchId: 'b-2', group: null, posts: [] }],
    })
    expect(await bot.says('qiaoshuji', '党员 张三')).toContain('石桥村党支部')
    expect(await bot.says('wangshuji', '党员 张三')).toContain('没有这个人')
    expect(await bot.says('qiaoshuji', '会议 新建 党员大会 11-28 9:00 村部 大会')).toContain('有表决权 应到 6')
    expect(await bot.says('wangshuji', '会议 新建 党员大会 11-28 9:00 村部 大会')).toContain('有表决权 应到 13')
    expect((await auditsOf(bot, 'move-branch')).map(({ branchId }) => branchId).sort()).toEqual(['b-1', 'b-2'])
  })

  it('leaves his history where it happened: the old branch names him, the new one sees nothing older', async () => {
    const bot = await moved()
    expect(await bot.says('wangshuji', '名单 m-1 全部')).toContain('张三')
    expect(await bot.says('wangshuji', '会议 结束 m-1')).toContain('应到 15 实到 1')
    expect(await bot.says('zhaozuzhi', '验 D2026-1-0001')).toContain('张三')
    expect(await bot.says('qiaoshuji', '党员 张三')).toContain('应到 0 到会 0')
    expect(await bot.says('qiaoshuji', '名单 m-1')).toContain('没有这个编号')
    expect(await bot.says('qiaoshuji', '验 D2026-1-0001')).toMatch(/没有/)
    expect(await bot.says('zhangsan', '我的')).toContain('今年会议：应到 1 到会 1')
    // Paid there is paid here: he owes November to nobody.
    expect(await bot.says('qiaoshuji', '收缴 张三 2026-11')).toMatch(/已缴|缴过/)
    expect(await bot.says('qiaoshuji', '党费 名单')).not.toMatch(/未缴.*张三/)
  })

  it('reminds him no more of what the old branch sent', async () => {
    const bot = await moved()
    bot.forget('zhangsan')
    await bot.says('wangshuji', '催办 n-1')
    expect(bot.newFor('zhangsan')).toBe('')
  })

  it('is taken back by the branch he left on the same day, and by the new one at any time', async () => {
    const bot = await moved()
    expect(await bot.says('wangshuji', '党员 返回 张三')).toContain('和没有转出一样，仍在水泉村党支部')
    await bot.at('2026-11-24T10:11:00+08:00')
    expect(await bot.chooses('wangshuji', '发布')).toContain('已撤回转出')
    const back = await personOf(bot, 'p-7')
    expect(back).toMatchObject({ memberships: [{ branchId: 'b-1', group: '一组' }] })
    expect(back).not.toHaveProperty('formerly')
    expect(back).not.toHaveProperty('relationFrom')
    await bot.says('wangshuji', '党员 转出 张三 石桥')
    await bot.chooses('wangshuji', '发布')
    await bot.at('2026-11-25T10:00:00+08:00')
    expect(await bot.says('wangshuji', '党员 返回 张三')).toContain(
      '现在在石桥村党支部。要转回来请那里的书记发：党员 转出 张三',
    )
    await bot.says('qiaoshuji', '党员 转出 张三 水泉')
    expect(await bot.chooses('qiaoshuji', '发布')).toContain('水泉村党支部')
    expect(await personOf(bot, 'p-7')).toMatchObject({ memberships: [{ branchId: 'b-1', group: null }] })
  })

  it('keeps the groups of both in step', async () => {
    const bot = await startBot({ client })
    for (const userId of ['wangshuji', 'qiaoshuji']) {
      await bot.says(userId, '群 建')
      await bot.chooses(userId, '发布')
    }
    await bot.says('wangshuji', '党员 转出 张三 石桥')
    await bot.chooses('wangshuji', '发布')
    const inGroups = await bot.service.store.read(async tx =>
      (await tx.all(branches)).map(({ chat }) => chat?.kind === 'appchat' && chat.members.includes('zhangsan')),
    )
    expect(inGroups).toEqual([false, true])
  })
})

it('knows a branch of the township by whatever part of its name, and asks where another may be meant', async () => {
  const bot = await startBot()
  for (const to of ['石桥', '石桥村', '石桥支部', '石桥村支部', '石桥村党支部委员会', ' 石桥村党支部'])
    expect(await bot.says('wangshuji', `党员 转出 张三 ${to}`)).toContain('→ 石桥村党支部（本镇支部）')
  for (const to of ['红星镇石桥村党支部', '石桥 二组']) {
    const shown = await bot.says('wangshuji', `党员 转出 张三 ${to}`)
    expect(shown).toContain(`→ ${to}（镇外）`)
    expect(shown).toContain('本镇也有石桥村党支部，转到那里请发：党员 转出 张三 石桥村党支部')
  }
  for (const to of ['县直机关党支部', '呼和浩特市新城区党委']) {
    const shown = await bot.says('wangshuji', `党员 转出 张三 ${to}`)
    expect(shown).toContain(`→ ${to}（镇外）`)
    expect(shown).not.toContain('本镇也有')
  }
})

it('two officers on one preview: the first wins, and a second preview of the same is refused', async () => {
  const bot = await startBot()
  await bot.says('wangshuji', '党员 转出 李四 石桥')
  await bot.says('lifushu', '党员 转出 李四 石桥')
  const answers = await Promise.all([bot.says('lifushu', '发布 d-1'), bot.says('zhaozuzhi', '发布 d-1')])
  expect(answers.filter(answer => answer.includes('已转出：李四'))).toHaveLength(1)
  expect(answers.filter(answer => /d-1 已由.*发布/.test(answer))).toHaveLength(1)
  expect(await bot.says('lifushu', '发布 d-2')).toContain('李四的组织关系在石桥村党支部，要在那里办')
  expect((await personOf(bot, 'p-8'))?.formerly).toHaveLength(1)
})

it('who checks in while he is sent on is either in the roll with his presence or in neither', async () => {
  const bot = await startBot()
  await bot.says('wangshuji', '会议 新建 党员大会 今天10:15 村部 换届')
  await bot.says('wangshuji', '发布')
  await bot.says('wangshuji', '党员 转出 李四 石桥')
  await Promise.all([bot.says('lisi', '签到'), bot.says('wangshuji', '发布 d-2'), bot.says('zhangsan', '签到')])
  expect(await bot.says('wangshuji', '会议 结束')).toContain('应到 14 实到 1')
})

it('thirty of one name are told apart, and the last of them leaves', async () => {
  const bot = await startBot()
  await bot.service.store.update('township', async tx => {
    const one = await tx.get(people, 'p-7')
    if (!one) throw new Error('no p-7')
    for (let at = 0; at < 30; at += 1) {
      await tx.insert(people, {
        ...one,
        personId: `p-${100 + at}`,
        userId: `zhao${at}`,
        name: '赵大山',
        joinedOn: '2010-07-01',
      })
    }
  })
  const asked = await bot.says('wangshuji', '党员 转出 赵大山 县直机关党支部')
  expect(asked).toContain('叫“赵大山”的有 30 位')
  expect(asked).toContain('30 赵大山（一组，2010年入党，p-129）')
  expect(await bot.says('wangshuji', '30')).toContain('转出：赵大山')
  await bot.says('wangshuji', '发布')
  expect((await personOf(bot, 'p-129'))?.status).toBe('transferred')
})

it('who came back without an account is found again by the roster file, as the same person', async () => {
  const bot = await startBot()
  await bot.says('wangshuji', '党员 转出 李四 县直机关党支部')
  await bot.says('wangshuji', '发布')
  await bot.at('2026-11-25T03:31:00+08:00')
  await bot.at('2026-11-25T10:00:00+08:00')
  await bot.says('wangshuji', '党员 返回 李四')
  await bot.says('wangshuji', '发布')
  expect(await bot.says('wangshuji', '待办')).toContain('1 人没有账号')
  const everybody = await bot.service.store.read(async tx => (await tx.all(people)).length)
  const report = await importRoster(bot.service.store, await readFile(ROSTER), { dryRun: false, by: 'test' })
  expect([report.ok, report.counts.added]).toEqual([true, 0])
  expect(await bot.service.store.read(async tx => (await tx.all(people)).length)).toBe(everybody)
  expect(await personOf(bot, 'p-8')).toMatchObject({ userId: 'lisi', status: 'active' })
  expect((await personOf(bot, 'p-8'))?.formerly).toHaveLength(1)
  expect(await bot.says('lisi', '我的')).toContain('李四，正式党员')
})

it('who moved by the roster file is still named in the closed meetings of the branch he left', async () => {
  const bot = await startBot()
  await withMeeting(bot)
  await bot.says('wangshuji', '会议 结束')
  const roster = (await readFile(ROSTER, 'utf8')).replace('张三,水泉村党支部,一组', '张三,石桥村党支部,')
  await importRoster(bot.service.store, Buffer.from(roster), { dryRun: false, by: 'test' })
  expect(await bot.says('wangshuji', '名单 m-1 全部')).toContain('张三')
  expect(await bot.says('wangshuji', '名单 m-1 全部')).not.toContain('已不在册')
})

it('a floating member on long leave is in no figure; back after a time he is expected until it is granted again', async () => {
  const bot = await startBot()
  await bot.says('wangshuji', '准假 刘东 长期 外出务工')
  await bot.says('wangshuji', '会议 新建 党员大会 11-28 9:00 村部 一')
  expect(bot.newFor('wangshuji')).toContain('至多可到 13')
  await bot.says('wangshuji', '党员 转出 刘东 呼和浩特市新城区党支部')
  await bot.says('wangshuji', '发布 d-2')
  await bot.at('2026-11-26T10:00:00+08:00')
  await bot.says('wangshuji', '党员 返回 刘东')
  await bot.says('wangshuji', '发布')
  expect(await bot.says('wangshuji', '会议 新建 党员大会 11-28 9:00 村部 二')).toContain('至多可到 14')
  expect(await bot.says('wangshuji', '准假 刘东 长期 外出务工')).toContain('已准假')
  expect(await bot.says('wangshuji', '会议 新建 党员大会 11-28 9:00 村部 三')).toContain('至多可到 13')
})

it('the township brings a leaver back into another branch than the one he left', async () => {
  const bot = await startBot()
  expect(await bot.says('zhenban', '党员 返回 李开 石桥')).toContain('回到石桥村党支部，以前的记录接着算')
  expect(await bot.says('zhenban', '发布')).toContain('已返回：李开，石桥村党支部')
  expect(await bot.says('qiaoshuji', '党员 李开')).toContain('石桥村党支部')
  expect(await bot.says('wangshuji', '党员 李开')).toContain('没有这个人')
  expect(await bot.says('zhenban', '党员 返回 李开 外县')).toContain('没有叫“外县”的支部')
})

it('who came back into another branch is not taken back into the first by saying it again', async () => {
  const bot = await startBot()
  await bot.says('wangshuji', '党员 转出 刘东 呼和浩特市新城区党支部')
  await bot.says('wangshuji', '发布')
  await bot.at('2026-11-26T10:00:00+08:00')
  await bot.says('zhenban', '党员 返回 刘东 石桥')
  expect(await bot.says('zhenban', '发布')).toContain('已返回：刘东，石桥村党支部')
  const again = await bot.says('zhenban', '党员 返回 刘东')
  expect(again).toContain('刘东现在在石桥村党支部。要转回来请那里的书记发')
  expect(await bot.says('qiaoshuji', '党员 刘东')).toContain('石桥村党支部')
  expect(await bot.says('wangshuji', '名单')).not.toContain('刘东')
})

it('who was sent on hears where to, and of himself, when he speaks or is taken back', async () => {
  const bot = await startBot()
  await bot.says('wangshuji', '党员 转出 张三 县城关镇党支部')
  await bot.says('wangshuji', '发布')
  expect(await bot.says('zhangsan', '签到')).toContain('您不在名册，11月24日 周二 已转出到县城关镇党支部')
  bot.forget('zhangsan')
  await bot.says('wangshuji', '党员 返回 张三')
  await bot.says('wangshuji', '发布')
  expect(bot.newFor('zhangsan')).toContain('您的转出已撤回，仍在水泉村党支部')
})

it('who was received elsewhere the same day is not taken back by the branch that had sent him out', async () => {
  const bot = await startBot()
  await bot.says('wangshuji', '党员 转出 刘东 呼和浩特市新城区党支部')
  await bot.says('wangshuji', '发布')
  await bot.says('zhenban', '党员 返回 刘东 石桥')
  expect(await bot.says('zhenban', '发布')).toContain('已返回：刘东，石桥村党支部')
  expect(await bot.says('wangshuji', '党员 返回 刘东')).toContain('刘东现在在石桥村党支部')
  expect(await bot.says('qiaoshuji', '党员 刘东')).toContain('石桥村党支部')
})

it('an open quiz of the branch he left is closed to him, and that of the new one open', async () => {
  const bot = await startBot()
  for (const userId of ['wangshuji', 'qiaoshuji']) {
    await bot.says(userId, '测验 发布 党章 5 12-30')
    await bot.says(userId, '发布')
  }
  await bot.says('wangshuji', '党员 转出 张三 石桥')
  await bot.says('wangshuji', '发布')
  expect(await bot.says('zhangsan', '答题 q-1')).toContain('没有这个编号')
  expect(await bot.says('zhangsan', '答题')).toContain('第 1/5 题')
})
