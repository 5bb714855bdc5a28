import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import jsqr from 'jsqr'
import type { Browser, BrowserContext, Page, ViewportSize } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { resetClock } from '../../src/clock.ts'
import { readConfig } from '../../src/config.ts'
import { setLogLevel } from '../../src/log.ts'
import { createService } from '../../src/service.ts'
import { launchBrowser, openChat } from '../browser.ts'
import { scans, startScreen } from './stage.ts'

const EVENING = '2026-11-25T18:45:05+08:00'
const HALL = { width: 1280, height: 720 }

let browser: Browser
const faults: string[] = []
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
})

/** A screen whose browser lets its time be moved; what goes wrong in it, or leaves this machine, is added to `faults`. */
async function openScreen(
  link: string,
  viewport: ViewportSize = HALL,
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ viewport })
  const page = await context.newPage()
  page.on('pageerror', error => faults.push(error.message))
  page.on('request', request => request.url().startsWith(new URL(link).origin) || faults.push(request.url()))
  await page.clock.install()
  await page.goto(link)
  await page.locator('#qr svg').waitFor()
  return { page, context }
}

const qrOf = (page: Page) => page.locator('#qr').getAttribute('data-qr')
const countOf = (page: Page) => page.locator('#count').textContent()

/** What a telephone held up to the screen reads: the picture of it, drawn and decoded elsewhere. */
async function photograph(page: Page): Promise<string | undefined> {
  const png = await page.locator('#scan').screenshot()
  const darkroom = await (await browser.newContext()).newPage()
  const picture = (await darkroom.evaluate(`(async () => {
    const image = new Image()
    image.src = 'data:image/png;base64,${png.toString('base64')}'
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height })
    const drawing = canvas.getContext('2d')
    drawing.drawImage(image, 0, 0)
    const { data } = drawing.getImageData(0, 0, image.width, image.height)
    return { width: image.width, height: image.height, data: btoa(Array.from(data, byte => String.fromCharCode(byte)).join('')) }
  })()`)) as { width: number; height: number; data: string }
  await darkroom.context().close()
  return jsqr.default(Uint8ClampedArray.from(Buffer.from(picture.data, 'base64')), picture.width, picture.height)?.data
}

it('shows a code that a telephone reads and that checks in; the count goes up before anybody touches the screen', async () => {
  const { bot, link } = await startScreen(EVENING, '现场码')
  for (const [viewport, userId, count] of [
    [HALL, 'zhangsan', '1 / 15'],
    [{ width: 1024, height: 768 }, 'lisi', '2 / 15'],
    [{ width: 375, height: 667 }, 'zengguofan', '3 / 15'],
  ] as const) {
    const { page, context } = await openScreen(link, viewport)
    // It may change between the two.
    await expect.poll(async () => (await photograph(page)) === (await qrOf(page))).toBe(true)
    const line = await photograph(page)
    expect(await scans(bot, userId, line ?? '')).toContain('签到成功')
    await expect.poll(() => countOf(page)).toBe(count)
    await context.close()
  }
}, 60_000)

it('takes the time from the service: a screen that is five minutes wrong shows the same', async () => {
  const { bot, link } = await startScreen(EVENING)
  for (const minutes of [-5, 5]) {
    const context = await browser.newContext({ viewport: HALL })
    await context.addInitScript(`{
      const Right = Date
      Date = class extends Right {
        constructor(...given) { given.length > 0 ? super(...given) : super(Right.now() + ${minutes * 60_000}) }
        static now() { return Right.now() + ${minutes * 60_000} }
      }
    }`)
    const page = await context.newPage()
    await page.goto(link)
    await page.locator('#qr svg').waitFor()
    expect(await page.locator('#clock').textContent()).toBe('18:45')
    const first = await qrOf(page)
    await bot.at('2026-11-25T18:45:29+08:00')
    await expect.poll(() => qrOf(page), { timeout: 10_000 }).not.toBe(first)
    expect(await scans(bot, minutes < 0 ? 'zhangsan' : 'lisi', (await photograph(page)) ?? '')).toContain('签到成功')
    await bot.at(EVENING)
    await context.close()
  }
}, 60_000)

it('without the network says so calmly, hides a code that has died, and is back by itself', async () => {
  const { bot, link } = await startScreen(EVENING)
  const { page, context } = await openScreen(link)
  const lost = page.locator('#lost')
  const code = (await page.locator('#code').textContent()) ?? ''
  expect(await lost.isVisible()).toBe(false)
  await context.setOffline(true)
  await page.clock.fastForward(16_000)
  await lost.waitFor()
  expect(await lost.textContent()).toBe('正在重新连接')
  expect(await page.locator('#qr').isVisible()).toBe(true)
  await page.clock.fastForward(60_000)
  await page.locator('#asking').waitFor()
  expect(await page.locator('#qr').isVisible()).toBe(false)
  expect(await page.locator('#code').textContent()).toBe(code)
  await bot.says('zhangsan', '签到')
  await context.setOffline(false)
  await page.clock.fastForward(6000)
  await page.locator('#qr svg').waitFor()
  await lost.waitFor({ state: 'hidden' })
  expect(await countOf(page)).toBe('1 / 15')
  expect(await scans(bot, 'lisi', (await photograph(page)) ?? '')).toContain('签到成功')
  await context.close()
}, 60_000)

it('finds a service that was started again, and goes when the meeting is over', async () => {
  setLogLevel('silent')
  const folder = await mkdtemp(join(tmpdir(), 'zhibu-screen-'))
  const config = readConfig({ PORT: '0', STORE_URL: `file:${folder}`, CLOCK: '2026-11-24T18:45:00+08:00' })
  let service = await createService(config)
  const port = await service.listen()
  await service.say('wangjianguo', '会议 新建 党课 今晚7点 村部 学习')
  await service.say('wangjianguo', '发布')
  const link = /http:\S+/.exec((await service.say('wangjianguo', '会议 签到码')).reply)?.[0] ?? ''
  const { page, context } = await openScreen(link)
  const first = await qrOf(page)
  await service.close()
  await page.clock.fastForward(16_000)
  await page.locator('#lost').waitFor()
  service = await createService({ ...config, port, clock: new Date('2026-11-24T19:05:00+08:00') })
  await service.listen()
  await page.clock.fastForward(6000)
  await page.locator('#lost').waitFor({ state: 'hidden' })
  await page.locator('#qr svg').waitFor()
  expect(await qrOf(page)).not.toBe(first)
  expect(await page.locator('#clock').textContent()).toBe('19:05')
  await service.simulator?.scan('liuyang', (await qrOf(page)) ?? '')
  await expect.poll(() => countOf(page)).toMatch(/^1 \/ /)
  await service.say('wangjianguo', '会议 结束')
  await page.getByText('会议已结束，谢谢大家').waitFor()
  for (const gone of ['#qr', '#code', '#clock', '#lost']) expect(await page.locator(gone).isVisible(), gone).toBe(false)
  await page.clock.fastForward(120_000)
  expect(await page.locator('#lost').isVisible()).toBe(false)
  await context.close()
  await service.close()
  await rm(folder, { recursive: true })
  resetClock()
}, 60_000)

it.each([
  { width: 1920, height: 1080 },
  HALL,
  { width: 1366, height: 768 },
  { width: 1024, height: 768 },
  { width: 800, height: 600 },
  { width: 375, height: 667 },
])(
  'is whole at $width × $height, and read from the last row',
  async viewport => {
    const { link } = await startScreen(EVENING)
    const { page, context } = await openScreen(link, viewport)
    const { across, down } = await page.evaluate<{ across: number; down: number }>(
      '({ across: document.documentElement.scrollWidth - innerWidth, down: document.documentElement.scrollHeight - innerHeight })',
    )
    expect(across).toBe(0)
    expect(down).toBe(0)
    const boxes = await Promise.all(['#scan', '#code', '#count', '#says'].map(id => page.locator(id).boundingBox()))
    for (const box of boxes) {
      expect(box?.x).toBeGreaterThanOrEqual(0)
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(viewport.width)
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(viewport.height)
    }
    const digits = await page.evaluate<number>(`(() => {
    const style = getComputedStyle(document.getElementById('code'))
    const drawing = document.createElement('canvas').getContext('2d')
    drawing.font = style.fontWeight + ' ' + style.fontSize + ' ' + style.fontFamily
    return drawing.measureText('8').actualBoundingBoxAscent
  })()`)
    if (viewport.width > viewport.height) expect(digits / viewport.height).toBeGreaterThan(0.2)
    else expect(digits / viewport.width).toBeGreaterThan(0.18)
    await context.close()
  },
  30_000,
)

it('is what the simulated telephone’s camera sees, given the address', async () => {
  const { bot, link } = await startScreen(EVENING, '现场码')
  const page = await openChat(browser, `${new URL(link).origin}/simulator#left=wangshuji&right=zhangsan`, HALL, faults)
  const phone = page.getByTestId('phone-right')
  const camera = async (text: string) => {
    if (!(await phone.getByTestId('scan').isVisible())) await phone.getByTestId('more').click()
    await phone.getByTestId('scan').click()
    await phone.getByTestId('scan-text').fill(text)
    await phone.getByTestId('scan-done').click()
  }
  await camera(link.replace('localhost', '127.0.0.1'))
  await phone.getByTestId('bubble').filter({ hasText: '签到成功' }).waitFor()
  await camera('https://example.org/screen/x')
  await phone.getByTestId('bubble').filter({ hasText: '这不是会议的签到码' }).waitFor()
  await bot.at('2026-11-25T10:00:00+08:00')
  await camera(link)
  await page.getByText('那个网页上现在没有二维码').waitFor()
  await page.context().close()
}, 30_000)

it('shows a browser without event streams what there is, anew every quarter of a minute', async () => {
  const { bot, link } = await startScreen(EVENING)
  const context = await browser.newContext({ viewport: HALL })
  await context.addInitScript('delete window.EventSource')
  const page = await context.newPage()
  page.on('pageerror', error => faults.push(error.message))
  await page.clock.install()
  await page.goto(link)
  await page.locator('#qr svg').waitFor()
  await bot.says('zhangsan', '签到')
  await page.clock.fastForward(16_000)
  await expect.poll(() => countOf(page)).toBe('1 / 15')
  await context.close()
}, 30_000)

it('loads nothing from elsewhere and makes no errors', () => {
  expect(faults).toEqual([])
})
