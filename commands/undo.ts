import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand } from '../src/bot/command.ts'
import { lastDoneAtMeeting, UNDO_MINUTES, type Undoable, undoAtMeeting } from '../src/meeting/undo.ts'
import { lastReceipt, undoReceipt } from '../src/notice/receipts.ts'

const KINDS = ['签到', '请假', '收到'] as const
type What = (typeof KINDS)[number]

type Done = { at: string } & ({ what: Undoable; meetingId: string } | { what: '收到'; noticeId: string })

export default defineCommand({
  name: 'undo',
  aliases: ['撤回', '撤销', 'undo'],
  summary: '收回刚才的签到、请假或收到',
  moment: '我',
  examples: ['/撤回', '/撤回 请假'],
  allow: 'everyone',
  args: z.object({ what: z.enum(KINDS).optional() }),

  async run(ctx, args) {
    const done = await ctx.store.read(tx => lastDone(ctx, tx, args.what ? [args.what] : KINDS))
    if (!done) return { text: `${UNDO_MINUTES} 分钟内没有能撤回的签到、请假或收到。要改请找书记。` }
    if (done.what === '收到') {
      const { noticeId } = done
      return ctx.store.update(`notice:${noticeId}`, tx => undoReceipt(ctx, tx, noticeId, UNDO_MINUTES))
    }
    return ctx.store.update(`meeting:${done.meetingId}`, tx => undoAtMeeting(ctx, tx, done))
  },
})

async function lastDone(ctx: CommandContext, tx: CommandReadTx, kinds: readonly What[]): Promise<Done | undefined> {
  const atMeeting = await lastDoneAtMeeting(
    ctx,
    tx,
    kinds.filter(kind => kind !== '收到'),
  )
  const receipt = kinds.includes('收到') ? await lastReceipt(ctx, tx, UNDO_MINUTES) : undefined
  if (!receipt || (atMeeting && atMeeting.at > receipt.at)) return atMeeting
  return { what: '收到', noticeId: receipt.noticeId, at: receipt.at }
}
