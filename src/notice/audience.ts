import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { UserError } from '../errors.ts'
import { allBranchIds } from './concerned.ts'
import type { NoticePlan } from './plan.ts'

export type NoticeAudience = Pick<NoticePlan, 'branchId' | 'branchIds' | 'only'>

/** Whom the @ words in front mean: the people of one branch, or a group and posts of it. '@全镇' is the township's. */
export async function audienceOf(ctx: CommandContext, tx: CommandReadTx): Promise<NoticeAudience> {
  if (ctx.audience?.all) return wholeTownship(ctx, tx)
  if (ctx.reach.township && onlyOf(ctx)) {
    throw new UserError('请写明是哪个支部，这样发：通知 发 @支部名 @一组 内容。给各支部的书记请发：群发 @书记 内容')
  }
  const { branchId } = await ctx.branch(tx)
  return { branchId, branchIds: [branchId], only: onlyOf(ctx) }
}

/** Every branch; with '@书记' the secretaries of all. */
export async function wholeTownship(ctx: CommandContext, tx: CommandReadTx): Promise<NoticeAudience> {
  if (!ctx.reach.township) throw new UserError('全镇的通知由镇党建办发。请去掉“@全镇”再发。')
  if (ctx.audience?.group) throw new UserError('小组是一个支部里的。请去掉“@全镇”，写明支部再发。')
  return { branchId: null, branchIds: await allBranchIds(tx.township), only: onlyOf(ctx) }
}

/** '明天9点 @一组 停水': what was meant for a part must not reach everybody. */
export function refuseMisplaced(text: string, line: string): void {
  const [, word] = /(?:^|\s)([@＠][^\s@＠]{1,12})\s*$/u.exec(text) ?? /^([@＠][^\s@＠]{1,12})\s/u.exec(text) ?? []
  if (word) throw new UserError(`“${word}”要写在最前面。这样发：${line} ${word} …`)
}

function onlyOf({ audience }: CommandContext): NoticePlan['only'] {
  if (!audience || (audience.group === null && audience.posts.length === 0)) return null
  return { group: audience.group, posts: [...audience.posts] }
}
