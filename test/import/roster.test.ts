import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { moveClock } from '../../src/clock.ts'
import { leave, moveTo } from '../../src/domain/roster-moves.ts'
import { personThen } from '../../src/domain/stays.ts'
import { UserError } from '../../src/errors.ts'
import { importRoster } from '../../src/import/roster.ts'
import { type Audit, audits, branches, people } from '../../src/store/collections.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import type { Store } from '../../src/store/records.ts'

const HEADER = '账号,姓名,支部,党小组,身份,党内职务,状态,入党日期,月缴党费,备注'
const FIRST = [
  HEADER,
  'WangJianguo,王建国,水泉村党支部,一组,正式党员,书记,,2003.06,2.00,',
  'lixiuying,李秀英,石门村党支部,,正式党员,书记,,2010年6月,0.5,',
  'lixiuying,李秀英,水泉村党支部,二组,,,,,,',
  'zhouhong,周红,水泉村党支部,一组,预备党员,,,202601,—,',
]
const bytesOf = (lines: readonly string[]) => new TextEncoder().encode(`\ufeff${lines.join('\r\n')}\r\n`)

let folder: string
let store: Store

beforeEach(async () => {
  moveClock(new Date('2026-11-24T09:00:00+08:00'))
  folder = await mkdtemp(join(tmpdir(), 'zhibu-import-'))
  store = await openLowdbStore({ folder, corpId: 'ww-test' })
})

afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const bring = (lines: readonly string[], dryRun = false) =>
  importRoster(store, bytesOf(lines), { dryRun, by: 'control' })
const everything = () =>
  store.read(async tx => ({
    people: await tx.all(people),
    branches: await tx.all(branches),
    audits: await tx.all(audits),
  }))
const auditsOf = async (what: string): Promise<Audit[]> =>
  (await everything()).audits.filter(each => each.what === what)

describe('a roster that is imported', () => {
  it('makes branches and people in the order of the file', async () => {
    const report = await bring(FIRST)
    expect(report).toMatchObject({ ok: true, counts: { added: 3, changed: 0, unchanged: 0, missing: 0, wrong: 0 } })
    const { people, branches } = await everything()
    expect(branches).toMatchObject([
      { branchId: 'b-1', number: 1, name: '水泉村党支部' },
      { branchId: 'b-2', number: 2, name: '石门村党支部' },
    ])
    expect(people).toMatchObject([
      { personId: 'p-1', userId: 'wangjianguo', monthlyDuesFen: 200, duesFrom: '2026-11' },
      {
        personId: 'p-2',
        memberships: [
          { branchId: 'b-2', posts: ['secretary'] },
          { branchId: 'b-1', group: '二组' },
        ],
      },
      { personId: 'p-3', identity: 'probationary', joinedOn: '2026-01-01', monthlyDuesFen: null, duesFrom: null },
    ])
  })

  it('is in the store in the shape that the collections declare', async () => {
    await bring(FIRST)
    const stored = await everything()
    for (const person of stored.people) expect(people.schema.parse(person)).toEqual(person)
    for (const branch of stored.branches) expect(branches.schema.parse(branch)).toEqual(branch)
  })

  it('changes nothing the second time, months later either', async () => {
    await bring(FIRST)
    const before = await everything()
    moveClock(new Date('2027-03-01T09:00:00+08:00'))
    const report = await bring(FIRST)
    expect(report).toMatchObject({ ok: true, counts: { added: 0, changed: 0, unchanged: 3 } })
    const after = await everything()
    expect(after.people).toEqual(before.people)
    expect(after.branches).toEqual(before.branches)
  })

  it('is audited: each person, with what was before and after, and the import itself', async () => {
    await bring(FIRST)
    expect(await auditsOf('add-person')).toHaveLength(3)
    await bring([HEADER, 'wangjianguo,王建国,水泉村党支部,一组,正式党员,书记,,2003.06,3.00,'])
    expect(await auditsOf('change-person')).toMatchObject([
      { by: 'control', branchId: 'b-1', about: 'p-1', before: { monthlyDuesFen: 200 }, after: { monthlyDuesFen: 300 } },
    ])
    expect((await auditsOf('import-roster')).map(each => each.after)).toMatchObject([
      { added: 3, changed: 0 },
      { added: 0, changed: 1, unchanged: 0 },
    ])
  })

  it('unlinks a leaver at once, and knows him again', async () => {
    await bring(FIRST)
    const left = [...FIRST.slice(0, 4), 'zhouhong,周红,水泉村党支部,一组,预备党员,,转出,202601,—,']
    expect(await bring(left)).toMatchObject({ counts: { changed: 1 } })
    const byAccount = await store.read(tx => tx.getBy(people, 'userId', 'zhouhong'))
    expect(byAccount).toBeUndefined()
    expect(await store.read(tx => tx.get(people, 'p-3'))).toMatchObject({ userId: null, status: 'transferred' })
    expect(JSON.stringify(await auditsOf('change-person'))).not.toContain('zhouhong')
    expect(await bring(left)).toMatchObject({ counts: { added: 0, changed: 0, unchanged: 3, missing: 0 } })
  })

  it('keeps who is not in the file, and says so', async () => {
    await bring(FIRST)
    const report = await bring(FIRST.slice(0, 4))
    expect(report.missing).toEqual(['周红'])
    expect(report.text.join('\n')).toContain('表里没有的 1 人（没有动）：周红')
    expect(await store.read(tx => tx.get(people, 'p-3'))).toMatchObject({ status: 'active', userId: 'zhouhong' })
  })

  it('points at a full member whom the file would make a probationary one again', async () => {
    await bring(FIRST)
    const old = [HEADER, 'lixiuying,李秀英,石门村党支部,,预备党员,书记,,2010年6月,0.5,']
    expect((await bring(old, true)).notes).toContainEqual(
      expect.objectContaining({ row: 2, column: '身份', why: expect.stringContaining('是不是旧表') }),
    )
    expect((await bring(FIRST, true)).notes.filter(({ column }) => column === '身份')).toEqual([])
  })

  it('moves and sends on as 转出 does: the months before stay the old branch’s, in the audit of both', async () => {
    await bring(FIRST)
    moveClock(new Date('2026-12-03T09:00:00+08:00'))
    await bring([
      HEADER,
      'wangjianguo,王建国,石门村党支部,,正式党员,,,2003.06,2.00,',
      'zhouhong,周红,水泉村党支部,一组,预备党员,宣传委员,转出,202601,—,',
    ])
    const [first, , last] = (await everything()).people
    const gone = { until: '2026-12-03', memberships: [{ branchId: 'b-1' }] }
    expect(first).toMatchObject({ relationFrom: '2026-12', formerly: [{ ...gone, to: '石门村党支部' }] })
    expect(last).toMatchObject({ memberships: [{ posts: [] }], formerly: [gone] })
    const moved = (await auditsOf('change-person')).filter(({ about }) => about === 'p-1')
    expect(moved.map(({ branchId }) => branchId).sort()).toEqual(['b-1', 'b-2'])
    if (!first) throw new Error('p-1 is missing')
    expect(personThen(first, 'b-1', '2026-11')?.personId).toBe('p-1')
    expect(personThen(first, 'b-1', '2026-12')).toBeNull()
  })

  it('points at a new branch whose name is one character from another’s', async () => {
    await bring(FIRST)
    const { notes, newBranches } = await bring([...FIRST, 'lisi,李四,水全村党支部,,正式党员,,,2003.06,2.00,'], true)
    expect(newBranches).toEqual(['水全村党支部'])
    expect(notes).toContainEqual(
      expect.objectContaining({ row: 6, column: '支部', why: expect.stringContaining('“水泉村党支部”只差一个字') }),
    )
  })

  it('points at the odd one of the first file too, and never at numbers', async () => {
    const row = (userId: string, branch: string) => `${userId},某某,${branch},,正式党员,,,2003.06,2.00,`
    const names = ['水泉村党支部', '石泉村党支部', '第一党支部', '第二党支部']
    const { notes } = await bring([HEADER, ...names.map((name, at) => row(`u${at}`, name))], true)
    expect(notes.filter(({ why }) => why.includes('只差一个字'))).toEqual([
      expect.objectContaining({ row: 3, why: expect.stringContaining('它和“水泉村党支部”只差一个字') }),
    ])
  })

  it('what the meeting approved for the quorum stays in its branch, and holds again where a better file follows', async () => {
    await bring(FIRST)
    await store.update('township', async tx => {
      const first = await tx.get(people, 'p-1')
      if (first) await tx.put(people, { ...first, excludedFromQuorum: '2026-03-05' })
    })
    const before = await store.read(tx => tx.get(people, 'p-1'))
    const [own = ''] = FIRST.filter(line => line.startsWith('WangJianguo'))
    await bring([HEADER, own.replace('水泉村党支部', '石门村党支部').replace(',书记,', ',,')])
    const moved = await store.read(tx => tx.get(people, 'p-1'))
    expect(moved).toMatchObject({
      memberships: [{ branchId: 'b-2' }],
      excludedFromQuorum: false,
      relationFrom: '2026-11',
    })
    await bring([HEADER, own])
    expect(await store.read(tx => tx.get(people, 'p-1'))).toEqual(before)
  })

  it('points at who has left, or gone to another branch, and whom the file would bring back', async () => {
    await bring(FIRST)
    const leaving = { day: '2026-11-20', to: '石门村党支部', at: '2026-11-20T02:00:00.000Z' }
    await store.update('township', async tx => {
      const [first, , last] = await tx.all(people)
      if (first) await tx.put(people, moveTo(first, 'b-2', leaving))
      if (last) await tx.put(people, leave(last, { ...leaving, to: '县城' }))
    })
    const { notes } = await bring(FIRST, true)
    expect(notes).toContainEqual(
      expect.objectContaining({ row: 2, column: '支部', why: expect.stringContaining('已转到石门村党支部') }),
    )
    expect(notes).toContainEqual(
      expect.objectContaining({ row: 5, column: '状态', why: expect.stringContaining('已转出') }),
    )
    expect(notes.filter(({ why }) => why.includes('旧表'))).toHaveLength(2)
  })

  it('survives a restart', async () => {
    await bring(FIRST)
    const before = await everything()
    await store.close()
    store = await openLowdbStore({ folder, corpId: 'ww-test' })
    expect(await everything()).toEqual(before)
  })
})

describe('a roster with a wrong row', () => {
  const wrong = [...FIRST, 'x,赵六,水泉村党支部,,党员,书记,,2024-13,0.555,', ',钱七,水泉村党支部,,,,,,,']

  it('changes nothing and names every row, column and reason', async () => {
    const report = await bring(wrong)
    expect(report).toMatchObject({ ok: false, dryRun: false, counts: { wrong: 4 } })
    expect(report.wrong.map(({ row, column }) => `${row}${column}`)).toEqual([
      '6身份',
      '6入党日期',
      '6月缴党费',
      '7账号',
    ])
    expect(report.text[0]).toBe('有 4 处不对，什么也没有导入。请改好下面这些，再导入一次。')
    expect(report.text).toContain('第 6 行“入党日期”：2024-13 不是日期，请写成 2024-03-01 或 2024.03')
    expect(await everything()).toEqual({ people: [], branches: [], audits: [] })
  })

  it('does not use up an id', async () => {
    await bring(wrong)
    await bring(FIRST)
    expect((await everything()).people[0]?.personId).toBe('p-1')
  })
})

describe('a dry run', () => {
  it('says what the import then does, and writes nothing', async () => {
    const dry = await bring(FIRST, true)
    expect(dry.text[0]).toBe('试算完成，还没有导入。')
    expect(await everything()).toEqual({ people: [], branches: [], audits: [] })
    const real = await bring(FIRST)
    expect({ ...dry, dryRun: false, text: dry.text.slice(1) }).toEqual({ ...real, text: real.text.slice(1) })
    expect(real.text[0]).toBe('已导入。')
  })

  it('says the same of changes and of wrong rows', async () => {
    await bring(FIRST)
    for (const lines of [
      [HEADER, 'zhouhong,周红,石门村党支部,,正式党员,,,,,'],
      [HEADER, 'zhouhong,周红,,,,,,,,'],
    ]) {
      const dry = await bring(lines, true)
      const real = await bring(lines)
      expect({ ...dry, dryRun: false, text: [] }).toEqual({ ...real, text: [] })
    }
  })
})

it('reports are JSON and say in words what happened', async () => {
  await bring(FIRST)
  const report = await bring([HEADER, 'zhouhong,周红,沙沟村党支部,,正式党员,,,,0.20,x'])
  expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  expect(report.text).toEqual([
    '已导入。',
    '新增 0 人，改动 1 人，不变 0 人',
    '新支部：沙沟村党支部',
    '第 2 行 周红 支部：水泉村党支部 → 沙沟村党支部',
    '第 2 行 周红 身份：预备党员 → 正式党员',
    '第 2 行 周红 入党日期：2026-01-01 → 空',
    '第 2 行 周红 月缴党费：空 → 0.20',
    '名册里有、表里没有的 2 人（没有动）：王建国、李秀英',
    '不认识的列（没有读）：备注',
  ])
})

it('a file that is no sheet is refused, in a dry run too', async () => {
  const xlsx = Uint8Array.of(0x50, 0x4b, 3, 4)
  await expect(importRoster(store, xlsx, { dryRun: true, by: 'control' })).rejects.toThrow(UserError)
})

it('GBK and BOM files of the same sheet are the same roster', async () => {
  // 账号,姓名,支部⏎a,张三,水泉 in GBK.
  const gbk = Buffer.from('d5cbbac52cd0d5c3fb2cd6a7b2bf0a612cd5c5c8fd2ccbaec8aa0a', 'hex')
  await importRoster(store, gbk, { dryRun: false, by: 'control' })
  expect(await bring(['账号,姓名,支部', 'a,张三,水泉'])).toMatchObject({ ok: true, counts: { added: 0, unchanged: 1 } })
})

it('two imports at once are one after the other', async () => {
  const reports = await Promise.all([bring(FIRST), bring(FIRST)])
  expect(reports.map(report => report.counts.added).toSorted()).toEqual([0, 3])
})

it('2,000 people are imported within the time that an import has', async () => {
  const rows = Array.from({ length: 2000 }, (_, i) => `u${i},张${i},第${i % 40}支部,一组,正式党员,,,2010.06,0.50,`)
  expect(await bring([HEADER, ...rows])).toMatchObject({ counts: { added: 2000 } })
  expect(await bring([HEADER, ...rows])).toMatchObject({ counts: { unchanged: 2000 } })
})

it('the sample roster that ships is right', async () => {
  const sample = await readFile(new URL('../../data/sample-roster.csv', import.meta.url))
  expect(await importRoster(store, sample, { dryRun: true, by: 'sample' })).toMatchObject({
    ok: true,
    wrong: [],
    notes: [],
    unknownColumns: [],
  })
})
