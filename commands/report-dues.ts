import { z } from 'zod'
import { defineCommand, freeText } from '../src/bot/command.ts'
import { MOST_AHEAD } from '../src/domain/month-words.ts'
import { REPORT } from '../src/dues/report.ts'
import { orderPaper } from '../src/office/order.ts'

const PAPER = { report: REPORT, kind: '党费', audited: 'export-dues', holds: '个人数额', monthsAhead: MOST_AHEAD }

export default defineCommand({
  name: 'report-dues',
  aliases: ['报表 党费', '党费 报表', 'report dues'],
  summary: '党费登记表，做成表格发给我',
  moment: '党费',
  examples: ['/报表 党费', '/报表 党费 本月', '/报表 党费 四季度', '/报表 党费 2021-2026'],
  allow: ['organizer', 'secretary', 'admin'],
  privateOnly: true,
  once: true,
  args: z.object({ period: freeText(40).optional() }),
  run: (ctx, { period }) => orderPaper(ctx, PAPER, period),
})
