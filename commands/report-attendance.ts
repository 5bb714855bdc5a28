import { z } from 'zod'
import { defineCommand, freeText } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { REPORT } from '../src/office/attendance-paper.ts'
import { orderPaper } from '../src/office/order.ts'

const PAPER = { report: REPORT, kind: '签到', audited: 'export-attendance', holds: '每个人的到会情况' }

export default defineCommand({
  name: 'report-attendance',
  aliases: ['报表 签到', '签到 报表', '报表 考勤', 'report attendance'],
  summary: '各次会议的到会情况，做成表格',
  moment: '会后',
  examples: ['/报表 签到', '/报表 签到 本月', '/报表 签到 四季度', '/报表 签到 2025-2026'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  once: true,
  args: z.object({ period: freeText(40).optional() }),
  run: (ctx, { period }) => orderPaper(ctx, PAPER, period),
})
