import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import type { Answer, Reply } from '../bot/message.ts'
import { monthOf, yearOf } from '../clock.ts'
import { readDuesPeriod } from '../domain/dues-period.ts'
import { addMonths } from '../domain/month-words.ts'
import { flatPeriod, type PaperOrder } from '../domain/paper-order.ts'
import { UserError } from '../errors.ts'
import { sendPaper } from '../meeting/paper.ts'
import { branches } from '../store/collections.ts'

/** A table that an officer has sent to himself: how its period is read, whose it is, and what is kept of the asking. */
export interface Paper {
  /** The name that the message orders it by. */
  report: string
  /** As it is said behind 报表: '党费'. */
  kind: string
  /** In the audit: 'export-dues'. */
  audited: string
  /** What must not get into a group: '个人数额'. */
  holds: string
  /** So many months that are to come may be in it: dues are paid ahead. */
  monthsAhead?: number
}

export async function orderPaper(ctx: CommandContext, paper: Paper, said = ''): Promise<Reply> {
  const underWay: Answer = { text: `${paper.kind}报表在做，做好就发给您。` }
  if (ctx.saidJustNow) return underWay
  const period = periodMeant(ctx.now, paper, said)
  const where = await ctx.store.read(tx => whereMeant(ctx, tx))
  return ctx.store.update(`person:${ctx.person.personId}`, async tx => {
    const args: PaperOrder = { ...where, ...period }
    await sendPaper(ctx, tx, {
      report: paper.report,
      args,
      says: `${paper.kind}报表：${args.of.join('、')}`,
      note: `里面有${paper.holds}，请不要转发到群里。`,
      branchId: args.township ? null : (args.branchIds[0] ?? null),
      audited: paper.audited,
      about: args.of.join(','),
      after: { township: args.township },
    })
    return underWay
  })
}

function periodMeant(now: Date, { kind, monthsAhead = 0 }: Paper, said: string): Pick<PaperOrder, 'kind' | 'of'> {
  if (/[@＠]/u.test(said)) throw new UserError(`@支部 要写在期间前面。这样发：报表 ${kind} @支部名 四季度`)
  const period = readDuesPeriod(said, now)
  if (period === null)
    throw new UserError(`没看懂期间“${said}”。这样发：报表 ${kind} 四季度，或 报表 ${kind} 2025-2026`)
  if ('refused' in period) throw new UserError(`${period.refused}。`)
  const flat = flatPeriod(period)
  const first = (flat.of[0] ?? '').slice(0, 4)
  if (first > addMonths(monthOf(now), monthsAhead).slice(0, 4))
    throw new UserError(`${first}年还没有到，没有可做的。这样发：报表 ${kind} ${yearOf(now)}`)
  return flat
}

/** The township without an @ gets all branches, in branch order. */
async function whereMeant(ctx: CommandContext, tx: CommandReadTx): Promise<Pick<PaperOrder, 'branchIds' | 'township'>> {
  if (!ctx.reach.township) return { branchIds: [(await ctx.branch(tx)).branchId], township: false }
  const all = (await tx.all(branches)).toSorted((a, b) => a.number - b.number)
  return { branchIds: all.map(({ branchId }) => branchId), township: true }
}
