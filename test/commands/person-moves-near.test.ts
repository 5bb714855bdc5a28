import { expect, it } from 'vitest'
import { startBot } from '../bot.ts'

it('a near miss of a branch is asked, and acts on neither before it is answered', async () => {
  const bot = await startBot()
  for (const to of ['石乔', '十桥村党支部', '桥']) {
    const asked = await bot.says('wangshuji', `党员 转出 张三 ${to} 11-20`)
    expect(asked).toContain(`本镇没有叫“${to}”的支部`)
    expect(asked).toContain('1 是石桥村党支部吗')
    expect(asked).not.toContain('转出：')
  }
  expect(await bot.says('wangshuji', '1')).toContain('→ 石桥村党支部（本镇支部），11月20日')
  await bot.says('wangshuji', '党员 转出 张三 石乔')
  expect(await bot.says('wangshuji', '2')).toContain('→ 石乔（镇外）')
})

it('a word too short to tell is refused, unless it is said to be outside', async () => {
  const bot = await startBot()
  expect(await bot.says('wangshuji', '党员 转出 张三 镇')).toContain('“镇”太短')
  expect(await bot.says('wangshuji', '党员 转出 张三 镇外 县委')).toContain('→ 县委（镇外）')
})
