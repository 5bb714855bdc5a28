import { standingReceipts } from '../../src/domain/dues-ledger.ts'
import { attendances, meetings, notices, people, receipts } from '../../src/store/collections.ts'
import type { Store } from '../../src/store/records.ts'
import { faultsInBooks, linesOf } from '../dues.ts'
import type { World } from './history.ts'
import { EVERYBODY, memberOf } from './township.ts'

/** What stands at the end on disk; `told`: what the phones got. */
export async function worldOf(store: Store, told: World['told']): Promise<World> {
  const all = await store.read(async tx => ({
    people: await tx.all(people),
    meetings: await tx.all(meetings),
    notices: await tx.all(notices),
    attendances: await tx.all(attendances),
    receipts: await tx.all(receipts),
  }))
  const userIdOf = new Map(all.people.map(({ personId, userId }) => [personId, userId ?? '']))
  const userIds = (personIds: readonly string[]) => personIds.map(personId => userIdOf.get(personId) ?? personId)
  const members = new Set(EVERYBODY.map(memberOf))
  const inBranch = (branchId: string) =>
    all.people.filter(({ memberships }) => memberships.some(each => each.branchId === branchId))
  const published = new Map([
    ...all.meetings.map(
      ({ meetingId, branchId }) => [meetingId, userIds(inBranch(branchId).map(({ personId }) => personId))] as const,
    ),
    ...all.notices.map(({ noticeId, to }) => [noticeId, userIds(to)] as const),
  ])
  return {
    present: grouped(
      all.attendances.filter(({ presence }) => presence),
      'meetingId',
      userIdOf,
    ),
    confirmed: grouped(all.receipts, 'noticeId', userIdOf),
    receipts: new Map(
      standingReceipts(await linesOf({ service: { store } })).map(({ receiptNo, personId, months }) => [
        receiptNo ?? '',
        `${userIdOf.get(personId)} ${months.map(({ month }) => month).join(' ')}`,
      ]),
    ),
    books: await faultsInBooks({ service: { store } }),
    // Who called or wrote it is told by the answer.
    published: new Map([...published].map(([id, to]) => [id, to.filter(userId => members.has(userId))])),
    told,
  }
}

function grouped<K extends string, R extends Record<K, string> & { personId: string }>(
  records: readonly R[],
  key: K,
  userIdOf: ReadonlyMap<string, string>,
): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const record of records) {
    const userId = userIdOf.get(record.personId) ?? record.personId
    groups.set(record[key], [...(groups.get(record[key]) ?? []), userId])
  }
  return groups
}
