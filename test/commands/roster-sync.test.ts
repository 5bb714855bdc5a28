import { expect, it } from 'vitest'
import type { DirectoryPerson } from '../../src/simulator/simulator.ts'
import { audits, branches, people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

const somebody = (userId: string, name: string, ...names: string[]): DirectoryPerson => ({
  ...{ userId, name, identity: '', status: '在职', wechat: false, noPhone: false, admin: false },
  memberships: names.map(branch => ({ branch, group: null, posts: [] })),
})
const roster = (bot: TestBot) => bot.service.store.read(tx => tx.all(people))
const byName = async (bot: TestBot, name: string) => (await roster(bot)).filter(person => person.name === name)

inBothRenderings('WeCom’s directory beside the roster', client => {
  const start = () => startBot({ client, env: { ADMIN_USERIDS: 'office1' } })

  it('that agrees with it changes nothing and says so; who left the branch is not put back', async () => {
    const bot = await start()
    const before = await roster(bot)
    const told = await bot.says('zhenban', '名册 同步')
    expect(told).toContain('没有能直接登记的人，名册没有动')
    expect(told).toContain('没有登记 1 个账号，名册上有同名的人已转出或去世：李开（likai）')
    expect(told).not.toContain('没看到')
    expect(await roster(bot)).toEqual(before)
  })

  it('shows who is new before anything changes, and puts them on the roster as what they are said to be', async () => {
    const bot = await start()
    bot.simulator.addPerson(somebody('NewOne', '新来', '水泉村党支部'))
    bot.simulator.addPerson(somebody('newtwo', '又来', '沙沟村党支部'))
    const before = await roster(bot)
    const told = await bot.says('zhenban', '名册 同步')
    expect(told).toContain(
      '可以登记进名册 2 人：\n新建支部：沙沟村党支部\n水泉村党支部 1 人：新来\n沙沟村党支部 1 人：又来',
    )
    expect(told).toContain('他们是什么身份，企业微信里没有')
    expect(await bot.says('zhenban', '发布 d-1')).toContain('还没有登记：要写明身份。这样发：发布 d-1 预备党员')
    expect(await bot.says('zhenban', '发布 d-1 预备党员 正式党员')).toContain('还没有登记')
    expect(await roster(bot)).toEqual(before)
    const registered = await bot.says('zhenban', '发布 d-1 预备党员')
    expect(registered).toContain('已登记 2 人，都是预备党员')
    expect(await byName(bot, '新来')).toMatchObject([
      { userId: 'newone', identity: 'probationary', memberships: [{ branchId: 'b-1', group: null, posts: [] }] },
    ])
    expect(await byName(bot, '又来')).toMatchObject([{ memberships: [{ branchId: 'b-3' }] }])
    expect((await bot.service.store.read(tx => tx.all(branches))).map(({ name }) => name)).toContain('沙沟村党支部')
    const written = (await bot.service.store.read(tx => tx.all(audits))).filter(({ why }) => why === '企业微信同步')
    expect(written).toMatchObject([{ what: 'add-person' }, { what: 'add-person', branchId: 'b-3' }])
    expect(JSON.stringify(written)).not.toContain('newone')
    const made = (await bot.service.store.read(tx => tx.all(audits))).filter(
      ({ what, by }) => what === 'add-branch' && by !== 'sample',
    )
    expect(made).toMatchObject([{ branchId: 'b-3', after: { name: '沙沟村党支部' } }])
    expect(await bot.says('newone', '我的')).toContain('新来')
    expect(await bot.says('zhenban', '名册 同步')).toContain('没有能直接登记的人')
  })

  it('takes twenty at once, each of them named, and says how many are left', async () => {
    const bot = await start()
    for (let n = 0; n < 27; n += 1) bot.simulator.addPerson(somebody(`n${n}`, `新${n}`, `第${n % 3}党支部`))
    const told = await bot.says('zhenban', '名册 同步')
    expect(told).toContain(
      '可以登记进名册 20 人：\n新建支部：第0党支部、第1党支部、第2党支部\n第0党支部 7 人：新0、新3、',
    )
    expect(told).toContain('还有 7 人，登记以后再发一次')
    expect(told).toContain('已转出或去世')
    expect(await bot.chooses('zhenban', '积极分子')).toContain('已登记 20 人，都是积极分子')
    expect((await byName(bot, '新0'))[0]?.identity).toBe('activist')
    expect(await bot.says('zhenban', '名册 同步')).toContain('可以登记进名册 7 人：\n第2党支部 3 人：新20、新23、新26')
  })

  it('lists for people to decide whom it cannot place: no name, no branch, two branches, a namesake, a twin', async () => {
    const bot = await start()
    for (const one of [
      somebody('clerk', '办事员'),
      somebody('north', '北人', '北沟党支部', '石桥村党支部'),
      somebody('both', '两头跑', '水泉村党支部', '石桥村党支部'),
      somebody('zhangsan2', '张三', '石桥村党支部'),
      somebody('twin1', '双生', '石桥村党支部'),
      somebody('twin2', '双生', '石桥村党支部'),
    ])
      bot.simulator.addPerson(one)
    const told = await bot.says('zhenban', '名册 同步')
    expect(told).toContain('没有登记 1 个账号，不在哪个支部的部门里：办事员（clerk）')
    expect(told).toContain('不知道哪个是本支部：两头跑（both）')
    expect(told).toContain('名册上有同名的人，可能是换了账号：张三（zhangsan2）')
    expect(told).toContain('本支部有两个同名的新账号：双生（twin1）、双生（twin2）')
    expect(told).toContain('没有能直接登记的人')
    bot.simulator.faults.hideNames = true
    const nameless = await bot.says('zhenban', '名册 同步')
    expect(nameless).toContain('看不到姓名：')
    expect(nameless).toContain('clerk')
    expect(nameless).not.toContain('办事员')
    expect(nameless).toContain('像支部的部门，名册里没有（没有建）：北沟党支部')
  })

  it('reports who is not seen, and takes nobody off the roster', async () => {
    const bot = await start()
    bot.simulator.deletePerson('zhangsan')
    const before = await roster(bot)
    expect(await bot.says('zhenban', '名册 同步')).toContain(
      '名册上有、企业微信里没看到 1 人（没有动）：张三（水泉村党支部）',
    )
    expect(await roster(bot)).toEqual(before)
  })

  it('says what WeCom refuses, and goes on with the rest', async () => {
    const bot = await start()
    bot.simulator.addPerson(somebody('newone', '新来', '水泉村党支部'))
    bot.simulator.faults.hiddenDepartments.add('石桥村党支部')
    const narrow = await bot.says('zhenban', '名册 同步')
    expect(narrow).toContain('水泉村党支部 1 人：新来')
    expect(narrow).toMatch(/名册上有、企业微信里没看到 \d+ 人（没有动）：.*（石桥村党支部）/)
    bot.simulator.faults.hiddenDepartments.clear()
    for (const [api, code, what] of [
      ['user/simplelist', 60011, '部门里的人（3 处）看不到：应用没有权限看这个成员或部门'],
      ['user/simplelist', 48002, '部门里的人看不到：应用没有权限调用这个接口'],
      ['department/get', 40066, '部门的名称（3 处）看不到：部门或标签不存在，或不可见'],
      ['department/simplelist', 48002, '部门看不到：应用没有权限'],
    ] as const) {
      bot.simulator.faults.refused.set(api, code)
      const told = await bot.says('zhenban', '名册 同步')
      expect(told, `${api} ${code}`).toContain(what)
      expect(told).toContain('企业微信里看到')
      expect(told).not.toContain('可以登记')
      bot.simulator.faults.refused.clear()
    }
    bot.simulator.faults.refused.set('agent/get', 48002)
    const told = await bot.says('zhenban', '名册 同步')
    expect(told).toContain('应用的可见范围看不到')
    expect(told).toContain('水泉村党支部 1 人：新来')
  })

  it('that WeCom keeps shut is told with the address to allow, after one call', async () => {
    const bot = await start()
    for (const api of ['agent/get', 'department/simplelist', 'user/simplelist'])
      bot.simulator.faults.refused.set(api, 60020)
    const before = bot.simulator.calls.length
    const told = await bot.says('zhenban', '名册 同步')
    expect(told).toContain('企业微信没有给出一个账号，名册没有动')
    expect(told).toContain('服务器 IP 是 127.0.0.1')
    const asked = bot.simulator.calls.slice(before).filter(({ errcode }) => errcode === 60020)
    expect(asked).toHaveLength(1)
  })

  it('leaves out who was put on the roster between the preview and 发布', async () => {
    const bot = await start()
    bot.simulator.addPerson(somebody('newone', '新来', '水泉村党支部'))
    bot.simulator.addPerson(somebody('newtwo', '又来', '石桥村党支部'))
    await bot.says('zhenban', '名册 同步')
    await bot.says('office1', '名册 同步')
    expect(await bot.says('office1', '发布 d-2 正式党员')).toContain('已登记 2 人')
    expect(await bot.says('zhenban', '发布 d-1 正式党员')).toContain('已登记 0 人，另 2 人名册上已有')
    expect(await byName(bot, '新来')).toHaveLength(1)
  })

  it('sees who is in the range by a tag, or alone, and asks WeCom for his name', async () => {
    const bot = await start()
    bot.simulator.faults.hiddenDepartments.add('石桥村党支部')
    bot.simulator.addPerson(somebody('newone', '新来', '水泉村党支部'))
    bot.simulator.addTag(7, '党员', ['newone'])
    bot.simulator.faults.refused.set('user/simplelist', 48002)
    const told = await bot.says('zhenban', '名册 同步')
    expect(told).toContain('不在哪个支部的部门里')
    expect(told).toContain('新来（newone）')
  })
})

it('how a roster comes in is told to the township, with what the file needs', async () => {
  const bot = await startBot()
  const told = await bot.says('zhenban', '名册 导入')
  expect(told).toContain('npm run roster -- import 名册.xlsx --dry-run')
  expect(told).toContain('账号、姓名、支部')
  expect(await bot.says('wangshuji', '名册 导入')).toContain('镇党建办')
})
