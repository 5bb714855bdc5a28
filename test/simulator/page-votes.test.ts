import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resetClock } from '../../src/clock.ts'
import { childOf, textOf } from '../../src/wecom/xml.ts'
import { launchBrowser, openChat } from '../browser.ts'
import { AGENT, startEchoBot, vote } from './echo-bot.ts'

describe('a vote card on the chat page', () => {
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

  const open = (width: number) =>
    openChat(browser, `${peer.address()}/simulator#left=Zhangsan&right=wangjianguo`, { width, height: 800 }, faults)

  const settle = (responseCode: string | undefined, name: string) =>
    peer.api('message/update_template_card', {
      userids: ['zhangsan'],
      agentid: AGENT,
      response_code: responseCode,
      button: { replace_name: name },
    })
  const cardOf = (page: Page, taskId: string) => page.locator(`[data-side=left] [data-task="${taskId}"]`)
  const overflow = (page: Page) => page.evaluate('document.documentElement.scrollWidth - innerWidth')
  const small = `[...document.querySelectorAll('.card label, .card button')].filter(n => n.checkVisibility() && n.getBoundingClientRect().height < 44).map(n => n.outerHTML)`

  it.each([375, 1280])('several options are boxes: ticked, submitted, settled, at %d px', async width => {
    const page = await open(width)
    await peer.api('message/send', vote('zhangsan', `multiple-${width}`))
    const card = cardOf(page, `multiple-${width}`)
    await card.getByTestId('option').first().waitFor()
    expect(await card.getByRole('checkbox').count()).toBe(3)
    expect(await page.evaluate(small)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await card.getByText('A. 3人').click()
    await card.getByText('B. 4人').click()
    await card.getByText('C. 5人').click()
    await card.getByText('B. 4人').click()
    peer.bot.answer = async node => {
      const items = childOf(node, 'SelectedItems')
      expect(items && childOf(items, 'SelectedItem')).toBeDefined()
      await settle(textOf(node, 'ResponseCode'), '答对了')
      return null
    }
    await card.getByRole('button', { name: '提交' }).click()
    await card.getByTestId('card-greyed').filter({ hasText: '答对了' }).waitFor()
    expect(peer.heard.at(-1)?.xml).toContain(
      '<OptionId><![CDATA[A]]></OptionId><OptionId><![CDATA[C]]></OptionId></OptionIds>',
    )
    const options = await card.getByTestId('option').all()
    await expect.poll(() => Promise.all(options.map(option => option.isChecked()))).toEqual([true, false, true])
    expect(await Promise.all(options.map(option => option.isDisabled()))).toEqual([true, true, true])
    expect(await card.getByRole('button', { name: '提交' }).count()).toBe(0)
    await page.context().close()
  })

  it.each([375, 1280])(
    'one of twenty long options is a radio button, and nothing scrolls sideways, at %d px',
    async width => {
      const page = await open(width)
      const option_list = Array.from({ length: 20 }, (_, at) => ({
        id: String.fromCharCode(65 + at),
        text: `${String.fromCharCode(65 + at)}. 有表决权、选举权和被选举…`,
      }))
      const checkbox = { question_key: 'answer', mode: 0, option_list }
      const main_title = { title: '题'.repeat(36), desc: '文'.repeat(44) }
      await peer.api('message/send', vote('zhangsan', `single-${width}`, { checkbox, main_title }))
      const card = cardOf(page, `single-${width}`)
      await card.getByTestId('option').first().waitFor()
      expect(await card.getByRole('radio').count()).toBe(20)
      expect(await page.evaluate(small)).toEqual([])
      expect(await overflow(page)).toBe(0)
      await card.locator('label').nth(0).click()
      await card.locator('label').nth(19).click()
      peer.bot.answer = async () => '这道题还开着。'
      await card.getByRole('button', { name: '提交' }).click()
      await page.getByTestId('bubble').filter({ hasText: '（按了“提交”：T）' }).last().waitFor()
      expect(await card.getByRole('radio', { checked: true }).getAttribute('value')).toBe('T')
      // The bubble stands before the bot has answered; until then the button waits.
      await expect.poll(() => card.getByRole('button', { name: '提交' }).isEnabled()).toBe(true)
      await page.context().close()
    },
  )

  it('makes no errors', () => {
    expect(faults).toEqual([])
  })
})
