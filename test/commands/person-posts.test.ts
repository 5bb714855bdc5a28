import { expect, it } from 'vitest'
import { clientOf } from '../../src/domain/roster.ts'
import { audits, type Person, people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

const personOf = (bot: TestBot, personId: string): Promise<Person | undefined> =>
  bot.service.store.read(tx => tx.get(people, personId))
const postsOf = async (bot: TestBot, personId: string) => (await personOf(bot, personId))?.memberships.map(m => m.posts)

inBothRenderings('posts changing hands', client => {
  it('names who gives it up, and both change in one update', async () => {
    const bot = await startBot({ client })
    const shown = await bot.says('wangshuji', '党员 职务 张三 组织委员、宣传委员')
    expect(shown).toContain('水泉村党支部：无职务 → 组织委员、宣传委员')
    expect(shown).toContain('赵祖志免去组织委员，没有别的职务')
    expect(shown).toContain('钱宣免去宣传委员，没有别的职务')
    for (const userId of ['zhangsan', 'zhaozuzhi']) bot.forget(userId)
    expect(await bot.chooses('wangshuji', '发布')).toContain('已改：张三在水泉村党支部组织委员、宣传委员')
    expect([await postsOf(bot, 'p-7'), await postsOf(bot, 'p-3'), await postsOf(bot, 'p-4')]).toEqual([
      [['organizer', 'publicity']],
      [[]],
      [[]],
    ])
    expect(bot.newFor('zhangsan')).toContain('您现在是水泉村党支部组织委员、宣传委员')
    expect(bot.newFor('zhaozuzhi')).toContain('您在水泉村党支部没有职务了')
    expect(await bot.says('zhangsan', '党费 名单')).toContain('水泉村党支部 11月党费')
    expect(await bot.says('zhaozuzhi', '党费 名单')).toContain('要由')
    const written = await bot.service.store.read(async tx =>
      (await tx.all(audits)).filter(({ what }) => what === 'change-posts' || what === 'hand-over-posts'),
    )
    expect(written.map(({ about }) => about)).toEqual(['p-7', 'p-3', 'p-4'])
    expect(written[1]).toMatchObject({
      before: { memberships: [{ posts: ['organizer'] }] },
      after: { memberships: [{ posts: [] }] },
    })
  })

  it('a branch has one secretary at any time, and the rights move with the commit', async () => {
    const bot = await startBot({ client })
    const shown = await bot.says('wangshuji', '党员 职务 李福书 书记')
    expect(shown).toContain('王树基免去书记，没有别的职务')
    expect(shown).toContain('副书记空缺，由书记接着办')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('wangshuji', '党员 职务 张三 副书记')).toContain('要由')
    expect(await bot.says('lifushu', '党员 职务 张三 副书记')).toContain('无职务 → 副书记')
    await bot.says('zhangsan', '请假')
    await bot.says('lifushu', '会议 新建 党课 11-26 19:00 村部 学习')
    await bot.says('lifushu', '发布 d-3')
    bot.forget('lifushu')
    await bot.says('zhangsan', '请假 发烧')
    expect(bot.newFor('lifushu')).toContain('张三 请假')
  })

  it('a group has one leader; who is in no group leads none', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '党员 职务 张三 党小组长')).toContain('周祖章免去党小组长')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('zhangsan', '会议 新建 党小组会 11-26 19:00 组长家 学习')).toContain('预览')
    expect(await bot.says('wangshuji', '党员 职务 曾国凡 党小组长')).not.toContain('免去')
    expect(await bot.says('qiaoshuji', '党员 职务 乔一 党小组长')).toContain('没有编进党小组')
  })

  it('that nobody holds any more fall on, and the preview says to whom', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '党员 职务 赵祖志 无')).toContain('组织委员空缺，由副书记接着办')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('lifushu', '党费 名单')).toContain('水泉村党支部 11月党费')
    expect(await bot.says('qiaoshuji', '党员 职务 乔书记 无')).toContain('书记空缺，由第一书记接着办')
  })

  it('are warned of where the rules give no right to be elected, and refused to who is no member', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '党员 职务 余备 宣传委员')).toContain(
      '预备党员没有被选举权（《中国共产党章程》第七条',
    )
    expect(await bot.says('wangshuji', '党员 职务 吴梅吉 纪检委员')).toContain('没有手机或账号')
    expect(await bot.says('wangshuji', '党员 职务 季吉 宣传委员')).toContain('不能担任党内职务')
    expect(await bot.says('wangshuji', '党员 职务 张三 主任')).toContain('没有“主任”，可填')
    expect(await bot.says('wangshuji', '党员 职务 张三')).toContain('还缺职务')
    expect(await bot.says('wangshuji', '党员 职务 张三 无')).toContain('现在就是没有职务')
    expect(await bot.says('lifushu', '党员 职务 张三 组织委员')).toContain('要由支部书记来发')
  })

  it('are looked at again where they changed since the preview', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '党员 职务 张三 组织委员')
    await bot.says('wangshuji', '党员 职务 李四 组织委员')
    expect(await bot.says('wangshuji', '发布 d-2')).toContain('已改：李四')
    expect(await bot.says('wangshuji', '发布 d-1')).toContain('预览以后水泉村党支部的职务有变动，没有改')
    expect(await postsOf(bot, 'p-7')).toEqual([[]])
  })

  it('changed by the township are told to the secretary', async () => {
    const bot = await startBot({ client })
    await bot.says('zhenban', '党员 职务 @水泉 张三 组织委员')
    await bot.says('zhenban', '发布')
    expect(bot.newFor('wangshuji')).toMatch(
      /水泉村党支部职务有变动：张三现在组织委员，赵祖志免去组织委员。10:00 由甄办办/,
    )
    await bot.says('wangshuji', '党员 职务 张三 无')
    await bot.says('wangshuji', '发布')
    expect(bot.newFor('wangshuji')).not.toContain('职务有变动')
  })

  it('第一书记 is given and taken by the township alone', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '党员 职务 曾国凡 第一书记')).toContain('第一书记由上级党组织选派')
    expect(await bot.says('zhenban', '党员 职务 曾国凡 第一书记')).toContain('→ 第一书记')
  })

  it('given since the preview are not taken away by it', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '党员 职务 曾国凡 副书记')
    await bot.says('wangshuji', '党员 职务 曾国凡 纪检委员')
    expect(await bot.says('wangshuji', '发布 d-2')).toContain('已改：曾国凡')
    expect(await bot.says('wangshuji', '发布 d-1')).toContain('职务有变动，没有改。请再发一次：党员 职务 曾国凡')
    expect(await postsOf(bot, 'p-9')).toEqual([['discipline']])
  })

  it('of one whose own branch is another end by the secretary’s word too', async () => {
    const bot = await startBot({ client })
    await bot.says('zhenban', '党员 职务 @石桥 梁边 副书记')
    await bot.says('zhenban', '发布')
    expect(await bot.says('qiaoshuji', '党员 职务 梁边 无')).toContain('免了职务就不再算这里的人')
    expect(await bot.says('qiaoshuji', '发布')).toContain('已改：梁边')
    expect((await personOf(bot, 'p-22'))?.memberships.map(m => m.branchId) ?? []).not.toContain('b-2')
  })

  it('第一书记 of another branch ends with his post, and is expected in his own alone', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('qiaoshuji', '会议 新建 党员大会 11-28 9:00 村部 大会')).toContain('有表决权 应到 5')
    expect(await bot.says('liangbian', '会议 新建 @石桥 党课 11-29 9:00 村部 学习')).toContain('预览')
    expect(await bot.says('zhenban', '党员 职务 @石桥 梁边 无')).toContain('免了职务就不再算这里的人')
    expect(await bot.says('zhenban', '发布 d-3')).toContain('已改：梁边')
    expect((await personOf(bot, 'p-22'))?.memberships.map(m => m.branchId) ?? []).not.toContain('b-2')
    expect(await bot.says('liangbian', '会议 新建 @石桥 党课 11-30 9:00 村部 学习')).toMatch(/不归您管|要由/)
    expect(await bot.says('qiaoshuji', '会议 新建 党员大会 11-30 9:00 村部 大会')).toContain('有表决权 应到 5')
  })
})

it('who takes office sees cards by it, and the group goes with the secretary’s post', async () => {
  const bot = await startBot({ client: 'cards' })
  await bot.says('wangshuji', '群 建')
  await bot.chooses('wangshuji', '发布')
  const before = await personOf(bot, 'p-8')
  expect(before && clientOf(before, 'text')).toBe('text')
  await bot.says('wangshuji', '党员 职务 李四 书记')
  expect(bot.newFor('wangshuji')).toContain('支部群的群主跟着换')
  await bot.chooses('wangshuji', '发布')
  const after = await personOf(bot, 'p-8')
  expect(after && clientOf(after, 'text')).toBe('cards')
  expect(bot.simulator.groups.map(({ owner }) => owner)).toEqual(['lisi'])
})
