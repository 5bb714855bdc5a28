import { setImmediate as nextTurn } from 'node:timers/promises'
import { dayOf, now } from '../clock.ts'
import { inRosterOrder } from '../domain/meeting.ts'
import { paperOrder, type Span, spansOf, spellPeriod } from '../domain/paper-order.ts'
import { calledAmong } from '../domain/people.ts'
import { isActive, ownBranchId } from '../domain/roster.ts'
import type { Sheet, Workbook } from '../export/workbook.ts'
import { type Person, people } from '../store/collections.ts'
import type { ReadTx, Store } from '../store/records.ts'
import { branchesSheet, type Made, meetingsSheet, namesSheets, type RollPerson } from './attendance-sheets.ts'
import { type BranchMeetings, inMonths, meetingsOf } from './held.ts'

/** 会议到会情况表: collected branch by branch when the message with it is delivered. */

export const REPORT = 'attendance'

export const collectAttendance =
  (store: Store) =>
  async (args: unknown): Promise<Workbook> => {
    const asked = paperOrder.parse(args)
    const spans = spansOf(asked)
    const within = new Set(spans.flatMap(({ months }) => months))
    // Years of a whole township with names would be sheets by the hundred, which nobody reads.
    const withNames = !asked.township || asked.kind !== 'years'
    const all: BranchMeetings[] = []
    for (const branchId of asked.branchIds) all.push(await meetingsOf(store, branchId, within, withNames))
    const where = asked.township ? '全镇' : (all[0]?.branch.name ?? '')
    const made: Made = { where, township: asked.township, today: dayOf(now()) }
    const sheets: Sheet[] = []
    for (const span of spans) {
      sheets.push(...(await figures(made, span, all, withNames)))
      if (withNames) sheets.push(...(await names(store, made, span, all)))
    }
    return { fileName: `会议到会情况表 ${where} ${spellPeriod(asked)}.xlsx`, sheets }
  }

async function figures(
  made: Made,
  { name, months }: Span,
  all: readonly BranchMeetings[],
  withNames: boolean,
): Promise<Sheet[]> {
  const within = all.map(each => inMonths(each, new Set(months)))
  await nextTurn()
  const summary = made.township ? [branchesSheet(made, name, within, withNames)] : []
  await nextTurn()
  const sheet = meetingsSheet(made, name, within)
  await nextTurn()
  return [...summary, sheet]
}

async function names(
  store: Store,
  made: Made,
  { name, months }: Span,
  all: readonly BranchMeetings[],
): Promise<Sheet[]> {
  const sheets: Sheet[] = []
  for (const each of all) {
    const within = inMonths(each, new Set(months))
    const there = await store.read(tx => peopleOn(tx, within))
    for (const make of namesSheets(made, name, within, there)) {
      sheets.push(make())
      await nextTurn()
    }
  }
  return sheets
}

/** Whoever stands on one of the rolls, in roster order, whether he is still here or not. */
async function peopleOn(tx: ReadTx, { branch, seen }: BranchMeetings): Promise<RollPerson[]> {
  const found: Person[] = []
  for (const personId of new Set(seen.flatMap(({ marks }) => [...marks.keys()]))) {
    const person = await tx.get(people, personId)
    if (person) found.push(person)
  }
  return inRosterOrder(found).map(person => ({
    personId: person.personId,
    name: calledAmong(person, found, branch.branchId),
    remark: remarkOf(person, branch.branchId),
  }))
}

/** What tells why somebody's row may look different from the rest. */
function remarkOf(person: Person, branchId: string): string {
  if (!isActive(person)) return '已不在名册'
  if (!person.memberships.some(membership => membership.branchId === branchId)) return '已不在本支部'
  if (ownBranchId(person) !== branchId) return '组织关系不在本支部'
  if (person.identity === 'probationary') return '预备党员'
  if (person.identity !== 'full') return person.identity === 'activist' ? '入党积极分子' : '发展对象'
  return person.floating ? '流动党员' : ''
}
