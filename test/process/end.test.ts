import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { now } from '../../src/clock.ts'
import { Peer } from './peer.ts'

let peer: Peer | undefined
afterEach(async () => {
  await peer?.close()
  peer = undefined
})

const ROSTER = `账号,姓名,支部,身份,党内职务,微信
shuji,王树基,水泉村党支部,正式党员,书记,否
zhangsan,张三,水泉村党支部,正式党员,,是
`

it('ends in time and in order while WeCom answers nothing: a checkpoint, no control.json, nothing lost', async () => {
  peer = await Peer.start(ROSTER, '2026-11-24T10:00:00+08:00', { CLIENT_DEFAULT: 'cards' })
  expect((await peer.control('say', { userId: 'shuji', line: '会议 新建 党课 后天19:00 村部 学习' })).ok).toBe(true)
  peer.hang()
  // A card that cannot be pushed keeps a callback waiting, the published meeting keeps a call of the outbox waiting.
  void peer.simulator.say('shuji', '会议 新建 培训 11-28 10:00 村部 种植').catch(() => undefined)
  void peer.control('say', { userId: 'shuji', line: '发布 d-1' }).catch(() => undefined)
  await delay(1500)
  const began = performance.now()
  expect(await peer.terminate()).toBe(0)
  expect(performance.now() - began).toBeLessThan(8000)
  const names = await readdir(peer.folder)
  expect(names).not.toContain('control.json')
  const { files } = JSON.parse(await readFile(join(peer.folder, 'meta.json'), 'utf8'))
  expect(Object.keys(files)).toEqual(expect.arrayContaining(['meetings-2026.json', 'outbox-2026-11.json']))
  await peer.startBot(now().toISOString())
  expect((await peer.control('say', { userId: 'zhangsan', line: '会议' })).reply).toContain('m-1')
})
