import type { Column, Row, Sheet, Workbook } from '../../src/export/workbook.ts'

/** Workbooks as reports will make them. */

const MONTHS = Array.from(
  { length: 12 },
  (_, month): Column => ({
    header: `${month + 1}月`,
    group: month < 6 ? '上半年' : '下半年',
    kind: 'money',
  }),
)

const COLUMNS: readonly Column[] = [
  { header: '序号', kind: 'integer' },
  { header: '姓名', kind: 'text' },
  { header: '月标准', kind: 'money' },
  ...MONTHS,
  { header: '合计', kind: 'money' },
]

const NAMES = ['王建国', '欧阳建华', '李四', '赵六', '沈老根', '买买提·吐尔逊']

const paid = (at: number): Row => {
  const months = Array.from({ length: 12 }, (_, month) => (at % 6 === 4 ? '免交' : month < 10 ? 1230 + at : null))
  const sum = months.reduce<number>((all, fen) => all + (typeof fen === 'number' ? fen : 0), 0)
  return [at + 1, NAMES[at % NAMES.length] ?? '', 1230 + at, ...months, sum]
}

export function duesSheet(people: number, more: Partial<Sheet> = {}): Sheet {
  const rows = Array.from({ length: people }, (_, at) => paid(at))
  const total = (column: number) =>
    rows.reduce((all, row) => all + (typeof row[column] === 'number' ? Number(row[column]) : 0), 0)
  return {
    name: '2026年',
    title: '水泉村党支部2026年党费收缴登记表',
    lines: [{ left: '单位：云岭乡水泉村党支部', right: '2026年11月24日　单位：元' }],
    columns: COLUMNS,
    rows,
    totals: [['合计', null, ...Array.from({ length: 14 }, (_, at) => total(at + 2))]],
    notes: ['注：空白为尚未登记，“免交”为经支部研究同意免交。'],
    signatures: ['填表人', '审核人', '负责人', '日期'],
    orientation: 'landscape',
    ...more,
  }
}

export const duesBook = (people: number, more: Partial<Sheet> = {}): Workbook => ({
  fileName: '党费收缴登记表 2026年.xlsx',
  sheets: [duesSheet(people, more)],
})
