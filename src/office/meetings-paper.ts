import { setImmediate as nextTurn } from 'node:timers/promises'
import { aheadLines } from '../branch/plan.ts'
import { dayOf, now } from '../clock.ts'
import { paperOrder, type Span, spansOf, spellPeriod } from '../domain/paper-order.ts'
import type { Sheet, Workbook } from '../export/workbook.ts'
import type { Store } from '../store/records.ts'
import type { Made } from './attendance-sheets.ts'
import { type BranchMeetings, inMonths, meetingsOf } from './held.ts'
import { bucketsOf, countKinds, dutiesIn, isNow } from './kind-counts.ts'
import { type BranchPart, countsSheet, datesSheet, listSheet, summarySheet } from './meetings-sheets.ts'

/** 三会一课开展情况: collected branch by branch when the message with it is delivered. Nobody is named in it. */

export const REPORT = 'meetings'

export const collectMeetings =
  (store: Store) =>
  async (args: unknown): Promise<Workbook> => {
    const asked = paperOrder.parse(args)
    const spans = spansOf(asked)
    const within = new Set(spans.flatMap(({ months }) => months))
    const all: BranchMeetings[] = []
    for (const branchId of asked.branchIds) all.push(await meetingsOf(store, branchId, within, false))
    const where = asked.township ? '全镇' : (all[0]?.branch.name ?? '')
    const made: Made = { where, township: asked.township, today: dayOf(now()) }
    const sheets: Sheet[] = []
    for (const span of spans) {
      const parts: BranchPart[] = []
      for (const each of all) parts.push(await partOf(store, each, span))
      for (const make of sheetsOf(made, span, parts)) {
        sheets.push(make())
        await nextTurn()
      }
    }
    return { fileName: `三会一课开展情况 ${where} ${spellPeriod(asked)}.xlsx`, sheets }
  }

async function partOf(store: Store, all: BranchMeetings, span: Span): Promise<BranchPart> {
  const at = now()
  const within = inMonths(all, new Set(span.months))
  const duties = await store.read(tx => dutiesIn(tx, all.branch.branchId, span, at))
  await nextTurn()
  const ahead = isNow(span, at) ? aheadLines(duties, at).join('；') : ''
  return { ...within, counts: countKinds(within, span, duties, at), ahead }
}

function sheetsOf(made: Made, span: Span, parts: readonly BranchPart[]): (() => Sheet)[] {
  const list = () => listSheet(made, span.name, parts)
  const rest = [() => countsSheet(made, span.name, bucketsOf(span), parts), () => datesSheet(made, span.name, parts)]
  // A branch reads its meetings first, the township its branches.
  return made.township ? [() => summarySheet(made, span.name, parts), ...rest, list] : [list, ...rest]
}
