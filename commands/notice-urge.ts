import { z } from 'zod'
import { defineCommand, noticeId } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { changeNotice } from '../src/notice/pick.ts'
import { urge } from '../src/notice/urge.ts'

export default defineCommand({
  name: 'notice-urge',
  aliases: ['催办', 'notice urge'],
  summary: '只提醒还没确认的人，一天一次',
  moment: '通知',
  examples: ['/催办 n-17'],
  allow: [...OFFICERS, 'admin'],
  once: true,
  args: z.object({ noticeId: noticeId() }),

  run: (ctx, args) => changeNotice(ctx, args.noticeId, (tx, notice) => urge(ctx, tx, notice)),
})
