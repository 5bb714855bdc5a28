/**
 * A workbook as offices exchange it (title, unit and date, numbered rows, a total, signatures), in plain JSON: what a collector
 * makes of the records, and a worker draws. It says what stands where, and leaves the looks to `xlsx.ts`.
 */
export interface Workbook {
  /** What the person sees, without a path: '党费收缴登记表 2026年.xlsx'. What file systems refuse is taken out. */
  fileName: string
  /** At least one. */
  sheets: readonly Sheet[]
}

export interface Sheet {
  /** On the tab. What Excel refuses is taken out; a second one of the same name gets a number. */
  name: string
  /** One row over the whole width. */
  title: string
  /** Rows between title and table: { left: '单位：水泉村党支部', right: '2026年11月24日　单位：元' }. */
  lines?: readonly Line[]
  columns: readonly Column[]
  rows: readonly Row[]
  /** Below the rows, in bold. What begins with words ('合计') gets the empty cells after it as room for them. */
  totals?: readonly Row[]
  /** What stands in the table where there are no rows; '没有记录'. */
  empty?: string
  /** Below the table, one row over the whole width each. */
  notes?: readonly string[]
  /** Who signs: ['填表人', '审核人', '负责人', '日期'] becomes a last row '填表人：　审核人：　…'. */
  signatures?: readonly string[]
  /** A4; 'portrait'. The width always fits one page, the heads of the columns stand on each. */
  orientation?: 'portrait' | 'landscape'
}

export interface Line {
  left?: string
  right?: string
}

export interface Column {
  header: string
  /** Neighbours of one group stand under one head: '上半年'. One column with a group makes two rows of heads. */
  group?: string
  kind: 'text' | 'integer' | 'tenths' | 'percent' | 'money'
  /** In digits; a Chinese character takes two. Left out: by what stands in the column. */
  width?: number
  /** Left out: text to the left, money to the right, other numbers in the middle. */
  align?: 'left' | 'center' | 'right'
}

/** One cell a column; missing ones at the end are empty. */
export type Row = readonly Cell[]

/** Of money: integer fen, shown in yuan; of hours: integer tenths, shown with one decimal; of shares: whole per cent. Words ('免交', '合计') may stand in every column. */
export type Cell = string | number | null
