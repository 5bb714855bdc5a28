import fc from 'fast-check'
import { parse as parseGift } from 'gift-pegjs'
import { type Cell, writeXlsx } from 'hucre/xlsx'
import { describe, expect, it } from 'vitest'
import { NO_SOURCE, shippedBanks } from '../../src/domain/question-bank.ts'
import { isBankDocument, readBankDocument } from '../../src/import/bank-document.ts'
import { type BankFile, cleaned, emptyDraft } from '../../src/import/bank-draft.ts'
import { readBankFile } from '../../src/import/bank-file.ts'
import { judge } from '../../src/import/bank-question.ts'
import { bytesOf, sheet, told, zipOf } from './bank-stage.ts'

const read = (text: string): Promise<BankFile> => readBankFile(bytesOf(text))
const drafts = async (text: string) => (await read(text)).drafts

describe('the plain document form', () => {
  const DOCUMENT = `2026年党章知识竞赛题库

第一部分 单选题(50题)
1、党支部党员大会一般多长时间召开1次？（  ）
A. 每月
B、每季度
C．每年   D.不定期
【答案】B
解析：一般每季度召开1次。
见《支部工作条例》。
出处：《中国共产党支部工作条例（试行）》第十一条
2. 预备期是（ C ）。
A. 半年 B. 9个月 C. 1年
第二部分  多选题（每题2分）
1、下列属于主要任务的有（）。A.宣传 B.教育 【答案】:AB 解析:略
三、判断题
1、党员必须编入支部。（√）
2．交0.5%的党费就够了。
答案：错误
四、填空题
1、党的纪律是____纪律。
答案：铁的|铁`

  it('is read with its sections, also where question, options and answer share a line', async () => {
    const file = await read(DOCUMENT)
    expect(file).toMatchObject({ form: '文档', title: '2026年党章知识竞赛题库' })
    expect(file.drafts.map(told)).toMatchObject([
      {
        kind: '单选',
        stem: '党支部党员大会一般多长时间召开1次？（  ）',
        options: ['每月', '每季度', '每年', '不定期'],
        answer: 'B',
        explanation: '一般每季度召开1次。\n见《支部工作条例》。',
        source: '《中国共产党支部工作条例（试行）》第十一条',
      },
      { kind: '单选', stem: '预备期是（　）。', options: ['半年', '9个月', '1年'], answer: 'C' },
      { kind: '多选', stem: '下列属于主要任务的有（）。', options: ['宣传', '教育'], answer: 'AB', explanation: '略' },
      { kind: '判断', stem: '党员必须编入支部。（　）', answer: '√' },
      { kind: '判断', stem: '交0.5%的党费就够了。', answer: '错误' },
      { kind: '填空', answer: '铁的|铁' },
    ])
    expect(file.drafts.map(({ where }) => where)).toEqual([
      '单选第 1 题（第 4 行）',
      '单选第 2 题（第 12 行）',
      '多选第 1 题（第 15 行）',
      '判断第 1 题（第 17 行）',
      '判断第 2 题（第 18 行）',
      '填空第 1 题（第 21 行）',
    ])
    expect(file.drafts.flatMap(one => ('flaws' in judge(one, 1) ? [one.where] : []))).toEqual([])
  })

  it('loses no question: not behind a gap in the numbers, a forgotten answer or a new beginning', async () => {
    const found = await drafts(
      '1、甲？\nA.是\nB.否\n3、乙？\nA.是 B.否\n答案：A\n解析：有两点：\n1、先\n5、丙？ 答案：对\n1、丁？\n答案：错',
    )
    expect(found.map(({ stem, answer }) => [stem, answer])).toEqual([
      ['甲？', ''],
      ['乙？', 'A'],
      ['丙？', '对'],
      ['丁？', '错'],
    ])
    expect(found[1]?.explanation).toBe('有两点：\n1、先')
  })

  it('names a letter that was left out or said twice', async () => {
    const [one, two] = await drafts('1、甲？\nA.是\nC.否\n答案：A\n2、乙？\nA.是\nA.否\n答案：A')
    expect(one && judge(one, 1)).toMatchObject({
      flaws: [{ column: '选项', why: expect.stringContaining('选项 B 是空的') }],
    })
    expect(two && judge(two, 1)).toMatchObject({
      flaws: [{ column: '选项', why: expect.stringContaining('写了两次') }],
    })
  })

  it.each(shippedBanks)('holds the bank $name as it ships', async ({ name, questions }) => {
    const printed = questions.flatMap(one => [
      ...[`${one.kind}题`, `${one.number}、${one.stem}`],
      ...one.options.map((option, at) => `${String.fromCharCode(65 + at)}. ${option}`),
      `【答案】${typeof one.answer === 'string' ? one.answer : one.answer.join('|')}`,
      `解析：${one.explanation}`,
      ...[`难度：${one.difficulty}`, `分类：${one.category}`],
      ...(one.validFrom === null ? [] : [`生效日期：${one.validFrom}`]),
      ...(one.validTo === null ? [] : [`失效日期：${one.validTo}`]),
    ])
    const file = await read([`${name}题库`, ...printed].join('\n'))
    expect(file.title).toBe(`${name}题库`)
    const found = file.drafts.map((one, at) => judge(one, questions[at]?.number ?? 0))
    const source = { law: NO_SOURCE, article: null, edition: null }
    expect(found).toEqual(questions.map(one => ({ question: { ...one, facts: [], source }, lacks: ['出处'] })))
  })

  const line = fc
    .string({ unit: fc.constantFrom(...'党员支部大会1２3aZ，。（）“”%.=+-@😀—《》'), minLength: 1, maxLength: 40 })
    .map(text => cleaned(`党${text}员`))
  const printed = fc.record({
    stem: line,
    options: fc.uniqueArray(line, { minLength: 2, maxLength: 8 }),
    right: fc.nat(),
    explanation: line,
  })

  it('is read back as it is printed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(printed, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('、', '. ', '．'),
        async (all, mark) => {
          const letter = (at: number) => String.fromCharCode(65 + at)
          const text = all.flatMap(({ stem, options, right, explanation }, at) => [
            `${at + 1}${mark}${stem}`,
            ...options.map((option, n) => `${letter(n)}${mark}${option}`),
            `【答案】${letter(right % options.length)}`,
            `解析：${explanation}`,
          ])
          const found = await drafts(['单选题', ...text].join('\n'))
          expect(
            found.map(({ stem, options, answer, explanation, flaws }) => ({
              stem,
              options,
              answer,
              explanation,
              flaws,
            })),
          ).toEqual(
            all.map(({ stem, options, right, explanation }) => ({
              ...{ stem, options, explanation },
              answer: letter(right % options.length),
              flaws: [],
            })),
          )
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('a sheet', () => {
  it('has its columns in any order, under a title, in UTF-8 or GBK', async () => {
    const file = await read('村党支部题库,,,\n答案,题目,选项A,选项B,序号,备注\nB,甲？,是,"否，不是",1,x\n,,,,,\n')
    expect(file).toMatchObject({ form: '表格', title: '村党支部题库', unknownColumns: ['备注'] })
    expect(file.drafts).toMatchObject([
      { row: 3, where: '第 3 行', stem: '甲？', options: ['是', '否，不是'], answer: 'B' },
    ])
    // 题目,答案⏎党,对 in GBK.
    const gbk = Buffer.from('cce2c4bf2cb4f0b0b80ab5b32cb6d40a', 'hex')
    expect((await readBankFile(gbk)).drafts).toMatchObject([{ stem: '党', answer: '对' }])
  })

  it('keeps as text what begins like a formula', async () => {
    const [one] = (await readBankFile(sheet('填空,"=1+1 等于几？",,,,,+2|=2|-2|@2,,,,'))).drafts
    expect(one && judge(one, 1)).toMatchObject({
      question: { stem: '=1+1 等于几？', answer: ['+2', '=2', '-2', '@2'] },
    })
  })

  it('in Excel is what one sees there: percentages, days, results of formulas, merged cells, a sheet a kind', async () => {
    const cell = (value: string | number | boolean, numFmt?: string) => ({
      value,
      ...(numFmt && { style: { numFmt } }),
    })
    const cells = new Map<string, Partial<Cell>>([
      ...['题目', '选项A', '选项B', '答案', '分类'].map((name, at) => [`0,${at}`, cell(name)] as const),
      ['1,0', cell('按多少交？')],
      ['1,1', cell(0.005, '0.0%')],
      ['1,2', cell(2)],
      ['1,3', cell('A')],
      ['1,4', cell('党费')],
      ['2,0', cell('=cmd')],
      ['2,1', { formula: '1+1', formulaResult: 2 }],
      ['2,2', cell('3')],
      ['2,3', { formula: 'A1' }],
    ])
    const merges = [{ startRow: 1, startCol: 4, endRow: 5, endCol: 4 }]
    const truths = [
      ['题目', '答案'],
      ['党员要交党费', true],
    ]
    const bytes = await writeXlsx({
      sheets: [{ name: '单选题', cells, merges }, { name: '判断题', rows: truths }, { name: '空' }],
    })
    const { drafts: found } = await readBankFile(bytes)
    expect(found.map(told)).toMatchObject([
      { kind: '单选', options: ['0.5%', '2'], answer: 'A', category: '党费', flaws: [] },
      {
        stem: '=cmd',
        options: ['2', '3'],
        category: '党费',
        flaws: [{ column: '答案', why: expect.stringContaining('公式') }],
      },
      { kind: '判断', answer: '对' },
    ])
    expect(found.map(({ where }) => where)).toEqual([
      '工作表“单选题”第 2 行',
      '工作表“单选题”第 3 行',
      '工作表“判断题”第 2 行',
    ])
    const [, second] = found
    expect(second && judge(second, 1)).toMatchObject({ flaws: [{ column: '答案' }] })
  })

  it('that is formatted down to the millionth row is read at once', async () => {
    const cells = new Map<string, Partial<Cell>>([
      ['0,0', { value: '题目' }],
      ['0,1', { value: '答案' }],
      ['1,0', { value: '甲？' }],
      ['1,1', { value: '对' }],
      ['1048575,8', { value: '', style: { font: { bold: true } } }],
    ])
    const bytes = await writeXlsx({ sheets: [{ name: '题', cells }] })
    const begun = performance.now()
    expect((await readBankFile(bytes)).drafts).toHaveLength(1)
    expect(performance.now() - begun).toBeLessThan(1000)
  })

  it('without a column for answers, or with one twice, is refused in words', async () => {
    await expect(read('题目,选项A\n甲？,是\n')).rejects.toThrow('没有“答案”这一列')
    await expect(read('题目,答案,答案\n甲？,对,错\n')).rejects.toThrow('有两列都是“答案”')
  })
})

describe('Moodle’s forms', () => {
  it('Aiken is read', async () => {
    const file = await read('What is 党?\nA. one\nB) two\nANSWER: B\n\n第二题？\nA. 甲\nB. 乙\nANSWER: A\n')
    expect(file.form).toBe('Aiken')
    expect(file.drafts).toMatchObject([
      { stem: 'What is 党?', options: ['one', 'two'], answer: 'B', where: '第 1 行' },
      { stem: '第二题？', options: ['甲', '乙'], answer: 'A', where: '第 6 行' },
    ])
  })

  const GIFT = `// a comment
$CATEGORY: $course$/党章/第一章

::Q1:: [html]党的性质是？ {
=先锋队 # right
~群众\\=组织#wrong
~%-50%其他
####见总纲。}

党员要交党费。{T}

::Q3::下列有 {~%50%甲 ~%50%乙 ~%-100%丙}

铁的{=纪律 =纪律性}。

地球{FALSE#no#yes}`

  it('GIFT is read, as gift-pegjs reads it', async () => {
    const file = await read(GIFT)
    expect(file).toMatchObject({ form: 'GIFT', title: '第一章' })
    expect(file.drafts.map(told)).toMatchObject([
      {
        kind: '单选',
        stem: '党的性质是？',
        options: ['先锋队', '群众=组织', '其他'],
        answer: 'A',
        explanation: '见总纲。',
        category: '第一章',
      },
      { kind: '判断', stem: '党员要交党费。', answer: '对' },
      { kind: '多选', options: ['甲', '乙', '丙'], answer: 'AB' },
      { kind: '填空', stem: '铁的____。', answer: ['纪律', '纪律性'] },
      { kind: '判断', answer: '错' },
    ])
    const others = parseGift(GIFT).filter(one => one.type !== 'Category')
    expect(others.map(({ type }) => type)).toEqual(['MC', 'TF', 'MC', 'Short', 'TF'])
    for (const [at, other] of others.entries()) {
      if (other.type !== 'MC') continue
      const texts = other.choices.map(({ text }) => text.text.trim())
      expect(file.drafts[at]?.options).toEqual(texts)
    }
  })

  it('GIFT that is matched, counted or written is named and refused', async () => {
    const found = await drafts('甲{=a -> b =c -> d}\n\n乙{#3:1}\n\n丙{}\n\n丁{=x ~y\n\n')
    expect(found.map(one => one.flaws[0]?.why.slice(0, 3))).toEqual(['匹配题', '数值题', '问答题', '大括号'])
  })
})

describe('JSON', () => {
  it('of the shipped form is read as it was', async () => {
    const [bank] = shippedBanks
    const file = await read(JSON.stringify(bank))
    expect(file).toMatchObject({ form: 'JSON', title: bank?.name })
    const judged = file.drafts.map((one, at) => judge(one, at + 1))
    expect(judged).toEqual(bank?.questions.map(one => ({ question: { ...one, facts: [] }, lacks: [] })))
  })

  it('that is torn, is no bank, or has a question that is none is named', async () => {
    await expect(read('{"name": "x",\n"questions": [}')).rejects.toThrow('JSON 读不下去')
    await expect(read('{"题": 1}')).rejects.toThrow('不是题库')
    const [one, two] = await drafts('{"name":"x","questions":[7,{"stem":"甲","answer":true}]}')
    expect(one && judge(one, 1)).toMatchObject({ flaws: [{ why: expect.stringContaining('格式不对') }] })
    expect(two && judge(two, 1)).toMatchObject({ question: { kind: '判断', answer: '对' } })
  })
})

describe('a file that is no bank', () => {
  it.each([
    ['nothing', bytesOf(' \n'), '空的'],
    ['prose', bytesOf('今天开会学习党章。'), '没有看出这是哪种题库'],
    ['a picture', Buffer.from('89504e470d0a1a0a', 'hex'), '图片'],
    ['a PDF', bytesOf('%PDF-1.7'), 'PDF'],
    ['an old XLS', Buffer.from('d0cf11e0a1b11ae1', 'hex'), '旧版'],
    ['bytes', Uint8Array.of(1, 0, 2), '没有看出'],
    ['a torn zip', Uint8Array.of(0x50, 0x4b, 3, 4, 9, 9), '损坏'],
    ['a zip of something', zipOf({ 'a.txt': bytesOf('x') }), '既没有表格'],
    ['a workbook that is none', zipOf({ 'xl/workbook.xml': bytesOf('<x') }), '读不下去'],
    ['a Word file that is none', zipOf({ 'word/document.xml': bytesOf('<x') }), 'Word'],
    ['11 MiB', new Uint8Array(11 * 1024 * 1024), '超过 10 MB'],
  ])('%s is refused in words', async (_what, bytes, why) => {
    await expect(readBankFile(bytes)).rejects.toThrow(why)
  })

  it('that unpacks to more than a bank can be is refused before it does', async () => {
    const bomb = zipOf({
      'xl/workbook.xml': bytesOf('<x/>'),
      'xl/worksheets/sheet1.xml': new Uint8Array(200 * 1024 * 1024),
    })
    expect(bomb.length).toBeLessThan(1024 * 1024)
    await expect(readBankFile(bomb)).rejects.toThrow('展开以后太大')
  })

  it('never fails in another way, whatever its text', async () => {
    const pieces = fc.constantFrom(
      '1、',
      'A.',
      'B、',
      '【答案】',
      '答案：',
      '解析：',
      '\n',
      '\n\n',
      '{',
      '}',
      '=',
      '~',
      '%50%',
      '::',
      '题目,答案',
      ',',
      '"',
      '单选题',
      'ANSWER: B',
      '党',
      '[',
      '####',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 40 }), async all => {
        const outcome = await read(all.join('')).then(
          ({ drafts: found }) => found.map(one => judge(one, 1)).length > 0,
          (error: Error) => error.name === 'UserError',
        )
        expect(outcome).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

it('endless blanks are read in no time, wherever they stand', () => {
  const blanks = ' '.repeat(100_000)
  const texts = [
    `1、题（A${blanks}x\n【答案】A`,
    `第一部分${blanks}x\n1、题（A）`,
    `1${blanks}x\n1、题\n答案：A`,
    '\n'.repeat(100_000),
  ]
  const from = performance.now()
  for (const text of texts) {
    isBankDocument(text)
    readBankDocument(text, true)
  }
  judge({ ...emptyDraft(1, '第 1 行'), kind: '判断', stem: '题', answer: '对', source: `党章${blanks}x` }, 1)
  // Half a minute and more where the time goes with the square.
  expect(performance.now() - from).toBeLessThan(3000)
})

it('a GIFT text that is worth a part of the points is no right answer', async () => {
  expect((await drafts('::党::党的生日是 {=7月1日 =%100%七月一日 =%50%7月}'))[0]).toMatchObject({
    kind: '填空',
    answer: ['7月1日', '七月一日'],
  })
})
