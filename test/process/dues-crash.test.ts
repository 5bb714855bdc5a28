import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { now } from '../../src/clock.ts'
import { standingReceipts } from '../../src/domain/dues-ledger.ts'
import { COLLECTIONS } from '../../src/store/collections.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import { faultsInBooks, linesOf, receiptIn } from '../dues.ts'
import { CORP_ID, Peer } from './peer.ts'

let peer: Peer | undefined
afterEach(async () => {
  await peer?.close()
  peer = undefined
})

const MEMBERS = 60
const COLLECTORS = ['zuzhi1', 'zuzhi2', 'ban1', 'ban2']
const ROUNDS = 4

/** One branch with two organizers and two administrators, all of whom collect. */
function roster(): string {
  const member = (userId: string, name: string, post = '', admin = '否') =>
    `${userId},${name},水泉村党支部,正式党员,${post},是,${admin},2010-07-01,农民,0.50`
  return [
    '账号,姓名,支部,身份,党内职务,微信,管理员,入党日期,缴费类别,月缴党费',
    member('shuji', '王树基', '书记'),
    member('zuzhi1', '赵组一', '组织委员'),
    member('zuzhi2', '赵组二', '组织委员'),
    member('ban1', '甄办一', '', '是'),
    member('ban2', '甄办二', '', '是'),
    ...Array.from({ length: MEMBERS }, (_, i) => member(`u${i}`, `党员${i}`)),
  ].join('\n')
}

/** Every member is booked by two collectors at the same time; the bot is killed when 1, 4, 7, 10 of a round's 15 were said. */
it('killed while four collect at once it loses no receipt that was said, gives no number twice and leaves no gap', async () => {
  peer = await Peer.start(roster(), '2026-11-24T10:00:00+08:00')
  const bot = peer
  const said = new Map<string, string>()
  let next = 9_100_000_000_000_000_000n
  const collect = async ([userId, line, msgId]: readonly [string, string, string]) => {
    const { reply } = await bot.simulator.say(userId, line, { msgId })
    if (reply?.startsWith('收据号')) said.set(`${userId} ${line}`, receiptIn(reply))
    return reply !== null && reply !== undefined
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const members = Array.from({ length: MEMBERS / ROUNDS }, (_, i) => round * (MEMBERS / ROUNDS) + i)
    const lines = members.flatMap(i =>
      [0, 1].map(n => [COLLECTORS[(i + n) % 4] ?? '', `收缴 u${i}`, String(next++)] as const),
    )
    const named = lines.map(([by, line, id]) => [by, line.replace('u', '党员'), id] as const)
    const storm = named.map(async each => [each, await collect(each)] as const)
    const enough = (round * MEMBERS) / ROUNDS + 1 + 3 * round
    for (let waited = 0; said.size < enough && waited < 5000; waited += 1) await delay(1)
    await bot.kill()
    await bot.startBot(now().toISOString())
    const unanswered = (await Promise.all(storm)).filter(([, answered]) => !answered)
    await Promise.all(unanswered.map(([each]) => collect(each)))
  }
  await bot.terminate()
  const store = await openLowdbStore({ folder: bot.folder, corpId: CORP_ID, collections: COLLECTIONS })
  const kept = { service: { store } }
  expect(await faultsInBooks(kept)).toEqual([])
  const lines = await linesOf(kept)
  const given = new Set(standingReceipts(lines).map(({ receiptNo }) => receiptNo))
  expect([...said.values()].filter(receiptNo => !given.has(receiptNo))).toEqual([])
  expect(new Set(said.values()).size).toBe(said.size)
  expect(given.size).toBe(MEMBERS)
  await store.close()
})
