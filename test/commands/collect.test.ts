import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { importRoster } from '../../src/import/roster.ts'
import { inBothRenderings, startBot, type TestBot, TOWNSHIP } from '../bot.ts'
import { auditsOf, balanceIn, faultsInBooks, linesOf } from '../dues.ts'

/** The roster of the township with something else in it. */
async function enrol(bot: TestBot, from: RegExp, to: string): Promise<void> {
  const roster = (await readFile(TOWNSHIP, 'utf8')).replace(from, to)
  const report = await importRoster(bot.service.store, Buffer.from(roster), { dryRun: false, by: 'test' })
  if (!report.ok) throw new Error(report.text.join())
}

const booked = async (bot: TestBot) => (await linesOf(bot)).filter(({ receiptNo }) => receiptNo !== null).length

inBothRenderings('收缴 of one', client => {
  it('books at once, and the receipt reaches the member in that moment', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhaozuzhi', '收缴 张三')).toBe('收据号 D2026-1-0001：张三 11月 0.50 元')
    expect(bot.newFor('zhangsan')).toContain('党费收据号 D2026-1-0001')
    expect(bot.newFor('zhangsan')).toContain('大写：人民币伍角')
    expect(await linesOf(bot)).toMatchObject([{ kind: 'collected', by: 'p-3', claimId: null }])
    expect(await auditsOf(bot, 'collect-dues')).toMatchObject([{ by: 'p-3', about: 'D2026-1-0001' }])
  })

  it('names him by name, initials or row of the list just shown', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhaozuzhi', '收缴 1')).toContain('请先发：党费 名单')
    expect(await bot.says('zhaozuzhi', '党费 名单')).toContain('7 张三 0.50')
    expect(await bot.says('zhaozuzhi', '收缴 7')).toContain('张三 11月 0.50 元')
    expect(await bot.says('zhaozuzhi', '收缴 qx')).toContain('钱宣 11月 0.50 元')
    expect(await bot.says('zhaozuzhi', '收缴 李四1')).toContain('李四 11月 1.00 元')
    expect(await bot.says('zhaozuzhi', '收缴 99')).toContain('没有找到“99”')
    expect(await faultsInBooks(bot)).toEqual([])
  })

  it('of two with one name is asked', async () => {
    const bot = await startBot({ client })
    const asked = await bot.says('zhaozuzhi', '收缴 张伟')
    expect(asked).toContain('叫“张伟”的有 2 位：张伟（一组，2008年入党）；张伟（二组，2015年入党）')
    expect(await booked(bot)).toBe(0)
    expect(await bot.says('zhaozuzhi', '收缴 张伟 二组')).toContain('收据号 D2026-1-0001：张伟')
    expect(bot.newFor('zhangweib')).toContain('D2026-1-0001')
    expect(bot.newFor('zhangweia')).toBe('')
  })

  it('above the standard is said to be voluntary; ten times of it is asked first', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhaozuzhi', '收缴 张三 0.6')).toContain('超出标准 0.10 元（自愿）')
    expect(await bot.says('zhaozuzhi', '收缴 周祖章 5')).toContain('超出标准 4.00 元（自愿）？\n还没有记。是请回 1')
    expect(await booked(bot)).toBe(1)
    expect(await bot.says('zhaozuzhi', '1')).toContain('收据号 D2026-1-0002：周祖章 11、12月 5.00 元')
    expect(await bot.says('zhaozuzhi', '收缴 钱宣 1000 11月')).toContain('超出标准 999.50 元（自愿）？')
    expect(await bot.says('zhaozuzhi', '1')).toContain('1000.00 元')
    expect(bot.newFor('qianxuan')).toContain('大写：人民币壹仟元整')
  })

  it('of several months is asked, and other months may be said instead', async () => {
    const bot = await startBot({ client, at: '2026-10-20T10:00:00+08:00' })
    expect(await bot.says('zhaozuzhi', '收缴 张三 1')).toContain('10、11月？\n还没有记。是请回 1，不是请回月份')
    expect(await bot.says('zhaozuzhi', '11、12月')).toBe(
      '收据号 D2026-1-0001：张三 11、12月 1.00 元\n11、12月预交\n还有10月没缴',
    )
  })

  it('in the text that was asked for, other words are no yes', async () => {
    const bot = await startBot({ client })
    await bot.says('zhaozuzhi', '收缴 张三 5')
    await bot.says('zhaozuzhi', '收缴 李四')
    await bot.says('zhaozuzhi', '1')
    expect((await linesOf(bot)).map(({ personId }) => personId)).toEqual(['p-8'])
  })

  it('is refused with its reason where it cannot be so', async () => {
    const bot = await startBot({ client })
    const refused = [
      ['收缴 张三 1000.01', '1000.01 元太多了，一次最多 1000.00 元，大额党费另有程序'],
      ['收缴 张三 -1', '“-1”是负数'],
      ['收缴 张三 0', '金额不能是 0'],
      ['收缴 张三 1e3', '里有字母'],
      ['收缴 张三 0.505', '最多两位小数'],
      ['收缴 张三 0.3', '0.30 元不够'],
      ['收缴 张三 13月', '没有 13 月'],
      ['收缴 张三 2026-10', '张三的党费在这里从11月记起'],
      ['收缴 张三 2027-01', '现在最多缴到12月'],
      ['收缴 曾国凡', '曾国凡还没有定党费标准，请先由组织委员定：党费 标准 曾国凡'],
      ['收缴 赵六', '没有找到“赵六”'],
      ['收缴 李开', '没有找到“李开”'],
      ['收缴 乔一', '没有找到“乔一”'],
      ['收缴 季吉', '季吉不在这里缴党费'],
      ['收缴 赵祖志', '自己的党费不能自己办，要由书记王树基来办'],
      ['收缴', '还缺姓名'],
      ['收缴 0.5', '“0.5”里没有姓名'],
      ['收缴 全支部', '不能一次记全支部'],
      ['收缴 全到', '不能一次记全支部'],
      ['收缴 所有人 0.5', '不能一次记全支部'],
    ] as const
    for (const [said, reason] of refused) expect(await bot.says('zhaozuzhi', said), said).toContain(reason)
    expect(await linesOf(bot)).toEqual([])
  })

  it('settles what the member had claimed', async () => {
    const bot = await startBot({ client })
    await bot.says('zhangsan', '已缴')
    expect(await bot.says('zhaozuzhi', '收缴 张三')).toContain('D2026-1-0001')
    expect(await bot.says('zhaozuzhi', '党费 确认 c-1')).toContain('已由赵祖志确认（D2026-1-0001）')
    await bot.says('lisi', '已缴 2 11、12月')
    expect(await bot.says('zhaozuzhi', '收缴 李四')).toContain('请先发：党费 确认 c-2')
    expect(await faultsInBooks(bot)).toEqual([])
  })

  it('twice is told with the receipt that there is', async () => {
    const bot = await startBot({ client })
    const first = await bot.says('zhaozuzhi', '收缴 张三')
    expect(await bot.says('zhaozuzhi', '收缴 张三')).toBe(first)
    expect(await bot.says('zhaozuzhi', '收缴 张三 0.5 11月')).toContain('张三11月已缴（D2026-1-0001）')
    expect(await bot.says('zhenban', '收缴 张三')).toContain('张三11月已缴（D2026-1-0001）')
    expect(await booked(bot)).toBe(1)
  })

  it('is the organizer’s and the township’s, not the secretary’s where there is an organizer', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('wangshuji', '收缴 张三')).toBe('张三的党费要由组织委员赵祖志来办。')
    expect(await bot.says('wangshuji', '党费 名单')).toContain('水泉村党支部 11月党费')
    expect(await bot.says('wangshuji', '对账 今天 0')).toContain('相符')
    expect(await bot.says('wangshuji', '收缴 赵祖志')).toContain('收据号 D2026-1-0001：赵祖志')
    expect(await bot.says('zhenban', '收缴 张三')).toContain('D2026-1-0002')
    expect(await bot.says('qiaoshuji', '收缴 乔一')).toContain('D2026-2-0001')
    expect(await bot.says('zhangsan', '收缴 李四')).toContain('要由组织委员或支部书记来发')
  })

  it('is the secretary’s where the organizer has no phone, though there is a deputy', async () => {
    const bot = await startBot({ client })
    await enrol(bot, /(zhaozuzhi,.*?),否,否,农民/, '$1,是,否,农民')
    expect(await bot.says('lifushu', '收缴 张三')).toContain('要由组织委员或支部书记来发')
    expect(await bot.says('wangshuji', '收缴 张三')).toContain('收据号 D2026-1-0001：张三')
    expect(await bot.says('lisi', '已缴')).toContain('书记王树基核对后')
  })

  it('more than six months late says so to the collector', async () => {
    const bot = await startBot({ client })
    await bot.at('2027-07-05T10:00:00+08:00')
    const told = await bot.says('zhaozuzhi', '收缴 张三 2026-11')
    expect(told).toContain('2026年11月补交')
    expect(told).toContain('已过 6 个月，请核实原因（补交党费的时间一般不得超过 6 个月）')
    expect(bot.newFor('zhangsan')).not.toContain('6 个月')
    expect(await bot.says('zhaozuzhi', '收缴 张三 1月')).not.toContain('已过 6 个月')
  })

  it('of who has no phone says that he must be told by mouth', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhaozuzhi', '收缴 吴梅吉')).toContain('没有手机，请当面告知收据号')
  })
})

inBothRenderings('收缴 of several', client => {
  it('shows one preview with every name, and books on 发布', async () => {
    const bot = await startBot({ client })
    const preview = await bot.says('zhaozuzhi', '收缴 张三 李四 吴梅吉')
    for (const line of [
      '预览 d-1',
      '水泉村党支部收缴党费 3 人，共 2.00 元',
      '张三 11月 0.50 元',
      '李四 11月 1.00 元',
      '吴梅吉 11月 0.50 元',
    ])
      expect(preview).toContain(line)
    expect(preview).not.toMatch(/D2026|收据号/)
    expect(await booked(bot)).toBe(0)
    const told = await bot.chooses('zhaozuzhi', '发布')
    expect(told).toContain('已收 3 人')
    expect(told).toContain('收据号 D2026-1-0003：吴梅吉 11月 0.50 元')
    expect(bot.newFor('lisi')).toContain('大写：人民币壹元整')
    expect(await bot.says('zhenban', '发布 d-1')).toContain('已由赵祖志发布')
    expect([await booked(bot), await balanceIn(bot)]).toEqual([3, 200])
  })

  it('takes an amount for each behind ； or on lines of their own', async () => {
    const bot = await startBot({ client })
    for (const said of ['收缴 张三 0.5；李四 1', '收缴 张三 0.5;李四 1元', '收缴 张三 五角\n李四'])
      expect(await bot.says('zhaozuzhi', said), said).toContain('收缴党费 2 人，共 1.50 元')
    expect(await bot.says('zhaozuzhi', '收缴 张三 周祖章 各0.5')).toContain('收缴党费 2 人，共 1.00 元')
    expect(await bot.says('zhaozuzhi', '收缴 张三 0.5 李四 1')).toContain('请用；隔开：收缴 张三 0.5；李四 1')
    expect(await bot.says('zhaozuzhi', '收缴 张三 0.5；张三')).toContain('张三写了两次')
    expect(await bot.says('zhaozuzhi', '收缴 张三；0.5元')).toContain('里没有姓名')
  })

  it('of rows of the list', async () => {
    const bot = await startBot({ client })
    await bot.says('zhaozuzhi', '党费 名单')
    const preview = await bot.says('zhaozuzhi', '收缴 1 2、4-5')
    expect(preview).toContain('收缴党费 4 人，共 2.00 元')
    for (const name of ['王树基', '李福书', '钱宣', '孙纪俭']) expect(preview).toContain(name)
    await bot.says('zhaozuzhi', '发布')
    const list = await bot.says('zhaozuzhi', '党费 名单')
    expect(list).toContain('已缴 4 人 2.00 元，未缴 11 人')
    expect(list).toContain('7 张三')
  })

  it('leaves out, and names, who cannot be booked, and who was booked meanwhile', async () => {
    const bot = await startBot({ client })
    await bot.says('zhaozuzhi', '收缴 李四')
    const preview = await bot.says('zhaozuzhi', '收缴 张三 李四 赵祖志 周祖章')
    expect(preview).toContain('收缴党费 2 人，共 1.00 元')
    expect(preview).toContain('不收：\n李四11月已缴（D2026-1-0001）。\n自己的党费不能自己办')
    await bot.says('zhenban', '收缴 张三')
    const told = await bot.chooses('zhaozuzhi', '发布')
    expect(told).toContain('已收 1 人：\n收据号 D2026-1-0003：周祖章 11月 0.50 元')
    expect(told).toContain('没有记：\n张三11月已缴（D2026-1-0002）')
    expect(await faultsInBooks(bot)).toEqual([])
  })

  it('books nothing where nobody is left, or on 作罢', async () => {
    const bot = await startBot({ client })
    await bot.says('zhaozuzhi', '收缴 张三 李四')
    for (const name of ['张三', '李四']) await bot.says('zhenban', `收缴 ${name}`)
    expect(await bot.chooses('zhaozuzhi', '发布')).toContain('都没有记')
    expect(await bot.says('zhaozuzhi', '收缴 李四 张三')).toContain('没有能收的')
    await bot.says('zhaozuzhi', '收缴 钱宣 孙纪俭')
    expect(await bot.chooses('zhaozuzhi', '作罢')).toContain('已作罢')
    expect(await booked(bot)).toBe(2)
  })

  it('asks of whom too much is typed to be booked alone', async () => {
    const bot = await startBot({ client })
    const preview = await bot.says('zhaozuzhi', '收缴 张三 0.5；李四 1；周祖章 50')
    expect(preview).toContain('周祖章每月 0.50 元，50.00 元请核对后单独收：收缴 周祖章')
    expect(preview).toContain('收缴党费 2 人')
  })

  it('of more people than one update can write is refused before it is typed in vain', async () => {
    const bot = await startBot({ client })
    const header = '账号,姓名,支部,身份,状态,入党日期,月缴党费'
    const rows = Array.from({ length: 41 }, (_, n) => `many${n},人多${n},水泉村党支部,正式党员,在册,2010-07-01,0.50`)
    const many = Buffer.from([header, ...rows].join('\n'))
    expect((await importRoster(bot.service.store, many, { dryRun: false, by: 'test' })).ok).toBe(true)
    const names = Array.from({ length: 41 }, (_, n) => `人多${n}`)
    expect(await bot.says('zhaozuzhi', `收缴 ${names.join(' ')}`)).toBe('一次最多收 40 人，这里有 41 人。请分几次发。')
    expect(await bot.says('zhaozuzhi', `收缴 ${names.slice(1).join(' ')}`)).toContain('收缴党费 40 人，共 20.00 元')
    expect(await bot.says('zhaozuzhi', '发布')).toContain('已收 40 人')
    expect(await faultsInBooks(bot)).toEqual([])
  })

  it('leaves out who went to another branch since the preview, whoever publishes it', async () => {
    const bot = await startBot({ client })
    expect(await bot.says('zhenban', '收缴 张三 李四')).toContain('预览 d-1')
    await enrol(bot, /(zhangsan,张三),水泉村党支部,一组/, '$1,石桥村党支部,')
    expect(await bot.says('zhenban', '发布 d-1')).toContain('张三的党费不在水泉村党支部缴')
    expect((await linesOf(bot)).map(({ personId }) => personId)).toEqual(['p-8'])
  })

  it('leaves out whose standard went down so far since the preview that the rest has to be asked about', async () => {
    const bot = await startBot({ client })
    await bot.says('zhaozuzhi', '收缴 张三 李四')
    await bot.says('zhenban', '党费 减免 李四 0.20 2026-11 2026-12 镇党委批准')
    expect(await bot.says('zhaozuzhi', '发布 d-1')).toContain('没有记：\n李四每月 1.00 元，1.00 元请核对')
    expect((await linesOf(bot)).map(({ personId }) => personId)).toEqual(['p-7'])
  })

  it('is published by nobody who does not collect, and of one branch at a time', async () => {
    const bot = await startBot({ client })
    await bot.says('zhaozuzhi', '收缴 张三 李四')
    expect(await bot.says('wangshuji', '发布 d-1')).toContain('要由组织委员赵祖志来办')
    expect(await bot.says('lifushu', '发布 d-1')).toMatch(/要由.*来/)
    expect(await bot.says('qiaoshuji', '发布 d-1')).toContain('没有这个编号')
    expect(await booked(bot)).toBe(0)
    expect(await bot.says('zhenban', '收缴 张三 乔一')).toContain('请分开收')
  })
})
