import { addMinutes, now } from '../clock.ts'
import { hears, isActive } from '../domain/roster.ts'
import { branches, outbox, people } from '../store/collections.ts'
import type { Store } from '../store/records.ts'
import type { Township } from './facts.ts'

const MONTH_MINUTES = 30 * 24 * 60

/** What the doctor compares with WeCom, out of the store. */
export function readTownship(store: Pick<Store, 'read'>): Promise<Township> {
  return store.read(async tx => {
    const active = (await tx.all(people)).filter(isActive)
    const all = await tx.all(branches)
    const unreached: Record<string, number> = {}
    // The store holds up to two months of them.
    const since = addMinutes(now(), -MONTH_MINUTES).toISOString()
    for (const record of await tx.all(outbox))
      for (const { code } of record.at < since ? [] : record.unreached) unreached[code] = (unreached[code] ?? 0) + 1
    return {
      userIds: active.filter(hears).map(({ userId }) => userId.toLowerCase()),
      withoutPhone: active.filter(({ noPhone }) => noPhone).length,
      withoutAccount: active.filter(({ noPhone, userId }) => !noPhone && userId === null).length,
      branches: all.length,
      chats: all.flatMap(({ name, chat }) => (chat?.kind === 'appchat' ? [{ branch: name, chatId: chat.chatId }] : [])),
      robots: all.filter(({ chat }) => chat?.kind === 'webhook').length,
      unreached,
    }
  })
}
