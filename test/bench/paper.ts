import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { instantAt, moveClock, resetClock } from '../../src/clock.ts'
import type { PaperOrder } from '../../src/domain/paper-order.ts'
import { REPORT as DUES } from '../../src/dues/report.ts'
import { createReports, type Reports } from '../../src/export/reports.ts'
import { importRoster } from '../../src/import/roster.ts'
import { setLogLevel } from '../../src/log.ts'
import { REPORT as ATTENDANCE } from '../../src/office/attendance-paper.ts'
import { REPORT as MEETINGS } from '../../src/office/meetings-paper.ts'
import { collectorsOf } from '../../src/papers.ts'
import { attendances, branches, dues, people } from '../../src/store/collections.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import type { Store } from '../../src/store/records.ts'
import { FIRST_YEAR, holdAll, LAST_YEAR, payAll } from './five-years.ts'
import { rosterCsv } from './township.ts'

/** The papers of a whole township with five years behind it: collected from the store, drawn in the worker. */
export interface PaperFigures {
  people: number
  receipts: number
  attendances: number
  papers: readonly PaperFigure[]
}

export interface PaperFigure {
  name: string
  kilobytes: number
  ms: number
  /** The longest that the loop of the bot itself stood still meanwhile. */
  blockedMs: number
}

const YEARS = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, at) => String(FIRST_YEAR + at))

const PAPERS: readonly { name: string; report: string; period: Pick<PaperOrder, 'kind' | 'of'> }[] = [
  { name: '报表 党费', report: DUES, period: { kind: 'year', of: [String(LAST_YEAR)] } },
  { name: '报表 签到', report: ATTENDANCE, period: { kind: 'year', of: [String(LAST_YEAR)] } },
  { name: '报表 签到, five years', report: ATTENDANCE, period: { kind: 'years', of: YEARS } },
  { name: '报表 三会一课', report: MEETINGS, period: { kind: 'year', of: [String(LAST_YEAR)] } },
  { name: '报表 三会一课, five years', report: MEETINGS, period: { kind: 'years', of: YEARS } },
]

export async function measurePapers(): Promise<PaperFigures> {
  setLogLevel('warn')
  const folder = mkdtempSync(join(tmpdir(), 'zhibu-paper-'))
  const store = await openLowdbStore({ folder, corpId: 'ww-bench' })
  moveClock(instantAt(`${FIRST_YEAR}-01-01`, '08:00'))
  await importRoster(store, Buffer.from(rosterCsv()), { dryRun: false, by: 'bench' })
  moveClock(instantAt(`${LAST_YEAR}-12-31`, '12:00'))
  const all = await store.read(tx => tx.all(branches))
  for (const branch of all) {
    await payAll(store, branch)
    await holdAll(store, branch)
  }
  const reports = createReports(collectorsOf(store))
  const branchIds = all.map(({ branchId }) => branchId)
  const papers: PaperFigure[] = []
  for (const { name, report, period } of PAPERS) {
    papers.push({ name, ...(await measure(reports, report, { branchIds, township: true, ...period })) })
  }
  const counts = await countAll(store)
  await store.close()
  rmSync(folder, { recursive: true, force: true })
  resetClock()
  return { ...counts, papers }
}

const countAll = (store: Store) =>
  store.read(async tx => ({
    people: (await tx.all(people)).length,
    receipts: (await tx.all(dues)).length,
    attendances: (await tx.all(attendances)).length,
  }))

/** The second one of each, as everyday ones are. */
async function measure(reports: Reports, report: string, args: PaperOrder): Promise<Omit<PaperFigure, 'name'>> {
  await reports.make({ report, args })
  const loop = monitorEventLoopDelay({ resolution: 1 })
  loop.enable()
  const began = performance.now()
  const { bytes } = await reports.make({ report, args })
  const ms = Math.round(performance.now() - began)
  loop.disable()
  return { kilobytes: Math.round(bytes.length / 1024), ms, blockedMs: Math.round(loop.max / 1e6) }
}
