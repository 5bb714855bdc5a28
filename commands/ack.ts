import { z } from 'zod'
import { defineCommand, freeText, noticeId } from '../src/bot/command.ts'
import { UserError } from '../src/errors.ts'
import { unconfirmed } from '../src/notice/pick.ts'
import { confirm } from '../src/notice/receipts.ts'
import { shortNoticeId } from '../src/notice/words.ts'

export default defineCommand({
  name: 'ack',
  aliases: ['收到', '收到了', 'ack'],
  summary: '确认看过了要回执的通知',
  moment: '通知',
  examples: ['/收到', '/收到 n-17'],
  allow: 'everyone',
  args: z.object({ said: freeText(200).optional() }),

  /** Without a slash and an id it is a courtesy, and where it can mean nothing, or several things, it stays one. */
  async run(ctx, { said }) {
    const id = said === undefined ? undefined : noticeId().safeParse(said)
    if (id && !id.success && ctx.slashed) throw new UserError(`没看懂“${said}”。这样发：收到 17`)
    const open = id?.success ? [] : await ctx.store.read(tx => unconfirmed(ctx, tx))
    const [only, another] = open
    // '收到，我去不了' may be a yes or a no: he is told how to say it, where something waits for it.
    if (id && !id.success)
      return only ? { text: `要确认 ${only.noticeId} 请只回：收到${shortNoticeId(only.noticeId)}` } : null
    const meant = id?.data ?? (another ? undefined : only?.noticeId)
    if (meant) return ctx.store.update(`person:${ctx.person.personId}`, tx => confirm(ctx, tx, meant))
    if (!ctx.slashed) return null
    if (!only) return { text: '没有等您确认的通知。' }
    return { text: `有 ${open.length} 条等您确认。请发“通知”，照着回数字。` }
  },
})
