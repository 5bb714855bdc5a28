import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resetClock } from '../../src/clock.ts'
import { textOf } from '../../src/wecom/xml.ts'
import { launchBrowser, openChat } from '../browser.ts'
import { AGENT, card, startEchoBot } from './echo-bot.ts'

describe('the chat page', () => {
  let peer: Awaited<ReturnType<typeof startEchoBot>>
  let browser: Browser
  const faults: string[] = []
  beforeAll(async () => {
    peer = await startEchoBot()
    browser = await launchBrowser()
  })
  afterAll(async () => {
    resetClock()
    await browser?.close()
    await peer?.stop()
  })

  const open = (width: number, height: number, hash = '') =>
    openChat(browser, `${peer.address()}/simulator${hash}`, { width, height }, faults)

  const overflow = (page: Page) => page.evaluate('document.documentElement.scrollWidth - innerWidth')
  const phone = (page: Page, side: 'left' | 'right') => page.getByTestId(`phone-${side}`)

  it('shows two phones side by side at 1280 px, the secretary on the left', async () => {
    const page = await open(1280, 800)
    expect(await page.getByTestId('step-4').isVisible()).toBe(true)
    expect(await phone(page, 'left').getByTestId('who').textContent()).toContain('王建国')
    expect(await phone(page, 'right').getByTestId('who').textContent()).toContain('张三')
    expect(await overflow(page)).toBe(0)
    await phone(page, 'left').getByTestId('box').fill('会议 <b>新建</b>')
    await phone(page, 'left').getByTestId('box').press('Enter')
    await phone(page, 'left').getByTestId('bubble').filter({ hasText: '听到：会议 <b>新建</b>' }).waitFor()
    expect(await phone(page, 'right').getByTestId('bubble').count()).toBe(0)
    await page.reload()
    await phone(page, 'left').getByTestId('bubble').filter({ hasText: '听到：' }).waitFor()
    await page.context().close()
  })

  it('shows the guide in an empty chat where the panel is not beside it', async () => {
    const narrow = await open(375, 667, '#left=lisi&right=Zhangsan')
    const steps = phone(narrow, 'left').getByTestId(/^try-/)
    for (const step of await steps.all()) expect(await step.isVisible()).toBe(true)
    expect(await steps.count()).toBe(4)
    await steps.first().click()
    const box = phone(narrow, 'left').getByTestId('box')
    await expect.poll(() => box.inputValue()).toContain('会议 新建 党课')
    await narrow.context().close()
    const wide = await open(1280, 800, '#left=lisi&right=Zhangsan')
    expect(await phone(wide, 'left').getByTestId('try-1').isVisible()).toBe(false)
    await wide.context().close()
  })

  it('greys a card when the bot answers the press of its button', async () => {
    const page = await open(1280, 800, '#left=wangjianguo&right=lisi')
    peer.bot.answer = async node => {
      const settle = {
        agentid: AGENT,
        response_code: textOf(node, 'ResponseCode'),
        button: { replace_name: '已发布 m-17' },
      }
      await peer.api('message/update_template_card', { userids: ['wangjianguo'], ...settle })
      return null
    }
    await peer.api('message/send', card('wangjianguo|lisi', 'd-12_page'))
    await phone(page, 'left').getByTestId('card-button').filter({ hasText: '发布' }).click()
    await phone(page, 'left').getByTestId('card-greyed').filter({ hasText: '已发布 m-17' }).waitFor()
    expect(await phone(page, 'left').getByTestId('card-button').count()).toBe(0)
    await phone(page, 'right').getByTestId('bubble').filter({ hasText: '请在企业微信中查看' }).waitFor()
    await page.context().close()
  })

  it('says who has something unread, and hands him a phone', async () => {
    const page = await open(1280, 800, '#left=wangjianguo&right=lisi')
    await peer.api('message/send', {
      touser: 'zhangsan',
      msgtype: 'text',
      agentid: AGENT,
      text: { content: '明晚7点党课' },
    })
    await page.getByTestId('recent-person').filter({ hasText: '张三' }).click()
    await phone(page, 'right').getByTestId('bubble').filter({ hasText: '明晚7点党课' }).waitFor()
    await page.getByTestId('recent-none').waitFor()
    await page.context().close()
  })

  it('moves the clock and breaks things', async () => {
    const page = await open(1280, 800)
    await page.getByTestId('clock-thursday').click()
    await page.getByTestId('clock').filter({ hasText: '周四 18:45' }).waitFor()
    await page.getByTestId('clock-to').fill('2026-12-01T08:00')
    await page.getByTestId('clock-set').click()
    await page.getByTestId('clock').filter({ hasText: '12月1日 周二 08:00' }).waitFor()
    await page.getByText('消息送两次').click()
    await page.locator('[data-fault=deliverTwice][aria-pressed=true]').waitFor()
    expect(peer.simulator.faults.pending.deliverTwice).toBe(true)
    peer.simulator.faults.deliverTwice(false)
    await page.context().close()
  })

  it('works on a telephone of 375 px: one phone, a switch, large buttons, no sideways scrolling', async () => {
    peer.bot.answer = async node => `听到：${textOf(node, 'Content') ?? textOf(node, 'EventKey')}`
    const page = await open(375, 667)
    expect(await phone(page, 'right').isVisible()).toBe(false)
    await page.getByTestId('tab-right').click()
    expect(await phone(page, 'left').isVisible()).toBe(false)
    const right = phone(page, 'right')
    await right.getByTestId('who').click()
    expect(await right.getByTestId('person').filter({ hasText: '沈老根' }).textContent()).toContain(
      '由书记从纸质名单补签',
    )
    await right.getByTestId('search').fill('lisi')
    await right.getByTestId('person').click()
    await right.getByTestId('who').filter({ hasText: '李四' }).waitFor()
    await right.getByTestId('menu').getByText('签到').click()
    await right.getByTestId('bubble').filter({ hasText: '听到：/签到' }).waitFor()
    const small = `[...document.querySelectorAll('button,input')].filter(n => n.checkVisibility() && n.getBoundingClientRect().height < 44).map(n => n.outerHTML)`
    expect(await page.evaluate(small)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await page.getByTestId('tools').click()
    expect(await page.evaluate(small)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await page.getByTestId('step-1').click()
    expect(await phone(page, 'left').getByTestId('box').inputValue()).toContain('会议 新建 党课')
    await page.context().close()
  })

  it.each([375, 1280])('shows a file as a link that saves it, at %d px', async width => {
    const name = '云岭乡水泉村党支部党费收缴登记表 2026年第四季度.xlsx'
    const bytes = new Uint8Array([80, 75, 3, 4, 5, 6])
    const form = new FormData()
    form.append('media', new Blob([bytes]), name)
    const upload = `/simulator/wecom/cgi-bin/media/upload?type=file&access_token=${await peer.token()}`
    const answer = await fetch(peer.address() + upload, { method: 'POST', body: form })
    const { media_id: mediaId } = (await answer.json()) as { media_id: string }
    const file = { touser: 'lisi', msgtype: 'file', agentid: AGENT, file: { media_id: mediaId } }
    await peer.api('message/send', file)
    const page = await open(width, 700, '#left=lisi&right=Zhangsan')
    const link = phone(page, 'left').getByTestId('file').last()
    await link.waitFor()
    expect(await link.textContent()).toContain(name)
    expect(await overflow(page)).toBe(0)
    const box = await link.boundingBox()
    expect(box?.height).toBeGreaterThanOrEqual(44)
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    expect(download.suggestedFilename()).toBe(name)
    const saved = await readFile(await download.path())
    expect(new Uint8Array(saved)).toEqual(bytes)
    await page.context().close()
  })

  it('loads nothing from elsewhere and makes no errors', () => {
    expect(faults).toEqual([])
  })

  it('connects again by itself after a cut and shows what came meanwhile', async () => {
    const page = await open(1280, 800, '#left=wangjianguo&right=zhangsan')
    await peer.cut()
    await peer.api('message/send', {
      touser: 'zhangsan',
      msgtype: 'text',
      agentid: AGENT,
      text: { content: '断线时发的' },
    })
    await phone(page, 'right').getByTestId('bubble').filter({ hasText: '断线时发的' }).waitFor()
    await page.context().close()
  })
})
