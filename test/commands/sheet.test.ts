import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { importRoster } from '../../src/import/roster.ts'
import { audits } from '../../src/store/collections.ts'
import { startBot, type TestBot, TOWNSHIP } from '../bot.ts'
import { type Paper, paperFor } from '../export/documents.ts'

async function callLesson(bot: TestBot, how = '发布'): Promise<void> {
  await bot.says('wangshuji', '会议 新建 党课 明晚7点 村党群服务中心 学习党章第三章')
  expect(await bot.says('wangshuji', how)).toContain('已发布 m-1')
}

async function printed(bot: TestBot, line = '签到表', userId = 'wangshuji'): Promise<Paper> {
  expect(await bot.says(userId, line)).toContain('做好就发给您')
  return paperFor(bot, userId)
}

const HEAD = ['序号', '姓名', '党小组/职务', '签名', '签到时间', '备注']
const rowOf = ({ rows }: Paper, name: string) => rows.find(row => row[1] === name)
/** '7 张三', as 名单 numbers them. */
const numbersOf = (roll: string) =>
  new Map([...roll.matchAll(/^(\d+) ([^\s（]+)/gmu)].map(([, number, name]) => [number ?? '', name ?? '']))

describe('the sheet to sign', () => {
  it('is sent as a Word file, with the meeting and what is known of it', async () => {
    const bot = await startBot()
    await callLesson(bot)
    const answer = await bot.says('wangshuji', '签到表')
    expect(answer).toContain('m-1 党课 · 学习党章第三章')
    const paper = await paperFor(bot, 'wangshuji')
    expect(paper.name).toBe('签到表 2026-11-25 党课 m-1.docx')
    expect(paper.text).toContain('党课 · 学习党章第三章 签到表')
    expect(paper.text).toContain('水泉村党支部')
    expect(paper.rows.slice(0, 4)).toEqual([
      ['时间', '2026年11月25日 周三 19:00—21:00'],
      ['地点', '村党群服务中心'],
      ['主持人', '', '记录人', ''],
      ['应到', '15 人', '实到', ''],
    ])
    expect(paper.rows).toContainEqual(['不计应到', '可免考勤 1 人，列席 1 人'])
    expect(paper.rows).toContainEqual(HEAD)
    expect(paper.text).toMatch(/主持人签名：\s*记录人签名：\s*日期：/)
  })

  it('numbers its rows as 名单 and 补签 do, those who sit in apart, and has blanks for guests', async () => {
    const bot = await startBot()
    await callLesson(bot)
    await bot.says('wangshuji', '准假 刘东 长期 外出务工')
    const paper = await printed(bot)
    const numbered = paper.rows.filter(row => /^\d+$/.test(row[0] ?? ''))
    const roll = numbersOf(await bot.says('wangshuji', '名单 1 全部'))
    expect(new Map(numbered.map(([number = '', name = '']) => [number, name]))).toEqual(roll)
    expect(numbered.map(([number]) => Number(number))).toEqual(numbered.map((_row, at) => at + 1))
    expect(rowOf(paper, '王树基')).toEqual(['1', '王树基', '一组 书记', '', '', ''])
    // The sheet lies on the table: who is excused or away is between him and the officers.
    for (const name of ['郑老年', '刘东']) expect(rowOf(paper, name)?.[5], name).toBe('')
    expect(paper.rows.indexOf(rowOf(paper, '季吉') ?? [])).toBe(paper.rows.findIndex(([band]) => band === '列席') + 1)
    const guests = paper.rows.slice(paper.rows.findIndex(([band]) => band === '来宾') + 1)
    expect(guests.filter(row => row.length === 6 && row.every(cell => cell === '')).length).toBe(3)
    await bot.at('2026-11-25T19:10:00+08:00')
    expect(paper.text).toContain('补签 m-1 全到 缺 3 7')
    expect(await bot.says('wangshuji', '补签 m-1 全到 缺 3 7')).toContain('除外 2 人：赵祖志、张三')
    expect(await bot.says('wangshuji', '补签 3 7 m-1')).toContain('已补签 2 人：赵祖志、张三')
  })

  it('says who is signed in already, who is on leave, and never why', async () => {
    const bot = await startBot()
    await callLesson(bot)
    await bot.says('zhangsan', '请假 孙子结婚')
    await bot.says('wangshuji', '准假 张三')
    await bot.at('2026-11-25T18:45:00+08:00')
    await bot.says('lisi', '签到')
    await bot.says('wangshuji', '补签 吴梅吉 郑老年')
    for (const line of ['签到表', '签到表 1']) {
      const paper = await printed(bot, line)
      expect(rowOf(paper, '李四')?.slice(3)).toEqual(['', '18:45', '手机签到'])
      expect(rowOf(paper, '吴梅吉')?.slice(3)).toEqual(['', '', '补签'])
      expect(rowOf(paper, '郑老年')?.slice(3)).toEqual(['', '', '补签'])
      expect(rowOf(paper, '张三')?.slice(3)).toEqual(['', '', ''])
      expect(paper.text).not.toContain('孙子')
      await bot.at('2026-11-25T21:00:00+08:00')
      await bot.says('wangshuji', '会议 结束 1')
    }
    expect((await printed(bot)).rows).toContainEqual(['应到', '15 人', '实到', '3 人（含可免考勤 1 人）'])
  })

  it('shows the code large where the meeting wants one, as long as it can be said', async () => {
    const bot = await startBot()
    await callLesson(bot, '发布 d-1 现场码')
    const code = /签到码 (\d{4})/.exec(await bot.says('wangshuji', '会议 签到码 1'))?.[1] ?? ''
    expect(code).not.toBe('')
    const paper = await printed(bot)
    expect(paper.text).toContain(`有手机的发：签到 ${code}`)
    expect(paper.xml).toMatch(new RegExp(`<w:sz w:val="112"/>(?:(?!<w:sz ).)*<w:t[^>]*>${code}</w:t>`))
    await bot.says('wangshuji', '会议 签到码 1 关')
    expect((await printed(bot, '签到表 1')).text).not.toContain(code)
  })
})

describe('the sheet', () => {
  it('repeats its head on each page, parts no row, and leaves room for a signature', async () => {
    const bot = await startBot()
    await callLesson(bot)
    const { xml } = await printed(bot)
    const [head = '', ...rows] = xml.slice(xml.indexOf('序号') - 2000).match(/<w:tr>.*?<\/w:tr>/gs) ?? []
    expect(head).toMatch(/<w:tblHeader\/>/)
    const signed = rows.filter(row => row.includes('组'))
    expect(signed.length).toBeGreaterThan(10)
    for (const row of signed) {
      expect(row).toContain('<w:cantSplit/>')
      expect(Number(/<w:trHeight w:val="(\d+)" w:hRule="atLeast"\/>/.exec(row)?.[1])).toBeGreaterThanOrEqual(600)
    }
  })

  it('is of the meeting under way, else of the next, else of the last', async () => {
    const bot = await startBot()
    expect(await bot.says('wangshuji', '签到表')).toContain('还没有会议')
    await callLesson(bot)
    await bot.at('2026-11-25T21:00:00+08:00')
    await bot.says('wangshuji', '会议 结束 1')
    expect((await printed(bot)).name).toContain('m-1')
    await bot.says('wangshuji', '会议 新建 党员大会 11-28 19:00 村部 大会')
    await bot.says('wangshuji', '发布')
    expect((await printed(bot)).name).toContain('m-2')
  })

  it('is not made of what was cancelled, nor of what is out of reach; a look at it is kept', async () => {
    const bot = await startBot()
    await callLesson(bot)
    expect(await bot.says('qiaoshuji', '签到表 m-1')).toContain('没有这个编号')
    expect(await bot.says('zhangsan', '签到表')).toContain('要由')
    await printed(bot)
    const looks = (await bot.service.store.read(tx => tx.all(audits))).filter(({ what }) => what === 'print-sheet')
    expect(looks).toMatchObject([{ about: 'm-1' }])
    await bot.says('wangshuji', '会议 取消 1 大雪')
    await bot.says('wangshuji', '发布')
    expect(await bot.says('wangshuji', '签到表 1')).toContain('已取消，没有签到表')
  })

  it('prints names as they are written', async () => {
    const bot = await startBot()
    const roster = (await readFile(TOWNSHIP, 'utf8')).replace(',张三,', ',王<b>&,').replace(',李四,', ',=cmd(),')
    await importRoster(bot.service.store, Buffer.from(roster), { dryRun: false, by: 'test' })
    await callLesson(bot)
    const paper = await printed(bot)
    expect(rowOf(paper, '王<b>&')?.[0]).toBe('7')
    expect(rowOf(paper, '=cmd()')?.[0]).toBe('8')
  })
})
