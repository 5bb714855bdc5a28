import { instantAt, monthOf } from '../clock.ts'
import { owedIn, standardIn } from '../domain/dues.ts'
import { type Account, accountOf, balanceOf, type Paid } from '../domain/dues-ledger.ts'
import { spellYuan } from '../domain/money.ts'
import { addMonths, monthsFrom } from '../domain/month-words.ts'
import { calledAmong } from '../domain/people.ts'
import { type Branch, branches, type DuesEntry, dues, type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { payersOf } from './said.ts'

/** What the papers of dues are made of: one branch's payers with what its own ledger says of them. */

export interface RegisterRow {
  branch: Branch
  person: Person
  /** People of one name are told apart by group and year of joining. */
  name: string
  account: Account
  /** Months that he paid in the branch he came from: nothing is due for them here. */
  paidElsewhere: ReadonlySet<string>
  /** False: he is no payer of this branch any more; what he paid here stays here. */
  isHere: boolean
}

export interface BranchRegister {
  branch: Branch
  rows: readonly RegisterRow[]
  entries: readonly DuesEntry[]
  /** personId to name: of collectors and of who brought it. */
  names: ReadonlyMap<string, string>
}

export async function registerOf(tx: ReadTx, branchId: string): Promise<BranchRegister> {
  const branch = await tx.get(branches, branchId)
  if (!branch) throw new Error('a report names no branch')
  const entries = await tx.find(dues, 'branch', branchId)
  const byPerson = new Map<string, DuesEntry[]>()
  for (const entry of entries) {
    const lines = byPerson.get(entry.personId)
    if (lines) lines.push(entry)
    else byPerson.set(entry.personId, [entry])
  }
  const here = await payersOf(tx, branchId)
  const hereIds = new Set(here.map(({ personId }) => personId))
  const gone: Person[] = []
  for (const personId of byPerson.keys()) {
    const person = hereIds.has(personId) ? undefined : await tx.get(people, personId)
    if (person) gone.push(person)
  }
  const everybody = [...here, ...gone]
  const elsewhere = new Map<string, ReadonlySet<string>>()
  for (const { personId, relationFrom } of here) {
    if (relationFrom !== undefined) elsewhere.set(personId, await paidOutside(tx, personId, branchId))
  }
  const row = (isHere: boolean) => (person: Person) => ({
    branch,
    person,
    name: calledAmong(person, everybody, branchId),
    account: accountOf(byPerson.get(person.personId) ?? []),
    paidElsewhere: elsewhere.get(person.personId) ?? NONE,
    isHere,
  })
  return { branch, rows: [...here.map(row(true)), ...gone.map(row(false))], entries, names: await namesOf(tx, entries) }
}

const NONE: ReadonlySet<string> = new Set()

async function paidOutside(tx: ReadTx, personId: string, branchId: string): Promise<ReadonlySet<string>> {
  const lines = await tx.find(dues, 'person', personId)
  return new Set(accountOf(lines.filter(line => line.branchId !== branchId)).paid.keys())
}

async function namesOf(tx: ReadTx, entries: readonly DuesEntry[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for (const personId of new Set(entries.flatMap(({ by, paidBy }) => [by, ...(paidBy ? [paidBy] : [])]))) {
    names.set(personId, (await tx.get(people, personId))?.name ?? '')
  }
  return names
}

/** What stands for a month where no money does: '免' waived, '—' not owed here, null unpaid. */
export function markOf({ person, isHere, paidElsewhere }: RegisterRow, month: string): '免' | '—' | null {
  if (paidElsewhere.has(month)) return '—'
  const owed = owedIn(person, month)
  if (!('why' in owed) || owed.why === 'no standard') return isHere ? null : '—'
  return owed.why === 'waived' ? '免' : '—'
}

/** Of a receipt for several months what this month has of it. */
export const paidIn = ({ account }: RegisterRow, month: string): Paid | undefined => account.paid.get(month)

export const yearMonths = (year: string): string[] => monthsFrom(`${year}-01`, `${year}-12`)

/** Fen; '0.50/1.00' where it changed within the months; '未定' where none was set. */
export function standardCell({ person }: RegisterRow, months: readonly string[]): number | string {
  const owing = months.filter(month => owedIn(person, month).fen > 0)
  const standards = [...new Set(owing.map(month => standardIn(person, month)).filter(fen => fen !== null))]
  if (standards.length <= 1)
    return standards[0] ?? standardIn(person, months.at(-1) ?? '') ?? unsetWords(person, months)
  return standards.map(spellYuan).join('/')
}

/** A year before he joined has no standard that could be missing. */
function unsetWords(person: Person, months: readonly string[]): string {
  const isUnset = months.some(month => {
    const owed = owedIn(person, month)
    return 'why' in owed && owed.why === 'no standard'
  })
  return isUnset ? '未定' : ''
}

export interface MonthSums {
  owedFen: number
  paidFen: number
  /** Of what was paid: after its month was over. */
  lateFen: number
  waived: number
  unpaid: number
}

/** What the months came to for one row, up to `now` for what is owed. */
export function sumsOf(row: RegisterRow, months: readonly string[], now: string): MonthSums {
  const sums = { owedFen: 0, paidFen: 0, lateFen: 0, waived: 0, unpaid: 0 }
  for (const month of months) {
    const paid = paidIn(row, month)
    const owed = owedIn(row.person, month)
    if (paid && monthOf(new Date(paid.entry.at)) > month) sums.lateFen += paid.fen
    sums.paidFen += paid?.fen ?? 0
    if (!row.isHere || month > now || row.paidElsewhere.has(month)) continue
    sums.owedFen += owed.fen
    if (markOf(row, month) === '免') sums.waived += 1
    else if (owed.fen > 0 && !paid) sums.unpaid += 1
  }
  return sums
}

/** The money that came in in a month, whatever months it was for, less what was reversed in it. */
export function takenIn(entries: readonly DuesEntry[], month: string): number {
  // Instants as they are stored: a township's years of lines are not worth a date each.
  const from = instantAt(`${month}-01`, '00:00').toISOString()
  const until = instantAt(`${addMonths(month, 1)}-01`, '00:00').toISOString()
  return balanceOf(entries.filter(({ at }) => from <= at && at < until))
}
