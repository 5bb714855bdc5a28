import { z } from 'zod'
import { defineCommand } from '../src/bot/command.ts'
import { setReminders } from '../src/notice/reminders.ts'

export default defineCommand({
  name: 'subscribe',
  aliases: ['订阅', '提醒我', 'subscribe'],
  summary: '恢复会前提醒、党费提醒和催办',
  moment: '我',
  examples: ['/订阅'],
  allow: 'everyone',
  args: z.object({}),

  run: ctx => ctx.store.update(`person:${ctx.person.personId}`, tx => setReminders(ctx, tx, false)),
})
