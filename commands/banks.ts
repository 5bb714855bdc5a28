import { z } from 'zod'
import { defineCommand, freeText } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { bankNamed } from '../src/study/banks.ts'
import { listBanks, showBank } from '../src/study/banks-said.ts'

export default defineCommand({
  name: 'banks',
  aliases: ['题库', 'banks'],
  summary: '有哪些题库，各有多少题',
  moment: '学习',
  examples: ['/题库', '/题库 党章'],
  allow: [...OFFICERS, 'admin'],
  args: z.object({ bank: freeText(40).optional() }),

  run: (ctx, { bank }) =>
    ctx.store.read(async ({ township }) => ({
      text: bank ? await showBank(township, await bankNamed(township, bank)) : await listBanks(township),
    })),
})
