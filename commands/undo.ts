import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand } from '../src/bot/command.ts'
import { lockOf } from '../src/dues/book.ts'
import { lastClaim, withdraw } from '../src/dues/undo.ts'
import { UserError } from '../src/errors.ts'
import { lastDoneAtMeeting, UNDO_MINUTES, type Undoable, undoAtMeeting } from '../src/meeting/undo.ts'
import { lastReceipt, undoReceipt } from '../src/notice/receipts.ts'
import type { DuesEntry } from '../src/store/collections.ts'

const KINDS = ['签到', '请假', '收到', '党费'] as const
type What = (typeof KINDS)[number]

type Done = { at: string } & (
  | { what: Undoable; meetingId: string }
  | { what: '收到'; noticeId: string }
  | { what: '党费'; claim: DuesEntry }
)

export default defineCommand({
  name: 'undo',
  aliases: ['撤回', '撤销', 'undo'],
  summary: '收回刚才的签到、请假、收到或报的党费',
  moment: '我',
  examples: ['/撤回', '/撤回 请假', '/撤回 党费'],
  allow: 'everyone',
  args: z.object({ what: z.enum(KINDS).optional() }),

  async run(ctx, args) {
    const kinds = kindsMeant(ctx, args.what)
    const done = await ctx.store.read(tx => lastDone(ctx, tx, kinds))
    if (!done) return { text: `${UNDO_MINUTES} 分钟内没有能撤回的签到、请假、收到或党费。要改请找书记。` }
    if (done.what === '收到') {
      const { noticeId } = done
      return ctx.store.update(`notice:${noticeId}`, tx => undoReceipt(ctx, tx, noticeId, UNDO_MINUTES))
    }
    if (done.what === '党费') {
      const { claim } = done
      return ctx.store.update(lockOf(claim.branchId), tx => withdraw(ctx, tx, claim, UNDO_MINUTES))
    }
    return ctx.store.update(`meeting:${done.meetingId}`, tx => undoAtMeeting(ctx, tx, done))
  },
})

/** Money is a matter of the single chat. */
function kindsMeant(ctx: CommandContext, what: What | undefined): readonly What[] {
  if (what === '党费' && !ctx.private) throw new UserError('这条请单独对我说。')
  return what ? [what] : KINDS.filter(kind => kind !== '党费' || ctx.private)
}

async function lastDone(ctx: CommandContext, tx: CommandReadTx, kinds: readonly What[]): Promise<Done | undefined> {
  const done: Done[] = []
  const ofMeetings = kinds.filter(kind => kind === '签到' || kind === '请假')
  const atMeeting = await lastDoneAtMeeting(ctx, tx, ofMeetings)
  if (atMeeting) done.push(atMeeting)
  const receipt = kinds.includes('收到') ? await lastReceipt(ctx, tx, UNDO_MINUTES) : undefined
  if (receipt) done.push({ what: '收到', noticeId: receipt.noticeId, at: receipt.at })
  const claim = kinds.includes('党费') ? await lastClaim(ctx, tx, UNDO_MINUTES) : undefined
  if (claim) done.push({ what: '党费', claim, at: claim.at })
  return done.toSorted((a, b) => a.at.localeCompare(b.at)).at(-1)
}
