import { beforeAll, describe, expect, it } from 'vitest'
import { audits } from '../../src/store/collections.ts'
import { startBot, type TestBot } from '../bot.ts'
import { type Paper, paperFor } from '../export/documents.ts'

async function calls(bot: TestBot, kind = '党员大会'): Promise<void> {
  await bot.says('lifushu', `会议 新建 ${kind} 明晚7点 村部 冬季清洁取暖`)
  expect(await bot.says('lifushu', '发布')).toContain('已发布 m-1')
}

async function printed(bot: TestBot, userId = 'wangshuji'): Promise<Paper> {
  expect(await bot.says(userId, '记录 m-1')).toContain('做好就发给您')
  return paperFor(bot, userId)
}

/** A general meeting as it goes: leave granted, asked and refused, on paper and by phone, a vote, one entered after the close. */
async function held(bot: TestBot): Promise<void> {
  await calls(bot)
  for (const userId of ['zhangsan', 'lisi', 'yubei']) await bot.says(userId, '请假 孙子结婚')
  await bot.says('wangshuji', '准假 张三')
  await bot.says('wangshuji', '不准 李四 m-1 要表决')
  await bot.at('2026-11-25T18:45:00+08:00')
  for (const userId of ['wangshuji', 'lifushu', 'zhaozuzhi', 'qianxuan', 'sunjijian', 'zuzhang', 'liangbian']) {
    expect(await bot.says(userId, '签到')).toContain('签到成功')
  }
  await bot.says('wangshuji', '补签 吴梅吉 郑老年')
  await bot.says('wangshuji', '表决 接收 余备 赞成7 反对1 弃权0')
  await bot.at('2026-11-25T20:40:00+08:00')
  expect(await bot.says('wangshuji', '会议 结束')).toContain('已结束')
  expect(await bot.says('wangshuji', '补签 曾国凡')).toContain('已补签')
}

const BLANKS = ['发言要点', '决定事项', '不同意见', '主持人签名', '记录人签名']

it('without a number is of the meeting closed last', async () => {
  const bot = await startBot()
  await calls(bot)
  expect(await bot.says('wangshuji', '记录')).toContain('60 天内没有结束的会议')
  await bot.at('2026-11-25T20:40:00+08:00')
  await bot.says('wangshuji', '会议 结束')
  expect(await bot.says('wangshuji', '记录')).toMatch(/做好就发给您.*m-1/s)
})

describe('the record', () => {
  let paper: Paper
  beforeAll(async () => {
    const bot = await startBot()
    await held(bot)
    paper = await printed(bot)
  })

  it('lays out what the bot knows, with names, reasons and marks', () => {
    const { name, rows, text } = paper
    expect(name).toBe('会议记录 2026-11-25 党员大会 m-1.docx')
    for (const row of [
      ['会议', '党员大会'],
      ['原定时间', '2026年11月25日 周三 19:00—21:00'],
      ['地点', '村部'],
      ['议题', '冬季清洁取暖'],
      ['召集人', '李福书', '主持人', ''],
      ['记录人', '', '实际起止', ''],
      ['登记结束', '2026年11月25日 20:40（王树基登记）'],
      ['应到', '15 人', '实到', '10 人（含可免考勤 1 人）'],
      ['请假', '1 人', '缺席', '5 人'],
      ['到会率', '67%（到会+准假 73%）'],
      ['张三', '请假', '孙子结婚'],
      ['余备', '缺席（请假未批）', '孙子结婚'],
      ['李四', '缺席（请假未准）', '孙子结婚'],
    ])
      expect(rows).toContainEqual(row)
    // Without a reason they are named together, with a line to write it on: a row each made a third page.
    expect(text).toMatch(/缺席 \d 人：[^：]*刘东/)
    expect(text).toContain('原因没有登记的，写在这里：')
    expect(text).toContain(
      '实到 10 人：王树基、李福书、赵祖志、钱宣、孙纪俭、周祖章、曾国凡（会后补签）、郑老年（可免考勤，补签）、吴梅吉（补签）、梁边',
    )
  })

  it('keeps quorum and votes as they were frozen, whatever was entered later', () => {
    const { text } = paper
    expect(text).toContain('有表决权 应到 14 实到 8，达到法定人数（7 人）。决议通过需赞成 8 票')
    expect(text).toContain('v-1 接收：余备（2026年11月25日 18:45 记）')
    expect(text).toContain('赞成 7 反对 1 弃权 0')
    expect(text).toContain('票数未达到。是否有效由支部认定。')
    expect(text).not.toContain('机器人里没有记票')
  })

  it('invents nothing: what was said and decided is blank lines', () => {
    const { rows, text } = paper
    for (const blank of BLANKS) expect(text).toContain(blank)
    expect(rows.filter(row => row.length === 1 && row[0] === '').length).toBeGreaterThanOrEqual(14)
    const after = text.slice(text.indexOf('会议内容'))
    expect(after.replace(/\s+/g, ' ').trim()).toBe(
      '会议内容 发言要点（谁说了什么） 决定事项 不同意见 主持人小结、遗留问题 主持人签名： 记录人签名： 日期：',
    )
  })
})

describe('the record of a meeting', () => {
  it('that is ahead says so, and has blanks for who came', async () => {
    const bot = await startBot()
    await calls(bot)
    await bot.says('zhangsan', '请假 发烧')
    await bot.says('wangshuji', '准假 张三')
    const { rows, text } = await printed(bot)
    expect(text).toContain('会议还没有召开')
    expect(rows).toContainEqual(['应到', '15 人', '实到', ''])
    expect(rows).toContainEqual(['张三', '请假', '发烧'])
    expect(text).toContain('有表决权 应到 14 人，到 7 人达到法定人数，决议通过需赞成 8 票')
    expect(text).toContain('机器人里没有记票')
    expect(text).not.toContain('李四')
    for (const blank of BLANKS) expect(text).toContain(blank)
  })

  it('that is under way calls nobody absent', async () => {
    const bot = await startBot()
    await calls(bot, '党课')
    await bot.at('2026-11-25T19:30:00+08:00')
    await bot.says('zhangsan', '签到')
    const { rows, text } = await printed(bot)
    expect(text).toContain('会议还没有结束')
    expect(rows).toContainEqual(['请假', '0 人', '未签到', '14 人'])
    expect(text).toContain('实到 1 人：张三')
    expect(text).not.toContain('李四')
    expect(text).not.toContain('缺席')
    expect(text).not.toContain('表决权')
  })

  it('that was cancelled says so and why, and nothing of who came', async () => {
    const bot = await startBot()
    await calls(bot)
    await bot.says('wangshuji', '会议 取消 1 大雪封山')
    await bot.says('wangshuji', '发布')
    const { text } = await printed(bot)
    expect(text).toContain('会议已取消，没有召开：大雪封山')
    for (const words of ['应到', '缺席', ...BLANKS]) expect(text).not.toContain(words)
  })

  it('that closed by itself says so', async () => {
    const bot = await startBot()
    await calls(bot, '党课')
    await bot.at('2026-11-26T08:30:00+08:00')
    expect((await printed(bot)).rows).toContainEqual(['登记结束', expect.stringContaining('（自动结束）')])
  })

  it('is for officers, and every look at it is kept', async () => {
    const bot = await startBot()
    await calls(bot)
    expect(await bot.says('zhangsan', '记录 m-1')).toContain('要由')
    expect(await bot.says('qiaoshuji', '记录 m-1')).toContain('没有这个编号')
    expect(await bot.says('wangshuji', '记录 m-9')).toContain('没有这个编号')
    await printed(bot)
    const looks = (await bot.service.store.read(tx => tx.all(audits))).filter(({ what }) => what === 'print-record')
    expect(looks).toMatchObject([{ about: 'm-1' }])
  })
})
