import { addDays } from '../clock.ts'
import { BRANCH_KINDS, type Branch } from '../store/collections.ts'
import { isBlank, nameKey, type ReadCell, readDay, readName, readText, readWord } from './roster-cells.ts'
import type { FieldChange } from './roster-changes.ts'
import { headerIndex, type Remark, type SheetCells, unreadableCells } from './roster-columns.ts'

/** The sheet 支部 of a roster file (OPERATIONS.md, "Roster file"): what is known of the branches themselves. */

export const BRANCH_SHEET = '支部'
const NAME = '支部'

type About = Pick<Branch, 'kind' | 'leader' | 'termEndsOn'>

export interface PlannedBranch {
  row: number
  /** As it stands in the store, else as the file wrote it first. */
  name: string
  after: About
  changes: FieldChange[]
}

export interface BranchPlan {
  changed: PlannedBranch[]
  /** Named by this sheet alone: no person of the file or the store is in them. */
  added: string[]
  wrong: Remark[]
  notes: Remark[]
  unknownColumns: string[]
}

const kindSpellings = new Map<string, (typeof BRANCH_KINDS)[number]>([
  ['党总支', '总支'],
  ['联合党支部', '联合'],
  ['联合支部', '联合'],
  ['非公企业', '非公'],
  ['行政村', '村'],
])

/** 支部工作条例, art. 21: five years in villages and communities, three elsewhere; put off by a year at most (选举工作条例, art. 3). */
const LONGEST_TERM_DAYS = 366 * 6
const FAR = '9999-12-31'

const readTermEnd: ReadCell<string> = (text, today) => {
  const read = readDay(text, FAR)
  if (!('value' in read) || read.value <= addDays(today, LONGEST_TERM_DAYS)) return read
  return { why: `${read.value} 太远了：一届最长 5 年，请核对` }
}

const READERS: { readonly [K in keyof About]: { header: string; read: ReadCell<NonNullable<About[K]>> } } = {
  kind: { header: '类型', read: readWord(new Map(BRANCH_KINDS.map(kind => [kind, kind])), kindSpellings) },
  leader: { header: '联系领导', read: readName },
  termEndsOn: { header: '换届日期', read: readTermEnd },
}
const FIELDS = ['kind', 'leader', 'termEndsOn'] as const
const HEADERS: readonly string[] = FIELDS.map(field => READERS[field].header)
const isKnown = (header: string): boolean => header === NAME || HEADERS.includes(header)

/** The heads of this sheet and not of a roster, whatever the sheet is called. */
export function isBranchSheet(rows: SheetCells['rows']): boolean {
  const cells = (rows[headerIndex(rows, isKnown)] ?? []).map(nameKey)
  return cells.includes(NAME) && cells.some(cell => HEADERS.includes(cell)) && !cells.includes('姓名')
}

/** A blank cell clears, an absent column leaves alone, as in the roster itself. */
export function planBranches(
  sheet: SheetCells,
  known: { branches: readonly Branch[]; newBranches: readonly string[] },
  today: string,
): BranchPlan {
  const index = headerIndex(sheet.rows, isKnown)
  const { at, unknown, wrong } = readHeads(sheet.rows[index] ?? [], index)
  const plan: BranchPlan = { changed: [], added: [], wrong, notes: [], unknownColumns: unknown }
  if (wrong.length > 0) return plan
  const stored = new Map(known.branches.map(branch => [nameKey(branch.name), branch]))
  const fresh = new Map(known.newBranches.map(name => [nameKey(name), name]))
  const firstRows = new Map<string, number>()
  sheet.rows.forEach((cells, place) => {
    if (place <= index || cells.every(isBlank)) return
    const reading = readBranch(cells, { row: place + 1, at, today })
    plan.wrong.push(...reading.wrong)
    plan.notes.push(...reading.notes)
    if (reading.name === undefined) return
    const key = nameKey(reading.name)
    const first = firstRows.get(key)
    if (first !== undefined) plan.wrong.push(remark(place + 1, NAME, `与第 ${first} 行是同一个支部，请删去一行`))
    firstRows.set(key, first ?? place + 1)
    const before = stored.get(key)
    const name = before?.name ?? fresh.get(key) ?? reading.name
    if (!before && !fresh.has(key)) plan.added.push(name)
    const { after, changes } = settle(reading.stated, before)
    if (changes.length > 0) plan.changed.push({ row: place + 1, name, after, changes })
  })
  plan.wrong.unshift(...unreadableCells(sheet, { index, at }).map(one => ({ sheet: BRANCH_SHEET, ...one })))
  return plan
}

const remark = (row: number, column: string, why: string): Remark => ({ sheet: BRANCH_SHEET, row, column, why })

function readHeads(cells: readonly string[], index: number) {
  const at = new Map<string, number>()
  const unknown: string[] = []
  const wrong: Remark[] = []
  cells.forEach((cell, place) => {
    const header = nameKey(cell)
    if (header === '') return
    if (!isKnown(header)) unknown.push(cell.trim())
    else if (at.has(header)) wrong.push(remark(index + 1, header, '这一列有两个，请删去一个'))
    else at.set(header, place)
  })
  if (!at.has(NAME)) wrong.push(remark(index + 1, NAME, '表头里缺少这一列，请补上'))
  return { at, unknown, wrong }
}

type Stated = { [K in keyof About]?: About[K] }
interface Reading {
  name: string | undefined
  stated: Stated
  wrong: Remark[]
  notes: Remark[]
}

function readBranch(
  cells: readonly string[],
  { row, at, today }: { row: number; at: ReadonlyMap<string, number>; today: string },
): Reading {
  const reading: Reading = { name: undefined, stated: {}, wrong: [], notes: [] }
  const read = <T>(header: string, reader: ReadCell<T>): T | null | undefined => {
    const place = at.get(header)
    if (place === undefined) return undefined
    const text = cells[place] ?? ''
    if (isBlank(text)) return null
    const cell = reader(text, today)
    if ('why' in cell) reading.wrong.push(remark(row, header, cell.why))
    else if (cell.note) reading.notes.push(remark(row, header, cell.note))
    return 'value' in cell ? cell.value : undefined
  }
  reading.name = read(NAME, readText) ?? undefined
  if (reading.name === undefined && reading.wrong.length === 0) reading.wrong.push(remark(row, NAME, '空着，请填支部'))
  const take = <K extends keyof About>(field: K) => {
    const { header, read: reader } = READERS[field]
    const value = read(header, reader)
    if (value !== undefined) reading.stated[field] = value
  }
  for (const field of FIELDS) take(field)
  return reading
}

function settle(stated: Stated, before: Branch | undefined): { after: About; changes: FieldChange[] } {
  const held: About = {
    kind: before?.kind ?? null,
    leader: before?.leader ?? null,
    termEndsOn: before?.termEndsOn ?? null,
  }
  const after = { ...held, ...stated }
  const changes = FIELDS.filter(field => after[field] !== held[field]).map(field => ({
    field: READERS[field].header,
    before: held[field] ?? '',
    after: after[field] ?? '',
  }))
  return { after, changes }
}
