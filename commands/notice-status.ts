import { z } from 'zod'
import { defineCommand, noticeId } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { noticeById, noticesWithin } from '../src/notice/pick.ts'
import { statusWords } from '../src/notice/status.ts'

export default defineCommand({
  name: 'notice-status',
  aliases: ['通知 状态', 'notice status'],
  summary: '谁已收到，发到哪里了',
  moment: '通知',
  examples: ['/通知 状态', '/通知 状态 n-17'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  args: z.object({ noticeId: noticeId().optional() }),

  run: (ctx, args) =>
    ctx.store.read(async tx => {
      const gone = async () => (await noticesWithin(ctx, tx)).find(({ state }) => state !== 'scheduled')
      const notice = args.noticeId ? await noticeById(ctx, tx, args.noticeId) : await gone()
      return { text: notice ? await statusWords(ctx, tx, notice) : '还没有发过通知。要发请发：通知 发 内容' }
    }),
})
