import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { setLogLevel } from '../../src/log.ts'
import { people } from '../../src/store/collections.ts'
import { Room } from '../../src/web/room.ts'
import { Rooms } from '../../src/web/rooms.ts'
import { read, withoutComments } from '../house/sources.ts'
import { linkFor, scans, shownBy, startScreen, watch } from './stage.ts'

const EVENING = '2026-11-25T18:45:10+08:00'
const until = (check: () => void) => vi.waitFor(check, { timeout: 8000, interval: 50 })

describe('the link of the venue screen', () => {
  it('says before the window when check-in opens, and shows nothing to take away', async () => {
    const { bot, link } = await startScreen('2026-11-25T10:00:00+08:00')
    const code = /签到码 (\d{4})/.exec(await bot.says('wangshuji', '签到码'))?.[1] ?? ''
    const page = await (await fetch(link)).text()
    expect(page).toContain('18:30 开始签到')
    expect(page).toContain('党课 · 学习党章第三章')
    expect(page).not.toContain(code)
    expect(await shownBy(link)).toBe('')
    const screen = await watch(link)
    await until(() => expect(screen.view()).toMatchObject({ phase: 'before', code: '', count: '' }))
    expect(screen.line()).toBeUndefined()
    await bot.at('2026-11-25T18:30:00+08:00')
    await until(() => expect(screen.view()).toMatchObject({ phase: 'open', code, count: '0 / 15' }))
    expect(screen.line()).toBe(await shownBy(link))
    screen.hangUp()
  })

  it('opens nothing where a letter of it is wrong, in whatever form', async () => {
    const { link } = await startScreen(EVENING)
    const wrong = link.endsWith('0') ? `${link.slice(0, -1)}1` : `${link.slice(0, -1)}0`
    const base = link.slice(0, link.lastIndexOf('/') + 1)
    for (const address of [wrong, `${base}1`, `${base}m-1`, `${base}..%2f..%2fetc`, `${base}%ff`, `${wrong}/stream`]) {
      const answer = await fetch(address)
      expect(answer.status, address).toBe(404)
      expect(await answer.text()).not.toContain('党课')
    }
    expect((await fetch(link, { method: 'POST' })).status).toBe(404)
    expect((await fetch(`${base}assets/..%2fscreen.ts`)).status).toBe(404)
  })

  it('goes with the meeting, and says so kindly', async () => {
    for (const [end, words] of [
      ['会议 结束', '会议已结束'],
      ['会议 取消 1 停电', '会议已取消'],
    ] as const) {
      const { bot, link } = await startScreen('2026-11-25T19:10:00+08:00')
      const screen = await watch(link)
      await bot.says('wangshuji', end)
      if (words === '会议已取消') await bot.chooses('wangshuji', '发布')
      await until(() => expect(screen.view()).toMatchObject({ phase: 'over', code: '' }))
      expect(screen.view()?.says).toContain(words)
      expect(screen.line()).toBeUndefined()
      await screen.ended
      const answer = await fetch(link)
      expect(answer.status).toBe(410)
      expect(await answer.text()).toContain(words)
      const later = await watch(link)
      await later.ended
      expect(later.view()?.phase).toBe('over')
      await bot.close()
    }
  })

  it('shows after the planned end the count alone, and goes three hours later by itself', async () => {
    const { bot, link } = await startScreen(EVENING)
    await scans(bot, 'zhangsan', await shownBy(link))
    await bot.at('2026-11-25T21:01:00+08:00')
    const screen = await watch(link)
    await until(() => expect(screen.view()).toMatchObject({ phase: 'after', code: '', count: '1 / 15' }))
    expect(screen.view()?.says).toContain('书记补签')
    await bot.at('2026-11-26T08:00:00+08:00')
    await screen.ended
    expect((await fetch(link)).status).toBe(410)
  })

  it('is kept by a meeting that is moved', async () => {
    const { bot, link } = await startScreen(EVENING)
    const screen = await watch(link)
    await until(() => expect(screen.view()?.phase).toBe('open'))
    await bot.says('wangshuji', '会议 改期 1 后天晚上8点')
    await bot.chooses('wangshuji', '发布')
    await until(() =>
      expect(screen.view()).toMatchObject({ phase: 'before', where: '11月27日 周五 20:00 · 村党群服务中心' }),
    )
    expect(screen.line()).toBeUndefined()
    expect((await fetch(link)).status).toBe(200)
    screen.hangUp()
  })

  it('is for nobody else: no cache, no index, no other site, no frame, no log', async () => {
    const { bot, link } = await startScreen(EVENING)
    const answer = await fetch(link)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': expect.stringContaining('noindex'),
      'x-content-type-options': 'nosniff',
    })
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(await answer.text()).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)|\bon\w+=|style=/)
    setLogLevel('debug')
    const written: string[] = []
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation(text => written.push(String(text)) > 0)
    // A fault of ours, and a peer that hangs up.
    const read = vi.spyOn(bot.service.store, 'read').mockRejectedValue(new Error('broken'))
    expect((await fetch(link)).status).toBe(500)
    // A television's keyboard begins with a capital.
    expect((await fetch(link.replace('/screen/', '/Screen/'))).status).toBe(404)
    read.mockRestore()
    spy.mockRestore()
    setLogLevel('silent')
    expect(written.join('')).toContain('request failed')
    expect(written.join('')).not.toContain(link.split('/').at(-1))
  })
})

describe('what a screen hears', () => {
  it('is the count a moment after a check-in, from the paper list too, and never a name', async () => {
    const { bot, link } = await startScreen(EVENING)
    const screen = await watch(link)
    await until(() => expect(screen.view()?.count).toBe('0 / 15'))
    await scans(bot, 'zhangsan', await shownBy(link))
    await until(() => expect(screen.view()?.count).toBe('1 / 15'))
    await bot.says('wangshuji', '补签 李四')
    await until(() => expect(screen.view()?.count).toBe('2 / 15'))
    await bot.says('zhangsan', '撤回')
    await until(() => expect(screen.view()?.count).toBe('1 / 15'))
    const everybody = await bot.service.store.read(tx => tx.all(people))
    const told = screen.raw() + (await (await fetch(link)).text())
    for (const { name, userId, personId } of everybody) {
      expect(told).not.toContain(name)
      expect(told).not.toContain(`"${userId}"`)
      expect(told).not.toContain(`"${personId}"`)
    }
    screen.hangUp()
  })

  it('is another code in each half minute, by the service’s clock, and a beat between them', async () => {
    const { bot, link } = await startScreen('2026-11-25T18:45:25+08:00')
    const screen = await watch(link)
    await until(() => expect(screen.line()).toBeTruthy())
    const first = screen.line() ?? ''
    await until(() => expect(screen.line()).not.toBe(first))
    expect(screen.heard.at(-1)?.qr?.livesMs).toBeGreaterThan(58_000)
    const told = screen.heard.length
    await until(() => expect(screen.heard.length).toBeGreaterThan(told))
    expect(screen.heard.at(-1)?.qr).toBeUndefined()
    expect(screen.heard.at(-1)?.at).toBeGreaterThan(Date.parse('2026-11-25T18:45:30+08:00'))
    await bot.at('2026-11-25T18:55:00+08:00')
    const third = await shownBy(link)
    await until(() => expect(screen.line()).toBe(third))
    screen.hangUp()
  })

  it('says whether a code is wanted', async () => {
    const { bot, link } = await startScreen(EVENING)
    const screen = await watch(link)
    await until(() => expect(screen.view()?.other).toContain('发“签到”两个字'))
    await bot.says('wangshuji', '签到码 1 开')
    await until(() => expect(screen.view()?.other).toContain('发这四个数字'))
    screen.hangUp()
  })

  it('counts the roll as it is now', async () => {
    const { bot, link } = await startScreen(EVENING)
    const screen = await watch(link)
    await until(() => expect(screen.view()?.count).toBe('0 / 15'))
    await bot.service.store.update('township', async tx => {
      const person = await tx.getBy(people, 'userId', 'lisi')
      if (person) await tx.put(people, { ...person, status: 'transferred' })
    })
    await vi.waitFor(() => expect(screen.view()?.count).toBe('0 / 14'), { timeout: 14_000, interval: 100 })
    screen.hangUp()
  }, 20_000)
})

it('the script is of 2015: an old television reads it', () => {
  const script = withoutComments(read('src/web/screen/screen.js'))
  expect(script).not.toMatch(
    /\?\.|\?\?|\*\*|\basync\b|\bawait\b|\bimport\b|\bexport\b|\.\.\.|\.(?:includes|padStart|at|flat|replaceAll|replaceChildren|append|dataset|toggleAttribute|entries|values)\(|catch\s*\{/,
  )
})

describe('many screens', () => {
  it('twenty of a meeting; one more is told so, and let in when another has gone', async () => {
    const { link } = await startScreen(EVENING)
    const screens = await Promise.all(Array.from({ length: 20 }, () => watch(link)))
    for (const screen of screens) await until(() => expect(screen.view()?.phase).toBe('open'))
    const late = await watch(link)
    await late.ended
    expect(late.heard).toEqual([{ at: expect.any(Number), full: true }])
    screens[7]?.hangUp()
    await until(async () => {
      const again = await watch(link)
      await until(() => expect(again.heard.length).toBeGreaterThan(0))
      expect(again.view()?.phase).toBe('open')
      again.hangUp()
    })
    for (const screen of screens) screen.hangUp()
  })

  it('of one page are one screen: the stream that died in silence gives its place to the next', async () => {
    const { link } = await startScreen(EVENING)
    const first = await watch(link, 'projector')
    const others = await Promise.all(Array.from({ length: 19 }, () => watch(link)))
    for (const screen of others) await until(() => expect(screen.view()?.phase).toBe('open'))
    // Nobody has told the service that the network of the first is gone.
    const again = await watch(link, 'projector')
    await until(() => expect(again.view()?.phase).toBe('open'))
    expect(await first.ended).toBe('broken')
    for (const screen of [again, ...others]) screen.hangUp()
  })

  it('that hang up before they are let in take nobody’s place', async () => {
    const { bot } = await startScreen(EVENING)
    const rooms = new Rooms(bot.service.store, Buffer.alloc(32))
    const looks = vi.spyOn(Room.prototype, 'look')
    let left = () => {}
    const gone = new Promise<void>(resolve => {
      left = resolve
    })
    const server = createServer((_, screen) => {
      screen.on('close', () => {
        rooms.enter('m-1', 'a', screen)
        left()
      })
    }).listen(0)
    await once(server, 'listening')
    const socket = connect((server.address() as AddressInfo).port)
    socket.on('error', () => undefined)
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(server, 'request')
    socket.destroy()
    await gone
    expect(looks).not.toHaveBeenCalled()
    looks.mockRestore()
    rooms.close()
    server.close()
  })

  it('are looked for no more when the last has gone', async () => {
    const { bot, link } = await startScreen(EVENING)
    const looks = vi.spyOn(Room.prototype, 'look')
    const screen = await watch(link)
    await until(() => expect(looks.mock.calls.length).toBeGreaterThan(1))
    screen.hangUp()
    await screen.ended
    await new Promise(resolve => setTimeout(resolve, 200))
    looks.mockClear()
    await bot.at('2026-11-25T18:50:00+08:00')
    await new Promise(resolve => setTimeout(resolve, 1500))
    expect(looks).not.toHaveBeenCalled()
    looks.mockRestore()
  })

  it('end at once when the service does, one that takes nothing too', async () => {
    const { bot, link } = await startScreen(EVENING)
    const { port, pathname } = new URL(link)
    const hung = connect(Number(port), '127.0.0.1')
    hung.on('error', () => undefined)
    hung.pause()
    hung.write(`GET ${pathname}/stream HTTP/1.1\r\nHost: x\r\n\r\n`)
    const screens = await Promise.all([watch(link), watch(link)])
    for (const screen of screens) await until(() => expect(screen.view()).toBeDefined())
    const before = performance.now()
    await bot.close()
    expect(performance.now() - before).toBeLessThan(5000)
    for (const screen of screens) expect(await screen.ended).toBe('whole')
    hung.destroy()
  })

  it('hold no memory: one that takes nothing is cut off, and another goes on', async () => {
    const { bot } = await startScreen(EVENING)
    const room = new Room(bot.service.store, Buffer.alloc(32), 'm-1', () => undefined)
    const streams: ServerResponse[] = []
    const server = createServer((_, stream) => {
      streams.push(stream)
      room.add(String(streams.length), stream)
    }).listen(0)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const [hung, lively] = [connect(port), connect(port)]
    for (const [at, socket] of [hung, lively].entries()) {
      socket.on('error', () => undefined).write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
      await until(() => expect(streams).toHaveLength(at + 1))
    }
    hung.pause()
    lively.resume()
    let most = 0
    for (let sent = 0; sent < 20_000 && !streams[0]?.destroyed; sent += 1) {
      room.look(true)
      await bot.service.store.read(async tx => tx.now)
      await setImmediate()
      most = Math.max(most, streams[0]?.writableLength ?? 0)
    }
    expect(streams.map(stream => stream.destroyed)).toEqual([true, false])
    expect(most).toBeLessThan(80 * 1024)
    room.end()
    for (const socket of [hung, lively]) socket.destroy()
    server.close()
  }, 30_000)

  it('find their link again after a restart', async () => {
    const { bot, link } = await startScreen(EVENING)
    await bot.restart()
    await bot.at(EVENING)
    const again = await linkFor(bot)
    expect(new URL(again).pathname).toBe(new URL(link).pathname)
    expect(await scans(bot, 'zhangsan', await shownBy(again))).toContain('签到成功')
  })
})
