import { expect, it } from 'vitest'
import { importRoster } from '../../src/import/roster.ts'
import { audits, branches, chores, type Person, people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

const KEY = 'b7e3c1d0-7a0c-4bc4-97a0-0ec2f7fa5bbb'

const chatOf = (bot: TestBot, branchId = 'b-1') =>
  bot.service.store.read(async tx => (await tx.get(branches, branchId))?.chat ?? null)
const work = (bot: TestBot) =>
  bot.service.store.read(async tx =>
    (await tx.all(chores)).map(({ what, branchId, by }) => ({ ...what, branchId, by })),
  )
const auditsOf = (bot: TestBot) => bot.service.store.read(async tx => JSON.stringify(await tx.all(audits)))

async function giveGroup(bot: TestBot, branchId: string): Promise<void> {
  await bot.service.store.update(`branch:${branchId}`, async tx => {
    const branch = await tx.get(branches, branchId)
    const chat = { kind: 'appchat' as const, chatId: 'zhibu1xaa', members: [] }
    if (branch) await tx.put(branches, { ...branch, chat })
  })
}

async function change(bot: TestBot, userId: string, change: Partial<Person>): Promise<void> {
  await bot.service.store.update('township', async tx => {
    const person = await tx.getBy(people, 'userId', userId)
    if (person) await tx.put(people, { ...person, ...change })
  })
}

inBothRenderings('a group that the bot makes', client => {
  it('is shown first, then made by a chore with an id of ours and a first post behind it', async () => {
    const bot = await startBot({ client })
    const preview = await bot.says('wangshuji', '群 建')
    expect(preview).toContain('建支部群：水泉村党支部')
    expect(preview).toContain('16 人进群（另 1 人无手机或没有账号）')
    expect(preview).toContain(client === 'text' ? '其中 16 人用普通微信，看不到' : '用普通微信的人看不到')
    expect(await work(bot)).toEqual([])
    expect(await bot.chooses('wangshuji', '发布')).toContain('正在建“水泉村党支部”群，16 人')
    const [made, post] = await work(bot)
    expect(made).toMatchObject({ does: 'make-chat', name: '水泉村党支部', branchId: 'b-1', ownerId: 'p-1', by: 'p-1' })
    expect(made && 'chatId' in made && made.chatId).toMatch(/^[0-9a-zA-Z]{1,32}$/)
    expect(post).toMatchObject({ does: 'post', branchId: 'b-1' })
    expect(JSON.stringify(post)).not.toMatch(/王树基|张三/)
  })

  it('is refused where there is one, or where too few can be in it', async () => {
    const bot = await startBot({ client })
    await giveGroup(bot, 'b-1')
    expect(await bot.says('wangshuji', '群 建')).toContain('已经有群')
    for (const userId of ['qiaoyi', 'qiaoer', 'qiaosan', 'zhenban', 'liangbian'])
      await change(bot, userId, { noPhone: true })
    expect(await bot.says('qiaoshuji', '群 建')).toContain('只有 1 人')
    expect(await bot.says('zhenban', '群 建')).toContain('@支部名')
    expect(await bot.says('zhaozuzhi', '群 建')).toContain('副书记')
  })

  it('is made once, whoever publishes a second preview', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '群 建')
    await bot.says('lifushu', '群 建')
    await giveGroup(bot, 'b-1')
    expect(await bot.says('lifushu', '发布 d-2')).toContain('已经有群')
    expect(await work(bot)).toEqual([])
  })

  it('is kept in step by an import that changes its people', async () => {
    const bot = await startBot({ client })
    await giveGroup(bot, 'b-2')
    const bring = (text: string) =>
      importRoster(bot.service.store, new TextEncoder().encode(text), { dryRun: false, by: 'control' })
    await bring('账号,姓名,支部,身份\nqiaosi,乔四,石桥村党支部,正式党员\nxinren,辛仁,水泉村党支部,正式党员\n')
    expect(await work(bot)).toEqual([{ does: 'sync-chat', branchId: 'b-2', by: 'control' }])
    await bring('账号,姓名,支部,身份\nqiaosi,乔四,石桥村党支部,正式党员\n')
    expect(await work(bot)).toHaveLength(1)
  })
})

inBothRenderings('a robot in an ordinary group', client => {
  it.each([KEY, `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${KEY}`])(
    'is bound by its key or its address, which nobody sees again: %s',
    async said => {
      const bot = await startBot({ client })
      const answer = await bot.says('wangshuji', `群 机器人 ${said}`)
      expect(answer).toContain('已绑定水泉村党支部的群机器人')
      expect(answer).not.toContain(KEY)
      expect(await auditsOf(bot)).not.toContain(KEY)
      expect((await work(bot))[0]).toMatchObject({ does: 'post', branchId: 'b-1' })
      for (const line of ['群 建', '群 解绑', '待办', '帮助 群 机器人']) {
        expect(await bot.says('wangshuji', line)).not.toContain(KEY)
      }
    },
  )

  it('is not bound by what is no key, which is not said back either', async () => {
    const bot = await startBot({ client })
    const refused = await bot.says('wangshuji', '群 机器人 短key')
    expect(refused).toContain('Webhook 地址')
    expect(refused).not.toContain('短key')
    expect(await bot.says('wangshuji', `群 机器人 ${KEY} 谢谢`)).not.toContain('谢谢”')
    expect(await chatOf(bot)).toBeNull()
  })

  it('gives way to no group that the bot made', async () => {
    const bot = await startBot({ client })
    await giveGroup(bot, 'b-1')
    expect(await bot.says('wangshuji', `群 机器人 ${KEY}`)).toContain('群 解绑')
    expect(await chatOf(bot)).toMatchObject({ kind: 'appchat' })
    await bot.service.store.update('branch:b-2', async tx => {
      const what = { does: 'make-chat' as const, chatId: 'zhibu2xaa', name: '石桥', ownerId: 'p-1' }
      await tx.chore({ lane: 'chat:b-2', branchId: 'b-2', by: 'p-1', what, dueAt: new Date('2026-12-31T00:00:00Z') })
    })
    expect(await bot.says('qiaoshuji', `群 机器人 ${KEY}`)).toContain('正在建')
  })
})

inBothRenderings('what becomes of a group', client => {
  const told = (bot: TestBot, words: string) => bot.sentTo('wangshuji').filter(text => text.includes(words))

  it('is told each time, though WeCom shows the same words once in four hours', async () => {
    const bot = await startBot({ client })
    for (let time = 0; time < 2; time += 1) await bot.says('wangshuji', `群 机器人 ${KEY}`)
    expect(told(bot, '支部群已不在了')).toHaveLength(2)
    for (let time = 0; time < 2; time += 1) {
      await bot.says('wangshuji', '群 建')
      await bot.chooses('wangshuji', '发布')
      await bot.says('wangshuji', '群 解绑')
    }
    expect(told(bot, '建好了')).toHaveLength(2)
  })

  it('whom WeCom does not know is left out of it and named; the others are in it', async () => {
    const bot = await startBot({ client })
    bot.simulator.deletePerson('lisi')
    await bot.says('wangshuji', '群 建')
    await bot.chooses('wangshuji', '发布')
    expect(told(bot, '建好了').join()).toMatch(/15 人在群里[\s\S]*1 人没有进支部群：李四/)
    expect(bot.simulator.groups.at(-1)?.members).toHaveLength(15)
  })
})

inBothRenderings('a group that is let go', client => {
  it('gets no more posts, and says what stays', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '群 解绑')).toContain('没有绑定群')
    await giveGroup(bot, 'b-1')
    expect(await bot.says('qiaoshuji', '群 解绑')).toContain('没有绑定群')
    expect(await bot.says('zhenban', '群 解绑 @水泉')).toContain('群还在')
    expect(await chatOf(bot)).toBeNull()
    expect(await auditsOf(bot)).toContain('unbind-group')
  })
})
