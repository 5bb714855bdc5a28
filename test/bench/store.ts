import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Attendance, answers, attendances } from '../../src/store/collections.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import type { Store } from '../../src/store/records.ts'

/**
 * Commits a second at 1 and 64 in flight, and the start with 400,000 records: `node --import tsx test/bench/store.ts [folder]`.
 * A commit is what a check-in writes: an attendance (four indexes) and the answer to its message.
 */
const RECORDS = 400_000
const PEOPLE = 3_000

const attendance = (meeting: number, person: number): Attendance => ({
  meetingId: `m-${meeting}`,
  personId: `p-${person}`,
  branchId: `b-${person % 30}`,
  group: null,
  year: '2026',
  presence: {
    at: '2026-11-24T11:02:00.000Z',
    method: 'self',
    by: null,
    why: null,
    lateMinutes: 0,
    position: person,
    beforeClose: true,
  },
  leave: null,
  wrongCodes: 0,
})

async function checkIn(store: Store, n: number): Promise<void> {
  await store.update(`meeting:m-${Math.floor(n / PEOPLE)}`, async tx => {
    const record = attendance(Math.floor(n / PEOPLE), n % PEOPLE)
    if (await tx.get(attendances, `${record.meetingId}:${record.personId}`)) return
    await tx.insert(attendances, record)
    const answer = { text: `签到成功，您是第 ${n} 位。` }
    await tx.insert(answers, { key: `user${n}:${n}`, at: tx.now.toISOString(), answer, client: 'cards' })
  })
}

/** Commits a second, and what one costs the processor (all threads): the second hardly depends on who else is at work. */
async function measure(store: Store, inFlight: number, seconds: number, first: number): Promise<string> {
  let n = first
  const cpu = process.cpuUsage()
  const start = performance.now()
  const end = start + seconds * 1000
  const worker = async () => {
    while (performance.now() < end) await checkIn(store, n++)
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  const rate = Math.round((n - first) / ((performance.now() - start) / 1000))
  const { user, system } = process.cpuUsage(cpu)
  return `${inFlight} in flight: ${rate} commits/s, ${((user + system) / (n - first)).toFixed(1)} µs of processor each`
}

async function fill(store: Store): Promise<void> {
  for (let from = 0; from < RECORDS; from += 10_000) {
    await store.update(
      'township',
      async tx => {
        for (let n = from; n < from + 10_000; n++)
          await tx.insert(attendances, attendance(Math.floor(n / PEOPLE), n % PEOPLE))
      },
      { long: 'import' },
    )
  }
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'zhibu-bench-'))
  const say = (line: string) => process.stdout.write(`${line}\n`)
  try {
    const options = { corpId: 'ww-bench' }
    let store = await openLowdbStore({ ...options, folder: join(folder, 'a') })
    await measure(store, 64, 1, 90_000_000)
    say(await measure(store, 1, 2, 0))
    for (let round = 1; round <= 3; round++) say(await measure(store, 64, 4, round * 3_000_000))
    await store.close()

    store = await openLowdbStore({ ...options, folder: join(folder, 'b') })
    await fill(store)
    let start = performance.now()
    await store.close()
    say(`checkpoint and close with ${RECORDS} records: ${Math.round(performance.now() - start)} ms`)
    start = performance.now()
    store = await openLowdbStore({ ...options, folder: join(folder, 'b') })
    const { heapUsed } = process.memoryUsage()
    say(
      `start with ${RECORDS} records: ${Math.round(performance.now() - start)} ms, heap ${Math.round(heapUsed / 1e6)} MB`,
    )
    await store.close()
  } finally {
    await rm(folder, { recursive: true })
  }
}

await main()
