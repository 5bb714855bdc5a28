import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { importRoster } from '../../src/import/roster.ts'
import { people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot, TOWNSHIP } from '../bot.ts'
import { auditsOf, linesOf } from '../dues.ts'

const person = (bot: TestBot, userId: string) => bot.service.store.read(tx => tx.getBy(people, 'userId', userId))

inBothRenderings('党费 标准', client => {
  it('holds from this month on, tells the member, and is kept with who set it', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhaozuzhi', '党费 标准 曾国凡 0.5')).toBe('已定：曾国凡11月起每月 0.50 元。已告诉本人。')
    expect(bot.newFor('zengguofan')).toContain('您的党费标准：11月起每月 0.50 元（农民）')
    expect(await bot.says('zengguofan', '党费')).toContain('每月应缴 0.50 元（农民）')
    expect(await auditsOf(bot, 'set-dues-standard')).toMatchObject([{ by: 'p-3', about: 'p-9', after: { fen: 50 } }])
    expect((await person(bot, 'zengguofan'))?.duesStandards).toMatchObject([{ from: '2026-11', fen: 50, by: 'p-3' }])
  })

  it('from a later month leaves the months before alone', async () => {
    const bot = await startBot({ client })
    for (const said of ['1 从 2026-12', '每月1元 从12月起', '1元/月 2026-12'])
      expect(await bot.says('zhaozuzhi', `党费 标准 张三 ${said}`), said).toContain('已定：张三12月起每月 1.00 元')
    expect(await bot.says('zhangsan', '党费')).toContain('每月应缴 0.50 元')
    expect(await bot.says('zhangsan', '已缴 1.5 11、12月')).toContain('待确认：11、12月党费 1.50 元')
    expect((await linesOf(bot))[0]?.months).toEqual([
      { month: '2026-11', fen: 50 },
      { month: '2026-12', fen: 100 },
    ])
  })

  it('is refused over months that were paid or claimed, with the line that works', async () => {
    const bot = await startBot({ client })
    await bot.says('zhaozuzhi', '收缴 张三')
    await bot.says('lisi', '已缴 11、12月')
    const refused = await bot.says('zhaozuzhi', '党费 标准 张三 0.8')
    expect(refused).toBe('张三11月已经缴过或报过，不能再改标准。这样发：党费 标准 张三 金额 从 2026-12')
    expect(await bot.says('zhaozuzhi', '党费 标准 李四 0.8')).toContain('党费 标准 李四 金额 从 2027-01')
    expect(await bot.says('zhaozuzhi', '党费 标准 张三 0.8 从 2026-12')).toContain('已定：张三12月起')
  })

  it('of a farmer lies between 0.20 and 1.00, of a student is 0.20', async () => {
    const bot = await startBot({ client })
    for (const amount of ['0.1', '1.01', '5'])
      expect(await bot.says('zhaozuzhi', `党费 标准 张三 ${amount}`), amount).toContain('农民每月 0.20 到 1.00 元')
    expect(await bot.says('zhaozuzhi', '党费 标准 张三 0.5 学生')).toContain('学生每月 0.20 元（第六条）')
    expect(await bot.says('zhaozuzhi', '党费 标准 张三 0.2 学生')).toContain('已定：张三11月起每月 0.20 元')
    expect(await bot.says('zhaozuzhi', '党费 标准 李四 45 在职')).toContain('每月 45.00 元')
    expect(await person(bot, 'lisi')).toMatchObject({ duesCategory: '在职', monthlyDuesFen: 4500 })
  })

  it('is refused where something is missing, too early, too far, or not his to set', async () => {
    const bot = await startBot({ client })
    const refused = [
      ['zhaozuzhi', '党费 标准', '还缺姓名'],
      ['zhaozuzhi', '党费 标准 张三', '还缺金额'],
      ['zhaozuzhi', '党费 标准 张三 李四 0.5', '一位一位地定'],
      ['zhaozuzhi', '党费 标准 余备 0.5 从 2026-02', '余备2026-03-01 入党，标准请从 2026-03 或以后起'],
      ['zhaozuzhi', '党费 标准 张三 0.5 从 2028-01', '太远'],
      ['zhaozuzhi', '党费 标准 张三 0.5 从 2016-12', '标准最早可以从 2024-11 起，“2016-12”太早'],
      ['zhaozuzhi', '党费 标准 张三 -1', '是负数'],
      ['zhaozuzhi', '党费 标准 张三 1000.01 在职', '太多了'],
      ['zhaozuzhi', '党费 标准 赵祖志 0.5', '自己的党费不能自己办'],
      ['zhaozuzhi', '党费 标准 乔一 0.5', '没有找到“乔一”'],
      ['wangshuji', '党费 标准 张三 0.6', '要由组织委员赵祖志来办'],
      ['qiaoshuji', '党费 标准 梁边 0.6', '组织关系在水泉村党支部'],
      ['zhangsan', '党费 标准 张三 0.2', '要由组织委员或支部书记来发'],
    ] as const
    for (const [userId, said, reason] of refused) expect(await bot.says(userId, said), said).toContain(reason)
    expect(await auditsOf(bot, 'set-dues-standard')).toEqual([])
  })
})

inBothRenderings('党费 减免', client => {
  it('waives months with the approval that was given, and the member is asked for none of them', async () => {
    const bot = await startBot({ client })
    const told = await bot.says('zhaozuzhi', '党费 减免 张三 免 2026-11 2026-12 镇党委11月20日批准')
    expect(told).toContain('已记：张三11、12月党费免缴，批准：镇党委11月20日批准。已告诉本人。')
    expect(told).toContain('第七条')
    expect(bot.newFor('zhangsan')).toContain('您的11、12月党费免缴（镇党委11月20日批准）')
    expect(await bot.says('zhangsan', '党费')).toContain('应缴 0.00 元，免缴到12月')
    expect(await bot.says('zhangsan', '已缴')).toContain('您11月免缴（镇党委11月20日批准）')
    expect(await bot.says('zhaozuzhi', '党费 名单')).toContain('免缴 1 人')
    expect(await auditsOf(bot, 'relieve-dues')).toMatchObject([{ by: 'p-3', about: 'p-7', why: '镇党委11月20日批准' }])
  })

  it('reduces to an amount', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhaozuzhi', '党费 减免 张三 0.20 从 2026-11 到 2026-12 镇党委批准')).toContain(
      '减为每月 0.20 元',
    )
    expect(await bot.says('zhangsan', '党费')).toContain('每月应缴 0.20 元（农民），减到12月（镇党委批准）')
    expect(await bot.says('zhaozuzhi', '党费 减免 李四 减到0.3 2026-11到2026-12 镇党委批准')).toContain('减为每月 0.30')
    expect(await bot.says('zhaozuzhi', '收缴 张三')).toContain('张三 11月 0.20 元')
  })

  it('leaves what was paid as it is', async () => {
    const bot = await startBot({ client })
    await bot.says('zhaozuzhi', '收缴 张三')
    expect(await bot.says('zhaozuzhi', '党费 减免 张三 免 2026-11 2026-12 镇党委批准')).toContain('其中11月已缴，不变')
    expect(await bot.says('zhangsan', '党费 11月')).toContain('11月已缴 0.50 元')
  })

  it('is refused without approval, months or a smaller amount, for oneself, and to whom it is not', async () => {
    const bot = await startBot({ client })
    const refused = [
      ['zhaozuzhi', '党费 减免 张三 免 2026-11 2026-12', '减免要上级党委批准'],
      ['zhaozuzhi', '党费 减免 张三 免 镇党委批准', '从哪个月到哪个月'],
      ['zhaozuzhi', '党费 减免 张三 2026-11 2026-12 镇党委批准', '减到多少、还是免？'],
      ['zhaozuzhi', '党费 减免 张三 0.5 2026-11 2026-12 镇党委批准', '减到 0.50 元不是减少'],
      ['zhaozuzhi', '党费 减免 张三 免 2026-11 2028-12 镇党委批准', '个月'],
      ['zhaozuzhi', '党费 减免 免 2026-11 2026-12 镇党委批准', '还缺姓名'],
      ['zhaozuzhi', '党费 减免 乔一 免 2026-11 2026-12 镇党委批准', '没有找到“乔一”'],
      ['zhaozuzhi', '党费 减免 赵祖志 免 2026-11 2026-12 镇党委批准', '自己的党费不能自己办'],
      ['wangshuji', '党费 减免 张三 免 2026-11 2026-12 镇党委批准', '要由组织委员赵祖志来办'],
    ] as const
    for (const [userId, said, reason] of refused) expect(await bot.says(userId, said), said).toContain(reason)
    expect(await auditsOf(bot, 'relieve-dues')).toEqual([])
  })
})

inBothRenderings('党费 核算', client => {
  it.each([
    ['在职 4500', '在职每月 45.00 元，比例 1%'],
    ['在职 60000', '在职每月 1000.00 元，比例 2%（到上限，多交自愿）'],
    ['退休 5000.01', '离退休每月 50.00 元，比例 1%'],
    ['学生', '学生每月 0.20 元'],
  ])('%s: %s', async (said, wanted) => {
    const bot = await startBot({ client })
    const told = await bot.says('zhaozuzhi', `党费 核算 ${said}`)
    expect(told).toContain(wanted)
    expect(told).toContain('没有留底')
    expect(told).toContain('依据：《关于中国共产党党费收缴、使用和管理的规定》')
  })

  it('offers the result as the standard', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhaozuzhi', '党费 核算 在职 4500')).toContain('要定为标准，请回姓名')
    expect(await bot.says('zhaozuzhi', '曾国凡')).toContain('已定：曾国凡11月起每月 45.00 元')
    expect(await person(bot, 'zengguofan')).toMatchObject({ duesCategory: '在职' })
  })

  it('asks the township for the farmers’ figure, and takes it', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhaozuzhi', '党费 核算 农民')).toContain('镇里还没有定农民党费')
    await bot.says('zhenban', '设置 农民党费 0.6')
    expect(await bot.says('zhaozuzhi', '党费 核算 农民')).toContain('农民每月 0.60 元')
  })

  it('keeps nothing of an income, typed rightly or wrongly, in any file', async () => {
    const bot = await startBot({ client })
    const typed = [
      '党费 核算 在职 4567.89',
      '党费 核算 在职 4567.891',
      '党费 核算 在职 -4567.89',
      '党费 核算 在职 4567.89e3',
      '党费 核算 在职 4567890000',
      '党费 核算 4567.89',
      '党费 核算 4567.89 在职',
      '党费核算在职4567.89',
      '核算 在职 4567.89',
    ]
    for (const said of typed) expect(await bot.says('zhaozuzhi', said), said).not.toMatch(/4567|4,567/)
    const found = async (what: RegExp) => {
      const names = await readdir(bot.folder, { recursive: true, withFileTypes: true })
      const files = names.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
      expect(files.length).toBeGreaterThan(0)
      const texts = await Promise.all(files.map(async file => [file, await readFile(file, 'utf8')] as const))
      // The ids of the audit are random: any four digits are in one of them now and then.
      const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g
      return texts.filter(([, text]) => what.test(text.replace(UUID, ''))).map(([file]) => file)
    }
    // What is offered as the standard is awaited, so it is where the other is looked for.
    await bot.says('zhaozuzhi', typed[0] ?? '')
    expect(await found(/45\.68/)).not.toEqual([])
    expect(await found(/4567|456789/)).toEqual([])
    await bot.restart()
    expect(await found(/4567|456789/)).toEqual([])
    expect(await linesOf(bot)).toEqual([])
  })
})

it('a roster file with another amount holds from the first month that is not paid, and says so', async () => {
  const bot = await startBot()
  await bot.says('zhaozuzhi', '收缴 张三 11、12月')
  await bot.says('lisi', '已缴')
  const roster = (await readFile(TOWNSHIP, 'utf8'))
    .replace(/(张三,.*农民),0.50/, '$1,0.90')
    .replace(/(李四,.*农民),1.00/, '$1,0.60')
    .replace(/(钱宣,.*农民),0.50/, '$1,0.70')
  const bring = (dryRun: boolean) => importRoster(bot.service.store, Buffer.from(roster), { dryRun, by: 'test' })
  for (const dryRun of [true, false]) {
    const text = (await bring(dryRun)).text.join('\n')
    expect(text).toContain('第 8 行“月缴党费”：前面的月份已经缴过或报过，从 2027-01 起按新标准')
    expect(text).toContain('第 9 行“月缴党费”：前面的月份已经缴过或报过，从 2026-12 起按新标准')
    expect(text).not.toContain('第 5 行“月缴党费”')
  }
  expect(await bot.says('zhangsan', '党费')).toContain('每月应缴 0.50 元')
  const from = async (userId: string) => (await person(bot, userId))?.duesStandards?.at(-1)
  expect(await from('zhangsan')).toMatchObject({ from: '2027-01', fen: 90 })
  expect(await from('lisi')).toMatchObject({ from: '2026-12', fen: 60 })
  expect(await from('qianxuan')).toMatchObject({ from: '2026-11', fen: 70 })
  expect((await bring(true)).text.join('\n')).toContain('改动 0 人')
})
