import { z } from 'zod'
import { type CommandContext, type CommandReadTx, type CommandTx, defineCommand, freeText } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { namePosts, OFFICERS } from '../src/domain/roster.ts'
import { UserError } from '../src/errors.ts'
import { branchLine } from '../src/meeting/branch-names.ts'
import { previewOfChange } from '../src/meeting/change.ts'
import { peopleWithin } from '../src/meeting/within.ts'
import { branchNamed, personMeant } from '../src/person/meant.ts'
import { described } from '../src/person/member.ts'
import {
  carryReturn,
  leaversWithin,
  postsBack,
  type Returner,
  type ReturnPlan,
  returnerNow,
  returnPlan,
} from '../src/person/returning.ts'
import { branches, type Person } from '../src/store/collections.ts'

const EXAMPLE = '党员 返回 张三'

export default defineCommand({
  name: 'person-return',
  aliases: ['党员 返回', 'person return'],
  summary: '转出的又回来；当天发是撤回转出',
  moment: '我',
  examples: [`/${EXAMPLE}`, '/党员 返回 张三 柳沟'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  args: z.object({ said: freeText(100).optional() }),

  async run(ctx, args) {
    const plan = await ctx.store.read(tx => meant(ctx, tx, args.said ?? ''))
    if ('text' in plan) return plan
    return ctx.store.update(`person:${plan.personId}`, tx => preview(ctx, tx, plan))
  },

  async publish(ctx, tx, draft) {
    const { after, branch, undone } = await carryReturn(ctx, tx, returnPlan.parse(draft.content))
    const done = undone ? `已撤回转出：${after.name}仍在${branch.name}。` : `已返回：${after.name}，${branch.name}。`
    const text = [done, ...accountStep(after)].join('\n')
    return { answer: { text, outcome: '已返回' }, became: after.personId }
  },
})

async function meant(ctx: CommandContext, tx: CommandReadTx, text: string): Promise<ReturnPlan | Answer> {
  // Who is here is found too, to be told that he is.
  const leavers = await leaversWithin(ctx, tx)
  const here = (await peopleWithin(ctx, tx)).filter(({ name }) => !leavers.some(leaver => leaver.name === name))
  const found = await personMeant(ctx, tx, text, {
    verb: '党员 返回',
    example: EXAMPLE,
    candidates: [...leavers, ...here],
  })
  if ('text' in found) return found
  const { person, rest } = found
  const to = rest.join(' ')
  const branch = to === '' ? undefined : branchNamed(to, await tx.township.all(branches))
  if (to !== '' && !branch) throw new UserError(`没有叫“${to}”的支部。请只写姓名，或写本镇支部的名字。`)
  return { personId: person.personId, toBranchId: branch?.branchId ?? null, title: `返回 ${person.name}` }
}

async function preview(ctx: CommandContext, tx: CommandTx, plan: ReturnPlan): Promise<Answer> {
  const returner = await returnerNow(ctx, tx, plan)
  const { branch } = returner
  const { branchId } = returner.before.formerly?.at(-1)?.memberships[0] ?? branch
  const place = ctx.reach.township ? branch.branchId : branchId
  const by = ctx.person.personId
  const draftId = await tx.draft({ command: 'person-return', branchId: place, by, content: plan })
  return previewOfChange(draftId, [...branchLine(ctx.person, branch), ...lines(returner)])
}

const accountStep = ({ userId, noPhone }: Person): string[] =>
  userId === null && !noPhone ? ['账号已解除：请镇党建办导入名册补上，会认出是同一个人'] : []

function lines(returner: Returner): string[] {
  const { before, after, branch, undone, taken } = returner
  const posts = postsBack(returner)
  const dues = after.relationFrom !== before.relationFrom && after.relationFrom && !undone
  return [
    `返回：${described(after, branch)}`,
    undone ? `今天的转出撤回，和没有转出一样，仍在${branch.name}` : `回到${branch.name}，以前的记录接着算`,
    ...(posts.length > 0 ? [`职务还在：${namePosts(posts)}`] : []),
    ...(taken.length > 0 ? [`${namePosts(taken)}已经有别人了，不恢复`] : []),
    ...(undone ? [] : ['原来的职务和长期请假不恢复']),
    ...(dues ? [`党费从 ${after.relationFrom} 起在${branch.name}缴`] : []),
    ...accountStep(after),
    ...(branch.chat?.kind === 'appchat' ? ['加进支部的群'] : []),
  ]
}
