import { z } from 'zod'
import { type CommandContext, type CommandReadTx, type CommandTx, defineCommand, freeText } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { timeOf } from '../src/clock.ts'
import { readDuesPeriod } from '../src/domain/dues-period.ts'
import { UserError } from '../src/errors.ts'
import { branches } from '../src/store/collections.ts'
import { REPORT, type StudyOrder } from '../src/study/report.ts'

/** A form of its own beside 报表 党费: other people answer for study than for dues. */
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

  async run(ctx, args) {
    const period = periodMeant(ctx, args.period ?? '')
    const where = await ctx.store.read(tx => whereMeant(ctx, tx))
    return ctx.store.update(`person:${ctx.person.personId}`, tx => order(ctx, tx, { ...where, ...period }))
  },
})

function periodMeant(ctx: CommandContext, said: string): Pick<StudyOrder, 'kind' | 'of'> {
  const period = readDuesPeriod(said, ctx.now)
  if (period === null) throw new UserError(`没看懂期间“${said}”。这样发：报表 学习 2026，或 报表 学习 四季度`)
  if ('refused' in period) throw new UserError(`${period.refused}。`)
  if (period.kind === 'year') return { kind: 'year', of: [period.year] }
  return { kind: period.kind, of: [...(period.kind === 'months' ? period.months : period.years)] }
}

/** The township without an @ gets all branches, in branch order. */
async function whereMeant(ctx: CommandContext, tx: CommandReadTx): Promise<Pick<StudyOrder, 'branchIds' | 'township'>> {
  if (!ctx.reach.township || ctx.audience?.branch) {
    return { branchIds: [(await ctx.branch(tx)).branchId], township: false }
  }
  const all = (await tx.all(branches)).toSorted((a, b) => a.number - b.number)
  return { branchIds: all.map(({ branchId }) => branchId), township: true }
}

/** Every export is kept, with who asked. The time in the words keeps WeCom from taking a second one for a repeat. */
async function order(ctx: CommandContext, tx: CommandTx, args: StudyOrder): Promise<Answer> {
  const by = ctx.person.personId
  const branchId = args.township ? null : (args.branchIds[0] ?? null)
  await tx.audit({ by, branchId, what: 'export-study', about: args.of.join(','), after: { township: args.township } })
  const text = `学习报表：${args.of.join('、')}（${timeOf(ctx.now)} 要的）。里面有个人学时，请不要转发到群里。`
  await tx.send({ text, file: { report: REPORT, args } }, [by], { urgent: true })
  return { text: '学习报表在做，做好就发给您。' }
}
