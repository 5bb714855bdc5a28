import type { News } from '../../src/web/room.ts'
import { startBot, type TestBot } from '../bot.ts'

/** A lesson at seven this evening, m-1, and its venue screen. */
export async function callLesson(bot: TestBot, option: '发布' | '现场码' = '发布'): Promise<string> {
  await bot.says('wangshuji', '会议 新建 党课 今晚7点 村党群服务中心 学习党章第三章')
  await bot.chooses('wangshuji', option)
  return linkFor(bot)
}

export async function linkFor(bot: TestBot): Promise<string> {
  const answer = await bot.says('wangshuji', '会议 签到码 1')
  const link = /http:\/\/localhost:\d+\/screen\/\S+$/mu.exec(answer)?.[0]
  if (!link) throw new Error(answer)
  return link
}

export async function startScreen(at: string, option?: '发布' | '现场码'): Promise<{ bot: TestBot; link: string }> {
  const bot = await startBot({ at: '2026-11-25T10:00:00+08:00' })
  const link = await callLesson(bot, option)
  await bot.at(at)
  return { bot, link }
}

/** The line in the QR code that the page shows when it is opened; '': none. */
export async function shownBy(link: string): Promise<string> {
  const page = await (await fetch(link)).text()
  return /data-qr="([^"]*)"/.exec(page)?.[1] ?? ''
}

export async function scans(bot: TestBot, userId: string, text: string): Promise<string> {
  bot.forget(userId)
  await bot.simulator.scan(userId, text)
  await bot.idle()
  return bot.newFor(userId)
}

/** One screen by hand: what it hears, and the end of it. */
export async function watch(link: string, name?: string) {
  const controller = new AbortController()
  const response = await fetch(`${link}/stream${name === undefined ? '' : `?screen=${name}`}`, {
    signal: controller.signal,
  })
  const heard: News[] = []
  let raw = ''
  const ended = read(response, text => {
    raw += text
    const events = raw.split('\n\n')
    heard.length = 0
    for (const event of events.slice(0, -1)) if (event.startsWith('data: ')) heard.push(JSON.parse(event.slice(6)))
  })
  return {
    response,
    heard,
    raw: () => raw,
    /** 'whole': the service ended the stream; 'broken': somebody hung up. */
    ended,
    hangUp: () => controller.abort(),
    /** The newest of what was said of each. */
    view: () => heard.findLast(news => news.view)?.view,
    line: () => heard.findLast(news => news.qr !== undefined)?.qr?.line,
  }
}

async function read(response: Response, take: (text: string) => void): Promise<'whole' | 'broken'> {
  const decoder = new TextDecoder()
  try {
    for await (const bytes of response.body ?? []) take(decoder.decode(bytes, { stream: true }))
    return 'whole'
  } catch {
    return 'broken'
  }
}
