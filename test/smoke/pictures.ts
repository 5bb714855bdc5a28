import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import chromium from '@sparticuz/chromium'
import { chromium as playwright } from 'playwright-core'
import { moveClock } from '../../src/clock.ts'
import { readConfig } from '../../src/config.ts'
import { setLogLevel } from '../../src/log.ts'
import { createService } from '../../src/service.ts'

/** Draws the README's pictures of the chat page: `node --import tsx test/smoke/pictures.ts` (needs a Chinese font). */
const TUESDAY = '2026-11-24T10:00:00+08:00'
const THURSDAY = '2026-11-26T18:45:00+08:00'
const SIZES = [
  { width: 1280, height: 860 },
  { width: 375, height: 720 },
]

setLogLevel('silent')
const folder = await mkdtemp(join(tmpdir(), 'zhibu-pictures-'))
const config = readConfig({ PORT: '1', STORE_URL: `file:${folder}/db`, CLOCK: TUESDAY })
const service = await createService({ ...config, port: 0 })
const port = await service.listen()
const simulator = service.simulator
if (!simulator) throw new Error('no simulator')

await simulator.say('wangjianguo', '会议 新建 党课 周四晚7点 村党群服务中心 学习党章第三章')
await service.idle()
await simulator.press('wangjianguo', { label: '发布' })
await service.idle()
await simulator.say('liuyang', '请假 孩子发烧')
await service.idle()
await simulator.press('wangjianguo', { label: '准假' })
await service.idle()
moveClock(new Date(THURSDAY))
await simulator.say('zhangguofu', '签到')
await service.idle()

const browser = await playwright.launch({
  args: chromium.args.filter(arg => arg !== '--single-process'),
  executablePath: await chromium.executablePath(),
})
for (const viewport of SIZES) {
  const page = await browser.newPage({ viewport, deviceScaleFactor: viewport.width < 500 ? 2 : 1 })
  await page.goto(`http://127.0.0.1:${port}/simulator#left=wangjianguo&right=zhangguofu`)
  await page.locator('body[data-ready=true]').waitFor()
  await page.waitForTimeout(500)
  const path = fileURLToPath(new URL(`../../docs/chat-${viewport.width}.png`, import.meta.url))
  await page.screenshot({ path })
  await page.close()
}
await browser.close()
await service.close()
await rm(folder, { recursive: true, force: true })
