import { z } from 'zod'
import {
  type CommandContext,
  type CommandReadTx,
  type CommandTx,
  defineCommand,
  fold,
  freeText,
} from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { timeOf } from '../src/clock.ts'
import { type DuesPeriod, readDuesPeriod } from '../src/domain/dues-period.ts'
import { type DuesOrder, REPORT } from '../src/dues/report.ts'
import { UserError } from '../src/errors.ts'
import { branches } from '../src/store/collections.ts'

const EXAMPLE = '这样发：报表 党费 2026-11，或 报表 党费 2025-2026'
const KINDS = ['党费'] as const

export default defineCommand({
  name: 'report',
  aliases: ['报表', 'report'],
  summary: '党费报表，做成表格发给我',
  moment: '党费',
  examples: ['/报表 党费', '/报表 党费 本月', '/报表 党费 四季度', '/报表 党费 2021-2026'],
  allow: ['organizer', 'secretary', 'admin'],
  privateOnly: true,
  once: true,
  args: z.object({
    kind: z
      .string()
      .transform(fold)
      .pipe(z.enum(KINDS, { error: '这里有的报表：党费。要学习报表请发：报表 学习' })),
    period: freeText(40).optional(),
  }),

  async run(ctx, args) {
    const period = periodMeant(ctx, args.period ?? '')
    const where = await ctx.store.read(tx => whereMeant(ctx, tx))
    return ctx.store.update(`person:${ctx.person.personId}`, tx => order(ctx, tx, { ...where, ...flat(period) }))
  },
})

function periodMeant(ctx: CommandContext, said: string): DuesPeriod {
  if (/[@＠]/u.test(said)) throw new UserError('@支部 要写在最前面。这样发：报表 @支部名 党费')
  const period = readDuesPeriod(said, ctx.now)
  if (period === null) throw new UserError(`没看懂期间“${said}”。${EXAMPLE}`)
  if ('refused' in period) throw new UserError(`${period.refused}。`)
  return period
}

/** The township without an @ gets all branches, in branch order. */
async function whereMeant(ctx: CommandContext, tx: CommandReadTx): Promise<Pick<DuesOrder, 'branchIds' | 'township'>> {
  if (!ctx.reach.township) return { branchIds: [(await ctx.branch(tx)).branchId], township: false }
  const all = (await tx.all(branches)).toSorted((a, b) => a.number - b.number)
  return { branchIds: all.map(({ branchId }) => branchId), township: true }
}

function flat(period: DuesPeriod): Pick<DuesOrder, 'kind' | 'of'> {
  if (period.kind === 'year') return { kind: 'year', of: [period.year] }
  return { kind: period.kind, of: [...(period.kind === 'months' ? period.months : period.years)] }
}

/** Every export is kept, with who asked. The time in the words keeps WeCom from taking a second one for a repeat. */
async function order(ctx: CommandContext, tx: CommandTx, args: DuesOrder): Promise<Answer> {
  const by = ctx.person.personId
  const branchId = args.township ? null : (args.branchIds[0] ?? null)
  await tx.audit({ by, branchId, what: 'export-dues', about: args.of.join(','), after: { township: args.township } })
  const text = `党费报表：${args.of.join('、')}（${timeOf(ctx.now)} 要的）。里面有个人数额，请不要转发到群里。`
  await tx.send({ text, file: { report: REPORT, args } }, [by], { urgent: true })
  return { text: '党费报表在做，做好就发给您。' }
}
