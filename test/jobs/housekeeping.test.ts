import { expect, it } from 'vitest'
import { audits, branches, chores, conversations, people } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

async function leave(bot: TestBot, personId: string, status: 'transferred' | 'suspended'): Promise<void> {
  await bot.service.store.update(`person:${personId}`, async tx => {
    const person = await tx.get(people, personId)
    if (person) await tx.put(people, { ...person, status })
  })
}

const known = (bot: TestBot, personId: string) =>
  bot.service.store.read(async tx => ({
    userId: (await tx.get(people, personId))?.userId,
    talks: (await tx.get(conversations, personId)) !== undefined,
  }))

const run = async (bot: TestBot, dryRun = false) => (await bot.service.job('housekeeping', { dryRun }))?.report

inBothRenderings('housekeeping', client => {
  it('unlinks who left, forgets what he said last, and says how many', async () => {
    const bot = await startBot({ client })
    await bot.says('lisi', '会议')
    await bot.says('wangshuji', '会议 新建')
    await bot.says('zhaozuzhi', '会议 新建')
    await leave(bot, 'p-1', 'transferred')
    await leave(bot, 'p-3', 'suspended')
    expect(await run(bot, true)).toContain('unlinked 1 leavers, forgot 2 conversations and 0 reviews')
    expect(await known(bot, 'p-1')).toEqual({ userId: 'wangshuji', talks: true })
    expect(await run(bot)).toContain('unlinked 1 leavers, forgot 2 conversations and 0 reviews')
    expect(await known(bot, 'p-1')).toEqual({ userId: null, talks: false })
    expect(await known(bot, 'p-3')).toEqual({ userId: 'zhaozuzhi', talks: false })
    const entry = await bot.service.store.read(async tx =>
      (await tx.all(audits)).find(audit => audit.what === 'unlink-leaver'),
    )
    expect(entry).toMatchObject({ about: 'p-1', by: 'auto', branchId: 'b-1' })
    expect(JSON.stringify(entry)).not.toContain('wangshuji')
    expect(await run(bot)).toContain('unlinked 0 leavers, forgot 0 conversations and 0 reviews')
    expect(await bot.says('wangshuji', '会议')).toContain('不在名册')
  })

  it('forgets a conversation after a month, at night by itself, also where the machine slept', async () => {
    const bot = await startBot({ client })
    await bot.says('wangshuji', '会议 新建')
    await bot.at('2026-12-25T03:30:00+08:00')
    expect((await known(bot, 'p-1')).talks).toBe(true)
    await bot.at('2026-12-26T03:30:00+08:00')
    expect((await known(bot, 'p-1')).talks).toBe(false)
    await bot.says('wangshuji', '会议 新建')
    await bot.at('2027-02-28T01:00:00+08:00')
    await bot.at('2027-02-28T09:00:00+08:00')
    expect((await known(bot, 'p-1')).talks).toBe(false)
  })

  it('keeps the groups that the bot made in step, and sends nobody anything', async () => {
    const bot = await startBot({ client })
    await bot.service.store.update('branch:b-1', async tx => {
      const branch = await tx.get(branches, 'b-1')
      if (branch) await tx.put(branches, { ...branch, chat: { kind: 'appchat', chatId: 'zb1', members: [] } })
    })
    const dry = await bot.service.job('housekeeping', { dryRun: true })
    expect(dry).toMatchObject({ sent: [], failed: false })
    expect(dry?.report).toContain('looked after 1 groups')
    expect(await bot.service.store.read(tx => tx.all(chores))).toEqual([])
    expect(await run(bot)).toContain('looked after 1 groups')
    expect(await bot.service.store.read(tx => tx.all(chores))).toMatchObject([
      { lane: 'chat:b-1', what: { does: 'sync-chat' }, by: 'housekeeping' },
    ])
  })
})
