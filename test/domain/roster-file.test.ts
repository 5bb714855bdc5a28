import { describe, expect, it } from 'vitest'
import { type KnownRoster, type PlannedPerson, personOf, planRoster } from '../../src/domain/roster-file.ts'
import type { Branch } from '../../src/store/collections.ts'

const TODAY = '2026-11-24'
const EMPTY: KnownRoster = { people: [], branches: [] }
const HEADER = ['账号', '姓名', '支部', '党小组', '身份', '党内职务', '状态', '入党日期', '月缴党费']

const sheet = (...lines: string[]): string[][] => lines.map(line => line.split('|'))
const plan = (lines: string[], known = EMPTY) => planRoster({ rows: sheet(...lines), unreadable: [] }, known, TODAY)
const person = (line: string) => plan([HEADER.join('|'), line])
const wrongOf = (header: string, cell: string) =>
  plan([`账号|姓名|支部|${header}`, `zhangsan|张三|水泉|${cell}`]).wrong.map(
    ({ row, column, why }) => `${row} ${column} ${why}`,
  )
const factsOf = (header: string, cell: string): PlannedPerson['after'] | undefined =>
  plan([`账号|姓名|支部|${header}`, `zhangsan|张三|水泉|${cell}`]).added[0]?.after

/** Does what the import does, without a store. */
function carriedOut(lines: string[], before = EMPTY): KnownRoster {
  const made = plan(lines, before)
  expect(made.wrong).toEqual([])
  const added: Branch[] = made.newBranches.map((name, index) => {
    const number = before.branches.length + index + 1
    return { branchId: `b-${number}`, number, name, kind: null, leader: null, termEndsOn: null }
  })
  const branches = [...before.branches, ...added]
  const idOf = (name: string) => branches.find(branch => branch.name === name)?.branchId ?? 'none'
  const people = new Map(before.people.map(each => [each.personId, each]))
  for (const planned of [...made.added, ...made.changed]) {
    const personId = planned.before?.personId ?? `p-${people.size + 1}`
    people.set(personId, personOf(planned, personId, idOf))
  }
  return { people: [...people.values()], branches }
}

describe('the header of a roster file', () => {
  it('may have its columns in any order, padded and in full width', () => {
    const { added, wrong } = plan([' 支部 |姓 名|账号\u3000', '水泉|张三|ZhangSan'])
    expect(wrong).toEqual([])
    expect(added[0]?.after).toMatchObject({ userId: 'zhangsan', name: '张三', identity: 'full', status: 'active' })
  })

  it('reports columns it does not know and reads nothing from them', () => {
    const { added, unknownColumns } = plan(['账号|姓名|支部|身份证号|备注', 'a|张三|水泉|150000|x'])
    expect(unknownColumns).toEqual(['身份证号', '备注'])
    expect(JSON.stringify(added)).not.toContain('150000')
  })

  it('may stand below titles; rows keep the numbers of the sheet', () => {
    const { wrong, added } = plan([
      '水泉村党员花名册',
      '支部：|水泉',
      '账号|姓名|支部',
      '',
      'a|张三|水泉',
      '|李四|水泉',
    ])
    expect(added.map(({ row }) => row)).toEqual([5])
    expect(wrong.map(({ row, column }) => [row, column])).toEqual([[6, '账号']])
  })

  it('has the three required columns', () => {
    const { wrong, added } = plan(['水泉村党员花名册', '姓名|支部', '张三|水泉'])
    expect(wrong.map(({ row, column }) => [row, column])).toEqual([[2, '账号']])
    expect(plan(['水泉村党员花名册', 'a|张三|水泉']).wrong.map(({ row, column }) => [row, column])).toEqual([
      [1, '账号'],
      [1, '姓名'],
      [1, '支部'],
    ])
    expect(added).toEqual([])
  })

  it('has no column twice', () => {
    expect(plan(['账号|姓名|支部|姓名', 'a|张三|水泉|李四']).wrong).toEqual([
      { row: 1, column: '姓名', why: '这一列有两个，请删去一个' },
    ])
  })

  it('is not enough by itself', () => {
    expect(plan(['账号|姓名|支部', '||']).wrong[0]?.why).toContain('没有人')
  })
})

describe('a row', () => {
  it('becomes a person, with the standard from this month on', () => {
    const { added, newBranches } = person('zs|张三|水泉|一组|预备党员|组织委员、党小组长|在册|2024年3月|0.5')
    expect(newBranches).toEqual(['水泉'])
    expect(added[0]).toMatchObject({
      row: 2,
      before: null,
      after: {
        identity: 'probationary',
        joinedOn: '2024-03-01',
        monthlyDuesFen: 50,
        duesFrom: '2026-11',
        votingRight: null,
        excludedFromQuorum: false,
        client: null,
      },
      memberships: [{ branch: '水泉', group: '一组', posts: ['organizer', 'leader'], standingLeave: null }],
    })
  })

  it('without dues owes no zero: nothing is set', () => {
    expect(factsOf('月缴党费', '')).toMatchObject({ monthlyDuesFen: null, duesFrom: null })
    expect(factsOf('月缴党费', '—')).toMatchObject({ monthlyDuesFen: null, duesFrom: null })
    expect(factsOf('月缴党费', '0')).toMatchObject({ monthlyDuesFen: 0, duesFrom: '2026-11' })
  })

  it.each(['/', '—', '——', '无', '／', '－', ' '])('reads %j as nothing', empty => {
    const { added, wrong } = person(`zs|张三|水泉|${empty}|正式党员|${empty}|${empty}|${empty}|${empty}`)
    expect(wrong).toEqual([])
    expect(added[0]?.memberships[0]).toMatchObject({ group: null, posts: [] })
    expect(added[0]?.after).toMatchObject({ status: 'active', joinedOn: null, monthlyDuesFen: null })
  })

  it('may be short, and blank rows count as rows', () => {
    const { added, wrong } = plan(['账号|姓名|支部|身份', '', 'a|张三|水泉', '||', 'b|李四|水泉|错'])
    expect(added.map(({ row }) => row)).toEqual([3])
    expect(wrong.map(({ row, column }) => [row, column])).toEqual([[5, '身份']])
  })

  it('that is longer than the header is worth a look', () => {
    expect(plan(['账号|姓名|支部', 'a|张三|水泉|一组']).notes).toEqual([
      expect.objectContaining({ row: 2, column: '' }),
      expect.objectContaining({ row: 2, column: '身份' }),
    ])
  })

  it.each(['、', '，', ',', '/', ' ', '；', '　'])('has several posts with %j between them', sign => {
    expect(person(`zs|张三|水泉||正式党员|副书记${sign}宣传委员|||`).added[0]?.memberships[0]?.posts).toEqual([
      'deputy',
      'publicity',
    ])
  })

  it('keeps a formula as the text that it is', () => {
    expect(person('zs|张三|水泉|=HYPERLINK("x")|||||').added[0]?.memberships[0]?.group).toBe('=HYPERLINK("x")')
    expect(wrongOf('月缴党费', '=1+1')).toHaveLength(1)
  })

  it('loses the padding in a name', () => {
    expect(person('zs|张　三|水泉||||||').added[0]?.after.name).toBe('张三')
    expect(person('zs|古丽 • 买买提|水泉||||||').added[0]?.after.name).toBe('古丽 · 买买提')
  })

  it.each([
    ['是', true],
    ['√', true],
    ['否', false],
    ['', false],
    ['无', false],
  ])('reads 流动党员 %j', (cell, floating) => {
    expect(factsOf('流动党员', cell)?.floating).toBe(floating)
  })

  it.each([
    ['是', true],
    ['否', false],
    ['', null],
  ])('reads 表决权 %j', (cell, votingRight) => {
    expect(factsOf('表决权', cell)?.votingRight).toBe(votingRight)
  })

  it.each([
    ['是', true],
    ['否', false],
    ['', false],
    ['2025.06', '2025-06-01'],
  ])('reads 不计法定人数 %j', (cell, value) => {
    expect(factsOf('不计法定人数', cell)?.excludedFromQuorum).toBe(value)
  })

  it('without an identity is a full member, and says so', () => {
    expect(person('zs|张三|水泉||||||').notes).toEqual([{ row: 2, column: '身份', why: '没有填，按正式党员登记' }])
  })

  it.each([
    ['账号', '', '空着'],
    ['账号', '张三', '不是账号'],
    ['账号', '-a', '不是账号'],
    ['账号', 'a'.repeat(65), '不是账号'],
    ['账号', 'a b', '不是账号'],
    ['姓名', '', '空着'],
    ['姓名', '无', '空着'],
    ['支部', '/', '空着'],
    ['姓名', '张'.repeat(65), '最多 64 个字'],
  ])('is wrong where %s is %j', (column, cell, why) => {
    const cells: Record<string, string> = { 账号: 'zs', 姓名: '张三', 支部: '水泉', [column]: cell }
    const { wrong, added } = plan(['账号|姓名|支部', `${cells.账号}|${cells.姓名}|${cells.支部}`, 'b|李四|水泉'])
    expect(wrong).toEqual([{ row: 2, column, why: expect.stringContaining(why) }])
    expect(added).toHaveLength(1)
  })

  it.each([
    ['身份', '群众', '2 身份 没有“群众”，可填：正式党员、预备党员、发展对象、入党积极分子'],
    [
      '党内职务',
      '书记、会计',
      '2 党内职务 没有“会计”，可填：书记、副书记、组织委员、宣传委员、纪检委员、党小组长、第一书记',
    ],
    ['状态', '走了', '2 状态 没有“走了”，可填：在册、转出、停止党籍、去世'],
    ['缴费类别', '工人', '2 缴费类别 没有“工人”，可填：在职、离退休、农民、学生、困难'],
    ['流动党员', '有', '2 流动党员 “有”看不懂，请填“是”或“否”'],
    ['可免考勤', 'y', '2 可免考勤 “y”看不懂，请填“是”或“否”'],
    ['微信', '1', '2 微信 “1”看不懂，请填“是”或“否”'],
    ['表决权', '没有', '2 表决权 “没有”看不懂，请填“是”或“否”'],
    ['不计法定人数', '病', '2 不计法定人数 “病”看不懂，请填批准日期，或填“是”“否”'],
    ['不计法定人数', '2027-01', '2 不计法定人数 2027-01 还没有到，请核对'],
    ['入党日期', '2024-13', '2 入党日期 2024-13 不是日期，请写成 2024-03-01 或 2024.03'],
    ['转正日期', '2026-11-25', '2 转正日期 2026-11-25 还没有到，请核对'],
    ['入党日期', '1900-01-01', '2 入党日期 1900-01-01 早于 1921 年 7 月，请核对'],
    ['月缴党费', '-0.5', '2 月缴党费 -0.5 不是金额，请写成元，最多两位小数，如 0.50'],
    ['月缴党费', '1000.01', '2 月缴党费 1000.01 超过每月 1000.00 元，请核对'],
  ])('is wrong where %s is %s', (column, cell, why) => {
    expect(wrongOf(column, cell)).toEqual([why])
  })

  it('names everything that is wrong in it', () => {
    expect(person('张|张三|水泉||群众|会计|走了|2024-13|x').wrong.map(({ column }) => column)).toEqual([
      '账号',
      '党内职务',
      '身份',
      '状态',
      '入党日期',
      '月缴党费',
    ])
  })
})

describe('two rows of one account', () => {
  const header = '账号|姓名|支部|党小组|党内职务|入党日期|流动党员|状态'

  it('are one person with two memberships, the first his own', () => {
    const { added } = plan([header, 'Zs|张三|水泉|一组|书记|2010.06||', 'zS|张三|石门|二组|||是|'])
    expect(added).toHaveLength(1)
    expect(added[0]?.memberships).toMatchObject([
      { row: 2, branch: '水泉', group: '一组', posts: ['secretary'] },
      { row: 3, branch: '石门', group: '二组', posts: [] },
    ])
    expect(added[0]?.after).toMatchObject({ joinedOn: '2010-06-01', floating: true })
  })

  it('may not say different things about the person', () => {
    const { wrong, added } = plan([header, 'zs|张三|水泉|||2010.06|否|转出', 'zs|张山|石门|||2011.06|是|'])
    expect(wrong.map(({ row, column }) => [row, column])).toEqual([
      [3, '姓名'],
      [3, '状态'],
      [3, '入党日期'],
      [3, '流动党员'],
    ])
    expect(wrong[0]?.why).toBe('与第 2 行同一账号却不同，请改成一样')
    expect(added).toEqual([])
  })

  it('may not be of one branch', () => {
    expect(plan([header, 'zs|张三|水泉', 'ZS|张三| 水 泉']).wrong).toEqual([
      { row: 3, column: '账号', why: '与第 2 行是同一账号、同一支部，请删去一行' },
    ])
  })
})

describe('a branch', () => {
  it('has one secretary: the second in the file is wrong', () => {
    const { wrong } = plan([
      '账号|姓名|支部|党内职务',
      'a|张三|水泉|书记',
      'b|李四|水泉|书记',
      'c|王五|石门|书记',
      'd|赵六|水泉|第一书记',
    ])
    expect(wrong).toEqual([{ row: 3, column: '党内职务', why: '水泉的书记已有第 2 行，一个支部只能有一位书记' }])
  })

  it('has one secretary: one who is not in the file counts, one who left does not', () => {
    const before = carriedOut(['账号|姓名|支部|党内职务', 'a|张三|水泉|书记'])
    expect(plan(['账号|姓名|支部|党内职务', 'b|李四|水泉|书记'], before).wrong[0]?.why).toContain('张三（不在本表）')
    const both = ['账号|姓名|支部|党内职务|状态', 'a|张三|水泉|书记|转出', 'b|李四|水泉|书记|']
    expect(plan(both, before).wrong).toEqual([])
  })

  it('is the same however its name is spaced', () => {
    const before = carriedOut(['账号|姓名|支部', 'a|张三|水泉（第1）支部'])
    expect(plan(['账号|姓名|支部', 'a|张三|水泉(第１) 支部'], before)).toMatchObject({ newBranches: [], changed: [] })
  })
})

describe('a file for a roster that is there already', () => {
  const first = [
    '账号|姓名|支部|党小组|身份|党内职务|入党日期|月缴党费|流动党员|管理员',
    'a|张三|水泉|一组|正式党员|书记|2010.06|0.50|是|是',
    'b|李四|水泉|二组|预备党员||2026.01|1.00||',
  ]
  const before = carriedOut(first)

  it('changes nothing the second time', () => {
    const second = plan(first, before)
    expect(second).toMatchObject({ added: [], changed: [], missing: [], newBranches: [], wrong: [], notes: [] })
    expect(second.unchanged).toHaveLength(2)
  })

  it('leaves alone what it has no column for', () => {
    const { changed, unchanged } = plan(['账号|姓名|支部', 'A|张三|水泉', 'b|李四|水泉'], before)
    expect(changed).toEqual([])
    expect(unchanged[0]?.after).toMatchObject({ identity: 'full', monthlyDuesFen: 50, floating: true, admin: true })
    expect(unchanged[0]?.memberships).toMatchObject([{ group: '一组', posts: ['secretary'] }])
  })

  it('clears what is blank, but never the identity, nor a standard that the organizer may have set', () => {
    const blank = plan([first[0] ?? '', 'a|张三|水泉|||||||', 'b|李四|水泉|||||||'], before)
    expect(blank.changed.map(({ changes }) => changes)).toEqual([
      [
        { field: '党小组', before: '一组', after: '' },
        { field: '党内职务', before: '书记', after: '' },
        { field: '入党日期', before: '2010-06-01', after: '' },
        { field: '流动党员', before: '是', after: '否' },
        { field: '管理员', before: '是', after: '否' },
      ],
      [
        { field: '党小组', before: '二组', after: '' },
        { field: '入党日期', before: '2026-01-01', after: '' },
      ],
    ])
    expect(blank.changed[1]?.after.identity).toBe('probationary')
  })

  it('starts a standard in the month in which it changes', () => {
    const old = { ...before, people: before.people.map(each => ({ ...each, duesFrom: '2025-01' })) }
    const { changed, unchanged } = plan(['账号|姓名|支部|月缴党费', 'a|张三|水泉|0.50', 'b|李四|水泉|2'], old)
    expect(unchanged[0]?.after.duesFrom).toBe('2025-01')
    expect(changed[0]).toMatchObject({ after: { duesFrom: '2026-11' }, changes: [{ before: '1.00', after: '2.00' }] })
  })

  it('reports who is missing and lets him stay', () => {
    const { missing } = plan(['账号|姓名|支部', 'a|张三|水泉'], before)
    expect(missing.map(({ name }) => name)).toEqual(['李四'])
  })

  it('does not call missing whose row is wrong', () => {
    const { missing } = plan(['账号|姓名|支部|身份', 'a|张三|水泉|', 'b|李四|水泉|错'], before)
    expect(missing).toEqual([])
  })

  it('moves a person with his standing leave where he keeps the branch', () => {
    const leave = { reason: '外出务工', by: 'p-1', at: '2026-01-01T00:00:00.000Z' }
    const on = {
      ...before,
      people: before.people.map(each => ({
        ...each,
        memberships: each.memberships.map(m => ({ ...m, standingLeave: leave })),
      })),
    }
    const { changed, newBranches } = plan(['账号|姓名|支部', 'a|张三|石门', 'a|张三|水泉'], on)
    expect(newBranches).toEqual(['石门'])
    expect(changed[0]?.changes).toEqual([{ field: '支部', before: '水泉', after: '石门、水泉' }])
    expect(changed[0]?.memberships.map(({ standingLeave }) => standingLeave)).toEqual([null, leave])
  })

  it('asks whether a known name with a new account is the same person', () => {
    const { added, notes } = plan(['账号|姓名|支部|身份', 'a2|张三|水泉|正式党员'], before)
    expect(added).toHaveLength(1)
    expect(notes).toEqual([{ row: 2, column: '账号', why: expect.stringContaining('换了账号') }])
  })
})

describe('a leaver', () => {
  const header = '账号|姓名|支部|状态|入党日期'
  const before = carriedOut([header, 'a|张三|水泉||2010.06', 'b|李四|水泉||2011.06'])
  const left = [header, 'a|张三|水泉|转出|2010.06', 'b|李四|水泉|去世|2011.06']
  const gone = carriedOut(left, before)

  it('loses his account at once and stays in the store', () => {
    expect(gone.people).toHaveLength(2)
    expect(gone.people).toMatchObject([
      { personId: 'p-1', userId: null, status: 'transferred' },
      { personId: 'p-2', userId: null, status: 'deceased' },
    ])
  })

  it('is not made a second time, and is never missing', () => {
    expect(plan(left, gone)).toMatchObject({ added: [], changed: [], missing: [] })
    expect(plan([header, 'c|王五|水泉||'], gone).missing).toEqual([])
  })

  it('keeps his account while his membership is only suspended', () => {
    const suspended = carriedOut([header, 'a|张三|水泉|停止党籍|2010.06'], before)
    expect(suspended.people[0]).toMatchObject({ userId: 'a', status: 'suspended' })
  })

  it('who is back is himself where the day of joining is the same', () => {
    expect(plan([header, 'a|张三|水泉|在册|2010.06'], gone)).toMatchObject({
      added: [],
      changed: [{ before: { personId: 'p-1' }, after: { userId: 'a', status: 'active' } }],
    })
  })

  it('is not inherited by a namesake', () => {
    const { added, notes } = plan([header, 'z|张三|水泉||2020.06'], gone)
    expect(added).toHaveLength(1)
    expect(notes.map(({ column }) => column)).toContain('账号')
  })

  it('is told apart from another leaver of his name', () => {
    const two = [header, 'x|张伟|水泉|转出|2001.06', 'y|张伟|水泉|转出|2008.06']
    const twoGone = carriedOut(two)
    expect(twoGone.people).toHaveLength(2)
    expect(plan([two[0] ?? '', two[2] ?? '', two[1] ?? ''], twoGone)).toMatchObject({ added: [], changed: [] })
  })
})

it('plans 2,000 rows fast', () => {
  const lines = Array.from({ length: 2000 }, (_, i) => `u${i}|张${i}|支部${i % 40}|一组|正式党员||在册|2010.06|0.50`)
  const started = performance.now()
  const before = carriedOut([HEADER.join('|'), ...lines])
  expect(plan([HEADER.join('|'), ...lines], before).unchanged).toHaveLength(2000)
  // Two plans take 0.2 s here; the limit only catches work that grows with the square.
  expect(performance.now() - started).toBeLessThan(5000)
})
