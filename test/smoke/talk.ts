import { setTimeout as delay } from 'node:timers/promises'

/** A first meeting of the sample township over the chat page's own routes: every word crosses the encrypted wire. */
interface Item {
  text: string
}
type Say = (userId: string, line: string) => Promise<string>

const MOST_MS = 10_000

export async function talk(origin: string, say: Say): Promise<void> {
  const page = new Page(origin)
  await page.post('clock', { weekday: 2, time: '10:00' })

  await page.says('wangjianguo', '会议 新建 党课 周四19:00 村党群服务中心 学习党章第三章', '发给 21 人（3 人无手机）')
  await page.does('press', { userId: 'wangjianguo', label: '发布' }, 'wangjianguo', '已发布 m-1')
  await page.shows('zhengshuisheng', '请您参加：党课 · 学习党章第三章')
  await page.says('liuyang', '请假 孩子发烧', '请假待批')
  // What is sent to others comes behind the reply: a card that is not there yet cannot be pressed.
  await page.shows('wangjianguo', '刘洋 请假')
  await page.does('press', { userId: 'wangjianguo', label: '准假' }, 'liuyang', '您的请假已准')

  await page.says('zhangguofu', '签到', '18:30 开始签到')
  await page.post('clock', { weekday: 4, time: '18:45' })
  await page.says('zhangguofu', '签到', '签到成功，第 1 位')
  await page.says('zhengshuisheng', '／签到', '签到成功，第 2 位')
  expectIn(await say('wangjianguo', '签到'), '签到成功，第 3 位', 'npm run say')
  await page.says('wangjianguo', '补签 何大山 陆玉芬', '已补签 2 人')
  expectIn(await say('wangjianguo', '会议 结束'), '应到 17 实到 5 请假 1 缺席 13 到会率 29%', 'npm run say')
  await page.says('zhangguofu', '签到', '已签到')
}

class Page {
  constructor(private readonly origin: string) {}

  async post(action: string, body: object): Promise<void> {
    const response = await fetch(`${this.origin}/simulator/api/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${action}: ${response.status} ${text}`)
    const { problem } = JSON.parse(text || '{}') as { problem?: string | null }
    if (problem) throw new Error(`${action}: ${problem}`)
  }

  says(userId: string, text: string, answer: string): Promise<void> {
    return this.does('say', { userId, text }, userId, answer)
  }

  /** Does it, and waits until the phone of `reader` shows something new that holds the words. */
  async does(action: string, body: object, reader: string, words: string): Promise<void> {
    const before = (await this.#received(reader)).length
    await this.post(action, body)
    await this.shows(reader, words, before)
  }

  async shows(userId: string, words: string, since = 0): Promise<void> {
    const limit = Date.now() + MOST_MS
    let texts: string[] = []
    while (Date.now() < limit) {
      texts = (await this.#received(userId)).slice(since)
      if (texts.some(text => text.includes(words))) return
      await delay(50)
    }
    expectIn(texts.join('\n'), words, userId)
  }

  async #received(userId: string): Promise<string[]> {
    const response = await fetch(`${this.origin}/simulator/api/chat/${userId}`)
    const { items } = (await response.json()) as { items: Item[] }
    return items.map(item => item.text)
  }
}

function expectIn(text: string, words: string, where: string): void {
  if (!text.includes(words)) throw new Error(`${where}: '${words}' is not in:\n${text}`)
}
