import { expect, it } from 'vitest'
import { startBot } from '../bot.ts'

it('shows the newest of many drafts first, and how many more there are', async () => {
  const bot = await startBot()
  for (let number = 1; number <= 8; number += 1) {
    await bot.at(`2026-11-24T10:0${number}:00+08:00`)
    await bot.says('wangshuji', `会议 新建 党课 明晚7点 村部 第${number}讲`)
  }
  const lines = (await bot.says('wangshuji', '发布')).split('\n')
  expect(lines.slice(0, 2).join('\n')).toMatch(/有 8 个预览.*\n发布 d-8（党课 · 第8讲）/)
  expect(lines.join('\n')).toContain('另有 2 个')
})
