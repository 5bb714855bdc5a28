import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { createService, type Service } from '../../src/service.ts'
import { launchBrowser } from '../browser.ts'

/** The first ten minutes of a newcomer: the guide's four steps at the chat page, with the sample township. */
let browser: Browser
let service: Service
let folder: string
let address: string

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhibu-e2e-'))
  const config = readConfig({ STORE_URL: `file:${folder}`, CLOCK: '2026-11-24T10:00:00+08:00' })
  service = await createService({ ...config, port: 0 })
  address = `http://127.0.0.1:${await service.listen()}/simulator`
})
afterEach(async () => {
  await service.close()
  await rm(folder, { recursive: true, force: true })
})

async function open(width: number, height: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height } })
  const page = await context.newPage()
  await page.goto(address)
  await page.locator('body[data-ready=true]').waitFor()
  return page
}

const overflow = (page: Page) => page.evaluate('document.documentElement.scrollWidth - innerWidth')
const heard = (phone: Locator, text: string) => phone.getByTestId('bubble').filter({ hasText: text }).last().waitFor()

async function walk(page: Page, narrow: boolean): Promise<void> {
  const left = page.getByTestId('phone-left')
  const right = page.getByTestId('phone-right')
  const step = async (number: number) => {
    const first = left.getByTestId(`try-${number}`)
    if (narrow && (await first.isVisible())) return first.click()
    if (narrow && !(await page.getByTestId(`step-${number}`).isVisible())) await page.getByTestId('tools').click()
    await page.getByTestId(`step-${number}`).click()
  }
  await step(1)
  expect(await page.getByTestId('toast').textContent()).toContain('按“发送”')
  await left.getByTestId('send').click()
  expect(await page.getByTestId('toast').textContent()).toBe('')
  await heard(left, '预览 d-1')
  const heights = await left
    .getByTestId('card-button')
    .evaluateAll(buttons => buttons.map(button => button.getBoundingClientRect().height))
  expect(Math.max(...heights)).toBeLessThan(50)
  await left.getByTestId('card-button').filter({ hasText: '发布' }).click()
  await heard(left, '已发布 m-1')
  await left.getByTestId('card-greyed').filter({ hasText: '已发布 m-1' }).waitFor()
  await step(2)
  await right.getByTestId('send').click()
  await heard(right, '签到成功，第 1 位')
  await step(3)
  await left.getByTestId('send').click()
  await heard(left, '预览 d-2')
  await left.getByTestId('card-button').filter({ hasText: '发布' }).click()
  await heard(left, '已补签 16 人')
  await step(4)
  await left.getByTestId('send').click()
  await heard(left, '应到 17 实到 17')
  expect(await overflow(page)).toBe(0)
}

describe('a newcomer', () => {
  it('calls a meeting, checks in, fills in from paper and closes it on two phones side by side', async () => {
    await walk(await open(1280, 800), false)
  })

  it('does the same on a screen of 375 px', async () => {
    await walk(await open(375, 740), true)
  })
})
