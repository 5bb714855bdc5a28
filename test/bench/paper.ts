import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { instantAt, moveClock, resetClock } from '../../src/clock.ts'
import { appended, blankBook } from '../../src/domain/dues-ledger.ts'
import { addMonths } from '../../src/domain/month-words.ts'
import type { PaperOrder } from '../../src/domain/paper-order.ts'
import { collectDues, REPORT } from '../../src/dues/report.ts'
import { createReports } from '../../src/export/reports.ts'
import { importRoster } from '../../src/import/roster.ts'
import { setLogLevel } from '../../src/log.ts'
import { type Branch, branches, dues, duesBooks, people } from '../../src/store/collections.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import type { Store } from '../../src/store/records.ts'
import { rosterCsv } from './township.ts'

/** The register of a whole township: collected from the store, drawn in the worker. */
export interface PaperFigures {
  people: number
  receipts: number
  kilobytes: number
  ms: number
  /** The longest that the loop of the bot itself stood still meanwhile. */
  blockedMs: number
}

const YEARS = 5
const FIRST_YEAR = 2022

export async function measurePaper(): Promise<PaperFigures> {
  setLogLevel('warn')
  const folder = mkdtempSync(join(tmpdir(), 'zhibu-paper-'))
  const store = await openLowdbStore({ folder, corpId: 'ww-bench' })
  moveClock(instantAt(`${FIRST_YEAR}-01-01`, '08:00'))
  await importRoster(store, Buffer.from(rosterCsv()), { dryRun: false, by: 'bench' })
  moveClock(instantAt(`${FIRST_YEAR + YEARS - 1}-12-31`, '12:00'))
  const all = await store.read(tx => tx.all(branches))
  let receipts = 0
  for (const branch of all) receipts += await payAll(store, branch)
  const reports = createReports({ [REPORT]: collectDues(store) })
  const args: PaperOrder = {
    branchIds: all.map(({ branchId }) => branchId),
    township: true,
    kind: 'year',
    of: [String(FIRST_YEAR + YEARS - 1)],
  }
  const order = { report: REPORT, args }
  await reports.make(order)
  const loop = monitorEventLoopDelay({ resolution: 1 })
  loop.enable()
  const began = performance.now()
  const { bytes } = await reports.make(order)
  const ms = Math.round(performance.now() - began)
  loop.disable()
  const everybody = (await store.read(tx => tx.all(people))).length
  await store.close()
  rmSync(folder, { recursive: true, force: true })
  resetClock()
  return {
    people: everybody,
    receipts,
    kilobytes: Math.round(bytes.length / 1024),
    ms,
    blockedMs: Math.round(loop.max / 1e6),
  }
}

/** Everybody, every month. */
async function payAll(store: Store, { branchId, number }: Branch): Promise<number> {
  return store.update(
    `branch:${branchId}`,
    async tx => {
      let book = blankBook(branchId)
      for (const { personId } of await tx.find(people, 'branch', branchId)) {
        for (let ago = 0; ago < YEARS * 12; ago += 1) {
          const month = addMonths(`${FIRST_YEAR}-01`, ago)
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
      return book.entries
    },
    { long: 'import' },
  )
}
