import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NO_EXPLANATION, NO_SOURCE, shippedBanks } from '../../src/domain/question-bank.ts'
import { type BankImportOptions, importBank } from '../../src/import/bank.ts'
import { audits, banks, questions } from '../../src/store/collections.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import type { Store } from '../../src/store/records.ts'
import { fillShippedBanks } from '../../src/study/shipped.ts'
import { bytesOf, HEADER, sheet } from './bank-stage.ts'

const GOOD = [
  '单选,村部在哪里？,东头,西头,,,B,在西头。,《村规》第三条（2024年）,易,村情',
  '多选,村里种什么？,玉米,水稻,山药,,ＡＣ,,,,',
  '判断,村里有水库。,,,,,√,有一座。,《村志》,,',
  '填空,村里有＿＿户。,,,,,120|一百二十,,,高,',
]

let folder: string
let store: Store

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhibu-bank-'))
  store = await openLowdbStore({ folder, corpId: 'ww-test' })
  await fillShippedBanks(store)
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const bring = (bytes: Uint8Array, more: Partial<BankImportOptions> = {}) =>
  importBank(store, bytes, { dryRun: false, skipBad: false, name: '村情', by: 'control', ...more })
const kept = () =>
  store.read(async tx => ({
    banks: await tx.all(banks),
    questions: (await tx.all(questions)).filter(({ bankId }) => bankId.startsWith('k-')),
    audits: (await tx.all(audits)).filter(({ by }) => by !== 'shipped'),
  }))

describe('a bank that is imported', () => {
  it('is kept in the shape that the collections declare, with an entry in the audit log', async () => {
    const report = await bring(sheet(...GOOD))
    expect(report).toMatchObject({ ok: true, counts: { added: 4, duplicates: 0, wrong: 0 } })
    const { banks: all, questions: found, audits: said } = await kept()
    expect(all.at(-1)).toMatchObject({ bankId: 'k-1', name: '村情', shipped: false, by: 'control' })
    expect(found.map(({ number, kind, answer }) => [number, kind, answer])).toEqual([
      [1, '单选', 'B'],
      [2, '多选', 'AC'],
      [3, '判断', '对'],
      [4, '填空', ['120', '一百二十']],
    ])
    expect(found[0]).toMatchObject({
      source: { law: '《村规》', article: '第三条', edition: '2024年' },
      difficulty: '易',
      category: '村情',
      explanation: '在西头。',
    })
    expect(found[1]).toMatchObject({ explanation: NO_EXPLANATION, source: { law: NO_SOURCE }, difficulty: '中' })
    expect(found[3]).toMatchObject({ difficulty: '难', category: '未分类' })
    for (const one of found) expect(questions.schema.parse(one)).toEqual(one)
    expect(said).toMatchObject([{ what: 'import-bank', about: 'k-1', after: { name: '村情', form: '表格', added: 4 } }])
  })

  it('tells in words what it did and what is missing', async () => {
    const { text } = await bring(sheet(...GOOD))
    expect(text).toEqual([
      '已导入题库“村情”（新建）：4 道题。',
      '读作表格。新题：单选 1，多选 1，判断 1，填空 1',
      '请看一下：2 道没有解析（第 3 行、第 5 行），照样导入，答题后看不到为什么。',
      '请看一下：2 道没有出处（第 3 行、第 5 行），照样导入，说不清依据哪一条。',
      '请看一下：导入的题没有人替您核对过，发布前请对照原文看一遍答案。',
    ])
  })

  it('changes nothing the second time, and says so', async () => {
    await bring(sheet(...GOOD))
    const before = await kept()
    const again = await bring(sheet(...GOOD))
    expect(again).toMatchObject({ ok: true, counts: { added: 0, duplicates: 4 } })
    expect(again.text.slice(0, 2)).toEqual([
      '没有新题，什么也没有改：4 道都已经有了。',
      '第 2 行：与题库村情第 1 题重复，没有导入',
    ])
    expect(await kept()).toEqual(before)
  })

  it('adds to the bank of its name, and numbers go on', async () => {
    await bring(sheet(...GOOD))
    await bring(sheet('判断,村里有煤矿。,,,,,错,,,,'))
    const { banks: all, questions: found } = await kept()
    expect(all.filter(({ shipped }) => !shipped)).toHaveLength(1)
    expect(found.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
  })

  it('that ships is known again, and gets no questions from elsewhere', async () => {
    const json = bytesOf(JSON.stringify(shippedBanks[0]))
    expect(await bring(json, { name: undefined })).toMatchObject({ ok: true, counts: { added: 0 } })
    await expect(bring(sheet(...GOOD), { name: '党章' })).rejects.toThrow('“党章”是自带的题库')
  })

  it('has the name that is said, else the file’s title, else the file’s name', async () => {
    const titled = bytesOf('村情题库\n1、甲？\n答案：对')
    expect((await bring(titled, { name: '我的', dryRun: true })).bank.name).toBe('我的')
    expect((await bring(titled, { name: undefined, fileName: 'a/b.txt', dryRun: true })).bank.name).toBe('村情题库')
    expect((await bring(sheet(GOOD[0] ?? ''), { name: undefined, fileName: 'C:\\题\\村情 2026.xlsx' })).bank.name).toBe(
      '村情 2026',
    )
    await expect(bring(sheet(GOOD[0] ?? ''), { name: undefined })).rejects.toThrow('没有题库名称')
    await expect(bring(titled, { name: '长'.repeat(31) })).rejects.toThrow('超过 30 字')
  })

  it('names what is asked twice, in the file and in another bank, whatever its spaces and marks', async () => {
    const [shipped] = shippedBanks[0]?.questions ?? []
    const stem = ` ${shipped?.stem.replace(/[？。]$/, ' ？')}`
    const report = await bring(
      sheet('判断,村里有水库。,,,,,对,,,,', '判断,村里　有水库,,,,,错,,,,', `判断,"${stem}",,,,,对,,,,`),
    )
    expect(report).toMatchObject({ ok: true, counts: { added: 1, duplicates: 2 } })
    expect(report.duplicates).toMatchObject([
      { where: '第 3 行', of: '本文件第 2 行', otherAnswer: true },
      { where: '第 4 行', of: '题库党章第 1 题', questionId: 't-1', otherAnswer: true },
    ])
    expect(report.text).toContain(
      '第 4 行：与题库党章第 1 题重复，没有导入；两处的答案不一样。要改库里的，请发：题目 改 t-1 答案 原因',
    )
  })

  it('whose key is mostly one letter is looked at twice', async () => {
    const rows = Array.from({ length: 24 }, (_, at) => `单选,第${at}问？,是,否,,,${at < 20 ? 'A' : 'B'},略,略,,`)
    expect((await bring(sheet(...rows))).notes).toContain(
      '请看一下：24 道单选里，答案是 A 的有 20 道，请核对是不是填错了。',
    )
  })

  it('of 5,000 questions is taken in the time that an import has', async () => {
    const rows = Array.from({ length: 5000 }, (_, at) => `单选,第${at}问？,是,否,,,B,略,略,,`)
    expect(await bring(sheet(...rows))).toMatchObject({ counts: { added: 5000 } })
    await expect(bring(sheet(...rows, GOOD[0] ?? ''))).rejects.toThrow('一次最多 5000 道')
  }, 30_000)
})

describe('a wrong row', () => {
  const WRONG: readonly (readonly [row: string, column: string, why: string])[] = [
    ['单选,没有答案的？,是,否,,,,,,,', '答案', '没有答案。请填选项的字母，如 B'],
    ['单选,没有这个选项？,是,否,,,D,,,,', '答案', '答案里的 D 不在选项里，选项只有 A 到 B。请核对答案，或补上选项'],
    ['单选,两个答案？,是,否,都是,,AC,,,,', '答案', '单选只能有一个答案，这里是 AC。请只留一个，或把题型改成多选'],
    ['多选,一个答案？,是,否,都是,,A,,,,', '答案', '多选要有两个以上答案，这里只有 A。请补全，或把题型改成单选'],
    [`判断,${'长'.repeat(3000)},,,,,对,,,,`, '题目', '题目连同选项超过 500 字（有 3000 字），请写短些'],
    ['单选,,是,否,,,A,,,,', '题目', '没有题目文字（图片里的字读不到）。请把题目写成文字'],
    ['单选,[图片],是,否,,,A,,,,', '题目', '没有题目文字（图片里的字读不到）。请把题目写成文字'],
    ['单选,<img src=a.png>,是,否,,,A,,,,', '题目', '没有题目文字（图片里的字读不到）。请把题目写成文字'],
    ['判断,看不懂的？,,,,,也许,,,,', '答案', '答案“也许”看不懂。判断题请填 对 或 错'],
    ['判断,有选项的？,东,西,,,对,,,,', '答案', '判断题没有选项。请去掉选项，或把题型改成单选'],
    ['简答,怎么看？,,,,,好,,,,', '题型', '没有“简答”这种题型。可填：单选、多选、判断、填空'],
    ['单选,空了一个？,是,,否,,A,,,,', '选项', '选项 B 是空的，后面还有选项。请补上或往前移'],
    ['单选,两个一样？,是,是,,,A,,,,', '选项', '有两个选项一样'],
    ['单选,只有一个？,是,,,,A,,,,', '选项', '选项不到 2 个'],
    ['填空,填什么？,,,,,|,,,,', '答案', '没有答案。请填写，几种写法都算对时用 | 隔开'],
    ['判断,太难了？,,,,,对,,,特难,', '难度', '难度是 易 中 难 之一'],
    [`判断,解析太长？,,,,,对,${'长'.repeat(401)},,,`, '解析', '有 401 字，最多 400 字。请写短些'],
  ]

  it.each(WRONG)('%# is named with its row, its column, why and what to do', async (row, column, why) => {
    const report = await bring(sheet(GOOD[0] ?? '', ',,,,,,,,,,', row))
    expect(report).toMatchObject({ ok: false, counts: { added: 0, wrong: 1 } })
    expect(report.wrong).toEqual([{ row: 4, where: '第 4 行', column, why }])
    expect((await kept()).questions).toEqual([])
  })

  it('keeps everything out, in a dry run too, unless the bad ones are left out', async () => {
    const file = sheet(...GOOD, ...WRONG.map(([row]) => row))
    const dry = await bring(file, { dryRun: true })
    expect(dry.text[0]).toBe('有 17 道题不对，什么也没有导入。请改好下面这些，再导入一次；只导入对的，加 --skip-bad。')
    expect(await kept()).toMatchObject({ questions: [], audits: [] })
    const report = await bring(file, { skipBad: true })
    expect(report).toMatchObject({ ok: true, counts: { added: 4, wrong: 17 } })
    expect(report.text[0]).toBe('已导入题库“村情”（新建）：4 道题，跳过不对的 17 道。')
    expect((await kept()).questions).toHaveLength(4)
  })

  it('alone leaves nothing to import', async () => {
    const report = await bring(sheet(WRONG[0]?.[0] ?? ''), { skipBad: true })
    expect(report).toMatchObject({
      ok: false,
      text: [expect.stringContaining('没有一道题可以导入'), expect.anything()],
    })
    expect((await kept()).banks).toHaveLength(6)
  })
})

it('an emoji is one character, and is kept', async () => {
  const stem = `👨‍👩‍👧‍👦🎉${'党'.repeat(450)}？`
  expect(await bring(sheet(`判断,${stem},,,,,对,,,,`))).toMatchObject({ ok: true })
  expect((await kept()).questions[0]?.stem).toBe(stem)
  const report = await bring(sheet(`判断,${'👨‍👩‍👧‍👦'.repeat(499)},,,,,对,,,,`))
  expect(report.wrong[0]?.why).toContain('表情太多')
})

it('a judgement that was typed as a choice is a judgement', async () => {
  const rows = ['判断,甲？,正确,错误,,,B,,,,', ',乙？,对,错,,,A,,,,', ',丙？,,,,,FALSE,,,,', '单选,丁？,东,西,,,西,,,,']
  expect(await bring(sheet(...rows))).toMatchObject({ ok: true })
  expect((await kept()).questions.map(({ kind, options, answer }) => [kind, options.length, answer])).toEqual([
    ['判断', 0, '错'],
    ['判断', 0, '对'],
    ['判断', 0, '错'],
    ['单选', 2, 'B'],
  ])
})

it('a dry run says what the import then does, and writes nothing', async () => {
  const dry = await bring(sheet(...GOOD), { dryRun: true })
  expect(dry.text[0]).toBe('试算完成，还没有导入。会往题库“村情”（新建）加 4 道题。')
  expect(await kept()).toMatchObject({ questions: [], audits: [] })
  const real = await bring(sheet(...GOOD))
  expect({ ...dry, dryRun: false, text: dry.text.slice(1) }).toEqual({ ...real, text: real.text.slice(1) })
  expect(JSON.parse(JSON.stringify(real))).toEqual(real)
})

it('days of validity are read, and wrong ones named', async () => {
  const head = `${HEADER},生效日期,失效日期`
  const file = (row: string) => bytesOf(`${head}\n${row}\n`)
  expect(await bring(file('判断,甲？,,,,,对,,,,,2024.01.01,长期'))).toMatchObject({ ok: true })
  expect((await kept()).questions).toMatchObject([{ validFrom: '2024-01-01', validTo: null }])
  expect((await bring(file('判断,乙？,,,,,对,,,,,2024-13-01,明年'))).wrong.map(({ column }) => column)).toEqual([
    '生效日期',
    '失效日期',
  ])
})
