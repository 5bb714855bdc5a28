import { z } from 'zod'
import { defineCommand, freeText } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { REPORT } from '../src/office/meetings-paper.ts'
import { orderPaper } from '../src/office/order.ts'

const PAPER = { report: REPORT, kind: '三会一课', audited: 'export-meetings', holds: '支部内部情况' }

export default defineCommand({
  name: 'report-meetings',
  aliases: ['报表 三会一课', '三会一课 报表', 'report meetings'],
  summary: '三会一课开展情况，做成表格',
  moment: '会后',
  examples: ['/报表 三会一课', '/报表 三会一课 四季度', '/报表 三会一课 2025-2026'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  once: true,
  args: z.object({ period: freeText(40).optional() }),
  run: (ctx, { period }) => orderPaper(ctx, PAPER, period),
})
