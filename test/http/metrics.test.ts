import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { moveClock } from '../../src/clock.ts'
import { readConfig } from '../../src/config.ts'
import { spellMetrics } from '../../src/http/metrics.ts'
import { createService } from '../../src/service.ts'
import { startBot, type TestBot } from '../bot.ts'
import { readTownship } from '../process/peer.ts'

/** Name{labels} -> value, of every line that is no comment; throws where a line is none of the format. */
function read(text: string): Map<string, number> {
  const lines = text.trimEnd().split('\n')
  const found = lines.flatMap((line): [string, number][] => {
    if (/^# (HELP|TYPE) zhibu_[a-z_]+ ./.test(line)) return []
    const [, name, value] = /^(zhibu_[a-z_]+(?:\{[a-z]+="[^"\n]*"(?:,[a-z]+="[^"\n]*")*\})?) (\S+)$/.exec(line) ?? []
    if (name === undefined || !Number.isFinite(Number(value))) throw new Error(`not a metric: ${line}`)
    return [[name, Number(value)]]
  })
  return new Map(found)
}

describe('the text format', () => {
  it('escapes labels, and leaves out what is not known', () => {
    const text = spellMetrics([
      { name: 'a', help: 'A.', type: 'counter', samples: [[1, { x: 'a"b\\c\nd' }], [2]] },
      { name: 'b', help: 'B.', type: 'gauge', samples: [[undefined]] },
    ])
    expect(text).toBe('# HELP zhibu_a A.\n# TYPE zhibu_a counter\nzhibu_a{x="a\\"b\\\\c\\nd"} 1\nzhibu_a 2\n')
  })
})

describe('metrics', () => {
  const scrape = async (bot: TestBot) => read(await (await fetch(`${bot.address}/metrics`)).text())

  it('count what people said and what became of it', async () => {
    const bot = await startBot()
    await bot.says('wangshuji', '会议')
    await bot.says('wangshuji', '补签 没这个人')
    await bot.says('wangshuji', '好的')
    await bot.says('nobody', '会议')
    await bot.says('wangshuji', '会议 新建 党课 后天19:00 村部 学习')
    await bot.says('wangshuji', '发布')
    // The delay is sampled every ten milliseconds or so.
    const found = await vi.waitFor(async () => {
      const seen = await scrape(bot)
      expect(seen.get('zhibu_event_loop_delay_seconds{quantile="1"}')).toBeGreaterThan(0)
      return seen
    })
    expect(found.get('zhibu_callbacks_total{outcome="received"}')).toBe(6)
    expect(found.get('zhibu_lines_total{outcome="stranger"}')).toBe(1)
    expect(found.get('zhibu_lines_total{outcome="answered"}')).toBe(3)
    expect(found.get('zhibu_lines_total{outcome="refused"}')).toBe(1)
    expect(found.get('zhibu_lines_total{outcome="other"}')).toBe(1)
    expect(found.get('zhibu_lines_total{outcome="failed"}')).toBe(0)
    expect(found.get('zhibu_wecom_calls_total{api="gettoken",code="0"}')).toBe(1)
    expect(found.get('zhibu_wecom_calls_total{api="message/send",code="0"}')).toBeGreaterThan(0)
    expect(found.get('zhibu_commits_total')).toBeGreaterThan(5)
    expect(found.get('zhibu_journal_bytes')).toBeGreaterThan(100)
    expect(found.get('zhibu_records{collection="meetings"}')).toBe(1)
    expect(found.get('zhibu_outbox_waiting')).toBe(0)
    expect(found.get('zhibu_resident_memory_bytes')).toBeGreaterThan(1e7)
    moveClock(new Date('2026-11-24T11:00:00+08:00'))
    expect((await scrape(bot)).get('zhibu_seconds_since_callback')).toBeGreaterThan(3000)
  })

  it("count WeCom's refusals by code, and callbacks by why they were refused", async () => {
    const bot = await startBot({ client: 'cards' })
    bot.simulator.faults.rateLimit(1)
    await bot.says('wangshuji', '会议 新建 党课 后天19:00 村部 学习')
    await fetch(`${bot.address}/wecom/app?msg_signature=0&timestamp=0&nonce=0`, { method: 'POST', body: '<xml/>' })
    const found = await scrape(bot)
    expect(found.get('zhibu_wecom_calls_total{api="message/send",code="45009"}')).toBe(1)
    expect(found.get('zhibu_callbacks_total{outcome="refused_xml"}')).toBe(1)
  })

  it('name neither people nor branches', async () => {
    const bot = await startBot()
    await bot.says('wangshuji', '会议')
    const text = await (await fetch(`${bot.address}/metrics`)).text()
    const people = (await readTownship()).trimEnd().split('\n').slice(1)
    for (const [userId = '', name = '', branch = ''] of people.map(row => row.split(','))) {
      for (const word of [userId, name, branch]) expect(text).not.toContain(word)
    }
  })

  it('are off with a tenant and without a control token', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zhibu-metrics-'))
    const tenant = {
      WECOM_CORP_ID: 'ww1234567890abcdef',
      WECOM_AGENT_ID: '1000002',
      WECOM_SECRET: 'a-secret',
      WECOM_TOKEN: 'callbackToken',
      WECOM_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    }
    const env = { PORT: '0', HOST: '127.0.0.1', STORE_URL: `file:${folder}`, ...tenant }
    const service = await createService(readConfig(env))
    const port = await service.listen()
    const { status } = await fetch(`http://127.0.0.1:${port}/metrics`)
    await service.close()
    await rm(folder, { recursive: true })
    expect(status).toBe(404)
  })

  it('take nothing but a look', async () => {
    const bot = await startBot()
    expect((await fetch(`${bot.address}/metrics`, { method: 'POST' })).status).toBe(404)
    expect((await fetch(`${bot.address}/metrics/more`)).status).toBe(404)
  })
})
