import { z } from 'zod'
import { type CommandContext, type CommandReadTx, type CommandTx, defineCommand, freeText } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { dayOf } from '../src/clock.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { UserError } from '../src/errors.ts'
import { branchLine } from '../src/meeting/branch-names.ts'
import { previewOfChange } from '../src/meeting/change.ts'
import {
  type ConfirmPlan,
  carryConfirm,
  confirmLines,
  confirmPlan,
  refuseImpossible,
} from '../src/person/confirming.ts'
import { personMeant, refuseAhead, takeDay } from '../src/person/meant.ts'
import { memberNow } from '../src/person/member.ts'

const EXAMPLE = '党员 转正 张三 2026-11-20'

export default defineCommand({
  name: 'person-confirm',
  aliases: ['党员 转正', '转正', 'person confirm'],
  summary: '预备党员转正，或更正转正日期',
  moment: '我',
  examples: [`/${EXAMPLE}`, '/党员 转正 张三 昨天'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  args: z.object({ said: freeText(100).optional() }),

  async run(ctx, args) {
    const plan = await ctx.store.read(tx => meant(ctx, tx, args.said ?? ''))
    if ('text' in plan) return plan
    return ctx.store.update(`person:${plan.personId}`, tx => preview(ctx, tx, plan))
  },

  async publish(ctx, tx, draft) {
    const { personId, day } = confirmPlan.parse(draft.content)
    const member = await memberNow(ctx, tx, personId)
    await carryConfirm(ctx, tx, member, day)
    const { name } = member.person
    const text = `已转正：${name}，${day}。日期错了请发：党员 转正 ${name} 日期`
    return { answer: { text, outcome: '已转正' }, became: personId }
  },
})

async function meant(ctx: CommandContext, tx: CommandReadTx, text: string): Promise<ConfirmPlan | Answer> {
  const found = await personMeant(ctx, tx, text, { verb: '党员 转正', example: EXAMPLE })
  if ('text' in found) return found
  const { person } = found
  const { rest, day } = takeDay(found.rest, ctx.now)
  if (rest.length > 0) throw new UserError(`没看懂“${rest.join(' ')}”。这样发：党员 转正 ${person.name} 2026-11-20`)
  if (!day) throw new UserError(`还缺转正日期。这样发：党员 转正 ${person.name} 2026-11-20`)
  if (person.identity === 'full' && day > dayOf(ctx.now)) {
    throw new UserError(`${person.name}已经是正式党员${person.confirmedOn ? `，${person.confirmedOn} 转正` : ''}。`)
  }
  refuseAhead(day, ctx.now)
  return { personId: person.personId, day, title: `转正 ${person.name}` }
}

async function preview(ctx: CommandContext, tx: CommandTx, plan: ConfirmPlan): Promise<Answer> {
  const { personId, day } = plan
  const member = await memberNow(ctx, tx, personId)
  refuseImpossible(ctx, member.person, day)
  const { branch } = member
  const lines = await confirmLines(tx, member, day)
  const by = ctx.person.personId
  const draftId = await tx.draft({ command: 'person-confirm', branchId: branch.branchId, by, content: plan })
  return previewOfChange(draftId, [...branchLine(ctx.person, branch), ...lines])
}
