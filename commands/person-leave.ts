import { z } from 'zod'
import { type CommandContext, type CommandReadTx, type CommandTx, defineCommand, freeText } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { dayOf } from '../src/clock.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { UserError } from '../src/errors.ts'
import { branchLine } from '../src/meeting/branch-names.ts'
import { previewOfChange } from '../src/meeting/change.ts'
import { carryLeaving, type LeavingPlan, leavingPlan, refuseWrong } from '../src/person/leaving.ts'
import { leavingLines } from '../src/person/leaving-words.ts'
import { branchNamed, personMeant, refuseAhead, takeDay } from '../src/person/meant.ts'
import { memberNow } from '../src/person/member.ts'
import { branches } from '../src/store/collections.ts'

const EXAMPLE = '党员 转出 张三 县直机关党支部 2026-11-20'

export default defineCommand({
  name: 'person-leave',
  aliases: ['党员 转出', '转出', 'person leave'],
  summary: '组织关系转出，或转到本镇别的支部',
  moment: '我',
  examples: ['/党员 转出 张三 县直机关党支部', `/${EXAMPLE}`, '/党员 转出 张三 柳沟'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  args: z.object({ said: freeText(200).optional() }),

  async run(ctx, args) {
    const plan = await ctx.store.read(tx => meant(ctx, tx, args.said ?? ''))
    if ('text' in plan) return plan
    return ctx.store.update(`person:${plan.personId}`, tx => preview(ctx, tx, plan))
  },

  async publish(ctx, tx, draft) {
    const plan = leavingPlan.parse(draft.content)
    const { name } = (await memberNow(ctx, tx, plan.personId)).person
    await carryLeaving(ctx, tx, plan)
    const text = `已转出：${name}，${plan.day}，${plan.to}。办错了当天请发：党员 返回 ${name}`
    return { answer: { text, outcome: '已转出' }, became: plan.personId }
  },
})

async function meant(ctx: CommandContext, tx: CommandReadTx, text: string): Promise<LeavingPlan | Answer> {
  const found = await personMeant(ctx, tx, text, { verb: '党员 转出', example: EXAMPLE })
  if ('text' in found) return found
  const { person } = found
  const { rest, day } = takeDay(found.rest, ctx.now)
  const to = rest.join(' ')
  if (to === '') throw new UserError(`还缺去向。这样发：党员 转出 ${person.name} 县直机关党支部`)
  if (day) refuseAhead(day, ctx.now)
  const branch = branchNamed(to, await tx.township.all(branches))
  return {
    personId: person.personId,
    to: branch?.name ?? to,
    toBranchId: branch?.branchId ?? null,
    day: day ?? dayOf(ctx.now),
    title: `转出 ${person.name}`,
  }
}

async function preview(ctx: CommandContext, tx: CommandTx, plan: LeavingPlan): Promise<Answer> {
  const leaver = await memberNow(ctx, tx, plan.personId)
  refuseWrong(ctx, leaver, plan)
  const { branchId } = leaver.branch
  const lines = await leavingLines(ctx, tx, leaver, plan)
  const draftId = await tx.draft({ command: 'person-leave', branchId, by: ctx.person.personId, content: plan })
  return previewOfChange(draftId, [...branchLine(ctx.person, leaver.branch), ...lines])
}
