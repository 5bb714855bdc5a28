import { z } from 'zod'
import { defineCommand, freeText } from '../src/bot/command.ts'
import { orderPaper } from '../src/office/order.ts'
import { REPORT } from '../src/study/report.ts'

const PAPER = { report: REPORT, kind: '学习', audited: 'export-study', holds: '个人学时' }

/** Other people answer for study than for dues. */
export default defineCommand({
  name: 'report-study',
  aliases: ['报表 学习', '学习 报表', 'report study'],
  summary: '党员学时，做成表格发给我',
  moment: '学习',
  examples: ['/报表 学习', '/报表 学习 四季度', '/报表 学习 2025-2026'],
  allow: ['publicity', 'deputy', 'secretary', 'admin'],
  privateOnly: true,
  once: true,
  args: z.object({ period: freeText(40).optional() }),
  run: (ctx, { period }) => orderPaper(ctx, PAPER, period),
})
