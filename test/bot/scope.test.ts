import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createDispatch } from '../../src/bot/dispatch.ts'
import { loadCommands } from '../../src/bot/load.ts'
import { ScopedTx } from '../../src/bot/scope.ts'
import type { Reach } from '../../src/domain/roster.ts'
import { audits, conversations, meetings, outbox, people, suggestions } from '../../src/store/collections.ts'
import { startBot } from '../bot.ts'

/** b-1 is 水泉, b-2 is 石桥; a meeting of each: m-1, m-2; a suggestion to 水泉. */
async function township() {
  const bot = await startBot()
  for (const userId of ['wangshuji', 'qiaoshuji']) {
    await bot.says(userId, '会议 新建 党课 明晚7点 村部 学习')
    await bot.says(userId, '1')
  }
  await bot.says('zhangsan', '建议 早点开会')
  const within = <T>(reach: Reach, run: (tx: ScopedTx) => Promise<T>) =>
    bot.service.store.update('test', tx => run(new ScopedTx(tx, reach)))
  return within
}
const OWN: Reach = { township: false, places: [{ branchId: 'b-1' }] }
const GROUP: Reach = { township: false, places: [{ branchId: 'b-1', group: '一组' }] }

describe('a transaction narrowed to a reach', () => {
  it('sees its own branch, and nothing of another by any way of asking', async () => {
    const within = await township()
    await within(OWN, async tx => {
      expect((await tx.get(meetings, 'm-1'))?.meetingId).toBe('m-1')
      expect(await tx.get(meetings, 'm-2')).toBeUndefined()
      expect(await tx.find(meetings, 'openInBranch', 'b-2')).toEqual([])
      expect(await tx.getBy(people, 'userId', 'qiaoyi')).toBeUndefined()
      expect((await tx.all(meetings)).map(meeting => meeting.meetingId)).toEqual(['m-1'])
      expect((await tx.all(audits)).every(entry => entry.branchId === 'b-1')).toBe(true)
    })
  })

  it('of a leader sees his group and not the branch’s meetings', async () => {
    const within = await township()
    await within(GROUP, async tx => {
      expect(await tx.get(meetings, 'm-1')).toBeUndefined()
      const names = (await tx.find(people, 'branch', 'b-1')).map(person => person.name)
      expect(names).toContain('张三')
      expect(names).not.toContain('曾国凡')
    })
  })

  it('cannot write outside, nor move a record out or in', async () => {
    const within = await township()
    const other = await within({ township: true, places: [] }, tx => tx.get(meetings, 'm-2'))
    if (!other) throw new Error('m-2 is missing')
    await expect(within(OWN, tx => tx.put(meetings, { ...other, topic: 'x' }))).rejects.toThrow('outside')
    await expect(within(OWN, tx => tx.put(meetings, { ...other, branchId: 'b-1' }))).rejects.toThrow('outside')
    await expect(within(OWN, tx => tx.remove(meetings, 'm-2'))).rejects.toThrow('outside')
    await expect(within(OWN, tx => tx.insert(meetings, { ...other, meetingId: 'm-9' }))).rejects.toThrow('outside')
  })

  it('cannot make a record nobody’s', async () => {
    const within = await township()
    const [own] = await within(OWN, tx => tx.all(suggestions))
    if (!own) throw new Error('the suggestion is missing')
    await expect(within(OWN, tx => tx.put(suggestions, { ...own, branchId: null }))).rejects.toThrow('outside')
  })

  it('is not given what the engine keeps, whoever asks', async () => {
    const within = await township()
    const all: Reach = { township: true, places: [] }
    await expect(within(all, tx => tx.all(outbox))).rejects.toThrow('engine')
    await expect(within(all, tx => tx.get(conversations, 'p-1'))).rejects.toThrow('engine')
  })
})

it('what is for single chat alone is not answered where others read along', async () => {
  const bot = await startBot()
  const { store } = bot.service
  const registry = await loadCommands(fileURLToPath(new URL('../../commands/', import.meta.url)))
  const { receive } = createDispatch({
    store,
    registry,
    clientDefault: 'text',
    adminUserIds: new Set(),
    baseUrl: () => '',
  })
  const said = { userId: 'zhangsan', line: '我的', via: 'text' } as const
  const inGroup = await receive({ ...said, key: 'zhangsan:1', inGroup: true })
  expect(inGroup.reply?.text).toContain('单独')
  const alone = await receive({ ...said, key: 'zhangsan:2' })
  expect(alone.reply?.text).toContain('张三')
})
