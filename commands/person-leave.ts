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
import { branchesNear, branchNamed, personMeant, refuseAhead, takeDay } from '../src/person/meant.ts'
import { memberNow } from '../src/person/member.ts'
import { type Branch, branches } from '../src/store/collections.ts'

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
  const all = await tx.township.all(branches)
  const outside = /^镇外\s+(\S.*)$/u.exec(to)?.[1]
  const branch = outside === undefined ? branchNamed(to, all) : undefined
  if (!branch && outside === undefined) {
    const asked = askNear(to, branchesNear(to, all), { personId: person.personId, name: person.name, day })
    if (asked) return asked
  }
  return {
    personId: person.personId,
    to: branch?.name ?? outside ?? to,
    toBranchId: branch?.branchId ?? null,
    day: day ?? dayOf(ctx.now),
    title: `转出 ${person.name}`,
  }
}

/** A near word never acts: who is taken out of the township loses his account. Throws UserError for a word too short to tell. */
function askNear(
  to: string,
  near: readonly Branch[],
  { personId, name, day }: { personId: string; name: string; day: string | null },
): Answer | null {
  if (near.length === 0) {
    if ([...to].length > 2) return null
    throw new UserError(`“${to}”太短，看不出转到哪里。请写全，镇外的请发：党员 转出 ${name} 镇外 ${to}`)
  }
  const shown = near.slice(0, 5)
  const choices = [...shown.map(branch => branch.name), `镇外 ${to}`]
  const lines = [...shown.map(branch => `是${branch.name}吗`), `不是，是镇外的${to}`]
  return {
    text: [`本镇没有叫“${to}”的支部，请回数字：`, ...lines.map((line, at) => `${at + 1} ${line}`)].join('\n'),
    digits: choices.map(choice => `/党员 转出 ${[personId, choice, ...(day ? [day] : [])].join(' ')}`),
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
