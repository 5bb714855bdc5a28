import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { UserError } from '../errors.ts'
import { branches } from '../store/collections.ts'
import type { Where } from './publish.ts'

/** A branch's own, or with @全镇 all branches in their order. Throws UserError for who may not, and for a part of a branch. */
export async function whereOf(ctx: CommandContext, tx: CommandReadTx): Promise<Where> {
  if (ctx.audience?.group || (ctx.audience?.posts.length ?? 0) > 0) {
    throw new UserError('测验是给整个支部或全镇的。请去掉小组或职务再发。')
  }
  if (!ctx.audience?.all) {
    const { branchId } = await ctx.branch(tx)
    return { branchId, branchIds: [branchId] }
  }
  if (!ctx.reach.township) throw new UserError('全镇的测验由镇党建办发。请去掉“@全镇”再发。')
  const all = (await tx.township.all(branches)).toSorted((a, b) => a.number - b.number)
  return { branchId: null, branchIds: all.map(({ branchId }) => branchId) }
}
