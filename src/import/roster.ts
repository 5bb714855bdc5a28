import { addBranch, keepGroupsInStep } from '../branch/registering.ts'
import { dayOf } from '../clock.ts'
import type { PlannedBranch } from '../domain/branch-sheet.ts'
import { accountOf } from '../domain/dues-ledger.ts'
import { type BookPlan, branchAfter, planBook, type RosterBook } from '../domain/roster-book.ts'
import { type PlannedPerson, personOf, type RosterPlan } from '../domain/roster-file.ts'
import { movedByFile } from '../domain/roster-moves.ts'
import { log } from '../log.ts'
import { type Branch, branches, dues, type Person, people } from '../store/collections.ts'
import type { ReadTx, Store, Tx } from '../store/records.ts'
import { readRosterFile } from './roster-file.ts'
import { type RosterReport, reportOf } from './roster-report.ts'

export type { RosterReport } from './roster-report.ts'

export interface ImportOptions {
  dryRun: boolean
  /** Who imports: a personId, or 'control'. */
  by: string
}

/**
 * All or nothing: one wrong row, and nothing of the file is written. A dry run makes the same plan and writes nothing.
 * Throws UserError where the bytes are no roster.
 */
export async function importRoster(
  store: Store,
  bytes: Uint8Array,
  { dryRun, by }: ImportOptions,
): Promise<RosterReport> {
  const book = await readRosterFile(bytes)
  const plan = dryRun
    ? await store.read(tx => planFrom(tx, book))
    : await store.update('township', tx => carryOut(tx, book, by), { long: 'import' })
  const report = reportOf(plan, dryRun)
  log.info('roster-import', { ok: report.ok, dryRun, ...report.counts })
  return report
}

async function planFrom(tx: ReadTx, book: RosterBook): Promise<BookPlan> {
  const known = { people: await tx.all(people), branches: await tx.all(branches) }
  const plan = planBook(book, known, dayOf(tx.now))
  const paidUpTo = await paidUpToOf(tx, plan)
  return paidUpTo.size === 0 ? plan : planBook(book, { ...known, paidUpTo }, dayOf(tx.now))
}

/** Of those whose standard the file changes. */
async function paidUpToOf(tx: ReadTx, { changed }: RosterPlan): Promise<ReadonlyMap<string, string>> {
  const paidUpTo = new Map<string, string>()
  for (const { before, after } of changed) {
    if (!before || after.monthlyDuesFen === before.monthlyDuesFen) continue
    const { paid, claimed } = accountOf(await tx.find(dues, 'person', before.personId))
    const last = [...paid.keys(), ...claimed.keys()].sort().at(-1)
    if (last !== undefined) paidUpTo.set(before.personId, last)
  }
  return paidUpTo
}

async function carryOut(tx: Tx, book: RosterBook, by: string): Promise<BookPlan> {
  const plan = await planFrom(tx, book)
  if (plan.wrong.length > 0) return plan
  const branchIds = new Map((await tx.all(branches)).map(branch => [branch.name, branch.branchId]))
  for (const name of plan.newBranches) branchIds.set(name, await addBranch(tx, name, by))
  for (const planned of plan.changedBranches) await writeBranch(tx, planned, by)
  const touched = new Set<string>()
  for (const planned of inSheetOrder(plan)) {
    const person = await writePerson(tx, planned, branchIds, by)
    for (const { branchId } of [...(planned.before?.memberships ?? []), ...person.memberships]) touched.add(branchId)
  }
  await keepGroupsInStep(tx, touched, by)
  const { added, changed, unchanged } = plan
  const counts = { added: added.length, changed: changed.length, unchanged: unchanged.length }
  const after = { ...counts, newBranches: plan.newBranches }
  await tx.audit({ by, branchId: null, what: 'import-roster', about: 'roster', after })
  return plan
}

async function writeBranch(tx: Tx, planned: PlannedBranch, by: string): Promise<void> {
  const before = await tx.getBy(branches, 'name', planned.name)
  if (!before) throw new Error('a planned branch was not added')
  const after = await tx.put(branches, branchAfter(before, planned))
  const { branchId } = before
  const changed = (one: Branch) => ({ kind: one.kind, leader: one.leader, termEndsOn: one.termEndsOn })
  const told = { before: changed(before), after: changed(after), why: '导入名册' }
  await tx.audit({ by, branchId, what: 'change-branch', about: branchId, ...told })
}

const inSheetOrder = (plan: RosterPlan): PlannedPerson[] =>
  [...plan.added, ...plan.changed].toSorted((a, b) => a.row - b.row)

async function writePerson(
  tx: Tx,
  planned: PlannedPerson,
  branchIds: ReadonlyMap<string, string>,
  by: string,
): Promise<Person> {
  const { before } = planned
  const branchIdOf = (name: string): string => {
    const branchId = branchIds.get(name)
    if (branchId === undefined) throw new Error('a planned branch was not added')
    return branchId
  }
  const read = personOf(planned, before?.personId ?? (await tx.nextId('p')), branchIdOf)
  const leaving = { day: dayOf(tx.now), to: placeAfter(planned), at: tx.now.toISOString() }
  const person = before ? movedByFile(before, read, leaving) : read
  await (before ? tx.put(people, person) : tx.insert(people, person))
  const sides = new Set([before ?? person, person].map(side => side.memberships[0]?.branchId ?? null))
  for (const branchId of sides) {
    await tx.audit({
      by,
      branchId,
      what: before ? 'change-person' : 'add-person',
      about: person.personId,
      ...(before && { before: audited(before, person) }),
      after: audited(person, before),
      why: '导入名册',
    })
  }
  return person
}

const placeAfter = ({ after, memberships }: PlannedPerson): string =>
  after.status === 'transferred' ? '镇外（导入名册）' : (memberships[0]?.branch ?? '')

/**
 * What differs from the other record. The account itself is left out: the log outlives a leaver's link by years, and
 * that it was cut is all that it need say. `formerly` repeats what was before.
 */
function audited(person: Person, other: Person | null): Record<string, unknown> {
  const shown = (one: Person) => Object.entries({ ...one, userId: linkOf(one), formerly: undefined })
  const fields = shown(person)
  const others = new Map<string, unknown>(other ? shown(other) : [])
  return Object.fromEntries(
    fields.filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(others.get(name))),
  )
}

const linkOf = (person: Person): string => (person.userId === null ? 'none' : 'linked')
