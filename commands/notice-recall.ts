import { z } from 'zod'
import { defineCommand, noticeId } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { changeNotice } from '../src/notice/pick.ts'
import { recall } from '../src/notice/recall.ts'

export default defineCommand({
  name: 'notice-recall',
  aliases: ['通知 收回', '收回通知', 'notice recall'],
  summary: '收回通知，收不回的发更正',
  moment: '通知',
  examples: ['/通知 收回 n-17'],
  allow: [...OFFICERS, 'admin'],
  once: true,
  args: z.object({ noticeId: noticeId() }),

  run: (ctx, args) => changeNotice(ctx, args.noticeId, (tx, notice) => recall(ctx, tx, notice)),
})
