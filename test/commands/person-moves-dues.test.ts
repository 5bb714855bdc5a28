import { expect, it } from 'vitest'
import { startBot, type TestBot } from '../bot.ts'

/** Dues of who went from one branch of the township to another: history stays where it happened. */

async function moved(bot: TestBot, to = '石桥'): Promise<void> {
  await bot.says('wangshuji', `党员 转出 张三 ${to}`)
  await bot.says('wangshuji', '发布')
}

it('a past month is of those who paid or owed there then', async () => {
  const bot = await startBot()
  await bot.says('zhaozuzhi', '党费 标准 张三 0.5 从 2026-08')
  await bot.says('zhaozuzhi', '收缴 张三 0.5 2026-08')
  await moved(bot)
  const [paid, unpaid] = [
    await bot.says('zhaozuzhi', '党费 名单 2026-08'),
    await bot.says('zhaozuzhi', '党费 名单 2026-09'),
  ]
  expect(paid).toContain('已缴 1 人 0.50 元')
  expect(unpaid).toContain('张三 0.50（已不在本支部）')
  expect(await bot.says('zhaozuzhi', '党费 名单')).not.toContain('张三')
  const there = await bot.says('zhenban', '党费 名单 @石桥 2026-08')
  expect(there).toContain('已缴 0 人')
  expect(there).not.toContain('张三')
  expect(await bot.says('zhenban', '党费 名单 @石桥')).toContain('张三 0.50')
})

it('a month paid before the move is of the old branch, and nothing is open for it in the new one', async () => {
  const bot = await startBot()
  await bot.says('zhaozuzhi', '收缴 张三')
  await moved(bot)
  expect(await bot.says('zhaozuzhi', '党费 名单')).toContain('已缴 1 人 0.50 元')
  const there = await bot.says('zhenban', '党费 名单 @石桥')
  expect(there).toContain('已缴 0 人')
  expect(there).not.toContain('张三')
})

it('rows of the list are those of who is here, whoever has left', async () => {
  const bot = await startBot()
  await bot.says('zhaozuzhi', '收缴 张三')
  const rowOf = (list: string) => /(\d+) 李四/.exec(list)?.[1]
  await moved(bot)
  const row = rowOf(await bot.says('zhaozuzhi', '党费 名单'))
  expect(await bot.says('zhaozuzhi', `收缴 ${row}`)).toContain('李四')
})

it('an open claim is confirmed where it was made, and everybody is told so', async () => {
  const bot = await startBot()
  await bot.says('zhangsan', '已缴')
  const preview = await bot.says('wangshuji', '党员 转出 张三 石桥')
  expect(preview).toContain('他报的 c-1 要由组织委员赵祖志确认，石桥村党支部办不了，请先办')
  await bot.says('wangshuji', '发布')
  expect(await bot.says('zhangsan', '党费')).toContain('水泉村党支部组织委员赵祖志确认后会发收据给您')
  expect(await bot.says('zhenban', '党费 名单 @石桥')).not.toContain('张三')
  expect(await bot.says('zhaozuzhi', '党费 名单')).toContain('张三（c-1）')
  expect(await bot.says('zhaozuzhi', '党费 确认 c-1')).toContain('已确认')
})

it('the new branch hears of him as he is there, without the post and the group he had', async () => {
  const bot = await startBot()
  bot.forget('qiaoshuji')
  await bot.says('wangshuji', '党员 转出 赵祖志 石桥')
  await bot.says('wangshuji', '发布')
  const told = bot.newFor('qiaoshuji')
  expect(told).toContain('赵祖志（2005年入党，正式党员） 2026-11-24 从水泉村党支部转来')
  expect(told).toContain('党费从 2026-11 起在这里缴')
})

it('of an activist no dues are spoken, and he was no more than a guest', async () => {
  const bot = await startBot()
  await bot.says('wangshuji', '会议 新建 党课 11-28 9:00 村部 一课')
  await bot.says('wangshuji', '发布')
  const preview = await bot.says('wangshuji', '党员 转出 季吉 石桥')
  expect(preview).toContain('不再列席：m-1')
  expect(preview).not.toMatch(/党费|应到/)
  bot.forget('qiaoshuji')
  await bot.says('wangshuji', '发布')
  expect(bot.newFor('qiaoshuji')).toContain('季吉')
  expect(bot.newFor('qiaoshuji')).not.toContain('党费')
})

it('the preview names what was paid ahead', async () => {
  const bot = await startBot()
  await bot.says('zhaozuzhi', '收缴 张三 11月')
  await bot.says('zhaozuzhi', '收缴 张三 12月')
  expect(await bot.says('wangshuji', '党员 转出 张三 石桥')).toContain('11、12月党费已在本支部缴')
})

it('a day before his last payment here is asked about', async () => {
  const bot = await startBot()
  await bot.says('zhaozuzhi', '收缴 张三 11月')
  const shown = await bot.says('wangshuji', '党员 转出 张三 石桥 2025-01-01')
  expect(shown).toMatch(/党费已在本支部缴，.*1月1日.*对吗？请核对年份/)
  expect(await bot.says('wangshuji', '党员 转出 张三 石桥')).not.toContain('核对年份')
})

it('who has moved twice stands in the old list of the first branch with what he owed there', async () => {
  const bot = await startBot()
  await bot.says('zhaozuzhi', '党费 标准 张三 0.5 从 2026-08')
  await moved(bot)
  await bot.at('2026-12-02T10:00:00+08:00')
  await bot.says('zhenban', '党员 转出 张三 镇机关')
  await bot.says('zhenban', '发布')
  expect(await bot.says('zhaozuzhi', '党费 名单 2026-09')).toContain('张三 0.50（已不在本支部）')
  expect(await bot.says('zhenban', '党费 名单 @石桥 2026-11')).toContain('张三 0.50')
})

it('a move before the last one is refused, with both days', async () => {
  const bot = await startBot()
  await moved(bot)
  expect(await bot.says('qiaoshuji', '党员 转出 张三 水泉 2026-11-20')).toContain(
    '2026-11-20 早于张三上一次转接的 2026-11-24。请核对日期后再发。',
  )
})
