import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { now } from '../../src/clock.ts'
import { Peer } from './peer.ts'

let peer: Peer | undefined
afterEach(async () => {
  await peer?.close()
  peer = undefined
})

const MEMBERS = 120
const CLOCK = '2026-11-24T10:00:00+08:00'

/** One branch of a secretary and 120 members, all on plain text. */
function roster(): string {
  const rows = Array.from({ length: MEMBERS }, (_, i) => `u${i},党员${i},水泉村党支部,正式党员,,是`)
  return ['账号,姓名,支部,身份,党内职务,微信', 'shuji,王树基,水泉村党支部,正式党员,书记,是', ...rows].join('\n')
}

const started = async () => {
  peer = await Peer.start(roster(), CLOCK)
  return peer
}

it('killed in a storm of check-ins it has lost none that it acknowledged, and books none twice', async () => {
  const bot = await started()
  const { simulator } = bot
  await simulator.say('shuji', '会议 新建 党课 今天10:20 村部 学习')
  expect((await simulator.say('shuji', '1')).reply).toContain('已发布 m-1')

  const acknowledged = new Map<string, string>()
  const sent = new Map<string, string>()
  for (let round = 0; round < 4; round += 1) {
    const batch = Array.from({ length: MEMBERS / 4 }, (_, i) => `u${round * (MEMBERS / 4) + i}`)
    const checkIn = async (userId: string) => {
      const msgId = String(9_000_000_000_000_000_000n + BigInt(userId.slice(1)))
      sent.set(userId, msgId)
      const { reply } = await simulator.say(userId, '签到', { msgId })
      if (reply?.includes('签到成功')) acknowledged.set(userId, reply)
    }
    const storm = batch.map(checkIn)
    await delay(5 + round * 12)
    await bot.kill()
    await bot.startBot(now().toISOString())
    await Promise.all(storm)
    // On a busy machine the start outlasts WeCom's tries: one more with the same id.
    await Promise.all(batch.filter(userId => !acknowledged.has(userId)).map(checkIn))
  }

  expect(acknowledged.size).toBe(MEMBERS)
  for (const [userId, reply] of acknowledged) {
    const repeat = await simulator.say(userId, '签到', { msgId: sent.get(userId) ?? '' })
    expect(repeat.reply).toBe(reply)
    expect((await simulator.say(userId, '签到')).reply).toContain('已签到')
  }
  const positions = [...acknowledged.values()].map(reply => /第 (\d+) 位/.exec(reply)?.[1])
  expect(new Set(positions).size).toBe(MEMBERS)
})

it('killed in a broadcast it tells each person once', async () => {
  const bot = await started()
  const { simulator } = bot
  for (const [round, pause] of [0, 3, 8, 15, 30].entries()) {
    const before = Array.from({ length: MEMBERS }, (_, i) => simulator.inbox(`u${i}`).length)
    await simulator.say('shuji', `会议 新建 培训 11-${25 + round} 10:20 村部 第${round}次`)
    if (round % 2 === 1) simulator.faults.hang(1)
    expect((await simulator.say('shuji', '1')).reply).toContain(`已发布 m-${round + 1}`)
    await delay(pause)
    await bot.kill()
    await bot.startBot(now().toISOString())
    await everybodyTold(bot, before)
    for (const [i, had] of before.entries()) {
      const told = simulator.inbox(`u${i}`).slice(had)
      expect(told.map(item => item.text.split('\n')[0])).toEqual([`请您参加：培训 · 第${round}次`])
    }
  }
})

/** Sending begins within a second of the start; a call whose answer was lost is repeated after WeCom's time-out. */
async function everybodyTold(bot: Peer, before: readonly number[]): Promise<void> {
  const all = () => before.every((had, i) => bot.simulator.inbox(`u${i}`).length > had)
  for (let waited = 0; !all() && waited < 20_000; waited += 50) await delay(50)
  await delay(300)
}
