import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Answer, Reply } from '../bot/message.ts'
import { timeOf, yearOf } from '../clock.ts'
import { readDuesPeriod } from '../domain/dues-period.ts'
import { flatPeriod, type PaperOrder } from '../domain/paper-order.ts'
import { UserError } from '../errors.ts'
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
}

export async function orderPaper(ctx: CommandContext, paper: Paper, said = ''): Promise<Reply> {
  const underWay: Answer = { text: `${paper.kind}报表在做，做好就发给您。` }
  if (ctx.saidJustNow) return underWay
  const period = periodMeant(ctx.now, paper, said)
  const where = await ctx.store.read(tx => whereMeant(ctx, tx))
  return ctx.store.update(`person:${ctx.person.personId}`, async tx => {
    await order(ctx, tx, paper, { ...where, ...period })
    return underWay
  })
}

function periodMeant(now: Date, { kind }: Paper, said: string): Pick<PaperOrder, 'kind' | 'of'> {
  if (/[@＠]/u.test(said)) throw new UserError(`@支部 要写在期间前面。这样发：报表 ${kind} @支部名 四季度`)
  const period = readDuesPeriod(said, now)
  if (period === null)
    throw new UserError(`没看懂期间“${said}”。这样发：报表 ${kind} 四季度，或 报表 ${kind} 2025-2026`)
  if ('refused' in period) throw new UserError(`${period.refused}。`)
  const flat = flatPeriod(period)
  const first = (flat.of[0] ?? '').slice(0, 4)
  if (first > yearOf(now)) throw new UserError(`${first}年还没有到，没有可做的。这样发：报表 ${kind} ${yearOf(now)}`)
  return flat
}

/** The township without an @ gets all branches, in branch order. */
async function whereMeant(ctx: CommandContext, tx: CommandReadTx): Promise<Pick<PaperOrder, 'branchIds' | 'township'>> {
  if (!ctx.reach.township) return { branchIds: [(await ctx.branch(tx)).branchId], township: false }
  const all = (await tx.all(branches)).toSorted((a, b) => a.number - b.number)
  return { branchIds: all.map(({ branchId }) => branchId), township: true }
}

/** Every export is kept, with who asked. The time in the words keeps WeCom from taking a second one for a repeat. */
async function order(ctx: CommandContext, tx: CommandTx, paper: Paper, args: PaperOrder): Promise<void> {
  const by = ctx.person.personId
  const branchId = args.township ? null : (args.branchIds[0] ?? null)
  await tx.audit({ by, branchId, what: paper.audited, about: args.of.join(','), after: { township: args.township } })
  const text = `${paper.kind}报表：${args.of.join('、')}（${timeOf(ctx.now)} 要的）。里面有${paper.holds}，请不要转发到群里。`
  await tx.send({ text, file: { report: paper.report, args } }, [by], { urgent: true })
}
