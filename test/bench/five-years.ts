import { addMinutes, instantAt } from '../../src/clock.ts'
import { appended, blankBook } from '../../src/domain/dues-ledger.ts'
import { addMonths } from '../../src/domain/month-words.ts'
import {
  attendances,
  type Branch,
  dues,
  duesBooks,
  type Meeting,
  type MeetingKind,
  meetings,
  type Person,
  people,
} from '../../src/store/collections.ts'
import type { Store, Tx } from '../../src/store/records.ts'

/** What a branch of the township has behind it: everybody paid every month, and two meetings a month for everybody. */

export const FIRST_YEAR = 2022
export const LAST_YEAR = 2026
const MONTHS = (LAST_YEAR - FIRST_YEAR + 1) * 12

const allMonths = (): string[] => Array.from({ length: MONTHS }, (_, at) => addMonths(`${FIRST_YEAR}-01`, at))

export async function payAll(store: Store, { branchId, number }: Branch): Promise<void> {
  await store.update(
    `branch:${branchId}`,
    async tx => {
      let book = blankBook(branchId)
      for (const { personId } of await tx.find(people, 'branch', branchId)) {
        for (const month of allMonths()) {
          const made = appended(book, {
            branchId,
            at: instantAt(`${month}-05`, '10:00').toISOString(),
            kind: 'collected',
            by: 'p-1',
            personId,
            months: [{ month, fen: 50 }],
            paidBy: null,
            claimId: null,
            receiptNo: `D${month.slice(0, 4)}-${number}-${String(book.entries + 1).padStart(4, '0')}`,
            why: null,
          })
          book = made.book
          await tx.insert(dues, made.entry)
        }
      }
      await tx.insert(duesBooks, book)
    },
    { long: 'import' },
  )
}

export async function holdAll(store: Store, { branchId }: Branch): Promise<void> {
  await store.update(
    `branch:${branchId}`,
    async tx => {
      const there = await tx.find(people, 'branch', branchId)
      for (const [at, month] of allMonths().entries()) {
        await hold(tx, there, { branchId, day: `${month}-10`, kinds: ['主题党日'] })
        await hold(tx, there, {
          branchId,
          day: `${month}-20`,
          kinds: at % 3 === 0 ? ['党员大会', '党课'] : ['组织生活会'],
        })
      }
    },
    { long: 'import' },
  )
}

/** One in ten is absent, one on leave. */
async function hold(
  tx: Tx,
  there: readonly Person[],
  { branchId, day, kinds }: { branchId: string; day: string; kinds: MeetingKind[] },
): Promise<void> {
  const startsAt = instantAt(day, '19:00')
  const endsAt = addMinutes(startsAt, 90).toISOString()
  const meeting: Meeting = {
    meetingId: await tx.nextId('m'),
    branchId,
    group: null,
    kinds,
    startsAt: startsAt.toISOString(),
    endsAt,
    place: '村党群服务中心',
    topic: '学习党章第三章',
    code: '4821',
    codeWanted: false,
    state: 'closed',
    calledBy: there[0]?.personId ?? '',
    calledAt: startsAt.toISOString(),
    invited: null,
    closesAt: endsAt,
    closed: {
      at: endsAt,
      by: there[0]?.personId ?? '',
      roll: there.map(({ personId }) => ({ personId, standing: 'expected', votes: true })),
      quorum: null,
    },
    cancelReason: null,
  }
  await tx.insert(meetings, meeting)
  for (const [index, { personId }] of there.entries()) {
    if (index % 10 === 3) continue
    const isAway = index % 10 === 7
    await tx.insert(attendances, {
      ...{ meetingId: meeting.meetingId, personId, branchId, group: null, year: day.slice(0, 4), wrongCodes: 0 },
      presence: isAway ? null : presenceAt(startsAt, index),
      leave: isAway ? leaveAt(startsAt) : null,
    })
  }
}

const presenceAt = (startsAt: Date, index: number) => ({
  at: addMinutes(startsAt, -5).toISOString(),
  method: index % 4 === 0 ? ('backfill' as const) : ('self' as const),
  by: null,
  why: null,
  lateMinutes: 0,
  position: index + 1,
  beforeClose: true,
})

const leaveAt = (startsAt: Date) => {
  const at = addMinutes(startsAt, -60).toISOString()
  return { state: 'granted' as const, reason: '外出', askedAt: at, decidedBy: 'p-1', decidedAt: at, why: null }
}
