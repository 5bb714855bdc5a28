import { addDays, addMinutes, instantAt, moveClock, yearOf } from '../../src/clock.ts'
import { closesItselfAt } from '../../src/domain/meeting.ts'
import { importRoster } from '../../src/import/roster.ts'
import { setLogLevel } from '../../src/log.ts'
import {
  type Attendance,
  attendances,
  branches,
  type Meeting,
  meetings,
  type Person,
  people,
} from '../../src/store/collections.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import type { Tx } from '../../src/store/records.ts'
import { rosterCsv } from './township.ts'
import { SECRETS } from './wire.ts'

/**
 * Years of past meetings in a data folder, before the bot starts on it: `node --import tsx history.ts FOLDER RECORDS UNTIL`.
 * All closed, with the roll frozen as a close freezes it, everybody present.
 */
const [folder = '', records = '', until = ''] = process.argv.slice(2)
setLogLevel('warn')
moveClock(instantAt(until, '08:00'))
await write(folder, Number(records), until)

async function write(folder: string, records: number, until: string): Promise<void> {
  const store = await openLowdbStore({ folder, corpId: SECRETS.corpId })
  await importRoster(store, Buffer.from(rosterCsv()), { dryRun: false, by: 'bench' })
  const rosters = await store.read(async tx => {
    const all = await tx.all(branches)
    return Promise.all(all.map(({ branchId }) => tx.find(people, 'branch', branchId)))
  })
  let written = 0
  for (let daysAgo = 1; written < records; daysAgo += 7) {
    await store.update(
      'township',
      async tx => {
        for (const roster of rosters) {
          const there = roster.slice(0, records - written)
          if (there.length > 0) await hold(tx, there, addDays(until, -daysAgo))
          written += there.length
        }
      },
      { long: 'import' },
    )
  }
  await store.close()
}

async function hold(tx: Tx, there: readonly Person[], day: string): Promise<void> {
  const startsAt = instantAt(day, '19:00')
  const endsAt = addMinutes(startsAt, 120).toISOString()
  const roll = there.map(({ personId }) => ({ personId, standing: 'expected' as const, votes: true }))
  const meeting: Meeting = {
    meetingId: await tx.nextId('m'),
    branchId: there[0]?.memberships[0]?.branchId ?? '',
    group: null,
    kinds: ['党课'],
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
    closesAt: closesItselfAt(endsAt).toISOString(),
    closed: { at: endsAt, by: null, roll, quorum: null },
    cancelReason: null,
  }
  await tx.insert(meetings, meeting)
  for (const [index, { personId }] of there.entries())
    await tx.insert(attendances, present(meeting, personId, index + 1))
}

function present({ meetingId, branchId, startsAt }: Meeting, personId: string, position: number): Attendance {
  const presence = {
    at: addMinutes(new Date(startsAt), -5).toISOString(),
    method: 'self' as const,
    by: null,
    why: null,
    lateMinutes: 0,
    position,
    beforeClose: true,
  }
  const year = yearOf(new Date(startsAt))
  return { meetingId, personId, branchId, group: null, year, presence, leave: null, wrongCodes: 0 }
}
