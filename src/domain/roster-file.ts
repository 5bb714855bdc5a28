import type { Branch, Membership, Person } from '../store/collections.ts'
import { nameKey } from './roster-cells.ts'
import { differences, type FieldChange } from './roster-changes.ts'
import {
  FACTS,
  type Facts,
  FORMER,
  type Remark,
  readHeader,
  type SheetCells,
  type Stated,
  unreadableCells,
} from './roster-columns.ts'
import { alreadyPaid, duesOf, type PaidUpTo, relationOf, setHere } from './roster-dues.ts'
import { type Entry, type EntryMembership, readEntries } from './roster-entries.ts'
import { isGone, matchEntries } from './roster-match.ts'

export type { FieldChange } from './roster-changes.ts'
export type { Remark } from './roster-columns.ts'

export interface KnownRoster {
  people: readonly Person[]
  branches: readonly Branch[]
  paidUpTo?: PaidUpTo
}

/** A membership whose branch may not have an id yet: it is named. */
export interface PlannedMembership extends Omit<Membership, 'branchId'> {
  row: number
  branch: string
}

export interface PlannedPerson {
  row: number
  /** null: new, the store gives the id. */
  before: Person | null
  after: Omit<Person, 'personId' | 'memberships'>
  memberships: PlannedMembership[]
  changes: FieldChange[]
}

/** What an import would do. Nothing of it may be done while `wrong` has an entry. */
export interface RosterPlan {
  added: PlannedPerson[]
  changed: PlannedPerson[]
  unchanged: PlannedPerson[]
  /** In the store, not left, and not in the file: they stay as they are. */
  missing: Person[]
  newBranches: string[]
  wrong: Remark[]
  /** Worth a look, but nothing stands in the way. */
  notes: Remark[]
  unknownColumns: string[]
}

/**
 * Compares a roster file with the store. A row says all about a person that the file has columns for: a blank cell clears,
 * an absent column leaves alone. The rows of a person are all his memberships.
 */
export function planRoster(sheet: SheetCells, known: KnownRoster, today: string): RosterPlan {
  const header = readHeader(sheet.rows)
  const plan: RosterPlan = {
    added: [],
    changed: [],
    unchanged: [],
    missing: [],
    newBranches: [],
    wrong: header.wrong,
    notes: [],
    unknownColumns: header.unknown,
  }
  if (header.wrong.length > 0) return plan
  const { entries, newBranches, seen, wrong, notes } = readEntries(sheet.rows, header, known.branches, today)
  const unreadable = unreadableCells(sheet, header)
  const matches = matchEntries(entries, known)
  const branchNames = new Map(known.branches.map(branch => [branch.branchId, branch.name]))
  const planned = entries.map(entry =>
    planPerson(entry, matches.get(entry) ?? null, { branchNames, today, paidUpTo: known.paidUpTo }),
  )
  const matched = new Set([...matches.values()].map(person => person.personId))
  const untouched = known.people.filter(
    person => !matched.has(person.personId) && !(person.userId !== null && seen.has(person.userId)),
  )
  return {
    added: planned.filter(each => !each.before),
    changed: planned.filter(each => each.before && each.changes.length > 0),
    unchanged: planned.filter(each => each.before && each.changes.length === 0),
    missing: untouched.filter(person => !isGone(person.status)),
    newBranches,
    wrong: inSheetOrder([
      ...unreadable,
      ...withoutPlacesOf(unreadable, wrong),
      ...meantTwice(planned),
      ...secondSecretaries(planned, untouched, branchNames),
    ]),
    notes: inSheetOrder([
      ...notes,
      ...entries.flatMap(entry => assumptions(entry, matches.has(entry))),
      ...namesakes(planned, untouched, branchNames),
      ...planned.flatMap(({ row, before, after }) => alreadyPaid(row, before, after, today)),
      ...planned.flatMap(backToProbation),
      ...planned.flatMap(one => backWhereHeWas(one, branchNames)),
      ...entries.flatMap(entry => setHere(entry.row, matches.get(entry) ?? null, entry.facts.monthlyDuesFen)),
    ]),
    unknownColumns: header.unknown,
  }
}

/** The record, once the store has given the ids. */
export function personOf(planned: PlannedPerson, personId: string, branchIdOf: (name: string) => string): Person {
  const memberships = planned.memberships.map(({ branch, group, posts, standingLeave }) => ({
    branchId: branchIdOf(branch),
    group,
    posts,
    standingLeave,
  }))
  return { personId, ...planned.after, memberships }
}

interface Planning {
  branchNames: ReadonlyMap<string, string>
  today: string
  paidUpTo: PaidUpTo | undefined
}

function planPerson(entry: Entry, before: Person | null, { branchNames, today, paidUpTo }: Planning): PlannedPerson {
  const facts = settle(entry.facts, before)
  const statesQuorum = entry.facts.excludedFromQuorum !== undefined
  const memberships = entry.memberships.map(membership => planMembership(membership, before, branchNames))
  const after = {
    ...facts,
    // DOMAIN.md 6.3: a leaver is unlinked at once.
    userId: isGone(facts.status) ? null : entry.userId,
    name: entry.name,
    client: before?.client ?? null,
    ...keptOf(before),
    ...duesOf(facts, { before, today, paidUpTo }),
    ...relationOf(memberships[0]?.branch, { before, branchNames, today, statesQuorum }),
  }
  const changes = before ? differences(before, { ...after, memberships }, branchNames) : []
  return { row: entry.row, before, after, memberships, changes }
}

function settle(stated: Stated<Facts>, before: Person | null): Facts {
  const pick = <K extends keyof Facts>(fact: K): Facts[K] => settleFact(fact, stated, before)
  return {
    identity: pick('identity'),
    status: pick('status'),
    joinedOn: pick('joinedOn'),
    confirmedOn: pick('confirmedOn'),
    duesCategory: pick('duesCategory'),
    monthlyDuesFen: pick('monthlyDuesFen'),
    floating: pick('floating'),
    exempt: pick('exempt'),
    excludedFromQuorum: pick('excludedFromQuorum'),
    votingRight: pick('votingRight'),
    wechatOnly: pick('wechatOnly'),
    noPhone: pick('noPhone'),
    admin: pick('admin'),
  }
}

function settleFact<K extends keyof Facts>(fact: K, stated: Stated<Facts>, before: Person | null): Facts[K] {
  const said = stated[fact]
  const { blank, keptWhenBlank } = FACTS[fact]
  if (said === undefined || (said === null && keptWhenBlank)) return before ? before[fact] : blank
  return said === null ? blank : said
}

/** What no column says, and an import leaves alone. */
function keptOf(
  before: Person | null,
): Pick<Person, 'unsubscribed' | 'duesReliefs' | 'duesStandards' | 'relationFrom' | 'formerly'> {
  if (!before) return {}
  const { unsubscribed, duesReliefs, duesStandards, relationFrom, formerly } = before
  return {
    ...(unsubscribed && { unsubscribed }),
    ...(duesReliefs && { duesReliefs }),
    ...(duesStandards && { duesStandards }),
    ...(relationFrom && { relationFrom }),
    ...(formerly && { formerly }),
  }
}

function planMembership(
  { row, branch, group, posts }: EntryMembership,
  before: Person | null,
  branchNames: ReadonlyMap<string, string>,
): PlannedMembership {
  const held = before?.memberships.find(each => branchNames.get(each.branchId) === branch)
  return {
    row,
    branch,
    group: group === undefined ? (held?.group ?? null) : group,
    posts: posts === undefined ? (held?.posts ?? []) : (posts ?? []),
    standingLeave: held?.standingLeave ?? null,
  }
}

/** A row with the 原账号 of somebody who has a row of his own. */
function meantTwice(planned: readonly PlannedPerson[]): Remark[] {
  const rows = new Map<string, number>()
  return planned.flatMap(({ before, row }) => {
    const first = before && rows.get(before.personId)
    if (before) rows.set(before.personId, first ?? row)
    return first ? [{ row, column: FORMER, why: `与第 ${first} 行是同一个人，请删去一行` }] : []
  })
}

/** A branch has one secretary; whoever is not in the file keeps his post. */
function secondSecretaries(
  planned: readonly PlannedPerson[],
  untouched: readonly Person[],
  branchNames: ReadonlyMap<string, string>,
): Remark[] {
  const holders = new Map<string, string>()
  for (const person of untouched) {
    if (person.status !== 'active') continue
    for (const { branchId, posts } of person.memberships) {
      const branch = branchNames.get(branchId)
      if (branch !== undefined && posts.includes('secretary')) holders.set(branch, `${person.name}（不在本表）`)
    }
  }
  const wrong: Remark[] = []
  for (const { row, branch } of planned.flatMap(secretaryships)) {
    const holder = holders.get(branch)
    if (holder) wrong.push({ row, column: '党内职务', why: `${branch}的书记已有${holder}，一个支部只能有一位书记` })
    else holders.set(branch, `第 ${row} 行`)
  }
  return wrong
}

const secretaryships = (person: PlannedPerson): PlannedMembership[] =>
  person.after.status === 'active' ? person.memberships.filter(each => each.posts.includes('secretary')) : []

/** A new 账号 with a known name is either a namesake or a changed 账号: only people can tell. */
function namesakes(
  planned: readonly PlannedPerson[],
  untouched: readonly Person[],
  branchNames: ReadonlyMap<string, string>,
): Remark[] {
  const keys = new Set(
    untouched.flatMap(person =>
      person.memberships.map(({ branchId }) => `${nameKey(branchNames.get(branchId) ?? '')}:${nameKey(person.name)}`),
    ),
  )
  const same = (person: PlannedPerson) =>
    person.memberships.some(({ branch }) => keys.has(`${nameKey(branch)}:${nameKey(person.after.name)}`))
  return planned
    .filter(person => !person.before && same(person))
    .map(({ row }) => ({ row, column: '账号', why: '本支部名册里另有同名的人；若是换了账号，请加“原账号”一列' }))
}

/** Of one place one thing is said. */
function withoutPlacesOf(said: readonly Remark[], others: readonly Remark[]): Remark[] {
  const placeOf = ({ row, column }: Remark) => `${row} ${column}`
  const places = new Set(said.map(placeOf))
  return others.filter(one => !places.has(placeOf(one)))
}

/** Mostly an old file: somebody was made a full member since. */
const backToProbation = ({ row, before, after }: PlannedPerson): Remark[] =>
  before?.identity === 'full' && after.identity !== 'full'
    ? [{ row, column: '身份', why: '名册上已是正式党员，照表会改回去，请核对是不是旧表' }]
    : []

/** Mostly an old file too: he has left, or gone to another branch, since. */
function backWhereHeWas(
  { row, before, after, memberships }: PlannedPerson,
  branchNames: ReadonlyMap<string, string>,
): Remark[] {
  if (before?.status === 'transferred' && after.status === 'active')
    return [{ row, column: '状态', why: '名册上已转出，照表会改回在册，请核对是不是旧表' }]
  const branch = memberships[0]?.branch
  const here = branchNames.get(before?.memberships[0]?.branchId ?? '')
  const was = before?.formerly?.some(one => branchNames.get(one.memberships[0]?.branchId ?? '') === branch)
  return was && here !== branch
    ? [{ row, column: '支部', why: `名册上已转到${here}，照表会转回去，请核对是不是旧表` }]
    : []
}

/** What was taken for granted, or looks like a slip. */
function assumptions(entry: Entry, known: boolean): Remark[] {
  const notes: Remark[] = []
  const { identity, joinedOn, confirmedOn } = entry.facts
  if (!known && !identity) notes.push({ row: entry.row, column: '身份', why: '没有填，按正式党员登记' })
  if (joinedOn && confirmedOn && confirmedOn.slice(0, 7) < joinedOn.slice(0, 7)) {
    notes.push({ row: entry.row, column: '转正日期', why: '早于入党日期，请核对' })
  }
  for (const { row, group, posts } of entry.memberships) {
    if (group === null && posts?.includes('leader')) {
      notes.push({ row, column: '党小组', why: '党小组长没有填党小组，他还不能召集小组会' })
    }
  }
  return notes
}

const inSheetOrder = (remarks: readonly Remark[]): Remark[] => remarks.toSorted((a, b) => a.row - b.row)
