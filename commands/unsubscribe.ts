import { z } from 'zod'
import { defineCommand } from '../src/bot/command.ts'
import { setReminders } from '../src/notice/reminders.ts'

export default defineCommand({
  name: 'unsubscribe',
  aliases: ['退订', '别提醒我', 'unsubscribe'],
  summary: '不要会前提醒、党费提醒和催办',
  moment: '我',
  examples: ['/退订'],
  allow: 'everyone',
  args: z.object({}),

  run: ctx => ctx.store.update(`person:${ctx.person.personId}`, tx => setReminders(ctx, tx, true)),
})
