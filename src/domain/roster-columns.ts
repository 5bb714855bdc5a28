import { IDENTITIES, type Person, POSTS, type Post } from '../store/collections.ts'
import { spellYuan } from './money.ts'
import {
  type Cell,
  isBlank,
  nameKey,
  type ReadCell,
  readAccount,
  readApproval,
  readDay,
  readFen,
  readName,
  readText,
  readWord,
  readWords,
  readYesNo,
} from './roster-cells.ts'

/** The columns of the roster file (OPERATIONS.md, "Roster file"): header, how a cell is read, how a value is shown. */

type FactName =
  | 'identity'
  | 'status'
  | 'joinedOn'
  | 'confirmedOn'
  | 'duesCategory'
  | 'monthlyDuesFen'
  | 'floating'
  | 'exempt'
  | 'excludedFromQuorum'
  | 'votingRight'
  | 'wechatOnly'
  | 'noPhone'
  | 'admin'
/** What is true of the person in whatever branch; group and posts belong to a membership. */
export type Facts = Pick<Person, FactName>
/** undefined: the file has no such column. null: the cell is blank. */
export type Stated<T> = { -readonly [K in keyof T]?: T[K] | null }

interface Column<T> {
  header: string
  read: ReadCell<NonNullable<T>>
  show(value: NonNullable<T>): string
  /** What a blank cell means, and what a new person has where the column is absent. */
  blank: T
  /** A blank cell leaves what is stored. */
  keptWhenBlank?: boolean
  /** A blank cell says `blank` as plainly as if it were written: it contradicts another row that says otherwise. */
  blankSays?: boolean
}

const identityWords = new Map<string, Person['identity']>(
  ['正式党员', '预备党员', '发展对象', '入党积极分子'].flatMap((word, at) => pair(word, IDENTITIES[at])),
)
const statusWords = new Map<string, Person['status']>([
  ['在册', 'active'],
  ['转出', 'transferred'],
  ['停止党籍', 'suspended'],
  ['去世', 'deceased'],
])
const categoryWords = new Map(
  (['在职', '离退休', '农民', '学生', '困难'] as const).map(word => [word as string, word] as const),
)
const postWords = new Map<string, Post>(
  ['书记', '副书记', '组织委员', '宣传委员', '纪检委员', '党小组长', '第一书记'].flatMap((word, at) =>
    pair(word, POSTS[at]),
  ),
)
const postSpellings = new Map<string, Post>([
  ['支部书记', 'secretary'],
  ['党支部书记', 'secretary'],
  ['支部副书记', 'deputy'],
  ['党支部副书记', 'deputy'],
  ['纪律检查委员', 'discipline'],
  ['党小组组长', 'leader'],
])

function pair<T>(word: string, value: T | undefined): [string, T][] {
  return value === undefined ? [] : [[word, value]]
}

const wordFor = <T>(words: ReadonlyMap<string, T>, value: T): string =>
  [...words].find(([, each]) => each === value)?.[0] ?? String(value)

const yesNo = (header: string): Column<boolean> => ({ header, read: readYesNo, show: showYesNo, blank: false })
const showYesNo = (value: boolean): string => (value ? '是' : '否')

export const FACTS: { readonly [K in FactName]: Column<Facts[K]> } = {
  identity: {
    header: '身份',
    read: readWord(identityWords, new Map([['积极分子', 'activist']])),
    show: value => wordFor(identityWords, value),
    blank: 'full',
    keptWhenBlank: true,
  },
  status: {
    header: '状态',
    read: readWord(statusWords),
    show: value => wordFor(statusWords, value),
    blank: 'active',
    blankSays: true,
  },
  joinedOn: { header: '入党日期', read: readDay, show: value => value, blank: null },
  confirmedOn: { header: '转正日期', read: readDay, show: value => value, blank: null },
  duesCategory: {
    header: '缴费类别',
    read: readWord(categoryWords),
    show: value => value,
    blank: null,
    keptWhenBlank: true,
  },
  // Blank is not zero (OPERATIONS.md), and a standard that was set by the organizer is not unset by a file without it.
  monthlyDuesFen: { header: '月缴党费', read: readFen, show: spellYuan, blank: null, keptWhenBlank: true },
  floating: yesNo('流动党员'),
  exempt: yesNo('可免考勤'),
  excludedFromQuorum: {
    header: '不计法定人数',
    read: readApproval,
    show: value => (typeof value === 'string' ? value : showYesNo(value)),
    blank: false,
  },
  votingRight: { header: '表决权', read: readYesNo, show: showYesNo, blank: null },
  wechatOnly: yesNo('微信'),
  noPhone: yesNo('无手机'),
  admin: yesNo('管理员'),
}
/** In the order of the specification: reports follow it. */
export const FACT_NAMES: readonly FactName[] = [
  'identity',
  'status',
  'joinedOn',
  'confirmedOn',
  'duesCategory',
  'monthlyDuesFen',
  'floating',
  'exempt',
  'excludedFromQuorum',
  'votingRight',
  'wechatOnly',
  'noPhone',
  'admin',
]

export const REQUIRED = ['账号', '姓名', '支部'] as const
/** '组织委员、宣传委员': posts as the roster and people write them. */
export const readPosts = readWords(readWord(postWords, postSpellings))
/** Of somebody whose account at WeCom was changed: the row is then his, whose history stays. */
export const FORMER = '原账号'
const KNOWN_HEADERS: ReadonlySet<string> = new Set([
  ...REQUIRED,
  FORMER,
  '党小组',
  '党内职务',
  ...FACT_NAMES.map(name => FACTS[name].header),
])

/** Row i of `rows` is row i + 1 of the sheet. `unreadable`: cells whose text cannot be known, a formula without a result. */
export interface SheetCells {
  rows: readonly (readonly string[])[]
  unreadable: readonly { row: number; column: number; why: string }[]
}

/** One place in the file and what is to be said about it. Row numbers are the sheet's. */
export interface Remark {
  /** A sheet other than the roster itself. */
  sheet?: string
  row: number
  column: string
  why: string
}

/** One row that could be read. */
export interface RosterRow {
  row: number
  userId: string
  formerUserId: string | null
  name: string
  /** As it is written in the file. */
  branch: string
  group: string | null | undefined
  posts: Post[] | null | undefined
  facts: Stated<Facts>
}

export interface Header {
  /** Its row counted from 0: titles may stand above it. */
  index: number
  /** Header -> its column in the sheet. */
  at: ReadonlyMap<string, number>
  width: number
  unknown: string[]
  wrong: Remark[]
}

/** How far down the heads may stand: below a title, a line about the unit, a row of merged group heads. */
const HEAD_WITHIN = 10

/** The row with the most columns that are known, where it has two at least; else the first, whose faults are then named. */
export function headerIndex(rows: SheetCells['rows'], known: (header: string) => boolean): number {
  const counts = rows.slice(0, HEAD_WITHIN).map(cells => cells.filter(cell => known(nameKey(cell))).length)
  const most = Math.max(0, ...counts)
  return most < 2 ? 0 : counts.indexOf(most)
}

export const isRosterHeader = (header: string): boolean => KNOWN_HEADERS.has(header)

export function readHeader(rows: SheetCells['rows']): Header {
  const index = headerIndex(rows, isRosterHeader)
  const cells = rows[index] ?? []
  const row = index + 1
  const at = new Map<string, number>()
  const unknown: string[] = []
  const wrong: Remark[] = []
  for (const [index, cell] of cells.entries()) {
    const header = nameKey(cell)
    if (header === '') continue
    if (!KNOWN_HEADERS.has(header)) unknown.push(cell.trim())
    else if (at.has(header)) wrong.push({ row, column: header, why: '这一列有两个，请删去一个' })
    else at.set(header, index)
  }
  for (const column of REQUIRED) {
    if (!at.has(column)) wrong.push({ row, column, why: '表头里缺少这一列，请补上' })
  }
  return { index, at, width: cells.length, unknown, wrong }
}

/** The row, and everything that is wrong in it: `row` is absent where one of the required cells could not be read. */
export interface RowReading {
  userId: string | undefined
  row: RosterRow | undefined
  wrong: Remark[]
  notes: Remark[]
}

export function readRow(cells: readonly string[], row: number, header: Header, today: string): RowReading {
  const wrong: Remark[] = []
  const notes: Remark[] = []
  const read = <T>(column: string, reader: ReadCell<T>): T | null | undefined => {
    const at = header.at.get(column)
    if (at === undefined) return undefined
    const text = cells[at] ?? ''
    if (isBlank(text)) return null
    const cell: Cell<T> = reader(text, today)
    if ('why' in cell) wrong.push({ row, column, why: cell.why })
    else if (cell.note) notes.push({ row, column, why: cell.note })
    return 'value' in cell ? cell.value : undefined
  }
  const need = <T>(column: string, reader: ReadCell<T>, missing: string): T | undefined => {
    const value = read(column, reader)
    if (value === null) wrong.push({ row, column, why: missing })
    return value ?? undefined
  }
  const userId = need('账号', readAccount, '空着，每人都要有账号，没有手机的也编一个')
  const name = need('姓名', readName, '空着，请填姓名')
  const branch = need('支部', readText, '空着，请填所在支部')
  const formerUserId = read(FORMER, readAccount) ?? null
  const group = read('党小组', readText)
  const posts = read('党内职务', readPosts)
  const facts: Stated<Facts> = {}
  for (const fact of FACT_NAMES) readFact(fact, facts, read)
  if (cells.slice(header.width).some(cell => !isBlank(cell))) {
    notes.push({ row, column: '', why: '比表头多出几格，请看是不是错了列' })
  }
  if (userId === undefined || name === undefined || branch === undefined) {
    return { userId, row: undefined, wrong, notes }
  }
  return { userId, row: { row, userId, formerUserId, name, branch, group, posts, facts }, wrong, notes }
}

/** A cell that nobody can read is wrong only where somebody would read it. */
export function unreadableCells({ unreadable }: SheetCells, { index, at }: Pick<Header, 'index' | 'at'>): Remark[] {
  const columns = new Map([...at].map(([column, place]) => [place, column]))
  return unreadable.flatMap(({ row, column, why }) => {
    const header = columns.get(column)
    return row > index && header !== undefined ? [{ row: row + 1, column: header, why }] : []
  })
}

type Read = <T>(column: string, reader: ReadCell<T>) => T | null | undefined

function readFact<K extends FactName>(fact: K, into: Stated<Facts>, read: Read): void {
  const column: Column<Facts[K]> = FACTS[fact]
  into[fact] = read(column.header, column.read)
}

/** How a stored value looks in the file: blank where there is none. */
export function showFact<K extends FactName>(fact: K, facts: Pick<Facts, K>): string {
  const value = facts[fact]
  return value === null || value === undefined ? '' : FACTS[fact].show(value)
}
