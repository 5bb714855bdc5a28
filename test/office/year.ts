import { readFile } from 'node:fs/promises'
import { expect } from 'vitest'
import { importRoster } from '../../src/import/roster.ts'
import { startBot, type TestBot, TOWNSHIP } from '../bot.ts'

/** The branch of 水泉 from September to November 2026, as its people lived it: what the papers are made of. */
export async function autumn(): Promise<TestBot> {
  const bot = await startBot({ at: '2026-09-20T10:00:00+08:00' })
  await lesson(bot)
  await jointMeeting(bot)
  await rosterChanges(bot)
  await ofTheGroup(bot)
  await bot.at('2026-11-16T10:00:00+08:00')
  await says(bot, 'wangshuji', '会议 新建 警示教育 11-18 9:00-10:00 村部 没有人来', '预览')
  await says(bot, 'wangshuji', '发布', '已发布')
  await bot.at('2026-11-18T14:00:00+08:00')
  await says(bot, 'wangshuji', '会议 新建 党课 11-28 19:00 村部 还没有开', '预览')
  await says(bot, 'wangshuji', '发布', '已发布')
  await says(bot, 'wangshuji', '会议 新建 培训 11-29 9:00 村部 不开了', '预览')
  await says(bot, 'wangshuji', '发布', '已发布')
  await says(bot, 'wangshuji', '会议 取消 m-6 大雪', '预览')
  await says(bot, 'wangshuji', '发布', '取消')
  return bot
}

async function says(bot: TestBot, userId: string, line: string, answer: string): Promise<void> {
  expect(await bot.says(userId, line), line).toContain(answer)
}

/** m-1: one signs, one sits in, one is on leave, one is on the paper list; closed before its end. */
async function lesson(bot: TestBot): Promise<void> {
  await says(bot, 'wangshuji', '会议 新建 党课 09-22 19:00-21:00 村部 =cmd()', '预览')
  await says(bot, 'wangshuji', '发布', '已发布 m-1')
  await says(bot, 'lisi', '请假 发烧', '请假')
  await says(bot, 'wangshuji', '准假 李四', '准假')
  await bot.at('2026-09-22T18:50:00+08:00')
  for (const userId of ['zhangsan', 'jiji', 'liudong']) await says(bot, userId, '签到', '签到成功')
  await says(bot, 'wangshuji', '补签 李福书', '已补签')
  await bot.at('2026-09-22T20:10:00+08:00')
  await says(bot, 'wangshuji', '会议 结束', '应到')
  await says(bot, 'wangshuji', '补签 赵祖志 m-1', '已补签')
}

/** m-2: two kinds at once. */
async function jointMeeting(bot: TestBot): Promise<void> {
  await bot.at('2026-10-19T10:00:00+08:00')
  await says(bot, 'wangshuji', '会议 新建 党员大会+党课 10-20 19:00-20:00 村部 冬季取暖', '预览')
  await says(bot, 'wangshuji', '发布', '已发布 m-2')
  await bot.at('2026-10-20T18:50:00+08:00')
  for (const userId of ['zhangsan', 'laonian']) await says(bot, userId, '签到', '签到成功')
  await bot.at('2026-10-20T20:30:00+08:00')
  await says(bot, 'wangshuji', '会议 结束', '应到')
}

/** 张三 goes to 石桥, 李四 leaves, somebody comes. */
async function rosterChanges(bot: TestBot): Promise<void> {
  const roster = (await readFile(TOWNSHIP, 'utf8'))
    .replace('张三,水泉村党支部,一组', '张三,石桥村党支部,')
    .replace(/(李四,水泉村党支部,一组,正式党员,,)在册/, '$1转出')
  const more = 'xinlai,辛来,水泉村党支部,一组,正式党员,,在册,2020-07-01,2021-07-01,否,否,否,,是,否,否,农民,0.50\n'
  // On WeChat, as the bot's own copy has them.
  const [header = '', ...rows] = (roster + more).trimEnd().split('\n')
  const column = header.split(',').indexOf('微信')
  const csv = [header, ...rows.map(row => row.split(',').with(column, '是').join(','))].join('\n')
  const report = await importRoster(bot.service.store, Buffer.from(csv), { dryRun: false, by: 'test' })
  expect(report.ok).toBe(true)
}

/** m-3: of 一组 alone. */
async function ofTheGroup(bot: TestBot): Promise<void> {
  await bot.at('2026-11-10T10:00:00+08:00')
  await says(bot, 'zuzhang', '会议 新建 党小组会 11-11 19:00-20:00 组长家 学习', '预览')
  await says(bot, 'zuzhang', '发布', '已发布 m-3')
  await bot.at('2026-11-11T18:50:00+08:00')
  await says(bot, 'zuzhang', '签到', '签到成功')
  await bot.at('2026-11-11T20:10:00+08:00')
  await says(bot, 'zuzhang', '会议 结束', '应到')
}
