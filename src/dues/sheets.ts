import { dayOf, monthOf } from '../clock.ts'
import { owedIn } from '../domain/dues.ts'
import { spellYuan } from '../domain/money.ts'
import { spellMonths } from '../domain/month-words.ts'
import type { Cell, Column, Row, Sheet } from '../export/workbook.ts'
import type { DuesEntry } from '../store/collections.ts'
import {
  type BranchRegister,
  type MonthSums,
  markOf,
  paidIn,
  type RegisterRow,
  standardCell,
  sumsOf,
  takenIn,
  yearMonths,
} from './register.ts'

import { ANY_YEAR } from './words.ts'

/** The sheets of dues as offices exchange them (DOMAIN.md 11). */

export interface Made {
  registers: readonly BranchRegister[]
  /** Of the whole township: with a column for the branch. */
  township: boolean
  /** 'YYYY-MM-DD' */
  today: string
}

const SIGNATURES = ['填表人', '审核人', '负责人', '日期']
const NOTHING = '这段时间没有应缴党费的党员，也没有收款'

/** 12 months × members. */
export function registerSheet(made: Made, year: string): Sheet {
  const months = yearMonths(year)
  const rows = rowsOf(made).filter(row => row.isHere || months.some(month => paidIn(row, month)))
  const cellOf = (row: RegisterRow, month: string): Cell =>
    paidIn(row, month)?.fen ?? (month > made.today.slice(0, 7) ? aheadOf(row, month) : markOf(row, month))
  const paidFen = (row: RegisterRow) => sum(months, month => paidIn(row, month)?.fen ?? 0)
  return {
    name: `${year}年登记表`,
    title: `${whereOf(made)}${year}年党费收缴登记表`,
    lines: linesOf(made),
    columns: [
      ...headColumns(made),
      { header: '月标准', kind: 'money' },
      ...months.map((month): Column => ({ header: `${Number(month.slice(5))}月`, kind: 'money' })),
      { header: '合计', kind: 'money' },
      { header: '党员签名', kind: 'text', width: 10 },
      { header: '收款人签名', kind: 'text', width: 10 },
    ],
    rows: rows.map((row, at) => [
      ...headCells(made, row, at),
      standardCell(row, months),
      ...months.map(month => cellOf(row, month)),
      paidFen(row),
      null,
      null,
    ]),
    totals: [
      [
        '合计',
        ...blanks(headColumns(made).length),
        ...months.map(month => sum(rows, row => paidIn(row, month)?.fen ?? 0)),
        sum(rows, paidFen),
      ],
    ],
    empty: NOTHING,
    notes: ['空白：未缴，或还没有到。免：经批准免缴。—：不在本支部应缴。金额含自愿多缴的部分。'],
    signatures: SIGNATURES,
    orientation: 'landscape',
  }
}

/** Of the months ahead only what was approved is known. */
const aheadOf = (row: RegisterRow, month: string): Cell => (markOf(row, month) === '免' ? '免' : null)

/** One month: what was due, what was paid, by which receipt. */
export function monthSheet(made: Made, month: string): Sheet {
  const now = made.today.slice(0, 7)
  const rows = rowsOf(made).filter(row => paidIn(row, month) || (row.isHere && markOf(row, month) !== '—'))
  const taken = made.registers.reduce((total, { entries }) => total + takenIn(entries, month), 0)
  const named = `${month.slice(0, 4)}年${Number(month.slice(5))}月`
  return {
    name: `${named}收缴表`,
    title: `${whereOf(made)}${named}党费收缴表`,
    lines: linesOf(made),
    columns: [
      ...headColumns(made),
      { header: '类别', kind: 'text' },
      { header: '应缴', kind: 'money' },
      { header: '实缴', kind: 'money' },
      { header: '收缴日期', kind: 'text', width: 11 },
      { header: '收据号', kind: 'text', width: 14 },
      { header: '收款人', kind: 'text' },
      { header: '备注', kind: 'text', width: 16 },
      { header: '党员签名', kind: 'text', width: 10 },
    ],
    rows: rows.map((row, at) => monthRow(made, row, { month, at })),
    totals: [
      [
        '合计',
        ...blanks(headColumns(made).length),
        sum(rows, row => (row.isHere ? owedIn(row.person, month).fen : 0)),
        sum(rows, row => paidIn(row, month)?.fen ?? 0),
      ],
    ],
    empty: NOTHING,
    notes: month > now ? [] : [`${named}内收款 ${spellYuan(taken)} 元（含补交、预交，减去冲销）。`],
    signatures: SIGNATURES,
    orientation: made.township ? 'landscape' : 'portrait',
  }
}

function monthRow(made: Made, row: RegisterRow, { month, at }: { month: string; at: number }): Row {
  const paid = paidIn(row, month)
  const { names } = made.registers.find(({ branch }) => branch === row.branch) ?? { names: new Map<string, string>() }
  const owed = owedIn(row.person, month)
  const head: Cell[] = [...headCells(made, row, at), row.person.duesCategory ?? '', row.isHere ? owed.fen : null]
  if (!paid) return [...head, null, null, null, null, unpaidNote(row, month), null]
  const { entry } = paid
  const day = dayOf(new Date(entry.at))
  return [
    ...head,
    paid.fen,
    day,
    entry.receiptNo,
    names.get(entry.by) ?? '',
    paidNote(row, entry, { month, names }),
    null,
  ]
}

function unpaidNote(row: RegisterRow, month: string): string {
  const owed = owedIn(row.person, month)
  if ('why' in owed && owed.why === 'waived') return `免缴：${owed.relief.approval}`
  if ('why' in owed) return owed.why === 'no standard' ? '还没有定标准' : ''
  return row.account.claimed.has(month) ? '待确认' : ''
}

function paidNote(
  row: RegisterRow,
  { at, paidBy, months }: DuesEntry,
  { month, names }: { month: string; names: ReadonlyMap<string, string> },
): string {
  const paidMonth = monthOf(new Date(at))
  const owed = owedIn(row.person, month)
  const fen = months.find(each => each.month === month)?.fen ?? 0
  const notes = [
    month < paidMonth ? '补交' : month > paidMonth ? '预交' : '',
    paidBy ? `${names.get(paidBy) ?? ''}代交` : '',
    'relief' in owed && owed.relief ? `减缴：${owed.relief.approval}` : '',
    owed.fen > 0 && fen > owed.fen ? `自愿多缴 ${spellYuan(fen - owed.fen)}` : '',
    row.isHere ? '' : '已不在本支部',
  ]
  return notes.filter(note => note !== '').join('，')
}

/** What each year came to for one row. Of a township's six years the sums of one branch are enough for one turn of the loop. */
export const sumsByYear = (made: Made, row: RegisterRow, years: readonly string[]): MonthSums[] =>
  years.map(year => sumsOf(row, yearMonths(year), made.today.slice(0, 7)))

/** Years beside each other: what was due, what was paid. `sumsFor`: `sumsByYear` of each row. */
export function yearsSheet(
  made: Made,
  years: readonly string[],
  sumsFor: ReadonlyMap<RegisterRow, readonly MonthSums[]>,
): Sheet {
  const rows = rowsOf(made)
    .map(row => ({ row, sums: sumsFor.get(row) ?? [] }))
    .filter(({ row, sums }) => row.isHere || sums.some(({ paidFen }) => paidFen > 0))
  const all = (sums: readonly MonthSums[]) => sum(sums, ({ paidFen }) => paidFen)
  return {
    name: `${years[0]}-${years.at(-1)}年`,
    title: `${whereOf(made)}${years[0]}-${years.at(-1)}年党费收缴对照表`,
    lines: linesOf(made),
    columns: [
      ...headColumns(made),
      ...years.flatMap((year): Column[] => [
        { header: '应缴', group: `${year}年`, kind: 'money' },
        { header: '实缴', group: `${year}年`, kind: 'money' },
      ]),
      { header: '实缴合计', kind: 'money' },
    ],
    rows: rows.map(({ row, sums }, at) => [...headCells(made, row, at), ...sums.flatMap(owedAndPaid), all(sums)]),
    totals: [
      [
        '合计',
        ...blanks(headColumns(made).length - 1),
        ...years.flatMap((_, at) => [
          sum(rows, ({ sums }) => sums[at]?.owedFen ?? 0),
          sum(rows, ({ sums }) => sums[at]?.paidFen ?? 0),
        ]),
        sum(rows, ({ sums }) => all(sums)),
      ],
    ],
    empty: NOTHING,
    notes: ['应缴从在这里定标准的月份算起，今年的算到本月。实缴按所属月份，含自愿多缴的部分。'],
    signatures: SIGNATURES,
    orientation: 'landscape',
  }
}

/** Years before he was here stay empty. */
const owedAndPaid = ({ owedFen, paidFen }: MonthSums): Cell[] =>
  owedFen === 0 && paidFen === 0 ? [null, null] : [owedFen, paidFen]

/** In branch order, never by what was paid. Totals may be shown, so this sheet has no names. */
export function summarySheet(made: Made, months: readonly string[]): Sheet {
  const now = made.today.slice(0, 7)
  const figures = made.registers.map(({ branch, rows }) => {
    const sums = rows.map(row => sumsOf(row, months, now))
    return {
      name: branch.name,
      people: rows.filter(({ isHere }) => isHere).length,
      owedFen: sum(sums, each => each.owedFen),
      paidFen: sum(sums, each => each.paidFen),
      lateFen: sum(sums, each => each.lateFen),
      waived: sums.filter(each => each.waived > 0).length,
      unpaid: sums.filter(each => each.unpaid > 0).length,
    }
  })
  const keys = ['people', 'owedFen', 'paidFen', 'lateFen', 'waived', 'unpaid'] as const
  return {
    name: '各支部汇总',
    title: `${whereOf(made)}党费收缴汇总表（${spellMonths(months, ANY_YEAR)}）`,
    lines: linesOf(made),
    columns: [
      { header: '序号', kind: 'integer' },
      { header: '支部', kind: 'text', width: 24 },
      { header: '党员人数', kind: 'integer' },
      { header: '应收', kind: 'money' },
      { header: '实收', kind: 'money' },
      { header: '其中补交', kind: 'money' },
      { header: '有免缴的人数', kind: 'integer' },
      { header: '有未缴的人数', kind: 'integer' },
    ],
    rows: figures.map((each, at) => [at + 1, each.name, ...keys.map(key => each[key])]),
    totals: [['合计', null, ...keys.map(key => sum(figures, each => each[key]))]],
    notes: ['应收算到本月；实收按所属月份，含预交和自愿多缴的部分。'],
    signatures: SIGNATURES,
    orientation: 'landscape',
  }
}

const rowsOf = ({ registers }: Made): readonly RegisterRow[] => registers.flatMap(({ rows }) => rows)

const whereOf = ({ registers, township }: Made): string => (township ? '全镇' : (registers[0]?.branch.name ?? ''))

const linesOf = (made: Made) => [{ left: `单位：${whereOf(made)}`, right: `制表日期：${made.today}　单位：元` }]

const headColumns = ({ township }: Made): Column[] => [
  { header: '序号', kind: 'integer' },
  { header: '姓名', kind: 'text', width: 10 },
  ...(township ? [{ header: '支部', kind: 'text', width: 20 } as const] : []),
]

const headCells = ({ township }: Made, { name, branch }: RegisterRow, at: number): Cell[] => [
  at + 1,
  name,
  ...(township ? [branch.name] : []),
]

const blanks = (count: number): null[] => Array.from({ length: count }, () => null)

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0)
