import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, fold, meetingId } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { whyMeeting } from '../src/branch/why-meeting.ts'
import { whyPlan } from '../src/branch/why-plan.ts'
import { ownBranchId } from '../src/domain/roster.ts'
import { receiptNumber } from '../src/dues/reverse.ts'
import { whyReceipt } from '../src/dues/why.ts'
import { UnknownIdError, UserError } from '../src/errors.ts'
import { concerns } from '../src/meeting/agenda.ts'
import { branches, meetings } from '../src/store/collections.ts'

/** Of other things than meetings and receipts no number needs explaining: their ids are as unknown here as those of others. */
const anyId = z
  .string()
  .transform(fold)
  .pipe(z.string().regex(/^[a-z\p{Script=Han}]*-?\d[\d-]*$/u, { error: '后面写会议编号或收据号' }))

export default defineCommand({
  name: 'why',
  aliases: ['依据', '为什么', 'why'],
  summary: '数字是按哪条规定、哪些人算的',
  moment: '我',
  examples: ['/依据 m-17', '/依据', '/依据 D2026-3-0007'],
  allow: 'everyone',
  privateOnly: true,
  args: z.object({ id: anyId.optional() }),

  run: (ctx, args) => ctx.store.read(tx => (args.id ? ofId(ctx, tx, args.id) : ofPlan(ctx, tx))),
})

async function ofPlan(ctx: CommandContext, tx: CommandReadTx): Promise<Answer> {
  const own = ownBranchId(ctx.person)
  const branch = own && (await tx.township.get(branches, own))
  if (!branch) throw new UserError('您不在支部的名册上。看一个会请发：依据 会议编号')
  return { text: await whyPlan(ctx, tx, branch) }
}

async function ofId(ctx: CommandContext, tx: CommandReadTx, said: string): Promise<Answer> {
  const receiptNo = receiptNumber(said)
  return receiptNo === null ? ofMeeting(ctx, tx, said) : { text: await whyReceipt(ctx, tx, receiptNo) }
}

async function ofMeeting(ctx: CommandContext, tx: CommandReadTx, said: string): Promise<Answer> {
  const id = meetingId().safeParse(said).data
  const meeting = id ? await tx.get(meetings, id) : undefined
  if (!meeting || !concerns(ctx.person, meeting)) throw new UnknownIdError(id ?? said)
  return { text: await whyMeeting(ctx, tx, meeting) }
}
