import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, freeText } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { nearestName } from '../src/domain/people.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { UserError } from '../src/errors.ts'
import { decidable, nothingAsked, refuseLeave, targetOf } from '../src/meeting/leave-decision.ts'
import { openRequests, type Target } from '../src/meeting/leave-requests.ts'
import { readSaid } from '../src/meeting/leave-said.ts'
import { startOf, titleOf } from '../src/meeting/words.ts'

const WHY_MAX = 100
/** Words of the model line, copied as they stand. */
const NO_REASON = ['', '理由', '原因']

export default defineCommand({
  name: 'leave-refuse',
  aliases: ['不准', 'leave refuse'],
  summary: '不批准请假，写明原因',
  moment: '会前',
  examples: ['/不准 张三 m-17 当天要表决', '/不准 张三 当天要表决', '/不准'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  args: z.object({ said: freeText(200).optional() }),

  async run(ctx, args) {
    const { target, why } = await ctx.store.read(tx => meaning(ctx, tx, args.said))
    const ids = { meetingId: target.meeting.meetingId, personId: target.person.personId }
    if (why.length > WHY_MAX) throw new UserError(`原因最多 ${WHY_MAX} 个字。请写短一些再发。`)
    if (!NO_REASON.includes(why))
      return ctx.store.update(`meeting:${ids.meetingId}`, tx => refuseLeave(ctx, tx, ids, why))
    return ctx.store.read(async tx => {
      const { record } = await decidable(ctx, tx, ids)
      if (!record?.leave) throw nothingAsked(ctx, target.person)
      return askWhy(target)
    })
  },
})

const askWhy = ({ person, meeting }: Target): Answer => ({
  text: `不准${person.name}的请假，什么原因？请直接发过来。\n${titleOf(meeting)}\n${startOf(meeting)}`,
  awaits: `/不准 ${person.personId} ${meeting.meetingId}`,
})

async function meaning(ctx: CommandContext, tx: CommandReadTx, text: string | undefined) {
  const said = await readSaid(ctx, tx, text, '不准')
  if (!said.person && said.rest)
    await refuseUnclear(ctx, tx, said.rest, nearestName(firstOf(said.rest), said.candidates))
  return { target: await targetOf(ctx, tx, said), why: said.rest }
}

const firstOf = (text: string): string => text.split(/\s+/)[0] ?? ''

/** A reason without a name is taken for the only request; a mistyped name must not turn into a reason for another man's. */
async function refuseUnclear(
  ctx: CommandContext,
  tx: CommandReadTx,
  rest: string,
  near: string | undefined,
): Promise<void> {
  if (near) throw new UserError(`没有找到“${firstOf(rest)}”，是${near}吗？请按名册上的姓名再发一次。`)
  const open = await openRequests(ctx, tx)
  const [only, another] = open
  if (/\s(?:m-?)?\d+(?:\s|$)/iu.test(rest) || another) {
    throw new UserError(`请写明不准谁的假。这样发：不准 ${only?.person.name ?? '姓名'} 原因`)
  }
}
