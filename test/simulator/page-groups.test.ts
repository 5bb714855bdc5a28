import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resetClock } from '../../src/clock.ts'
import { textOf } from '../../src/wecom/xml.ts'
import { launchBrowser, openChat } from '../browser.ts'
import { AGENT, startEchoBot, text } from './echo-bot.ts'

const SIZES = [
  { width: 1280, height: 800 },
  { width: 375, height: 667 },
]
const HOLDERS = '#left=wangjianguo&right=Zhangsan'
const SMALL = `[...document.querySelectorAll('button,input')].filter(n => n.checkVisibility() && n.getBoundingClientRect().height < 44).map(n => n.outerHTML)`

describe.each(SIZES)('the chat page at $width px', ({ width, height }) => {
  let peer: Awaited<ReturnType<typeof startEchoBot>>
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const narrow = width < 900
  beforeAll(async () => {
    peer = await startEchoBot()
    peer.bot.answer = async node => {
      const scanned = node.children.find(({ name }) => name === 'ScanCodeInfo')
      return `听到：${(scanned && textOf(scanned, 'ScanResult')) ?? textOf(node, 'Content') ?? textOf(node, 'EventKey')}`
    }
    browser = await launchBrowser()
    page = await openChat(browser, `${peer.address()}/simulator${HOLDERS}`, { width, height }, faults)
  })
  afterAll(async () => {
    resetClock()
    await browser?.close()
    await peer?.stop()
  })

  const phone = (side: 'left' | 'right') => page.getByTestId(`phone-${side}`)
  const bubble = (side: 'left' | 'right', hasText: string) =>
    phone(side).getByTestId('bubble').filter({ hasText }).last()
  const take = async (side: 'left' | 'right') => {
    if (narrow) await page.getByTestId(`tab-${side}`).click()
  }
  const tools = async () => {
    if (narrow && !(await page.getByTestId('panel').isVisible())) await page.getByTestId('tools').click()
  }
  async function fits(): Promise<void> {
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    expect(await page.evaluate(SMALL)).toEqual([])
  }
  const tab = (side: 'left' | 'right', name: string) =>
    phone(side).getByTestId('chat-tab').filter({ hasText: name }).first()

  it('shows a group to its members: what is posted, how much of it is unread, and no box to write in', async () => {
    await take('left')
    expect(await phone('left').getByTestId('chats').isVisible()).toBe(false)
    const userlist = ['wangjianguo', 'Zhangsan']
    await peer.api('appchat/create', { chatid: 'shuiquan', name: '水泉党支部群', userlist })
    await peer.api('appchat/send', { chatid: 'shuiquan', msgtype: 'text', text: { content: '明晚7点党课' } })
    await tab('left', '水泉党支部群').getByText('1').waitFor()
    await tab('left', '水泉党支部群').click()
    await bubble('left', '明晚7点党课').waitFor()
    await expect.poll(() => tab('left', '水泉党支部群').textContent()).toBe('水泉党支部群')
    expect(await phone('left').getByTestId('box').isVisible()).toBe(false)
    expect(await phone('left').getByTestId('menu').isVisible()).toBe(false)
    expect(await phone('left').getByTestId('read-only').textContent()).toContain('2 人。机器人听不到群里的话')
    await peer.api('appchat/send', { chatid: 'shuiquan', msgtype: 'text', text: { content: '改到后天' } })
    await bubble('left', '改到后天').waitFor()
    await fits()
    await tab('left', '机器人').click()
    expect(await bubble('left', '改到后天').count()).toBe(0)
    expect(await phone('left').getByTestId('box').isVisible()).toBe(true)
  })

  it('gives the key of a robot, ready to be sent, and dissolves a group', async () => {
    await take('left')
    await tab('left', '水泉党支部群').click()
    await tools()
    await page.getByTestId('add-robot').click()
    const box = phone('left').getByTestId('box')
    await expect.poll(() => box.inputValue()).toMatch(/^群 机器人 [0-9a-f-]{36}$/)
    const key = (await box.inputValue()).split(' ').at(-1) ?? ''
    await peer.post(`webhook/send?key=${key}`, { msgtype: 'text', text: { content: '工作群里的话' } })
    await tab('left', '水泉村党支部工作群').click()
    await bubble('left', '工作群里的话').waitFor()
    expect(peer.simulator.groups.find(({ id }) => id === key)?.members).toEqual(['wangjianguo', 'Zhangsan', 'lisi'])
    await tools()
    await fits()
    await page.getByTestId('dissolve').filter({ hasText: '水泉党支部群' }).click()
    await page.getByTestId('group').filter({ hasText: '水泉党支部群' }).getByText('已解散').waitFor()
    const late = { chatid: 'shuiquan', msgtype: 'text', text: { content: '还在吗' } }
    expect((await peer.api('appchat/send', late)).errcode).toBe(49008)
    await take('left')
    await tab('left', '水泉党支部群').click()
    await expect.poll(() => phone('left').getByTestId('read-only').textContent()).toBe('“水泉党支部群”已解散。')
    await tab('left', '机器人').click()
  })

  it('has the menu that the bot made, with scanning by typing', async () => {
    await take('right')
    expect(await phone('right').getByTestId('menu').textContent()).toBe('签到我的帮助')
    const below = [
      { type: 'scancode_waitmsg', name: '扫码签到', key: 'scan' },
      { type: 'click', name: '打字签到', key: '/签到' },
    ]
    const button = [
      { name: '到会', sub_button: below },
      { type: 'click', name: '我的', key: '/我的' },
    ]
    const query = `agentid=${AGENT}&access_token=${await peer.token()}`
    expect((await peer.post(`menu/create?${query}`, { button })).errcode).toBe(0)
    await peer.api('message/send', text('zhangsan', '有新菜单了'))
    const menu = phone('right').getByTestId('menu')
    await menu.getByText('到会').click()
    await fits()
    await menu.getByText('打字签到').click()
    await bubble('right', '听到：/签到').waitFor()
    expect(await menu.getByText('打字签到').isVisible()).toBe(false)
    await menu.getByText('到会').click()
    await menu.getByText('扫码签到').click()
    expect(await phone('right').getByTestId('box').isVisible()).toBe(false)
    await fits()
    await phone('right').getByTestId('scan-text').fill('/签到 m-9.K3F7Q2')
    await phone('right').getByTestId('scan-done').click()
    await bubble('right', '听到：/签到 m-9.K3F7Q2').waitFor()
    expect(await phone('right').getByTestId('box').isVisible()).toBe(true)
  })

  it('shows pictures, in WeChat too, and a line where a message was recalled', async () => {
    await take('right')
    await phone('right').getByTestId('more').click()
    await phone('right').getByTestId('picture').click()
    await phone('right').locator('[data-from=me][data-kind=image] img').waitFor()
    const mediaId = peer.simulator.timeline('zhangsan').findLast(({ kind }) => kind === 'image')?.picture
    const send = { touser: 'zhangsan', msgtype: 'image', agentid: AGENT, image: { media_id: mediaId } }
    const { msgid } = await peer.api('message/send', send)
    const sent = phone('right').locator('[data-from=push][data-kind=image] img')
    const drawn = `document.querySelector('[data-side=right] [data-from=push] img')?.naturalWidth`
    await expect.poll(() => page.evaluate(drawn)).toBe(240)
    await phone('right').getByTestId('look-wechat').click()
    await phone('right').locator('[data-look=wechat][aria-pressed=true]').waitFor()
    expect(await sent.count()).toBe(1)
    await peer.api('message/recall', { msgid })
    expect(await sent.count()).toBe(1)
    await phone('right').getByTestId('look-wecom').click()
    await bubble('right', '撤回了一条消息').waitFor()
    expect(await sent.count()).toBe(0)
    await fits()
  })

  it('goes to the end of the quiet hours', async () => {
    await tools()
    await page.getByTestId('clock-to').fill('2026-12-01T21:30')
    await page.getByTestId('clock-set').click()
    await page.getByTestId('clock').filter({ hasText: '12月1日 周二 21:30' }).waitFor()
    await page.getByTestId('clock-morning').click()
    await page.getByTestId('clock').filter({ hasText: '12月2日 周三 08:00' }).waitFor()
    await page.getByTestId('clock-plus-day').click()
    await page.getByTestId('clock').filter({ hasText: '12月3日 周四 08:00' }).waitFor()
  })

  it('makes no errors', () => {
    expect(faults).toEqual([])
  })
})
