import { expect, it } from 'vitest'
import { people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'
import { auditsOf, faultsInBooks, linesOf } from '../dues.ts'

/** The card's button, or the words that the pushed text names. */
const decides = (bot: TestBot, userId: string, label: '确认' | '有误', claimId: string): Promise<string> =>
  bot.client === 'cards' ? bot.chooses(userId, label) : bot.says(userId, `党费 ${label} ${claimId}`)

const cardOf = (bot: TestBot, userId: string, text: string) =>
  bot.items(userId).find(item => item.card && item.text.includes(text))?.card

const kinds = async (bot: TestBot) => (await linesOf(bot)).map(({ kind }) => kind)

inBothRenderings('确认', client => {
  it('by button or word gives the receipt number, and the receipt reaches the member at once, in capitals too', async () => {
    const bot = await startBot({ client })
    await bot.says('zhangsan', '已缴')
    bot.forget('zhangsan')
    const told = await decides(bot, 'zhaozuzhi', '确认', 'c-1')
    expect(told).toContain('已确认。收据号 D2026-1-0001：张三 11月 0.50 元')
    const receipt = bot.newFor('zhangsan')
    for (const word of [
      '党费收据号 D2026-1-0001',
      '水泉村党支部 张三 2026年11月党费 0.50 元',
      '大写：人民币伍角',
      '收款人：赵祖志　2026-11-24',
    ])
      expect(receipt).toContain(word)
    const code = /校验码 ([\dA-F]{4}-[\dA-F]{4})/.exec(receipt)?.[1]
    expect(await bot.says('zhangsan', '验 D2026-1-0001')).toContain(`校验码 ${code}`)
    if (client === 'cards') expect(cardOf(bot, 'zhaozuzhi', '张三说已缴')?.greyed).toBe('已确认')
    expect(await kinds(bot)).toEqual(['claimed', 'confirmed'])
    expect(await auditsOf(bot, 'confirm-dues')).toMatchObject([{ by: 'p-3', about: 'c-1' }])
  })

  it('is by number, by name, by initials, or the only one that waits', async () => {
    const bot = await startBot({ client })
    for (const [userId, said] of [
      ['zhangsan', '党费 确认 c-1'],
      ['lisi', '党费 确认 李四'],
      ['zhangweia', '党费 确认 C4'],
      ['qianxuan', '党费 确认 qx'],
      ['zuzhang', '党费 确认'],
    ] as const) {
      await bot.says(userId, '已缴')
      const claimId = (await linesOf(bot)).at(-1)?.claimId ?? ''
      expect(await bot.says('zhaozuzhi', said.replace('C4', claimId.replace('c-', 'Ｃ'))), said).toContain('已确认')
    }
    expect(await bot.says('zhaozuzhi', '党费 确认')).toContain('没有等着确认的党费')
    expect(await bot.says('zhaozuzhi', '党费 确认 张三')).toContain('没有等着确认的党费')
    expect(await faultsInBooks(bot)).toEqual([])
  })

  it('of several that wait is asked by digits, namesakes told apart', async () => {
    const bot = await startBot({ client })
    for (const userId of ['zhangsan', 'zhangweia', 'zhangweib']) await bot.says(userId, '已缴')
    const asked = await bot.says('zhaozuzhi', '党费 确认')
    expect(asked).toContain('有 3 笔等着确认，一次确认一笔。哪一笔？请回数字')
    expect(asked).toContain('1 张三 11月 0.50 元（c-1）')
    expect(asked).toContain('2 张伟一组 11月 0.50 元（c-2）')
    expect(await bot.says('zhaozuzhi', '3')).toContain('已确认。收据号 D2026-1-0001：张伟')
    expect(bot.newFor('zhangweib')).toContain('党费收据号 D2026-1-0001')
    expect(await bot.says('zhaozuzhi', '党费 确认 张伟')).toContain('D2026-1-0002')
    expect(await bot.says('zhaozuzhi', '党费 有误')).toContain('c-1 有什么不对')
  })

  it('by another who was first is told, and books nothing twice', async () => {
    const bot = await startBot({ client })
    await bot.says('zhangsan', '已缴')
    await bot.says('zhenban', '党费 确认 c-1')
    expect(await decides(bot, 'zhaozuzhi', '确认', 'c-1')).toContain('张三的 c-1 已由甄办确认（D2026-1-0001）')
    if (client === 'cards') expect(cardOf(bot, 'zhaozuzhi', '张三说已缴')?.greyed).toBe('已确认')
    expect(await bot.says('zhaozuzhi', '党费 有误 c-1 没收到')).toContain('已由甄办确认')
    expect(await kinds(bot)).toEqual(['claimed', 'confirmed'])
  })

  it('is nobody’s of his own: the organizer’s is the secretary’s, the secretary’s where he collects the township’s', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhaozuzhi', '已缴')).toContain('书记王树基核对后')
    expect(await bot.says('zhaozuzhi', '党费 确认 c-1')).toContain('自己的党费不能自己办，要由书记王树基来办')
    expect(await bot.says('zhaozuzhi', '党费 确认')).toContain('没有等着确认的党费')
    expect(await decides(bot, 'wangshuji', '确认', 'c-1')).toContain('已确认')
    expect(await bot.says('qiaoshuji', '已缴')).toContain('镇党建办核对后')
    expect(await bot.says('qiaoshuji', '党费 确认 c-2')).toContain('要由镇党建办来办')
    expect(await decides(bot, 'zhenban', '确认', 'c-2')).toContain('收据号 D2026-2-0001：乔书记')
    expect(await bot.says('zhenban', '已缴')).toContain('书记乔书记核对后')
    expect(await bot.says('zhenban', '党费 确认 c-3')).toContain('自己的党费不能自己办')
  })

  it('falls from an empty post to the deputy, then to the secretary', async () => {
    const bot = await startBot({ client })
    const leaves = (userId: string) =>
      bot.service.store.update('township', async tx => {
        const person = await tx.getBy(people, 'userId', userId)
        if (person)
          await tx.put(people, { ...person, memberships: person.memberships.map(at => ({ ...at, posts: [] })) })
      })
    await leaves('zhaozuzhi')
    expect(await bot.says('zhangsan', '已缴')).toContain('副书记李福书核对后')
    expect(await bot.says('wangshuji', '党费 确认 c-1')).toContain('要由副书记李福书来办')
    expect(await decides(bot, 'lifushu', '确认', 'c-1')).toContain('已确认')
    await leaves('lifushu')
    expect(await bot.says('lisi', '已缴')).toContain('书记王树基核对后')
    expect(await decides(bot, 'wangshuji', '确认', 'c-2')).toContain('已确认')
  })

  it('that nobody can give is kept until somebody can', async () => {
    const bot = await startBot({ client })
    const office = (admin: boolean) =>
      bot.service.store.update('township', async tx => {
        const person = await tx.getBy(people, 'userId', 'zhenban')
        if (person) await tx.put(people, { ...person, admin })
      })
    await office(false)
    expect(await bot.says('qiaoshuji', '已缴')).toContain('待确认：11月党费 0.50 元')
    expect(await bot.says('qiaoshuji', '党费 确认 c-1')).toContain('要由镇党建办来办')
    await office(true)
    expect(await bot.says('zhenban', '党费 确认 c-1')).toContain('收据号 D2026-2-0001')
  })

  it('of another branch does not exist', async () => {
    const bot = await startBot({ client })
    await bot.says('zhangsan', '已缴')
    for (const said of ['党费 确认 c-1', '党费 有误 c-1 没收到', '党费 确认 c-99'])
      expect(await bot.says('qiaoshuji', said)).toContain('没有这个编号')
    expect(await bot.says('qiaoshuji', '党费 确认 张三')).toContain('没有等着确认')
    expect(await bot.says('zhangsan', '党费 确认 c-1')).toContain('要由组织委员或支部书记来发')
  })
})

inBothRenderings('有误', client => {
  it('by button asks the reason, and the member hears it', async () => {
    const bot = await startBot({ client })
    await bot.says('zhangsan', '已缴')
    bot.forget('zhangsan')
    expect(await decides(bot, 'zhaozuzhi', '有误', 'c-1')).toContain('c-1 有什么不对？请回原因')
    if (client === 'cards') expect(cardOf(bot, 'zhaozuzhi', '张三说已缴')?.greyed).toBeNull()
    expect(bot.newFor('zhangsan')).toBe('')
    expect(await bot.says('zhaozuzhi', '没有收到钱')).toBe('已记有误：张三 11月（c-1）。已告诉本人原因。')
    const told = bot.newFor('zhangsan')
    for (const word of ['党费有误，没有记', '原因：没有收到钱', '请和赵祖志核对后再报']) expect(told).toContain(word)
    if (client === 'cards') expect(cardOf(bot, 'zhaozuzhi', '张三说已缴')?.greyed).toBe('有误')
    expect(await bot.says('zhangsan', '党费')).toContain('未缴：11月')
    expect((await linesOf(bot)).at(-1)).toMatchObject({ kind: 'rejected', why: '没有收到钱', receiptNo: null })
    expect(await bot.says('zhangsan', '已缴 11月')).toContain('c-2')
  })

  it('takes number or name and the reason in one line; decided once, it stays', async () => {
    const bot = await startBot({ client })
    for (const userId of ['zhangsan', 'lisi']) await bot.says(userId, '已缴')
    expect(await bot.says('zhaozuzhi', '党费 有误 张三 数目 不对')).toContain('已记有误：张三')
    expect(await bot.says('zhaozuzhi', '党费 确认 c-1')).toContain('已由赵祖志记为有误，请等本人再报')
    expect(await bot.says('zhaozuzhi', '党费 有误 没有收到')).toContain('已记有误：李四')
    expect((await linesOf(bot)).map(({ why }) => why)).toEqual([null, null, '数目 不对', '没有收到'])
  })

  it('of a mistyped name rejects nobody else’s', async () => {
    const bot = await startBot({ client })
    await bot.says('lisi', '已缴')
    expect(await bot.says('zhaozuzhi', '党费 有误 张四 没有收到')).toContain('没有找到“张四”')
    expect(await bot.says('zhaozuzhi', '党费 有误 曾国繁 没有收到')).toContain('是曾国凡吗')
    expect(await kinds(bot)).toEqual(['claimed'])
  })

  it('tells who brought the money too, without the amount', async () => {
    const bot = await startBot({ client })
    await bot.says('lisi', '替张三交')
    for (const userId of ['lisi', 'zhangsan']) bot.forget(userId)
    await bot.says('zhaozuzhi', '党费 有误 c-1 没有收到')
    expect(bot.newFor('zhangsan')).toContain('0.50 元（c-1）\n原因：没有收到')
    expect(bot.newFor('lisi')).toContain('党费有误，没有记：张三 11月（c-1）\n原因：没有收到')
    await bot.says('lisi', '替吴梅吉交')
    expect(await bot.says('zhaozuzhi', '党费 有误 c-2 没有收到')).toContain('没有手机，请当面告知')
  })
})

inBothRenderings('a month that was paid in another branch meanwhile', client => {
  it('is not confirmed a second time', async () => {
    const bot = await startBot({ client })
    await bot.says('zhangsan', '已缴')
    await bot.service.store.update('township', async tx => {
      const person = await tx.getBy(people, 'userId', 'zhangsan')
      const other = await tx.getBy(people, 'userId', 'qiaoyi')
      if (person && other) await tx.put(people, { ...person, memberships: other.memberships })
    })
    expect(await bot.says('qiaoshuji', '收缴 张三 11月')).toContain('D2026-2-0001')
    const refused = '张三11月已缴（D2026-2-0001），不能再记一次。请发：党费 有误 c-1 已缴过'
    expect(await bot.says('zhaozuzhi', '党费 确认 c-1')).toBe(refused)
    expect(await bot.says('zhaozuzhi', '党费 有误 c-1 已缴过')).toContain('已记有误')
    expect(await faultsInBooks(bot)).toEqual([])
  })
})
