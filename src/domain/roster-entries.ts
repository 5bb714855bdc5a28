import type { Branch, Post } from '../store/collections.ts'
import { oneApart } from './people.ts'
import { isBlank, nameKey } from './roster-cells.ts'
import {
  FACT_NAMES,
  FACTS,
  type Facts,
  type Header,
  type Remark,
  type RosterRow,
  readRow,
  type Stated,
} from './roster-columns.ts'

/** From the rows of the file to its people: rows of one 账号 become one entry with several memberships. */

export interface EntryMembership {
  row: number
  /** The branch's name as it stands in the store, else as the file wrote it first. */
  branch: string
  group: string | null | undefined
  posts: Post[] | null | undefined
}

/** One person as the file states him. */
export interface Entry {
  row: number
  userId: string
  formerUserId: string | null
  name: string
  facts: Stated<Facts>
  /** In the file's order: the first is his own branch. */
  memberships: EntryMembership[]
}

export interface Entries {
  /** Only people without a wrong row. */
  entries: Entry[]
  newBranches: string[]
  /** Every account that stands in the file, those of wrong rows too. */
  seen: ReadonlySet<string>
  wrong: Remark[]
  notes: Remark[]
}

export function readEntries(
  rows: readonly (readonly string[])[],
  header: Header,
  branches: readonly Branch[],
  today: string,
): Entries {
  const names = new BranchNames(branches)
  // A number or a remark alone is nobody: offices number their rows down to the end of the page.
  const isNobody = (cells: readonly string[]) => [...header.at.values()].every(column => isBlank(cells[column] ?? ''))
  const entries = new Map<string, Entry>()
  const seen = new Set<string>()
  const faulty = new Set<string>()
  const wrong: Remark[] = []
  const notes: Remark[] = []
  for (const [index, cells] of rows.entries()) {
    if (index <= header.index || isNobody(cells)) continue
    const reading = readRow(cells, index + 1, header, today)
    const problems = [...reading.wrong]
    if (reading.row) problems.push(...addRow(entries, reading.row, names.of(reading.row.branch, reading.row.row)))
    if (reading.userId !== undefined) seen.add(reading.userId)
    if (reading.userId !== undefined && problems.length > 0) faulty.add(reading.userId)
    wrong.push(...problems)
    notes.push(...reading.notes)
  }
  if (seen.size === 0 && wrong.length === 0)
    wrong.push({ row: header.index + 1, column: '账号', why: '表头下面没有人，请从下一行填起' })
  const sound = [...entries.values()].filter(entry => !faulty.has(entry.userId))
  return { entries: sound, newBranches: names.added, seen, wrong, notes: [...notes, ...names.notes] }
}

/** 第一 and 第二党支部 are two. */
const isSlipOf = (one: string, other: string): boolean =>
  oneApart(one, other) && one.replace(NUMERALS, '') !== other.replace(NUMERALS, '')
const NUMERALS = /[\d一二三四五六七八九十]/gu

/** One branch, however it is spelled. */
class BranchNames {
  readonly added: string[] = []
  /** Of the new ones those that look like a slip of another: 石泉村 beside 水泉村 may be either. */
  readonly notes: Remark[] = []
  readonly #byKey: Map<string, string>

  constructor(branches: readonly Branch[]) {
    this.#byKey = new Map(branches.map(branch => [nameKey(branch.name), branch.name]))
  }

  of(written: string, row: number): string {
    const known = this.#byKey.get(nameKey(written))
    if (known !== undefined) return known
    const near = [...this.#byKey].find(([key]) => isSlipOf(key, nameKey(written)))?.[1]
    this.#byKey.set(nameKey(written), written)
    this.added.push(written)
    if (near)
      this.notes.push({
        row,
        column: '支部',
        why: `会新建“${written}”，它和“${near}”只差一个字；打错了请改好再导入`,
      })
    return written
  }
}

function addRow(entries: Map<string, Entry>, row: RosterRow, branch: string): Remark[] {
  const membership = { row: row.row, branch, group: row.group, posts: row.posts }
  const entry = entries.get(row.userId)
  if (!entry) {
    const { userId, formerUserId, name, facts } = row
    const entry = { row: row.row, userId, formerUserId, name, facts: { ...facts }, memberships: [membership] }
    entries.set(userId, entry)
    return []
  }
  const same = entry.memberships.find(each => each.branch === branch)
  if (same) return [{ row: row.row, column: '账号', why: `与第 ${same.row} 行是同一账号、同一支部，请删去一行` }]
  entry.memberships.push(membership)
  entry.formerUserId ??= row.formerUserId
  const problems: Remark[] = []
  if (entry.name !== row.name) problems.push(differs(row.row, '姓名', entry.row))
  for (const fact of FACT_NAMES) {
    if (!agree(fact, entry.facts, row.facts)) problems.push(differs(row.row, FACTS[fact].header, entry.row))
  }
  return problems
}

const differs = (row: number, column: string, first: number): Remark => ({
  row,
  column,
  why: `与第 ${first} 行同一账号却不同，请改成一样`,
})

/** Takes over what the first row left blank; false where both say something and not the same. */
function agree<K extends keyof Facts>(fact: K, first: Stated<Facts>, second: Stated<Facts>): boolean {
  const { blank, blankSays } = FACTS[fact]
  const said = (stated: Stated<Facts>): Facts[K] | null | undefined =>
    stated[fact] === null && blankSays ? blank : stated[fact]
  const [one, other] = [said(first), said(second)]
  if (other === null || other === undefined) return true
  if (one === null || one === undefined) first[fact] = other
  return one === null || one === undefined || one === other
}
